"""Operators and the audit of the till that is open."""

from collections.abc import Mapping, Sequence

from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.domain.audit import AuditLine
from pos_app.domain.operators import Act, Operator, Role
from pos_app.errors import BadInput
from pos_app.sales.till import Till


class ShopStaff:
    """Fits `ui.settings.service.StaffService`."""

    def __init__(self, folder: SettingsFolder, owner: OwnerAccess) -> None:
        self._folder = folder
        self._owner = owner

    def operators(self) -> Sequence[Operator]:
        """Every operator, also those switched off."""
        return self._till().operators.all()

    def add(self, name: str, role: Role, pin: str, passphrase: str) -> None:
        """Add one. Raises `PosError`, and nobody is added."""
        self._till().operators.add(name, role, pin, passphrase)

    def change(self, seen: Operator, passphrase: str, *, role: Role, active: bool, pin: str) -> None:
        """Change one; an empty PIN means the one there is. Raises `PosError`, and nothing is changed."""
        self._till().operators.change(seen, passphrase, role=role, active=active, pin=pin or None)

    def allowed(self) -> frozenset[Act]:
        """What operators may do of all that is left to the owner."""
        return self._till().operators.allowed()

    def allow(self, choices: Mapping[Act, bool], passphrase: str) -> None:
        """Let operators do it, or no more. Raises `PosError`, and nothing is changed."""
        self._till().operators.allow(choices, passphrase)

    def audit(self, limit: int) -> Sequence[AuditLine]:
        """The newest lines. Raises `PosError` where it is not for whoever stands here."""
        self._owner.require()
        return self._till().audit.newest(limit, owner=self._owner.passed)

    def _till(self) -> Till:
        till = self._folder.till
        if till is None:
            raise BadInput("Operators and the audit are in the till's database. Open the till first.")
        return till

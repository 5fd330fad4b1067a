"""How long customers are kept, in the database of the till that is open."""

from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.errors import BadInput
from pos_app.sales.retention import Kept, Retention


class ShopCustomers:
    """Fits `ui.settings.service.CustomersService`."""

    def __init__(self, folder: SettingsFolder, owner: OwnerAccess) -> None:
        self._folder = folder
        self._owner = owner

    def kept(self) -> Kept:
        """What is chosen, and the last run."""
        return self._retention().kept()

    def keep_for(self, months: int | None) -> None:
        """Choose it, for every till. Raises `PosError`, and nothing is changed."""
        self._owner.require()
        self._retention().choose(months, owner=self._owner.passed)

    def _retention(self) -> Retention:
        till = self._folder.till
        if till is None:
            raise BadInput("How long customers are kept is in the till's database. Open the till first.")
        return till.retention

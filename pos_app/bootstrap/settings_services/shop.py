"""Reading and keeping what is set."""

from collections.abc import Mapping, Sequence

from pos_app.bootstrap.settings_services.folder import REAL, SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.domain.operators import Act
from pos_app.errors import refuse_overruled
from pos_app.settings import settings as config
from pos_app.settings.choices import Environment, YesNo
from pos_app.settings.settings import Settings
from pos_app.ui.settings.service import Answers


class ShopSettings:
    """Fits `ui.settings.service.ShopService`."""

    def __init__(self, folder: SettingsFolder, owner: OwnerAccess) -> None:
        self._folder = folder
        self._owner = owner

    def answers(self) -> Answers:
        """What is set now, as a person would type it."""
        settings = self._folder.settings()
        return Answers(
            text_size=settings.text_size,
            colours=settings.colours,
            shop_name=settings.shop_name if settings.named else "",
            registered_name=settings.registered_name,
            receipt_lines=settings.receipt_lines,
            paper_width=str(settings.paper_width),
            scan_prefix=settings.scan_prefix,
            printer=settings.printer,
            printer_address=settings.printer_address,
            print_paid=settings.print_paid,
            cash_drawer=settings.cash_drawer,
            lock_after=str(settings.lock_after),
            pull=settings.pull,
            pull_number=settings.pull_number,
            environment=settings.environment if settings.environment in REAL else Environment.PRODUCTION,
            shortcode=settings.shortcode,
            till_number=settings.till_number or "",
            keep_in=settings.secrets,
            callback=settings.callback,
            public_url=settings.public_url or "",
            listen_port=str(settings.listen_port or ""),
            ngrok_path=str(settings.ngrok_path or ""),
        )

    def keep(self, changes: Mapping[str, str | Sequence[str]]) -> None:
        """Keep settings, all of them or none, with their lines in the audit. Raises as `change` does."""
        with config.kept_together(self._folder.data_dir):
            self._owner.record(Act.SETTINGS, self.change(changes))

    def change(self, changes: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str | None, str]]:
        """Keep settings without a line in the audit; gives what it should say, by the settings' names.

        Raises:
            BadInput: the owner has not passed.
            SettingsError: a variable of the environment says otherwise, or a value cannot be used.
        """
        self._owner.require()
        refuse_overruled(changes, self._folder.environ)
        before = self._folder.settings()
        config.save(self._folder.data_dir, changes)
        after = self._folder.settings()
        said = {name: (_said(before, name), _said(after, name)) for name in changes}
        return {name: (old, new) for name, (old, new) in said.items() if old != new}


def _said(settings: Settings, name: str) -> str:
    """A setting as a person reads it."""
    value = getattr(settings, name)
    if isinstance(value, bool):
        return YesNo.YES if value else YesNo.NO
    return " / ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)

"""Whether M-PESA is asked for its own record, and how the last round of it ended."""

from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.shop import ShopSettings
from pos_app.domain.pull_run import SETTING, PullRun, read_pull_run
from pos_app.settings.choices import YesNo
from pos_app.ui.settings.service import Answers


class PullSettings:
    """Fits `ui.settings.service.PullService`."""

    def __init__(self, folder: SettingsFolder, shop: ShopSettings) -> None:
        self._folder = folder
        self._shop = shop

    def answers(self) -> Answers:
        """What is set now."""
        return self._shop.answers()

    def last_round(self) -> PullRun | None:
        """The last round of any till of the shop; None where no till is open here, or there was none."""
        till = self._folder.till
        return read_pull_run(till.reader.setting(SETTING)) if till else None

    def keep(self, *, on: bool, number: str) -> None:
        """Keep it. Raises `PosError`, and what was set stays."""
        self._shop.keep({"pull": YesNo.YES if on else YesNo.NO, "pull_number": number})

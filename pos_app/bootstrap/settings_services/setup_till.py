"""The till that the set-up opens for its test payment."""

from pos_app.bootstrap.settings_services.folder import SettingsFolder
from pos_app.bootstrap.settings_services.owner import OwnerAccess
from pos_app.bootstrap.till import open_till
from pos_app.sales.closing import Left
from pos_app.sales.till import Till


class SetupTill:
    """Fits `ui.settings.service.TillService`."""

    def __init__(self, folder: SettingsFolder, owner: OwnerAccess) -> None:
        self._folder = folder
        self._owner = owner

    def open(self) -> Till:
        """A till with what is kept now; the same one until it is closed.

        Raises:
            PosError: it cannot open, or the owner has not passed.
        """
        folder = self._folder
        self._owner.require()
        with folder.door:
            if folder.opened is None:
                settings = folder.settings()
                folder.opened = open_till(settings, folder.vaults.of(settings), limiter=folder.limiter)
                if self._owner.passed:
                    folder.opened.till.authority.begin_as_owner()
            return folder.opened.till

    def close(self) -> Left:
        """Close it again, also one that is only just opening; waits for a push on its way. Gives what is left."""
        folder = self._folder
        with folder.door:
            opened, folder.opened = folder.opened, None
            return opened.close() if opened else Left()

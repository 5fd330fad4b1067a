"""The file beside the database for what could not be saved: where it is, for the till and for commands beside it."""

from pathlib import Path

from pos_app.settings.settings import Settings
from pos_app.store.files import beside
from pos_app.store.reserve import SUFFIX, Reserve


def kept_file(settings: Settings) -> Reserve:
    """The file of this data folder. Behind a URL other tills may use the same database: each has a file of its own."""
    shared = settings.data_dir / f"{settings.environment}.server"
    return Reserve(beside(settings.database if isinstance(settings.database, Path) else shared, SUFFIX))

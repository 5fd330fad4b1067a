"""The data folder belongs to one till at a time."""

from filelock import FileLock, Timeout

from pos_app.errors import Occupied, StoreError
from pos_app.private_files import make_folder
from pos_app.settings.settings import Settings
from pos_app.store.files import full_words, is_full


def hold_data_dir(settings: Settings) -> FileLock:
    """Hold the data folder: one till at a time works on it.

    Raises:
        StoreError: the folder cannot be made or written.
        Occupied: another till holds it.
    """
    try:
        make_folder(settings.data_dir)
        # Opened and closed on different threads: a thread-local lock would never be released.
        lock = FileLock(settings.data_dir / "till.lock", thread_local=False)
        lock.acquire(timeout=0)
    except Timeout:
        raise Occupied(
            f"Another till is open on the data folder {settings.data_dir}. Nothing was sent. Use that till, close "
            "it first, or choose another folder with --data-dir."
        ) from None
    except OSError as error:
        if is_full(settings.data_dir, error):
            raise StoreError(full_words(settings.data_dir)) from None
        raise StoreError(
            f"The data folder {settings.data_dir} cannot be made or written. Nothing was sent. Choose another with "
            "--data-dir, or allow writing there."
        ) from None
    return lock

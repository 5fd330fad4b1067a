"""Files that hold customers' numbers or a shop's settings: for this user of the computer and nobody else.

Windows gives each user's folders to that user alone, and knows no such modes: nothing here has an effect there.
"""

import glob
import logging
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from pos_app.errors import BadInput

FOLDER = 0o700
FILE = 0o600
_OTHERS = 0o077  # what group and world may do
_LEFT = 600.0  # seconds without a byte: nobody writes it any more
_log = logging.getLogger(__name__)


def be_private() -> None:
    """Whatever this process makes from now on, a library's files too, is for this user alone."""
    os.umask(_OTHERS)


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, or take the one that is there; nobody else may look into it.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    _tighten(_real(folder))


def must_be_new(file: Path, otherwise: str = "Choose another name.") -> None:
    """Refuse a file that is there already, before anything is done for it.

    Args:
        otherwise: what else there is to do.

    Raises:
        BadInput: it is there.
    """
    if file.exists() or file.is_symlink():
        raise BadInput(f"{file} is there already and stays as it is. Nothing was written. {otherwise}")


def create(file: Path) -> IO[bytes]:
    """Make a file that is not there yet, to write into.

    Raises:
        OSError: it cannot be made, or is there.
    """
    return open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE), "wb")


def replace_file(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, also through a power cut.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    handle, name = tempfile.mkstemp(prefix=_begun(file), dir=file.parent)  # 0600
    discard_left(Path(name), _begun(file))
    try:
        with open(handle, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        os.replace(name, file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def discard_begun(file: Path) -> None:
    """Delete what `replace_file` has left beside a file whose writer was killed: nobody looks there for who is erased.

    For whoever alone writes that file.
    """
    for left in file.parent.glob(f"{glob.escape(_begun(file))}*"):
        _discard(left)


def discard_left(new: Path, begin: str, end: str = "") -> None:
    """Delete what killed writers of the same file left beside a new one that `tempfile.mkstemp` has just made.

    Another program may be writing such a file at this moment: only what was not written to for ten minutes goes, by the
    clock of the disk that both lie on.

    Args:
        begin, end: of the names of such files.
    """
    try:
        now = new.stat().st_mtime
        for left in new.parent.glob(f"{glob.escape(begin)}{'?' * 8}{glob.escape(end)}"):
            if now - left.stat().st_mtime > _LEFT:
                _discard(left)
    except OSError as error:  # somebody else was faster, or the folder cannot be read
        _log.info("what was left beside %s stays: %s", new.name, error.strerror)


def _discard(left: Path) -> None:
    try:
        left.unlink(missing_ok=True)
    except OSError as error:
        _log.info("%s stays: %s", left.name, error.strerror)


def _begun(file: Path) -> str:
    """How the names of files begin that are to become this one."""
    return f".{file.name[:40]}-"


def tighten(folder: Path) -> None:
    """Take from others what they may do with a folder, the files in it, and those in the folders in it.

    Files of an older program were readable by everybody on the computer. What is somebody else's, or lies behind a
    link, stays as it is, and whatever fails is logged: the till goes on.
    """
    folder = _real(folder)
    _tighten(folder)
    done = tighten_files(_inside(folder))
    if done:
        _log.info("for this user alone from now on: %s", ", ".join(done[:20]))


def tighten_files(files: Iterable[Path]) -> list[str]:
    """The same for these files; gives the names of those that were open to others."""
    return [file.name for file in files if _tighten(file)]


def _real(folder: Path) -> Path:
    """Where a folder is that was named by a link: the link was chosen, those inside were not."""
    return Path(os.path.realpath(folder))


def _inside(folder: Path) -> Iterable[Path]:
    try:
        for path in sorted(folder.iterdir()):
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from sorted(path.iterdir())
    except OSError as error:
        _log.info("the folder %s could not be looked through: %s", folder.name, error.strerror)


def _tighten(path: Path) -> bool:
    """Whether the path was open to others and is no more."""
    if os.name == "nt":
        return False
    try:
        found = path.lstat()
        mine = found.st_uid == os.geteuid() and (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode))
        # A sticky folder is one that everybody shares, such as /tmp.
        if not mine or not found.st_mode & _OTHERS or found.st_mode & stat.S_ISVTX:
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
    except FileNotFoundError:
        return False
    except OSError as error:  # a disk without modes, such as a memory stick
        _log.info("%s stays as open to others as it is: %s", path.name, error.strerror)
        return False
    return True

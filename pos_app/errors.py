"""The errors that people see.

Every message says what happened, whether money moved, and what to do, and never carries a secret or a
full phone number: it may be shown, printed and logged as it is.
"""

import errno
from collections.abc import Mapping, Sequence


class PosError(Exception):
    """The root. `user_text` is safe to show; `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, user_text: str) -> None:
        super().__init__(user_text)
        self.user_text = user_text


class BadInput(PosError):
    """Somebody typed or configured something that cannot be used. Nothing was sent, nothing was saved."""

    exit_code = 2


class SettingsError(BadInput):
    """A setting is missing, damaged or not allowed here."""


def unusable(name: str, wanted: str) -> SettingsError:
    """Names the setting and what it takes, never its value: a key pasted into the wrong place stays unseen."""
    return SettingsError(
        f"The setting {name} (POS_{name.upper()}) must be {wanted}. Nothing was sent, nothing was changed."
    )


class Locked(SettingsError):
    """The keys are in a file, and its passphrase was not given yet."""

    def __init__(self) -> None:
        super().__init__(
            "The M-PESA keys are in an encrypted file that only the till's window opens. Nothing was sent. Use the "
            "window, or set POS_CONSUMER_KEY, POS_CONSUMER_SECRET and POS_PASSKEY."
        )


def refuse_overruled(changes: Mapping[str, str | Sequence[str]], environ: Mapping[str, str]) -> None:
    """Refuse what the environment says otherwise: it would come back at the next start.

    Raises:
        SettingsError: names the variable.
    """
    for name, value in changes.items():
        variable, wanted = f"POS_{name.upper()}", value if isinstance(value, str) else "\n".join(value)
        if environ.get(variable, wanted) != wanted:
            raise SettingsError(
                f"The variable {variable} is set on this computer and wins over what is chosen here. Nothing was "
                "changed. Take it out of the environment first."
            )


class OwnerNeeded(BadInput):
    """Something is not for whoever stands here, and the owner's passphrase was not given."""


class SignInNeeded(BadInput):
    """The shop has operators, and none of them is signed in here."""

    def __init__(self, *, ended: bool = False) -> None:
        why = (
            "Whoever was signed in here has been switched off, or has a new PIN or role."
            if ended
            else "Nobody is signed in here."
        )
        super().__init__(f"{why} Nothing was sent, nothing was changed. Sign in with your PIN.")


class Occupied(BadInput):
    """Another till holds the data folder, or another program holds the port."""


class AlreadyOpen(Occupied):
    """The window of the till that holds the data folder was brought to the front instead."""


class Cancelled(PosError):
    """A look-up that was ended by whoever asked for it: nobody waits for an answer, so nobody is told."""

    def __init__(self) -> None:
        super().__init__("The look-up was ended by a newer one. Nothing was changed.")


class Closing(BadInput):
    """The till is closing and takes no more charges."""

    def __init__(self) -> None:
        super().__init__("The till is closing. Nothing was sent.")


class NotPrinted(PosError):
    """A receipt printer surely put nothing on paper."""


class Clash(Exception):
    """Somebody else changed the row first, or holds a key that must be unique. Read again and decide again."""


class StoreError(PosError):
    """The database cannot be opened: damaged, newer than the program, in an unwritable folder.

    `copy_helps`: whether a copy in its place would; `server_helps`: whether the address of the shop's server would;
    `here_helps`: whether somebody's word that the shop has moved here would.
    """

    exit_code = 2
    copy_helps = False
    server_helps = False
    here_helps = False


class Damaged(StoreError):
    """What is in the database file is not what was written there."""

    copy_helps = True


class CannotRead(PosError):
    """The database server did not answer a look-up, or refused it. Nothing was changed."""


class CannotSave(PosError):
    """The database refused a write. Charging stops until it works again (rule 11)."""

    def __init__(
        self,
        user_text: str = "This computer cannot save safely. Charging has stopped so no payment is lost. "
        "Check that the disk is not full, then try again.",
    ) -> None:
        super().__init__(user_text)


class MaybeSaved(CannotSave):
    """The server was told to save, and its answer was lost: it may be saved."""

    def __init__(self) -> None:
        super().__init__(
            "The database server did not say whether it saved this. It may be saved all the same: look before you try "
            "again. Charging has stopped so no payment is lost. It goes on by itself when saving works."
        )


class RowRefused(CannotSave):
    """The database refused this one write for a reason of its own: not the disk, and not for every write."""


class TooMany(CannotSave):
    """While nothing can be saved, so much waits for this payment that no more is held."""


class Unrecorded(PosError):
    """What M-PESA said about a payment could not be recorded; it is kept for a person."""

    def __init__(self) -> None:
        super().__init__(
            "An answer of M-PESA could not be recorded. It is kept in the file beside the database, and its payment "
            "is on the list of those to check. Compare it with the M-PESA statement."
        )


def why_not_written(error: OSError) -> str:
    """Why a file that somebody chose could not be written, and what to do."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return "The disk is full. Nothing was written. Free some space, or choose another disk."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return (
                "You may not write there, or another program has that file open. Nothing was written. Close it there, "
                "or choose another folder or name."
            )
        case errno.ENOENT | errno.ENOTDIR | errno.ENODEV | errno.ENXIO:
            return "That folder is not there. Nothing was written. Choose another folder."
        case _:
            return "The file could not be written there. Nothing was written. Choose another folder."

"""The owner at a command: the passphrase comes from the environment or from the keyboard, never from an argument, which
everybody on the computer can read.
"""

import getpass
import os
import sys
from collections.abc import Mapping

from pos_app.errors import BadInput
from pos_app.sales.catalogue import Catalogue

VARIABLE = "POS_OWNER_PASSPHRASE"


def let_owner_pass(catalogue: Catalogue, environ: Mapping[str, str] = os.environ) -> None:
    """Ask for the owner's passphrase, where there is one.

    Raises:
        BadInput: nobody can be asked, or it is not the owner's.
    """
    if catalogue.locked:
        catalogue.unlock(environ.get(VARIABLE) or _asked())


def _asked() -> str:
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
        raise BadInput(
            f"Posts and prices are the owner's to change. Set {VARIABLE}, or start this in a terminal, which asks for "
            "the passphrase. Nothing was changed."
        )
    try:
        return getpass.getpass("The owner's passphrase: ")
    except (EOFError, OSError):
        raise BadInput("No passphrase was typed. Nothing was changed.") from None


def _is_terminal(stream: object) -> bool:
    """None where it is closed."""
    return bool(getattr(stream, "isatty", bool)())

"""Who this till is among those of its shop: one data folder on one computer."""

import hashlib
import platform
import secrets
from contextlib import suppress

from pos_app.bootstrap.account import money_account
from pos_app.domain.till_claim import TillClaim
from pos_app.private_files import replace_file
from pos_app.settings.settings import Settings

_FILE = "till.id"
_BYTES = 16


def claim_of(settings: Settings) -> TillClaim:
    """What this till claims its letter with. A folder that was copied or moved claims as another, so that a copy is
    noticed, and waits for the first one's end; one that stays where it is has its letter again at once.
    """
    folder, computer = settings.data_dir.resolve(), platform.node() or "without a name"
    holder = hashlib.sha256("\0".join((_secret(settings), computer, str(folder))).encode()).hexdigest()
    account = ", ".join(sorted(money_account(settings).short_codes))
    return TillClaim(holder=holder, computer=computer, account=account, run=secrets.token_hex(_BYTES))


def _secret(settings: Settings) -> str:
    file = settings.data_dir / _FILE
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        secret = secrets.token_hex(_BYTES)
        with suppress(
            OSError
        ):  # not kept, it is another till the next time, and waits half a minute for this one's end
            replace_file(file, secret.encode())
        return secret

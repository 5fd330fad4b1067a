"""Copies of the database in words, for whoever puts one back. Plain text, no Qt."""

from pos_app.domain.database_copy import DatabaseCopy, Gone, Loss, PutBack, Whose
from pos_app.domain.day import close_name
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes

TITLE = "Copies"
LEAD = (
    "The till copies the database to this computer by itself: the last ten hours in which something was written, seven "
    "days and four weeks, as the disk has room. A disk that breaks takes them with it: `backup` copies to a stick."
)
NONE = "There is no automatic copy yet. The till makes one each hour in which something is written."
ON_SERVER = "The payments are on a database server, which has its own backups."
PUT_BACK = "Put a copy back..."
PUT_BACK_LEAD = "The till closes for this. Choose the copy that the till goes on from."
CHOOSE = "Go back to this copy..."
REALLY = "Put it back"
WORKING = "The copy is looked through, then put in place. A large one takes some minutes. Leave the computer on."
LEAVE = "Open the till"
DONE = "The copy is back"
FORGOTTEN = "Forgotten? The command `restore` puts a copy back, too."
NOBODY_KNOWS = (
    "Whether this copy is this shop's cannot be told: it is from before shops were told apart, or the present file "
    "cannot be read. See whether its payments are yours."
)
_GB = 1e9


def size_words(size: int) -> str:
    """`2.1 GB`, `14.0 MB`."""
    return f"{size / _GB:.1f}\N{NO-BREAK SPACE}GB" if size >= _GB else f"{size / 1e6:.1f}\N{NO-BREAK SPACE}MB"


def payments_words(number: int) -> str:
    """`1 payment`, `1,204 payments`."""
    return f"{number:,} payment{'' if number == 1 else 's'}"


def copy_words(copy: DatabaseCopy) -> str:
    """`26 Nov 2026 17:00: 1,204 payments, the newest from 26 Nov 2026 16:58; 2.1 GB`."""
    newest = f", the newest from {shop_time(copy.newest_at)}" if copy.newest_at else ""
    return f"{shop_time(copy.made_at)}: {payments_words(copy.payments)}{newest}; {size_words(copy.size)}"


def loss_words(copy: DatabaseCopy, loss: Loss) -> str:
    """What goes, before it is put back."""
    whose = f"{NOBODY_KNOWS} " if loss.whose is Whose.UNKNOWN else ""
    return f"{whose}{_loss_words(copy, loss.payments, loss.asked_about)}"


def _loss_words(copy: DatabaseCopy, missing: int | None, asked_about: int) -> str:
    back = f"The till goes back to {shop_time(copy.made_at)}, with {payments_words(copy.payments)}. "
    posts = (
        "Posts, prices, operators and customers are as they were then, too, also customers that were erased since. The "
        "present file is kept aside."
    )
    if missing is None:
        return (
            f"{back}The present file cannot be read, so nobody can say how many payments were made after that. Those "
            f"will be missing here; M-PESA still has their money, and the statement names them. {posts}"
        )
    if not missing:
        return f"{back}No payment will be missing. {posts}"
    are = "1 payment that is not in it" if missing == 1 else f"{missing:,} payments that are not in it"
    yet = ""
    if asked_about:
        yet = (
            f" M-PESA says that {asked_about:,} of them {'is' if asked_about == 1 else 'are'} not paid, but is still "
            "asked, for a day: who pays yet is known to the statement alone."
        )
    its = "its money, and the statement names it" if missing == 1 else "their money, and the statement names them"
    return f"{back}{are} will be missing here; M-PESA still has {its}.{yet} {posts}"


def gone_words(gone: Gone) -> str:
    """The closes and refunds that only the kept file has; empty where the copy knows all."""
    said = []
    if gone.last_close:
        first, last = close_name(gone.first_close), close_name(gone.last_close)
        which = f"{first} is" if first == last else f"{first} to {last} are"
        said.append(f"{which} only in the kept file, too: these numbers are not used again.")
    if gone.refunds:
        times = "1 refund is" if gone.refunds == 1 else f"{gone.refunds:,} refunds are"
        said.append(f"{times} only in it, too ({kes(gone.refunded)}): record what went back again.")
    return " ".join(said)


def done_words(copy: DatabaseCopy, put_back: PutBack) -> list[str]:
    """What to know afterwards."""
    lines = [f"The till goes on from {shop_time(copy.made_at)}, with {payments_words(copy.payments)}."]
    if put_back.kept:
        lines.append(
            f"The file that was there is kept as {put_back.kept}. Payments made since that copy are only in it and on "
            "the M-PESA statement: compare before you charge anybody again."
        )
    gone = gone_words(put_back.gone)
    return [*lines, gone] if gone else lines

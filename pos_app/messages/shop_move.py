"""What is said of a shop that moves to a database server."""

from pos_app.domain.shop_move import MoveProgress, MoveStep, ShopMoved

STEPS = {
    MoveStep.LOOKING: "Looking through the shop's file...",
    MoveStep.COPYING: "Moving the shop to the server...",
    MoveStep.COMPARING: "Comparing every row with the file...",
    MoveStep.ENDING: "Ending it...",
}
LEFT_OUT = "{texts} text{s} held a character that no server keeps (NUL), and {it} there without it."
NEXT = (
    "The file stays where it is, as a copy, and nothing is sold from it any more. Give every till the server's "
    "address, and each a letter of its own (Settings, Several tills; or POS_DATABASE_URL and POS_TILL). From now on "
    "copies are the server's: see that they are made."
)

NEXT_HERE = (
    "This till goes on with them there, and its file stays as a copy from which nothing is sold any more. Each further "
    "till gets the same server and a letter of its own (Settings, Several tills). From now on copies are the server's: "
    "ask whoever keeps it to make them each day."
)


def progress_words(progress: MoveProgress) -> str:
    """How far it is: `Comparing every row with the file... 40 %`."""
    part = f" {100 * progress.done // progress.total} %" if progress.total else ""
    return f"{STEPS[progress.step]}{part}"


def back_words(place: str, payments: int, audit: int) -> str:
    """That the shop is in its file again, and what to do.

    Args:
        place: where it was.
        audit: how many lines its audit was given there.
    """
    more = f", and {audit:,} lines that its audit was given there" if audit else ""
    return (
        f"The shop is in this computer's file again: {_count(payments)}, as when it moved{more}. "
        f"Nothing is left of it in {place}. Take the server's address out of each till's settings "
        "(database_url in settings.toml, or POS_DATABASE_URL): one till alone can use a file."
    )


def here_words(before: str) -> str:
    """That the shop's file is at home on this computer from now on.

    Args:
        before: where it was until now; empty where that is not known, or was here.
    """
    was = f" It was on {before}, which must not open it any more." if before else ""
    return f"The shop's file is at home on this computer, in this folder, from now on.{was}"


def _count(payments: int) -> str:
    return f"{payments:,} payment{'' if payments == 1 else 's'}"


def moved_words(moved: ShopMoved, then: str = NEXT) -> str:
    """What is on the server now, and what to do.

    Args:
        then: what to do; `NEXT_HERE` where this till is given the server's address at once.
    """
    rows, payments = sum(moved.rows.values()), _count(moved.payments)
    begin = "An earlier run had moved everything. " if moved.ended_earlier else ""
    still = (
        f", {moved.still_open:,} of them not settled yet: the tills on the server ask on" if moved.still_open else ""
    )
    lines = [f"{begin}The shop is in {moved.place}: {payments}{still}; all {rows:,} rows are the file's."]
    if texts := moved.left_out:
        lines.append(LEFT_OUT.format(texts=texts, s="s" if texts > 1 else "", it="they are" if texts > 1 else "it is"))
    return " ".join((*lines, then))

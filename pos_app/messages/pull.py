"""What is said about Pull Transactions."""

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.pull_run import PullRun

TITLE = "M-PESA's record"
LEAD = (
    "Where Safaricom has enabled Pull Transactions for your short code, the till asks M-PESA for all money that came: "
    "when it opens, then every 15 minutes. What a lost result has left open is settled by it."
)
USE = "Ask M-PESA for its record"
OFF, ON = "Off", "On: M-PESA has enabled it for us"
NUMBER = "A phone number that M-PESA knows of the shop"
NUMBER_HINT = "M-PESA registers it once. Without this, a statement from the portal (Shift+F8) tells the same, by hand."
NUMBER_NEEDED = "Type the phone number that M-PESA knows of the shop. Nothing was changed."
NOT_YET = "M-PESA's record was not asked for yet."
NOTHING_YET = "Nothing of M-PESA's record is in the books yet."
TILL_ASKS = (
    "A till is open here, which asks M-PESA for its record by itself: it was not asked once more for this close."
)
TOO_SLOW = "M-PESA took too long to tell its record: the day is closed without what it has not told yet."


def last_round(run: PullRun | None) -> str:
    """How the last round ended, and up to when M-PESA's record is in the books."""
    if run is None:
        return NOT_YET
    known = f"M-PESA's record is in the books up to {shop_time(run.covered)}." if run.covered else NOTHING_YET
    if run.trouble:
        return f"{run.trouble} {known}"
    return known if run.ended else f"Till {run.till} is asking M-PESA now. {known}"

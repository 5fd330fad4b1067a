"""What is said about reaching M-PESA, and about a clock that is not M-PESA's."""

from pos_app.domain.kenya_time import duration
from pos_app.messages import window as words
from pos_app.sales.contact import ContactStatus, Reach

NOT_TESTED = "Not tested yet"
_LOST = ("M-PESA not reached", "Not reached")
LOST_HELP = (
    "Nothing can be asked of customers until M-PESA is reached again; what is on its way goes on, and nothing is lost. "
    "See whether the internet works on this computer. The till tries once a minute by itself, and when you type."
)


def lost(status: ContactStatus) -> bool:
    """Whether M-PESA is not reached."""
    return status.reach is Reach.LOST


def light(status: ContactStatus) -> str:
    """As the light says it."""
    return lights(status)[0]


def lights(status: ContactStatus) -> tuple[str, ...]:
    """As the light says it, and shorter where there is no room, the longest first."""
    match status.reach:
        case Reach.UNTESTED:
            return (NOT_TESTED,)
        case Reach.CONNECTING:
            return (words.STATUS_CONNECTING,)
        case Reach.REACHED:
            return (words.STATUS_READY,)
        case _:
            return _LOST if status.age is None else (f"{_LOST[0]} for {duration(status.age)}", *_LOST)


def clock_light(ahead: float) -> str:
    """As the light says it: "Clock 3:20 slow"."""
    return f"Clock {duration(abs(ahead))} {'fast' if ahead > 0 else 'slow'}"


def clock_help(ahead: float) -> str:
    """What to do, and what it does not touch."""
    way = "back" if ahead > 0 else "forward"
    return (
        f"This computer's clock is {duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} M-PESA's. Set it "
        f"{way} in the computer's date and time settings. Charging goes on; until then receipts carry the wrong time."
    )

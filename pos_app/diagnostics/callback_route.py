"""How results come back: probed from outside, by the open till or, where none is open, by the check itself."""

from collections.abc import Callable
from datetime import datetime

from pos_app.bootstrap.callbacks import try_route
from pos_app.callbacks.route_record import RECORD, read_record
from pos_app.check_result import Verdict, amber, green, red
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.kenya_time import duration
from pos_app.settings.settings import Settings
from pos_app.system_clock import SystemClock
from pos_app.vault.vault import Vault

KNOWN_WITHIN = 7.0  # seconds: then the callback route must be closed again before the check's time is over


def of_open_till(status: Callable[[], RouteStatus], now: Callable[[], datetime]) -> Verdict:
    """How the till of this very program hears of results."""
    return _verdict(status(), now())


def of_another_till(settings: Settings, now: Callable[[], datetime]) -> Verdict:
    """The same of the till that holds the data folder, as it wrote it down."""
    status = read_record(settings.data_dir / RECORD, settings.environment)
    return _verdict(status, now()) if status else amber("The open till has not written down how its results come")


def tried(settings: Settings, vault: Vault, clock: SystemClock) -> Verdict:
    """Open the callback route, probe it, and close it again. Whoever calls holds the data folder.

    Raises:
        Occupied: another program holds the port.
        Locked: the secrets are behind a passphrase.
    """
    if settings.practice:
        return green("In practice they come at once")
    return _verdict(try_route(settings, vault, clock, KNOWN_WITHIN), clock.now())


def _verdict(status: RouteStatus, now: datetime) -> Verdict:
    match status.state:
        case RouteState.UP if status.at:
            where = f"The shop's public address is at till {status.at}: M-PESA's results come in there."
            return amber(f"{where} {status.words}") if status.words else green(where)
        case RouteState.UP if status.words:  # our own test does not come in, or the month's requests run out
            return amber(status.words)
        case RouteState.UP if status.probed_at:
            ago = duration((now - status.probed_at).total_seconds())
            return green(f"Our own test from the internet came in, {ago} ago")
        case RouteState.UP:
            return green("M-PESA's results come in")
        case RouteState.NONE:
            return amber("By asking only: M-PESA's codes come later, or not at all. Payments are safe.")
        case RouteState.OPENING:
            return amber("Not known yet whether results reach this till. Run the checks again in a minute.")
        case RouteState.DOWN:
            return red(f"Results do not reach this till by themselves; it goes on by asking. {status.words}".rstrip())

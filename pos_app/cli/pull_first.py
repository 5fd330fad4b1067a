"""M-PESA is asked for its record before a command closes the day, as when somebody looks at the day in the window.

Whatever comes of it, the day is closed: what is recorded later is in the next one.
"""

import threading

from pos_app.bootstrap.account import money_account, pull_account
from pos_app.bootstrap.pulling import open_pull_gateway
from pos_app.cli.books import OpenShop
from pos_app.cli.console import Console
from pos_app.domain.pull_run import SETTING, read_pull_run
from pos_app.errors import Occupied, PosError
from pos_app.messages import pull as words
from pos_app.sales.build import build_recording
from pos_app.sales.ports import PullGateway
from pos_app.sales.pull_rounds import PullRounds, PullUse
from pos_app.settings.settings import Settings
from pos_app.system_clock import SystemClock

PATIENCE = 60.0  # seconds that a close waits for M-PESA's record


def pull_first(settings: Settings, shop: OpenShop, patience: float = PATIENCE) -> None:
    """Make a round of Pull Transactions, where the shop has it on. What keeps it from that is said on standard error.

    Args:
        patience: seconds after which the day is closed without it.
    """
    if not settings.pull:
        return
    clock = SystemClock()
    try:
        with open_pull_gateway(settings, clock) as gateway:
            trouble = _ask(_rounds(settings, shop, gateway, clock), patience)
    except Occupied:
        trouble = words.TILL_ASKS
    except PosError as error:
        trouble = error.user_text
    run = read_pull_run(shop.books.reader.setting(SETTING))
    if trouble or (run and run.trouble):
        Console().warn(f"{trouble} {words.last_round(run)}".strip())


def _rounds(settings: Settings, shop: OpenShop, gateway: PullGateway, clock: SystemClock) -> PullRounds:
    books = shop.books
    recording = build_recording(books, shop.staff.authority, money_account(settings))
    return PullUse(gateway, pull_account(settings)).rounds(settings.till, books.reader, books.writer, clock, recording)


def _ask(rounds: PullRounds, patience: float) -> str:
    """What kept it from asking, in words; what it was told instead is written down with the round."""
    failed: list[str] = []

    def ask() -> None:
        try:
            rounds.ask_now()
        except PosError as error:
            failed.append(error.user_text)

    thread = threading.Thread(target=ask, name="pull", daemon=True)  # left to itself after that
    thread.start()
    thread.join(patience)
    if thread.is_alive():
        rounds.stop()
        return words.TOO_SLOW
    return "".join(failed)

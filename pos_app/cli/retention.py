"""`retention`: how long customers are kept who buy nothing any more; the owner chooses it."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.operators import Act
from pos_app.domain.retention import read_months
from pos_app.messages.erasure import kept_for, last_run
from pos_app.sales.retention import Kept
from pos_app.settings.settings import load


def run(options: argparse.Namespace) -> int:
    """Choose it where something is chosen, and say what counts. Works beside an open till."""
    who = read_who(options.operator)
    months = read_months(options.months) if options.months is not None else None
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        if options.months is not None:
            shop.retention.choose(months, owner_for(shop.staff.authority, Act.ERASE))
        kept = shop.retention.kept()
    console = Console()
    if options.json:
        console.result(_json(kept))
    else:
        console.say(f"{kept_for(kept.months)}. {last_run(kept.run)}")
    return 0


def _json(kept: Kept) -> dict[str, object]:
    run = kept.run
    last = {"day": run.day.isoformat(), "till": run.till, "erased": run.erased, "done": run.done} if run else None
    return {"months": kept.months, "last_run": last}

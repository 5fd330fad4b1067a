"""`check`: what works, what does not, what to do."""

import argparse
from contextlib import closing, suppress

from pos_app.bootstrap.shop_database import shop_database
from pos_app.check_result import Status
from pos_app.cli.books import say_upgrading
from pos_app.cli.console import Console
from pos_app.diagnostics.all_checks import Diagnostics
from pos_app.errors import PosError
from pos_app.private_files import must_be_new
from pos_app.settings.settings import Settings, load
from pos_app.store.database import open_database


def run(options: argparse.Namespace) -> int:
    """Print the findings, and where wanted write a support file; 0 where nothing is red, otherwise 2."""
    settings = load(options.data_dir, options.practice)
    diagnostics = Diagnostics(settings)
    support = options.support.absolute() if options.support else None
    if support:
        must_be_new(support)
    _bring_up_to_date(settings)
    findings = diagnostics.run()
    if support:
        diagnostics.save(support, findings)
    good = all(finding.status is not Status.RED for finding in findings)
    console = Console()
    if options.json:
        console.result({"ok": good, "checks": [finding._asdict() for finding in findings]})
    else:
        console.say("\n".join(finding.line for finding in findings))
        if support:
            console.say(f"\nSaved {support}: no names, no numbers, no keys are in it.")
    return 0 if good else 2


def _bring_up_to_date(settings: Settings) -> None:
    """What an older program left may take longer than a check may; what is wrong with it, its check says."""
    with suppress(PosError), closing(open_database(shop_database(settings), settings.environment, say_upgrading)):
        pass

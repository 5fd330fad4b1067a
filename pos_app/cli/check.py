"""`check`: what works, what does not, what to do."""

import argparse

from pos_app.check_result import Status
from pos_app.cli.console import Console
from pos_app.diagnostics.all_checks import Diagnostics
from pos_app.diagnostics.support_file import must_be_new
from pos_app.settings.settings import load


def run(options: argparse.Namespace) -> int:
    """Print the findings, and where wanted write a support file; 0 where nothing is red, otherwise 2."""
    diagnostics = Diagnostics(load(options.data_dir, options.practice))
    support = options.support.absolute() if options.support else None
    if support:
        must_be_new(support)
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

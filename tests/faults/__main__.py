"""Play one seed of a fault, or the whole list at full size.

python -m tests.faults --fault T7 --seed 12
python -m tests.faults --full [--fault T7 ...] [--state FILE]
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.faults import full
from tests.faults.plans import PLANS, play


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--fault", action="append", choices=list(PLANS), help="which; several for --full")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=int, help="payments in a seed, other than usual")
    parser.add_argument("--full", action="store_true", help="everything, in parts; taken up again where it was stopped")
    parser.add_argument("--state", type=Path, default=Path(tempfile.gettempdir()) / "kaunta-faults.json")
    return parser.parse_args()


def main() -> int:
    """0 where every promise holds."""
    given = _arguments()
    logging.disable(logging.CRITICAL if given.full else logging.NOTSET)
    if given.full:
        return full.run(given.fault or list(PLANS), given.state, lambda text: print(text, flush=True))
    for fault in given.fault or list(PLANS):
        try:
            play(fault, given.seed, given.runs)
        except AssertionError as error:
            print(error)
            return 1
        print(f"{fault}, seed {given.seed}: every promise holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())

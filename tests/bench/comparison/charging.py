"""Charges customers of a till whose M-PESA is elsewhere. Prints as JSON what each took.

python -m tests.bench.comparison.charging URL COUNT
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from threading import Event

from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Payment, State
from pos_app.settings.settings import load
from tests.support.builders import a_request

PATIENCE = 30.0  # seconds for each
_ACCOUNT = {
    "POS_ENVIRONMENT": "sandbox",
    "POS_SHORTCODE": "174379",
    "POS_CONSUMER_KEY": "practice-key",
    "POS_CONSUMER_SECRET": "practice-secret",
    "POS_PASSKEY": "practice-passkey",
    "POS_CALLBACK": "none",
    "POS_QUERY_AFTER": "60",
    "POS_SECRETS": "memory",
}


def charge_all(opened: OpenTill, count: int) -> dict[str, float]:
    """Seconds, and the processor's seconds, of each charge: saved, pushed, answered, and the answer saved."""
    opened.till.catalogue.add(draft_post("Tea", 30, 0))
    [post] = opened.till.catalogue.posts()
    answered = Event()

    def note(payment: Payment) -> None:
        if payment.state is not State.REQUESTED:
            answered.set()

    opened.till.ledger.subscribe(note)

    def charge(number: int) -> None:
        answered.clear()
        opened.till.checkout.charge(a_request(post, f"07{number:08}"))
        assert answered.wait(PATIENCE), "M-PESA did not answer"

    charge(0)  # what is made once is not counted
    begun, used = time.perf_counter(), time.process_time()
    for number in range(1, count + 1):
        charge(number)
    return {"seconds": (time.perf_counter() - begun) / count, "processor": (time.process_time() - used) / count}


def main() -> None:
    """Open a till, charge, tell."""
    url, count = sys.argv[1], int(sys.argv[2])
    os.environ |= _ACCOUNT | {"POS_DARAJA_URL": url}
    with tempfile.TemporaryDirectory() as folder:
        opened = open_till(load(Path(folder), practice=False))
        try:
            print(json.dumps(charge_all(opened, count)), flush=True)
        finally:
            opened.close()


if __name__ == "__main__":
    main()

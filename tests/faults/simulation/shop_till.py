"""A till of a shop on a server, as a process: opened by the program's own wiring, told what to do by lines of text.

    python -m tests.faults.simulation.shop_till LETTER FOLDER

Its settings are in the environment. On a line `charge PHONE` it charges a customer for post 1, on `close` it closes. It
writes a line of JSON for each thing that happens: how its route stands, each payment that is charged or has changed.
"""

import json
import os
import sys
import threading
from pathlib import Path

from pos_app.bootstrap.till import open_till
from pos_app.domain.callback_route import RouteStatus
from pos_app.domain.payment import Payment
from pos_app.errors import PosError
from pos_app.settings.settings import load
from tests.support.builders import a_request

_door = threading.Lock()


def say(**what: object) -> None:
    """One line, whole."""
    with _door:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def main(letter: str, folder: Path) -> None:
    """Until it is told to close, or its input ends."""
    opened = open_till(load(folder, False, {**os.environ, "POS_TILL": letter}))
    till = opened.till

    def route(status: RouteStatus) -> None:
        say(route=status.state.value, at=status.at, given=status.address_since is not None)

    def changed(payment: Payment) -> None:
        say(changed=payment.number, till=payment.till, state=payment.state.value)

    till.route.subscribe(route)
    till.ledger.subscribe(changed)
    say(open=letter)
    for line in sys.stdin:
        word, _, phone = line.strip().partition(" ")
        if word == "close":
            break
        post = till.catalogue.posts()[0]
        try:
            say(charged=till.checkout.charge(a_request(post, phone)).number)
        except PosError as error:
            say(refused=error.user_text)
    opened.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

"""`simulator`: the simulated M-PESA by itself, for any Daraja client."""

import argparse

from pos_app.cli.console import WRITE_LIMIT, Console
from pos_app.cli.unix_signals import told_to_end
from pos_app.errors import Occupied
from pos_app.simulator import Simulator, SimulatorOptions, parse_fault


def run(options: argparse.Namespace) -> int:
    """Serve until somebody ends it."""
    names = ("consumer_key", "consumer_secret", "passkey", "shortcode", "till_number")
    given = {name: value for name in names if (value := getattr(options, name)) is not None}
    faults = dict(map(parse_fault, options.fault))
    simulator = Simulator(
        SimulatorOptions(port=options.port, seed=options.seed, delay=options.delay, faults=faults, **given)
    )
    try:
        simulator.start()
    except OSError:
        raise Occupied(f"Port {options.port} is used by another program. Choose another with --port.") from None
    try:
        with told_to_end() as ended:
            _say(simulator, options.json)
            while not ended.wait(0.5):  # Windows delivers signals only between short waits
                pass
    finally:
        simulator.stop()
    return 0


def _say(simulator: Simulator, as_json: bool) -> None:
    console = Console(WRITE_LIMIT)
    if as_json:
        console.result({"url": simulator.url})
        return
    console.say(f"Simulated M-PESA at {simulator.url} (POS_DARAJA_URL). Customers pay by themselves. Stop with Ctrl+C.")
    console.say(
        "Consumer key practice-key, secret practice-secret, short code 174379, passkey practice-passkey, unless "
        "options said otherwise."
    )

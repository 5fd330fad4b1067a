"""`simulator`: the simulated M-PESA by itself, for any Daraja client; and the statement that it has of practice."""

import argparse
from pathlib import Path

from pos_app.bootstrap.practice import MEMORY, SHORTCODE, read_practice_record
from pos_app.cli.console import WRITE_LIMIT, Console
from pos_app.cli.unix_signals import told_to_end
from pos_app.domain.day_range import day_named
from pos_app.domain.kenya_time import shop_day
from pos_app.errors import BadInput, Occupied, why_not_written
from pos_app.private_files import create
from pos_app.settings.settings import load
from pos_app.simulator import FORMATS, ShopAccount, Simulator, SimulatorOptions, day_statement, parse_fault
from pos_app.system_clock import SystemClock


def run(options: argparse.Namespace) -> int:
    """Serve until somebody ends it, or write the statement of practice."""
    if options.statement is not None:
        return _write_statement(options)
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


def _write_statement(options: argparse.Namespace) -> int:
    """Write what the M-PESA of practice has, as the portal's export of one day; also beside an open till."""
    file: Path = options.statement
    if file.suffix.lower() not in FORMATS:
        raise BadInput(f"{file.name[:60]!r} must end in .csv or .xlsx. Nothing was written.")
    today = shop_day(SystemClock().corrected())
    day = today if options.date is None else day_named(options.date, today)
    settings = load(options.data_dir, practice=True)
    record = read_practice_record(settings.data_dir / MEMORY)
    account = ShopAccount(settings.shop.registered, SHORTCODE, paybill=True)
    content = day_statement(record, account, day, day, file.suffix.lower())
    try:
        with create(file) as made:
            made.write(content)
    except FileExistsError:
        raise BadInput(f"There is a file {file} already. Nothing was written. Choose another name.") from None
    except OSError as error:
        raise BadInput(why_not_written(error)) from None
    console = Console()
    if options.json:
        console.result({"file": str(file), "date": day.isoformat()})
    else:
        console.say(f"M-PESA's statement of practice for {day} in {file}.")
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

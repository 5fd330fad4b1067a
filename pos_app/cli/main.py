"""The command line: the same engine as the window.

Exit codes: 0 paid or done, 1 a fault of ours, 2 bad input or settings, 3 not paid, 4 not sure yet, 5 needs checking.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

from pos_app.cli import record_options
from pos_app.cli.console import WRITE_LIMIT, Console, open_missing
from pos_app.cli.option_values import add_who as _add_who
from pos_app.cli.option_values import count as _count
from pos_app.cli.option_values import path as _path
from pos_app.cli.option_values import port as _port
from pos_app.cli.option_values import seconds as _seconds
from pos_app.cli.option_values import seed as _seed
from pos_app.cli.option_values import wanted as _wanted
from pos_app.cli.unix_signals import interrupted_once
from pos_app.errors import PosError, SignInNeeded
from pos_app.logs import log_fault
from pos_app.private_files import be_private
from pos_app.settings.settings import data_folder

WAIT = 150.0  # seconds that `charge` waits for the customer
Run = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code. Never raises, never prints a traceback."""
    open_missing()
    be_private()
    options = _parser().parse_args(_readable(sys.argv[1:] if arguments is None else arguments))
    try:
        with interrupted_once():
            run: Run = options.run
            return run(options)
    except SignInNeeded as error:
        return _refuse(f"{error.user_text} A command takes --operator NAME.", error.exit_code)
    except PosError as error:
        return _refuse(error.user_text, error.exit_code)
    except KeyboardInterrupt:
        return _refuse("Stopped. What was sent to M-PESA goes on; the next start checks it.", 1)
    except Exception:  # noqa: BLE001 - the last resort: words instead of a traceback
        return _refuse(f"Something went wrong in the till. Payments stay as they are; {_logged(options)}.", 1)


def _logged(options: argparse.Namespace) -> str:
    """Log the fault that is being handled, also where the till has closed its log; says what became of that."""
    try:
        folder = data_folder(options.data_dir)
    except Exception:  # noqa: BLE001 - perhaps that was the fault
        return "it could not be logged"
    return "the log says more" if log_fault(folder) else "it could not be logged"


def _refuse(words: str, code: int) -> int:
    Console(WRITE_LIMIT).warn(words)
    return code


def _readable(arguments: Sequence[str]) -> Sequence[str]:
    """Ends with exit code 2 where a shell gave bytes that are no text: no name, number or file is written so."""
    for word in arguments:
        if any("\ud800" <= character <= "\udfff" for character in word):
            _Parser(prog="main.py").error(f"{ascii(word)[:40]} is no text (UTF-8)")
    return arguments


def _lazy(module: str, function: str = "run") -> Run:
    """A command whose module is imported when it is run: most of them need what the others do not."""

    def run(options: argparse.Namespace) -> int:
        command: Run = getattr(import_module(f"pos_app.cli.{module}"), function)
        return command(options)

    return run


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and how to get help in a second."""

    def _print_message(self, message: str, file: object = None) -> None:
        console = Console(WRITE_LIMIT)
        (console.say if file is sys.stdout else console.warn)(message.rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"{self.prog}: {message}. Nothing was sent.\nHelp: {self.prog} --help\n")


def _common() -> _Parser:
    """What stands before or after the command. A new one for each use: parsers share their parents' options, and
    the defaults of one would become the defaults of all.
    """
    common = _Parser(add_help=False)
    # SUPPRESS: given before the command, they must survive the command's own defaults.
    common.add_argument("--data-dir", type=_path, default=argparse.SUPPRESS, help="where the till keeps its data")
    common.add_argument("--practice", action="store_true", default=argparse.SUPPRESS, help="no real money")
    return common


def _parser() -> argparse.ArgumentParser:
    output = _Parser(add_help=False, parents=[_common()])
    output.add_argument("--json", action="store_true", help="print JSON and nothing else")

    parser = _Parser(prog="main.py", description="Kaunta, a till that charges by M-PESA prompt.", parents=[_common()])
    parser.set_defaults(run=_lazy("window"), data_dir=None, practice=False, json=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_charge(_command(commands, output, "charge", "Charge one customer without a window.", _lazy("charge")))
    _add_payments(_command(commands, output, "payments", "Look payments up.", _lazy("payments")))
    _add_totals(_command(commands, output, "totals", "What came in, in sum.", _lazy("totals")))
    _add_day(_command(commands, output, "day", "The day since the last close, and its close.", _lazy("day")))
    _add_who(_command(commands, output, "attention", "All that needs a person.", _lazy("attention")))
    record_options.add(lambda name, told: _command(commands, output, name, told, _lazy(name)))
    payment = _command(commands, output, "payment", "One payment whole, with what happened to it.", _lazy("payment"))
    payment.add_argument("payment", metavar="ID", help="of the payment, or its number")
    payment.add_argument("--reveal", action="store_true", help="with the phone number in full; that is recorded")
    _add_who(payment)
    posts = commands.add_parser("posts", help="The catalogue.", description="The catalogue.")
    _add_posts(posts.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=_Parser), output)
    refund = _command(commands, output, "refund", "Record that money of a payment went back.", _lazy("refund"))
    _add_refund(refund)
    _add_who(refund)
    access = _command(commands, output, "access", "Does a phone have a post? Give it, withdraw it.", _lazy("access"))
    _add_access(access)
    _add_who(access)
    operators = commands.add_parser("operators", help="Who serves at the till.", description="Who serves at the till.")
    _add_operators(
        operators.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=_Parser), output
    )
    owner = commands.add_parser("owner", help="The owner's passphrase.", description="The owner's passphrase.")
    _add_owner(owner.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=_Parser), output)
    audit = _command(commands, output, "audit", "Who did what, newest first, for the owner.", _lazy("audit"))
    audit.add_argument("--limit", type=_count, default=50, metavar="N", help="at most so many (default 50)")
    _add_who(audit)
    told = "Whether the lines of journal and audit are as the tills have written them."
    _add_verify(_command(commands, output, "verify", told, _lazy("verify")))
    _add_simulator(_command(commands, output, "simulator", "Run the simulated M-PESA.", _lazy("simulator")))
    customer = _command(commands, output, "customer", "One customer, by phone.", _lazy("customer"))
    _add_customer(customer)
    _add_who(customer)
    told = "How long customers are kept who buy nothing any more."
    retention = _command(commands, output, "retention", told, _lazy("retention"))
    retention.add_argument("--months", metavar="N", help="erase them after 12, 24, 36 or 60 months; off: never")
    _add_who(retention)
    backup = _command(commands, output, "backup", "Copy the database to a file.", _lazy("backup"))
    backup.add_argument("file", type=_path, metavar="FILE", help="where to; it must not be there yet")
    restore = _command(commands, output, "restore", "Put a copy of the database back.", _lazy("restore"))
    restore.add_argument("file", type=_path, metavar="FILE", help="the copy; the file it replaces is kept")
    restore.add_argument(
        "--another-shop", action="store_true", help="also where it is another shop's, or another till's"
    )
    _add_shop(commands, output)
    _command(commands, output, "begin", "Begin with an empty database where the old one is lost.", _lazy("begin"))
    check = _command(commands, output, "check", "What works, what does not, what to do.", _lazy("check"))
    check.add_argument(
        "--support", type=_path, metavar="FILE", help="also write a file for whoever helps, no names in it"
    )
    return parser


def _command(
    commands: "argparse._SubParsersAction[_Parser]",
    output: _Parser,
    name: str,
    text: str,
    run: Run,
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, parents=[output], help=text, description=text)
    added.set_defaults(run=run)
    return added


def _add_shop(commands: "argparse._SubParsersAction[_Parser]", output: _Parser) -> None:
    told = "Where the whole shop is: on this computer, or on a server."
    shop = commands.add_parser("shop", help=told, description=told)
    actions = shop.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=_Parser)
    move = _command(actions, output, "move", "Move the shop to a database server.", _lazy("shop", "move"))
    move.add_argument(
        "--to", required=True, metavar="ADDRESS", help="of an empty database: postgresql://user@host/name, no password"
    )
    told = "The shop's file is at home on this computer, in this folder, from now on, and opened nowhere else."
    _command(actions, output, "here", told, _lazy("shop", "here"))
    told = "Take the shop back from the server, while nothing was sold there."
    back = _command(actions, output, "back", told, _lazy("shop", "back"))
    back.add_argument("--from", dest="server", required=True, metavar="ADDRESS", help="as it was moved to")


def _add_access(access: argparse.ArgumentParser) -> None:
    access.add_argument(
        "action", nargs="?", choices=("give", "extend", "withdraw"), metavar="ACTION",
        help="give, extend or withdraw; without it: does this phone have this post? 0 yes, 3 no",
    )  # fmt: skip
    access.add_argument("--phone", required=True, metavar="N", help="the customer's phone")
    access.add_argument("--post", required=True, type=_count, metavar="ID", help="the post")
    access.add_argument("--days", metavar="N", help="so many are given")
    access.add_argument("--for-ever", action="store_true", help="it is given without an end")
    access.add_argument("--payment", metavar="ID", help="only what this payment gave is withdrawn")
    access.add_argument("--reason", metavar="TEXT", help="why it is given or withdrawn; it stays with the access")


def _add_operators(actions: "argparse._SubParsersAction[_Parser]", output: _Parser) -> None:
    text = "operator, supervisor or owner"
    for action, told, function in (
        ("add", "Add an operator.", "add"),
        ("role", "Give an operator another role.", "role"),
        ("off", "Let an operator serve no more.", "off"),
        ("on", "Let an operator serve again.", "on"),
        ("pin", "Give an operator a new PIN.", "pin"),
    ):
        command = _command(actions, output, action, told, _lazy("operators", function))
        command.add_argument("name", metavar="NAME")
        if action in ("add", "role"):
            command.add_argument("--role", required=True, metavar="ROLE", help=text)
    _command(actions, output, "list", "List the operators.", _lazy("operators", "show"))
    told = "Say or choose what everybody with the role operator may see."
    may = _command(actions, output, "may", told, _lazy("operators", "may"))
    for name, what in (("totals", "the day's totals"), ("numbers", "a phone number in full")):
        may.add_argument(f"--{name}", choices=("yes", "no"), help=f"whether they see {what}")


def _add_owner(actions: "argparse._SubParsersAction[_Parser]", output: _Parser) -> None:
    text = "Choose a new passphrase by the recovery code."
    _command(actions, output, "recover", text, _lazy("recovery", "recover"))
    _command(actions, output, "code", "Make a new recovery code.", _lazy("recovery", "make_code"))
    text = "The key that erased numbers are hashed with, for another till."
    key = _command(actions, output, "erasure-key", text, _lazy("erasure_key")).add_mutually_exclusive_group()
    key.add_argument("--take", action="store_true", help="keep the key that another till has shown")
    key.add_argument("--new", action="store_true", help="make another one, where it is lost")


def _add_target(command: argparse.ArgumentParser, name: str, metavar: str, told: str) -> None:
    command.add_argument(name, type=_path, metavar=metavar, help=told)
    command.add_argument("--force", action="store_true", help="replace the file where it is there already")


def _add_payments(payments: argparse.ArgumentParser) -> None:
    payments.add_argument("find", nargs="?", default="", metavar="FIND", help="code, phone, number or post")
    payments.add_argument("--limit", type=_count, metavar="N", help="at most so many (default 50)")
    payments.add_argument("--from", dest="since", metavar="D", help="first day: YYYY-MM-DD, today or yesterday")
    payments.add_argument("--to", dest="until", metavar="D", help="last day, in the same way")
    payments.add_argument("--state", metavar="S", help="a state as JSON has it, or open, not_paid, attention")
    payments.add_argument("--till", default="", metavar="T", help="only what this till charged")
    payments.add_argument("--by", metavar="NAME", help="only what this operator charged")
    _add_target(payments, "--export", "FILE", "all to FILE.csv, .xlsx or .json, phones masked")
    _add_who(payments)


def _add_charge(charge: argparse.ArgumentParser) -> None:
    charge.add_argument(
        "--post",
        type=_wanted,
        action="append",
        required=True,
        metavar="ID[xN]",
        help="what is paid for, and how many; again for more",
    )
    charge.add_argument(
        "--price", action="append", default=[], metavar="N", help="KES, for a post whose price is asked at the counter"
    )
    charge.add_argument("--phone", required=True, metavar="N", help="the customer's phone")
    _add_who(charge)
    charge.add_argument("--wait", type=_seconds, default=WAIT, metavar="S", help="seconds to wait (default 150)")


def _add_posts(actions: "argparse._SubParsersAction[_Parser]", output: _Parser) -> None:
    add = _command(actions, output, "add", "Add a post.", _lazy("posts", "add"))
    add.add_argument("title", metavar="TITLE")
    add.add_argument("--price", metavar="N", help="KES (default 100)")
    add.add_argument("--highest", metavar="N", help="KES; then the price is asked at the counter, from --price to this")
    add.add_argument("--days", metavar="N", help="days of access; 0 for none; without it, for ever")
    _command(actions, output, "list", "List the posts.", _lazy("posts", "show"))
    text = "Add and change the posts of a CSV file, all or none."
    importing = _command(actions, output, "import", text, _lazy("posts", "import_file"))
    importing.add_argument("file", type=_path, metavar="FILE.csv")
    importing.add_argument("--dry-run", action="store_true", help="only say what each line would do")
    text = "Write every post to a CSV file that can be changed and imported again."
    exporting = _command(actions, output, "export", text, _lazy("posts", "export"))
    _add_target(exporting, "file", "FILE.csv", "where to")
    history = _command(actions, output, "history", "What was done to a post, newest first.", _lazy("posts", "history"))
    history.add_argument("post", type=_count, metavar="ID", help="of the post")
    history.add_argument("--limit", type=_count, default=50, metavar="N", help="at most so many (default 50)")
    for changing in (add, importing):
        _add_who(changing)


def _add_refund(refund: argparse.ArgumentParser) -> None:
    refund.add_argument("payment", metavar="ID", help="of the payment, or its number")
    refund.add_argument("--amount", metavar="N", help="KES that went back")
    refund.add_argument("--code", metavar="CODE", help="M-PESA's, of the reversal")
    refund.add_argument(
        "--take-back", metavar="CODE", help="instead: what was recorded by this code did not go back so"
    )
    refund.add_argument("--reason", required=True, metavar="TEXT", help="why; it stays with the payment")
    refund.add_argument(
        "--access", choices=("withdrawn", "left"), help="what becomes of it (withdrawn where all of the money is back)"
    )


def _add_totals(totals: argparse.ArgumentParser) -> None:
    for name, what in (("from", "first"), ("to", "last")):
        told = f"{what} day: YYYY-MM-DD, today or yesterday (default today)"
        totals.add_argument(f"--{name}", dest=what, metavar="D", help=told)
    by = ("day", "hour", "post", "operator", "till")  # `domain.takings.By`, which is loaded only where it is needed
    totals.add_argument("--by", choices=by, default="day", help="what the payments are put together by (default day)")
    _add_who(totals)


def _add_day(day: argparse.ArgumentParser) -> None:
    day.add_argument(
        "action", nargs="?", choices=("close", "list"), metavar="ACTION",
        help="close the day, or list the closes; without it: the report since the last close",
    )  # fmt: skip
    which = day.add_mutually_exclusive_group()
    which.add_argument("--date", metavar="D", help="a day of the calendar instead: YYYY-MM-DD, today or yesterday")
    which.add_argument("--number", type=_count, metavar="N", help="a close instead, as it was written")
    day.add_argument("--supplement", type=_count, metavar="K", help="what M-PESA's record said of that close later")
    day.add_argument("--export", type=_path, metavar="FILE.csv", help="what is printed also goes to a file")
    day.add_argument("--tax", type=_path, metavar="FILE.csv", help="each line of a close, for the tax entry")
    day.add_argument("--limit", type=_count, default=50, metavar="N", help="closes listed at most (default 50)")
    _add_who(day)


def _add_customer(customer: argparse.ArgumentParser) -> None:
    customer.add_argument("--phone", required=True, metavar="N", help="the customer's phone")
    _add_target(customer, "--export", "FILE", "all that is known of them, as JSON")
    customer.add_argument("--erase", action="store_true", help="take the number, the name and texts about them away")
    customer.add_argument("--was-erased", action="store_true", help="whether this number was erased, and when")
    customer.add_argument("--reason", metavar="TEXT", help="why they are erased; it stays in the audit")


def _add_verify(verify: argparse.ArgumentParser) -> None:
    verify.add_argument("--against", nargs="+", metavar="HEAD", help="heads as they were printed; they must be there")
    verify.add_argument("--receipt", metavar="NUMBER", help="only whether a receipt is the shop's own, with --value")
    verify.add_argument("--value", metavar="CHECK", help="what stands behind Check on the receipt")
    verify.add_argument("--seal", action="store_true", help="hold lines together that were written without the key")


def _add_simulator(simulator: argparse.ArgumentParser) -> None:
    simulator.add_argument("--port", type=_port, default=8_787, metavar="N", help="0 for any free one (default 8787)")
    simulator.add_argument("--seed", type=_seed, default=0, metavar="N", help="one seed, one replay")
    simulator.add_argument("--delay", type=_seconds, default=1.0, metavar="S", help="until the customer pays")
    simulator.add_argument("--fault", action="append", default=[], metavar="NAME[=P]", help="what goes wrong")
    simulator.add_argument("--statement", type=_path, metavar="FILE", help="write practice's to .csv or .xlsx, and end")
    simulator.add_argument("--date", metavar="D", help="of which day the statement is: YYYY-MM-DD (default today)")
    for name in ("consumer-key", "consumer-secret", "passkey", "shortcode", "till-number"):
        simulator.add_argument(f"--{name}", metavar="TEXT", help="instead of the practice one")

"""`day`: what came in since the last close, the close, and the closes there were."""

import argparse

from pos_app.cli.books import OpenShop, open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.cli.pull_first import pull_first
from pos_app.domain.day import DayClose, DayReport
from pos_app.domain.day_range import day_named
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Act
from pos_app.domain.receipt import receipt_text
from pos_app.domain.supplement import Supplement, supplement_json
from pos_app.errors import BadInput
from pos_app.exports.day_files import check_csv, day_json, write_report, write_sales
from pos_app.messages import day as words
from pos_app.messages.day_paper import day_paper
from pos_app.messages.supplement import supplement_line, supplement_paper
from pos_app.messages.window import MARKS
from pos_app.settings.settings import Settings, load
from pos_app.system_clock import SystemClock

_WIDTH = 64  # characters of a report on a terminal
_CARRIED = 5  # the exit code of a close that something is carried over from


def run(options: argparse.Namespace) -> int:
    """Print a report, close the day, or list the closes. Works beside an open till."""
    _check(options)
    who, settings = read_who(options.operator), load(options.data_dir, options.practice)
    with open_shop(settings) as shop:
        sign_in(shop.staff.operators, who)
        authority = shop.staff.authority
        if options.action == "close":
            return _close(options, settings, shop, owner_for(authority, Act.CLOSE))
        authority.let_pass(Act.TOTALS, owner_for(authority, Act.TOTALS))
        if options.action == "list":
            return _list(options, settings, shop)
        if options.supplement:
            return _tell_supplement(options, settings, shop)
        close = _named(shop, options.number) if options.number else None
        report = close.report if close else _report(options, shop)
        _files(options, settings, shop, report, close)
    _tell(options, settings, report, close)
    return 0


def _check(options: argparse.Namespace) -> None:
    """Whether the options belong together. Raises BadInput."""
    if options.action and (options.date or options.number):
        raise BadInput(f"`day {options.action}` takes no --date and no --number. Nothing was closed.")
    if options.supplement and (options.number is None or options.export or options.tax):
        raise BadInput("A supplement is one of a close, and is printed: `day --number N --supplement K`.")
    if options.tax and options.action != "close" and not options.number:
        raise BadInput("A file for the tax entry is one of a close: `day close --tax FILE.csv`, or with --number.")
    if options.action == "list" and options.export:
        raise BadInput("`day list` writes no file: `day --number N --export FILE.csv` writes one close.")
    for path in (options.export, options.tax):
        if path:
            check_csv(path)


def _named(shop: OpenShop, number: int) -> DayClose:
    close = shop.books.reader.day_close(number)
    if close is None:
        raise BadInput(f"There is no close of number {number}. `day list` names those there are.")
    return close


def _report(options: argparse.Namespace, shop: OpenShop) -> DayReport:
    now = SystemClock().corrected()
    if options.date is None:
        return shop.books.reader.open_day(now)
    return shop.books.reader.calendar_day(day_named(options.date, shop_day(now)), now)


def _close(options: argparse.Namespace, settings: Settings, shop: OpenShop, passphrase: str) -> int:
    pull_first(settings, shop)
    number = shop.books.reader.open_day(SystemClock().corrected()).number
    assert number is not None
    close = shop.days.close(number, passphrase)
    _tell(options, settings, close.report, close)  # it is closed, whatever becomes of its files
    _files(options, settings, shop, close.report, close)
    return _CARRIED if close.report.open_count else 0


def _files(
    options: argparse.Namespace, settings: Settings, shop: OpenShop, report: DayReport, close: DayClose | None
) -> None:
    if options.export:
        write_report(options.export, report, close, settings.shop.mark)
    if options.tax and close:
        write_sales(options.tax, shop.books.reader.close_sales(close.number), settings.shop.mark)


def _tell(options: argparse.Namespace, settings: Settings, report: DayReport, close: DayClose | None) -> None:
    console = Console()
    if options.json:
        console.result(day_json(report, close, settings.environment))
    else:
        console.say(receipt_text(day_paper(settings.shop, report, close), _WIDTH).rstrip("\n"))


def _tell_supplement(options: argparse.Namespace, settings: Settings, shop: OpenShop) -> int:
    close, console = _named(shop, options.number), Console()
    for each in shop.books.reader.supplements(close.number, close.number):
        if each.part == options.supplement:
            if options.json:
                console.result(supplement_json(each))
            else:
                console.say(receipt_text(supplement_paper(settings.shop, each), _WIDTH).rstrip("\n"))
            return 0
    raise BadInput(f"{close.name} has no supplement {options.supplement}. `day list` names those there are.")


def _list(options: argparse.Namespace, settings: Settings, shop: OpenShop) -> int:
    console, closes = Console(), shop.books.reader.day_closes(options.limit)
    found = shop.books.reader.supplements(closes[-1].number, closes[0].number) if closes else []
    later = {close.number: [each for each in found if each.close == close.number] for close in closes}
    if options.json:
        told = [
            day_json(close.report, close, settings.environment)
            | {"supplements": [supplement_json(each) for each in later[close.number]]}
            for close in closes
        ]
        console.result(told)
        return 0
    rows = [row for close in closes for row in (_row(close), *map(_supplement_row, later[close.number]))]
    mark = MARKS.get(settings.shop.mark)
    console.say("\n".join([*([mark] if mark else []), *(rows or [words.NO_CLOSES])]))
    return 0


def _row(close: DayClose) -> str:
    row = f"{close.name}  {words.closed_words(close)}  net KES {close.report.figures.net:,}"
    return row + (f"  {close.report.open_count:,} carried over" if close.report.open_count else "")


def _supplement_row(supplement: Supplement) -> str:
    return f"  {supplement_line(supplement)}"

"""The day on paper: the lines of a report or a close, which any medium sets as it does a receipt."""

from collections.abc import Iterator

from pos_app.domain.day import DayClose, DayReport
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.receipt import Line, Shop, Style
from pos_app.messages import day as words
from pos_app.messages.window import MARKS

GROUPS = {"posts": "By post", "operators": "By operator", "hours": "By hour"}
_NAMED = 40  # payments carried over that paper names; the rest is counted


def day_paper(shop: Shop, report: DayReport, close: DayClose | None = None) -> list[Line]:
    """A report, or a close as it was written; marked where the money is not real.

    Args:
        close: None where it is a report of what is not closed, or of a day of the calendar.
    """
    mark = [Line(Style.CENTRE, MARKS[shop.mark])] if shop.mark else []
    return [
        *mark,
        Line(Style.TITLE, shop.name),
        *(Line(Style.CENTRE, text) for text in shop.lines),
        Line(Style.RULE),
        *_head(report, close),
        *(_pair(name, count, amount) for name, count, amount in words.figure_rows(report)),
        *_groups(report),
        *_carried_over(report),
        *_heads(report),
        Line(Style.RULE),
        *mark,
    ]


def _head(report: DayReport, close: DayClose | None) -> Iterator[Line]:
    if close:
        yield Line(Style.CENTRE, f"DAY CLOSE {close.name}")
    else:
        yield Line(Style.CENTRE, f"DAY REPORT {words.heading(report)}")
    if report.after is None:
        yield Line(Style.CENTRE, words.NO_CLOSE)
    yield Line(Style.PAIR, "From", _moment(report))
    yield Line(Style.PAIR, "To", f"{shop_time(report.until)} EAT")
    if close and close.number:
        yield Line(Style.PAIR, "Till", close.till)
    if close and close.operator:
        yield Line(Style.PAIR, "Closed by", close.operator)
    if close and close.owner:
        yield Line(Style.CENTRE, "Closed by the owner's passphrase")
    for text in words.notes(report):
        yield Line(Style.CENTRE, text)
    yield Line(Style.RULE)


def _moment(report: DayReport) -> str:
    return f"{shop_time(report.since)} EAT" if report.since else "the beginning"


def _pair(name: str, count: int | None, amount: int) -> Line:
    style = Style.TOTAL if name == "Net" else Style.PAIR
    return Line(style, name, kes(amount) if count is None else f"({count:,}) {kes(amount)}")


def _groups(report: DayReport) -> Iterator[Line]:
    for kind, title in GROUPS.items():
        groups = getattr(report, kind)
        if groups:
            yield Line(Style.RULE)
            yield Line(Style.CENTRE, f"{title}: paid, net")
        for group in groups:
            yield _pair(words.group_name(group, kind), group.paid, group.net)


def _carried_over(report: DayReport) -> Iterator[Line]:
    yield Line(Style.RULE)
    yield Line(Style.CENTRE, words.carried_words(report))
    for item in report.open[:_NAMED]:
        yield Line(Style.PAIR, item.number, kes(item.amount))
        yield Line(Style.PAIR, f"  {words.item_words(item)}", words.age_words(item, report))
    more = report.open_count - len(report.open[:_NAMED])
    if more:
        yield Line(Style.CENTRE, f"and {more:,} more, which the export names")


def _heads(report: DayReport) -> Iterator[Line]:
    """What the owner types years later, each by itself."""
    if report.heads:
        yield Line(Style.RULE)
        yield from (Line(Style.CENTRE, text) for text in words.HEADS)
    for head in report.heads:
        yield Line(Style.CENTRE, head)

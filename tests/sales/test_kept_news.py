"""News as one line of text."""

import json
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest

from pos_app.domain.payment import Answer, Callback, Interrupted, News, NoAnswer, Result, Silence, Unanswered
from pos_app.sales.kept_news import KeptNews, for_a_person, read_line, worth_keeping
from tests.support.fakes import PHONE, START


def sample(hint: Any, name: str) -> object:
    """A value that a field of this type may have."""
    for kind in get_args(hint) or (hint,):
        if kind is Decimal:
            return Decimal("250.50")
        if kind is datetime:
            return datetime(2026, 11, 23, 9, 30, 1, 250, tzinfo=UTC)
        if kind is bool:
            return True
        if kind is int:
            return 7
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return next(iter(kind))
    return f"{name} \N{HOT BEVERAGE}\n"


@pytest.mark.parametrize("kind", get_args(News), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("full", [True, False])
def test_every_news_comes_back_as_it_was(kind: Any, full: bool) -> None:
    hints = get_type_hints(kind)
    wanted = [field for field in fields(kind) if full or field.default is MISSING]
    news = kind(**{field.name: sample(hints[field.name], field.name) for field in wanted})
    kept = KeptNews(at=START, key=42, number="A-20261123-0042", news=news, body="{}", person="ValueError")
    line = kept.line()
    assert "\n" not in line
    assert line.isascii()
    assert read_line(line) == kept


@pytest.mark.parametrize("line", ["", "{", "[]", "7", '{"news": "Callback"}', "[" * 100_000, "9" * 10_000])
def test_a_line_that_is_no_news_is_told(line: str) -> None:
    with pytest.raises(ValueError, match="no news"):
        read_line(line)


def test_what_the_next_start_learns_by_itself_is_not_kept() -> None:
    worthless: list[News] = [NoAnswer("x"), Silence(), Interrupted(), Answer(Result.PENDING, "4999", "c")]
    worth: list[News] = [Answer(Result.SUCCESS, "0", "c"), Callback(Result.PENDING, "4999"), Unanswered("x")]
    assert [worth_keeping(news) for news in worthless] == [False] * 4
    assert [worth_keeping(news) for news in worth] == [True] * 3


def test_a_payment_is_named_by_its_number() -> None:
    news = Callback(Result.SUCCESS, "0", phone=PHONE)
    assert KeptNews(at=START, key=42, number="A-20261123-0042", news=news).payment == "A-20261123-0042"
    assert KeptNews(at=START, key=42, number=None, news=news).payment == "number 42"
    assert KeptNews(at=START, key="a" * 64, number=None, news=news).payment == "unknown"


def test_a_line_is_marked_for_a_person() -> None:
    kept = KeptNews(at=START, key=42, number=None, news=Silence())
    assert read_line(for_a_person(kept.line(), "ValueError")).person == "ValueError"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"news": "Callback"',
        json.dumps({"news": "Nobody", "at": START.isoformat(), "key": 1, "number": None, "says": {}}),
        KeptNews(at=START, key=42, number=None, news=Callback(Result.SUCCESS, "0")).line().replace("success", "done"),
        KeptNews(at=START, key=42, number=None, news=Silence()).line().replace('"says": {}', '"says": {"x": 1}'),
    ],
)
def test_what_is_no_news_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no news"):
        read_line(line)

"""News as one line of text, for the file beside the database that holds what could not be saved yet.

A line has what is needed to record the news later through the one door: the payment's address or id and number, and
what M-PESA said. A body has its phones masked, as in the journal; the phone that M-PESA names as the payer stays whole,
because it is compared with the payment's. The file is for nobody but the till, and gone when it is recorded.
"""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from pos_app.domain import payment as p
from pos_app.domain.payment import News
from pos_app.sales.ports import PaymentKey

_BY_NAME: dict[str, type[News]] = {kind.__name__: kind for kind in get_args(News)}
_HINTS: dict[str, dict[str, Any]] = {kind.__name__: get_type_hints(kind) for kind in get_args(News)}
# What the next start learns by itself: it asks about every payment that has no answer.
_WORTHLESS = (p.NoAnswer, p.Silence, p.Interrupted)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNews:
    """One news that waits.

    Attributes:
        at: when it came (UTC).
        key: the payment's id, or the SHA-256 of its address token.
        number: the payment's number, where it is known; a database put back meanwhile may have other ids.
        body: as the journal would keep it.
        person: why it could not be recorded, where a person must look at it; otherwise empty.
    """

    at: datetime
    key: PaymentKey
    number: str | None
    news: News
    body: str | None = None
    person: str = ""

    def line(self) -> str:
        """The text, without an end of line."""
        values = {field.name: _plain(getattr(self.news, field.name)) for field in fields(self.news)}
        return json.dumps(
            {
                "news": type(self.news).__name__,
                "at": self.at.isoformat(),
                "key": self.key,
                "number": self.number,
                "says": values,
                "body": self.body,
                "person": self.person,
            }
        )

    @property
    def payment(self) -> str:
        """Which payment it is about, in words."""
        return self.number or (f"number {self.key}" if isinstance(self.key, int) else "unknown")


def worth_keeping(news: News) -> bool:
    """Whether the next start would not learn it by itself."""
    pending = isinstance(news, p.Answer) and news.result is p.Result.PENDING
    return not pending and not isinstance(news, _WORTHLESS)


def read_line(line: str) -> KeptNews:
    """The news of a line.

    Raises:
        ValueError: it is none, or of another version of this program.
    """
    try:
        found = json.loads(line)
        kind, hints = _BY_NAME[found["news"]], _HINTS[found["news"]]
        says = {name: _typed(value, hints[name]) for name, value in found["says"].items()}
        return KeptNews(
            at=datetime.fromisoformat(found["at"]),
            key=found["key"],
            number=found["number"],
            news=kind(**says),
            body=found["body"],
            person=found["person"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError("no news") from error


def for_a_person(line: str, why: str) -> str:
    """The same line, marked as needing a person."""
    return json.dumps(json.loads(line) | {"person": why})


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(value: Any, hint: Any) -> Any:
    """A value as its field has it: JSON knows no decimals, times or names of states."""
    if value is None:
        return None
    for kind in get_args(hint) or (hint,):
        if kind is datetime:
            return datetime.fromisoformat(value)
        if isinstance(kind, type) and issubclass(kind, Decimal | StrEnum):
            return kind(value)
    return value

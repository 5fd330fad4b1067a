"""The receipt, as lines that any medium can set: paper, PDF, screen, plain text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from textwrap import wrap

from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_line import Grant, PaymentLine
from pos_app.domain.phone import mask
from pos_app.domain.plain_text import plain_ascii
from pos_app.domain.strict import upper
from pos_app.domain.unprompted import bound_by, found_by
from pos_app.errors import BadInput

# The shape of every code seen; it catches typing errors and proves nothing. Ten digits alone are a phone.
_CODE = re.compile("(?=[0-9]*[A-Z])[A-Z0-9]{10}")
_NO_RECEIPT = "This payment is not paid, so it has no receipt."
_NAMED = 4  # lines that a message names one by one


@dataclass(frozen=True, slots=True)
class Roll:
    """Receipt paper, and what a print head makes of it: heads are narrower than the paper they print on.

    Attributes:
        paper: width of the roll in mm, by which it is sold.
        head: width that is printed, in mm; 8 dots each.
        columns: characters of a printer's own typeface in a line.
    """

    paper: int
    head: int
    columns: int


ROLLS = {roll.paper: roll for roll in (Roll(paper=80, head=72, columns=48), Roll(paper=58, head=48, columns=32))}
WIDTH = ROLLS[58].columns


class Mark(StrEnum):
    """What is written over and behind a receipt for money that is not real; in Swahili "not a receipt"."""

    NONE = ""
    PRACTICE = "MAZOEZI - SI RISITI"
    SANDBOX = "SANDBOX - SI RISITI"


@dataclass(frozen=True, slots=True)
class Shop:
    """What stands at the head of a receipt.

    Attributes:
        lines: free: street, town, phone, PIN.
        registered: what M-PESA calls the shop on the customer's phone; empty where nobody has said.
    """

    name: str
    lines: tuple[str, ...] = ()
    mark: Mark = Mark.NONE
    registered: str = ""


class Style(StrEnum):
    """How a line is set."""

    TITLE = "title"
    CENTRE = "centre"
    PAIR = "pair"  # label left, value right
    TOTAL = "total"  # a pair that matters most
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a receipt; `value` only where the style is a pair."""

    style: Style
    text: str = ""
    value: str = ""


def typed_code(text: str) -> str | None:
    """M-PESA's receipt code as a person types it, or None where it has not the shape of one."""
    code = upper("".join(text.split()))
    return code if _CODE.fullmatch(code) else None


def receipt_lines(
    shop: Shop, payment: Payment, copy: int = 1, *, code_comes: bool = True, check: str | None = None
) -> list[Line]:
    """The receipt of a paid payment.

    Args:
        copy: which print this is; from the second on the paper says so.
        check: by which the shop knows it again (`receipt_check`); None: it has none.
        code_comes: whether M-PESA can still tell the code of its own, where it is not known. A till that only asks
            never hears it.

    Raises:
        BadInput: the payment is not paid, so there is nothing to give a receipt for.
    """
    if payment.state is not State.PAID or payment.closed_at is None:
        raise BadInput(_NO_RECEIPT)
    body = [
        Line(Style.PAIR, "No", payment.number),
        Line(Style.PAIR, "Date", f"{shop_time(payment.closed_at)} EAT"),
        *(Line(Style.PAIR, _sold_words(line), kes(line.amount)) for line in payment.lines),
        *_total_lines(payment),
        *_refunded_lines(payment),
        *_code_lines(payment, code_comes=code_comes),
        *([Line(Style.PAIR, "Check", check)] if check else []),
        Line(Style.PAIR, "Phone", mask(payment.phone, "xxx")),
        *([Line(Style.PAIR, "Served by", payment.operator)] if payment.operator else []),
        *_access_lines(payment),
        *([Line(Style.CENTRE, "Settled by the owner")] if Remark.BY_OWNER in payment.remarks else []),
        *([Line(Style.CENTRE, f"Bound by {by}")] if (by := bound_by(payment)) else []),
        *([Line(Style.CENTRE, f"Money found by {by}")] if (by := found_by(payment)) else []),
    ]
    return framed(shop, "PAYMENT RECEIPT / RISITI", copy, body)


def framed(shop: Shop, heading: str, copy: int, body: Sequence[Line]) -> list[Line]:
    """What the shop gives a customer: its head, what it is, the body, and thanks; marked where money is not real."""
    lines = [
        Line(Style.TITLE, shop.name),
        *(Line(Style.CENTRE, text) for text in shop.lines),
        Line(Style.RULE),
        Line(Style.CENTRE, heading),
        Line(Style.CENTRE, "Not a tax invoice"),
        *([Line(Style.CENTRE, f"COPY {copy}")] if copy > 1 else []),
        *body,
        Line(Style.RULE),
        Line(Style.CENTRE, "Asante! / Thank you"),
    ]
    mark = [Line(Style.CENTRE, shop.mark)] if shop.mark else []
    return [*mark, *lines, *mark]


def _sold_words(line: PaymentLine) -> str:
    """`Week pass`, or `Tea 2 x 30`."""
    return line.title if line.quantity == 1 else f"{line.title} {line.quantity} x {line.price:,}"


def _total_lines(payment: Payment) -> list[Line]:
    """What was paid; and what was asked, where it is another figure."""
    if payment.received == payment.amount:
        return [Line(Style.TOTAL, "TOTAL", kes(payment.amount))]
    sale = Line(Style.PAIR, "Sale" if payment.rest else "Asked", kes(payment.amount))
    due = [Line(Style.PAIR, "Refund due", kes(payment.rest))] if Remark.REST_DUE in payment.unseen else []
    return [sale, Line(Style.TOTAL, "PAID", kes(payment.received)), *due]


def _refunded_lines(payment: Payment) -> list[Line]:
    return [Line(Style.PAIR, "Refunded", kes(payment.refunded))] if payment.refunded else []


def _code_lines(payment: Payment, *, code_comes: bool) -> list[Line]:
    if payment.receipt:
        return [Line(Style.PAIR, "M-PESA code", payment.receipt)]
    lines = [Line(Style.PAIR, "M-PESA code", "coming" if code_comes else "in your SMS")]
    if payment.receipt_typed:
        lines.append(Line(Style.PAIR, "Code from SMS (not checked)", payment.receipt_typed))
    return lines


def _access_lines(payment: Payment) -> list[Line]:
    if payment.refund_due:
        return [Line(Style.CENTRE, "Paid twice: refund due")]
    if Remark.REFUNDED in payment.remarks:
        return [Line(Style.CENTRE, "Paid twice: refunded")]
    if any(line.grant and line.grant.withdrawn_at for line in payment.lines):
        return [Line(Style.CENTRE, "Access withdrawn")]
    return [
        _access_line(line, line.grant, alone=len(payment.lines) == 1)
        for line in payment.lines
        if line.grant and line.grant.access
    ]


def _access_line(line: PaymentLine, grant: Grant, *, alone: bool) -> Line:
    """What the customer has of a line; named where there are others."""
    name = "Access" if alone else line.title
    if grant.until is None:
        return Line(Style.PAIR, name, "for ever")
    return Line(Style.PAIR, f"{name} until", shop_time(grant.until))


def receipt_message(shop: Shop, payment: Payment, *, code_comes: bool = True, check: str | None = None) -> str:
    """The receipt as a message to the customer: to be sent, or read from a QR code. Short, however much was sold.

    Args:
        code_comes, check: as of `receipt_lines`.

    Raises:
        BadInput: as `receipt_lines`.
    """
    if payment.state is not State.PAID or payment.closed_at is None:
        raise BadInput(_NO_RECEIPT)
    few = len(payment.lines) <= _NAMED
    access = _access_lines(payment) if few or payment.refund_due or Remark.REFUNDED in payment.remarks else []
    details = [
        *_total_lines(payment),
        *_refunded_lines(payment),
        *_code_lines(payment, code_comes=code_comes),
        Line(Style.PAIR, "No", payment.number),
        Line(Style.PAIR, "Date", f"{shop_time(payment.closed_at)} EAT"),
        *([Line(Style.PAIR, "Check", check)] if check else []),
        *access,
    ]
    return "\n".join(
        [
            *([shop.mark] if shop.mark else []),
            shop.name,
            *([line.words for line in payment.lines] if few else [payment.post_title]),
            *(f"{line.text}: {line.value}" if line.value else line.text for line in details),
            "Not a tax invoice. Asante!",
        ]
    )


def ascii_lines(lines: Iterable[Line]) -> list[Line]:
    """The same lines in printable ASCII, for a printer whose letters nobody knows."""
    return [replace(line, text=plain_ascii(line.text), value=plain_ascii(line.value)) for line in lines]


def receipt_text(lines: list[Line], width: int = WIDTH) -> str:
    """The receipt in plain characters, no line longer than `width`."""
    rendered: list[str] = []
    for line in lines:
        rendered += set_line(line, width)
    return "\n".join(rendered) + "\n"


def set_line(line: Line, width: int) -> list[str]:
    """One line of a receipt in plain characters, no part longer than `width`."""
    match line.style:
        case Style.RULE:
            return ["-" * width]
        case Style.TITLE | Style.CENTRE:
            return [part.center(width).rstrip() for part in wrap(line.text, width)]
        case _:  # a pair
            room = width - len(line.value) - 1
            if len(line.text) <= room:
                return [f"{line.text.ljust(room)} {line.value}"]
            return [*wrap(line.text, width), *(part.rjust(width) for part in wrap(line.value, width))]

"""The check value of a receipt: the shop's own is known again, an invented or altered one is not (rule 25)."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.erasure import ErasureKey
from pos_app.domain.payment import State
from pos_app.domain.receipt_check import ReceiptKey, read_value
from pos_app.errors import BadInput
from tests.support.builders import a_payment

KEY = ErasureKey(b"k" * 32).receipts
PAID = a_payment(State.PAID)


def value_of(key: ReceiptKey = KEY) -> str:
    value = key.value(PAID)
    assert value is not None
    return value


def test_a_copy_has_the_same_value_however_it_is_typed() -> None:
    value = value_of()
    assert value == value_of()
    assert KEY.fits(PAID, read_value(f" {value.lower().replace('-', '')}"))
    assert KEY.fits(PAID, read_value(value.replace("0", "o").replace("1", "l")))
    assert "k" * 4 not in repr(KEY)


def test_what_was_printed_before_the_code_came_counts_still() -> None:
    early = KEY.value(replace(PAID, receipt=None))
    assert early
    assert early != value_of()
    assert KEY.fits(PAID, read_value(early))


def test_what_is_not_paid_has_none() -> None:
    for payment in (a_payment(State.PROMPTED), replace(PAID, closed_at=None)):
        assert KEY.value(payment) is None
        assert not KEY.fits(payment, read_value(value_of()))


def test_everything_that_it_is_made_of_counts() -> None:
    assert PAID.closed_at
    others = (
        replace(PAID, number="A-20261123-0043"),
        replace(PAID, amount_paid=PAID.received + 1),
        replace(PAID, closed_at=PAID.closed_at + timedelta(minutes=1)),
        replace(PAID, receipt="UKN4X7Q2ZU"),
    )
    assert not any(KEY.fits(other, read_value(value_of())) for other in others)
    assert not KEY.fits(PAID, read_value(value_of(ErasureKey(b"o" * 32).receipts)))


def test_a_hundred_thousand_altered_receipts_none_is_accepted() -> None:
    chance, own = random.Random(24), read_value(value_of())
    for _ in range(50_000):
        guess = chance.getrandbits(40)
        assert guess == own or not KEY.fits(PAID, guess)
        altered = replace(PAID, number=f"A-20261123-{chance.randrange(43, 10_000):04}")
        assert not KEY.fits(altered, own)


@pytest.mark.parametrize("text", ["", "7K3F-9D2", "7K3F-9D2MX", "7K3F-9D2U", "é" * 8, "7K3F_9D2M"])
def test_what_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput, match="before there were check values has none"):
        read_value(text)

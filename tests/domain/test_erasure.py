"""Erasing a customer (rule 21): the key, what stands in the way, which texts go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.erasure import (
    KEY_BYTES,
    KEY_RANDOM,
    MAX_REASON,
    QUIET,
    ErasureKey,
    hindrance,
    is_plain_code,
    new_key,
    read_key,
    read_reason,
    without_person,
)
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_event import (
    Accepted,
    CodeTaken,
    ManualSettlement,
    NoAnswer,
    OtherRefunded,
    PaymentEvent,
    RefundCodeTaken,
    Refunded,
    Settlement,
    UnreadableCallback,
)
from pos_app.domain.record_event import Difference, RecordDiffers, Recorded, Reversed
from pos_app.errors import BadInput
from tests.support.builders import CHECKOUT, MERCHANT, a_payment, answer, success
from tests.support.fakes import PHONE, START

KEY = ErasureKey(b"k" * KEY_BYTES)
NEW = new_key(b"n" * KEY_RANDOM)
LATER = START + timedelta(seconds=QUIET)
CUT = "ws_CO_23112026140000123…149"


def test_a_number_hashes_to_the_same_by_one_key_only() -> None:
    hashed = KEY.hash(PHONE)
    assert hashed == ErasureKey(b"k" * KEY_BYTES).hash(PHONE)
    assert hashed not in (KEY.hash("254712345678"), ErasureKey(b"l" * KEY_BYTES).hash(PHONE), KEY.fingerprint)
    assert PHONE[-9:] not in hashed
    assert KEY.hash("") != KEY.fingerprint, "each purpose has a domain of its own"


def test_the_key_is_never_shown() -> None:
    assert "k" * 4 not in f"{KEY!r} {KEY}"


def test_a_key_is_read_as_it_is_kept() -> None:
    assert read_key((b"k" * KEY_BYTES).hex()).fingerprint == KEY.fingerprint


@pytest.mark.parametrize("text", ["", "00", "g" * 64, "0" * 65, "AB" * 32])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is damaged"):
        read_key(text)


def test_a_reason_is_kept_in_one_line() -> None:
    assert read_reason("  asked\tfor by letter ", PHONE, "Amina Wanjiru") == "asked for by letter"
    assert read_reason("asked in May 2026", PHONE, None) == "asked in May 2026"


@pytest.mark.parametrize(
    "text",
    [
        "Amina asked",
        "wanjiru, by letter",
        "0708374149",
        "of 0708 374 149",
        "+254 708-374-149",
        "0712 345 678",
        "7 0 8 3 7 4 1 4 9",
        "number 708.374.149",
        "Am\u00edna asked",
        "Wanjiru's letter",
        "070837\u200b4149",
        "\u0660\u0667\u0660\u0668\u0663\u0667\u0664\u0661\u0664\u0669 rang",
    ],
)
def test_a_reason_names_nobody(text: str) -> None:
    with pytest.raises(BadInput, match="must not name the customer"):
        read_reason(text, PHONE, "Amina Wanjiru")


def test_a_reason_is_needed_and_short() -> None:
    with pytest.raises(BadInput, match="needs a reason"):
        read_reason("  ", PHONE, None)
    with pytest.raises(BadInput, match="201 characters"):
        read_reason("x" * (MAX_REASON + 1), PHONE, None)


def test_what_is_over_and_looked_at_stands_in_nobodys_way() -> None:
    assert hindrance(a_payment(State.PAID), LATER) is None
    seen = a_payment(State.PAID, remarks=frozenset({Remark.CONFLICT}), seen=frozenset({Remark.CONFLICT}))
    assert hindrance(seen, LATER) is None


@pytest.mark.parametrize(
    ("payment", "words"),
    [
        (a_payment(State.UNKNOWN), "is still open"),
        (a_payment(State.EXPIRED, next_check_at=LATER), "could be paid yet"),
        (a_payment(State.PAID, remarks=frozenset({Remark.DOUBLE})), "waits for your look"),
    ],
)
def test_what_stands_in_the_way_is_said(payment: Payment, words: str) -> None:
    told = hindrance(payment, LATER)
    assert told
    assert words in told
    assert payment.number in told


def test_rule_13_what_the_guard_still_sees_is_not_erased() -> None:
    told = hindrance(a_payment(State.CANCELLED), LATER - timedelta(seconds=1))
    assert told
    assert "only just over" in told


def test_what_comes_later_is_read_without_the_person() -> None:
    payment = replace(a_payment(State.PAID), checkout_request_id=CHECKOUT)
    callback = without_person(success(payment, detail="from 196.201.214.200"))
    assert callback == replace(success(payment), checkout_request_id=CUT, phone=None)
    assert without_person(success(payment, checkout_request_id=None)).claims.checkout_request_id is None
    assert without_person(Accepted(MERCHANT, CHECKOUT, detail="x")) == Accepted(MERCHANT, CUT)
    assert without_person(answer(payment)) == replace(answer(payment), checkout_request_id=CUT)
    assert without_person(NoAnswer(detail="x")) == NoAnswer()
    assert without_person(UnreadableCallback(detail="x")) == UnreadableCallback()


@pytest.mark.parametrize(
    "event",
    [
        ManualSettlement(Settlement.SEEN, detail="why"),
        Refunded(100, "UKR0000001", False, 1, detail="why"),
        OtherRefunded(detail="of A-20261123-0001"),
        CodeTaken(detail="M-PESA gave it to A-20261123-0001"),
        RefundCodeTaken("UKR0000001", detail="M-PESA gave it to A-20261123-0001"),
        Recorded("UKR0000001", 100, START, detail="statement"),
        Reversed(100, "UKR0000002", detail="statement"),
        RecordDiffers(Difference.MISSING, "", detail="statement"),
    ],
)
def test_what_the_owner_the_till_and_the_record_say_later_stays_whole(event: PaymentEvent) -> None:
    assert without_person(event) is event


@pytest.mark.parametrize("code", ["0", "1032", "500.001.1001", "SFC_IC0003", "withdrawn", "both_meant", "closed"])
def test_codes_stay(code: str) -> None:
    assert is_plain_code(code)


@pytest.mark.parametrize("code", ["708•••149", "2547083", "Amina W.", "0708 374 149", "x" * 41, ""])
def test_what_a_stranger_sent_as_a_code_goes(code: str) -> None:
    assert not is_plain_code(code)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800", "a\x1b[2J"])
def test_a_reason_is_made_of_characters(text: str) -> None:
    with pytest.raises(BadInput, match="a character in it that is none"):
        read_reason(text, PHONE, None)


def test_a_new_key_says_that_its_renewal_seals() -> None:
    assert read_key(NEW).links.seals
    other = "0" if NEW[-1] != "0" else "1"
    assert not read_key(NEW[:-1] + other).links.seals, "one from before says nothing"
    assert not KEY.links.seals
    assert len({NEW, new_key(b"m" * KEY_RANDOM)}) == 2

"""Erased customers in words."""

from dataclasses import replace
from datetime import UTC, date, datetime

from pos_app.domain.retention import Run
from pos_app.messages.erasure import COPIES, erased_words, kept_for, last_run
from pos_app.sales.erasure import ErasedCustomer

ERASED = ErasedCustomer(customer_id=7, stored="erased #7 …678", payments=1, swept=True)
RUN = Run(day=date(2026, 11, 23), till="A", at=datetime(2026, 11, 23, 9, tzinfo=UTC))


def test_what_was_erased_and_what_still_has_the_number() -> None:
    assert erased_words(ERASED) == f"Erased. 1 payment stays, as of erased …678. {COPIES}"
    assert erased_words(replace(ERASED, payments=1_200)).startswith("Erased. 1,200 payments stay, as of")
    assert "unused room" in erased_words(replace(ERASED, swept=False))
    on_a_server = erased_words(replace(ERASED, swept=None))
    assert "server were not looked through" in on_a_server


def test_the_choice() -> None:
    assert kept_for(None) == "Never: customers are kept"
    assert kept_for(12) == "After 12 months without a purchase"


def test_the_last_run() -> None:
    assert last_run(None) == "Nobody was erased by itself yet."
    assert last_run(RUN) == "23 Nov 2026: nobody was erased, so far, by till A."
    assert last_run(replace(RUN, erased=1, done=True)) == "23 Nov 2026: 1 customer was erased, by till A."
    assert last_run(replace(RUN, erased=2_000)) == "23 Nov 2026: 2,000 customers were erased, so far, by till A."

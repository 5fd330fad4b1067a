"""Notes as rows, in both databases: added, emptied, never changed (rule 17)."""

import pytest
import sqlalchemy as sa

from pos_app.domain.note import Note
from pos_app.domain.payment import Payment
from pos_app.errors import Clash
from pos_app.store import tables as t
from tests.store.conftest import Shop
from tests.support.fakes import PHONE, START

OTHER = "254712345678"


@pytest.fixture
def payment(shop: Shop) -> Payment:
    payment = shop.open(shop.post())
    with shop.database.write() as transaction:
        transaction.add_payment_note(payment.id, None, START, "Came back")
        transaction.add_customer_note(PHONE, None, START, "Reads no SMS")
    return payment


@pytest.mark.parametrize(
    "statement",
    [
        t.note.delete(),
        t.note.update().values(text="Never came"),
        t.note.update().values(text="", operator_id=None, payment_id=None, customer_id=1),
        t.note.update().values(at=START),
        t.note.insert().values(at=START, text="about nobody"),
        t.note.insert().values(at=START, text="about both", payment_id=1, customer_id=1),
    ],
)
def test_nobody_changes_a_note_not_even_this_program(shop: Shop, payment: Payment, statement: sa.Executable) -> None:
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction._connection.execute(statement)
    assert shop.reader.payment_notes(payment.id) == [Note(at=START, text="Came back")]
    assert shop.reader.customer_notes(PHONE) == [Note(at=START, text="Reads no SMS")]


def test_the_texts_about_a_customer_can_be_taken_away(shop: Shop, payment: Payment) -> None:
    theirs = shop.open(shop.post("Chai"), OTHER)
    with shop.database.write() as transaction:
        transaction.add_payment_note(theirs.id, None, START, "Another's")
        transaction.empty_notes(payment.customer_id)
    assert shop.reader.payment_notes(payment.id) == [Note(at=START, text="")]
    assert shop.reader.customer_notes(PHONE) == [Note(at=START, text="")]
    assert shop.reader.payment_notes(theirs.id) == [Note(at=START, text="Another's")]


def test_nobody_has_that_phone(shop: Shop) -> None:
    with shop.database.write() as transaction:
        assert transaction.add_customer_note(OTHER, None, START, "Who?") is None
    assert shop.reader.customer_notes(OTHER) == []


@pytest.mark.sqlite
def test_notes_are_found_by_their_indexes(shop: Shop) -> None:
    assert "note USING INDEX ix_note_payment (payment_id=?)" in shop.plan(lambda: shop.reader.payment_notes(1))
    assert "note USING INDEX ix_note_customer (customer_id=?)" in shop.plan(lambda: shop.reader.customer_notes(PHONE))

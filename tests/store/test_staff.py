"""Operators and the audit, in both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from pos_app.domain.audit import AuditLine
from pos_app.domain.operators import Act, Operator, Role
from pos_app.errors import Clash
from pos_app.store import tables as t
from tests.store.conftest import Shop
from tests.support.fakes import START

LINE = AuditLine(at=START, act=Act.POSTS, subject="post 7 price", old="50", new="60")


def add(shop: Shop, name: str = "Amina") -> Operator:
    with shop.database.write() as transaction:
        return transaction.add_operator(name, Role.OPERATOR, "sealed")


def test_an_operator_is_kept_changed_and_never_twice_by_one_name(shop: Shop) -> None:
    amina = add(shop)
    assert shop.reader.operators() == [amina]
    with pytest.raises(Clash, match="There is an operator Amina already"):
        add(shop, "AMINA")
    brian = add(shop, "Brian")
    with shop.database.write() as transaction:
        transaction.change_operator(replace(amina, role=Role.OWNER, active=False))
    assert shop.reader.operators() == [replace(amina, role=Role.OWNER, active=False), brian]


def test_who_was_added_when_less_was_the_same_name_has_it_all_the_same(shop: Shop) -> None:
    """An older program took two ways to write a letter for two names, and has kept what it thought."""
    add(shop, "Jose\u0301")
    with shop.database.write() as transaction:
        transaction._connection.execute(t.operator.update().values(name_key="jose\u0301"))
    with pytest.raises(Clash, match="There is an operator"):
        add(shop, "Jos\u00e9")


def test_a_new_pin_ends_the_count_of_wrong_ones(shop: Shop) -> None:
    amina = add(shop)
    with shop.database.write() as transaction:
        transaction.set_pin_tries(amina.id, "5 2026-11-23T11:00:00+00:00")
    with shop.database.write() as transaction:
        assert transaction.pin_tries(amina.id) == "5 2026-11-23T11:00:00+00:00"
        transaction.set_pin(amina.id, "another")
        assert transaction.pin_tries(amina.id) is None
    assert (shop.reader.pin_of(amina.id), shop.reader.pin_of(99)) == ("another", None)


def test_a_payment_names_who_charged(shop: Shop) -> None:
    amina, post = add(shop), shop.post()
    with shop.database.write() as transaction:
        served = transaction.add_payment(replace(shop.new(post), operator_id=amina.id))
    assert served.operator == "Amina"
    assert shop.get(served.id).operator == "Amina"
    assert shop.open(post).operator is None
    assert "Amina" in shop.reader.names()


def test_the_audit_is_read_newest_first_with_names(shop: Shop) -> None:
    amina = add(shop)
    hers = replace(LINE, operator_id=amina.id, role=Role.OWNER, owner=True, old=None, new=None)
    with shop.database.write() as transaction:
        transaction.add_audit([])
        transaction.add_audit([LINE, hers])
    assert shop.reader.audit(9) == [replace(hers, operator="Amina"), LINE]
    assert shop.reader.audit(1) == [replace(hers, operator="Amina")]


@pytest.mark.parametrize("statement", [t.audit.delete(), t.audit.update().values(new="49")])
def test_nobody_edits_the_audit_not_even_this_program(shop: Shop, statement: sa.UpdateBase) -> None:
    with shop.database.write() as transaction:
        transaction.add_audit([LINE])
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), shop.engines.writer.begin() as connection:
        connection.execute(statement)
    assert shop.reader.audit(9) == [LINE]

"""The key for the hashes of erased numbers: one for a shop, made once, whoever is first."""

from datetime import timedelta

import pytest

from pos_app.domain.erasure import KEY_SETTING, ErasureKey
from pos_app.errors import BadInput
from pos_app.sales.erasure_key import NoErasureKeys, ShopKey
from tests.support.fakes import KeysInMemory
from tests.support.till_harness import TillHarness

THEIRS, OTHER = ErasureKey(b"t" * 32), ErasureKey(b"o" * 32)


class Shop:
    """Two computers' keys for one database."""

    def __init__(self, harness: TillHarness) -> None:
        self._harness = harness
        self.keys = KeysInMemory()
        self.key = self.on(self.keys)

    def on(self, keys: KeysInMemory) -> ShopKey:
        till = self._harness.till
        return ShopKey(till.reader, till.writer, self._harness.clock, keys)

    def known(self) -> str | None:
        return self._harness.till.reader.setting(KEY_SETTING)

    def know(self, value: str) -> None:
        self._harness.till.writer.run(lambda transaction: transaction.set_setting(KEY_SETTING, value))

    def use(self, key: ShopKey) -> ErasureKey:
        """As somebody is erased."""
        found, settle = key.find_or_make()
        self._harness.till.writer.run(settle)
        return found


@pytest.fixture
def shop(harness: TillHarness) -> Shop:
    return Shop(harness)


def test_the_first_key_is_made_and_stays(shop: Shop) -> None:
    assert shop.key.find() is None
    first = shop.use(shop.key)
    assert shop.known() == first.fingerprint
    assert shop.use(shop.key).fingerprint == first.fingerprint
    assert shop.keys.made == 1
    found = shop.key.find()
    assert found
    assert found.fingerprint == first.fingerprint


def test_a_key_that_is_there_already_becomes_the_shops(shop: Shop) -> None:
    assert shop.use(shop.on(KeysInMemory(THEIRS))) is THEIRS
    assert shop.known() == THEIRS.fingerprint


def test_a_till_without_the_key_erases_nobody(shop: Shop) -> None:
    shop.use(shop.on(KeysInMemory(THEIRS)))
    for ask in (shop.key.find, shop.key.find_or_make):
        with pytest.raises(BadInput, match="is not on this computer"):
            ask()
    assert shop.keys.made == 0


def test_a_till_with_another_key_erases_nobody(shop: Shop) -> None:
    shop.use(shop.on(KeysInMemory(THEIRS)))
    other = shop.on(KeysInMemory(OTHER))
    for ask in (other.find, lambda: shop.use(other)):
        with pytest.raises(BadInput, match="is another one on this computer"):
            ask()
    assert shop.known() == THEIRS.fingerprint


def test_two_tills_do_not_make_two(shop: Shop, harness: TillHarness) -> None:
    made, settle = shop.key.find_or_make()  # and not used yet
    second = KeysInMemory()
    with pytest.raises(BadInput, match="just making"):
        shop.on(second).find_or_make()
    assert second.made == 0
    assert shop.key.find() is None
    harness.till.writer.run(settle)
    assert shop.known() == made.fingerprint


def test_whoever_ended_in_the_middle_is_not_waited_for(shop: Shop, harness: TillHarness) -> None:
    _, settle = shop.key.find_or_make()
    harness.clock.advance(timedelta(minutes=3).total_seconds())
    second = shop.on(KeysInMemory())
    later, settle_later = second.find_or_make()
    with pytest.raises(BadInput, match="just making"):
        harness.till.writer.run(settle)
    harness.till.writer.run(settle_later)
    assert shop.known() == later.fingerprint
    with pytest.raises(BadInput, match="another one"):
        harness.till.writer.run(settle)


def test_what_was_made_and_not_used_is_used_later(shop: Shop) -> None:
    made, _ = shop.key.find_or_make()
    assert shop.use(shop.key) is made
    assert shop.known() == made.fingerprint


def test_it_was_settled_while_it_was_claimed(shop: Shop) -> None:
    shop.know("making 2026-11-23T10:00:00+00:00")
    shop.know(THEIRS.fingerprint)
    with pytest.raises(BadInput, match="is not on this computer"):
        shop.key.find_or_make()


def test_where_no_key_can_be_kept_nobody_is_erased() -> None:
    none = NoErasureKeys()
    assert none.get() is None
    assert none.text() == ""
    assert none.aside() == ""
    for refused in (none.make, none.draw, lambda: none.keep("ab" * 32), lambda: none.set_aside("ab" * 32)):
        with pytest.raises(BadInput, match="no place for the key"):
            refused()

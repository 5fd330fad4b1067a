"""The shop's key is renewed: all lines from before are sealed by that; who is ended in the middle loses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from pos_app.domain.audit import CHANGED, audit_line
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.erasure import KEY_SETTING, ErasureKey, read_key
from pos_app.domain.operators import Act, Actor, Role
from pos_app.domain.renewal_seal import read_renewal
from pos_app.errors import BadInput, CannotSave, OwnerNeeded, PosError, SettingsError
from pos_app.sales.authority import Staff
from pos_app.sales.build import build_key_renewal, build_links
from pos_app.sales.erasure_key import NoErasureKeys, find_key
from pos_app.sales.key_renewal import KeyRenewal
from pos_app.sales.links import Links
from pos_app.sales.ports import Transaction
from pos_app.sales.till import Till
from pos_app.store.seal_table import seal_block
from tests.sales.test_erasure import WHY, books_of, erase, paid
from tests.sales.test_links import act, begin
from tests.support.builders import end
from tests.support.builders import sell as prompted
from tests.support.fakes import PHONE, START, KeysInMemory
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness


@pytest.fixture
def keys(harness: TillHarness) -> KeysInMemory:
    return harness.keys


@pytest.fixture
def links(harness: TillHarness, keys: KeysInMemory) -> Links:
    return build_links(books_of(harness), keys)


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Week pass", 250, 7))


@pytest.fixture
def renewal(harness: TillHarness, keys: KeysInMemory, post: Post) -> KeyRenewal:
    assert post  # added by anybody, as there is no owner yet
    harness.till.authority.passphrase.choose(PASSPHRASE)
    return build_key_renewal(books_of(harness), harness.till.authority, keys)


def renewed_line(harness: TillHarness) -> str | None:
    return next(line.new for line in harness.till.reader.audit(99) if line.act is Act.KEYS)


def kept_blocks(harness: TillHarness) -> int:
    seal = read_renewal(renewed_line(harness))
    assert seal
    return harness.till.writer.run(lambda transaction: transaction.kept_seal_blocks(seal.name))


def test_what_was_linked_before_is_sealed(harness: TillHarness, links: Links, renewal: KeyRenewal) -> None:
    begin(harness, links)
    act(harness)
    told: list[int] = []
    sealed = renewal.renew(PASSPHRASE, told.append)
    act(harness)
    found = links.verify()
    assert (found.whole, found.renewed, found.broken) == (True, sealed, ())
    assert kept_blocks(harness) == 1
    assert told == [], "all of it is few enough for one step"
    begin(harness, links)
    act(harness)
    assert links.verify().whole
    assert renewal.renew(PASSPHRASE) == sealed + 3
    found = links.verify()
    assert (found.whole, found.renewed) == (True, sealed + 3)


class TestMoreThanABlock:
    @pytest.fixture(autouse=True)
    def _many(self, harness: TillHarness, links: Links) -> None:
        begin(harness, links)
        line = audit_line(Actor(), Act.CHARGE, START, "A-1", "KES 250")
        harness.till.writer.run(lambda transaction: transaction.add_audit([line] * 1_100))

    def test_the_first_are_kept_beside_the_tills(self, links: Links, renewal: KeyRenewal) -> None:
        told: list[int] = []
        sealed = renewal.renew(PASSPHRASE, told.append)
        assert (told, sealed > 1_100) == ([999], True)
        found = links.verify()
        assert (found.whole, found.renewed) == (True, sealed)

    def test_whoever_ends_it_leaves_no_block(
        self, harness: TillHarness, links: Links, keys: KeysInMemory, renewal: KeyRenewal
    ) -> None:
        before = keys.key

        def end_it(_: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            renewal.renew(PASSPHRASE, end_it)
        harness.till.writer.run(lambda _: None)  # behind what takes them away
        with harness.database._engines.reader.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(seal_block)) == 0
        assert keys.key is before
        assert links.verify().whole


def test_the_audit_says_so_and_the_hash_of_before_answers_nothing(
    harness: TillHarness, post: Post, renewal: KeyRenewal
) -> None:
    paid(harness, post)
    erase(harness)
    renewal.renew(PASSPHRASE)
    line = harness.till.reader.audit(1)[0]
    assert (line.act, line.subject, line.owner) == (Act.KEYS, "setting erasure_key", True)
    assert (line.new or "").startswith(CHANGED)
    assert harness.till.erasure.when_erased(PHONE, PASSPHRASE) == [], "what was hashed before cannot be answered"
    paid(harness, post, 2)
    erase(harness)
    assert len(harness.till.erasure.when_erased(PHONE, PASSPHRASE)) == 1


@pytest.mark.parametrize("linked", [True, False])
def test_who_is_erased_before_and_behind_leaves_it_whole(
    harness: TillHarness, links: Links, post: Post, renewal: KeyRenewal, linked: bool
) -> None:
    """Also of lines that are from before there were links, whose texts are hashed with the key."""
    if linked:
        begin(harness, links)
    paid(harness, post)
    paid(harness, post, 2, "254711000222")
    begin(harness, links)
    harness.till.erasure.erase(PHONE, WHY, PASSPHRASE)
    renewal.renew(PASSPHRASE)
    harness.till.erasure.erase("254711000222", WHY, PASSPHRASE)
    found = links.verify()
    assert (found.whole, found.broken) == (True, ())
    assert (found.sealed > 6) is not linked


@pytest.mark.parametrize("lost", [False, True])
def test_the_renewals_own_line_is_linked_by_a_command_also_where_the_key_is_lost(
    harness: TillHarness, links: Links, keys: KeysInMemory, renewal: KeyRenewal, lost: bool
) -> None:
    begin(harness, links)
    act(harness)
    if lost:
        keys.key = None
    harness.database.link_lines("A", links.find)  # as a command does, which looks for the key when it writes
    renewal.renew(PASSPHRASE)
    act(harness)
    found = links.verify()
    assert (found.broken, found.whole) == ((), True)
    assert found.lines == len(harness.till.reader.audit(99)) - found.sealed


class TestMeanwhile:
    """What others do while the lines are stamped."""

    @pytest.fixture(autouse=True)
    def _begun(self, harness: TillHarness, links: Links) -> None:
        begin(harness, links)
        act(harness)

    def meanwhile(self, monkeypatch: pytest.MonkeyPatch, keys: KeysInMemory, *jobs: Any) -> None:
        """Done one after the other, each time that a renewal has added up what it could, and is about to write."""
        left, set_aside = list(jobs), keys.set_aside

        def after_the_job(text: str) -> None:
            set_aside(text)
            if left and text:
                left.pop(0)()

        monkeypatch.setattr(keys, "set_aside", after_the_job)

    def test_lines_of_other_tills_are_sealed_with_the_rest(
        self,
        harness: TillHarness,
        links: Links,
        keys: KeysInMemory,
        renewal: KeyRenewal,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.meanwhile(monkeypatch, keys, lambda: act(harness))
        before = len(harness.till.reader.audit(99))
        assert renewal.renew(PASSPHRASE) == before + 1
        assert links.verify().whole

    def test_who_is_erased_meanwhile_makes_it_begin_anew(
        self, harness: TillHarness, links: Links, keys: KeysInMemory, renewal: KeyRenewal, post: Post,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        paid(harness, post)
        self.meanwhile(monkeypatch, keys, lambda: erase(harness))
        renewal.renew(PASSPHRASE)
        assert links.verify().whole
        assert kept_blocks(harness) == 2

    def test_where_that_goes_on_nothing_is_changed(
        self, harness: TillHarness, links: Links, keys: KeysInMemory, renewal: KeyRenewal, post: Post,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        phones = ["254711000222", "254711000223", "254711000224"]
        for number, phone in enumerate(phones):
            paid(harness, post, number, phone)
        known, jobs = (
            harness.till.reader.setting(KEY_SETTING),
            [lambda phone=phone: erase(harness, phone) for phone in phones],
        )
        self.meanwhile(monkeypatch, keys, *jobs)
        with pytest.raises(BadInput, match="The shop's key is as it was"):
            renewal.renew(PASSPHRASE)
        assert harness.till.reader.setting(KEY_SETTING) == known
        assert links.verify().whole

    def test_of_two_that_renew_at_once_one_does(
        self, harness: TillHarness, keys: KeysInMemory, renewal: KeyRenewal,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        others = KeysInMemory()
        other = build_key_renewal(books_of(harness), harness.till.authority, others)
        self.meanwhile(monkeypatch, keys, lambda: other.renew(PASSPHRASE))
        with pytest.raises(BadInput, match="renewed by somebody else meanwhile"):
            renewal.renew(PASSPHRASE)
        found = build_links(books_of(harness), others).verify()
        assert (found.whole, found.broken) == (True, ())

    def test_whoever_ends_it_leaves_nothing(
        self,
        harness: TillHarness,
        links: Links,
        keys: KeysInMemory,
        renewal: KeyRenewal,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def end_it() -> None:
            raise KeyboardInterrupt

        self.meanwhile(monkeypatch, keys, end_it)
        before = keys.key
        with pytest.raises(KeyboardInterrupt):
            renewal.renew(PASSPHRASE)
        assert keys.key == before
        act(harness)
        assert links.verify().whole


class TestEndedInBetween:
    """The process is gone after the new key was put aside: before the database says so, or after."""

    def renew_and_die(
        self, renewal: KeyRenewal, keys: KeysInMemory, monkeypatch: pytest.MonkeyPatch, *, saved: bool
    ) -> None:
        """`saved`: the transaction is done, and the new key was not kept in its place any more."""
        set_aside, keep = keys.set_aside, keys.keep

        def refuse(text: str) -> None:
            raise SettingsError("The keyring is locked.")

        def ends(text: str) -> None:
            set_aside(text)
            raise KeyboardInterrupt

        monkeypatch.setattr(keys, "keep", refuse)
        if saved:
            renewal.renew(PASSPHRASE)
        else:
            monkeypatch.setattr(keys, "set_aside", ends)
            with pytest.raises(KeyboardInterrupt):
                renewal.renew(PASSPHRASE)
        monkeypatch.setattr(keys, "keep", keep)
        monkeypatch.setattr(keys, "set_aside", set_aside)

    def test_before_the_shop_has_its_key_from_before(
        self,
        harness: TillHarness,
        links: Links,
        keys: KeysInMemory,
        renewal: KeyRenewal,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        begin(harness, links)
        before = keys.get()
        self.renew_and_die(renewal, keys, monkeypatch, saved=False)
        assert keys.aside()
        assert find_key(harness.till.reader, keys) is before
        act(harness)
        assert links.verify().whole

    def test_after_it_the_new_one_is_found_where_it_was_put(
        self,
        harness: TillHarness,
        links: Links,
        keys: KeysInMemory,
        renewal: KeyRenewal,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        begin(harness, links)
        before = keys.get()
        self.renew_and_die(renewal, keys, monkeypatch, saved=True)
        assert keys.get() is before
        new = read_key(keys.aside())
        begin(harness, links)
        found = keys.get()
        assert found
        assert found.fingerprint == new.fingerprint
        assert keys.aside() == ""
        assert links.verify().whole

    def test_what_was_put_aside_and_is_not_the_shops_is_not_taken(
        self, harness: TillHarness, links: Links, keys: KeysInMemory
    ) -> None:
        begin(harness, links)
        other = KeysInMemory(ErasureKey(b"o" * 32))
        other.set_aside("ab" * 32)
        with pytest.raises(BadInput, match="another one"):
            find_key(harness.till.reader, other)


class TestRefused:
    def test_a_new_one_that_is_not_saved_leaves_the_old_one(
        self, harness: TillHarness, post: Post, renewal: KeyRenewal
    ) -> None:
        till = harness.till
        with refusing(till), pytest.raises(PosError):
            renewal.renew(PASSPHRASE)
        paid(harness, post)
        erase(harness)
        before = till.erasure.show_key(PASSPHRASE)
        with refusing(till), pytest.raises(PosError):
            renewal.renew(PASSPHRASE)
        assert till.erasure.show_key(PASSPHRASE) == before

    def test_it_is_behind_the_passphrase_also_of_a_signed_in_owner(
        self, harness: TillHarness, renewal: KeyRenewal
    ) -> None:
        hire(harness.till)
        stand(harness.till, Role.OWNER)
        with pytest.raises(BadInput, match="passphrase"):
            renewal.renew("")

    def test_where_no_key_can_be_kept_nothing_is_stamped(self, harness: TillHarness, renewal: KeyRenewal) -> None:
        nowhere = build_key_renewal(books_of(harness), harness.till.authority, NoErasureKeys())
        with pytest.raises(BadInput, match="no place for the key"):
            nowhere.renew(PASSPHRASE)
        harness.till.writer.saving = False
        with pytest.raises(CannotSave):
            renewal.renew(PASSPHRASE)

    def test_one_that_is_not_saved_leaves_the_key_to_link_by(self, harness: TillHarness, links: Links) -> None:
        begin(harness, links)

        def fail(transaction: Transaction) -> None:
            transaction.link_with(ErasureKey(b"n" * 32).links)
            raise BadInput("no")

        with pytest.raises(BadInput):
            harness.till.writer.run(fail)
        act(harness)
        assert links.verify().whole


def test_a_receipt_from_before_is_not_called_invented(
    harness: TillHarness, links: Links, post: Post, renewal: KeyRenewal
) -> None:
    sold = end(harness, prompted(harness, post), "0")
    key = links.begin()
    assert key
    value = key.receipts.value(sold)
    assert value
    renewal.renew(PASSPHRASE)
    with pytest.raises(BadInput, match="was renewed after that payment"):
        links.is_genuine(sold, value)
    harness.clock.advance(1)
    later = end(harness, prompted(harness, post, "0708374149", token="other"), "0")
    assert not links.is_genuine(later, "0000-0000")
    new = links.begin()
    assert new
    printed_again = new.receipts.value(sold)
    assert printed_again
    assert links.is_genuine(sold, printed_again)


@contextmanager
def refusing(till: Till) -> Iterator[None]:
    """Whoever proves to be the owner is the owner no more when it is saved."""
    admit = till.authority.admit

    def refuse(staff: Staff, *asked: Any, **more: Any) -> Actor:
        if staff is till.reader:
            return admit(staff, *asked, **more)
        raise OwnerNeeded("not any more")

    till.authority.admit = refuse  # type: ignore[method-assign]
    yield
    till.authority.admit = admit  # type: ignore[method-assign]

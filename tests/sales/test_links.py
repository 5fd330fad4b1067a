"""Lines are linked from a till's first start on; what was there before is sealed, and the owner seals what came without
the key (rule 24).
"""

import threading

import pytest

from pos_app.domain.catalogue import draft_post
from pos_app.domain.close_sum import CloseSeal
from pos_app.domain.erasure import KEY_SETTING, ErasureKey
from pos_app.domain.links import HeadCode
from pos_app.domain.operators import Act
from pos_app.domain.verification import Wrong
from pos_app.errors import BadInput, CannotSave, SettingsError
from pos_app.sales import links as module
from pos_app.sales.build import build_links
from pos_app.sales.links import CLOSES, SETTING, Links, SealingRun, _begin, find_link_key
from pos_app.sales.ports import Transaction
from tests.sales.test_erasure import books_of
from tests.support.builders import end
from tests.support.builders import sell as prompted
from tests.support.fakes import START, KeysInMemory
from tests.support.staff import PASSPHRASE
from tests.support.till_harness import TillHarness


class KeysNowhere(KeysInMemory):
    """As where secrets are forgotten with the run."""

    def make(self) -> ErasureKey:
        raise SettingsError("It cannot be kept.")


@pytest.fixture
def keys() -> KeysInMemory:
    return KeysInMemory()


@pytest.fixture
def links(harness: TillHarness, keys: KeysInMemory) -> Links:
    return build_links(books_of(harness), keys)


def begin(harness: TillHarness, links: Links) -> None:
    """As a till does when it opens."""
    key = links.begin()
    link_key = key.links if key else None
    harness.database.link_lines("A", lambda: link_key)
    run = SealingRun(links, link_key)
    run.start()
    run.stop()


def act(harness: TillHarness) -> None:
    """Something that has its line in the audit."""
    harness.till.audit.reveal("A-20261123-0001")


def test_a_new_shop_is_linked_from_its_first_line_on(harness: TillHarness, links: Links) -> None:
    begin(harness, links)
    assert harness.till.reader.setting(SETTING) == "0 0"
    act(harness)
    found = links.verify()
    assert (found.whole, found.lines, found.sealed) == (True, 1, 0)


def test_what_was_there_before_is_sealed_at_once_where_that_is_little(
    harness: TillHarness, links: Links, keys: KeysInMemory
) -> None:
    act(harness)
    begin(harness, links)
    act(harness)
    found = links.verify()
    assert (found.whole, found.unsealed, keys.made) == (True, 0, 1)
    assert found.sealed == 1
    [seal] = [line for line in harness.till.reader.audit(9) if line.act is Act.SEAL]
    assert (seal.operator, seal.owner) == (None, False)
    begin(harness, links)
    assert [line for line in harness.till.reader.audit(99) if line.act is Act.SEAL] == [seal]


def test_who_writes_that_a_seal_is_due_has_nothing_sealed(harness: TillHarness, links: Links) -> None:
    """A stranger's line, and then the hint that the next till believes."""
    begin(harness, links)
    act(harness)
    harness.database.link_lines("A", lambda: None)
    act(harness)
    last = harness.till.reader.last_lines()
    harness.till.writer.run(lambda transaction: transaction.set_setting(SETTING, f"{last.event} {last.audit} due"))
    begin(harness, links)
    assert {broken.what for broken in links.verify().broken} == {Wrong.UNLINKED}


class TestALongHistory:
    @pytest.fixture(autouse=True)
    def _long(self, harness: TillHarness, links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "FEW", 0)
        monkeypatch.setattr(module, "BETWEEN", 0.0)
        act(harness)
        begin(harness, links)
        monkeypatch.setattr(module, "FIRST", 0.0)

    def test_is_sealed_beside_the_till(self, links: Links) -> None:
        assert links.verify().unsealed == 1
        run = SealingRun(links, links.find())
        run.start()
        run._thread.join(10)
        run.stop()
        found = links.verify()
        assert (found.whole, found.unsealed) == (True, 0)
        assert found.sealed == 1
        SealingRun(links, links.find()).start()  # nothing is left to do
        SealingRun(links, None).start()

    def test_a_till_that_closes_meanwhile_leaves_it_for_the_next_start(
        self, links: Links, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = links.verify()
        key = links.find()
        assert key
        links.seal_due(key, lambda: True)
        assert links.verify() == before
        run = SealingRun(links, key)
        run.stop()
        run._run()
        assert links.verify() == before
        asleep = SealingRun(links, key)
        monkeypatch.setattr(module, "FIRST", 60.0)
        asleep.start()
        asleep.stop()
        assert not asleep._thread.is_alive()

    def test_a_run_that_fails_is_logged_and_tried_again_later(
        self, harness: TillHarness, links: Links, caplog: pytest.LogCaptureFixture
    ) -> None:
        harness.till.writer.saving = False
        SealingRun(links, links.find())._run()
        assert "could not be sealed" in caplog.text

    def test_the_owner_may_be_faster(self, harness: TillHarness, links: Links) -> None:
        harness.till.authority.passphrase.choose(PASSPHRASE)
        key = links.find()
        assert key

        def meanwhile() -> bool:
            links.seal(harness.till.authority, PASSPHRASE)
            return False

        links.seal_due(key, meanwhile)
        found = links.verify()
        assert (found.whole, found.unsealed) == (True, 0)

    def test_the_next_start_seals_what_is_due(
        self, harness: TillHarness, links: Links, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "FEW", 1_000)
        begin(harness, links)
        assert links.verify().whole

    def test_what_cannot_be_sealed_at_once_waits(
        self, harness: TillHarness, links: Links, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(module, "FEW", 1_000)
        harness.till.writer.saving = False
        SealingRun(links, links.find()).start()
        assert "could not be sealed" in caplog.text
        assert links.verify().unsealed == 1


class TestClosesFromBefore:
    """The upgrade has left a note of them."""

    @pytest.fixture(autouse=True)
    def _closed(self, harness: TillHarness) -> None:
        end(harness, prompted(harness, harness.till.catalogue.add(draft_post("Tea", 30))), "0")
        harness.till.writer.run(_close_unbound)

    def test_are_sealed_at_the_start(self, harness: TillHarness, links: Links) -> None:
        begin(harness, links)
        found = links.verify()
        assert (found.whole, found.closes, found.unsealed_closes) == (True, 1, 0)
        assert harness.till.reader.setting(CLOSES) == "1"
        seals = [line for line in harness.till.reader.audit(99) if line.act is Act.SEAL]
        assert seals[0].subject == "closes from before"
        begin(harness, links)
        links.seal_closes_due()
        assert [line for line in harness.till.reader.audit(99) if line.act is Act.SEAL] == seals, "once"

    def test_beside_the_till_where_they_are_many(
        self, harness: TillHarness, links: Links, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "FEW", 0)
        monkeypatch.setattr(module, "BETWEEN", 0.0)
        monkeypatch.setattr(module, "FIRST", 60.0)
        begin(harness, links)
        assert links.verify().unsealed_closes == 1
        monkeypatch.setattr(module, "FIRST", 0.0)
        run = SealingRun(links, links.find())
        run.start()
        run._thread.join(10)
        run.stop()
        assert links.verify().whole

    def test_two_tills_seal_once(self, harness: TillHarness, links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
        links.begin()
        reader = links._reader
        seal_of_closes = reader.seal_of_closes

        def meanwhile(until: int) -> CloseSeal:
            monkeypatch.undo()
            links.seal_closes_due()
            return seal_of_closes(until)

        monkeypatch.setattr(reader, "seal_of_closes", meanwhile)
        links.seal_closes_due()
        assert len([line for line in harness.till.reader.audit(99) if line.act is Act.SEAL]) == 1


def _close_unbound(transaction: Transaction) -> None:
    number = transaction.close_day(transaction.open_day(START), "A", None, owner=False)
    transaction.set_setting(CLOSES, f"{number} due")


class TestWithoutTheKey:
    def test_money_is_recorded_all_the_same_and_nothing_is_whole(
        self, harness: TillHarness, caplog: pytest.LogCaptureFixture
    ) -> None:
        links = build_links(books_of(harness), KeysNowhere())
        for _ in range(2):  # the next start is not told that somebody is just making it
            begin(harness, links)
            assert "It cannot be kept" in caplog.text
            caplog.clear()
        act(harness)
        with pytest.raises(BadInput, match="cannot be verified here"):
            links.verify()
        assert links.find() is None
        other = build_links(books_of(harness), KeysInMemory())
        assert other.begin()

    def test_a_till_with_another_key_links_nothing(self, harness: TillHarness, links: Links) -> None:
        begin(harness, links)
        other = build_links(books_of(harness), KeysInMemory(ErasureKey(b"o" * 32)))
        assert other.begin() is None
        assert find_link_key(harness.till.reader, KeysInMemory(ErasureKey(b"o" * 32))) is None

    def test_a_claim_that_another_till_has_taken_over_is_left_to_it(self, harness: TillHarness) -> None:
        till = harness.till

        class KeysTaken(KeysNowhere):
            def make(self) -> ErasureKey:
                till.writer.run(lambda transaction: transaction.set_setting(KEY_SETTING, "of another"))
                return super().make()

        assert build_links(books_of(harness), KeysTaken()).begin() is None
        assert till.reader.setting(KEY_SETTING) == "of another"

    def test_the_owner_seals_what_came_meanwhile(self, harness: TillHarness, links: Links) -> None:
        begin(harness, links)
        act(harness)
        harness.database.link_lines("A", lambda: None)
        act(harness)
        begin(harness, links)
        assert {broken.what for broken in links.verify().broken} == {Wrong.UNLINKED}
        authority = harness.till.authority
        authority.passphrase.choose(PASSPHRASE)
        with pytest.raises(BadInput, match="Type the owner's passphrase"):
            links.seal(authority, "")
        assert links.seal(authority, PASSPHRASE) == 1
        assert links.verify().whole
        assert links.seal(authority, PASSPHRASE) == 0
        [seal] = [line for line in harness.till.reader.audit(99) if line.act is Act.SEAL]
        assert seal.owner

    def test_two_owners_at_once_seal_once(
        self, harness: TillHarness, links: Links, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin(harness, links)
        harness.database.link_lines("A", lambda: None)
        act(harness)
        authority = harness.till.authority
        authority.passphrase.choose(PASSPHRASE)
        sum_up = links.sum_up
        again = threading.local()

        def slowly(*asked: object) -> object:
            if not hasattr(again, "done"):
                again.done = True
                links.seal(authority, PASSPHRASE)
            return sum_up(*asked)  # type: ignore[arg-type]

        monkeypatch.setattr(links, "sum_up", slowly)
        with pytest.raises(BadInput, match="meanwhile"):
            links.seal(authority, PASSPHRASE)

    def test_what_cannot_be_saved_does_not_stop_the_till(self, harness: TillHarness, links: Links) -> None:
        harness.till.writer.saving = False
        assert links.begin() is None
        with pytest.raises(CannotSave):
            harness.till.writer.check_saving()


def test_a_head_that_was_printed_is_looked_for(harness: TillHarness, links: Links) -> None:
    begin(harness, links)
    act(harness)
    [head] = harness.till.reader.heads()
    assert links.verify([head.code]).whole
    [broken] = links.verify([HeadCode("A", head.seq + 5, 0)]).broken
    assert (broken.what, broken.line) == (Wrong.CUT, head.seq + 1)


def test_of_two_tills_that_begin_at_once_one_begins(harness: TillHarness, links: Links) -> None:
    begin(harness, links)
    harness.till.writer.run(lambda transaction: _begin(transaction, lambda _: None))
    assert harness.till.reader.setting(SETTING) == "0 0"


def test_a_receipt_is_known_again(harness: TillHarness, links: Links) -> None:
    paid = end(harness, prompted(harness, harness.till.catalogue.add(draft_post("Tea", 30))), "0")
    with pytest.raises(BadInput, match="cannot be verified here"):
        links.is_genuine(paid, "7K3F-9D2M")
    key = links.begin()
    assert key
    value = key.receipts.value(paid)
    assert value
    assert links.is_genuine(paid, value)
    assert not links.is_genuine(paid, "0000-0000")

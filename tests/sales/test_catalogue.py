"""The shop's posts."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.catalogue import TRIAL, PostDraft, draft_post
from pos_app.domain.operators import Act
from pos_app.errors import BadInput, CannotSave, OwnerNeeded
from pos_app.sales.attempts import TRIES
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.catalogue_door import UNLOCKED
from pos_app.sales.till import Till
from pos_app.sales.write_queue import GroupWriter
from tests.support.builders import BreakableStore
from tests.support.till_harness import TillHarness

WIFI = draft_post("Wi-Fi month", 900, 30, favourite=1, barcode="111")
SHOWER = draft_post("Hot shower", 100, 0, favourite=2)


def fields(post: PostDraft) -> tuple[object, ...]:
    return post.title, post.price, post.days, post.favourite, post.barcode, post.active


def test_a_post_is_added_and_listed(till: Till) -> None:
    added = till.catalogue.add(WIFI)
    assert added.id == 1
    assert fields(added) == fields(WIFI)
    assert till.catalogue.posts() == [added]


def test_a_post_is_changed_in_all_its_fields_and_keeps_its_id(till: Till) -> None:
    till.catalogue.add(WIFI)
    after = draft_post("Wi-Fi week", 300, 7, favourite=3, barcode="333", active=False)
    changed = till.catalogue.change(1, after)
    assert (changed.id, fields(changed)) == (1, fields(after))
    assert till.catalogue.posts() == [changed]


@pytest.mark.parametrize("other", [draft_post("B", 1, favourite=1), draft_post("B", 1, barcode="111")])
def test_a_key_or_barcode_of_another_post_is_refused_in_words(till: Till, other: PostDraft) -> None:
    wifi, shower = till.catalogue.add_all([WIFI, SHOWER])
    with pytest.raises(BadInput, match="Wi-Fi month"):
        till.catalogue.add(other)
    with pytest.raises(BadInput, match="Wi-Fi month"):
        till.catalogue.change(shower.id, other)
    assert till.catalogue.posts() == [wifi, shower]


def test_a_post_may_keep_its_own_key(till: Till) -> None:
    till.catalogue.add(WIFI)
    assert till.catalogue.change(1, draft_post("Wi-Fi", 1, favourite=1, barcode="111")).title == "Wi-Fi"


def test_an_import_is_all_or_nothing(till: Till) -> None:
    with pytest.raises(BadInput, match="Key 1 already picks"):
        till.catalogue.add_all([WIFI, SHOWER, draft_post("Third", 50, favourite=1)])
    assert till.catalogue.posts() == []


def test_a_post_that_is_not_there_cannot_be_changed(till: Till) -> None:
    with pytest.raises(BadInput, match="no post 99"):
        till.catalogue.change(99, WIFI)


def test_rule_11_a_post_that_cannot_be_saved_is_not_there(harness: TillHarness) -> None:
    store = BreakableStore(harness.database)
    writer = GroupWriter(store, harness.clock, retry=0.001)
    writer.start()
    store.broken = True
    with pytest.raises(CannotSave):
        Catalogue(harness.till.reader, writer, harness.clock, harness.till.authority).add(WIFI)
    assert harness.till.catalogue.posts() == []
    writer.stop()


def test_what_a_new_shop_begins_with_is_nobody_s_act_and_comes_once(till: Till) -> None:
    till.owner.passphrase.choose(PASSPHRASE)
    assert [post.title for post in till.catalogue.seed([WIFI, SHOWER])] == ["Wi-Fi month", "Hot shower"]
    assert till.catalogue.seed([WIFI]) == []
    assert len(till.catalogue.posts()) == 2


def test_each_changed_field_is_in_the_audit(till: Till) -> None:
    wifi, _ = till.catalogue.add_all([WIFI, SHOWER])
    till.catalogue.change(wifi.id, replace(WIFI, price=950))
    told = [(line.subject, line.old, line.new) for line in till.reader.audit(99) if line.act is Act.POSTS]
    assert told[0] == ("post 1 price", "900", "950")
    assert told[1] == ("posts", None, "2 added together")
    assert ("post 2 title", None, "Hot shower") in told


PASSPHRASE = "mama njeri 1987"


class TestTheOwnersPrices:
    """Anybody could sell the year pass for a shilling."""

    @pytest.fixture(autouse=True)
    def _chosen(self, harness: TillHarness) -> None:
        harness.till.catalogue.add_all([WIFI, SHOWER])
        harness.till.owner.passphrase.choose(PASSPHRASE)

    def test_need_the_passphrase_in_every_way(self, till: Till) -> None:
        before = till.catalogue.posts()
        assert till.catalogue.locked
        for act in (
            lambda: till.catalogue.add(SHOWER),
            lambda: till.catalogue.add_all([SHOWER, SHOWER]),
            lambda: till.catalogue.change(1, replace(WIFI, price=1)),
            lambda: till.catalogue.change(1, replace(before[0], active=False)),
            lambda: till.catalogue.change(1, TRIAL),
        ):
            with pytest.raises(OwnerNeeded, match="type the owner's passphrase"):
                act()
        assert till.catalogue.posts() == before

    def test_a_wrong_one_opens_nothing_and_is_counted(self, till: Till) -> None:
        for _ in range(TRIES):
            with pytest.raises(BadInput, match="not the owner's"):
                till.catalogue.unlock("guess")
        with pytest.raises(BadInput, match="Too many wrong tries"):
            till.catalogue.unlock(PASSPHRASE)
        assert till.catalogue.locked

    def test_the_right_one_opens_them_for_five_minutes(self, harness: TillHarness) -> None:
        catalogue = harness.till.catalogue
        catalogue.unlock(PASSPHRASE)
        catalogue.change(1, replace(WIFI, price=60))
        harness.clock.jump(-86_400)
        harness.clock.advance(UNLOCKED - 1)
        catalogue.change(1, replace(WIFI, price=70))
        harness.clock.advance(1)
        with pytest.raises(OwnerNeeded):
            catalogue.change(1, replace(WIFI, price=80))
        assert catalogue.posts()[0].price == 70

    def test_the_owner_takes_that_back(self, till: Till) -> None:
        till.catalogue.unlock(PASSPHRASE)
        till.catalogue.lock()
        with pytest.raises(OwnerNeeded):
            till.catalogue.change(1, replace(WIFI, price=80))

    def test_the_post_of_the_set_ups_test_needs_none(self, till: Till) -> None:
        for _ in range(2):
            post = till.catalogue.trial()
            till.catalogue.change(post.id, replace(post, active=False))


def test_a_price_that_was_set_meanwhile_is_not_written_over_by_the_one_before(till: Till) -> None:
    seen = till.catalogue.add(WIFI)
    dearer = till.catalogue.change(seen.id, replace(WIFI, price=950), seen=seen)
    with pytest.raises(
        BadInput,
        match=r"^Somebody has changed this post meanwhile: it is Wi-Fi month, KES 950 now\. Nothing was saved\.",
    ):
        till.catalogue.change(seen.id, replace(WIFI, barcode="222"), seen=seen)
    assert till.catalogue.posts() == [dearer]


def test_what_was_done_to_a_post_stays_in_lines_that_nobody_edits(harness: TillHarness, tmp_path: Path) -> None:
    catalogue = harness.till.catalogue
    post = catalogue.add(WIFI)
    catalogue.change(post.id, replace(post, price=60, days=None, active=False))
    catalogue.change(post.id, replace(post, price=60, days=None, active=False))
    lines = harness.till.reader.post_changes(post.id, 50)
    assert {line.at for line in lines} == {harness.clock.now()}
    assert {line.source for line in lines} == {"window"}
    done = [(line.field, line.old, line.new) for line in lines]
    assert done[:3] == [("active", "1", "0"), ("days", str(WIFI.days), ""), ("price", str(WIFI.price), "60")]
    assert ("price", None, str(WIFI.price)) in done[3:]
    assert all(old is None for _, old, _ in done[3:])
    assert harness.till.reader.post_changes(post.id, 1) == lines[:1]
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
        for statement in ("UPDATE post_change SET new = 'x'", "DELETE FROM post_change"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


def test_nothing_is_noted_where_nothing_is_saved(harness: TillHarness) -> None:
    harness.till.catalogue.add_all([WIFI, SHOWER])
    with pytest.raises(BadInput):
        harness.till.catalogue.change(2, replace(SHOWER, favourite=WIFI.favourite, barcode=WIFI.barcode))
    assert all(line.old is None for line in harness.till.reader.post_changes(2, 50))

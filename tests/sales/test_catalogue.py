"""The shop's posts."""

import pytest

from pos_app.domain.catalogue import PostDraft, draft_post
from pos_app.errors import BadInput, CannotSave
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.till import Till
from pos_app.sales.writer import GroupWriter
from tests.builders import BreakableStore
from tests.conftest import Shelf

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


def test_rule_11_a_post_that_cannot_be_saved_is_not_there(shelf: Shelf) -> None:
    store = BreakableStore(shelf.database)
    writer = GroupWriter(store, shelf.clock, retry=0.001)
    writer.start()
    store.broken = True
    with pytest.raises(CannotSave):
        Catalogue(shelf.till.reader, writer).add(WIFI)
    assert shelf.till.catalogue.posts() == []
    writer.stop()

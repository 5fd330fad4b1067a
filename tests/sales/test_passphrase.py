"""Who knows the owner's passphrase may change it, and nobody else."""

import pytest

from pos_app.errors import BadInput
from pos_app.sales.passphrase import TRIES
from tests.builders import said
from tests.conftest import Shelf

OLD, NEW = "mama njeri 1987", "mama njeri 1988"


def test_the_owner_changes_it(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pos_app.sales.passphrase")
    passphrase = shelf.till.owner.passphrase
    passphrase.choose(OLD)
    passphrase.confirm(OLD)
    passphrase.change(OLD, NEW)
    passphrase.confirm(NEW)
    assert said(caplog, "pos_app.sales.passphrase") == [
        "the owner chose a passphrase",
        "the owner changed the passphrase",
    ]
    with pytest.raises(BadInput, match="not the owner's"):
        passphrase.confirm(OLD)


@pytest.mark.parametrize(
    ("old", "new", "words"), [("guess", NEW, "not the owner's"), (OLD, "  short ", "at least 8 characters")]
)
def test_what_cannot_be_changed_stays(shelf: Shelf, old: str, new: str, words: str) -> None:
    passphrase = shelf.till.owner.passphrase
    passphrase.choose(OLD)
    with pytest.raises(BadInput, match=words):
        passphrase.change(old, new)
    passphrase.confirm(OLD)


def test_changing_it_cannot_be_used_to_guess_it(shelf: Shelf) -> None:
    passphrase = shelf.till.owner.passphrase
    passphrase.choose(OLD)
    for _ in range(TRIES):
        with pytest.raises(BadInput, match="not the owner's"):
            passphrase.change("guess", NEW)
    with pytest.raises(BadInput, match="Too many wrong tries"):
        passphrase.confirm(OLD)
    with pytest.raises(BadInput, match="Too many wrong tries"):
        passphrase.change(OLD, NEW)


def test_there_is_nothing_to_confirm_before_it_is_chosen(shelf: Shelf) -> None:
    with pytest.raises(BadInput, match="no passphrase yet"):
        shelf.till.owner.passphrase.confirm("")


def test_what_was_confirmed_elsewhere_is_taken_over_once(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pos_app.sales.passphrase")
    passphrase = shelf.till.owner.passphrase
    for _ in range(2):
        passphrase.adopt(OLD)
    passphrase.adopt(NEW)
    passphrase.confirm(NEW)
    assert said(caplog, "pos_app.sales.passphrase") == ["the owner's passphrase counts in one database more"] * 2

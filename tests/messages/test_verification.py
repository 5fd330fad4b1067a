"""What verifying has found, in words."""

import pytest

from pos_app.domain.links import Head
from pos_app.domain.verification import Broken, Verification, Wrong
from pos_app.messages.verification import broken_words, found_words

HEAD = Head("A", 12, bytes(32))


def found(*broken: Broken, **counts: int) -> str:
    counts = {"lines": 12, "erased": 0, "sealed": 0, "unsealed": 0} | counts
    return found_words(Verification(heads=(HEAD,) if counts["lines"] else (), broken=broken, **counts))


@pytest.mark.parametrize("what", [what for what in Wrong if what is not Wrong.COUNTED])
def test_each_wrong_has_words(what: Wrong) -> None:
    words = broken_words(Broken(what, "A", 1_512, "A-20261123-0042"))
    assert words.endswith("It is about payment A-20261123-0042.")
    assert "1,512" in words or what in (Wrong.SEALED, Wrong.BEFORE, Wrong.BLOCKS)


@pytest.mark.parametrize("what", [Wrong.EDITED, Wrong.DELETED, Wrong.INSERTED, Wrong.COUNTED, Wrong.SEALED])
def test_a_close_is_named(what: Wrong) -> None:
    words = found(Broken(what, "", 0, close="Z 0117"))
    assert "Z 0117" in words.splitlines()[0]
    assert "No money moved by that." in words


def test_closes_are_counted_and_those_that_wait_are_said() -> None:
    assert "1 close of the day is as written, with what was counted." in found(closes=1)
    assert "3,000 closes of the day are as written" in found(closes=3_000)
    assert "as written, with" not in found(Broken(Wrong.DELETED, "A", 5), closes=3)
    assert "1 close is from before closes were bound to the audit, and not sealed yet" in found(unsealed_closes=1)
    assert "2 closes are from before" in found(unsealed_closes=2)


def test_what_is_broken_stands_first_with_what_to_do() -> None:
    lines = found(Broken(Wrong.DELETED, "A", 5)).splitlines()
    assert lines[0] == "Line 5 of till A was deleted."
    assert lines[1].startswith("No money moved by that.")
    assert lines[2] == "12 linked lines were looked through."


def test_a_renewed_key_accuses_nobody_and_tells_the_heads() -> None:
    renewed = (Broken(Wrong.RENEWED, "", 0), Broken(Wrong.RENEWED, "A", 1_512))
    words = found(*renewed)
    assert words.startswith("The shop's key was renewed: lines that were sealed together with the key before cannot")
    assert "Line 1,512 of till A and all before it were bound with the key before, and cannot be checked" in words
    assert "`audit` says when the key was renewed" in words
    assert words.endswith("to be compared later: A-12-0000-0000-0000")
    assert "edited" not in words
    assert "No money moved" not in words
    both = found(Broken(Wrong.EDITED, "A", 1_513), *renewed)
    assert both.startswith("Line 1,513 of till A was edited")
    assert "No money moved by that." in both


def test_whole_with_what_it_cannot_tell() -> None:
    words = found(erased=2, sealed=1)
    assert words.startswith("All 12 linked lines are as the tills have written them. Of 2 of them texts about erased")
    assert "1 line is from before there were links, and sealed" in words
    assert words.endswith("to be compared later: A-12-0000-0000-0000")
    assert "3,000 lines are from before there were links, and not sealed yet" in found(unsealed=3_000)
    assert "2 lines are from before there were links, and sealed" in found(sealed=2)
    assert "1 line is from before there were links, and not sealed yet" in found(unsealed=1)
    assert found(lines=1).startswith("The one linked line is as")
    assert found(lines=0).startswith("No line is linked yet")


def test_lines_that_a_renewal_has_sealed_are_counted() -> None:
    assert "1 line is from before the shop's key was renewed, and sealed by that" in found(renewed=1)
    assert "1,200 lines are from before the shop's key was renewed" in found(renewed=1_200)


def test_a_till_that_stayed_open_may_have_been_edited() -> None:
    words = found(Broken(Wrong.RENEWED, "B", 1_514, since=1_512))
    assert words.startswith("Lines 1,512 to 1,514 of till B do not fit the shop's new key")
    assert "says nothing against anybody" not in words


def test_a_line_without_a_till_is_named_by_its_id() -> None:
    assert broken_words(Broken(Wrong.EDITED, "", 1_512)).startswith("Line 1,512, which no till linked, was edited")

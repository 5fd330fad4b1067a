"""What verifying has found, in words."""

import pytest

from pos_app.domain.links import Head
from pos_app.domain.verification import Broken, Verification, Wrong
from pos_app.messages.verification import broken_words, found_words

HEAD = Head("A", 12, bytes(32))


def found(*broken: Broken, lines: int = 12, erased: int = 0, sealed: int = 0, unsealed: int = 0) -> str:
    heads = (HEAD,) if lines else ()
    return found_words(
        Verification(lines=lines, erased=erased, sealed=sealed, unsealed=unsealed, heads=heads, broken=broken)
    )


@pytest.mark.parametrize("what", Wrong)
def test_each_wrong_has_words(what: Wrong) -> None:
    words = broken_words(Broken(what, "A", 1_512, "A-20261123-0042"))
    assert words.endswith("It is about payment A-20261123-0042.")
    assert "1,512" in words or what is Wrong.SEALED


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

"""Seals, and the sum that they are made of."""

import pytest

from pos_app.domain.verification import Digest, Seal, Verification, read_seal


def added(*texts: str, audit: tuple[str, ...] = ()) -> str:
    digest = Digest()
    for text in texts:
        digest.add_event(text)
    for text in audit:
        digest.add_audit(text)
    assert digest.lines == len(texts) + len(audit)
    return digest.hexdigest()


def test_a_sum_knows_where_a_line_ends_and_of_what_it_is() -> None:
    sums = [added("a", "b"), added("b", "a"), added("ab"), added("a", audit=("b",)), added(audit=("a", "b")), added()]
    assert len(set(sums)) == len(sums)


def test_a_seal_is_read_as_it_was_written() -> None:
    seal = Seal((1, 250_000), (1, 3_100), 253_100, added("a"))
    assert read_seal(str(seal)) == seal


@pytest.mark.parametrize("text", [None, "", "journal 1-2, audit 0-0, 2 lines, 00"])
def test_what_is_none(text: str | None) -> None:
    assert read_seal(text) is None


def test_what_is_not_sealed_yet_is_not_whole() -> None:
    found = Verification(lines=1, erased=0, sealed=0, unsealed=0, heads=(), broken=())
    assert found.whole
    assert not Verification(lines=1, erased=0, sealed=0, unsealed=1, heads=(), broken=()).whole
    assert not Verification(lines=1, erased=0, sealed=0, unsealed=0, heads=(), broken=(), unsealed_closes=1).whole

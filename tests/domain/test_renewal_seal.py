"""The seal of all lines from before a renewal of the key: its form, and its blocks."""

from hashlib import sha256

from pos_app.domain.links import Head, LastLines, LinkKey, find_heads
from pos_app.domain.renewal_seal import (
    BLOCK,
    NO_TAG,
    RenewalSeal,
    SealSum,
    block_of,
    blocks_of,
    empty_block,
    is_renewal,
    read_renewal,
    renewal_text,
    tag_of,
    without_seal,
)

SEAL = RenewalSeal("0123456789abcdef", LastLines(1_234, 567), 1_801, "a" * 64)
HEADS = [Head("A", 1_000, b"\1" * 32), Head("B2", 801, b"\2" * 32)]


def test_the_form_of_the_line_never_changes() -> None:
    told = renewal_text(SEAL, HEADS)
    assert told == (
        f"changed, sealed 0123456789abcdef: journal to 1234, audit to 567, 1801 lines, {'a' * 64} "
        "A-1000-040G-2081-040G B2-801-0810-40G2-0810"
    )
    assert read_renewal(told) == SEAL
    assert find_heads(told) == [head.code for head in HEADS]
    assert renewal_text(SEAL, []).endswith("a")
    assert read_renewal(renewal_text(SEAL, [])) == SEAL


def test_what_renews_the_key() -> None:
    assert is_renewal("changed")
    assert is_renewal(renewal_text(SEAL, HEADS))
    for other in (None, "", "shown", "changed, sealed", "changed, too"):
        assert not is_renewal(other)
        assert read_renewal(other) is None
    assert read_renewal("changed") is None


def test_a_person_reads_how_many_are_sealed() -> None:
    assert without_seal(renewal_text(SEAL, HEADS)) == "changed; all 1,801 lines before it are sealed"
    assert without_seal("shown") == "shown"


def test_a_block_has_the_lines_of_a_thousand_ids() -> None:
    stamped = [(number, sha256(b"%d" % number).digest()) for number in (1, 2, 999, 1_000, 5_003)]
    first, second, third = blocks_of(stamped, journal=True)
    assert [(block.number, block.lines) for block in (first, second, third)] == [(0, 3), (1, 1), (5, 1)]
    assert first.tag(2) == stamped[1][1][:4]
    assert first.tag(3) == NO_TAG
    assert len(first.tags) == 4 * BLOCK
    assert first.digest == sha256(b"block\0" + b"".join(b"%d\0%b" % line for line in stamped[:3])).digest()
    assert (block_of(-1), block_of(0), block_of(1_999)) == (-1, 0, 1)


def test_blocks_tell_where_they_differ() -> None:
    lines = [(number, bytes([number]) * 32) for number in range(1, 9)]
    [block] = blocks_of(lines, journal=False)
    [other] = blocks_of([*lines[:2], (3, b"x" * 32), *lines[3:6], lines[7]], journal=False)
    assert list(block.ids_unlike(other)) == [3, 7]
    assert list(block.ids_unlike(empty_block(0, journal=False))) == list(range(1, 9))


def test_no_stamp_looks_like_none() -> None:
    assert tag_of(bytes(32)) == b"\0\0\0\1"
    assert tag_of(b"abcdefgh") == b"abcd"


def test_the_sum_is_of_all_blocks_in_the_order_of_their_table() -> None:
    journal = list(blocks_of([(1, b"a" * 32), (1_001, b"b" * 32)], journal=True))
    audit = list(blocks_of([(1, b"a" * 32)], journal=False))
    one, other = SealSum(), SealSum()
    for block in journal + audit:
        one.add(block)
    for block in audit + journal:
        other.add(block)
    assert (one.lines, one.blocks) == (3, 3)
    assert one.hexdigest() == other.hexdigest() == one.copy().hexdigest()
    more = one.copy()
    more.add(journal[0])
    assert (more.lines, more.blocks) == (4, 4)
    assert more.hexdigest() != one.hexdigest()
    swapped = SealSum()
    for block in [*reversed(journal), *audit]:
        swapped.add(block)
    assert swapped.hexdigest() != one.hexdigest()


def test_a_stamp_needs_the_key() -> None:
    key, other = LinkKey(b"k" * 32), LinkKey(b"o" * 32)
    assert key.stamp("line") == LinkKey(b"k" * 32).stamp("line")
    assert key.stamp("line") not in (key.stamp("other"), other.stamp("line"), key.link(b"", "line"))

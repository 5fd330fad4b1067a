"""What a printer is sent, and what it makes of it: rendered back to paper."""

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_line import Grant
from pos_app.domain.receipt import ROLLS, Mark, Shop, receipt_lines, receipt_message
from pos_app.domain.receipt_printer import PrintJob, sample_page
from pos_app.printers.job_bytes import job_bytes
from tests.support.builders import a_line, a_payment, a_post
from tests.support.fakes import START
from tests.support.paper import Paper, printed

SHOP = Shop("Mama Njeri Shop", ("Moi Avenue, Nairobi", "0712 345 678"))
COLUMNS = {paper: roll.columns for paper, roll in ROLLS.items()}
PAPERS = sorted(ROLLS)
MANY = tuple(
    a_line(a_post(id=number, title=title, price=price, days=days), quantity)
    for number, (title, price, days, quantity) in enumerate(
        [
            ("Tea", 30, 0, 2),
            ("Printing, black and white, both sides", 10, 0, 125),
            ("Week pass – Njũgũna's", 250, 7, 1),
        ],
        1,
    )
)
KINDS: dict[str, tuple[Shop, Payment, int]] = {
    "original": (SHOP, a_payment(State.PAID), 1),
    "copy": (SHOP, a_payment(State.PAID), 3),
    "basket": (SHOP, a_payment(State.PAID, lines=MANY, amount=1_560), 1),
    "other-amount": (SHOP, a_payment(State.PAID, amount_paid=99, remarks=frozenset({Remark.BY_OWNER})), 1),
    "typed-code": (SHOP, a_payment(State.PAID, receipt=None, receipt_typed="AAA1112223"), 1),
    "refund-due": (
        SHOP,
        a_payment(
            State.PAID, remarks=frozenset({Remark.DOUBLE}), grant=Grant(granted_at=START, access=False, until=None)
        ),
        1,
    ),
    "practice": (replace(SHOP, mark=Mark.PRACTICE), a_payment(State.PAID), 1),
    "long-names": (
        Shop("Mama Njeri's Cyber Café, Printing and Hair Salon, Tom Mboya Street, 2nd floor, Nrb", ()),
        a_payment(State.PAID, title="Mwanachama wa kila mwezi wa ukumbi mkubwa wa mazoezi, Nairobi"),
        1,
    ),
}


@pytest.fixture
def looked_at() -> Path | None:
    """Where somebody wants to see the pictures (POS_TEST_PICTURES)."""
    folder = os.environ.get("POS_TEST_PICTURES")
    return Path(folder) if folder else None


def on_paper(kind: str, paper: int) -> Paper:
    shop, payment, copy = KINDS[kind]
    job = PrintJob(receipt_lines(shop, payment, copy), paper, receipt_message(shop, payment))
    return printed(job_bytes(job), COLUMNS[paper])


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_receipt_on_each_paper(kind: str, paper: int, looked_at: Path | None) -> None:
    came_out = on_paper(kind, paper)
    if looked_at:
        came_out.picture.save(looked_at / f"{kind}-{paper}.png")
    assert "PAYMENT RECEIPT / RISITI" in came_out.text
    assert KINDS[kind][1].number in came_out.text
    assert came_out.lines[-7:] == [""] * 7  # what the cutter needs
    assert len(came_out.images) == 1
    assert came_out.cut
    assert not came_out.drawer


def test_the_whole_receipt() -> None:
    assert on_paper("copy", 58).lines[:-9] == [
        "!        Mama Njeri Shop",
        "      Moi Avenue, Nairobi",
        "          0712 345 678",
        "--------------------------------",
        "    PAYMENT RECEIPT / RISITI",
        "       Not a tax invoice",
        "             COPY 3",
        "No               A-20261123-0042",
        "Date       23 Nov 2026 14:00 EAT",
        "Wi-Fi month              KES 100",
        "!TOTAL                    KES 100",
        "M-PESA code           UKN4X7Q2ZT",
        "Phone               0708 xxx 149",
        "Access                  for ever",
        "--------------------------------",
        "      Asante! / Thank you",
    ]


def test_practice_can_be_taken_for_real_nowhere() -> None:
    """A part that is torn off must not pass for a receipt."""
    lines = on_paper("practice", 58).lines
    marked = [place for place, line in enumerate(lines) if "SI RISITI" in line]
    assert len(marked) == 4
    assert max(after - before for before, after in pairwise(marked)) <= 13


@pytest.mark.parametrize("paper", PAPERS)
def test_a_title_gives_the_printer_no_commands(paper: int) -> None:
    """ESC p opens the drawer, GS V cuts, ESC t changes the letters, ESC @ forgets; a title may hold all of them."""
    bad = "Tea\x1bp\x00\x19\xfa\x1dV\x00\x1bt\x02\x1b@\x10\x14\x01\x00\x02\x01\x08\n\n\nPAID\x0c"
    shop = Shop(f"Shop\x1d!\x77{bad}", (bad,))
    job = PrintJob(receipt_lines(shop, a_payment(State.PAID, title=bad)), paper, "x")
    data = job_bytes(job)
    came_out = printed(data, COLUMNS[paper])  # which knows no other command than the till's
    assert not came_out.drawer
    assert data.count(b"\x1dV") == data.count(b"\x1b@") == 1
    assert b"\x1bt" not in data
    assert not {byte for byte in data.split(b"\x1dv0", 1)[0] if byte > 0x7E}


def test_letters_beyond_ascii_become_plain() -> None:
    text = on_paper("basket", 80).text
    assert "Week pass - Njuguna's" in text
    assert "Tea 2 x 30" in text


def test_the_drawer_opens_where_it_should() -> None:
    job = PrintJob(receipt_lines(SHOP, a_payment(State.PAID)), 80, "x", drawer=True)
    data = job_bytes(job)
    assert printed(data, 48).drawer
    assert data.index(b"\x1dV") < data.index(b"\x1bp")  # last: whatever becomes of it, the receipt is there


def test_without_a_code_there_is_no_image() -> None:
    assert printed(job_bytes(PrintJob(receipt_lines(SHOP, a_payment(State.PAID)), 80)), 48).images == []


@pytest.mark.parametrize("paper", PAPERS)
def test_the_test_page_fills_the_width(paper: int, looked_at: Path | None) -> None:
    came_out = printed(job_bytes(sample_page(SHOP, paper)), COLUMNS[paper])
    if looked_at:
        came_out.picture.save(looked_at / f"test-page-{paper}.png")
    assert max(len(line.lstrip("!")) for line in came_out.lines) == COLUMNS[paper]
    assert "Not a receipt" in came_out.text


def test_even_the_longest_message_has_a_code() -> None:
    lines = tuple(a_line(a_post(id=number, title="W" * 60, price=5_000)) for number in range(1, 51))
    payment = a_payment(State.PAID, lines=lines, amount=250_000)
    message = receipt_message(Shop("W" * 80), payment)
    assert len(message) < 400
    job = PrintJob(receipt_lines(SHOP, payment), 58, message)
    assert len(printed(job_bytes(job), 32).images) == 1

"""The CSV of payments."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt import Mark
from pos_app.domain.search import Search
from pos_app.errors import BadInput
from pos_app.ui.payments.export import HEADINGS, export, safe
from tests.support.builders import a_line, a_post

Make = Callable[..., Payment]


class Pages:
    """A reader that gives pages of a list, newest first."""

    def __init__(self, payments: list[Payment]) -> None:
        self.payments = payments

    def search(self, search: Search) -> list[Payment]:
        left = [payment for payment in self.payments if search.after is None or payment.id < search.after.id]
        return left[: search.limit]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_payment_is_written_with_its_phone_masked(make_payment: Make, tmp_path: Path) -> None:
    payments = [make_payment(id=number) for number in range(1_203, 0, -1)]
    payments[0] = make_payment(
        id=1_203, state=State.PAID, receipt="UKN4X7Q2ZT", title="=2+2", amount_paid=249, refunded=49, operator="Amina"
    )
    count = export(Pages(payments), Search(), tmp_path / "out.csv", Mark.PRACTICE)  # type: ignore[arg-type]
    written = rows(tmp_path / "out.csv")

    assert count == 1_203
    assert len(written) == 1_204
    assert written[0] == list(HEADINGS)
    assert written[1] == [
        "A-20261123-0042",
        "2026-11-23 14:02:46",
        "'=2+2",
        "0712 xxx 678",
        "250",
        "249",
        "Paid, part refunded",
        "UKN4X7Q2ZT",
        "",
        "PRACTICE · not real money",
        "1 x =2+2 at 250",
        "49",
        "Amina",
    ]
    assert written[2][4:6] == ["250", ""], "nobody has paid yet"
    assert "345" not in (tmp_path / "out.csv").read_text("utf-8")


def test_a_basket_is_one_row_with_all_its_lines(make_payment: Make, tmp_path: Path) -> None:
    tea, week = (a_line(a_post(id=4, title="Tea", price=30)), a_line(a_post(id=2, title="Week pass", price=250)))
    basket = make_payment(amount=310, lines=(replace(tea, quantity=2), week))
    assert export(Pages([basket]), Search(), tmp_path / "out.csv", Mark.NONE) == 1  # type: ignore[arg-type]
    [row] = rows(tmp_path / "out.csv")[1:]
    assert (row[2], row[4], row[10]) == ("Tea x2 and 1 more", "310", "2 x Tea at 30; 1 x Week pass at 250")
    assert row[11:] == ["0", ""]


@pytest.mark.parametrize("text", ["=1", "+254", "-1", "@x", "\tx", "\rx"])
def test_no_cell_can_calculate(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("Week pass") == "Week pass"


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(make_payment: Make, tmp_path: Path) -> None:
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(BadInput, match="Choose another folder"):
        export(Pages([make_payment()]), Search(), tmp_path / "taken.csv", Mark.NONE)  # type: ignore[arg-type]

    assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]

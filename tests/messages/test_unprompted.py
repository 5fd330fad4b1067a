"""Money without a prompt, and what it was bound to, in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.payment import BY_OWNER, Remark, State
from pos_app.domain.receipt import Shop, receipt_lines, receipt_text
from pos_app.domain.unprompted import NAMES, PromptHint, RowWord, Unprompted
from pos_app.messages.payments import happened, money_moved, pill_words, state_words
from pos_app.messages.remarks import remarks_words
from pos_app.messages.unprompted import EXPLAINED, NAMED, count_words, money_words, prompt_words, state_of
from tests.support.builders import a_payment
from tests.support.fakes import START

MONEY = Unprompted(id=1, receipt="UKN0000007", cents=10_000, at=START, phone="070****149", name="AMINA **** OTIENO")
BOUND = a_payment(State.PAID, remarks=frozenset({Remark.BOUND}), operator="Brian")


def test_each_name_has_its_words() -> None:
    assert set(NAMED) == set(NAMES)
    assert set(EXPLAINED) == set(NAMES)
    assert [state_of(replace(MONEY, word=word)) for word in (RowWord.NONE, RowWord.REVERSED)] == [
        "Waits", "M-PESA took it back"
    ]  # fmt: skip
    assert [count_words(count) for count in (0, 3)] == ["Money without a prompt", "Money without a prompt (3)"]


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"phone": "", "name": ""}, "from somebody: UKN0000007."),
        ({"forgotten": True}, "and named here."),
        ({"cents": 10_050}, "There are cents in it, which no sale has."),
        ({"cents": 300_000_000_000}, "Look it up in the portal."),
        (
            {"word": RowWord.TEST, "worded_at": START, "by": "Brian", "note": "a try"},
            "A test by Brian 23 Nov 2026 14:00: a try.",
        ),
        (
            {"word": RowWord.BOUND, "number": "A-1", "lost": True},
            "Bound to A-1. M-PESA has since given its code to another payment: undo the bind.",
        ),
        ({"word": RowWord.REVERSED}, "M-PESA took it back."),
    ],
)
def test_what_is_known_of_it(changes: dict[str, object], ends: str) -> None:
    assert money_words(replace(MONEY, **changes)).endswith(ends)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "after", "ends"),
    [
        (State.PROMPTED, 60, "If it is its money, leave it: M-PESA's answer or the owner settles that one."),
        (State.PAID, 60, "It has no code yet, and this is surely its money: do not sell it twice."),
        (State.CANCELLED, 60, "If it is its money, sell the same here."),
        (State.CANCELLED, 9_000, "not paid: customer cancelled."),
    ],
)
def test_why_a_payment_may_be_it(state: State, after: int, ends: str) -> None:
    hint = PromptHint(a_payment(state, receipt=None), timedelta(seconds=after), fits=True)
    assert prompt_words(hint).endswith(ends)


def test_a_bound_payment_says_who_has_bound_it_everywhere() -> None:
    assert remarks_words(BOUND) == ["Bound by Brian, to money that came without a prompt."]
    more = replace(BOUND, amount_paid=130, remarks=frozenset({Remark.BOUND, Remark.REST_DUE}))
    assert pill_words(more) == "Refund due"
    assert remarks_words(more)[1] == "KES 30 more came than the sale costs: refund due."
    assert (
        remarks_words(replace(more, refunded=10))[1] == "KES 30 more came than the sale costs: KES 20 of it still due."
    )
    seen = replace(more, seen=frozenset({Remark.REST_DUE}))
    assert remarks_words(seen)[1] == "KES 30 more came than the sale costs: the owner has seen to it."
    assert remarks_words(replace(seen, refunded=30))[1] == "KES 30 more came than the sale costs, and went back."
    assert happened(more) == "The customer paid KES 130, the sale costs KES 100."
    paper = receipt_text(receipt_lines(Shop("Mama Njeri Shop"), more))
    for words in ("Bound by Brian", "Sale", "Refund due", "KES 30"):
        assert words in paper
    lost = replace(BOUND, receipt=None, remarks=frozenset({Remark.BOUND, Remark.CODE_LOST}))
    assert remarks_words(lost)[1].endswith("Undo the bind, under Statement (Shift F8).")


def test_what_was_undone_says_that_nothing_is_paid() -> None:
    undone = a_payment(State.DECLINED, reason="by_owner", remarks=frozenset({Remark.BOUND, Remark.UNBOUND}))
    assert undone.reason == BY_OWNER
    assert (pill_words(undone), state_words(undone)) == (
        "Unbound",
        "Not paid: the money bound to it was taken away again",
    )
    assert money_moved(undone) == "That money is another's, or waits under Statement (Shift F8)."

"""Access that is given, extended and withdrawn by hand (rule 20)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.access import Held
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import Payment
from pos_app.domain.phone import erased_phone
from pos_app.domain.withdrawal import ByHand, OfLine
from pos_app.errors import BadInput, CannotSave
from pos_app.sales.owner import MoneyBack
from tests.support.builders import a_line, grant_of, prompt, sell, success, tell
from tests.support.fakes import PHONE, START, FakeClock, FakeGateway
from tests.support.staff import hire, stand
from tests.support.till_harness import TillHarness, open_harness

PASSPHRASE = "mama njeri 1987"
DAY = timedelta(days=1)
WHY = "a regular"


@pytest.fixture
def post(harness: TillHarness) -> Post:
    post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
    harness.till.owner.passphrase.choose(PASSPHRASE)
    return post


def paid(harness: TillHarness, post: Post, code: str = "UKN4X7Q2ZT", token: str = "secret", **told: Any) -> Payment:
    payment = prompt(harness, sell(harness, post, token=token, **told))
    return tell(harness, payment, success(payment, receipt=code))


def give(harness: TillHarness, post: Post, days: int | None = 7, why: str = WHY) -> Held:
    access = harness.till.access
    return access.give(access.look(PHONE, post.id)[1], days, why, PASSPHRASE)


def withdraw(harness: TillHarness, post: Post, why: str = "a mistake", **more: Any) -> Held | None:
    access = harness.till.access
    return access.withdraw(access.look(PHONE, post.id)[1], why, PASSPHRASE, **more)


def has(harness: TillHarness, post: Post) -> Held | None:
    return harness.till.access.look(PHONE, post.id)[1].has(harness.clock.corrected())


def test_somebody_who_was_never_asked_gets_access_and_is_known_then(harness: TillHarness, post: Post) -> None:
    found, seen = harness.till.access.look(PHONE, post.id)
    assert (found, seen.customer_id, seen.held) == (post, None, None)
    assert give(harness, post) == has(harness, post) == Held(START + 7 * DAY)
    about = harness.till.customers.about(PHONE)
    assert about is not None
    assert [(one.title, one.until) for one in about.has] == [("Wi-Fi month", START + 7 * DAY)]


def test_rule_15_it_adds_up_with_what_was_paid_before_and_after(harness: TillHarness, post: Post) -> None:
    paid(harness, post)
    assert give(harness, post) == Held(START + 37 * DAY)
    assert give(harness, post, 3) == Held(START + 40 * DAY)
    later = paid(harness, post, "UKN0000002", "other")
    assert (grant_of(later).starts_at, grant_of(later).until) == (START + 40 * DAY, START + 70 * DAY)
    harness.clock.advance(71 * 86_400)
    assert has(harness, post) is None
    assert give(harness, post, 1) == Held(START + 72 * DAY)


def test_what_is_paid_after_for_ever_by_hand_is_swallowed_until_that_is_withdrawn(
    harness: TillHarness, post: Post
) -> None:
    assert give(harness, post, None) == Held(None)
    assert grant_of(paid(harness, post)).until is None
    assert withdraw(harness, post, only=ByHand(1)) == Held(START + 30 * DAY)


def test_all_of_a_post_is_withdrawn(harness: TillHarness, post: Post) -> None:
    first = paid(harness, post)
    give(harness, post)
    seen: list[Payment] = []
    harness.till.ledger.subscribe(seen.append)
    assert withdraw(harness, post, "  left   the club ") is None
    assert has(harness, post) is None
    ended = harness.till.reader.payment(first.id)
    assert ended in seen
    assert ended is not None
    grant = grant_of(ended)
    assert (grant.access, grant.withdrawn_at, grant.until) == (False, START, START + 30 * DAY)
    line = harness.till.reader.journal(first.id)[-1]
    assert (line.source, line.kind, line.detail) == ("till", "access withdrawn", "left the club")
    assert give(harness, post) == Held(START + 7 * DAY), "and given anew"


def test_what_one_payment_gave_is_withdrawn_and_what_waited_moves_forward(harness: TillHarness, post: Post) -> None:
    first = paid(harness, post)
    give(harness, post)
    second = paid(harness, post, "UKN0000002", "other")
    harness.clock.advance(10 * 86_400)
    assert withdraw(harness, post, only=OfLine(first.id, 1)) == Held(START + 47 * DAY)
    moved = harness.till.reader.payment(second.id)
    assert moved is not None
    assert (grant_of(moved).starts_at, grant_of(moved).until) == (START + 17 * DAY, START + 47 * DAY)
    assert harness.till.reader.journal(second.id)[-1].detail == f"that of {first.number} was withdrawn"
    assert withdraw(harness, post, only=ByHand(1)) == Held(START + 40 * DAY)
    assert harness.till.reader.journal(second.id)[-1].detail == "that of other access was withdrawn"


def test_what_is_over_by_itself_stays_as_it_was(harness: TillHarness, post: Post) -> None:
    old = paid(harness, post)
    harness.clock.advance(31 * 86_400)
    give(harness, post)
    withdraw(harness, post)
    assert harness.till.reader.payment(old.id) == old


def test_after_a_refund_access_by_hand_moves_forward_too(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    give(harness, post)
    harness.clock.advance(86_400)
    harness.till.owner.refund(payment, PASSPHRASE, MoneyBack(amount="100", code="UKR0000001", why="x"))
    assert has(harness, post) == Held(START + 8 * DAY)


def test_of_a_basket_the_journal_says_which_line_was_withdrawn(harness: TillHarness, post: Post) -> None:
    harness.till.catalogue.unlock(PASSPHRASE)
    pool = harness.till.catalogue.add(draft_post("Pool", 300, 7))
    basket = paid(harness, post, lines=(a_line(post), a_line(pool)))
    withdraw(harness, pool, only=OfLine(basket.id, 2))
    stands = harness.till.reader.payment(basket.id)
    assert stands is not None
    assert [line.gives_access for line in stands.lines] == [True, False]
    assert harness.till.reader.journal(basket.id)[-1].detail == "Pool: a mistake"


@pytest.mark.parametrize("only", [None, OfLine(99, 1), ByHand(99)])
def test_where_there_is_nothing_nothing_is_withdrawn(harness: TillHarness, post: Post, only: Any) -> None:
    for code in ("UKN0000001", "UKN0000002"):
        with pytest.raises(BadInput, match=r"nothing left of that to withdraw\. Nothing was changed"):
            withdraw(harness, post, only=only)
        paid(harness, post, code, code)
        harness.clock.advance(31 * 86_400)


def test_what_cannot_be_given(harness: TillHarness, post: Post) -> None:
    harness.till.catalogue.unlock(PASSPHRASE)
    tea = harness.till.catalogue.add(draft_post("Tea", 30, 0))
    with pytest.raises(BadInput, match=r"Tea gives no access\. Nothing was changed"):
        give(harness, tea)
    with pytest.raises(BadInput, match="There is no post 99"):
        harness.till.access.look(PHONE, 99)
    for days in (0, -1, 3_651):
        with pytest.raises(BadInput, match="1 to 3,650 days"):
            give(harness, post, days)
    with pytest.raises(BadInput, match="Type the reason"):
        give(harness, post, why=" ")
    give(harness, post, None)
    for more in (7, None):
        with pytest.raises(BadInput, match="has Wi-Fi month for ever: nothing can be added"):
            give(harness, post, more)
    with pytest.raises(BadInput, match="Type the reason"):
        withdraw(harness, post, "")


def test_a_post_that_is_gone_gives_nothing(harness: TillHarness, post: Post) -> None:
    seen = replace(harness.till.access.look(PHONE, post.id)[1], post_id=99)
    with pytest.raises(BadInput, match="That post gives no access"):
        harness.till.access.give(seen, 7, WHY, PASSPHRASE)


def test_two_tills_that_give_the_same_at_once_give_it_once(tmp_path: Path, harness: TillHarness, post: Post) -> None:
    with open_harness(tmp_path / "practice.db", FakeClock(), FakeGateway()) as other:
        here, there = (each.till.access.look(PHONE, post.id)[1] for each in (harness, other))
        harness.till.access.give(here, 7, WHY, PASSPHRASE)
        for seen in (there, here):
            with pytest.raises(BadInput, match=r"has changed meanwhile.*Nothing was changed: look again"):
                other.till.access.give(seen, 7, WHY, PASSPHRASE)
        with pytest.raises(BadInput, match="has changed meanwhile"):
            other.till.access.withdraw(there, WHY, PASSPHRASE)
        assert give(other, post) == has(harness, post) == Held(START + 14 * DAY)


def test_what_has_ended_since_it_was_seen_counts_as_nothing(harness: TillHarness, post: Post) -> None:
    give(harness, post, 1)
    seen = harness.till.access.look(PHONE, post.id)[1]
    harness.clock.advance(86_400)
    assert harness.till.access.give(seen, 1, WHY, PASSPHRASE) == Held(START + 2 * DAY)


def test_what_cannot_be_saved_is_not_given(harness: TillHarness, post: Post) -> None:
    harness.till.writer.saving = False
    with pytest.raises(CannotSave):
        give(harness, post)
    harness.till.writer.saving = True
    assert has(harness, post) is None


def test_a_phone_in_the_reason_is_masked(harness: TillHarness, post: Post) -> None:
    give(harness, post, why="instead of 0712345678")
    payment = paid(harness, post)
    withdraw(harness, post, "now 0712345678")
    assert "0712345678" not in str(harness.till.reader.journal(payment.id)[-1].detail)


def test_without_a_passphrase_it_is_off_until_the_owner_chooses_one(harness: TillHarness) -> None:
    post = harness.till.catalogue.add(draft_post("Pool", 300, 7))
    access = harness.till.access
    seen = access.look(PHONE, post.id)[1]
    with pytest.raises(BadInput, match="Access by hand is off until the owner has chosen a passphrase"):
        access.give(seen, 7, WHY)
    told: list[str] = []
    assert access.give(seen, 7, WHY, PASSPHRASE, first=told.append)
    assert told


def test_rule_16_the_audit_says_who_gave_and_withdrew_what(harness: TillHarness, post: Post) -> None:
    hire(harness.till)
    supervisor = stand(harness.till, Role.SUPERVISOR)
    assert supervisor is not None
    access = harness.till.access
    access.give(access.look(PHONE, post.id)[1], 7, WHY)
    access.give(access.look(PHONE, post.id)[1], None, WHY)
    access.withdraw(access.look(PHONE, post.id)[1], WHY)
    lines = [line for line in harness.till.reader.audit(9) if line.act is Act.ACCESS]
    assert {(line.operator_id, line.role, line.owner) for line in lines} == {(supervisor.id, Role.SUPERVISOR, False)}
    assert [(line.subject, line.old, line.new) for line in lines] == [
        (f"customer 1, post {post.id}", "for ever", "nothing"),
        (f"customer 1, post {post.id}", "until 30 Nov 2026 14:00", "for ever"),
        (f"customer 1, post {post.id}", "nothing", "until 30 Nov 2026 14:00"),
    ]


def test_an_operator_gives_nothing_without_the_owners_passphrase(harness: TillHarness, post: Post) -> None:
    hire(harness.till)
    stand(harness.till, Role.OPERATOR)
    seen = harness.till.access.look(PHONE, post.id)[1]
    with pytest.raises(BadInput, match="Type the owner's passphrase"):
        harness.till.access.give(seen, 7, WHY)
    assert has(harness, post) is None
    assert harness.till.access.give(seen, 7, WHY, PASSPHRASE) == Held(START + 7 * DAY)


def test_who_types_the_owners_passphrase_gives_it_as_the_owner(harness: TillHarness, post: Post) -> None:
    hire(harness.till)
    access = harness.till.access
    stand(harness.till, Role.OPERATOR)
    access.give(access.look(PHONE, post.id)[1], 7, WHY, PASSPHRASE)
    supervisor = stand(harness.till, Role.SUPERVISOR)
    harness.clock.advance(1)
    access.give(access.look(PHONE, post.id)[1], 7, WHY)
    card = harness.till.cards.card(1)
    assert card is not None
    assert supervisor is not None
    assert [each.operator for each in card.access] == [supervisor.name, None], "the newest first"


def test_who_was_erased_gets_nothing(harness: TillHarness, post: Post) -> None:
    seen = replace(harness.till.access.look(PHONE, post.id)[1], msisdn=erased_phone(PHONE, 7))
    with pytest.raises(BadInput, match=r"was erased: nothing is given to them any more\. Nothing was changed"):
        harness.till.access.give(seen, 7, WHY, PASSPHRASE)


class TestOfAPayment:
    def end(
        self, harness: TillHarness, payment: Payment, why: str = "left the club", typed: str = PASSPHRASE
    ) -> Payment:
        return harness.till.access.withdraw_of(payment, typed, why)

    def test_all_that_its_lines_gave_ends_and_what_waited_moves_forward(self, harness: TillHarness, post: Post) -> None:
        tea, pool = (
            harness.till.writer.run(lambda transaction, new=new: transaction.add_post(new))  # type: ignore[misc]
            for new in (draft_post("Tea", 50, 0), draft_post("Pool", 300, 7))
        )
        lines = tuple(a_line(each) for each in (post, tea, pool))
        payment = prompt(harness, sell(harness, post, lines=lines))
        payment = tell(harness, payment, success(payment))
        give(harness, pool, 3)
        watch: list[Payment] = []
        harness.till.ledger.subscribe(watch.append)
        after = self.end(harness, payment)
        assert after == harness.till.reader.payment(payment.id)
        assert after in watch
        assert [bool(line.grant and line.grant.withdrawn_at) for line in after.lines] == [True, False, True]
        assert (has(harness, post), has(harness, pool)) == (None, Held(START + 3 * DAY))
        journal = harness.till.reader.journal(payment.id)
        assert [line.detail for line in journal[-2:]] == ["Wi-Fi month: left the club", "Pool: left the club"]
        audit = [(line.subject, line.old, line.new) for line in harness.till.reader.audit(2)]
        assert audit == [
            (f"customer 1, post {pool.id}", "until 3 Dec 2026 14:00", "until 26 Nov 2026 14:00"),
            (f"customer 1, post {post.id}", "until 23 Dec 2026 14:00", "nothing"),
        ]

    def test_only_as_it_was_seen_and_while_anything_is_left(self, harness: TillHarness, post: Post) -> None:
        payment = paid(harness, post)
        ended = self.end(harness, payment)
        with pytest.raises(BadInput, match="Something new has come about this payment"):
            self.end(harness, payment)
        with pytest.raises(BadInput, match="Nothing is left of what this payment gave"):
            self.end(harness, ended)
        assert harness.till.reader.payment(payment.id) == ended
        other = paid(harness, post, "UKN0000002", "other")
        harness.clock.advance(31 * 86_400)
        with pytest.raises(BadInput, match="Nothing is left"):
            self.end(harness, other)
        with pytest.raises(BadInput, match="Something new"):
            self.end(harness, replace(other, id=99))

    def test_a_reason_and_a_supervisor_are_needed(self, harness: TillHarness, post: Post) -> None:
        payment = paid(harness, post)
        with pytest.raises(BadInput, match="Type the reason"):
            self.end(harness, payment, " ")
        hire(harness.till)
        stand(harness.till, Role.OPERATOR)
        with pytest.raises(BadInput, match="owner's passphrase"):
            self.end(harness, payment, typed="")
        assert harness.till.reader.payment(payment.id) == payment
        stand(harness.till, Role.SUPERVISOR)
        self.end(harness, payment, typed="")
        assert has(harness, post) is None

"""Erasing a customer (rule 21): what goes, what stays, and what comes afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import CallbackAddress, Payment, Remark, State
from pos_app.domain.payment_event import Accepted, Callback, Refunded, Result, UnreadableCallback
from pos_app.domain.phone import mask
from pos_app.errors import BadInput, CannotSave, OwnerNeeded
from pos_app.sales.build import Books, Erasing, build_erasure
from pos_app.sales.checkout import GUARD
from pos_app.sales.erasure import NOBODY
from pos_app.sales.inbox import LedgerInbox
from pos_app.sales.kept_events import KeptEvent
from pos_app.sales.ledger import address_of
from tests.support.builders import Watch, answer, charge, failure, flush, sell, success, tell
from tests.support.fakes import PHONE, KeysInMemory
from tests.support.staff import NAMES, PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness

WHY = "asked for by letter"
NAME = "Amina Wanjiru"
SPELT = ("708374149", "0708 374 149", "708•••149", "254708", "0708-374-149", NAME, "Wanjiru", "letter from her")


@pytest.fixture
def post(harness: TillHarness) -> Post:
    added = harness.till.catalogue.add(draft_post("Week pass", 250, 7))
    harness.till.authority.passphrase.choose(PASSPHRASE)
    return added


def paid(harness: TillHarness, post: Post, number: int = 1, phone: str = PHONE) -> Payment:
    """One that was asked, answered and paid with everything that names the customer, and is over."""
    payment = sell(harness, post, phone, token=f"secret {number}")
    checkout = f"ws_CO_23112026140000{number:03}{phone[-9:]}"
    payment = tell(harness, payment, Accepted(f"m-{number}", checkout, detail="asked 0708 374 149"))
    event = success(payment, receipt=f"UKN00000{number:02}", detail="sent by Wanjiru's phone")
    body = f'{{"PhoneNumber":{phone},"Name":"{NAME}"}}'
    change = harness.till.ledger.record_at(payment.address, event, body).result(10)
    assert change
    harness.clock.advance(GUARD + 1)
    return change.after


def a_failure() -> Callback:
    return Callback(Result.CANCELLED, "1032", "m", "c")


def erase(harness: TillHarness, phone: str = PHONE, why: str = WHY) -> str:
    return harness.till.erasure.erase(phone, why, PASSPHRASE).phone


def now(harness: TillHarness, payment: Payment) -> Payment:
    found = harness.till.reader.payment(payment.id)
    assert found
    return found


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    return ((path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file())


def test_the_number_the_name_and_the_texts_are_found_nowhere(harness: TillHarness, post: Post, tmp_path: Path) -> None:
    till = harness.till
    payment = paid(harness, post)
    till.customers.give_name(PHONE, NAME)
    till.notes.about_customer(PHONE, f"{NAME} calls from 0708-374-149")
    till.notes.about_payment(payment, "letter from her, 0708 374 149")
    seen = now(harness, payment)
    tell(harness, seen, Refunded(50, "UKR0000001", False, seen.version, detail="0708 374 149, letter from her"))
    assert any(word.encode() in held for word in SPELT for _, held in files(tmp_path))
    erased = till.erasure.erase(PHONE, WHY, PASSPHRASE)
    assert (erased.phone, erased.payments, erased.swept) == ("erased …149", 1, True)
    found = [(name, word) for word in SPELT for name, held in files(tmp_path) if word.encode() in held]
    assert found == []


def test_amounts_codes_and_states_stay(harness: TillHarness, post: Post) -> None:
    before = paid(harness, post)
    erase(harness)
    after = now(harness, before)
    assert mask(after.phone) == "erased …149"
    assert after.checkout_request_id == "ws_CO_23112026140000001…149"
    assert after == replace(
        before, phone=after.phone, checkout_request_id=after.checkout_request_id, version=before.version + 1
    )
    lines = harness.till.reader.journal(before.id)
    assert [(line.kind, line.code, line.detail, line.body) for line in lines] == [
        ("accepted", None, None, None),
        ("result", "0", None, None),
    ]


def test_the_audit_says_who_and_why_without_the_number(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    erase(harness)
    line = harness.till.reader.audit(1)[0]
    assert (line.act, line.subject, line.new, line.owner) == (Act.ERASE, f"customer {payment.customer_id}", WHY, True)


def test_whether_a_number_was_erased_can_be_asked(harness: TillHarness, post: Post) -> None:
    erasure = harness.till.erasure
    paid(harness, post)
    assert erasure.when_erased(PHONE, PASSPHRASE) == []
    erase(harness)
    first = erasure.when_erased(PHONE, PASSPHRASE)
    assert [one.payments for one in first] == [1]
    paid(harness, post, 2)
    erase(harness)
    assert len(erasure.when_erased(PHONE, PASSPHRASE)) == 2, "who came back can be erased again"
    assert erasure.when_erased("254712345678", PASSPHRASE) == []


def test_a_number_that_comes_back_is_a_new_customer(harness: TillHarness, post: Post) -> None:
    old = paid(harness, post)
    erase(harness)
    assert harness.till.reader.customer(PHONE, harness.clock.corrected(), 3) is None
    assert harness.till.reader.recent_phones(5) == []
    new = charge(harness.till, post)
    assert new.customer_id != old.customer_id
    assert now(harness, old).phone != new.phone == PHONE


def test_two_who_end_alike_are_told_apart(harness: TillHarness, post: Post) -> None:
    both = paid(harness, post, 1), paid(harness, post, 2, "254711374149")
    erase(harness)
    erase(harness, "254711374149")
    one, other = (now(harness, payment).phone for payment in both)
    assert one != other
    assert mask(one) == mask(other) == "erased …149"


def test_ids_that_would_be_the_same_then_go_altogether(harness: TillHarness, post: Post) -> None:
    first = paid(harness, post, 1)
    other = sell(harness, post, "254711374149", token="other")
    other = tell(harness, other, Accepted("m-9", "ws_CO_23112026140000001711374149"))
    other = tell(harness, other, success(other, receipt="UKN0000099"))
    harness.clock.advance(GUARD + 1)
    erase(harness)
    erase(harness, "254711374149")
    assert now(harness, first).checkout_request_id == "ws_CO_23112026140000001…149"
    assert now(harness, other).checkout_request_id is None


class TestWhatStandsInTheWay:
    def test_an_open_payment(self, harness: TillHarness, post: Post) -> None:
        paid(harness, post)
        payment = sell(harness, post)
        with pytest.raises(BadInput, match=f"{payment.number} is still open"):
            erase(harness)
        assert now(harness, payment).phone == PHONE

    def test_one_that_is_still_asked_about(self, harness: TillHarness, post: Post) -> None:
        payment = tell(harness, sell(harness, post), Accepted("m", f"ws_CO_23112026140000001{PHONE[-9:]}"))
        tell(harness, payment, answer(payment, "1037"))
        harness.clock.advance(GUARD + 1)
        with pytest.raises(BadInput, match="could be paid yet"):
            erase(harness)

    def test_a_clock_that_was_wrong_once_locks_nothing(self, harness: TillHarness, post: Post) -> None:
        harness.clock.jump(400 * 86_400)
        harness.clock.unheard()
        payment = tell(harness, sell(harness, post), a_failure())
        harness.clock.hear_mpesa()
        assert payment.created_at > harness.clock.corrected()
        harness.clock.advance(GUARD + 1)
        erase(harness)

    def test_nobody_has_the_number(self, harness: TillHarness, post: Post) -> None:
        with pytest.raises(BadInput) as refused:
            erase(harness)
        assert refused.value.user_text == NOBODY

    def test_a_reason_that_names_them(self, harness: TillHarness, post: Post) -> None:
        paid(harness, post)
        harness.till.customers.give_name(PHONE, NAME)
        with pytest.raises(BadInput, match="must not name"):
            erase(harness, why="amina asked")

    def test_nothing_can_be_saved(self, harness: TillHarness, post: Post) -> None:
        paid(harness, post)
        harness.till.writer.saving = False
        with pytest.raises(CannotSave):
            erase(harness)

    @pytest.mark.parametrize("aside", [True, False])
    def test_what_waits_beside_the_database(self, harness: TillHarness, post: Post, aside: bool) -> None:
        payment = paid(harness, post)
        other = sell(harness, post, "254712345678", token="other")
        keeping = harness.till.writer.keeping

        def line(of: Payment) -> str:
            at, key = harness.clock.now(), CallbackAddress(of.address)
            return KeptEvent(at=at, key=key, number=of.number, event=failure(of)).line()

        keeping.aside += ["no line", line(other), *([line(payment)] if aside else [])]
        keeping.waiting += [] if aside else [line(payment)]
        with pytest.raises(BadInput, match=f"about payment {payment.number} could not be recorded yet"):
            erase(harness)
        keeping.aside.clear()
        keeping.waiting.clear()
        erase(harness)


def test_who_shows_a_payment_of_theirs_is_told(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    watch = Watch(harness.till.ledger)
    erase(harness)
    assert watch.until(lambda seen: seen.id == payment.id) == now(harness, payment)


class TestTheKey:
    def test_the_owner_takes_it_to_another_till(self, harness: TillHarness, post: Post) -> None:
        till = harness.till
        with pytest.raises(BadInput, match="no key for erased numbers yet"):
            till.erasure.show_key(PASSPHRASE)
        with pytest.raises(BadInput, match="no key for erased numbers yet"):
            till.erasure.take_key("ab" * 32, PASSPHRASE)
        paid(harness, post)
        erase(harness)
        key = till.erasure.show_key(PASSPHRASE)
        keys = KeysInMemory()
        other = build_erasure(books_of(harness), till.authority, Erasing(keys=keys))
        with pytest.raises(BadInput, match="is not on this computer"):
            other.when_erased(PHONE, PASSPHRASE)
        for wrong, words in (("ab" * 32, "not this shop's key"), ("hunter2", "is damaged")):
            with pytest.raises(BadInput, match=words):
                other.take_key(wrong, PASSPHRASE)
        assert keys.get() is None
        other.take_key(f" {key[:32].upper()} {key[32:]}\n", PASSPHRASE)
        assert len(other.when_erased(PHONE, PASSPHRASE)) == 1
        lines = [(line.act, line.subject, line.new) for line in till.reader.audit(9) if line.act is Act.KEYS]
        assert lines == [(Act.KEYS, "setting erasure_key", new) for new in ("taken", "shown")]

    def test_what_cannot_be_recorded_is_not_taken(self, harness: TillHarness, post: Post) -> None:
        till = harness.till
        paid(harness, post)
        erase(harness)
        key, keys = till.erasure.show_key(PASSPHRASE), KeysInMemory()
        till.writer.saving = False
        with pytest.raises(CannotSave):
            build_erasure(books_of(harness), till.authority, Erasing(keys=keys)).take_key(key, PASSPHRASE)
        assert keys.get() is None

    def test_that_it_was_shown_is_recorded_first(self, harness: TillHarness, post: Post) -> None:
        paid(harness, post)
        erase(harness)
        harness.till.erasure.show_key(PASSPHRASE)
        line = harness.till.reader.audit(1)[0]
        assert (line.act, line.subject, line.new) == (Act.KEYS, "setting erasure_key", "shown")
        harness.till.writer.saving = False
        with pytest.raises(CannotSave):
            harness.till.erasure.show_key(PASSPHRASE)

    def test_it_is_behind_the_passphrase_also_of_a_signed_in_owner(self, harness: TillHarness, post: Post) -> None:
        paid(harness, post)
        erase(harness)
        hire(harness.till)
        stand(harness.till, Role.OWNER)
        erasure = harness.till.erasure
        for ask in (erasure.show_key, lambda typed: erasure.take_key("ab" * 32, typed)):
            with pytest.raises(BadInput, match="passphrase"):
                ask("")


def books_of(harness: TillHarness) -> Books:
    till = harness.till
    inbox = LedgerInbox(till.ledger, till.reader)
    return Books(
        reader=till.reader, writer=till.writer, ledger=till.ledger, inbox=inbox, route=harness.route,
        clock=harness.clock,
    )  # fmt: skip


def test_a_remark_that_asks_for_nothing_stands_in_nobody_s_way(harness: TillHarness, post: Post) -> None:
    payment = tell(harness, sell(harness, post), Accepted("m", f"ws_CO_23112026140000001{PHONE[-9:]}"))
    late = tell(harness, payment, failure(payment), success(payment))
    assert late.remarks == {Remark.LATE}
    harness.clock.advance(GUARD + 1)
    erase(harness)
    assert now(harness, late).remarks == {Remark.LATE}


def test_what_another_process_could_not_save_stands_in_the_way(harness: TillHarness, post: Post) -> None:
    payment = paid(harness, post)
    event = failure(payment)
    line = KeptEvent(at=harness.clock.now(), key=CallbackAddress(payment.address), number=None, event=event).line()
    keys, till = KeysInMemory(), harness.till
    beside = build_erasure(books_of(harness), till.authority, Erasing(keys=keys, kept=lambda: [line]))
    with pytest.raises(BadInput, match="waits in the file beside the database"):
        beside.erase(PHONE, WHY, PASSPHRASE)

    def unreadable() -> list[str]:
        raise PermissionError

    beside = build_erasure(books_of(harness), till.authority, Erasing(keys=keys, kept=unreadable))
    with pytest.raises(BadInput, match="that file cannot be read"):
        beside.erase(PHONE, WHY, PASSPHRASE)


class TestWhatComesAfterwards:
    @pytest.fixture
    def gone(self, harness: TillHarness, post: Post) -> Payment:
        """Cancelled, over and erased."""
        payment = sell(harness, post)
        payment = tell(harness, payment, Accepted("m-1", f"ws_CO_23112026140000001{PHONE[-9:]}"))
        payment = tell(harness, payment, failure(payment, "1032"))
        harness.clock.advance(GUARD + 1)
        erase(harness)
        return payment

    def test_money_that_comes_late_is_not_lost(self, harness: TillHarness, gone: Payment, tmp_path: Path) -> None:
        event = success(gone, receipt="UKN0000077", detail="from 0708 374 149")
        change = harness.till.ledger.record_at(address_of("secret"), event, f'{{"Phone":"{PHONE}"}}').result(10)
        assert change
        assert change.after.state is State.PAID
        assert change.after.remarks == {Remark.LATE, Remark.ERASED}, "the ids fit, and no other phone paid"
        assert change.after.granted
        assert harness.till.reader.attention(9) == [now(harness, gone)]
        flush(harness.till.writer)
        assert harness.database.sweep([PHONE])
        assert [name for name, held in files(tmp_path) if PHONE[-9:].encode() in held] == []

    def test_rule_8_other_ids_are_other_ids(self, harness: TillHarness, gone: Payment) -> None:
        event = success(gone, receipt="UKN0000077", checkout_request_id=f"ws_CO_23112026140000002{PHONE[-9:]}")
        after = tell(harness, gone, event)
        assert after.state is State.REVIEW
        assert after.reason.review is Remark.IDS_DIFFER

    def test_rule_10_its_id_is_no_other_payments(self, harness: TillHarness, gone: Payment, post: Post) -> None:
        other = tell(harness, sell(harness, post, token="2"), Accepted("m-2", gone.checkout_request_id or ""))
        assert other.checkout_request_id is None
        assert other.state is State.UNKNOWN

    def test_m_pesa_is_asked_by_no_id_that_was_cut(self, harness: TillHarness, gone: Payment) -> None:
        till = harness.till
        for _ in range(3):
            till.ledger.record_at(gone.address, UnreadableCallback(), "?").result(10)
            harness.clock.advance(3_600)
        other = success(gone, receipt="UKN0000077", checkout_request_id=f"ws_CO_23112026140000002{PHONE[-9:]}")
        assert tell(harness, gone, other).state is State.REVIEW
        assert not till.reconciler.check_now(gone.id)
        assert now(harness, gone).next_check_at is None
        till.reconciler.step()
        assert harness.gateway.queries == []

    def test_a_charge_that_was_to_ask_them_again_names_nobody(
        self, harness: TillHarness, gone: Payment, post: Post
    ) -> None:
        with pytest.raises(BadInput, match="was erased"):
            charge(harness.till, post, retry_of=gone.id)
        assert harness.till.reader.customer(PHONE, harness.clock.corrected(), 3) is None

    def test_a_strangers_code_is_not_kept(self, harness: TillHarness, gone: Payment) -> None:
        tell(harness, gone, replace(failure(gone), result_code=f"{NAME} {PHONE}"))
        assert harness.till.reader.journal(gone.id)[-1].code is None

    def test_nobody_is_asked_again(self, harness: TillHarness, gone: Payment) -> None:
        with pytest.raises(BadInput, match="was erased"):
            harness.till.checkout.may_ask_again(now(harness, gone))


class TestWhoMay:
    def test_the_owner_by_role(self, harness: TillHarness, post: Post) -> None:
        paid(harness, post)
        hire(harness.till)
        stand(harness.till, Role.OWNER)
        harness.till.erasure.erase(PHONE, WHY)
        assert harness.till.reader.audit(1)[0].operator == NAMES[Role.OWNER]

    @pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
    def test_nobody_else(self, harness: TillHarness, post: Post, role: Role) -> None:
        paid(harness, post)
        hire(harness.till)
        stand(harness.till, role)
        with pytest.raises((OwnerNeeded, BadInput), match="passphrase"):
            harness.till.erasure.erase(PHONE, WHY)
        with pytest.raises((OwnerNeeded, BadInput), match="passphrase"):
            harness.till.erasure.when_erased(PHONE)
        assert harness.till.reader.customer(PHONE, harness.clock.now(), 1)

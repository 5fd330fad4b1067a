"""The role matrix through sales: what each may do is decided where it is done, in the transaction that does it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act, Need, Role
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Settlement
from pos_app.domain.statement_row import Statement
from pos_app.domain.unprompted import MoneySearch, RowWord, Unprompted
from pos_app.errors import BadInput, OwnerNeeded, SignInNeeded
from pos_app.sales.owner import Decision, MoneyBack
from tests.store.test_mpesa_record import FILE, ROW
from tests.support.builders import charge, end, failure, flush, prompt, sell, success, tell
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.staff import NAMES, PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness, open_harness

TEA, SOAP, POOL = draft_post("Tea", 30, 0), draft_post("Soap", 40, 0), draft_post("Pool", 300, 7)
OTHER_PHONE = "254712345678"
GONE_PHONE = "254733000222"
MONEY_BACK = MoneyBack(amount="30", code="UKR0000001", why="cold tea")
STATEMENT = Statement(short_code="512345", period=None, covered=None)
DECIDED = Decision(settlement=Settlement.DECLINED, why="too little")


class Shop(NamedTuple):
    """A shop with a paid payment and one that waits for the owner, and its database."""

    tea: Post
    pool: Post
    paid: Payment
    held: Payment
    contents: bytes


class Scene:
    """A till of that shop, and each act as somebody tries it there."""

    def __init__(self, harness: TillHarness, shop: Shop) -> None:
        self.harness, self.till = harness, harness.till
        self.tea, self.pool, self.paid, self.held, _ = shop

    def money(self) -> Unprompted:
        """Some that came without a prompt."""
        with self.harness.database.write() as transaction:
            transaction.keep_rows(transaction.add_record_file(FILE), [ROW], ())
        [money] = self.till.reader.unprompted(MoneySearch())
        return money

    def act(self, act: Act, passphrase: str) -> object:
        till = self.till
        if act is Act.POSTS and passphrase:
            till.catalogue.unlock(passphrase)
        acts: dict[Act, Callable[[], object]] = {
            Act.CHARGE: lambda: charge(till, self.tea, "0733000111"),
            Act.REVEAL: lambda: till.audit.reveal(self.paid.number),
            Act.NAME: lambda: till.customers.give_name(self.paid.phone, "Amina"),
            Act.NOTE: lambda: till.notes.about_payment(self.paid, "Asked for the receipt"),
            Act.ACCESS: lambda: till.access.give(
                till.access.look(OTHER_PHONE, self.pool.id)[1], 7, "a regular", passphrase
            ),
            Act.CLOSE: lambda: till.days.close(1, passphrase),
            Act.POSTS: lambda: till.catalogue.change(self.tea.id, SOAP),
            Act.STATEMENT: lambda: till.recording.record(STATEMENT, "ab" * 32, passphrase),
            Act.BIND: lambda: till.binding.name(self.money(), RowWord.TEST, "", passphrase),
            Act.SETTLE: lambda: till.owner.settle(self.held, passphrase, DECIDED),
            Act.REFUND: lambda: till.owner.refund(self.paid, passphrase, MONEY_BACK),
            Act.ERASE: lambda: till.erasure.erase(GONE_PHONE, "asked by letter", passphrase),
            Act.AUDIT: lambda: till.audit.newest(1, passphrase),
            Act.ROLES: lambda: till.operators.add("Zawadi", Role.OPERATOR, "4444", passphrase),
        }
        return acts[act]()


@cache
def a_shop(staff: str) -> Shop:
    """Made once in each process: each of many tests opens a copy.

    Args:
        staff: "hired": somebody of each role; "no operators": the owner's passphrase is chosen; "nothing chosen".
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "practice.db"
        with open_harness(path, FakeClock(), FakeGateway()) as harness:
            till = harness.till
            tea, pool = till.catalogue.add_all([TEA, POOL])
            paid = end(harness, prompt(harness, sell(harness, tea)), "0")
            asked = sell(harness, tea, OTHER_PHONE, "another")
            gone = sell(harness, tea, GONE_PHONE, "gone", created_at=harness.clock.now() - timedelta(days=1))
            tell(harness, gone, failure(gone))
            held = tell(harness, asked, success(asked, amount=Decimal(10), receipt="UKN0000099"))
            assert held.state is State.REVIEW
            if staff == "no operators":
                till.owner.passphrase.choose(PASSPHRASE)
            elif staff == "hired":
                hire(till)
        return Shop(tea, pool, paid, held, path.read_bytes())


OpenScene = Callable[[object], Scene]


@pytest.fixture
def open_scene(tmp_path: Path, clock: FakeClock, gateway: FakeGateway) -> Iterator[OpenScene]:
    """Opens the shop's till for who stands there: somebody of a role, or nobody (None); or where none are hired."""
    with ExitStack() as stack:

        def opened(who: object) -> Scene:
            shop = a_shop(who if isinstance(who, str) and not isinstance(who, Role) else "hired")
            path = tmp_path / "practice.db"
            harness = stack.enter_context(open_harness(path, clock, gateway, contents=shop.contents))
            if isinstance(who, Role):
                stand(harness.till, who)
            return Scene(harness, shop)

        yield opened


def say_no(scene: Scene, *acts: Act) -> None:
    """The owner leaves these to those above."""
    scene.till.operators.allow(dict.fromkeys(acts, False), PASSPHRASE)


YES, SIGN, ASKS, OFF = "yes", SignInNeeded, "type the owner's passphrase", "is off until|are off until"
EVERYBODY = (Act.CHARGE, Act.REVEAL, Act.NAME, Act.NOTE)
# Nobody signed in, operator, supervisor, owner; a shop without operators: with the owner's passphrase, and without.
TABLE: dict[Act, tuple[object, ...]] = {
    **dict.fromkeys(EVERYBODY, (SIGN, YES, YES, YES, YES, YES)),
    Act.ACCESS: (SIGN, ASKS, YES, YES, ASKS, OFF),
    Act.CLOSE: (SIGN, ASKS, YES, YES, ASKS, YES),
    Act.POSTS: (SIGN, ASKS, YES, YES, ASKS, YES),
    Act.STATEMENT: (SIGN, ASKS, YES, YES, ASKS, OFF),
    Act.BIND: (SIGN, ASKS, YES, YES, ASKS, OFF),
    Act.SETTLE: (SIGN, ASKS, ASKS, YES, ASKS, OFF),
    Act.REFUND: (SIGN, ASKS, ASKS, YES, ASKS, OFF),
    Act.ERASE: (SIGN, ASKS, ASKS, YES, ASKS, OFF),
    Act.AUDIT: (SIGN, ASKS, ASKS, YES, ASKS, YES),
    Act.ROLES: (ASKS, ASKS, ASKS, ASKS, ASKS, OFF),
}
PEOPLE = (None, *Role, "no operators", "nothing chosen")
CELLS = [
    pytest.param(act, who, expected, id=f"{act}-{who or 'nobody'}")
    for act, row in TABLE.items()
    for who, expected in zip(PEOPLE, row, strict=True)
]


@pytest.mark.parametrize(("act", "who", "expected"), CELLS)
def test_rule_16_who_may_do_what(open_scene: OpenScene, act: Act, who: object, expected: object) -> None:
    scene = open_scene(who)
    if expected == YES:
        scene.act(act, "")
        return
    before = scene.till.reader.audit(99)
    with pytest.raises(BadInput) as refused:
        scene.act(act, "")
    if expected is SIGN:
        assert isinstance(refused.value, SignInNeeded)
    else:
        assert isinstance(expected, str)
        assert any(words in refused.value.user_text.lower() for words in expected.split("|")), refused.value.user_text
    assert scene.till.reader.audit(99) == before


@pytest.mark.parametrize(("act", "who", "expected"), [cell for cell in CELLS if cell.values[2] == ASKS])
def test_the_owner_s_passphrase_lets_the_owner_do_it_whoever_is_signed_in(
    open_scene: OpenScene, act: Act, who: object, expected: object
) -> None:
    scene = open_scene(who)
    scene.act(act, PASSPHRASE)
    if act is not Act.AUDIT:
        line = scene.till.reader.audit(1)[0]
        assert (line.owner, line.role, line.operator) == (
            True,
            Role.OWNER,
            NAMES[who] if isinstance(who, Role) else None,
        )


@pytest.mark.parametrize(
    ("who", "may"),
    list(zip(PEOPLE, (SIGN, OwnerNeeded, YES, YES, YES, YES), strict=True)),
    ids=[str(who) for who in PEOPLE],
)
def test_rule_16_where_the_owner_says_no_an_operator_sees_no_number_in_full(
    open_scene: OpenScene, who: object, may: object
) -> None:
    scene = open_scene(who)
    if scene.till.owner.passphrase.chosen():
        say_no(scene, Act.REVEAL)
    assert scene.till.audit.may_reveal() is (may == YES)
    if may == YES:
        scene.act(Act.REVEAL, "")
        return
    before = scene.till.reader.audit(99)
    with pytest.raises(BadInput) as refused:
        scene.act(Act.REVEAL, "")
    assert refused.type is may
    if may is OwnerNeeded:
        assert refused.value.user_text.startswith("Phone numbers in full are for a supervisor or the owner.")
    assert scene.till.reader.audit(99) == before


def test_the_owner_s_passphrase_shows_a_number_to_whoever_is_signed_in(open_scene: OpenScene) -> None:
    scene = open_scene(Role.OPERATOR)
    say_no(scene, Act.REVEAL)
    with pytest.raises(BadInput, match="not the owner's passphrase"):
        scene.till.audit.reveal(scene.paid.number, "a guess")
    scene.till.audit.reveal(scene.paid.number, PASSPHRASE)
    line = scene.till.reader.audit(1)[0]
    assert (line.act, line.operator, line.role, line.owner) == (Act.REVEAL, "Amina", Role.OWNER, True)


def test_what_the_owner_says_while_it_waits_counts(open_scene: OpenScene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read in the transaction that records it, as the role is."""
    scene = open_scene(Role.OPERATOR)
    till = scene.till
    admit = till.authority.admit

    def admit_late(staff: Any, *said: Any, **more: Any) -> object:
        staff.set_setting("operators_numbers", "no")
        return admit(staff, *said, **more)

    monkeypatch.setattr(till.authority, "admit", admit_late)
    with pytest.raises(OwnerNeeded):
        scene.act(Act.REVEAL, "")
    assert all(line.act is not Act.REVEAL for line in till.reader.audit(99))


@pytest.mark.parametrize("who", [None, Role.OPERATOR])
def test_who_may_not_gets_no_further_with_a_guess(open_scene: OpenScene, who: Role | None) -> None:
    scene = open_scene(who)
    with pytest.raises(BadInput, match=r"not the owner's passphrase|Nobody is signed in"):
        scene.act(Act.SETTLE, "a guess")
    assert scene.till.reader.payment(scene.held.id) == scene.held


def test_what_the_owner_opened_is_closed_for_whoever_comes_next(open_scene: OpenScene) -> None:
    scene = open_scene(Role.OPERATOR)
    scene.till.catalogue.unlock(PASSPHRASE)
    locked = [scene.till.catalogue.locked]
    stand(scene.till, Role.OPERATOR)
    assert [*locked, scene.till.catalogue.locked] == [False, True]
    with pytest.raises(OwnerNeeded):
        scene.act(Act.POSTS, "")


def test_what_the_owner_opened_is_closed_where_the_passphrase_is_another_one_now(open_scene: OpenScene) -> None:
    scene = open_scene(Role.OPERATOR)
    scene.till.catalogue.unlock(PASSPHRASE)
    scene.till.owner.passphrase.change(PASSPHRASE, "another one of mine")
    assert scene.till.catalogue.locked
    with pytest.raises(OwnerNeeded):
        scene.act(Act.POSTS, "")


def test_the_owner_at_the_set_up_s_test_needs_no_name(open_scene: OpenScene) -> None:
    scene = open_scene(None)
    scene.till.authority.begin_as_owner()
    scene.act(Act.CHARGE, "")
    assert scene.till.authority.need(Act.CHARGE) is Need.NOTHING
    assert scene.till.reader.audit(1)[0].owner
    scene.till.authority.end()
    assert scene.till.authority.need(Act.CHARGE) is Need.SIGN_IN


@pytest.mark.parametrize("act", [Act.CHARGE, Act.POSTS, Act.REFUND, Act.SETTLE, Act.AUDIT])
def test_who_stands_there_by_a_passphrase_that_is_the_owner_s_no_more_does_nothing(
    open_scene: OpenScene, act: Act
) -> None:
    """The owner has changed it, perhaps at another till, because somebody knew it."""
    scene = open_scene(None)
    scene.till.operators.let_owner_stand(PASSPHRASE)
    scene.till.owner.passphrase.change(PASSPHRASE, "another one of mine")
    assert scene.till.authority.need(act) is Need.SIGN_IN
    with pytest.raises(SignInNeeded):
        scene.act(act, "")
    scene.till.operators.let_owner_stand("another one of mine")
    scene.act(act, "")


def test_what_waits_is_done_for_whoever_began_it(open_scene: OpenScene) -> None:
    """Somebody else may stand there by the time it is saved."""
    scene = open_scene(Role.OPERATOR)
    authority = scene.till.authority
    waiting = authority.of_this_shift(lambda: charge(scene.till, scene.tea, "0733000111"))
    stand(scene.till, Role.SUPERVISOR)
    later = authority.of_this_shift(lambda: (waiting(), charge(scene.till, scene.tea, "0733000222")))
    stand(scene.till, None)
    assert [payment.operator for payment in later()] == ["Amina", "Brian"]
    with pytest.raises(SignInNeeded):
        charge(scene.till, scene.tea, "0733000333")


def test_what_waits_is_refused_to_who_is_switched_off_meanwhile(open_scene: OpenScene) -> None:
    scene = open_scene(Role.OPERATOR)
    amina = scene.till.authority.signed_in()
    assert amina
    waiting = scene.till.authority.of_this_shift(lambda: charge(scene.till, scene.tea, "0733000111"))
    scene.till.operators.change(amina, PASSPHRASE, active=False)
    stand(scene.till, Role.SUPERVISOR)
    with pytest.raises(SignInNeeded):
        waiting()
    assert charge(scene.till, scene.tea, "0733000222").operator == "Brian"


@pytest.mark.parametrize("act", EVERYBODY)
@pytest.mark.parametrize(
    "change", [{"pin": "9999"}, {"role": Role.SUPERVISOR}, {"active": False}], ids=["pin", "role", "switched off"]
)
def test_a_new_pin_or_role_ends_the_session_at_the_next_act(
    open_scene: OpenScene, act: Act, change: dict[str, Any]
) -> None:
    """At whatever till it was changed: the PIN may have been changed because somebody else knew it."""
    scene = open_scene(Role.OPERATOR)
    authority = scene.till.authority
    amina = authority.signed_in()
    assert amina
    scene.till.operators.change(amina, PASSPHRASE, **change)
    assert authority.signed_in() is None
    assert authority.need(act) is Need.SIGN_IN
    with pytest.raises(SignInNeeded, match="switched off, or has a new PIN or role"):
        scene.act(act, "")
    stand(scene.till, Role.OWNER)
    scene.act(act, "")


def test_a_session_that_was_begun_with_the_new_pin_goes_on(open_scene: OpenScene) -> None:
    scene = open_scene(Role.OPERATOR)
    amina = scene.till.authority.signed_in()
    assert amina
    scene.till.operators.set_pin(amina, "9999", PASSPHRASE)
    scene.till.operators.sign_in(amina, "9999")
    assert charge(scene.till, scene.tea, "0733000111").operator == "Amina"


def change_before_it_is_saved(scene: Scene, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """The owner at another till changes who stands here, after this till has looked, before its own transaction."""
    till, record = scene.till, scene.till.ledger.record
    operator = till.authority.signed_in()
    assert operator

    def record_late(*said: Any, **more: Any) -> object:
        till.writer.run(lambda transaction: transaction.change_operator(replace(operator, **changes)))
        return record(*said, **more)

    monkeypatch.setattr(till.ledger, "record", record_late)


@pytest.mark.parametrize("act", [Act.SETTLE, Act.REFUND])
@pytest.mark.parametrize("gone", [{"role": Role.OPERATOR}, {"active": False}], ids=["another role", "switched off"])
def test_rule_16_an_owner_who_is_none_any_more_when_it_is_saved_decides_nothing(
    open_scene: OpenScene, act: Act, gone: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = open_scene(Role.OWNER)
    till = scene.till
    change_before_it_is_saved(scene, monkeypatch, **gone)
    with pytest.raises(SignInNeeded):  # another role ends the session, too
        scene.act(act, "")
    assert [till.reader.payment(each.id) for each in (scene.paid, scene.held)] == [scene.paid, scene.held]
    assert till.reader.refunds(scene.paid.id) == []
    assert all(line.act is not act for line in till.reader.audit(99))
    assert till.writer.saving


@pytest.mark.parametrize("act", [Act.SETTLE, Act.REFUND])
def test_who_has_typed_the_passphrase_stays_the_owner_whatever_their_own_role_becomes(
    open_scene: OpenScene, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = open_scene(Role.SUPERVISOR)
    change_before_it_is_saved(scene, monkeypatch, role=Role.OPERATOR)
    scene.act(act, PASSPHRASE)
    line = scene.till.reader.audit(1)[0]
    assert (line.act, line.owner) == (act, True)


def test_a_shop_without_operators_has_nobody_s_name_on_anything(open_scene: OpenScene) -> None:
    scene = open_scene("nothing chosen")
    assert scene.paid.operator is None
    line = scene.till.reader.audit(99)[-1]
    assert (line.operator, line.role, line.owner) == (None, None, False)


def test_a_settlement_that_waited_in_the_file_names_who_decided(open_scene: OpenScene) -> None:
    """The event carries them: the next start has nobody signed in."""
    scene = open_scene(Role.OWNER)
    scene.act(Act.SETTLE, "")
    line = scene.till.reader.audit(1)[0]
    assert (line.act, line.subject, line.operator) == (Act.SETTLE, scene.held.number, "Njeri")
    assert (line.role, line.owner, line.old, line.new) == (Role.OWNER, False, "review", "declined")


def test_a_receipt_is_recorded_whoever_printed_it(open_scene: OpenScene) -> None:
    scene = open_scene("nothing chosen")
    scene.till.receipts.printed(scene.paid.id)
    flush(scene.till.writer)
    hire(scene.till, Role.OPERATOR)
    stand(scene.till, Role.OPERATOR)
    scene.till.receipts.printed(scene.paid.id)
    flush(scene.till.writer)
    found = [line for line in scene.till.reader.audit(9) if line.act is Act.PRINT]
    assert [(line.subject, line.operator) for line in found] == [
        (scene.paid.number, "Amina"),
        (scene.paid.number, None),
    ]

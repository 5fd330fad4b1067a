"""Operators: the owner adds, changes and switches them off; they sign in by a PIN that nobody can guess."""

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.audit import AuditLine
from pos_app.domain.catalogue import draft_post
from pos_app.domain.operators import Act, Operator, Role
from pos_app.errors import BadInput, CannotSave, OwnerNeeded, SignInNeeded
from pos_app.sales.attempts import TRIES
from pos_app.sales.till import Till
from pos_app.store.transaction import SqlTransaction
from tests.support.builders import charge, said
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.staff import NAMES, PASSPHRASE, PINS, hire, stand
from tests.support.till_harness import open_harness

WRONG = "9999"


@pytest.fixture
def amina(till: Till) -> Operator:
    return hire(till, Role.OPERATOR)[0]


def lines(till: Till, act: Act) -> list[AuditLine]:
    return [line for line in reversed(till.reader.audit(99)) if line.act is act]


class TestAdding:
    def test_one_is_added_and_found_however_the_name_is_spelt(self, till: Till) -> None:
        till.owner.passphrase.choose(PASSPHRASE)
        added = till.operators.add("  Amina  Ali ", Role.SUPERVISOR, "1234", PASSPHRASE)
        assert added == Operator(id=1, name="Amina Ali", role=Role.SUPERVISOR)
        assert till.operators.all() == [added]
        assert till.operators.named("amina ALI") == added
        assert "1234" not in str(till.reader.pin_of(1))
        assert till.authority.staffed()

    def test_a_name_is_had_once(self, till: Till, amina: Operator) -> None:
        with pytest.raises(BadInput, match=r"There is an operator Amina already\. Nothing was changed\."):
            till.operators.add(" AMINA", Role.OWNER, "1234", PASSPHRASE)
        with pytest.raises(BadInput, match="There is no operator 'Brian'"):
            till.operators.named("Brian")

    def test_nobody_is_added_who_looks_like_another(self, till: Till) -> None:
        till.owner.passphrase.choose(PASSPHRASE)
        added = till.operators.add("Jose\u0301", Role.OPERATOR, "1234", PASSPHRASE)
        with pytest.raises(BadInput, match="There is an operator"):
            till.operators.add("JOS\u00c9", Role.OWNER, "5678", PASSPHRASE)
        assert till.operators.named("jos\u00e9") == added

    def test_the_first_one_is_made_with_the_owner_s_passphrase(self, till: Till) -> None:
        with pytest.raises(BadInput, match="are off until the owner has chosen a passphrase"):
            till.operators.add("Amina", Role.OWNER, "1234", "")
        till.owner.passphrase.choose(PASSPHRASE)
        with pytest.raises(BadInput, match="not the owner's passphrase"):
            till.operators.add("Amina", Role.OWNER, "1234", "a guess")
        assert till.operators.all() == []

    @pytest.mark.parametrize("role", Role)
    def test_each_later_one_too_whoever_is_signed_in(self, till: Till, role: Role) -> None:
        hire(till)
        stand(till, role)
        with pytest.raises(BadInput, match="Type the owner's passphrase"):
            till.operators.add("Another", Role.OPERATOR, "1234", "")
        till.operators.add("Another", Role.OPERATOR, "1234", PASSPHRASE)
        line = lines(till, Act.ROLES)[-1]
        assert (line.operator, line.role, line.owner) == (NAMES[role], Role.OWNER, True)
        assert (line.subject, line.old, line.new) == ("operator 4", None, "Another, operator")

    def test_what_is_no_pin_adds_nobody(self, till: Till) -> None:
        till.owner.passphrase.choose(PASSPHRASE)
        with pytest.raises(BadInput, match="A PIN has 4 to 8 digits"):
            till.operators.add("Amina", Role.OPERATOR, "12", PASSPHRASE)
        assert till.operators.all() == []


class TestChanging:
    def test_a_role_a_switch_and_a_pin_leave_their_lines(self, till: Till, amina: Operator) -> None:
        other = till.operators.change(amina, PASSPHRASE, role=Role.SUPERVISOR)
        off = till.operators.change(other, PASSPHRASE, active=False)
        on = till.operators.change(off, PASSPHRASE, active=True)
        till.operators.set_pin(on, "7777", PASSPHRASE)
        assert till.operators.all() == [replace(amina, role=Role.SUPERVISOR)]
        assert [(line.subject, line.old, line.new) for line in lines(till, Act.ROLES)] == [
            ("owner's passphrase", None, "changed"),
            ("operator 1", None, "Amina, operator"),
            ("operator 1 role", "operator", "supervisor"),
            ("operator 1", "on", "off"),
            ("operator 1", "off", "on"),
            ("operator 1 PIN", None, "changed"),
        ]
        assert all(line.owner for line in lines(till, Act.ROLES))

    def test_of_two_tills_the_second_is_told(self, till: Till, amina: Operator) -> None:
        till.operators.change(amina, PASSPHRASE, role=Role.SUPERVISOR)
        for late in (
            lambda: till.operators.change(amina, PASSPHRASE, role=Role.OWNER),
            lambda: till.operators.set_pin(amina, "7777", PASSPHRASE),
        ):
            with pytest.raises(BadInput, match="Somebody has changed Amina meanwhile"):
                late()
        assert till.operators.all()[0].role is Role.SUPERVISOR
        stand(till, Role.OPERATOR)  # by the old PIN

    def test_nobody_does_it_without_the_passphrase(self, till: Till, amina: Operator) -> None:
        with pytest.raises(BadInput, match="not the owner's passphrase"):
            till.operators.change(amina, "a guess", active=False)
        assert till.operators.all() == [amina]

    def test_where_all_are_off_the_till_works_as_without(self, till: Till, amina: Operator) -> None:
        till.operators.change(amina, PASSPHRASE, active=False)
        assert not till.authority.staffed()
        with pytest.raises(BadInput, match="This operator is switched off"):
            stand(till, Role.OPERATOR)


class TestSigningIn:
    def test_the_right_pin_lets_one_stand_here(
        self, till: Till, amina: Operator, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO", "pos_app.sales.operators")
        assert till.authority.signed_in() is None
        assert stand(till, Role.OPERATOR) == amina
        assert till.authority.signed_in() == amina
        assert [(line.operator, line.role, line.new) for line in lines(till, Act.SIGN_IN)] == [
            ("Amina", Role.OPERATOR, "signed in")
        ]
        assert said(caplog, "pos_app.sales.operators") == ["operator 1 signed in (operator)"]  # no name
        before = till.authority.shift
        till.operators.sign_out()
        assert till.authority.signed_in() is None
        stand(till, Role.OPERATOR)
        assert till.authority.shift != before

    def test_a_wrong_one_says_how_many_tries_are_left(self, till: Till, amina: Operator) -> None:
        told = [wrong(till, amina) for _ in range(TRIES)]
        assert told[0] == "Wrong PIN. 4 tries left. Nothing was changed."
        assert told[3] == "Wrong PIN. 1 try left. Nothing was changed."
        assert "ask the owner for a new PIN" in told[4]
        with pytest.raises(BadInput, match=r"Too many wrong tries\. Wait 0:30"):
            stand(till, Role.OPERATOR)
        assert till.authority.signed_in() is None

    def test_the_count_outlives_the_program_and_is_each_one_s_own(self, tmp_path: Path, clock: FakeClock) -> None:
        path = tmp_path / "practice.db"
        with open_harness(path, clock, FakeGateway()) as harness:
            amina = hire(harness.till)[0]
            for _ in range(TRIES):
                wrong(harness.till, amina)
        with open_harness(path, clock, FakeGateway()) as harness:
            with pytest.raises(BadInput, match="Too many wrong tries"):
                stand(harness.till, Role.OPERATOR)
            stand(harness.till, Role.SUPERVISOR)
            clock.advance(30)
            stand(harness.till, Role.OPERATOR)
            assert wrong(harness.till, amina).startswith("Wrong PIN. 4 tries left")

    def test_a_forgotten_pin_is_reset_by_the_owner_and_the_wait_ends(self, till: Till, amina: Operator) -> None:
        for _ in range(TRIES):
            wrong(till, amina)
        till.operators.set_pin(amina, "7777", PASSPHRASE)
        assert till.operators.sign_in(amina, "7777") == amina
        assert wrong(till, amina, PINS[Role.OPERATOR]).startswith("Wrong PIN")

    def test_nothing_typed_is_no_try(self, till: Till, amina: Operator) -> None:
        for _ in range(TRIES + 1):
            with pytest.raises(BadInput, match=r"^Type your PIN: 4 to 8 digits\."):
                till.operators.sign_in(amina, "")
            with pytest.raises(BadInput, match=r"^Type your PIN: 4 to 8 digits\."):
                till.operators.sign_in(amina, "4006381333931")  # a scanner's
        stand(till, Role.OPERATOR)

    def test_who_is_gone_from_a_database_that_was_put_back_cannot(self, till: Till, amina: Operator) -> None:
        with pytest.raises(BadInput, match="Wrong PIN"):
            till.operators.sign_in(replace(amina, id=9), PINS[Role.OPERATOR])

    def test_a_try_that_cannot_be_counted_is_not_made(
        self, till: Till, amina: Operator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise CannotSave

        monkeypatch.setattr(SqlTransaction, "set_pin_tries", refuse)
        with pytest.raises(CannotSave):
            stand(till, Role.OPERATOR)
        assert till.authority.signed_in() is None


def wrong(till: Till, operator: Operator, pin: str = WRONG) -> str:
    """What a wrong PIN is answered."""
    with pytest.raises(BadInput) as refused:
        till.operators.sign_in(operator, pin)
    return refused.value.user_text


class TestWhatIsLeftToTheOwner:
    def test_operators_may_until_the_owner_says_no(self, till: Till) -> None:
        assert till.operators.allowed() == {Act.TOTALS, Act.REVEAL}
        hire(till)
        assert till.operators.allow({Act.TOTALS: False}, PASSPHRASE) == {Act.REVEAL}
        assert till.operators.allow({Act.TOTALS: True, Act.REVEAL: False}, PASSPHRASE) == {Act.TOTALS}
        assert till.operators.allowed() == {Act.TOTALS}

    def test_each_change_is_in_the_audit_and_what_stays_is_not(self, till: Till) -> None:
        hire(till)
        before = len(lines(till, Act.ROLES))
        stand(till, Role.SUPERVISOR)
        till.operators.allow({Act.TOTALS: False, Act.REVEAL: True}, PASSPHRASE)
        till.operators.allow({Act.TOTALS: False}, PASSPHRASE)
        [line] = lines(till, Act.ROLES)[before:]
        assert (line.subject, line.old, line.new) == ("setting operators_totals", "yes", "no")
        assert (line.operator, line.role, line.owner) == ("Brian", Role.OWNER, True)

    @pytest.mark.parametrize("role", [None, *Role])
    def test_only_the_owner_s_passphrase_changes_it(self, till: Till, role: Role | None) -> None:
        with pytest.raises(BadInput, match="are off until the owner has chosen a passphrase"):
            till.operators.allow({Act.REVEAL: False}, "")
        hire(till)
        stand(till, role)
        for typed in ("", "a guess of somebody"):
            with pytest.raises(BadInput, match="owner's passphrase"):
                till.operators.allow({Act.REVEAL: False}, typed)
        assert till.operators.allowed() == {Act.TOTALS, Act.REVEAL}


class TestWhileSignedIn:
    """What the owner changes counts from the next act on, whoever stands at whichever till."""

    def test_a_role_that_was_taken_away(self, till: Till) -> None:
        hire(till)
        brian = stand(till, Role.SUPERVISOR)
        assert brian
        till.catalogue.add(draft_post("Tea", 30))
        till.operators.change(brian, PASSPHRASE, role=Role.OPERATOR)
        with pytest.raises(SignInNeeded, match="has been switched off, or has a new PIN or role"):
            till.catalogue.add(draft_post("Soap", 30))
        till.operators.sign_in(brian, PINS[Role.SUPERVISOR])
        with pytest.raises(OwnerNeeded, match="for a supervisor or the owner, not for Brian"):
            till.catalogue.add(draft_post("Soap", 30))
        assert [post.title for post in till.catalogue.posts()] == ["Tea"]

    def test_one_who_was_switched_off(self, till: Till) -> None:
        tea = till.catalogue.add(draft_post("Tea", 30))
        hire(till)
        amina = stand(till, Role.OPERATOR)
        assert amina
        till.operators.change(amina, PASSPHRASE, active=False)
        with pytest.raises(SignInNeeded, match="has been switched off, or has a new PIN or role"):
            charge(till, tea)


def test_the_owner_stands_at_the_till_by_the_passphrase(till: Till) -> None:
    """Where the owner's PIN was forgotten, or the owner is no operator."""
    hire(till)
    stand(till, Role.OPERATOR)
    with pytest.raises(BadInput, match="not the owner's passphrase"):
        till.operators.let_owner_stand("a guess of somebody")
    till.operators.let_owner_stand(PASSPHRASE)
    assert till.authority.shift.owner
    [line] = [line for line in lines(till, Act.SIGN_IN) if line.owner]
    assert (line.subject, line.new) == ("owner", "signed in")

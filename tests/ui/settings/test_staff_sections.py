"""Operators and the audit in the settings: each change by the owner's passphrase, told in words, seen at once."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from pos_app.domain.operators import Act, Operator, Role
from pos_app.sales.till import Till
from pos_app.ui.settings.audit_section import AuditSection
from pos_app.ui.settings.lock_section import LockSection
from pos_app.ui.settings.operators_section import OperatorsSection
from pos_app.ui.settings.section import Section
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.support.staff import PASSPHRASE, hire
from tests.ui.parts import part
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Owner

Show = Callable[[Section], Owner]
SUPERVISOR = "Supervisor: also posts and prices"


def choose(section: QWidget, name: str, choice: str) -> None:
    part(section, ChoiceButton, name).choose(choice)


@pytest.fixture
def section(memory: MemorySettings, tasks: Tasks) -> OperatorsSection:
    return OperatorsSection(memory.services.staff, tasks)


def test_the_first_one_is_added(section: OperatorsSection, show: Show, till: Till) -> None:
    till.owner.passphrase.choose(PASSPHRASE)
    owner = show(section)
    owner.type(operatorName="Amina Ali", operatorPin="1111", operatorAgain="1111", operatorOwner=PASSPHRASE)
    choose(section, "operatorRole", SUPERVISOR)
    owner.keeps(section)
    assert till.operators.all() == [Operator(id=1, name="Amina Ali", role=Role.SUPERVISOR)]
    section.load()
    owner.settles(section)
    assert part(section, ChoiceButton, "operatorWho")._choices == (
        "A new operator",
        "Amina Ali (supervisor)",
        "Everybody with the role operator",
    )


def test_one_is_given_another_role_and_pin_and_switched_off_together(
    section: OperatorsSection, show: Show, till: Till
) -> None:
    amina, *_ = hire(till)
    owner = show(section)
    choose(section, "operatorWho", "Amina (operator)")
    choose(section, "operatorRole", SUPERVISOR)
    choose(section, "operatorServes", "No, switched off")
    owner.type(operatorPin="5555", operatorAgain="5555", operatorOwner=PASSPHRASE)
    owner.keeps(section)
    changed = till.operators.all()[0]
    assert (changed.role, changed.active) == (Role.SUPERVISOR, False)
    assert [line.subject for line in till.reader.audit(3)] == ["operator 1 PIN", "operator 1", "operator 1 role"]
    till.operators.change(changed, PASSPHRASE, active=True)
    assert till.operators.sign_in(amina, "5555").id == amina.id


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"operatorOwner": "a guess"}, "not the owner's passphrase"),
        ({"operatorOwner": ""}, "Type the owner's passphrase"),
        ({"operatorAgain": "1112"}, "The two PINs are not the same"),
        ({"operatorPin": "12", "operatorAgain": "12"}, "A PIN has 4 to 8 digits"),
        ({"operatorName": ""}, "An operator needs a name"),
        ({"operatorName": "brian"}, "There is an operator Brian already"),
    ],
)
def test_what_cannot_be_is_said_and_everything_typed_stays(
    section: OperatorsSection, show: Show, till: Till, typed: dict[str, str], said: str
) -> None:
    hire(till)
    owner = show(section)
    given = {"operatorName": "Zoe", "operatorPin": "1111", "operatorAgain": "1111", "operatorOwner": PASSPHRASE}
    owner.type(**given | typed)
    assert said in owner.is_refused(section)
    assert part(section, QWidget, next(iter(typed))).hasFocus(), "the field that is meant"
    assert len(till.operators.all()) == 3


def test_another_till_s_change_is_not_written_over(section: OperatorsSection, show: Show, till: Till) -> None:
    amina, *_ = hire(till)
    owner = show(section)
    choose(section, "operatorWho", "Amina (operator)")
    till.operators.change(amina, PASSPHRASE, role=Role.OWNER)
    choose(section, "operatorServes", "No, switched off")
    owner.type(operatorOwner=PASSPHRASE)
    assert "Somebody has changed Amina meanwhile" in owner.is_refused(section)
    assert till.operators.all()[0].active


ALL = "Everybody with the role operator"
NO = "No, only a supervisor or the owner does"


def test_what_operators_see_is_chosen_for_all_of_them(section: OperatorsSection, show: Show, till: Till) -> None:
    hire(till)
    owner = show(section)
    assert not part(section, ChoiceButton, "operators-totals").isVisible()
    choose(section, "operatorWho", ALL)
    for name in ("operatorName", "operatorRole", "operatorServes", "operatorPin", "operatorAgain"):
        assert not part(section, QWidget, name).isVisible(), name
    choose(section, "operators-totals", NO)
    owner.type(operatorOwner=PASSPHRASE)
    owner.keeps(section)
    assert till.operators.allowed() == {Act.REVEAL}
    section.load()
    owner.settles(section)
    choose(section, "operatorWho", ALL)
    shown = [part(section, ChoiceButton, f"operators-{act}").choice for act in (Act.TOTALS, Act.REVEAL)]
    assert shown == [NO, "Yes"]


def test_what_another_till_allows_meanwhile_is_not_written_over(
    section: OperatorsSection, show: Show, till: Till
) -> None:
    hire(till)
    owner = show(section)
    choose(section, "operatorWho", ALL)
    till.operators.allow({Act.TOTALS: False}, PASSPHRASE)
    choose(section, "operators-reveal", NO)
    owner.type(operatorOwner="a guess")
    assert "not the owner's passphrase" in owner.is_refused(section)
    owner.type(operatorOwner=PASSPHRASE)
    owner.keeps(section)
    assert till.operators.allowed() == frozenset()


def test_the_audit_is_read_newest_first(memory: MemorySettings, tasks: Tasks, show: Show, till: Till) -> None:
    section = AuditSection(memory.services.staff, tasks)
    owner = show(section)
    assert section.text == "Nothing was done yet."
    hire(till, Role.OPERATOR)
    section.load()
    owner.settles(section)
    first, second = section.text.splitlines()
    assert first.endswith("the owner  changed operator 1: Amina, operator")
    assert second.endswith("the owner  changed owner's passphrase: changed")
    owner.keeps(section)


@pytest.mark.parametrize(
    ("set_now", "offered"),
    [
        ("10", ("Never", "After 1 minute", "After 2 minutes", "After 5 minutes", "After 10 minutes")),
        ("7", ("Never", "After 1 minute", "After 2 minutes", "After 5 minutes", "After 7 minutes", "After 10 minutes")),
    ],
)
def test_when_it_locks_by_itself_is_chosen(
    memory: MemorySettings, tasks: Tasks, show: Show, set_now: str, offered: tuple[str, ...]
) -> None:
    memory.set(lock_after=set_now)
    section = LockSection(memory.services.shop, tasks)
    owner = show(section)
    choice = part(section, ChoiceButton, "lockAfter")
    assert choice._choices == offered
    owner.keeps(section)
    assert memory.now.lock_after == set_now
    choice.choose("Never")
    owner.keeps(section)
    assert memory.now.lock_after == "0"

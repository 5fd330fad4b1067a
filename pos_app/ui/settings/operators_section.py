"""Who serves: operators with their roles and PINs, one at a time. Each change asks for the owner's passphrase."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.domain.operators import Act, Operator, Role, find_operator, read_name, read_pin
from pos_app.errors import BadInput
from pos_app.messages import operators as words
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.section import typed
from pos_app.ui.settings.service import StaffService
from pos_app.ui.tasks import Tasks
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field

_ROLES = {text: role for role, text in words.ROLES.items()}


class Found(NamedTuple):
    """Everybody who serves, and what operators may do of all that is left to the owner."""

    operators: Sequence[Operator]
    allowed: frozenset[Act]


class OperatorsSection(FormSection[Found]):
    """Adds one, or gives one of those there are another role or PIN, or switches them off and on; and says what all
    with the role operator may see.
    """

    TITLE = words.OPERATORS
    LEAD = words.WHAT_FOR
    COUNTS_AT_ONCE = True

    def __init__(self, service: StaffService, tasks: Tasks) -> None:
        super().__init__("operatorsSection", tasks)
        self._service = service
        self._operators: list[Operator] = []
        self._allowed: frozenset[Act] = frozenset()
        self._known = self.add_note("")
        self._who = ChoiceButton((words.NEW,), name="operatorWho", spoken=words.WHO)
        self._name = Field(name="operatorName", spoken=words.NAME)
        self._role = ChoiceButton(tuple(_ROLES), name="operatorRole", spoken=words.ROLE)
        self._serves = ChoiceButton(tuple(words.SERVES.values()), name="operatorServes", spoken=words.SERVES_NOW)
        self._pin = _secret("operatorPin", words.PIN)
        self._again = _secret("operatorAgain", words.AGAIN)
        self._owner = _secret("operatorOwner", words.OWNERS)
        self.add(words.WHO, self._who)
        self._name_parts = (self.add(words.NAME, self._name), self._name)
        self._role_parts = (self.add(words.ROLE, self._role), self._role)
        self._serves_parts = (self.add(words.SERVES_NOW, self._serves), self._serves)
        self._pin_caption = self.add(words.PIN, self._pin)
        self._pin_parts = (self._pin_caption, self._pin, self.add(words.AGAIN, self._again), self._again)
        self._may = {act: self._make_choice(act) for act in words.SEES}
        self.add(words.OWNERS, self._owner)
        self.column.addStretch(1)
        self._who.chosen.connect(self._show_chosen)
        self._meant = self._name  # by what is refused next
        self._show_chosen()

    def read(self) -> Found:
        return Found(self._service.operators(), self._service.allowed())

    def fill(self, found: Found) -> None:
        self._operators, self._allowed = list(found.operators), found.allowed
        self._known.setText(words.known(self._operators))
        everybody = (words.ALL,) if self._operators else ()
        self._who.offer((words.NEW, *(words.named(operator) for operator in self._operators), *everybody))
        self._show_chosen()

    def first_field(self) -> QWidget:
        if self._for_all:
            return next(choice for _, choice in self._may.values())
        return self._name if self._chosen is None else self._role

    def work(self) -> Callable[[], None]:
        seen, name, passphrase = self._chosen, typed(self._name), self._owner.edit.text()
        self._meant = self._owner
        if self._for_all:
            chosen = {act: choice.choice == words.MAY[True] for act, (_, choice) in self._may.items()}
            changed = {act: may for act, may in chosen.items() if may is not (act in self._allowed)}
            return lambda: self._service.allow(changed, passphrase)
        role, pin = _ROLES[self._role.choice], self._pin.edit.text()
        active = self._serves.choice == words.SERVES[True]
        self._check(seen, name, pin)
        if seen is None:
            taken = bool(passphrase) and find_operator(self._operators, name) is not None
            self._meant = self._name if taken else self._owner
            return lambda: self._service.add(name, role, pin, passphrase)
        return lambda: self._service.change(seen, passphrase, role=role, active=active, pin=pin)

    def show_error(self, text: str) -> None:
        """Say what is wrong, with the cursor in the field that is meant."""
        super().show_error(text)
        if text:
            take_focus(self._meant)
            self.bring_into_view(self._meant)

    def _check(self, seen: Operator | None, name: str, pin: str) -> None:
        """Whether what was typed can be used at all, from the top. Raises BadInput."""
        self._meant = self._name
        if seen is None:
            read_name(name)
        self._meant = self._pin
        if seen is None or pin:
            read_pin(pin)
        self._meant = self._again
        if pin != self._again.edit.text():
            raise BadInput(words.NOT_THE_SAME)
        self._meant = self._owner

    def forget(self) -> None:
        """Keep neither a PIN nor the passphrase in the fields."""
        for field in (self._pin, self._again, self._owner):
            field.edit.clear()

    @property
    def _chosen(self) -> Operator | None:
        """Whom it is about; None: a new one."""
        return next((one for one in self._operators if words.named(one) == self._who.choice), None)

    @property
    def _for_all(self) -> bool:
        """Whether it is about everybody with the role operator."""
        return self._who.choice == words.ALL

    def _make_choice(self, act: Act) -> tuple[QWidget, ChoiceButton]:
        choice = ChoiceButton(tuple(words.MAY.values()), name=f"operators-{act}", spoken=words.SEES[act])
        return self.add(words.SEES[act], choice), choice

    @Slot()
    def _show_chosen(self) -> None:
        """What is known of whoever was chosen; nothing typed about another one stays."""
        chosen, for_all = self._chosen, self._for_all
        parts: tuple[tuple[bool, tuple[QWidget, ...]], ...] = (
            (chosen is None and not for_all, self._name_parts),
            (not for_all, self._role_parts),
            (chosen is not None, self._serves_parts),
            (not for_all, self._pin_parts),
            *((for_all, each) for each in self._may.values()),
        )
        for act, (_, choice) in self._may.items():
            choice.choose(words.MAY[act in self._allowed])
        for shown, of_it in parts:
            for part in of_it:
                part.setVisible(shown)
        self._name.edit.clear()
        self._role.choose(words.ROLES[chosen.role if chosen else Role.OPERATOR])
        self._serves.choose(words.SERVES[chosen.active if chosen else True])
        self._pin_caption.setText(words.PIN if chosen is None else words.NEW_PIN)
        self._pin.edit.clear()
        self._again.edit.clear()


def _secret(name: str, spoken: str) -> Field:
    field = Field(name=name, spoken=spoken)
    field.edit.setEchoMode(QLineEdit.EchoMode.Password)
    return field

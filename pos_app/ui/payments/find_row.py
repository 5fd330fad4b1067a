"""What stands above the payments: what to find, in which days, which states, and who charged at which till."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QSize, Signal

from pos_app.domain.day_range import DayRange, day_range
from pos_app.domain.operators import Operator
from pos_app.domain.search import Search, Sort
from pos_app.ui.payments.filter import STATES, Days, days_of, nothing_found, search_for
from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.date_range import DateRange
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import SearchField

ALL_OPERATORS, ALL_TILLS = "All operators", "All tills"
_FIELD = 330  # px at the normal text size that the field has at least: what it says in it is read whole


class FindRow(FieldRow):
    """The field, and the choices beside it.

    Attributes:
        field: what to find.
        days, states: as chosen.

    Signals:
        chosen: something else than before was chosen.
    """

    chosen = Signal()

    def __init__(self) -> None:
        field = SearchField(
            name="paymentsFind",
            spoken="Find payments by code, phone, name, amount, number or post",
            placeholder="Code, phone, name or post",
            key="Ctrl F",
        )
        days = ChoiceButton([days.value for days in Days], name="paymentsDays", spoken="Days")
        states = ChoiceButton(list(STATES), name="paymentsStates", spoken="States")
        operators = ChoiceButton([ALL_OPERATORS], name="paymentsOperators", spoken="Who charged")
        tills = ChoiceButton([ALL_TILLS], name="paymentsTills", spoken="Till")
        dates = DateRange("payments")
        super().__init__(field, days, states, dates, operators, tills, least=_FIELD)
        self.field, self.days, self.states = field, days, states
        self._operators, self._tills, self._range = operators, tills, dates
        self._ids: dict[str, int] = {}
        self._names: list[str] = []
        for part in (operators, tills):
            part.hide()
        self._show_dates()
        self._connect()

    def search(self, today: date, sort: Sort) -> Search:
        """What is looked for.

        Raises:
            BadInput: the days end before they begin.
        """
        search = search_for(self.field.edit.text(), self._chosen_days(today), self.states.choice)
        till = "" if self._tills.choice == ALL_TILLS else self._tills.choice
        return replace(search, operator=self._ids.get(self._operators.choice), till=till, sort=sort)

    @property
    def one_day(self) -> bool:
        """Whether all that is found was opened today."""
        return self.days.choice == Days.TODAY

    def nothing(self) -> str:
        """What stands in place of an empty list, with the next key."""
        narrowed = [button.choice for button in (self._operators, self._tills) if not _is_first(button)]
        return nothing_found(self.field.edit.text(), Days(self.days.choice), self.states.choice, narrowed)

    def widen(self) -> None:
        """Look in all days, and whoever charged at whichever till."""
        for button, choice in ((self._operators, ALL_OPERATORS), (self._tills, ALL_TILLS)):
            button.choose(choice)
        self.days.choose(Days.ALL.value)

    def offer(self, operators: Sequence[Operator], tills: Sequence[str]) -> None:
        """Who may have charged, and where: offered where there is more than one."""
        ids = {operator.name: operator.id for operator in operators}
        if ids != self._ids:
            self._ids = ids
            self._offer(self._operators, [ALL_OPERATORS, *ids])
        if list(tills) != self._names:
            self._names = list(tills)
            self._offer(self._tills, [ALL_TILLS, *tills])
        self.arrange()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its field."""
        least = super().minimumSizeHint()
        return least.expandedTo(QSize(scaled(_FIELD), 0))

    def _connect(self) -> None:
        self.days.chosen.connect(self._days_chosen)
        for button in (self.states, self._operators, self._tills):
            button.chosen.connect(self.chosen)
        self._range.changed.connect(self.chosen)

    def _chosen_days(self, today: date) -> DayRange:
        days = Days(self.days.choice)
        if days is not Days.CHOSEN:
            return days_of(days, today)
        if not self._range.is_filled:
            self._range.set_days(today.replace(day=1), today)
        return day_range(*self._range.days)

    def _offer(self, button: ChoiceButton, choices: Sequence[str]) -> None:
        before = button.choice
        button.offer(choices)
        if before in choices:
            button.choose(before)
        button.setVisible(len(choices) > 2)

    def _days_chosen(self) -> None:
        self._show_dates()
        self.chosen.emit()

    def _show_dates(self) -> None:
        self._range.setVisible(self.days.choice == Days.CHOSEN)
        self.arrange()


def _is_first(button: ChoiceButton) -> bool:
    return button.choice in (ALL_OPERATORS, ALL_TILLS)

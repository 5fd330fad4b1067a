"""The line below the payments: how many, how much, and what is not sure."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.search import Sort, Totals
from pos_app.messages.found import count_words, paid_words, refunded_words
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import Label

ORDERS = {
    "Newest": Sort.NEWEST,
    "Oldest": Sort.OLDEST,
    "Highest": Sort.HIGHEST,
    "Lowest": Sort.LOWEST,
}


class PaymentsFooter(QWidget):
    """Shows figures; those that are zero and only warn are left out.

    Signals:
        sort_chosen: the list is wanted in another order.
        export_wanted: the button at its end, which begins an export or stops it.
    """

    sort_chosen = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paymentsFooter")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._count = _figure("footerCount")
        self._paid = _figure("footerPaid")
        self._refunded = _figure("footerRefunded")
        self._unsure = _figure("footerUnsure", ColourRole.UNSURE)
        self._review = _figure("footerReview", ColourRole.REVIEW)
        self._sums = self._paid, self._refunded
        self._figures = self._count, *self._sums, self._unsure, self._review
        self._shows_sums = False
        self._words = _figure("footerWords")
        self._words.setWordWrap(True)
        self._order = ChoiceButton(list(ORDERS), name="paymentsSort", spoken="Order", height=44, kind=Kind.QUIET)
        self._order.chosen.connect(self.sort_chosen)
        self._export = Button("Export", name="paymentsExport", kind=Kind.QUIET, icon="download", height=44)
        self._export.setToolTip("Ctrl+E")
        self._export.clicked.connect(self.export_wanted)
        self.show_exporting(False)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(17, 5, 5, 1)
        rows.setSpacing(0)
        rows.addLayout(FlowLayout(*self._figures, self._buttons(), spacing=10, rows_apart=2, last_right=True))
        rows.addWidget(self._words)

    @property
    def sort(self) -> Sort:
        """The order that is chosen."""
        return ORDERS[self._order.choice]

    def choose_sort(self, sort: Sort) -> None:
        """Choose, as if in the menu."""
        self._order.choose(next(words for words, known in ORDERS.items() if known is sort))

    def show_totals(self, totals: Totals) -> None:
        """Show the figures of all that was found."""
        self._count.setText(count_words(totals))
        self._paid.setText(paid_words(totals))
        self._refunded.setText(refunded_words(totals))
        self._unsure.setText(f"{totals.unsure:,} not sure yet" if totals.unsure else "")
        self._review.setText(f"{totals.review:,} to check" if totals.review else "")
        self._tidy()

    def show_sums(self, may: bool) -> None:
        """Show the sums among the figures, or leave them out; they are left out until it is known who may see them."""
        self._shows_sums = may
        self._tidy()

    def show_nothing(self) -> None:
        """Leave the figures out."""
        for label in self._figures:
            label.setText("")
        self._tidy()

    def show_counting(self, count: int) -> None:
        """Say that there are more than were loaded, until all are counted."""
        self._count.setText(f"{count:,} payments and more")
        for label in self._figures[1:]:
            label.setText("")
        self._tidy()

    def show_exporting(self, running: bool) -> None:
        """Whether an export runs: the button ends it."""
        self._export.set_text("Stop" if running else "Export")
        self._export.setAccessibleName("Stop the export" if running else "Export to a file")

    def set_message(self, text: str, colour: ColourRole | None = None) -> None:
        """Say something beside the figures."""
        self._words.setText(text)
        self._words.set_colour(colour or "")
        self._words.setVisible(bool(text))

    def _buttons(self) -> QWidget:
        """Beside the figures, or below them where these need the whole room."""
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._order)
        row.addWidget(self._export)
        return buttons

    def _tidy(self) -> None:
        for label in self._figures:
            label.setVisible(bool(label.text()) and (self._shows_sums or label not in self._sums))


def _figure(name: str, colour: ColourRole | None = None) -> Label:
    label = Label("", "small")
    label.setObjectName(name)
    if colour:
        label.set_colour(colour)
    label.hide()
    return label

"""What comes back to the charge page late: each answer is compared with what stands there by then."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.payment import Payment
from pos_app.domain.transitions import Substate, substate
from pos_app.messages import counter as words
from pos_app.sales.checkout import Guarded
from pos_app.ui.charge.side_panel import IN_PROGRESS
from pos_app.ui.widgets.basket import of_payment

if TYPE_CHECKING:
    from pos_app.ui.charge.page import ChargePage


class LateAnswers(QObject):
    """Brings each answer to the payment that it is about; where somebody has gone on to another one, says it by name.

    No answer changes what was typed for somebody else meanwhile.
    """

    def __init__(self, page: "ChargePage") -> None:
        super().__init__(page)
        self._page = page
        flow = page.flow
        flow.guarded.connect(self._guarded)
        flow.refused.connect(self._refused)
        flow.may_ask.connect(self._fill_again)
        flow.may_not_ask.connect(self._refuse_again)
        flow.checking.connect(self._checking)
        flow.checking_oldest.connect(self._checking_oldest)
        flow.cannot_check.connect(self._tell)
        flow.nothing_to_check.connect(page.said)

    @Slot(object, object)
    def _guarded(self, request: ChargeRequest, guarded: Guarded) -> None:
        mine = self._page.form.ended(request)
        if mine:
            self._page.form.show_guarded(guarded)
        self._say_unless_seen(request, guarded.user_text, seen=mine)

    @Slot(object, str)
    def _refused(self, request: ChargeRequest, text: str) -> None:
        mine = self._page.form.ended(request)
        if mine:
            self._page.form.show_error(text)
        self._say_unless_seen(request, text, seen=mine)

    def _say_unless_seen(self, request: ChargeRequest, text: str, *, seen: bool) -> None:
        """Nobody waits at the counter for a prompt that never leaves because its form was not in sight.

        Under the lock it is: whoever signs in finds it there.
        """
        if not seen or self._page.isHidden() or self._page.form.isHidden():
            self._page.said.emit(words.not_asked(request.msisdn, text))

    @Slot(object)
    def _fill_again(self, payment: Payment) -> None:
        page, waits = self._page, self._page.result.waits_to_ask(payment)
        page.result.end_asking(payment)
        basket = of_payment(payment, page.grid.by_id)
        if basket is None:
            self._tell(payment, words.POST_IS_OFF)
        elif waits and not page.form.busy:
            page.fill_again(basket, payment)
        elif page.active.newest(payment).state is payment.state:
            page.said.emit(words.may_ask_again(payment))

    @Slot(object, str)
    def _refuse_again(self, payment: Payment, text: str) -> None:
        self._page.result.end_asking(payment)
        self._tell(payment, text)

    @Slot(object)
    def _checking(self, payment: Payment) -> None:
        if not self._in_sight(payment):
            self._page.said.emit(words.asking_about(payment))
        elif substate(payment) is Substate.HELD:  # nothing else there shows that F5 was heard
            self._page.result.set_message(words.ASKED_OWNER_SETTLES)
        elif self._page.shown and self._page.shown.state in IN_PROGRESS:
            self._page.panel.set_message(words.IS_ASKED_NOW)

    @Slot(object)
    def _checking_oldest(self, payment: Payment) -> None:
        if self._page.idle and self._page.isVisible():
            self._page.show_payment(payment)
        else:
            self._page.said.emit(words.asking_about_oldest(payment))

    @Slot(object, str)
    def _tell(self, payment: Payment, text: str) -> None:
        if self._in_sight(payment):
            self._page.panel.set_message(text)
        else:
            self._page.said.emit(words.about(payment, text))

    def _in_sight(self, payment: Payment) -> bool:
        shown = self._page.shown if self._page.isVisible() else None
        return shown is not None and shown.id == payment.id

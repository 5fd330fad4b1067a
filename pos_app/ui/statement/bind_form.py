"""Money without a prompt is bound to a sale: whose it is, what was sold, what is left of it.

Nothing that is suggested is taken by itself, and what was typed is there again when somebody comes back to the money.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import ChargeRequest, total
from pos_app.domain.money import kes
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.phone import mask
from pos_app.domain.post_finder import PostFinder
from pos_app.domain.unprompted import Hints, PayerHint, PostHint, Unprompted, fits_phone
from pos_app.errors import BadInput, PosError
from pos_app.messages.unprompted import (
    FROM_NOW,
    NOBODY_SEEN,
    amount_words,
    came_words,
    its_words,
    payer_hint,
    post_hint,
    prompts_words,
    rest_words,
)
from pos_app.sales.bind_checks import PromptSeen
from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm, Work, said
from pos_app.ui.statement.chips import Chips
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets import basket as baskets
from pos_app.ui.widgets.basket import Basket
from pos_app.ui.widgets.basket_panel import BasketPanel
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import caption
from pos_app.ui.widgets.phone_field import PhoneField
from pos_app.ui.widgets.renewal import Holdings

_DEBOUNCE = 40  # ms from the last key typed to the look-up: those of a scanner are one
_SHOWN = 6  # posts that are offered at once
NO_POST = "No post that is sold matches."
NOTHING_SOLD = "Say what was sold: find a post, or take what is offered. Nothing was changed."
AGAIN = "What you had begun about this money is here again."


class _Draft(NamedTuple):
    """What was typed about some money, and in whose shift."""

    shift: int
    phone: str
    basket: Basket


class BindForm(PassphraseForm):
    """Takes the place of the list; gives the `Payment` that it is bound to.

    Signals:
        payment_wanted: the number of a payment that may be meant.
        identify_wanted: for the `Unprompted`, and a `Payment` which somebody says that it is.
    """

    payment_wanted = Signal(str)
    identify_wanted = Signal(object, object)

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(till, tasks, Act.BIND, prefix="bind", spoken="Bind money to a sale", button="Bind", hint="")
        self._money: Unprompted | None = None
        self._hints = Hints()
        self._posts = PostFinder()
        self._despite: frozenset[int] = frozenset()  # payments that ended, and that somebody has looked at
        self._rest_meant = 0  # KES that somebody was told are left over
        self._drafts: dict[int, _Draft] = {}  # by the id of the money
        self._typing = QTimer(self, singleShot=True, interval=_DEBOUNCE)
        self._make_parts()
        self._lay_out(
            (
                self._came,
                self._meant,
                self._its,
                self._open,
                caption("Whose phone it was"),
                self._phone,
                self._payers,
                self._fits,
                caption("What was sold"),
                self._find,
                self._offered,
                self._no_post,
                self._basket,
            ),
            reason="",
        )
        page = self.layout()
        assert isinstance(page, QVBoxLayout)
        page.insertWidget(1, self._rest)  # below what scrolls: it is seen however much stands there
        self._connect()

    def _make_parts(self) -> None:
        self._came, self._meant, self._fits, self._rest = (said(role) for role in ("body", "note", "small", "strong"))
        for label, name in (
            (self._came, "bindCame"), (self._meant, "bindMeant"), (self._fits, "bindFits"), (self._rest, "bindRest")
        ):  # fmt: skip
            label.setObjectName(name)
        self._open = Button("Look at that payment", name="bindOpen", height=44)
        self._phone = PhoneField()
        self._its, self._payers, self._offered = Chips("bindIts"), Chips("bindPayers"), Chips("bindPosts")
        self._find = Field(
            name="bindFind", spoken="Find what was sold", placeholder="Find a post", height=44, icon="search"
        )
        self._no_post = said("small", NO_POST)
        self._basket = BasketPanel(self._till.clock, Holdings(self._till, self._tasks, self), self._is_saving)

    def _connect(self) -> None:
        self._open.clicked.connect(self._want_payment)
        self._phone.changed.connect(self._phone_changed)
        self._phone.edit.returnPressed.connect(self._find.edit.setFocus)
        self._phone.refused.connect(self._say)
        self._find.edit.textChanged.connect(lambda: self._typing.start())
        self._find.edit.returnPressed.connect(self._enter_posts)
        self._find.refused.connect(self._say)
        self._typing.timeout.connect(self._offer)
        self._basket.changed.connect(self._show_rest)
        self._basket.refused.connect(self._say)

    def start(self, money: Unprompted) -> None:
        """About this money; reads what may be meant, and the posts."""
        self._money, self._hints, self._despite, self._rest_meant = money, Hints(), frozenset(), 0
        self._came.setText(f"{came_words(money)} {FROM_NOW}" if money.phone else f"{came_words(money)} {NOBODY_SEEN}")
        shift = self._till.authority.shift.number
        self._drafts = {each: draft for each, draft in self._drafts.items() if draft.shift == shift}
        draft = self._drafts.pop(money.id, None)
        self._phone.clear()
        self._fits.hide()
        self._find.edit.clear()
        self._show_hints()
        self._begin(f"Bind {amount_words(money)}", money.receipt)
        self._basket.take(draft.basket if draft else ())
        if draft:
            self._phone.edit.setText(draft.phone)
            self._tell(AGAIN)
        self._phone.edit.setFocus()
        here, till = self._visits.current(), self._till
        self._tasks.run(
            lambda: (till.binding.hints(money), PostFinder(till.catalogue.posts()).sold()),
            lambda read: self._take_read(*read) if here() else None,
            lambda error: self.show_error(error.user_text) if here() else None,
            owner=self,
        )

    def leave(self) -> None:
        """What was typed is kept for who stands here, until they have bound it."""
        if not self.isHidden() and self._money and (self._phone.text().strip() or self._basket.basket):
            shift = self._till.authority.shift.number
            self._drafts[self._money.id] = _Draft(shift, self._phone.text(), self._basket.basket)
        super().leave()
        self._money = None
        self._phone.clear()
        self._basket.take(())

    def _take_read(self, hints: Hints, posts: PostFinder) -> None:
        self._hints, self._posts = hints, posts
        was = self._trouble.words
        told = self._basket.renew(posts.by_id)
        if told:
            self._say(told)
        elif was == AGAIN:
            self._tell(AGAIN)
        self._show_hints()
        self._offer()

    def _show_hints(self) -> None:
        words = prompts_words(self._hints)
        self._meant.setText(words)
        self._meant.setVisible(bool(words))
        self._open.setVisible(bool(self._hints.prompts))
        its = [hint.payment for hint in self._hints.prompts if hint.may_be_its]
        self._its.show_chips([(its_words(payment), partial(self._want_identify, payment)) for payment in its])
        self._payers.show_chips([(payer_hint(hint), partial(self._take_payer, hint)) for hint in self._hints.payers])

    def _offer(self) -> None:
        """The posts that are typed; while nothing is, those that cost what came."""
        self._typing.stop()
        typed = self._find.edit.text().strip()
        chips: list[tuple[str, Callable[[], None]]]
        if typed:
            found = self._posts.find(typed)[:_SHOWN]
            chips = [(f"{post.title} · {post.price_words}", partial(self._add, post)) for post in found]
        else:
            chips = [(post_hint(hint), partial(self._take_posts, hint)) for hint in self._hints.posts]
        self._offered.show_chips(chips)
        self._no_post.setVisible(bool(typed) and not chips)

    def _enter_posts(self) -> None:
        """Enter goes to what is found, and chooses none of it; where nothing is typed, to the button."""
        self._offer()
        if self._find.edit.text().strip():
            self._lead_to(self._offered.first)
        elif not self._basket.ask_price():
            self._lead_to(self._passphrase.missing or self._now)

    def _lead_to(self, part: QWidget | None) -> None:
        """The focus there, once the key that led to it has done all it does: the same Enter must not press it, too."""
        here = self._visits.current()
        if part is not None:
            QTimer.singleShot(0, part, lambda: part.setFocus() if here() else None)

    def _take_payer(self, hint: PayerHint) -> None:
        self._phone.set_msisdn(hint.phone)
        self._find.edit.setFocus()

    def _take_posts(self, hint: PostHint) -> None:
        for post, many in hint.lines:
            for _ in range(many):
                self._basket.add(post)
        self._find.edit.setFocus()

    def _add(self, post: Post) -> None:
        self._basket.add(post)
        self._find.edit.clear()
        self._offer()
        if not self._basket.ask_price():
            self._find.edit.setFocus()

    def _want_payment(self) -> None:
        self.payment_wanted.emit(self._hints.prompts[0].payment.number)

    def _want_identify(self, payment: Payment) -> None:
        if self._money:
            self.identify_wanted.emit(self._money, payment)

    def _phone_changed(self) -> None:
        self._say("")  # what was refused is not in the way any more, or is said anew
        self._despite = frozenset()
        msisdn = self._phone.msisdn()
        self._basket.show_for(msisdn)
        other = self._money is not None and msisdn is not None and not fits_phone(self._money, msisdn)
        self._fits.setText(
            f"M-PESA's record shows {self._money.phone}: {mask(msisdn)} is another." if self._money and msisdn else ""
        )
        self._fits.setVisible(other)

    def _show_rest(self) -> None:
        self._say("")
        amount = self._money.amount if self._money else None
        self._basket.setVisible(bool(self._basket.basket))
        costs = self._basket.amount if self._basket.basket else 0
        self._rest.setText(rest_words(amount or 0, costs) if costs is not None else self._basket.trouble)

    def _is_saving(self) -> bool:
        return self.isVisible() and not self._now.isEnabled()

    def _work(self) -> Work:
        money, msisdn, binding = self._money, self._phone.msisdn(), self._till.binding
        assert money  # it is open
        if msisdn is None:
            raise BadInput(self._phone.trouble() if self._phone.text().strip() else "Type the phone of whoever paid.")
        if not self._basket.basket:
            raise BadInput(NOTHING_SOLD)
        lines = tuple(baskets.lines_of(self._basket.basket))
        rest = (money.amount or 0) - total(lines)
        if rest > 0 and rest != self._rest_meant:
            self._rest_meant = rest
            raise BadInput(
                f"{kes(rest)} more came than that costs, and would be a refund due. Press Bind once more if so."
            )
        sale = ChargeRequest(lines=lines, msisdn=msisdn, despite=self._despite)
        return lambda passphrase, first: binding.bind(money, sale, passphrase, first=first)

    def _end(self, result: object, is_open: bool) -> None:
        self._phone.clear()
        self._basket.take(())
        super()._end(result, is_open)

    @property
    def _mended_first(self) -> QWidget:
        """Whose phone it was; a further Enter must not bind past a prompt that nobody has looked at."""
        return self._phone.edit

    def _refuse(self, about: str, error: PosError, is_open: bool) -> None:
        super()._refuse(about, error, is_open)
        if is_open and isinstance(error, PromptSeen):
            self._despite |= {payment.id for payment in error.payments}

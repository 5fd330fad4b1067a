"""Access by hand: for how long or which of it, why, and who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.access import Held, extended
from pos_app.domain.access_by_hand import read_days
from pos_app.domain.catalogue import Post
from pos_app.domain.customer_record import GivenAccess
from pos_app.domain.operators import Act
from pos_app.domain.withdrawal import Origin
from pos_app.errors import BadInput
from pos_app.messages.access import ALL_OF_IT, given_words, has_words, makes_it_words
from pos_app.sales.access_by_hand import Seen
from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm, Work, said
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field

FOR_DAYS, FOR_EVER = "For days", "For ever"


@dataclass(frozen=True)
class _Subject:
    """What the form is about: a post, what was seen of the customer's access to it, and what can be withdrawn."""

    post: Post
    seen: Seen
    parts: Sequence[GivenAccess] | None  # None: it is given

    def has(self, held: Held | None, now: datetime) -> str:
        """What the customer has of the post, in words."""
        return has_words(self.seen.msisdn, self.post.title, held, now)


class AccessForm(PassphraseForm):
    """Takes the place of a customer's detail while access is given or withdrawn; gives what the customer has of the
    post then, in words.
    """

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(till, tasks, Act.ACCESS, prefix="access", spoken="Access by hand", button="Give", hint="Why")
        self._subject: _Subject | None = None
        self._has = ""  # what they have now, in words
        self._means = said("note")
        self._means.setObjectName("accessMeans")
        self._length = ChoiceButton((FOR_DAYS, FOR_EVER), name="accessLength", spoken="How long")
        self._days = Field(name="accessDays", spoken="Days of access", placeholder="Days")
        self._which = ChoiceButton((ALL_OF_IT,), name="accessWhich", spoken="Which of it")
        self._lay_out((self._means, self._length, self._days, self._which), fields=(self._days,))
        self._length.chosen.connect(self._choose_length)
        self._days.edit.textChanged.connect(self._foretell)

    def give(self, post: Post, seen: Seen, now: datetime) -> None:
        """Let access to a post be given; the post's own days stand there."""
        title = "Give access" if not seen.has(now) else "Add to their access"
        self._begin_about(_Subject(post, seen, None), title, now)
        self._length.choose(FOR_EVER if post.days is None else FOR_DAYS)
        self._days.edit.setText(str(post.days or ""))
        self._choose_length()

    def withdraw(self, post: Post, seen: Seen, parts: Sequence[GivenAccess], now: datetime) -> None:
        """Let access to a post be withdrawn: all of it, or one of its parts."""
        self._begin_about(_Subject(post, seen, parts), "Withdraw access", now)
        self._which.offer((ALL_OF_IT, *dict.fromkeys(map(given_words, parts))) if len(parts) > 1 else (ALL_OF_IT,))
        self._why.setFocus()

    def leave(self) -> None:
        """Nothing of whom it was about stays."""
        super().leave()
        self._subject = None

    def _begin_about(self, subject: _Subject, title: str, now: datetime) -> None:
        self._subject = subject
        giving = subject.parts is None
        self.setAccessibleName(title)
        self._has = subject.has(subject.seen.held, now)
        self._means.setText(self._has)
        self._length.setVisible(giving)
        self._days.setVisible(giving)
        self._which.setVisible(not giving and len(subject.parts or ()) > 1)
        self._now.set_text("Give" if giving else "Withdraw")
        self._begin(title, subject.post.title)

    def _choose_length(self) -> None:
        self._days.setVisible(self._length.choice == FOR_DAYS)
        if self._length.choice == FOR_DAYS:
            self._days.setFocus()
            self._days.edit.selectAll()  # what is typed takes the place of the post's own days
        else:
            self._why.setFocus()
        self._foretell()

    def _foretell(self) -> None:
        """Say what the customer will have, before anything is given."""
        if self._subject is None or self._subject.parts is not None:
            return
        try:
            days = self._given_days()
        except BadInput:
            self._means.setText(self._has)
            return
        now = self._till.clock.corrected()
        then = extended(self._subject.seen.has(now), days, now)
        self._means.setText(f"{self._has} {makes_it_words(then)}")

    def _given_days(self) -> int | None:
        """How many days stand there; None for ever. Raises BadInput."""
        return None if self._length.choice == FOR_EVER else read_days(self._days.edit.text())

    def _work(self) -> Work:
        subject, why, access, clock = self._subject, self._why.edit.text(), self._till.access, self._till.clock
        assert subject  # it is open
        seen = subject.seen
        if subject.parts is None:
            days = self._given_days()
            return lambda passphrase, first: subject.has(
                access.give(seen, days, why, passphrase, first=first), clock.corrected()
            )
        only = self._chosen_part(subject.parts)
        return lambda passphrase, first: subject.has(
            access.withdraw(seen, why, passphrase, only=only, first=first), clock.corrected()
        )

    def _chosen_part(self, parts: Sequence[GivenAccess]) -> Origin | None:
        return next((part.origin for part in parts if given_words(part) == self._which.choice), None)

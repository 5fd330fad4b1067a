"""Does this phone have this post? The post is typed, the answer is one line, what can be done about it stands below."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.catalogue import NO_ACCESS, Post
from pos_app.domain.customer_record import CustomerCard
from pos_app.domain.post_finder import PostFinder
from pos_app.messages.access import has_words
from pos_app.sales.access_by_hand import Seen
from pos_app.sales.till import Till
from pos_app.ui.tasks import Tasks
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label, caption

NO_POST = "No post with access matches."
_DEBOUNCE = 40  # ms from the last key typed to the look-up: those of a scanner are one


class AccessQuestion(QWidget):
    """Part of a customer's detail.

    Args:
        say: tells whoever stands here what went wrong.

    Signals:
        give_wanted, withdraw_wanted: the `Post` and the `Seen` that was answered from.
    """

    give_wanted = Signal(object, object)
    withdraw_wanted = Signal(object, object)

    def __init__(self, till: Till, tasks: Tasks, say: Callable[[str], None]) -> None:
        super().__init__()
        self._till, self._tasks, self._say = till, tasks, say
        self._visits = Visits()
        self._card: CustomerCard | None = None
        self._posts = PostFinder()
        self._asked: tuple[Post, Seen] | None = None
        self._typing = QTimer(self, singleShot=True, interval=_DEBOUNCE)
        self._post = Field(
            name="customerPost", spoken="Does this phone have this post?", placeholder="Post", height=44, icon="search"
        )
        self._answer = Label("", "strong", wrap=True)
        self._answer.setObjectName("customerAnswer")
        self._give = Button("Give...", name="customerGive", icon="plus", height=44, spoken="Give access")
        self._withdraw = Button("Withdraw...", name="customerWithdraw", icon="x", height=44, spoken="Withdraw access")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (
            caption("Does this phone have a post?", left=0),
            self._post,
            self._answer,
            ButtonRow(self._give, self._withdraw),
        ):
            column.addWidget(part)
        self.setFocusProxy(self._post)
        self._post.edit.textChanged.connect(lambda: self._typing.start())
        self._post.edit.returnPressed.connect(self._ask)
        self._typing.timeout.connect(self._ask)
        self._give.clicked.connect(lambda: self._want(self.give_wanted))
        self._withdraw.clicked.connect(lambda: self._want(self.withdraw_wanted))
        self._offer(None)

    def read_posts(self) -> None:
        """Read which posts can be asked about."""
        read = self._till.catalogue.posts
        self._tasks.run(
            lambda: PostFinder([post for post in read() if post.days != NO_ACCESS]),
            self._take_posts,
            lambda error: self._say(error.user_text),
            owner=self,
        )

    def ask_about(self, card: CustomerCard) -> None:
        """Another customer, or the same one as they are now: the question stays."""
        self._card = card
        self._ask()

    def clear(self) -> None:
        """Nobody is asked about, and nothing stands there."""
        self._visits.end()
        self._card = self._asked = None
        self._post.edit.clear()
        self._typing.stop()
        self._answer.setText("")
        self._offer(None)

    def _want(self, wanted: SignalInstance) -> None:
        if self._asked is not None and not self._typing.isActive():  # else the post that was typed before
            wanted.emit(*self._asked)

    def _take_posts(self, posts: PostFinder) -> None:
        self._posts = posts
        self._ask()

    def _ask(self) -> None:
        """Of the post that is typed; where nothing is, of the first that they have."""
        self._typing.stop()
        self._visits.end()
        card, text = self._card, self._post.edit.text().strip()
        if card is None:
            return
        has = (self._posts.by_id.get(each.post_id) for each in card.access)
        wanted = self._posts.find(text) if text else [post for post in has if post]
        if not wanted:
            self._asked = None
            self._answer.setText(NO_POST if text else "")
            self._offer(None)
            return
        post, here = wanted[0], self._visits.current()
        if self._asked and (self._asked[0].id, self._asked[1].msisdn) != (post.id, card.found.phone):
            self._asked = None  # of the same, what is given or withdrawn is compared with what was seen
        self._tasks.run(
            lambda: self._till.access.look(card.found.phone, post.id),
            lambda found: self._show(*found) if here() else None,
            lambda error: self._say(error.user_text) if here() else None,
            owner=self,
        )

    def _show(self, post: Post, seen: Seen) -> None:
        self._asked = post, seen
        self._answer.setText(has_words(seen.msisdn, post.title, seen.held, self._till.clock.corrected()))
        self._offer(seen)

    def _offer(self, seen: Seen | None) -> None:
        has = seen.has(self._till.clock.corrected()) if seen else None
        self._give.setVisible(has is None or has.until is not None)
        self._give.set_text("Give..." if has is None else "Extend...")
        self._give.setEnabled(seen is not None)
        self._withdraw.setVisible(has is not None)

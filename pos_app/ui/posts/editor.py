"""The panel of one post, new or old."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.domain.catalogue import Post
from pos_app.errors import BadInput
from pos_app.ui.posts.form import NEW_CHARGES_ONLY, NO_CATEGORY, PostFields, PostForm
from pos_app.ui.style.theme import RING
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.labels import Label

HINT = (
    f"Enter changes the chosen post, Ins adds a new one.\n\n{NEW_CHARGES_ONLY} Posts are switched off, never deleted."
    "\n\nWhere a price is to be asked at the counter, type the lowest as its price, and below it the highest."
)
FINISH_FIRST = "Save this post (Enter) or cancel (Esc) first."


class PostEditor(Card):
    """How posts are changed, in words, or the form of one, which is made when it is first opened.

    Signals:
        submitted: the `Post` as it was opened (None: a new one) and a checked `PostDraft`.
        left: the form was closed without keeping it.
    """

    submitted = Signal(object, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("postEditor")
        self.setAccessibleName("Post")
        self._post: Post | None = None
        self._loaded: PostFields | None = None  # there while the form is open
        self._visits = Visits()
        self._categories: tuple[str, ...] = (NO_CATEGORY,)
        self._hint = Label(HINT, "muted", wrap=True)
        self._hint.setContentsMargins(RING, 0, RING, 0)
        edge = self.body.contentsMargins().left() - RING  # what is inside brings its own ring
        self.body.setContentsMargins(edge, edge + RING, edge, edge)
        self.body.addWidget(self._hint, 1, Qt.AlignmentFlag.AlignTop)
        self._form: PostForm | None = None

    @property
    def editing(self) -> bool:
        """Whether a form is open."""
        return self._loaded is not None

    @property
    def changed(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._form is not None and self._loaded is not None and self._form.typed() != self._loaded

    def keeps_page(self) -> bool:
        """A scan takes nobody away from what is not kept yet."""
        return self.isVisible() and self.changed

    def visit(self) -> Callable[[], bool]:
        """Gives what says whether the form that is open now still is."""
        return self._visits.current()

    def edit_new(self) -> None:
        """An empty form."""
        self._open(None, "New post", PostFields())

    def edit_post(self, post: Post) -> None:
        """The form of a post."""
        self._open(post, post.title, PostFields.of(post))

    def offer_categories(self, names: Sequence[str]) -> None:
        """What a post may be in; what is chosen stays chosen."""
        self._categories = (NO_CATEGORY, *names)
        if self._form:
            self._form.offer_categories(self._categories)

    def submit(self) -> None:
        """Check it, then hand it on."""
        if self._form is None or self._loaded is None or self._form.waits:
            return
        try:
            draft = self._form.draft()
        except BadInput as error:
            self.show_error(error.user_text)
            return
        self.show_error("")
        self._form.wait()
        self.submitted.emit(self._post, draft)

    def show_error(self, text: str) -> None:
        """Say what is wrong; the form stays open."""
        if self._form:
            self._form.show_error(text)

    def show_history(self, post_id: int, prices: str, others: str) -> None:
        """What was done to the post, in lines; nothing where another one is open by now."""
        if self._form and self.editing and self._post is not None and self._post.id == post_id:
            self._form.show_history(prices, others)

    def leave(self) -> None:
        """Close the form, keep nothing."""
        self.finish()
        self.left.emit()

    def finish(self) -> None:
        """Close the form: it was saved."""
        self._visits.end()
        self._loaded = None
        self.show_error("")
        self._show_parts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape and self.editing:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _open(self, post: Post | None, heading: str, typed: PostFields) -> None:
        self._visits.end()
        form = self._form = self._form or self._made()
        self._post, self._loaded = post, typed
        self._show_parts()
        form.fill(heading, typed)

    def _made(self) -> PostForm:
        form = PostForm()
        form.offer_categories(self._categories)
        form.save_wanted.connect(self.submit)
        form.cancel_wanted.connect(self.leave)
        self.body.addWidget(form, 1)
        return form

    def _show_parts(self) -> None:
        self._hint.setVisible(not self.editing)
        if self._form:
            self._form.setVisible(self.editing)

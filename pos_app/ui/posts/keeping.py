"""Saving posts that were typed or offered, once whoever stands here may."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pos_app.domain.catalogue import Post, PostDraft
from pos_app.errors import OwnerNeeded, PosError
from pos_app.messages.catalogue import saved_words
from pos_app.sales.catalogue import Catalogue
from pos_app.ui.posts.editor import PostEditor
from pos_app.ui.posts.owner_bar import OwnerBar
from pos_app.ui.tasks import Lane, Tasks


class PostKeeping(QObject):
    """What the form or the examples hold is saved, or it is said why not.

    Args:
        page: on which both stand.
        editor: the form.
        owner: asks for the owner's passphrase where that is needed.

    Signals:
        kept: a `Post`, and whether its form is still open.
        stale: somebody else may have changed posts: read again.
        failed: a `PosError`.
    """

    kept = Signal(object, bool)
    stale = Signal()
    failed = Signal(object)

    def __init__(self, page: QWidget, editor: PostEditor, owner: OwnerBar, catalogue: Catalogue, tasks: Tasks) -> None:
        super().__init__(page)
        self._page, self._editor, self._owner = page, editor, owner
        self._catalogue, self._tasks = catalogue, tasks

    def keep(self, seen: Post | None, draft: PostDraft) -> None:
        """Save what the form holds.

        Args:
            seen: the post as it was read before it was changed; None for a new one.
        """
        catalogue, here = self._catalogue, self._editor.visit()

        def refused(error: PosError) -> None:
            if here():
                self._editor.show_error(error.user_text)
                self.stale.emit()
            if not (here() and self._page.isVisible()):
                self.failed.emit(PosError(f"{draft.title}: {error.user_text}"))
            elif isinstance(error, OwnerNeeded):
                self._owner.ask(saved_words(draft), lambda: self.keep(seen, draft))

        self._tasks.run(
            lambda: catalogue.add(draft) if seen is None else catalogue.change(seen.id, draft, seen=seen),
            lambda post: self.kept.emit(post, here()),
            refused,
            owner=self,
            lane=Lane.KEEP,
        )

    def add(self, drafts: Sequence[PostDraft], what: str, done: Callable[[list[Post]], None]) -> None:
        """Add all or none; where the owner is needed, once the owner has passed.

        Args:
            what: these posts, in words.
            done: called with the posts as they were added.
        """

        def refused(error: PosError) -> None:
            self.failed.emit(error)
            if isinstance(error, OwnerNeeded) and self._page.isVisible():
                self._owner.ask(what, lambda: self.add(drafts, what, done))

        self._tasks.run(lambda: self._catalogue.add_all(drafts), done, refused, owner=self, lane=Lane.KEEP)

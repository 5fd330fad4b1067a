"""The catalogue: find, add, change and import posts."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Act
from pos_app.domain.post_finder import Shelf
from pos_app.errors import OwnerNeeded, PosError
from pos_app.messages.catalogue import posts_words
from pos_app.sales.till import Till
from pos_app.ui.posts.editor import FINISH_FIRST, PostEditor
from pos_app.ui.posts.examples import EXAMPLES, PostExamples
from pos_app.ui.posts.files import PostFiles, ask_for_csv, ask_where_to
from pos_app.ui.posts.find_row import PostsFindRow
from pos_app.ui.posts.history import SHOWN, history
from pos_app.ui.posts.keeping import PostKeeping
from pos_app.ui.posts.model import PostsModel
from pos_app.ui.posts.ordering import Ordering
from pos_app.ui.posts.owner_bar import OwnerBar
from pos_app.ui.posts.table import PostsTable
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.list_beside_panel import ListBesidePanel, PanelWidth
from pos_app.ui.widgets.menu_button import MenuButton

_EDITOR_WIDTH = PanelWidth(376, 332, 0.46)


class PostsPage(QWidget):
    """The page behind F7. Posts are switched off, never deleted.

    Signals:
        posts_changed: something was saved; whoever shows posts reads them again.
    """

    posts_changed = Signal()

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        events: TillEvents,
        parent: QWidget | None = None,
        *,
        choose_csv: Callable[[QWidget], str] = ask_for_csv,
        choose_target: Callable[[QWidget], str] = ask_where_to,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("postsPage")
        self._till = till
        self._tasks = tasks
        self._choose_csv, self._choose_target = choose_csv, choose_target
        self._chosen: int | None = None  # the post to choose when the catalogue was read again
        self._news = ""  # what to say then, instead of the count
        self._model = PostsModel(self)
        self._make_parts()
        self._lay_out()
        self.setFocusProxy(self._field.edit)
        self._connect(events)

    def reload(self) -> None:
        """Read the catalogue again."""
        self._tasks.run(self._till.catalogue.shelf, self._show_shelf, self._show_error)

    @Slot(object)
    def _note_acts(self, acts: frozenset[str]) -> None:
        """Another till has changed posts; what is being typed here is compared when it is kept."""
        if Act.POSTS in acts and self.isVisible() and not self._editor.changed:
            self.reload()

    def new_post(self) -> None:
        """Open an empty form, unless another one holds something that is not kept."""
        if self._may_open():
            self._owner.leave()
            self._editor.edit_new()

    def edit_current(self) -> None:
        """Open the form of the chosen post."""
        post = self._model.row_at(self._table.currentIndex().row())
        if post is not None and self._may_open():
            self._owner.leave()
            self._editor.edit_post(post)
            self._tasks.run(
                lambda: self._till.reader.post_changes(post.id, SHOWN),
                lambda changes: self._editor.show_history(post.id, *history(changes)),
                owner=self,
            )

    def import_csv(self) -> None:
        """Look at the posts of a file that the operator chooses."""
        chosen = self._choose_csv(self)
        if chosen:
            self._files.look(Path(chosen))

    def export_csv(self) -> None:
        """Write the posts to a file that the operator chooses."""
        chosen = self._choose_target(self)
        if chosen:
            self._files.export(chosen)

    def show_order(self) -> None:
        """Favourite keys and categories, to be moved."""
        self._ordering.open(self._model.shelf)

    def take_scan(self, code: str) -> None:
        """A scanner read a code: its post is chosen; one that no post has stands in the find field."""
        self._show_page()
        if not self._may_open():
            return
        self._editor.finish()
        post = self._model.shelf.all.scanned(code)
        self._field.edit.setText("" if post else code)
        self._find_row.widen()
        if post:
            self._table.go_to_row(self._model.row_of(post.id) or 0)
            self._table.setFocus()
        else:
            self._list.focus_find()

    def begin_scan(self) -> None:
        """A scanner's prefix came: what follows is seen in the find field."""
        self._show_page()
        self._field.edit.clear()
        self._find_row.widen()
        self._field.edit.setFocus()

    def add_examples(self) -> None:
        """Add the three examples."""
        self._keeping.add(EXAMPLES, "the examples", self._show_added)

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it reads again: another till may have changed the posts."""
        super().showEvent(event)
        self.reload()
        self._list.focus_find()

    def event(self, event: QEvent) -> bool:
        """Ins means something here; the window's shortcuts do not take it."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Insert:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ins adds."""
        if event.key() == Qt.Key.Key_Insert:
            self.new_post()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        self._new = Button("New post", name="postsNew", icon="plus", key="Ins", height=52)
        self._import = Button("Import", name="postsImport", icon="upload", height=52, spoken="Import posts from CSV")
        more = (("Favourite keys and categories", self.show_order), ("Export posts to CSV", self.export_csv))
        self._more = MenuButton("More", more, name="postsMore", spoken="More about posts")
        self._find_row = PostsFindRow(self._more, self._import, self._new)
        self._field = self._find_row.field
        self._table = PostsTable(self._model)
        catalogue, recover = self._till.catalogue, self._till.owner.passphrase.recover
        self._owner = OwnerBar(self._tasks, catalogue.unlock, catalogue.lock, recover)
        self._examples = PostExamples()
        self._nothing = Label("", "muted", wrap=True)
        self._nothing.setObjectName("postsNothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = Label("", "small", wrap=True)
        self._words.setObjectName("postsFooter")
        self._words.setContentsMargins(17, 12, 17, 12)
        self._words.setIndent(0)
        self._editor = PostEditor()
        self._keeping = PostKeeping(self, self._editor, self._owner, self._till.catalogue, self._tasks)
        self._files = PostFiles(self, self._till.catalogue, self._tasks, self._ask_owner)
        self._ordering = Ordering(self, self._till.catalogue, self._tasks, self._ask_owner)

    def _lay_out(self) -> None:
        self._list = ListBesidePanel(
            self._field,
            above=(self._owner, self._find_row),
            table=self._table,
            instead=(self._examples, self._nothing),
            below=self._words,
            panel=self._editor,
            width=_EDITOR_WIDTH,
        )
        self._owner.stand_above(self._find_row, self._list.card)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._list)

    def _connect(self, events: TillEvents) -> None:
        events.saving_changed.connect(self._show_saving)
        events.shop_changed.connect(self._note_acts)
        self._show_saving(self._till.writer.saving)
        self._find_row.changed.connect(self._find)
        self._field.edit.returnPressed.connect(self._enter_list)
        self._new.clicked.connect(self.new_post)
        self._import.clicked.connect(self.import_csv)
        for part, shown, saved in (
            (self._files, self._files.looked, self._files.imported),
            (self._ordering, self._ordering.shown, self._ordering.saved),
        ):
            shown.connect(self._show_instead)
            part.closed.connect(self._show_page)
            saved.connect(self._tell_saved)
        self._ordering.stale.connect(self.reload)
        self._files.said.connect(self._say)
        self._files.failed.connect(self._tell)
        self._examples.accepted.connect(self.add_examples)
        self._table.opened.connect(self.edit_current)
        self._table.clicked.connect(lambda _index: self.edit_current())
        self._editor.submitted.connect(self._keeping.keep)
        self._keeping.kept.connect(self._show_kept)
        self._keeping.stale.connect(self.reload)
        self._keeping.failed.connect(self._tell)
        self._editor.left.connect(self._owner.leave)
        self._editor.left.connect(self._table.setFocus)

    def _show_instead(self, view: QWidget) -> None:
        """Show this in the place of the whole page; it leads back by Esc."""
        if self._stack.indexOf(view) < 0:
            self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)

    def _show_page(self) -> None:
        self._stack.setCurrentWidget(self._list)
        take_focus(self._table if self._model.rowCount() else self._field.edit)

    def _ask_owner(self, error: OwnerNeeded, what: str, then: Callable[[], object]) -> None:
        """Ask for the passphrase above the list, if somebody is still here, and go on then."""
        if self.isVisible():
            self._show_page()
            self._owner.ask(what, then)
        self._tell(error)

    def _may_open(self) -> bool:
        if self._editor.changed:
            self._editor.show_error(FINISH_FIRST)
            return False
        return True

    def _show_kept(self, post: Post, is_open: bool) -> None:
        if is_open:  # otherwise another form is, by now
            self._editor.finish()
            self._chosen = post.id
            self._model.show_kept(post)
            self._show_list(self._model.row_of(post.id))
            take_focus(self._table)
        self._tell_saved(f"{post.title} is kept.")

    def _show_added(self, posts: list[Post]) -> None:
        self._chosen = posts[0].id
        take_focus(self._table)
        self._tell_saved("Ready: F2 starts a charge.")

    def _tell_saved(self, text: str) -> None:
        self._news = text
        self.posts_changed.emit()
        self.reload()

    def _show_shelf(self, shelf: Shelf) -> None:
        current = self._model.row_at(self._table.currentIndex().row())
        kept, self._chosen = self._chosen, None
        wanted = kept if kept is not None else current.id if current else None
        names = [one.name for one in shelf.categories]
        self._model.show_shelf(shelf)
        self._find_row.offer(names)
        self._editor.offer_categories(names)
        self._ordering.show_shelf(shelf)
        if kept is not None and self._model.row_of(kept) is None:
            self._find_row.widen()  # who keeps a post in another category wants to see it
        self._show_list(self._model.row_of(wanted) if wanted is not None else None)
        if self._news:
            self._say(self._news)
            self._news = ""
        else:
            self._count()

    def _find(self) -> None:
        self._model.find(self._find_row.text, self._find_row.category)
        self._count()
        self._show_list(None)

    def _show_list(self, row: int | None) -> None:
        if self._model.rowCount():
            self._list.show_part(self._table)
            self._table.go_to_row(row or 0)
        elif self._model.shelf.posts:
            self._nothing.setText(self._find_row.nothing())
            self._list.show_part(self._nothing)
        else:
            self._list.show_part(self._examples)
            take_focus(self._examples.accept_button)

    def _enter_list(self) -> None:
        if self._list.shows(self._examples):
            self.add_examples()
        elif self._model.rowCount():
            self._table.setFocus()

    def _count(self) -> None:
        posts = self._model.shelf.posts
        off = sum(not post.active for post in posts)
        words = posts_words(len(posts))
        self._say(f"{words}, {off} off" if off else words)

    def _show_saving(self, saving: bool) -> None:
        for button in (self._new, self._import):
            button.setEnabled(saving)

    def _tell(self, error: PosError) -> None:
        """Say what became of something that was begun here, also where this page has been left since."""
        if self.isVisible():
            self._show_error(error)
        else:
            self._tasks.trouble.emit(error.user_text)

    def _show_error(self, error: PosError) -> None:
        self._say(error.user_text, ColourRole.FAILED)

    def _say(self, text: str, colour: ColourRole | None = None) -> None:
        self._words.setText(text)
        self._words.set_colour(colour or "")

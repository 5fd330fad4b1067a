"""What stands in place of an empty catalogue: three posts to begin with."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.catalogue import PostDraft, access_words
from pos_app.domain.money import kes
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.labels import Label

EXAMPLES = (
    PostDraft(title="Day pass", price=50, days=1, favourite=1),
    PostDraft(title="Week pass", price=250, days=7, favourite=2),
    PostDraft(title="Tea", price=30, days=0, favourite=3),
)


class PostExamples(QWidget):
    """Offers three example posts to a shop that has none.

    Signals:
        accepted: add them.
    """

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("postExamples")
        self.accept_button = Button("Start with these three", name="postExamplesAccept", kind=Kind.PRIMARY, key="Enter")
        self.accept_button.setDefault(True)  # Enter presses it
        self.accept_button.clicked.connect(self.accepted)
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(2)
        for text, role in (
            ("No posts yet.", "title"),
            ("A post is what a customer pays for. Three examples, to be changed at any time:", "muted"),
            *((f"{post.title} · {kes(post.price)} · {access_words(post.days)}", "strong") for post in EXAMPLES),
        ):
            label = Label(text, role, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(label)
        box.addSpacing(8)
        box.addWidget(self.accept_button, 0, Qt.AlignmentFlag.AlignHCenter)
        own = Label("Or add your own with Ins.", "small")
        box.addWidget(own, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)

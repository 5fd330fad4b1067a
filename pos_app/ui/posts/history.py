"""What was done to a post, in words: its prices first, then the rest."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.catalogue import PostChange
from pos_app.domain.kenya_time import shop_time
from pos_app.messages.catalogue import PRICES, by_words, change_words
from pos_app.ui.widgets.labels import Label

SHOWN = 60  # lines of a post's history, the newest


def history(changes: Sequence[PostChange]) -> tuple[str, str]:
    """What became of its prices, and what else: two lines for each change, newest first: from what to what, below it
    when and by whom. Empty where nothing is known.
    """
    prices = [change for change in changes if change.field in PRICES]
    rest = [change for change in changes if change.field not in PRICES]
    return "\n".join(map(_lines, prices)), "\n".join(map(_lines, rest))


class HistoryLines(QWidget):
    """Both below each other, each with its heading; nothing where there is nothing."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._parts: list[tuple[Label, Label]] = []
        for name, heading in (("postPrices", "Its prices"), ("postHistory", "What else was changed")):
            caption, lines = Label(heading, "caption"), Label("", "small", wrap=True)
            lines.setObjectName(name)
            lines.setAccessibleName(heading)
            column.addWidget(caption)
            column.addWidget(lines)
            self._parts.append((caption, lines))

    def show_lines(self, prices: str, others: str) -> None:
        """Show these."""
        for (caption, lines), text in zip(self._parts, (prices, others), strict=True):
            lines.setText(text)
            for part in (caption, lines):
                part.setVisible(bool(text))


def _lines(change: PostChange) -> str:
    by = by_words(change)
    when = f"{shop_time(change.at)}, {by}" if by else shop_time(change.at)
    return f"{change_words(change.field, change.old, change.new)}\n    {when}"

"""Where Tab finds what was made while the window is up: Qt puts it behind everything else."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_REACHED = Qt.FocusPolicy.TabFocus


def tab_in_place(holder: QWidget, *parts: QWidget) -> None:
    """Let Tab find what stands in a holder where the holder itself was made, in this order.

    Args:
        holder: the widget in which the parts stand; it takes no focus itself.
        parts: as they are seen, each with all that can be reached in it.
    """
    inside = [each for part in parts for each in (part, *part.findChildren(QWidget)) if each.focusPolicy() & _REACHED]
    before = holder.previousInFocusChain()
    while before and before is not holder and (before in inside or not before.focusPolicy() & _REACHED):
        before = before.previousInFocusChain()
    found = inside if before is holder or before is None else [before, *inside]  # or nothing else can be reached
    for one, following in pairwise(found):
        QWidget.setTabOrder(one, following)

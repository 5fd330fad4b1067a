"""Where the customer's phone of practice lies: beside the till, else over what matters least. Plain geometry."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

_GAP = 12  # px between the till and the phone


def beside(till: QRect, room: QRect, size: QSize) -> QPoint | None:
    """To the right or to the left of the till; None where neither has the room.

    Args:
        till: the till's window with its frame.
        room: what the screen leaves for windows.
        size: of the phone with its frame.
    """
    top = max(room.top(), min(till.top(), room.bottom() + 1 - size.height()))
    for left in (till.right() + _GAP, till.left() - _GAP - size.width()):
        if room.left() <= left and left + size.width() <= room.right() + 1:
            return QPoint(left, top)
    return None


def corner(till: QRect, room: QRect, size: QSize) -> QPoint:
    """On the till's foot, at the left: over the end of the navigation and the day's figures.

    The posts, the panel on the right, what is in progress, and the first rows of a list stay free.
    """
    seen = till & room
    return inside(QPoint(seen.left(), seen.bottom() + 1 - size.height()), size, room)


def inside(place: QPoint, size: QSize, room: QRect) -> QPoint:
    """The nearest place where all of it is on the screen; of what is larger than the screen, the top left."""
    left = min(place.x(), room.right() + 1 - size.width())
    top = min(place.y(), room.bottom() + 1 - size.height())
    return QPoint(max(room.left(), left), max(room.top(), top))


def kept(place: QPoint, size: QSize, rooms: Sequence[QRect]) -> QPoint | None:
    """Where somebody left it, all of it on that screen; None where that screen is not there any more."""
    title = place + QPoint(size.width() // 2, 0)  # by the middle of its upper edge it was taken
    room = next((room for room in rooms if room.contains(title)), None)
    return inside(place, size, room) if room else None

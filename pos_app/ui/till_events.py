"""What an open till publishes from its threads, as signals on the GUI thread."""

from PySide6.QtCore import QObject, Signal


class TillEvents(QObject):
    """What the till publishes to the window. Make it on the GUI thread; emit from any; connect to methods of QObjects.

    Attributes:
        payment_changed: a `Payment`, after its commit.
        saving_changed: whether the computer can save.
        route_changed: a `RouteStatus`: whether results come by themselves.
        damage_found: the database file is damaged; what to do, in words.
        unrecorded: events that could neither be recorded nor put on the list of those to check, in words.
        prompt_shown: a `PhonePrompt` that appeared on the practice phone.
        prompt_gone: the id of a prompt that went.
    """

    payment_changed = Signal(object)
    saving_changed = Signal(bool)
    route_changed = Signal(object)
    damage_found = Signal(str)
    unrecorded = Signal(str)
    prompt_shown = Signal(object)
    prompt_gone = Signal(str)

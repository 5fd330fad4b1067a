"""What this computer may be chosen to do beside its window: sounds, and a display for customers. No Qt here."""

SOUNDS = "Sounds"
SOUND_WORDS = {"off": "No sounds", "quiet": "Quiet", "normal": "Normal", "loud": "Loud"}
SOUNDS_HINT = "Two rising notes: paid; twice: late. One low note: not paid. Two equal notes: not sure, or to check."
DISPLAY = "Customer display"
DISPLAY_HINT = (
    "On a screen that faces the customer: the amount, the last three digits of the phone, what to do, and paid; "
    "between customers the shop's name and the time. Never on the screen that the till is on."
)
NO_DISPLAY = "No customer display"
ANY_SCREEN = "On the second screen"
NO_SECOND_SCREEN = "On the second screen, once there is one"


def on_screen(name: str, *, connected: bool = True) -> str:
    """The display on one screen only."""
    return f"Only on {name}" if connected else f"Only on {name} (not connected)"

"""What some settings choose from."""

from enum import StrEnum


class Environment(StrEnum):
    """Whose money it is: nobody's, Safaricom's test money, real."""

    PRACTICE = "practice"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class CallbackMode(StrEnum):
    """How callbacks reach this till."""

    NGROK = "ngrok"
    URL = "url"
    NONE = "none"  # not at all: the till only asks


class TextSize(StrEnum):
    """How large the window writes."""

    NORMAL = "normal"
    LARGE = "large"
    LARGER = "larger"


class Colours(StrEnum):
    """The window's colours: as the computer's, or always these."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class DisplayUse(StrEnum):
    """Whether customers have a screen of their own, if one is connected."""

    OFF = "off"
    ON = "on"


class Volume(StrEnum):
    """How loud the till says by a sound what becomes of a payment."""

    OFF = "off"
    QUIET = "quiet"
    NORMAL = "normal"
    LOUD = "loud"


class Paper(StrEnum):
    """The widths of receipt rolls, in mm."""

    WIDE = "80"
    NARROW = "58"


class YesNo(StrEnum):
    """Whether the till does something by itself."""

    YES = "yes"
    NO = "no"


class Secrets(StrEnum):
    """Where the shop's keys are kept."""

    KEYRING = "keyring"
    FILE = "file"  # behind a passphrase that the window asks for
    MEMORY = "memory"  # until the till closes

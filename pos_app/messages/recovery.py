"""The owner's recovery code in words."""

FORGOTTEN = "Forgotten?"
FORGOTTEN_SPOKEN = "The owner's passphrase is forgotten"
RECOVER = "A forgotten passphrase"
HOW = (
    "With the recovery code, which was shown when the passphrase was chosen, a new passphrase is chosen. The code is "
    "used up by that, and the next one is shown. Without code and passphrase nobody can have it back."
)
KEY_FILE = (
    "It is for the owner's passphrase only. The passphrase of the locked file of M-PESA keys is another one: this code "
    "does not open that file, and a lost one means that the keys are entered again."
)
CODE = "Recovery code, 6 groups of 5"
NEW = "New passphrase, at least {shortest} characters"
AGAIN = "The same once more"
NOT_THE_SAME = "The two passphrases are not the same. Nothing was changed."
SET = "Choose it"
CANCEL = "Cancel"
TITLE = "The recovery code"
WHAT_FOR = (
    "Write it down now: it is shown this once. Whoever forgets the owner's passphrase chooses a new one with it. Keep "
    "it like a key, away from the counter. Each new passphrase brings a new code, and the one before counts no more."
)
COPY, PRINT, WRITTEN = "Copy", "Print", "I have written it down"
COPIED = "Copied. Paste it where only the owner reads it; whoever pastes next here reads it too."
LOOKING, PRINTING, PRINTED = "Looking for printers...", "Printing...", "Printed."
NO_PRINTER = "There is no printer on this computer. Write the code down."
NOT_PRINTED = "The printer did not take it. Write the code down, or print again."
RECOVERED = "The new passphrase counts from now on."
RENEWED = "A new recovery code was made. The one before counts no more."
NOT_SHOWN = (
    "With the passphrase a recovery code was made, which is shown in a terminal only. Have another one made and shown: "
    "main.py owner code"
)
UNSEEN = (
    "The new passphrase counts, and a recovery code was made with it that nobody has seen: have another one made, in "
    "the settings (F10), The owner's passphrase."
)
MAKE = "Make a recovery code"
MAKE_NEW = "Make a new recovery code"
HAS_CODE = "There is a recovery code. Where it is lost, type the passphrase now and have a new one made."
HAS_NONE = "There is no recovery code yet, for when it is forgotten. Type the passphrase now and have one made."


def groups(code: str) -> str:
    """The code on two lines, as it is read aloud: `7K3MX 9DATE 44HWP` and the rest."""
    parts = code.split("-")
    half = len(parts) // 2
    return "\n".join(" ".join(each) for each in (parts[:half], parts[half:]))


def spoken(code: str) -> str:
    """The code, letter by letter, for screen readers."""
    return ", ".join(" ".join(group) for group in code.split("-"))


def shown(code: str) -> str:
    """The code with what it is for, for a terminal or a sheet of paper."""
    return f"Kaunta. {TITLE} of the owner:\n\n    {code}\n\n{WHAT_FOR}\n{KEY_FILE}"

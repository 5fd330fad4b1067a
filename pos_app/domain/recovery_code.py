"""The recovery code: with it the owner, whose passphrase is forgotten, chooses a new one."""

import re
import secrets

from pos_app.errors import BadInput

ALPHABET = "23456789ACDEFHJKMPRTWXY"  # no two of them look alike; as many as a prime number, for the checking letter
GROUPS = 6
_RANDOM = 4  # letters of a group that are drawn: 24 in all, which is 108 bits
GROUP = _RANDOM + 1  # the last one is worked out from the others, and from which group it is
_MEANT = str.maketrans("BGSZ", "8652")  # no code has these letters: whoever writes one has read the digit


def make_code() -> str:
    """A new one that nobody can guess: `7K3MX-...`, six groups of five."""
    drawn = ("".join(secrets.choice(ALPHABET) for _ in range(_RANDOM)) for _ in range(GROUPS))
    return "-".join(letters + _check_letter(place, letters) for place, letters in enumerate(drawn, 1))


def read_code(text: str) -> str:
    """A code as `make_code` gave it, however it was typed: small letters, with blanks or without.

    Raises:
        BadInput: none can be that, and which group is typed wrongly. The words repeat nothing of it.
    """
    letters = "".join(re.findall("[0-9A-Z]", text.upper())).translate(_MEANT)
    if not letters:
        raise BadInput("Type the recovery code. Nothing was changed.")
    if len(letters) != GROUPS * GROUP:
        raise BadInput(
            f"A recovery code has {GROUPS} groups of {GROUP} letters and digits, {GROUPS * GROUP} in all. Here are "
            f"{len(letters)}. Nothing was changed."
        )
    groups = [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]
    for place, group in enumerate(groups, 1):
        if set(group) - set(ALPHABET) or _check_letter(place, group[:-1]) != group[-1]:
            raise BadInput(
                f"Group {place} of the recovery code is not as it was shown: compare it. Nothing was changed."
            )
    return "-".join(groups)


def _check_letter(place: int, letters: str) -> str:
    """One wrong letter in a group, two that changed places, or two groups that did, give another one."""
    total = place + sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(letters, 2))
    return ALPHABET[-total % len(ALPHABET)]

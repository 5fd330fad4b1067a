"""Operators in words: what the settings say of them."""

from collections.abc import Sequence

from pos_app.domain.operators import Act, Operator, Role

OPERATORS = "Operators"
WHAT_FOR = (
    "Without operators the till is for whoever stands at it. With them, each signs in with name and PIN, what they do "
    "is recorded, and posts, settling and settings are for those above. A change counts from their next act on, at "
    "every till."
)
NEW = "A new operator"
ALL = "Everybody with the role operator"
WHO = "Whom it is about"
NAME = "Name, as it stands on receipts"
ROLE = "Role"
SERVES_NOW = "Serves"
PIN = "PIN, 4 to 8 digits"
NEW_PIN = "New PIN, 4 to 8 digits; empty: the old one stays"
AGAIN = "The same PIN once more"
OWNERS = "The owner's passphrase, for each change"
NOT_THE_SAME = "The two PINs are not the same. Nothing was changed."
ROLES = {
    Role.OPERATOR: "Operator: charges, looks up, prints",
    Role.SUPERVISOR: "Supervisor: also posts and prices",
    Role.OWNER: "Owner: also settles and reads the audit",
}
SERVES = {True: "Yes", False: "No, switched off"}
SEES = {
    Act.TOTALS: "Sees the day's totals, and sums of payments",
    Act.REVEAL: "Sees a phone number in full; it is recorded",
}
MAY = {True: "Yes", False: "No, only a supervisor or the owner does"}
AUDIT = "Audit"
AUDIT_LEAD = (
    "Who did what, newest first. Nobody can change it. Of keys, PINs and passphrases it says only that they changed."
)
NOTHING_YET = "Nothing was done yet."


def named(operator: Operator) -> str:
    """One of a list: `Amina (operator)`, `Brian (supervisor, off)`."""
    return f"{operator.name} ({operator.role}{'' if operator.active else ', off'})"


def known(operators: Sequence[Operator]) -> str:
    """Everybody in one sentence."""
    return ", ".join(map(named, operators)) or "Nobody yet. The first one is made with the owner's passphrase."

"""Who serves at the till: operators, their roles and PINs, and who may do what (rule 16)."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import NamedTuple

from pos_app.domain.typed_line import name_line
from pos_app.errors import BadInput

MAX_NAME = 24  # characters: it stands on a receipt of 58 mm
_PIN = re.compile("[0-9]{4,8}")


class Role(StrEnum):
    """What an operator may do, by the table `RULES`. Stored by name."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    OWNER = "owner"


class Act(StrEnum):
    """What somebody does at a till; the audit keeps it by this name."""

    SIGN_IN = "sign_in"
    CHARGE = "charge"
    LOOK_UP = "look_up"
    PRINT = "print"
    CODE = "code"  # the receipt code from the customer's SMS
    REVEAL = "reveal"  # a phone number in full
    TOTALS = "totals"  # what was paid in sum: today, and of what was found
    NAME = "name"  # what a customer is called
    NOTE = "note"  # about a payment or a customer
    ACCESS = "access"  # given to a customer, or withdrawn, by hand
    CLOSE = "close"  # the day
    POSTS = "posts"  # and their prices, also by import
    STATEMENT = "statement"  # M-PESA's, recorded
    BIND = "bind"  # money without a prompt: bound to a sale, unbound, named
    SETTLE = "settle"
    REFUND = "refund"  # recorded as given back, by M-PESA
    ERASE = "erase"  # a customer, and after how long customers are erased by themselves
    AUDIT = "audit"
    SETTINGS = "settings"
    KEYS = "keys"  # and where the money goes
    SEAL = "seal"  # the lines of journal and audit that nobody has linked
    ROLES = "roles"  # operators, their roles and PINs, and the owner's passphrase


class Rule(NamedTuple):
    """Who may do something.

    Attributes:
        roles: who may without more.
        passphrase: the owner's passphrase is asked for each time, also of a signed-in owner.
        off: in a shop with neither operators nor an owner's passphrase nobody may, until there is one.
        setting: what keeps in the database whether the owner lets `Role.OPERATOR` do it; None: it is not the owner's
            choice.
    """

    roles: frozenset[Role]
    passphrase: bool = False
    off: bool = False
    setting: str | None = None

    def may(self, role: Role, kept: Callable[[str], str | None]) -> bool:
        """Whether who has a role may without more; `kept` gives what a setting says, None where it was never set."""
        if self.setting and role is Role.OPERATOR:
            return is_allowed(kept(self.setting))
        return role in self.roles


_ALL = frozenset(Role)
_ABOVE = frozenset({Role.SUPERVISOR, Role.OWNER})
_OWNER = frozenset({Role.OWNER})
RULES = {
    Act.SIGN_IN: Rule(_ALL),
    Act.CHARGE: Rule(_ALL),
    Act.LOOK_UP: Rule(_ALL),
    Act.PRINT: Rule(_ALL),
    Act.CODE: Rule(_ALL),
    Act.REVEAL: Rule(_ALL, setting="operators_numbers"),
    Act.TOTALS: Rule(_ALL, setting="operators_totals"),
    Act.NAME: Rule(_ALL),
    Act.NOTE: Rule(_ALL),
    Act.ACCESS: Rule(_ABOVE, off=True),
    Act.CLOSE: Rule(_ABOVE),
    Act.POSTS: Rule(_ABOVE),
    Act.STATEMENT: Rule(_ABOVE, off=True),
    Act.BIND: Rule(_ABOVE, off=True),
    Act.SETTLE: Rule(_OWNER, off=True),
    Act.REFUND: Rule(_OWNER, off=True),
    Act.ERASE: Rule(_OWNER, off=True),
    Act.AUDIT: Rule(_OWNER),
    Act.SETTINGS: Rule(_OWNER),
    Act.KEYS: Rule(_OWNER, passphrase=True),
    Act.SEAL: Rule(_OWNER, passphrase=True, off=True),
    Act.ROLES: Rule(_OWNER, passphrase=True, off=True),
}
LEFT_TO_OWNER = {act: rule.setting for act, rule in RULES.items() if rule.setting}  # what operators do only if allowed


class Need(Enum):
    """What is missing before something may be done."""

    NOTHING = auto()
    SIGN_IN = auto()
    PASSPHRASE = auto()  # the owner's, who then does it, whoever is signed in
    OFF = auto()  # nobody may, until the owner has chosen a passphrase


def is_allowed(kept: str | None) -> bool:
    """Whether operators may do what is left to the owner, as it is kept: they may until the owner has said no."""
    return kept != "no"


def need(
    act: Act,
    role: Role | None,
    *,
    staffed: bool,
    passphrase_chosen: Callable[[], bool],
    kept: Callable[[str], str | None],
) -> Need:
    """What is missing before an act.

    Args:
        role: of whoever is signed in; None: nobody is.
        staffed: whether the shop has operators that are not switched off.
        passphrase_chosen: whether the owner has chosen a passphrase; asked only where something hangs on it.
        kept: gives what a setting says of what is left to the owner; asked only where something hangs on it.
    """
    rule = RULES[act]
    if not rule.passphrase:
        if not staffed:
            may = Role.OPERATOR in rule.roles
        elif role is None:
            return Need.SIGN_IN
        else:
            may = rule.may(role, kept)
        if may:
            return Need.NOTHING
    if passphrase_chosen():
        return Need.PASSPHRASE
    return Need.OFF if rule.off or staffed else Need.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who serves at the till. Operators are switched off, never deleted: what they did names them."""

    id: int
    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True)
class Shift:
    """Who stands at a till from one signing in to the next.

    Attributes:
        operator_id: who is signed in, and `role`: as what; None: nobody.
        owner: the owner has typed the passphrase for as long as this lasts.
        proof: what the shop kept then of the PIN or the passphrase that was typed: where it is another one now, or the
            operator has another role, whoever stands here is signed in no more.
        number: another one for each shift, so that none is taken for the one before.
    """

    operator_id: int | None = None
    role: Role | None = None
    owner: bool = False
    proof: str | None = field(default=None, repr=False)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the audit keeps it.

    Attributes:
        operator: who is signed in; None in a shop without operators.
        owner: the owner's passphrase was typed for it.
    """

    operator: Operator | None = None
    owner: bool = False

    @property
    def operator_id(self) -> int | None:
        """The id of who is signed in."""
        return self.operator.id if self.operator else None

    @property
    def role(self) -> Role | None:
        """In which role it is done; None in a shop without operators, where the passphrase was not typed."""
        return Role.OWNER if self.owner else self.operator.role if self.operator else None


def name_key(name: str) -> str:
    """What two spellings of one name have in common: letter case, blanks, and how its letters are put together in
    Unicode do not count. Nobody sees that on a button or a receipt.
    """
    return unicodedata.normalize("NFKC", " ".join(unicodedata.normalize("NFKC", name).split()).casefold())


def find_operator(operators: Collection[Operator], name: str) -> Operator | None:
    """The operator of this name, however it is spelt."""
    return next((one for one in operators if name_key(one.name) == name_key(name)), None)


def read_name(text: str) -> str:
    """An operator's name, as somebody typed it.

    Raises:
        BadInput: empty, too long, or not to be printed.
    """
    name = name_line(text)
    if not name:
        raise BadInput("An operator needs a name. Nothing was changed.")
    if not name.isprintable():
        raise BadInput("The name has a character that cannot be shown. Nothing was changed. Type it anew.")
    if len(name) > MAX_NAME:
        raise BadInput(f"The name has {len(name)} characters; {MAX_NAME} fit. Nothing was changed.")
    return name


def read_role(text: str) -> Role:
    """A role, as somebody typed it.

    Raises:
        BadInput: there is no such role.
    """
    try:
        return Role(text.strip().lower())
    except ValueError:
        raise BadInput(f"A role is {', '.join(Role)}: {text[:20]!r} is none. Nothing was changed.") from None


def is_pin(text: str) -> bool:
    """Whether a text can be a PIN at all."""
    return bool(_PIN.fullmatch(text))


def read_pin(text: str) -> str:
    """A new PIN, as somebody typed it.

    Raises:
        BadInput: not 4 to 8 plain digits. The words do not repeat it.
    """
    if not is_pin(text):
        raise BadInput("A PIN has 4 to 8 digits and nothing else. Nothing was changed.")
    return text

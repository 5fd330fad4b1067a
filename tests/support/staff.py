"""Operators for tests, and somebody of each role to act."""

from pos_app.domain.operators import Operator, Role
from pos_app.sales.till import Till

PASSPHRASE = "mama njeri 1987"
PINS = {Role.OPERATOR: "1111", Role.SUPERVISOR: "2222", Role.OWNER: "3333"}
NAMES = {Role.OPERATOR: "Amina", Role.SUPERVISOR: "Brian", Role.OWNER: "Njeri"}


def hire(till: Till, *roles: Role) -> list[Operator]:
    """One operator of each of these roles, or of each there is; the owner chooses a passphrase where there is none."""
    if not till.owner.passphrase.chosen():
        till.owner.passphrase.choose(PASSPHRASE)
    return [till.operators.add(NAMES[role], role, PINS[role], PASSPHRASE) for role in roles or Role]


def stand(till: Till, role: Role | None) -> Operator | None:
    """Somebody of this role signs in; None: nobody stands at the till."""
    if role is None:
        till.operators.sign_out()
        return None
    return till.operators.sign_in(till.operators.named(NAMES[role]), PINS[role])

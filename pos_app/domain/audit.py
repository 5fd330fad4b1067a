"""The audit: who did what, with the value before and after. Its lines are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pos_app.domain.operators import Act, Role

CHANGED = "changed"  # all that is said of a secret's value


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line of the audit.

    Attributes:
        at: UTC.
        act: what was done.
        operator_id: who was signed in, and `operator`: the name, where the line was read; None in a shop without
            operators.
        role: in which role it was done.
        owner: the owner's passphrase was typed for it.
        subject: what it was done to, in words of the program's own and numbers: never a name or a phone number.
        old: the value before; None where there was none. `new`: the value afterwards.
    """

    at: datetime
    act: Act
    operator_id: int | None = None
    operator: str | None = None
    role: Role | None = None
    owner: bool = False
    subject: str
    old: str | None = None
    new: str | None = None


class Doer(Protocol):
    """Who did something: an `Actor`, or the owner's word that was one's; see `AuditLine`."""

    @property
    def operator_id(self) -> int | None: ...

    @property
    def role(self) -> Role | None: ...

    @property
    def owner(self) -> bool: ...


def audit_line(doer: Doer, act: Act, at: datetime, subject: str, new: str | None, old: str | None = None) -> AuditLine:
    """What somebody has just done; see `AuditLine`."""
    return AuditLine(
        at=at,
        act=act,
        operator_id=doer.operator_id,
        role=doer.role,
        owner=doer.owner,
        subject=subject,
        old=old,
        new=new,
    )

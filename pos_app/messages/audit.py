"""The audit in words."""

from pos_app.domain.audit import AuditLine
from pos_app.domain.close_sum import without_sum
from pos_app.domain.kenya_time import NAIROBI, day_words
from pos_app.domain.operators import Act
from pos_app.domain.renewal_seal import without_seal

WHAT = {
    Act.SIGN_IN: "signed in",
    Act.CHARGE: "charged",
    Act.LOOK_UP: "looked up",
    Act.PRINT: "printed the receipt of",
    Act.CODE: "typed the code of",
    Act.REVEAL: "saw the phone number of",
    Act.TOTALS: "saw the totals of",
    Act.NAME: "changed the name of",
    Act.NOTE: "wrote a note about",
    Act.ACCESS: "changed the access of",
    Act.CLOSE: "closed the day,",
    Act.POSTS: "changed",
    Act.STATEMENT: "recorded M-PESA's",
    Act.BIND: "changed money without a prompt,",
    Act.SETTLE: "settled",
    Act.REFUND: "recorded money back of",
    Act.ERASE: "erased",
    Act.AUDIT: "read the audit",
    Act.SETTINGS: "changed",
    Act.KEYS: "changed",
    Act.SEAL: "sealed",
    Act.ROLES: "changed",
}
_SAYS_ALL = (Act.SIGN_IN, Act.PRINT, Act.REVEAL, Act.NAME, Act.NOTE)  # what it is about needs no value


def who_words(line: AuditLine) -> str:
    """Who did it: `Amina (operator)`, `Amina, with the owner's passphrase`, `the owner`, `-` where nobody signed in."""
    if line.operator is None:
        return "the owner" if line.owner else "-"
    return f"{line.operator}, with the owner's passphrase" if line.owner else f"{line.operator} ({line.role})"


def audit_line_words(line: AuditLine) -> str:
    """A whole line: `23 Nov 2026 14:03:05  Amina (operator)  charged A-20261123-0042: KES 250`."""
    there = line.at.astimezone(NAIROBI)
    return f"{day_words(there)} {there:%H:%M:%S}  {who_words(line)}  {audit_words(line)}"


def audit_words(line: AuditLine) -> str:
    """What was done: `charged A-20261123-0042: KES 250`, `changed post 7 price: 50, before 40`."""
    if line.act is Act.SIGN_IN:
        return WHAT[line.act]
    words = f"{WHAT[line.act]} {line.subject}"
    if line.act in _SAYS_ALL or not (line.new or line.old):
        return words
    before = f", before {line.old}" if line.old else ""
    return f"{words}: {without_seal(without_sum(line.new or 'nothing'))}{before}"

"""The matrix of moves says what the table in RULES.md says in words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pos_app.domain
from pos_app.domain.payment import Outcome, Remark, State
from pos_app.domain.transitions import MATRIX, Evidence, Move, Substate

RULES = Path(pos_app.domain.__file__).with_name("RULES.md")
STAYS = (Move(outcome=Outcome.IGNORED), Move(outcome=Outcome.DUPLICATE))
JOURNAL_LINE = Move(outcome=Outcome.CONFLICT)
COLUMNS = {
    "requested": [Substate.REQUESTED],
    "prompted, unknown": [Substate.PROMPTED, Substate.UNKNOWN],
    "review": [Substate.CURABLE, Substate.HELD],
    "not paid": [Substate.CANCELLED, Substate.DECLINED, Substate.EXPIRED, Substate.NOT_SENT],
    "paid": [Substate.PAID],
    "refused": [Substate.REFUSED],
}
ROWS = {
    "accepted": [Evidence.ACCEPTED],
    "accepted, with other ids than ours, or another payment's": [Evidence.ACCEPTED_OTHER],
    "surely not sent": [Evidence.NOT_SENT],
    "unanswered, interrupted": [Evidence.UNANSWERED],
    "no word for 150 s": [Evidence.SILENT],
    "success (rule 8)": [Evidence.PAID],
    "success, not as asked (rule 9)": [Evidence.PAID_CURABLE, Evidence.PAID_HELD],
    "not paid (1031, 1037, 2001 ...)": [Evidence.CANCELLED, Evidence.DECLINED, Evidence.EXPIRED],
    "not paid, with other ids": [Evidence.FOREIGN],
    "owner: paid": [Evidence.OWNER_PAID],
    "owner: not paid": [Evidence.OWNER_DECLINED],
    "owner: closed after 24 h": [Evidence.OWNER_CLOSED],
    "M-PESA's record (rule 22)": [Evidence.RECORDED],
    "a person: bound (rule 22)": [Evidence.BOUND],
    "a person: unbound": [Evidence.UNBOUND],
    "a person: it is that one (rule 28)": [Evidence.IDENTIFIED],
    "a person: that was wrong": [Evidence.UNIDENTIFIED],
    "M-PESA's record says otherwise": [Evidence.RECORD_DIFFERS],
    "unreadable, in flight, about something else": [Evidence.UNREADABLE, Evidence.NOTHING],
}
# RULES.md has these in a sentence below the table.
WORKED_OFF = {
    Evidence.OWNER_REFUNDED,
    Evidence.OWNER_MEANT,
    Evidence.OWNER_SEEN,
    Evidence.OTHER_BACK,
    Evidence.CODE_TAKEN,
    Evidence.MONEY_BACK,
    Evidence.REFUND_CLASH,
    Evidence.REFUND_TAKEN_BACK,
    Evidence.REVERSED,
}


def table() -> Iterator[tuple[str, str, str]]:
    """Row, column and words of each cell of the table in RULES.md."""
    text = RULES.read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", text, re.M)]
    begin = next(number for number, line in enumerate(lines) if line[0] == "evidence")
    for row in lines[begin + 2 : begin + 2 + len(ROWS)]:
        for column, words in zip(lines[begin][1:], row[1:], strict=True):
            yield row[0], column, words


CELLS = [
    (evidence, substate, words)
    for row, column, words in table()
    for evidence in ROWS[row]
    for substate in COLUMNS[column]
]


def meant(words: str, evidence: Evidence, substate: Substate) -> tuple[Move, ...]:
    """The moves that these words allow."""
    if words in ("–", "ids", "fills in", "first word stays"):
        return STAYS
    if words == "journal line":
        return (JOURNAL_LINE,)
    if words == "remark":
        return (Move(outcome=Outcome.CONFLICT, flagged=True),)
    if words == "stays; the graver reason counts":
        graver = (substate, evidence) == (Substate.CURABLE, Evidence.PAID_HELD)
        return (Move(State.REVIEW),) if graver else STAYS
    if words == "for ids, missing items: paid; else –":
        return (Move(State.PAID),) if substate is Substate.CURABLE else STAYS
    if words == "paid, *late*; not sent: –":
        return STAYS if substate is Substate.NOT_SENT else (Move(State.PAID, remark=Remark.LATE),)
    if words == "its state":
        return (Move(State(evidence.value)),)
    if only := re.fullmatch(r"(\w+): ([\w ]+)", words):
        return meant(only[2], evidence, substate) if substate.value == only[1] else STAYS
    if remark := re.fullmatch(r"\*(\w+)\*", words):
        return (Move(outcome=Outcome.CONFLICT, remark=Remark(remark[1])),)
    name, _, mark = words.partition(", ")
    to, odd = State(name.replace(" ", "_")), Remark(mark.strip("*")) if mark else None
    outcome = Outcome.CONFLICT if evidence is Evidence.ACCEPTED_OTHER else Outcome.APPLIED
    return (Move(to, outcome, odd),)


def test_the_matrix_has_every_cell_and_the_table_every_evidence() -> None:
    assert set(MATRIX) == {(substate, evidence) for substate in Substate for evidence in Evidence}
    assert {evidence for evidence, _, _ in CELLS} == set(Evidence) - WORKED_OFF
    assert {substate for _, substate, _ in CELLS} == set(Substate)


@pytest.mark.parametrize(("evidence", "substate", "words"), CELLS, ids=str)
def test_the_matrix_is_what_the_rules_say(evidence: Evidence, substate: Substate, words: str) -> None:
    assert MATRIX[substate, evidence] in meant(words, evidence, substate)


@pytest.mark.parametrize("evidence", sorted(WORKED_OFF))
def test_what_works_something_off_moves_no_state(evidence: Evidence) -> None:
    assert {MATRIX[substate, evidence].to for substate in Substate} == {None}

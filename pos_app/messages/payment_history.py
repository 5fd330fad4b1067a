"""What happened to a payment, in human words: its journal and what people wrote about it, as steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.kenya_time import NAIROBI, day_words, shop_day, shop_time
from pos_app.domain.money import kes
from pos_app.domain.note import Note
from pos_app.domain.payment import JournalLine, Outcome, Payment, Remark, State
from pos_app.domain.payment_event import EventKind, Settlement
from pos_app.domain.record_event import Difference
from pos_app.domain.unprompted import bound_by
from pos_app.messages import payments as words

_BY = {"callback": "M-PESA told us", "query": "we checked with M-PESA"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; a muted one changed nothing. `times` counts equal steps in a row."""

    title: str
    at: datetime
    note: str = ""
    muted: bool = False
    times: int = 1


_PLAIN = {  # title, note, muted
    EventKind.UNANSWERED: ("Sent to M-PESA", "no answer: money may or may not have moved", False),
    EventKind.UNREADABLE_CALLBACK: ("Something unreadable came", _BY["callback"], True),
    EventKind.NO_ANSWER: ("Checked with M-PESA", "no answer", True),
    EventKind.SILENCE: ("No answer from M-PESA", "not sure yet: we keep checking", False),
    EventKind.INTERRUPTED: ("The till stopped", "before M-PESA answered", False),
    EventKind.NOT_RECORDED: ("An answer could not be recorded", "kept in the file beside the database", False),
    EventKind.PRINTED: ("Receipt printed", "", False),
    EventKind.CODE_TYPED: ("Code typed from the SMS", "not proof", False),
    EventKind.REFUND_PRINTED: ("Refund slip printed", "", False),
}

_TOLD_BY_DETAIL = {
    EventKind.CODE_TAKEN: "The code that the owner typed is not this one's",
    EventKind.REFUND_CODE_TAKEN: "The code typed for the refund is a payment's",
    EventKind.ACCESS_MOVED: "Access moved forward",
    EventKind.OTHER_REFUNDED: "The other payment went back",
    EventKind.ACCESS_WITHDRAWN: "Access withdrawn by hand",
    EventKind.REFUND_PASSED: "Its refund is another payment's",
}
_SETTLEMENTS: dict[str, str] = {
    Settlement.PAID: "The owner settled it: paid",
    Settlement.DECLINED: "The owner settled it: not paid",
    Settlement.CLOSED: "The owner closed it",
    Settlement.REFUNDED: "The owner gave the money back",
    Settlement.BOTH_MEANT: "The owner says: both were meant",
    Settlement.SEEN: "The owner has looked at it",
}
_OF_RECORD = frozenset(
    {
        EventKind.BOUND,
        EventKind.IDENTIFIED,
        EventKind.UNBOUND,
        EventKind.RECORDED,
        EventKind.REVERSED,
        EventKind.RECORD_DIFFERS,
        EventKind.REFUND_CAME,
    }
)
_DIFFERENCES: dict[str, str] = {
    Difference.AMOUNT: "M-PESA's statement has another amount",
    Difference.PAYER: "M-PESA's statement has another payer under that code",
    Difference.MISSING: "M-PESA's statement has nothing of it",
    Difference.REVERSAL: "M-PESA's statement has money going back that does not fit",
    Difference.REFUND_CODE: "M-PESA's statement has the code of its refund as a payment",
}


def steps(payment: Payment, journal: Sequence[JournalLine], notes: Sequence[Note] = ()) -> list[Step]:
    """The steps of a payment, oldest first, each note behind what had happened by then; what repeats itself stands
    once.
    """
    told = _happened(payment, journal)
    for note in notes:
        earlier = next((place for place in range(len(told), 0, -1) if told[place - 1].at <= note.at), 0)
        told.insert(earlier, note_step(note))
    return told


def note_step(note: Note) -> Step:
    """What somebody wrote."""
    by = f"Note by {note.operator}" if note.operator else "Note"
    return Step(by, note.at, note.text or "its words were taken away when the customer was erased", muted=not note.text)


def _happened(payment: Payment, journal: Sequence[JournalLine]) -> list[Step]:
    told: list[Step] = [Step("Saved", payment.created_at, _saved(payment))]
    for line in journal:
        for step in _steps_of(payment, line):
            last = told[-1]
            if step.muted and (last.title, last.note, last.muted) == (step.title, step.note, True):
                told[-1] = replace(last, times=last.times + 1)
            else:
                told.append(step)
    return told


def _saved(payment: Payment) -> str:
    """Its number and who charged; with all lines where there is more than one post once."""
    number = f"{payment.number}, by {payment.operator}" if payment.operator else payment.number
    if len(payment.lines) == 1 and payment.lines[0].quantity == 1:
        return number
    sold = ", ".join(f"{line.quantity} x {line.title} at {kes(line.price)}" for line in payment.lines)
    return f"{number} · {sold}"


def day_in_common(steps: Sequence[Step], day_of: datetime) -> datetime | None:
    """The day that need not be said beside each step; None where one is on another day than that of the payment."""
    return day_of if all(shop_day(step.at) == shop_day(day_of) for step in steps) else None


def step_note(step: Step, day_of: datetime | None) -> str:
    """`14:02:09 · answered in 0.9 s`; the date too where it is another day than the one that all have in common."""
    there = step.at.astimezone(NAIROBI)
    when = f"{there:%H:%M:%S}"
    if day_of is None or shop_day(step.at) != shop_day(day_of):
        when = f"{day_words(there, year=False)} {when}"
    times = f"{step.times} times" if step.times > 1 else ""
    return " · ".join(part for part in (when, step.note, times) if part)


def step_words(step: Step, day_of: datetime | None) -> str:
    """A step in one line: `Sent to M-PESA · 14:02:09 · answered in 0.9 s`."""
    return f"{step.title} · {step_note(step, day_of)}"


def _steps_of(payment: Payment, line: JournalLine) -> Iterator[Step]:
    yield from _event(payment, line)
    if line.after is State.PAID and line.before is not State.PAID:
        yield from _paid(payment, line)
    if line.event_kind is EventKind.SETTLED and line.code == Settlement.BOTH_MEANT and line.outcome is Outcome.APPLIED:
        yield from _grant(payment)
    if line.after is State.REVIEW and line.before is not State.REVIEW:
        yield Step("Needs checking", line.at, "no access is given until the owner has looked")


def _event(payment: Payment, line: JournalLine) -> Iterator[Step]:
    match line.event_kind:
        case EventKind.ACCEPTED:
            yield from _accepted(payment, line)
        case EventKind.NOT_SENT:
            yield Step("Not sent", line.at, _reason(line.code))
        case EventKind.CALLBACK | EventKind.ANSWER:
            yield _result(line)
        case EventKind.SETTLED:
            said = " · ".join(part for part in (line.detail, line.body) if part)
            refused = line.outcome is not Outcome.APPLIED
            yield Step(_SETTLEMENTS.get(line.code or "", "The owner decided"), line.at, said, muted=refused)
        case EventKind.REFUNDED | EventKind.REFUND_TAKEN_BACK:
            yield _refund(line)
        case kind if kind in _OF_RECORD:
            yield _of_record(payment, line)
        case kind if kind in _TOLD_BY_DETAIL:
            yield Step(_TOLD_BY_DETAIL[kind], line.at, line.detail or "")
        case EventKind.MORE_CALLBACKS:
            yield Step("More of the same at this payment's address", line.at, line.detail or "", muted=True)
        case None:  # of another version of this program
            muted = line.outcome is not Outcome.APPLIED
            yield Step(line.kind.capitalize(), line.at, _BY.get(line.source, line.source), muted=muted)
        case plain:
            title, note, muted = _PLAIN[plain]
            yield Step(title, line.at, note, muted)


def _refund(line: JournalLine) -> Step:
    access = "access withdrawn" if line.code == "withdrawn" else ""
    said = " · ".join(part for part in (line.body, line.detail, access) if part)
    counts = line.outcome is Outcome.APPLIED
    went = "Money went back" if line.event_kind is EventKind.REFUNDED else "Its refund was taken back"
    return Step(went if counts else "A refund that does not count", line.at, said, muted=not counts)


def _of_record(payment: Payment, line: JournalLine) -> Step:
    if line.event_kind is EventKind.BOUND:
        return Step(f"Bound by {bound_by(payment)}", line.at, line.body or "")
    if line.event_kind is EventKind.IDENTIFIED:  # the detail says by whom
        return Step(f"Its money was found {line.detail or ''}".rstrip(), line.at, line.body or "")
    if line.event_kind is EventKind.UNBOUND:  # the body says by whom
        return Step(
            f"{'Unbound' if line.after is State.DECLINED else 'Taken back'} by {line.body}", line.at, line.detail or ""
        )
    titles = {
        EventKind.RECORDED: "M-PESA's statement has it as paid",
        EventKind.REVERSED: "M-PESA sent money back",
        EventKind.REFUND_CAME: "Money that went back is this one's",
    }
    title = titles.get(line.event_kind) if line.event_kind else None
    said = " · ".join(part for part in (line.body, line.detail) if part)
    muted = line.outcome in (Outcome.IGNORED, Outcome.DUPLICATE)
    return Step(title or _DIFFERENCES.get(line.code or "", "M-PESA's statement differs"), line.at, said, muted=muted)


def _accepted(payment: Payment, line: JournalLine) -> Iterator[Step]:
    if line.outcome is not Outcome.APPLIED:
        yield Step("M-PESA's answer to the request", line.at, "came after the result", muted=True)
        return
    seconds = max(0.0, (line.at - payment.created_at).total_seconds())
    yield Step(
        "Sent to M-PESA", payment.created_at, f"answered in {seconds:.1f} s" if seconds >= 0.1 else "answered at once"
    )
    if line.after is State.PROMPTED:
        yield Step("Prompt on the phone", line.at)


def _result(line: JournalLine) -> Step:
    how = " · ".join(part for part in (_BY[line.source], line.detail) if part)
    paid = line.code == "0"
    says = "M-PESA says paid" if paid else "M-PESA says not paid"
    if line.outcome is Outcome.APPLIED and (paid or line.before is not line.after):
        return Step(says, line.at, how if paid else f"{_reason(line.code)} · {how}")
    if line.outcome is Outcome.CONFLICT:
        return Step(f"{says}: that does not fit", line.at, f"{how} · changes nothing", muted=True)
    if line.outcome is Outcome.DUPLICATE:
        return Step(f"{says} again", line.at, how, muted=True)
    return Step(
        "Checked with M-PESA" if line.event_kind is EventKind.ANSWER else "Answer from M-PESA",
        line.at,
        "no result yet",
        muted=True,
    )


def _reason(code: str | None) -> str:
    known = words.NOT_PAID_REASONS.get(code or "") or words.NOT_SENT_REASONS.get(code or "")
    if known is None:
        return f"code {code}"
    return known.words if known.words.startswith("M-PESA") else known.words[:1].lower() + known.words[1:]


def _paid(payment: Payment, line: JournalLine) -> Iterator[Step]:
    if payment.received != payment.amount:
        yield Step(f"{kes(payment.received)} paid", line.at, f"asked were {kes(payment.amount)}")
    if Remark.DOUBLE in payment.remarks:
        same = Remark.OTHER_PAID in payment.remarks
        yield Step("Paid twice, or once" if same else "Paid twice: refund due", line.at, "its access is not added")
    else:
        yield from _grant(payment)


def _grant(payment: Payment) -> Iterator[Step]:
    for line in payment.lines:
        grant = line.grant
        if grant and (grant.access or grant.withdrawn_at):
            until = f"until {shop_time(grant.until)}" if grant.until else "for ever"
            later = grant.until and grant.starts_at and grant.starts_at > grant.granted_at
            since = f"from {shop_time(grant.starts_at)} " if later and grant.starts_at else ""
            what = f"{line.title} " if len(payment.lines) > 1 else ""
            yield Step("Access given", grant.granted_at, f"{what}{since}{until}")

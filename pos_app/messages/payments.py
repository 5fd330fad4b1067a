"""What the till says about a payment: the same words on screen, on paper and on the command line.

Pattern of every message: what happened, did money move, what to do now. Functions take a payment and give plain
text; no Qt here.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from pos_app.domain.kenya_time import NAIROBI, day_words, duration, shop_day, shop_time
from pos_app.domain.late_answers import could_be_answered
from pos_app.domain.payment import COUNTS_AFTER_ALL, Payment, PaymentFacts, Remark, State
from pos_app.domain.payment_line import PaymentLine
from pos_app.domain.refund import whole
from pos_app.domain.transitions import Substate, substate
from pos_app.messages.amounts import differs, paid_words
from pos_app.messages.refunds import refund_pill, refund_words
from pos_app.messages.remarks import review_words
from pos_app.sales.query_schedule import longest_wait

MAY_STILL_TELL = "M-PESA may still tell us by itself: wait two minutes."
NO_NUMBER = "M-PESA gave us no number to check by: look at the statement."
SMS_IS_NO_PROOF = 'Ask the customer: "Did you get an M-PESA SMS?" An SMS is not proof.'
CALL_OWNER = "Call the owner"  # the next step, where the till has none by itself
WORD_COMES = timedelta(seconds=150)  # in which a callback comes, if one does


class Reason(NamedTuple):
    """Why a payment is not paid: in words, and what to do now."""

    words: str
    advice: str


_SHOP_SETUP = Reason("Shop set-up is wrong", "Call the owner: till number and store number are two different numbers.")
_OTHER_WAY = "The customer can pay from another phone or in another way."
_BUSY = Reason("M-PESA is busy", "Wait 2 minutes, then ask again.")
_NO_SHOW = Reason("M-PESA could not show the request", "Ask again once, after 2 minutes. A shorter post name can help.")
_PHONE_BUSY = Reason("Another M-PESA request is open on that phone", "Wait 2 minutes. Is it ours?")

NOT_PAID_REASONS: dict[str, Reason] = {
    "1": Reason("Not enough balance", "Another phone, or a smaller post."),
    "2": Reason("The amount is below M-PESA's limit", "Choose a post with a higher price."),
    "3": Reason("The amount is above M-PESA's limit", "Choose a post with a lower price."),
    "4": Reason("The customer's daily limit is used up", _OTHER_WAY),
    "8": Reason("The shop's M-PESA account is full", "Call the owner: M-PESA cannot take more money in."),
    "11": Reason("The customer's M-PESA account is not active", _OTHER_WAY),
    "17": Reason(
        "The same amount was asked of this phone less than 2 minutes ago",
        "Look at the first request, then ask again after 2 minutes.",
    ),
    **dict.fromkeys(("15", "18", "20", "21", "24", "25", "29", "2028", "SFC_IC0003"), _SHOP_SETUP),
    "26": _BUSY,
    "1001": _PHONE_BUSY,
    "1019": Reason("Request expired", "Ask again."),
    "1025": _NO_SHOW,
    "1031": Reason("Customer cancelled", "Ask again, or let it go."),
    "1032": Reason("Customer cancelled", "Ask again, or let it go."),
    "1036": Reason("No answer from the phone", "Is there signal, is it unlocked? Then ask again."),
    "1037": Reason("Phone could not be reached / no answer", "Is there signal, is it unlocked? Then ask again."),
    "2001": Reason("Wrong PIN", "Ask again."),
    "2006": Reason("M-PESA does not let this account pay", _OTHER_WAY),
    "2040": Reason("This phone is not registered for M-PESA", _OTHER_WAY),
    "8006": Reason("The customer's PIN is locked", f"Safaricom unlocks it (call 100). {_OTHER_WAY}"),
    "9999": _NO_SHOW,
    Remark.BY_OWNER: Reason("Settled by the owner", ""),
}

NOT_SENT_REASONS: dict[str, Reason] = {
    "unreachable": Reason("We could not reach M-PESA", "Check the internet, then ask again."),
    "access_token": Reason("M-PESA did not let us in", "Ask again in a minute. If it stays, call the owner."),
    "late": Reason("The request could not leave within 10 seconds", "Is the customer still here? Then ask again."),
    "changed": Reason("The till found this payment changed before the request left", "Look at it, then ask again."),
    "credentials": Reason("M-PESA did not accept the shop's keys", "Call the owner: Settings (F10) takes new keys."),
    "merchant": Reason("M-PESA does not know the shop's number", "Call the owner: the short code in the settings."),
    "subscriber_locked": _PHONE_BUSY,
    "rate_limit": Reason("M-PESA takes no more requests just now", "Wait a minute, then ask again."),
    "invalid_request": Reason("M-PESA did not accept the request", "Check the phone number, then ask again."),
}

_STATE_WORDS = {
    State.REQUESTED: "Sending request",
    State.PROMPTED: "Waiting for customer's PIN",
    State.UNKNOWN: "Not sure yet - do not send again",
    State.REVIEW: "Needs checking",
    State.PAID: "Paid",
    State.CANCELLED: "Not paid: customer cancelled",
    State.EXPIRED: "Not paid: no answer",
    State.NOT_SENT: "Not sent",
}
_PILL_WORDS = {
    State.REQUESTED: "Sending",
    State.PROMPTED: "Waiting for PIN",
    State.UNKNOWN: "Not sure yet",
    State.REVIEW: "Needs checking",
    State.PAID: "Paid",
    State.CANCELLED: "Cancelled",
    State.DECLINED: "Not paid",
    State.EXPIRED: "No answer",
    State.NOT_SENT: "Not sent",
}


def late(payment: PaymentFacts) -> bool:
    """Whether it was paid after it had been shown as not paid."""
    return payment.state is State.PAID and Remark.LATE in payment.remarks


def state_words(payment: PaymentFacts) -> str:
    """The state in full: "Not paid: wrong PIN". What was paid twice is not said like any paid one."""
    if payment.refund_due:
        return "Paid twice: refund due"
    if payment.state is State.PAID and payment.refunded:
        return f"Paid, {refund_pill(payment).lower()}"
    if late(payment):
        return "Paid late"
    if payment.state is State.DECLINED:
        words = reason_words(payment)
        return f"Not paid: {words[:1].lower()}{words[1:]}" if not words.startswith("M-PESA") else f"Not paid: {words}"
    return _STATE_WORDS[payment.state]


def pill_words(payment: Payment) -> str:
    """The state in a word or two, for a pill or a list."""
    if payment.refund_due or Remark.REST_DUE in payment.unseen:
        return "Refund due"
    if pill := refund_pill(payment):
        return pill
    if Remark.UNBOUND in payment.remarks:
        return "Unbound"
    return "Paid late" if late(payment) else _PILL_WORDS[payment.state]


def reason_words(payment: PaymentFacts) -> str:
    """Why it is not paid, not sent or needs checking; empty where there is nothing to say."""
    if Remark.UNBOUND in payment.remarks:
        return "The money bound to it was taken away again"
    if payment.state is State.REVIEW and payment.reason.by_owner:
        return "M-PESA says paid, and the owner had said not paid."
    if payment.state is State.REVIEW and differs(payment):
        return f"{paid_words(payment)}."
    if payment.state is State.REVIEW:
        return review_words(payment.reason.review)
    reason = _reason(payment)
    return reason.words if reason else ""


def code_words(payment: Payment) -> str:
    """The code behind a reason, for the small print: "M-PESA 1032"; empty where there is none."""
    word = payment.reason.word
    plain = word is None or word in NOT_SENT_REASONS or payment.reason.by_owner
    if plain or payment.state is State.REVIEW:
        return ""
    return f"M-PESA {word}"


def happened(payment: Payment) -> str:
    """What happened, in one sentence."""
    match payment.state:
        case State.REQUESTED:
            return "The payment is saved and the request is on its way to M-PESA."
        case State.PROMPTED:
            return "M-PESA has the request and shows it on the customer's phone."
        case State.UNKNOWN if payment.query_id is None:
            return "We sent the request to M-PESA but got no answer."
        case State.UNKNOWN:
            return "M-PESA has the request and has not told us the result yet."
        case State.PAID:
            return f"{paid_words(payment)}."
        case State.EXPIRED:
            return f"{reason_words(payment)}."
        case _:
            return _sentence(reason_words(payment))


def money_moved(payment: Payment) -> str:
    """Whether money moved, and what of it went back."""
    if payment.state is State.PAID:
        return _paid_words(payment)
    return " ".join(part for part in (_moved(payment), refund_words(payment)) if part)


def _moved(payment: Payment) -> str:
    """The same of a payment that is not paid."""
    match payment.state:
        case State.REQUESTED | State.PROMPTED:
            return "Money moves only when the customer enters the PIN."
        case State.UNKNOWN:
            return "Money may or may not have moved."
        case State.REVIEW:
            return "M-PESA says that money moved. Access is not given yet."
        case State.NOT_SENT:
            return "Nothing was sent. No money moved."
        case State.DECLINED if Remark.UNBOUND in payment.remarks:
            return "That money is another's, or waits under Statement (Shift F8)."
        case State.DECLINED if payment.reason.by_owner:
            give_back = "M-PESA's statement shows what moved: give back what the customer paid."
            return "" if whole(payment) else give_back
        case _ if payment.reason.result_code == "17":
            return "This request moved no money; the first one may have."
        case _ if could_be_answered(payment):
            return "No money moved so far. If the customer still pays, it shows here."
        case _:
            return "No money moved."


def _paid_words(payment: Payment) -> str:
    if payment.refund_due:
        return "It was paid twice: a refund is due. Its access is not added."
    if payment.refunded:
        return refund_words(payment)
    if Remark.REFUNDED in payment.remarks:
        return "It was paid twice and refunded. Its access is not added."
    if not payment.gives_access:
        return "Hand it over."
    return "Access is given."


def advice(payment: Payment) -> str:
    """What the operator does now."""
    match payment.state:
        case State.REQUESTED:
            return "Wait a moment."
        case State.PROMPTED:
            return "Tell the customer to look at the phone."
        case State.UNKNOWN:
            return f"Do not send again. {SMS_IS_NO_PROOF}"
        case State.REVIEW if substate(payment) is Substate.CURABLE:
            return "Wait: the till checks with M-PESA. Do not send again."
        case State.REVIEW:
            return "Do not send again. Call the owner."
        case State.PAID if payment.needs_attention:
            return "Call the owner."
        case State.PAID:
            return ""
        case _:
            reason = _reason(payment)
            return reason.advice if reason else ""


def access_given(payment: Payment) -> str:
    """The access of a paid payment: "Access until 30 Nov 2026 14:03"; it may be years from now. A row for each line."""
    if not payment.gives_access:
        return _no_access(payment)
    if len(payment.lines) == 1:
        return f"Access {_end(payment.lines[0])}"
    return "\n".join(f"{line.title} {_end(line)}" for line in payment.lines if line.gives_access)


def _end(line: PaymentLine) -> str:
    """The end of what the customer has of a line."""
    until = line.grant and line.grant.until
    return f"until {shop_time(until)}" if until else "for ever"


def _no_access(payment: Payment) -> str:
    ended = next((line.grant.withdrawn_at for line in payment.lines if line.grant and line.grant.withdrawn_at), None)
    if ended:
        return f"Access withdrawn {shop_time(ended)}"
    if Remark.DOUBLE in payment.remarks and not payment.remarks & COUNTS_AFTER_ALL:
        return "Paid twice: its access is not added"
    return "No access with this post" if len(payment.lines) == 1 else "No access with these posts"


def code_or_why_not(payment: Payment, callback_expected: bool) -> str:
    """The M-PESA code of a paid payment, or where it is: M-PESA does not tell it when asked."""
    if payment.receipt:
        return payment.receipt
    if payment.receipt_typed:
        return f"{payment.receipt_typed} (typed, not checked)"
    return "coming" if callback_expected else "in the customer's SMS"


def age(payment: Payment, now: datetime) -> str:
    """How old the payment is: "0:14"."""
    return duration((now - payment.created_at).total_seconds())


def next_words(payment: Payment, now: datetime, callback_expected: bool) -> str:
    """What happens next by itself: "Checking in 0:48"."""
    match payment.state:
        case State.REQUESTED:
            return "Sending it to M-PESA"
        case State.UNKNOWN if payment.query_id is None:
            return MAY_STILL_TELL if callback_expected and payment.created_at + WORD_COMES > now else NO_NUMBER
        case State.REVIEW if payment.next_check_at is None:
            return CALL_OWNER
        case State.PROMPTED | State.UNKNOWN | State.REVIEW:
            return _asking(payment, now)
        case State.PAID:
            return _paid_next(payment, callback_expected)
        case _ if could_be_answered(payment):
            return "A late payment would still show here"
        case _:
            return ""


def _asking(payment: Payment, now: datetime) -> str:
    if payment.next_check_at is None:
        return "Waiting for M-PESA's result"
    wait = min((payment.next_check_at - now).total_seconds(), longest_wait(payment, now))
    return f"Checking in {duration(wait)}" if wait >= 1 else "Checking with M-PESA now"


def _paid_next(payment: Payment, callback_expected: bool) -> str:
    if payment.needs_attention:
        return CALL_OWNER
    if payment.receipt is None and payment.receipt_typed is None:
        return "M-PESA code: coming" if callback_expected else "M-PESA code: not known yet"
    given = next((line.grant.granted_at for line in payment.lines if line.grant and line.grant.access), None)
    return f"Access given {clock_time(given)}" if given else access_given(payment)


def clock_time(moment: datetime) -> str:
    """`14:03`, in the shop."""
    return f"{moment.astimezone(NAIROBI):%H:%M}"


def day_and_time(moment: datetime) -> str:
    """`30 Nov 14:03`, in the shop; the year is left out."""
    there = moment.astimezone(NAIROBI)
    return f"{day_words(there, year=False)} {there:%H:%M}"


def since(moment: datetime, now: datetime) -> str:
    """`14:03` today, `30 Nov 14:03` on other days of the year, `30 Nov 2025 14:03` before."""
    day, today = shop_day(moment), shop_day(now)
    if day == today:
        return clock_time(moment)
    return day_and_time(moment) if day.year == today.year else shop_time(moment)


def _reason(payment: PaymentFacts) -> Reason | None:
    code = payment.reason.word or ""
    if payment.state is State.NOT_SENT:
        return NOT_SENT_REASONS.get(code) or Reason(
            f"M-PESA refused the request (code {code})" if code else "The request did not leave", "Call the owner."
        )
    if payment.state is State.EXPIRED:
        return NOT_PAID_REASONS.get(code) or Reason("No answer", "Ask again.")
    if payment.state in (State.CANCELLED, State.DECLINED):
        return NOT_PAID_REASONS.get(code) or Reason(f"Not paid (code {code})", "Ask again, or let it go.")
    return None


def _sentence(text: str) -> str:
    return text if not text or text.endswith(".") else f"{text}."

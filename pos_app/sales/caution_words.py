"""What is said of a payment that makes another prompt to its phone risky (rule 13)."""

from datetime import datetime

from pos_app.domain.kenya_time import duration
from pos_app.domain.late_answers import could_be_answered
from pos_app.domain.payment import Payment, Remark, State


def caution_words(payment: Payment, opened: datetime | None, until: datetime | None, now: datetime) -> str:
    """What the guard saw, true for the payment as it stands: when it was asked for, its outcome, how long to wait.

    The wait is rounded up: it never promises an end that has not come.
    """
    age = duration((now - (opened or payment.created_at)).total_seconds())
    what = "paid" if Remark.BOUND in payment.remarks else "was asked for"
    asked = f"This phone {what} KES {payment.amount:,} ({payment.post_title}) {age} ago"
    left = (until - now).total_seconds() if until else 0.0
    wait = f" Wait {duration(left + 0.999)}." if left > 0 else ""
    return f"{asked} {_became(payment)}. Nothing was sent.{wait}"


def _became(payment: Payment) -> str:
    """What is known of a payment that the guard saw, as the end of a sentence about it."""
    match payment.state:
        case State.REQUESTED | State.PROMPTED | State.UNKNOWN:
            return "and the answer is not known yet: a second prompt could charge twice"
        case State.REVIEW:
            return "and may have paid, which somebody must check: a second prompt could charge twice"
        case State.PAID:
            return "without a prompt, as somebody has found" if Remark.BOUND in payment.remarks else "and has paid"
        case State.NOT_SENT:
            return "but that request never left: no money moved"
        case State.CANCELLED:
            return "and the customer cancelled: no money moved"
        case State.EXPIRED:
            return "and nobody answered; that prompt could still be answered"
        case _:
            late = "; that prompt could still be answered" if could_be_answered(payment) else ": no money moved"
            return f"and M-PESA declined it (code {payment.reason.word}){late}"

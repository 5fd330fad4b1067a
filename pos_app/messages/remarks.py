"""What is odd about a payment, in words. Plain text, no Qt."""

from pos_app.domain.money import kes
from pos_app.domain.payment import COUNTS_AFTER_ALL, Payment, Remark
from pos_app.domain.unprompted import bound_by, found_by

_REMARKS: dict[str, str] = {
    Remark.LATE: "Paid late: the money came after the payment was shown as not paid.",
    Remark.CONFLICT: "It was paid, and M-PESA later said not paid. Check the statement.",
    Remark.PHONE_DIFFERS: "Paid from another phone than the one we asked.",
    Remark.AMOUNT_DIFFERS: "M-PESA names another amount than this payment had.",
    Remark.RECEIPT_CLASH: "M-PESA's code belongs to another payment.",
    Remark.IDS_DIFFER: "M-PESA's answer carries other numbers than our request.",
    Remark.INCOMPLETE: "M-PESA's answer has no usable amount or code.",
    Remark.DOUBLE: "Paid twice: the customer asked once. Refund due.",
    Remark.REFUNDED: "Paid twice: the owner has seen to the refund.",
    Remark.BOTH_MEANT: "Paid twice, and both were meant: the owner added its access.",
    Remark.OTHER_BACK: "Paid twice, and the other one went back: this one counts, and its access was added.",
    Remark.OTHER_PAID: (
        "Both are paid: this one, and one for something else asked for meanwhile, or one by a bind, which may be the "
        "same money. Compare their M-PESA codes."
    ),
    Remark.CODE_LOST: "M-PESA gave the code that the owner typed to another payment.",
    Remark.REFUND_CLASH: "M-PESA gave the code that was typed for its refund to a payment.",
    Remark.BY_OWNER: "Settled by the owner, by hand.",
    Remark.ERASED: "The money came after its customer was erased. Give it back by M-PESA, or access by hand.",
    Remark.UNRECORDED: "An answer of M-PESA could not be recorded: check the statement.",
    Remark.REVERSED: "M-PESA sent its money back, and the customer still has what it gave: keep that, or withdraw it.",
    Remark.RECORD_DIFFERS: "M-PESA's statement does not say the same: another amount, or nothing of it. Compare them.",
    Remark.BOUND: "Somebody has bound money to it that came without a prompt.",
    Remark.REST_DUE: "More came than the sale costs: refund due.",
    Remark.UNBOUND: "That was taken back: the money is another's. Nothing was paid, and its access was withdrawn.",
    Remark.IDENTIFIED: "Somebody has said which money without a prompt is its own.",
    Remark.UNIDENTIFIED: "That was taken back: that money is not its own. M-PESA's word counts as before.",
}
_STEPS = {  # while nobody has looked
    Remark.CODE_LOST: " Settle it as not paid; where the statement has another code of it, then as paid by that.",
    Remark.REFUND_CLASH: " Take that refund back, and record the right code.",
}
_MAY_BE_SAME = (
    "It is paid, and so is another one for the same, by money that a person has named: that may be one payment of the "
    "customer's. Compare the statement before anything goes back; if it is one, undo what was named, under Statement "
    "(Shift F8)."
)
_LOST = "M-PESA gave its code to another payment: the money is that one's. Undo the bind, under Statement (Shift F8)."


def remark_words(remark: Remark) -> str:
    """What is odd about a payment."""
    return _REMARKS[remark]


def remarks_words(payment: Payment) -> list[str]:
    """What is odd about this payment, a sentence each; how a double was worked off says that it was one."""
    worked_off = payment.remarks & ({Remark.REFUNDED} | COUNTS_AFTER_ALL)
    told = payment.remarks - {Remark.DOUBLE} if worked_off else payment.remarks
    return [_words(payment, remark) for remark in sorted(told)]


def unseen_words(payment: Payment) -> list[str]:
    """What asks for a look that nobody has had yet, a sentence each."""
    return [_words(payment, remark) for remark in sorted(payment.unseen)]


def _words(payment: Payment, remark: Remark) -> str:
    match remark:
        case Remark.BOUND:
            return f"Bound by {bound_by(payment)}, to money that came without a prompt."
        case Remark.IDENTIFIED:
            return f"Found by {found_by(payment)} to be paid by money that came without a prompt."
        case Remark.REST_DUE if payment.rest:
            return f"{kes(payment.rest)} more came than the sale costs{_rest(payment)}"
        case Remark.DOUBLE if Remark.OTHER_PAID in payment.unseen:
            return _MAY_BE_SAME
        case Remark.CODE_LOST if payment.remarks & {Remark.BOUND, Remark.IDENTIFIED}:
            return _LOST
        case _:
            return remark_words(remark) + (_STEPS.get(remark, "") if remark in payment.unseen else "")


def _rest(payment: Payment) -> str:
    """What has become of what came beyond the sale."""
    if payment.refunded >= payment.rest:
        return ", and went back."
    if Remark.REST_DUE in payment.seen:
        return ": the owner has seen to it."
    return f": {kes(payment.rest - payment.refunded)} of it still due." if payment.refunded else ": refund due."


def review_words(review: Remark | None) -> str:
    """Why a payment needs checking."""
    return _REMARKS[review] if review else "M-PESA's answer does not fit our request."

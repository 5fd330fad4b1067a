"""Money that came without a prompt, in words. Plain text, no Qt."""

from datetime import timedelta

from pos_app.domain.kenya_time import duration, shop_time
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.phone import mask
from pos_app.domain.unprompted import (
    Hints,
    PayerHint,
    PostHint,
    PromptHint,
    RowWord,
    Standing,
    Unprompted,
    bindable,
    cents_words,
    may_yet_be_paid,
)
from pos_app.messages.payments import clock_time, state_words

ALL = "Money without a prompt"
STANDINGS = {Standing.WAITING: "Waiting", Standing.NAMED: "Named", Standing.BOUND: "Bound"}
NAMED = {
    RowWord.NOT_SALE: "Not a sale",
    RowWord.TEST: "A test",
    RowWord.REFUNDED: "Given back",
    RowWord.OTHER_TILL: "Another till's",
    RowWord.COUNTED: "Counted already",
}
EXPLAINED = {
    RowWord.NOT_SALE: "It came for something else than a sale: a loan, a deposit, a gift.",
    RowWord.TEST: "Somebody tried whether M-PESA works.",
    RowWord.REFUNDED: "It was given back, by M-PESA or in cash.",
    RowWord.OTHER_TILL: "It is that of another till or shop with the same short code.",
    RowWord.COUNTED: "A payment here that has no M-PESA code yet counts it already.",
}
WAITS_AGAIN = "It waits again"
_WORDS = NAMED | {RowWord.NONE: "Waits", RowWord.BOUND: "Bound", RowWord.REVERSED: "M-PESA took it back"}
_NOTHING = {
    Standing.WAITING: "No money waits: what M-PESA's record has is all explained, as far as it was recorded.",
    Standing.NAMED: "Nothing was named.",
    Standing.BOUND: "Nothing is bound.",
}
NOBODY_SEEN = "M-PESA's record shows no digit of who paid: any phone is taken. Be sure whose money it is."
FROM_NOW = "What you bind it to is paid, gives its access from now on, and stays marked as bound by you."
IS_ITS = (
    "That payment is then paid by this money, gives its access from now on, and stays marked as found by you. It can "
    "be undone, and M-PESA's own word counts more."
)
UNDOES = (
    "What it gave ends now, and it is not paid any more. The money waits again under Statement, for another sale. No "
    "money moves."
)


def amount_words(money: Unprompted) -> str:
    """How much it is: `KES 170`, `KES 170.50`."""
    return cents_words(money.cents)


def payer_words(money: Unprompted) -> str:
    """Who paid, as far as it can be seen: `071****007 AMINA **** OTIENO`."""
    if money.forgotten:
        return "erased"
    return " ".join(part for part in (money.phone, money.name) if part) or "not shown"


def state_of(money: Unprompted) -> str:
    """What was said of it, in a word or two."""
    if money.word is RowWord.REVERSED and 0 < money.back < money.cents:
        return f"M-PESA took {cents_words(money.back)} back"
    return f"Bound to {money.number}" if money.word is RowWord.BOUND else _WORDS[money.word]


def came_words(money: Unprompted) -> str:
    """Which money it is, in a sentence."""
    account = f", for {money.account}" if money.account else ""
    payer = "somebody" if money.forgotten or not (money.phone or money.name) else payer_words(money)
    return f"{amount_words(money)} came {shop_time(money.at)} from {payer}{account}: {money.receipt}."


def money_words(money: Unprompted) -> str:
    """What is known of it, and what can be done, below the list."""
    return " ".join(part for part in (came_words(money), _said(money), _do(money)) if part)


def nothing_words(standing: Standing, typed: str) -> str:
    """Why the list is empty."""
    if typed:
        return f"Nothing here matches '{typed}'. Type a code, an amount, digits of the phone or the name."
    return _NOTHING[standing]


def count_words(waiting: int) -> str:
    """How much of it waits, as a button says it."""
    return f"{ALL} ({waiting:,})" if waiting else ALL


def prompts_words(hints: Hints) -> str:
    """Payments that may be meant, a sentence each."""
    return "\n".join(map(prompt_words, hints.prompts))


def prompt_words(hint: PromptHint) -> str:
    """Why a payment may be it, and what then: it is no second sale."""
    payment = hint.payment
    when = "before" if hint.after >= timedelta(0) else "after"
    digits = ", the digits fit" if hint.fits else ""
    asked = (
        f"{payment.number} asked {mask(payment.phone)} for the same amount "
        f"{duration(abs(hint.after).total_seconds())} {when}{digits}: {state_words(payment).lower()}."
    )
    if hint.stops and payment.state is State.PAID:
        return f"{asked} It has no code yet, and this is surely its money: do not sell it twice."
    if hint.stops:
        return f"{asked} If it is its money, leave it: M-PESA's answer or the owner settles that one."
    if hint.may_be_its:
        return f"{asked} If it is its money, say so below: then that one is paid, and nothing is sold twice."
    if hint.close:
        return f"{asked} If it is its money, sell the same here."
    return f"{asked} M-PESA may still say that it is paid." if may_yet_be_paid(payment) else asked


def its_words(payment: Payment) -> str:
    """The button that says whose the money is: `It is A-20261123-0042, asked at 14:03`."""
    return f"It is {payment.number}, asked at {clock_time(payment.created_at)}"


def identify_words(payment: Payment) -> str:
    """What it means to say that money is a payment's own."""
    return (
        f"Payment {payment.number} asked {mask(payment.phone)} for {kes(payment.amount)} at "
        f"{shop_time(payment.created_at)}: {payment.post_title}. {state_words(payment)}."
    )


def identified_words(payment: Payment) -> str:
    """It was said."""
    access = " Access is given." if payment.gives_access else ""
    return f"{payment.number} is paid by that money.{access}"


def payer_hint(hint: PayerHint) -> str:
    """A customer whose number fits."""
    return " ".join(part for part in (mask(hint.phone), hint.name) if part)


def post_hint(hint: PostHint) -> str:
    """Posts that cost what came: `Tea x2`."""
    return " + ".join(post.title if many == 1 else f"{post.title} x{many}" for post, many in hint.lines)


def rest_words(came: int, costs: int) -> str:
    """What is left of the money, in KES, while a sale is put together."""
    if not costs:
        return f"{kes(came)} came. Choose what was sold."
    if costs == came:
        return "That is exactly what came."
    if costs < came:
        return f"{kes(came - costs)} more came than that: it becomes a refund due."
    return f"That costs {kes(costs - came)} more than came: sell less."


def bound_words(payment: Payment) -> str:
    """It was bound."""
    rest = f" {kes(payment.rest)} of it are a refund due." if payment.rest else ""
    access = " Access is given." if payment.gives_access else ""
    return f"{kes(payment.received)} is bound to {payment.number}, which is paid.{access}{rest}"


def unbound_words(payment: Payment) -> str:
    """That was undone."""
    if Remark.BOUND not in payment.remarks:
        return f"{payment.number} is not paid any more, and M-PESA is asked about it again. The money waits again."
    return f"{payment.number} is not paid any more. Its money waits again, or is that of whom M-PESA has named."


def named_words(money: Unprompted) -> str:
    """It was named, or that was taken back."""
    return f"{money.receipt}: {state_of(money).lower()}."


def _said(money: Unprompted) -> str:
    by = f" by {money.by}" if money.by else " by the owner" if money.worded_at else ""
    at = f" {shop_time(money.worded_at)}" if money.worded_at else ""
    note = f": {money.note}" if money.note else ""
    return "" if money.word is RowWord.NONE else f"{state_of(money)}{by}{at}{note}."


def _do(money: Unprompted) -> str:
    if money.lost:
        return "M-PESA has since given its code to another payment: undo the bind."
    return bindable(money) if money.word is RowWord.NONE else ""

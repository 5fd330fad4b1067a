"""What is said about a receipt code that a customer reads out. What stands in quotes is to be read aloud to them."""

from pos_app.domain.kenya_time import shop_day, shop_time
from pos_app.domain.money import kes
from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt_code import CodeFound, CodeStanding
from pos_app.domain.record_file import RecordRow
from pos_app.domain.statement_row import Period
from pos_app.domain.unprompted import RowWord
from pos_app.messages.counter import named

_NO_CODE = '"That is no M-PESA code: one has 10 letters and digits. Please read it again." O and 0, I and 1 look alike.'
_WAIT = "Please wait: the till will show Paid by itself."


def code_words(found: CodeFound) -> str:
    """What the code is, and what to tell the customer."""
    match found.standing:
        case CodeStanding.NO_CODE:
            return _NO_CODE
        case CodeStanding.UNPROMPTED if found.row:
            return _unprompted(found, found.row)
        case CodeStanding.NOT_THERE if found.record:
            return f'"M-PESA\'s record of {_period(found.record)} has no such code." If the SMS is newer: "{_WAIT}"'
        case CodeStanding.UNKNOWN:
            return f'"This code is not in M-PESA\'s word to us yet. {_WAIT}"'
        case _ if found.payment:
            return _of_payment(found, found.payment)
        case _:
            return f"{found.code} is of money that went out, or of a fee: no customer has paid by it."


def _unprompted(found: CodeFound, row: RecordRow) -> str:
    came = f"{found.code} came without a prompt: {_cents(row.cents)}, {shop_time(row.at)}."
    if found.word in (RowWord.REVERSED, RowWord.REFUNDED):
        return f'{came} "That money went back." Nothing is paid by it.'
    if found.word:
        return f"{came} Somebody has said already what it is. No sale is paid by it: call a supervisor."
    return (
        f'{came} No sale is paid by it. Call a supervisor. "Your money is here. A supervisor finds out what it is for."'
    )


def _of_payment(found: CodeFound, payment: Payment) -> str:
    sale = f"{named(payment)}, {shop_time(payment.created_at)}"
    if found.standing is CodeStanding.REFUND:
        return f"{found.code} is of money that went back, of {sale}. Nothing is paid by it."
    if found.standing is CodeStanding.TYPED:
        return f"{found.code} was typed from an SMS for {sale}, and M-PESA has not confirmed it. Nothing is paid by it."
    if payment.state is not State.PAID:
        return f"{found.code} is of {sale}, which is not paid here: call the owner."
    return f'{found.code} pays for this sale alone: {sale}. For any other: "This code belongs to another sale."'


def _period(period: Period) -> str:
    """`23 Nov 2026 08:00 to 14:00`."""
    first, last = shop_time(period.first), shop_time(period.last)
    return f"{first} to {last[-5:] if shop_day(period.first) == shop_day(period.last) else last}"


def _cents(amount: int) -> str:
    return kes(amount // 100) + (f".{amount % 100:02}" if amount % 100 else "")

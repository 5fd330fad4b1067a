"""What is looked at before money without a prompt is bound (rule 22), in the transaction that does it."""

from collections.abc import Sequence

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.kenya_time import duration, shop_time
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import mask
from pos_app.domain.unprompted import Unprompted, bindable, counts_or_waits, fits_phone, is_close, may_yet_be_paid
from pos_app.errors import BadInput
from pos_app.sales.ports import Transaction

NOTHING = "Nothing was changed."
_NAMED = 4  # payments that may be meant


class PromptSeen(BadInput):
    """Prompts for the same amount may be meant, and nobody has looked at them. Nothing was changed.

    Args:
        ended: of this very phone, right before the money, and ended unpaid.
        others: of a phone that fits what is seen of the payer's, whenever it was, that may still be paid or count it.
    """

    def __init__(self, money: Unprompted, ended: Sequence[Payment], others: Sequence[Payment] = ()) -> None:
        self.payments = (*ended, *others)
        numbers = " and ".join(payment.number for payment in ended)
        told = []
        if ended:
            told.append(
                f"This phone was asked for the same amount right before: payment {numbers}, which is not paid. If this "
                "is its money, say that it is that one instead; a sale here leaves it as it ended."
            )
        if others:
            named = "; ".join(_named(payment, money) for payment in others[:_NAMED])
            more = f"; and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
            told.append(
                f"The same amount was asked for before, and may be this money: {named}{more}. If M-PESA still says "
                "that it was paid, this money counts twice, and somebody has to look."
            )
        super().__init__(" ".join([*told, "Nothing was changed yet: press Bind once more if you have looked."]))


def _named(payment: Payment, money: Unprompted) -> str:
    """`A-20261123-0042 (0712***007, 2:05:00 before, not sure yet)`."""
    age = duration(abs(money.at - payment.created_at).total_seconds())
    when = "before" if payment.created_at <= money.at else "after"
    state = "paid, no code yet" if payment.state is State.PAID else "still open" if payment.state.open else "not paid"
    return f"{payment.number} ({mask(payment.phone)}, {age} {when}, {state})"


def as_seen(transaction: Transaction, seen: Unprompted) -> Unprompted:
    """The money, if it is what was seen. Raises BadInput: it is not."""
    money = transaction.unprompted_money(seen.id)
    if money is None or money != seen:
        now = bindable(money) if money else ""
        raise BadInput(f"Something new is known of this money. {now} {NOTHING} Look again.".replace("  ", " "))
    return money


def can_be_bound(transaction: Transaction, seen: Unprompted) -> tuple[Unprompted, int]:
    """The money and how much it is (KES), if it is what was seen and can be bound. Raises BadInput."""
    money = as_seen(transaction, seen)
    if why := bindable(money):
        raise BadInput(f"{why} {NOTHING}")
    if money.payment_id is not None:
        raise BadInput(f"M-PESA's record has since shown whose this money is. {NOTHING} Look again.")
    assert money.amount is not None
    return money, money.amount


def look_at_prompts(transaction: Transaction, money: Unprompted, amount: int, sale: ChargeRequest) -> list[Payment]:
    """The payments that may be meant, and that somebody has looked at.

    Raises:
        BadInput: one of this phone, right before, surely is. PromptSeen: nobody has looked.
    """
    found = (
        *transaction.prompts_near(amount, money.at, sale.msisdn),
        *transaction.prompts_near(amount, money.at, money.phone),
    )
    near = {payment.id: payment for payment in found if fits_phone(money, payment.phone)}
    theirs = [each for each in near.values() if each.phone == sale.msisdn and is_close(money.at - each.created_at)]
    for payment in theirs:
        if counts_or_waits(payment):
            age = duration(abs(money.at - payment.created_at).total_seconds())
            became = "is still open" if payment.state.open else "is paid, and has no code yet"
            raise BadInput(
                f"Payment {payment.number} asked this phone for the same amount {age} from this money "
                f"({shop_time(payment.created_at)}) and {became}: it is surely its money. {NOTHING} Wait until that "
                "one is settled, by itself or by the owner."
            )
    others = [each for each in near.values() if each not in theirs and _may_count(each, money)]
    ended, open_still = ([each for each in some if each.id not in sale.despite] for some in (theirs, others))
    if ended or open_still:
        raise PromptSeen(money, ended, open_still)
    return [*theirs, *others]


def no_other_may_be_meant(transaction: Transaction, money: Unprompted, asked: Payment) -> None:
    """What a payment is said to be paid by is no other's that waits for it, or counts it already without its code.

    Raises:
        BadInput: it may be.
    """
    for other in transaction.prompts_near(asked.amount, money.at, money.phone):
        fits = other.id != asked.id and fits_phone(money, other.phone) and is_close(money.at - other.created_at)
        if fits and counts_or_waits(other):
            became = "is still open" if other.state.open else "is paid, and has no code yet"
            raise BadInput(
                f"Payment {other.number} asked for the same amount, too ({shop_time(other.created_at)}, "
                f"{mask(other.phone)}), and {became}: this may be its money, which would count twice. {NOTHING} Wait "
                "until that one is settled, by itself or by the owner."
            )


def _may_count(payment: Payment, money: Unprompted) -> bool:
    """Whether a payment may be paid yet, or is paid and counts this money without its code."""
    if payment.state is State.PAID:
        return is_close(money.at - payment.created_at)
    return may_yet_be_paid(payment)

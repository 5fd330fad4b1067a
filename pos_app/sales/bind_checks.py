"""What is looked at before money without a prompt is bound (rule 22), in the transaction that does it."""

from collections.abc import Iterable

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.kenya_time import duration, shop_time
from pos_app.domain.payment import Payment
from pos_app.domain.unprompted import Unprompted, bindable, counts_or_waits, is_close
from pos_app.errors import BadInput
from pos_app.sales.ports import Transaction

NOTHING = "Nothing was changed."


class PromptSeen(BadInput):
    """This customer was asked for the same amount right before, and that ended without money. Nothing was changed."""

    def __init__(self, payments: Iterable[Payment]) -> None:
        self.payments = tuple(payments)
        numbers = " and ".join(payment.number for payment in self.payments)
        super().__init__(
            f"This phone was asked for the same amount right before: payment {numbers}, which is not paid. If this is "
            "its money, sell the same here; that one stays as it ended. Nothing was changed yet: press Bind once more "
            "if you have looked."
        )


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
    """The payments of this phone that were asked for right before and ended, all of which somebody has looked at.

    Raises:
        BadInput: one of them may be meant.
    """
    near = [
        payment
        for payment in transaction.prompts_near(amount, money.at)
        if payment.phone == sale.msisdn and is_close(money.at - payment.created_at)
    ]
    for payment in near:
        if counts_or_waits(payment):
            age = duration(abs(money.at - payment.created_at).total_seconds())
            became = "is still open" if payment.state.open else "is paid, and has no code yet"
            raise BadInput(
                f"Payment {payment.number} asked this phone for the same amount {age} from this money "
                f"({shop_time(payment.created_at)}) and {became}: it is surely its money. {NOTHING} Wait until that "
                "one is settled, by itself or by the owner."
            )
    unseen = [payment for payment in near if payment.id not in sale.despite]
    if unseen:
        raise PromptSeen(unseen)
    return near

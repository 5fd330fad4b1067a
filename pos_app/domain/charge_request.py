"""What a customer is asked to pay for: one object, from where it is entered to the transaction that saves it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pos_app.domain.catalogue import Post
from pos_app.domain.money import MAX_AMOUNT, kes, parse_price
from pos_app.domain.payment import Payment
from pos_app.domain.payment_line import MAX_LINES, MAX_QUANTITY, PaymentLine
from pos_app.domain.phone import Msisdn
from pos_app.domain.strict import whole
from pos_app.errors import BadInput


def changed_words(title: str) -> str:
    """A post is not any more what the operator saw."""
    return f"{title} has just been changed. Nothing was sent. Look at the new price, then ask."


class PostChanged(BadInput):
    """What is sold is not any more what the operator saw. Nothing was sent, nothing was saved."""

    def __init__(self, post: Post) -> None:
        super().__init__(changed_words(post.title))


class NotSold(BadInput):
    """There is no such post, or it is switched off. Nothing was sent, nothing was saved."""

    def __init__(self, post_id: int, title: str = "") -> None:
        gone = f"{title} is not sold any more: there" if title else "There"
        super().__init__(f"{gone} is no post {post_id} to sell. Nothing was sent. The posts page lists them.")


def read_quantity(text: str) -> int:
    """How many, as somebody typed it.

    Raises:
        BadInput: not a whole number from 1 to 999 in plain digits.
    """
    quantity = whole(text.strip())
    if quantity is None or not 1 <= quantity <= MAX_QUANTITY:
        raise BadInput(f"How many is a whole number from 1 to {MAX_QUANTITY}: {text[:20]!r} is not. Nothing was sent.")
    return quantity


def read_open_price(post: Post, text: str) -> int:
    """The price for one of a post whose price is asked at the counter, in KES, as somebody typed it.

    Raises:
        BadInput: it is none, or not between the post's bounds.
    """
    try:
        price = parse_price(text)
    except BadInput:
        price = 0
    if not text.strip():
        raise BadInput(f"Type the price of {post.title}: {post.price_words}. Nothing was sent.")
    if not post.price <= price <= (post.highest or post.price):
        raise BadInput(f"The price of {post.title} is {post.price_words}: {text[:20]!r} is not. Nothing was sent.")
    return price


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One thing to pay for: a post as the operator saw it, and how many of it.

    Attributes:
        asked_price: KES for one, where the post's price is asked at the counter; None where it is fixed.

    Raises:
        BadInput: not 1 to 999 of it, more than one of what is for ever, or a price that is not the post's.
    """

    post: Post
    quantity: int = 1
    asked_price: int | None = None

    def __post_init__(self) -> None:
        read_quantity(str(self.quantity))
        if self.quantity > 1 and self.post.days is None:
            raise BadInput(f"{self.post.title} is for ever: a customer needs it once only. Nothing was sent.")
        if self.post.open_price:
            read_open_price(self.post, "" if self.asked_price is None else str(self.asked_price))
        elif self.asked_price is not None:
            raise BadInput(f"{self.post.title} costs {kes(self.post.price)}: its price is not asked. Nothing was sent.")

    @property
    def price(self) -> int:
        """KES for one of it."""
        return self.post.price if self.asked_price is None else self.asked_price

    @property
    def amount(self) -> int:
        """KES for all of it."""
        return self.price * self.quantity

    @property
    def access_days(self) -> int | None:
        """How many days of access the whole line gives; None for ever."""
        return None if self.post.days is None else self.post.days * self.quantity

    def sold(self, stored: Post | None) -> PaymentLine:
        """The line of the payment, if the post is still what the operator saw: its title, price, days, and that it is
        sold.

        Args:
            stored: as it is in the transaction that saves the charge.

        Raises:
            NotSold, PostChanged
        """
        if stored is None or not self.post.active:
            raise NotSold(self.post.id, self.post.title)
        if offer(stored) != offer(self.post):
            raise PostChanged(self.post)
        return PaymentLine(
            post_id=stored.id, title=stored.title, price=self.price, quantity=self.quantity, days=stored.days
        )


def offer(post: Post) -> tuple[object, ...]:
    """What of a post the operator and the customer agree on: where it is another, another thing is sold."""
    return post.id, post.title, post.price, post.highest, post.days, post.active


def total(lines: Iterable[ChargeLine]) -> int:
    """What the lines cost together, in KES."""
    return sum(line.amount for line in lines)


def check_lines(lines: tuple[ChargeLine, ...]) -> tuple[ChargeLine, ...]:
    """These lines, if they can be charged together.

    Raises:
        BadInput: no line or too many, a post twice, or together more than M-PESA takes.
    """
    if not 1 <= len(lines) <= MAX_LINES:
        raise BadInput(f"A charge is for 1 to {MAX_LINES} posts, not for {len(lines)}. Nothing was sent.")
    if len({line.post.id for line in lines}) < len(lines):
        raise BadInput("A post stands in this charge twice. Nothing was sent. Give it once, with how many.")
    amount = total(lines)
    if amount > MAX_AMOUNT:
        raise BadInput(
            f"{kes(amount)} is more than the {kes(MAX_AMOUNT)} that M-PESA takes at once. Nothing was sent. "
            "Take something out."
        )
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """A customer, what for, and what the operator goes past.

    Attributes:
        lines: what is to be paid, in one prompt; each post once.
        msisdn: who is asked, as `parse_phone` gave it.
        retry_of: id of the not-paid payment that this one asks again for.
        despite: ids of the payments about which the operator was warned and decided to go on. It is kept with the
            payment: who pays both of two prompts for the same has paid twice (rule 13).
        past_ended: nobody is there to be warned: go past what has ended, as if it were in `despite`.
        entered: when the operator pressed the button, by `Clock.since_boot`, in seconds; None: when it is charged.

    Raises:
        BadInput: as of `check_lines`.
    """

    lines: tuple[ChargeLine, ...]
    msisdn: Msisdn
    retry_of: int | None = None
    despite: frozenset[int] = frozenset()
    past_ended: bool = False
    entered: float | None = None

    def __post_init__(self) -> None:
        check_lines(self.lines)

    @property
    def amount(self) -> int:
        """What the customer is asked for, in KES."""
        return total(self.lines)

    def sold(self, stored: Mapping[int, Post]) -> tuple[PaymentLine, ...]:
        """The lines of the payment, if each post is still what the operator saw.

        Args:
            stored: the posts by their id, as they are in the transaction that saves the charge.

        Raises:
            NotSold, PostChanged
        """
        return tuple(line.sold(stored.get(line.post.id)) for line in self.lines)

    def goes_past(self, payment: Payment) -> bool:
        """Whether the operator goes past this payment: it is asked again for, was warned of, or has ended."""
        ended = self.past_ended and not payment.state.open
        return payment.id == self.retry_of or payment.id in self.despite or ended

"""What a customer is asked to pay for: one object, from where it is entered to the transaction that saves it."""

from dataclasses import dataclass

from pos_app.domain.catalogue import Post
from pos_app.domain.payment import Payment
from pos_app.domain.phone import Msisdn
from pos_app.errors import BadInput

POST_CHANGED = "This post has just been changed. Nothing was sent. Look at the new price, then ask."


class PostChanged(BadInput):
    """What is sold is not any more what the operator saw. Nothing was sent, nothing was saved."""

    def __init__(self) -> None:
        super().__init__(POST_CHANGED)


class NotSold(BadInput):
    """There is no such post, or it is switched off. Nothing was sent, nothing was saved."""

    def __init__(self, post_id: int) -> None:
        super().__init__(f"There is no post {post_id} to sell. Nothing was sent. The posts page lists them.")


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One thing to pay for: a post as the operator saw it."""

    post: Post

    def check(self, stored: Post | None) -> Post:
        """The post to sell, if it is still what the operator saw: its title, its price, its days, and that it is sold.

        Args:
            stored: as it is in the transaction that saves the charge.

        Raises:
            NotSold, PostChanged
        """
        if stored is None or not self.post.active:
            raise NotSold(self.post.id)
        if offer(stored) != offer(self.post):
            raise PostChanged
        return stored


def offer(post: Post) -> tuple[object, ...]:
    """What of a post the operator and the customer agree on: where it is another, another thing is sold."""
    return post.id, post.title, post.price, post.days, post.active


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """A customer, what for, and what the operator goes past.

    Attributes:
        lines: what is to be paid; one line today.
        msisdn: who is asked, as `parse_phone` gave it.
        retry_of: id of the not-paid payment that this one asks again for.
        despite: ids of the payments about which the operator was warned and decided to go on. It is kept with the
            payment: who pays both of two prompts for the same has paid twice (rule 13).
        past_ended: nobody is there to be warned: go past what has ended, as if it were in `despite`.
        entered: when the operator pressed the button, by `Clock.since_boot`, in seconds; None: when it is charged.

    Raises:
        BadInput: not exactly one line.
    """

    lines: tuple[ChargeLine, ...]
    msisdn: Msisdn
    retry_of: int | None = None
    despite: frozenset[int] = frozenset()
    past_ended: bool = False
    entered: float | None = None

    def __post_init__(self) -> None:
        if len(self.lines) != 1:
            raise BadInput(f"A charge is for one post, and this one has {len(self.lines)}. Nothing was sent.")

    @property
    def line(self) -> ChargeLine:
        """The one thing to pay for."""
        return self.lines[0]

    def goes_past(self, payment: Payment) -> bool:
        """Whether the operator goes past this payment: it is asked again for, was warned of, or has ended."""
        ended = self.past_ended and not payment.state.open
        return payment.id == self.retry_of or payment.id in self.despite or ended

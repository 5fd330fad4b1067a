"""What the operator has chosen for a customer, line by line, as it stands in the form; no Qt here."""

from collections.abc import Mapping
from typing import NamedTuple

from pos_app.domain.catalogue import Post
from pos_app.domain.charge_request import (
    ChargeLine,
    changed_words,
    check_lines,
    offer,
    read_open_price,
    read_quantity,
)
from pos_app.domain.payment import Payment
from pos_app.errors import BadInput
from pos_app.messages import counter as words


class ChosenPost(NamedTuple):
    """A post, and what stands in the fields of its line: typed, so perhaps no number at all.

    Attributes:
        price: for one, where the post's price is asked; else empty.
    """

    post: Post
    quantity: str = "1"
    price: str = ""

    @property
    def plain(self) -> bool:
        """Whether it is one of a post with a fixed price, as most charges are: there is nothing to type."""
        return self.quantity == "1" and not self.post.open_price

    @property
    def wrong(self) -> str:
        """What is wrong with what was typed; empty where nothing is, or where the price is still to come."""
        return "" if self.waits_for_price else self.trouble

    @property
    def waits_for_price(self) -> bool:
        """Whether its price is asked and nobody has typed one."""
        return self.post.open_price and not self.price.strip()

    @property
    def trouble(self) -> str:
        """Why it cannot be charged as it stands; empty where it can."""
        try:
            self.line()
        except BadInput as error:
            return error.user_text
        return ""

    def line(self) -> ChargeLine:
        """The line of the charge. Raises BadInput."""
        price = read_open_price(self.post, self.price) if self.post.open_price else None
        return ChargeLine(self.post, read_quantity(self.quantity), price)


Basket = tuple[ChosenPost, ...]


def added(basket: Basket, post: Post) -> Basket:
    """One more of a post, in its line or in a new one at the end. Raises BadInput where there cannot be more."""
    if find(basket, post.id):
        return counted(basket, post.id, 1)
    return (*basket, ChosenPost(post))


def counted(basket: Basket, post_id: int, more: int) -> Basket:
    """So many more of a line, or less of it; none of it left, it leaves.

    Raises:
        BadInput: there is no such number of it.
    """
    chosen = find(basket, post_id)
    if chosen is None:
        return basket
    quantity = read_quantity(chosen.quantity) + more
    if quantity < 1:
        return without(basket, post_id)
    ChargeLine(chosen.post, quantity, chosen.post.highest)  # whatever its price is
    return typed(basket, post_id, quantity=str(quantity))


def typed(basket: Basket, post_id: int, *, quantity: str | None = None, price: str | None = None) -> Basket:
    """With other words in the fields of a line."""
    return tuple(
        ChosenPost(
            chosen.post,
            chosen.quantity if quantity is None else quantity,
            chosen.price if price is None else price,
        )
        if chosen.post.id == post_id
        else chosen
        for chosen in basket
    )


def without(basket: Basket, post_id: int) -> Basket:
    """Without the line of a post."""
    return tuple(chosen for chosen in basket if chosen.post.id != post_id)


def find(basket: Basket, post_id: int | None) -> ChosenPost | None:
    """The line of a post; None where there is none."""
    return next((chosen for chosen in basket if chosen.post.id == post_id), None)


def renewed(basket: Basket, posts: Mapping[int, Post]) -> tuple[Basket, str]:
    """The basket with its posts as they are now, without those that are not sold any more; and what to say of that.

    Args:
        posts: those for sale, by id.
    """
    lines, told = [], []
    for chosen in basket:
        post = posts.get(chosen.post.id)
        if post is None:
            told.append(words.taken_out(chosen.post))
            continue
        if offer(post) != offer(chosen.post):
            told.append(changed_words(post.title))
        lines.append(chosen._replace(post=post, price=chosen.price if post.open_price else ""))
    return tuple(lines), " ".join(told)


def lines_of(basket: Basket) -> tuple[ChargeLine, ...]:
    """The lines of the charge.

    Raises:
        BadInput: something that was typed is no number, or they are together what nobody can be charged.
    """
    return check_lines(tuple(chosen.line() for chosen in basket))


def asks_for(basket: Basket, payment: Payment) -> bool:
    """Whether what is chosen is what a payment was for: the same posts, as often."""
    chosen = {(one.post.id, one.quantity) for one in basket}
    return chosen == {(line.post_id, str(line.quantity)) for line in payment.lines}


def of_payment(payment: Payment, posts: Mapping[int, Post]) -> Basket | None:
    """What a payment was for, to choose it again; None where not all of it is for sale.

    Args:
        posts: those for sale, by id.
    """
    lines = []
    for line in payment.lines:
        post = posts.get(line.post_id)
        if post is None:
            return None
        lines.append(ChosenPost(post, str(line.quantity), str(line.price) if post.open_price else ""))
    return tuple(lines)


def since(basket: Basket, payment: Payment) -> str:
    """What has become of the posts of a payment since it was asked for, in words; empty where they are as they were.

    Args:
        basket: as `of_payment` gave it.
    """
    told = [
        changed_words(chosen.post.title)
        for chosen, line in zip(basket, payment.lines, strict=True)
        if chosen.trouble
        or (chosen.line().price, chosen.post.title, chosen.post.days) != (line.price, line.title, line.days)
    ]
    return " ".join(told)

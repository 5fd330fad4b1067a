"""Access that is given and withdrawn by hand (rule 20). Who may: rule 16."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pos_app.domain.access import Held
from pos_app.domain.access_by_hand import new_access
from pos_app.domain.audit import audit_line
from pos_app.domain.catalogue import MAX_DAYS, NO_ACCESS, Post
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import Payment
from pos_app.domain.phone import is_erased, mask_spelt
from pos_app.domain.typed_reason import read_why
from pos_app.domain.withdrawal import Given, OfLine, Origin, held_of, lasting_lines
from pos_app.errors import BadInput
from pos_app.sales.access_moves import move_up, withdraw_line
from pos_app.sales.authority import Authority
from pos_app.sales.ledger import Ledger
from pos_app.sales.owner import CHANGED
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

_log = logging.getLogger(__name__)
STAYS = "the access"  # what a reason stays with


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody saw of a customer's access to a post before they changed it by hand.

    Attributes:
        msisdn: whose.
        customer_id: who had this number then; None: nobody.
        held: what they had of the post, or had at last; what is over by now counts as nothing.
    """

    msisdn: str
    post_id: int
    customer_id: int | None
    held: Held | None

    def has(self, at: datetime) -> Held | None:
        """What of it lasts at a moment (UTC)."""
        return self.held if self.held and self.held.lasts(at) else None


class AccessByHand:
    """Gives and withdraws access, and says who has what. Any thread; each call waits for the store.

    What stands there is compared in the transaction with what was seen: two tills that give the same at once give it
    once.
    """

    def __init__(self, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority, ledger: Ledger) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority
        self._ledger = ledger

    def look(self, msisdn: str, post_id: int) -> tuple[Post, Seen]:
        """A post, and what a customer has of it or had at last.

        Raises:
            BadInput: there is no such post.
        """
        post = self._reader.post(post_id)
        if post is None:
            raise BadInput(f"There is no post {post_id}. Nothing was changed. `posts list` has the ids.")
        customer_id, held = self._reader.access(msisdn, post_id)
        return post, Seen(msisdn=msisdn, post_id=post_id, customer_id=customer_id, held=held)

    def give(
        self, seen: Seen, days: int | None, why: str, passphrase: str = "", *, first: ToldOnce | None = None
    ) -> Held:
        """Give access to a post, or more of it; days add up as those of payments do (rule 15).

        Args:
            days: None for ever.
            why: the reason, as typed.
            passphrase: the owner's; empty where a supervisor or an owner is signed in.
            first: the passphrase was typed twice because the owner had none: it becomes the owner's, and this gets the
                recovery code, on whichever thread this is.

        Returns:
            What the customer has of the post now.

        Raises:
            OwnerNeeded, SignInNeeded: it is not for whoever stands here.
            BadInput: wrong passphrase, no reason, no usable days; a post that gives no access; one that the customer
                has for ever; or what was seen has changed since.
            CannotSave: nothing is saved; or it hangs, and is saved as soon as that can be done.
        """
        reason = mask_spelt(read_why(why, STAYS))
        if is_erased(seen.msisdn):
            raise BadInput("This customer was erased: nothing is given to them any more. Nothing was changed.")
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise BadInput(f"Access is given for 1 to {MAX_DAYS:,} days, or for ever. Nothing was changed.")
        admitted = self._let_pass(passphrase, first)

        def work(transaction: Transaction) -> Held:
            actor, now = admitted(transaction), self._clock.corrected()
            post = transaction.post(seen.post_id)
            if post is None or post.days == NO_ACCESS:
                raise BadInput(f"{post.title if post else 'That post'} gives no access. Nothing was changed.")
            held = held_of(_given(transaction, seen, now), now)
            if held and held.until is None:
                raise BadInput(f"This customer has {post.title} for ever: nothing can be added. Nothing was changed.")
            customer_id = transaction.known_customer(seen.msisdn)
            new = new_access(
                held,
                days,
                now,
                customer_id=customer_id,
                post_id=post.id,
                reason=reason,
                operator_id=None if actor.owner else actor.operator_id,  # the owner, whoever is signed in (rule 16)
            )
            access_id = transaction.add_access(new)
            after = Held(new.until)
            _note(transaction, actor, now, _subject(customer_id, post.id), held, after)
            _log.info("access %d: post %d was given by hand to customer %d", access_id, post.id, customer_id)
            return after

        return self._writer.run(work)

    def withdraw(
        self,
        seen: Seen,
        why: str,
        passphrase: str = "",
        *,
        only: Origin | None = None,
        first: ToldOnce | None = None,
    ) -> Held | None:
        """Withdraw what a customer has of a post. What waited behind it moves forward, as after a refund (rule 19).

        Args:
            only: what one line of a payment, or one act by hand, has given; None: all of the post.
            why, passphrase, first: as for `give`.

        Returns:
            What the customer has of the post now; None: nothing.

        Raises:
            OwnerNeeded, SignInNeeded, CannotSave: as `give`.
            BadInput: wrong passphrase, no reason; there is nothing to withdraw; or what was seen has changed since.
        """
        reason = mask_spelt(read_why(why, STAYS))
        admitted = self._let_pass(passphrase, first)

        def work(transaction: Transaction) -> tuple[Held | None, list[Payment]]:
            actor, now = admitted(transaction), self._clock.corrected()
            given = _given(transaction, seen, now)
            ending = [each for each in given if each.lasts(now) and only in (None, each.origin)]
            if not ending or seen.customer_id is None:
                raise BadInput("There is nothing left of that to withdraw. Nothing was changed: look again.")
            changed = _withdraw(transaction, ending, reason, now)
            ended = list(changed)
            changed += move_up(transaction, seen.customer_id, [seen.post_id], now, behind=_words(ending, changed))
            changed += [other for payment in ended for other in self._ledger.access_ended(transaction, payment)]
            after = held_of(transaction.given(seen.customer_id, seen.post_id), now)
            _note(transaction, actor, now, _subject(seen.customer_id, seen.post_id), held_of(given, now), after)
            _log.info("post %d: access of customer %d was withdrawn by hand", seen.post_id, seen.customer_id)
            return after, changed

        return self._writer.run(work, after=lambda done: self._publish(done[1]))[0]

    def withdraw_of(self, seen: Payment, passphrase: str, why: str, *, first: ToldOnce | None = None) -> Payment:
        """Withdraw all access that lasts of what a payment has given, by all of its lines.

        Args:
            seen: the payment as somebody saw it. Where it is another one by now, nothing is done.
            passphrase, why, first: as for `give`.

        Returns:
            The payment as it is saved.

        Raises:
            OwnerNeeded, SignInNeeded, CannotSave: as `give`.
            BadInput: as `withdraw`.
        """
        reason = mask_spelt(read_why(why, STAYS))
        admitted = self._let_pass(passphrase, first)

        def work(transaction: Transaction) -> list[Payment]:
            actor, now = admitted(transaction), self._clock.corrected()
            payment = transaction.payment(seen.id)
            if payment is None or payment.version != seen.version:
                raise BadInput(CHANGED)
            lines = lasting_lines(payment, now)
            if not lines:
                raise BadInput("Nothing is left of what this payment gave. Nothing was changed: look again.")
            customer_id, posts = payment.customer_id, [payment.lines[line - 1].post_id for line in lines]
            before = {post: held_of(transaction.given(customer_id, post), now) for post in posts}
            for line in lines:
                payment = withdraw_line(transaction, OfLine(payment.id, line), now, reason=reason)
            moved = move_up(transaction, customer_id, posts, now, behind=payment.number)
            moved += self._ledger.access_ended(transaction, payment)
            for post in posts:
                after = held_of(transaction.given(customer_id, post), now)
                _note(transaction, actor, now, _subject(customer_id, post), before[post], after)
            _log.info("payment %s: its access was withdrawn by hand", payment.number)
            return [payment, *moved]

        return self._writer.run(work, after=self._publish)[0]

    def _publish(self, changed: Sequence[Payment]) -> None:
        for payment in changed:
            self._ledger.publish(payment)

    def _let_pass(self, passphrase: str, first: ToldOnce | None) -> Callable[[Transaction], Actor]:
        """Lets whoever stands here pass; what it gives says in the transaction whether they still may."""
        self._writer.check_saving()
        shift = self._authority.shift
        actor = self._authority.let_pass(Act.ACCESS, passphrase, first=first)
        return partial(self._authority.admit, act=Act.ACCESS, shift=shift, owner=actor.owner)


def _given(transaction: Transaction, seen: Seen, now: datetime) -> list[Given]:
    """All access of the customer to the post, if that is what was seen.

    Raises:
        BadInput: it is not.
    """
    customer_id = transaction.customer_id(seen.msisdn)
    given = transaction.given(customer_id, seen.post_id) if customer_id is not None else []
    if customer_id != seen.customer_id or held_of(given, now) != seen.has(now):
        raise BadInput(
            "What this customer has of that post has changed meanwhile, perhaps at another till. Nothing was changed: "
            "look again."
        )
    return given


def _withdraw(transaction: Transaction, ending: list[Given], reason: str, now: datetime) -> list[Payment]:
    changed = []
    for given in ending:
        if isinstance(given.origin, OfLine):
            changed.append(withdraw_line(transaction, given.origin, now, reason=reason))
        else:
            transaction.withdraw_access(given.origin.access_id, now, reason)
    return changed


def _words(ending: list[Given], changed: list[Payment]) -> str:
    """Whose access was withdrawn, in the words of a journal."""
    return changed[0].number if len(ending) == 1 and changed else "other access"


def _subject(customer_id: int, post_id: int) -> str:
    return f"customer {customer_id}, post {post_id}"


def _note(
    transaction: Transaction, actor: Actor, now: datetime, subject: str, before: Held | None, after: Held | None
) -> None:
    transaction.add_audit([audit_line(actor, Act.ACCESS, now, subject, _until(after), _until(before))])


def _until(held: Held | None) -> str:
    if held is None:
        return "nothing"
    return f"until {shop_time(held.until)}" if held.until else "for ever"

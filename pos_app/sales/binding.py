"""Money that came without a prompt, and what people say of it: bound to a sale, undone, named (rule 22). Never by
itself. Who may: rule 16.
"""

import logging
import secrets
from collections.abc import Callable
from functools import partial

from pos_app.domain.audit import audit_line
from pos_app.domain.bind_event import Bound, Identified, Unbound
from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.money import kes
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import NewPayment, Payment, State
from pos_app.domain.phone import mask, mask_spelt
from pos_app.domain.typed_reason import read_why
from pos_app.domain.unprompted import (
    NAMES,
    Hints,
    RowWord,
    Unprompted,
    bindable,
    cannot_be_its,
    fits_phone,
    payer_hints,
    post_hints,
    prompt_hints,
)
from pos_app.errors import BadInput
from pos_app.sales.access_moves import move_up
from pos_app.sales.authority import Authority
from pos_app.sales.bind_checks import NOTHING, as_seen, can_be_bound, look_at_prompts, no_other_may_be_meant
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.owner import CHANGED
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.refund_passing import pass_refunds
from pos_app.sales.write_queue import GroupWriter

_log = logging.getLogger(__name__)
Tell = Callable[[], None]


class Binding:
    """Says what may be meant, and records what people say. Any thread; each call waits for the store.

    What somebody saw is compared in the transaction with what is there: two tills that bind the same bind it once.

    Args:
        till: the letter in the numbers of what is bound here.
    """

    def __init__(
        self, till: str, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority, ledger: Ledger
    ) -> None:
        self._till = till
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority
        self._ledger = ledger

    def hints(self, money: Unprompted) -> Hints:
        """What may help to say whose money it is; where it cannot be bound, nothing."""
        if money.amount is None or bindable(money):
            return Hints()
        return Hints(
            prompt_hints(money, self._reader.prompts_near(money.amount, money.at, money.phone)),
            payer_hints(money, self._reader.payers_like(money.phone)),
            post_hints(money.amount, self._reader.posts()),
        )

    def bind(
        self, seen: Unprompted, sale: ChargeRequest, passphrase: str = "", *, first: ToldOnce | None = None
    ) -> Payment:
        """Bind money to a sale, which is paid by it and gives its access from now on.

        Args:
            seen: the money as somebody saw it.
            sale: whose, and what for; what the money is more than that is a refund due. Its `despite` are payments
                that were asked for right before and ended, which somebody has looked at.
            passphrase: the owner's; empty where a supervisor or an owner is signed in.
            first: the passphrase was typed twice because the owner had none: it becomes the owner's, and this gets the
                recovery code, on whichever thread this is.

        Returns:
            The payment as it is saved.

        Raises:
            OwnerNeeded, SignInNeeded: it is not for whoever stands here.
            PromptSeen: a payment of this phone may be meant, and is not among `despite`.
            BadInput: wrong passphrase; the money cannot be bound, or not to this phone, or is less than the sale costs;
                a post has changed; what was seen has changed since.
            CannotSave: nothing is saved; or it hangs, and is saved as soon as that can be done.
        """
        admitted = self._let_pass(passphrase, first)

        def work(transaction: Transaction) -> tuple[Payment, Tell]:
            actor, now = admitted(transaction), self._clock.corrected()
            money, amount = can_be_bound(transaction, seen)
            if not fits_phone(money, sale.msisdn):
                raise BadInput(
                    f"M-PESA's record has {money.phone} as the payer's number, and {mask(sale.msisdn)} is another. "
                    f"{NOTHING}"
                )
            if sale.amount > amount:
                raise BadInput(
                    f"That costs {kes(sale.amount)}, and {kes(amount)} came. {NOTHING} Sell less, or ask the customer "
                    "for the sale and give this money back."
                )
            lines = sale.sold(transaction.posts([line.post.id for line in sale.lines]))
            past = look_at_prompts(transaction, money, amount, sale)
            by = None if actor.owner else actor.operator_id  # the owner, whoever is signed in (rule 16)
            payment = transaction.add_payment(
                NewPayment(
                    till=self._till,
                    lines=lines,
                    phone=sale.msisdn,
                    address=address_of(secrets.token_hex(20)),  # that nobody is told
                    retry_of=None,
                    created_at=now,
                    operator_id=by,
                )
            )
            transaction.bound_past(payment.id, past)
            tell = self._ledger.enter(transaction, Bound(money.receipt, amount, money.at), payment.id)
            bound = _payment(transaction, payment)
            if bound.state is not State.PAID:
                raise BadInput(f"M-PESA's code {money.receipt} is that of another payment or refund. {NOTHING}")
            transaction.bind_money(money.id, bound.id, now, by)
            new = f"bound to {bound.number}, KES {bound.amount} of {amount}"
            transaction.add_audit([audit_line(actor, Act.BIND, now, _subject(money.receipt), new)])
            return bound, tell

        payment = self._writer.run(work, after=lambda done: done[1]())[0]
        _log.info("payment %s: money without a prompt was bound to it, KES %d", payment.number, payment.received)
        return payment

    def identify(
        self, seen: Unprompted, payment: Payment, passphrase: str = "", *, first: ToldOnce | None = None
    ) -> Payment:
        """Say that money is that of a payment which we asked for and which ended unpaid (rule 28).

        Args:
            seen: the money, and `payment`: that one, as somebody saw them.
            passphrase, first: as for `bind`.

        Returns:
            The payment as it is saved.

        Raises:
            OwnerNeeded, SignInNeeded, CannotSave: as `bind`.
            BadInput: wrong passphrase; the money cannot be bound, or not be this payment's; what was seen has changed.
        """
        admitted = self._let_pass(passphrase, first)

        def work(transaction: Transaction) -> tuple[Payment, Tell]:
            actor, now = admitted(transaction), self._clock.corrected()
            money, amount = can_be_bound(transaction, seen)
            asked = _payment(transaction, payment)
            if asked.version != payment.version:
                raise BadInput(CHANGED)
            if why := cannot_be_its(money, asked):
                raise BadInput(f"{why} {NOTHING}")
            no_other_may_be_meant(transaction, money, asked)
            word = Identified(money.receipt, amount, money.at, asked.version, detail=f"by {_name(actor)}")
            tell = self._ledger.enter(transaction, word, asked.id)
            found = _payment(transaction, asked)
            if found.state is not State.PAID:
                raise BadInput(f"M-PESA's code {money.receipt} is that of another payment or refund. {NOTHING}")
            transaction.bind_money(money.id, found.id, now, None if actor.owner else actor.operator_id)
            new = f"is that of {found.number}"
            transaction.add_audit([audit_line(actor, Act.BIND, now, _subject(money.receipt), new)])
            return _payment(transaction, found), tell

        found = self._writer.run(work, after=lambda done: done[1]())[0]
        _log.info("payment %s: somebody has said that money without a prompt is its own", found.number)
        return found

    def unbind(self, seen: Payment, why: str, passphrase: str = "", *, first: ToldOnce | None = None) -> Payment:
        """Undo that: the access is withdrawn, the payment ends without money, and the money waits again. Where M-PESA
        has given its code to another payment it is that one's, with what went back of it.

        Args:
            seen: the payment as somebody saw it. Where it is another one by now, nothing is done.
            why: the reason, as typed.
            passphrase, first: as for `bind`.

        Returns:
            The payment as it is saved.

        Raises:
            OwnerNeeded, SignInNeeded, CannotSave: as `bind`.
            BadInput: wrong passphrase, no reason; nobody has bound it; some of its money went back, and its code is
                still its own, or of the payment that has it that cannot have gone back; or it has changed since.
        """
        reason = mask_spelt(read_why(why))
        admitted = self._let_pass(passphrase, first)

        def work(transaction: Transaction) -> tuple[Payment, list[Payment], list[Tell]]:
            actor, now = admitted(transaction), self._clock.corrected()
            payment = _payment(transaction, seen)
            if payment.version != seen.version:
                raise BadInput(CHANGED)
            money = transaction.bound_money(payment.id)
            if money is None or payment.state is not State.PAID:
                raise BadInput(f"No money without a prompt is bound to this payment. {NOTHING}")
            tells = pass_refunds(transaction, self._ledger, payment, money.receipt, now) if payment.refunded else []
            word = Unbound(
                payment.version, _name(actor), detail=reason, operator_id=actor.operator_id, role=actor.role,
                owner=actor.owner,
            )  # fmt: skip
            tells.append(self._ledger.enter(transaction, word, payment.id))
            if _payment(transaction, payment).state is State.PAID:
                raise BadInput(f"M-PESA itself has since said that this is its money. {NOTHING}")
            transaction.unbind_money(payment.id)
            ended = [line.post_id for line in payment.lines if line.gives_access]
            moved = move_up(transaction, payment.customer_id, ended, now, behind=payment.number)
            old, new = f"bound to {payment.number}", "unbound"
            if payment.refunded:
                new = f"unbound, {kes(payment.refunded)} that went back passed on"
            transaction.add_audit([audit_line(word, Act.BIND, now, _subject(money.receipt), new, old)])
            return _payment(transaction, payment), moved, tells

        payment, _, _ = self._writer.run(work, after=self._tell_unbound)
        _log.info("payment %s: the money bound to it was taken away again", payment.number)
        return payment

    def name(
        self, seen: Unprompted, word: RowWord, note: str = "", passphrase: str = "", *, first: ToldOnce | None = None
    ) -> Unprompted:
        """Say what money is that is no sale of ours, or take that back.

        Args:
            seen: the money as somebody saw it.
            word: one of `NAMES`; `RowWord.NONE`: it waits again.
            note: as typed; empty for none.
            passphrase, first: as for `bind`.

        Returns:
            The money as it is saved.

        Raises:
            OwnerNeeded, SignInNeeded, CannotSave: as `bind`.
            BadInput: wrong passphrase, an unusable note; it is bound or went back; or what was seen has changed since.
        """
        said = mask_spelt(read_why(note, "the money")) if note.strip() else ""
        admitted = self._let_pass(passphrase, first)

        def work(transaction: Transaction) -> Unprompted:
            actor, now = admitted(transaction), self._clock.corrected()
            money = as_seen(transaction, seen)
            if money.word not in (RowWord.NONE, *NAMES) or word not in (RowWord.NONE, *NAMES):
                raise BadInput(f"{bindable(money)} It cannot be named. {NOTHING}")
            transaction.word_money(money.id, word, said, now, None if actor.owner else actor.operator_id)
            # What was noted may name who paid, and goes with them (rule 21): the audit is for ever.
            new, old = f"{word or 'waits'}{', noted' if said else ''}", money.word or "waits"
            transaction.add_audit([audit_line(actor, Act.BIND, now, _subject(money.receipt), new, old)])
            named = transaction.unprompted_money(money.id)
            assert named is not None
            return named

        return self._writer.run(work)

    def _tell_unbound(self, done: tuple[Payment, list[Payment], list[Tell]]) -> None:
        _, moved, tells = done
        for tell in tells:
            tell()
        for payment in moved:
            self._ledger.publish(payment)

    def _let_pass(self, passphrase: str, first: ToldOnce | None) -> Callable[[Transaction], Actor]:
        """Lets whoever stands here pass; what it gives says in the transaction whether they still may."""
        self._writer.check_saving()
        shift = self._authority.shift
        actor = self._authority.let_pass(Act.BIND, passphrase, first=first)
        return partial(self._authority.admit, act=Act.BIND, shift=shift, owner=actor.owner)


def _payment(transaction: Transaction, payment: Payment) -> Payment:
    found = transaction.payment(payment.id)
    assert found is not None
    return found


def _name(actor: Actor) -> str:
    return "the owner" if actor.owner or actor.operator is None else actor.operator.name


def _subject(receipt: str) -> str:
    return f"M-PESA code {receipt}"

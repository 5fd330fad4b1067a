"""Customers one by one: found, shown, and handed out whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.domain.customer_record import CustomerCard, FoundCustomer, GivenAccess
from pos_app.domain.note import Note
from pos_app.domain.operators import Act
from pos_app.domain.payment import JournalLine, Payment
from pos_app.domain.refund import Refund
from pos_app.errors import BadInput
from pos_app.sales.audit import Audit
from pos_app.sales.authority import Authority
from pos_app.sales.ports import Clock, Reader

NOBODY = "Nobody is known at that phone. Nothing was written."
PAGE = 50  # customers, or payments of one, that are read at once


@dataclass(frozen=True, slots=True)
class WholePayment:
    """A payment with all that is kept beside it."""

    payment: Payment
    journal: Sequence[JournalLine]
    notes: Sequence[Note]
    refunds: Sequence[Refund]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCustomer:
    """Everything that a till knows of one customer; payments newest first, access and notes oldest first."""

    found: FoundCustomer
    access: Sequence[GivenAccess]
    notes: Sequence[Note]
    payments: Sequence[WholePayment]


class CustomerCards:
    """Reads customers for whoever may look up. Any thread; each call waits for the store."""

    def __init__(self, reader: Reader, clock: Clock, authority: Authority, audit: Audit) -> None:
        self._reader = reader
        self._clock = clock
        self._authority = authority
        self._audit = audit

    def find(self, text: str, before_id: int | None = None) -> list[FoundCustomer]:
        """The customers that a text means, newest first, `PAGE` at most.

        Args:
            text: a phone in any spelling, or three and more of its last digits; empty: everybody.
            before_id: of the last one that is known already; None: from the beginning.

        Raises:
            SignInNeeded: nobody is signed in.
        """
        self._authority.let_pass(Act.LOOK_UP, "")
        return self._reader.find_customers(text, before_id, PAGE)

    def card(self, customer_id: int) -> CustomerCard | None:
        """One of them as a till shows them; None where there is nobody."""
        found = self._reader.found_customer(customer_id)
        return self._card(found) if found else None

    def at(self, msisdn: str) -> CustomerCard:
        """Who has this MSISDN, as a till shows them.

        Raises:
            BadInput: nobody is known there, or nobody is signed in.
        """
        self._authority.let_pass(Act.LOOK_UP, "")
        return self._card(self._at(msisdn))

    def payments(self, customer_id: int, before_id: int | None = None) -> list[Payment]:
        """Payments of a customer, newest first, `PAGE` at most; from before one of them, or from the newest on."""
        return self._reader.customer_payments(customer_id, before_id, PAGE)

    def whole(self, msisdn: str, passphrase: str = "") -> WholeCustomer:
        """Everything that is known of who has this MSISDN, with numbers in full: recorded first, as seen.

        Args:
            passphrase: the owner's, where it is needed; slow then: call it on a thread.

        Raises:
            BadInput: nobody is known there, or it is not for whoever stands here.
            CannotSave: it cannot be recorded, so it is not told.
        """
        self._authority.let_pass(Act.LOOK_UP, "")
        found = self._at(msisdn)
        self._audit.reveal(f"customer {found.id}", passphrase)
        return WholeCustomer(
            found=found,
            access=self._reader.given_access(found.id),
            notes=self._reader.customer_notes(found.phone),
            payments=[self._whole(payment) for payment in self._all_payments(found.id)],
        )

    def _card(self, found: FoundCustomer) -> CustomerCard:
        access = self._reader.given_access(found.id, self._clock.corrected())
        return CustomerCard(
            found=found,
            access=sorted(access, key=lambda each: (each.until is None, each.until or each.given_at), reverse=True),
            payments=self.payments(found.id),
            notes=self._reader.customer_notes(found.phone),
        )

    def _at(self, msisdn: str) -> FoundCustomer:
        found = self._reader.customer_with(msisdn)
        if found is None:
            raise BadInput(NOBODY)
        return found

    def _all_payments(self, customer_id: int) -> list[Payment]:
        payments = self.payments(customer_id)
        while len(payments) % PAGE == 0 and payments and (more := self.payments(customer_id, payments[-1].id)):
            payments += more
        return payments

    def _whole(self, payment: Payment) -> WholePayment:
        read = self._reader
        return WholePayment(payment, read.journal(payment.id), read.payment_notes(payment.id), read.refunds(payment.id))

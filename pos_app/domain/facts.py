"""What decides about an event beside the payment itself."""

from dataclasses import dataclass

from pos_app.domain.access import Held


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that decides about an event, read in the same transaction.

    Attributes:
        receipt_taken: M-PESA has given the event's code to another payment.
        checkout_taken: another payment has its CheckoutRequestID.
        chain_paid: another payment that asks for the same was paid (rule 13), and did not go back with its access (19).
        typed_for: the id of another payment that has the event's code by the owner's hand only.
        refund_of: the id of the payment for whose refund the event's code was typed.
        other_paid: one of the two was asked for past the other, they ask for different things, and the other is paid
            and did not go back with its access.
        may_be_same: its money may be what a person has said is another's (rules 22, 28).
        held: what the customer has without this payment: of the post of each line, in their order.
        told_before: the journal has this very event already, so that it asks for no further look (rule 13).
    """

    receipt_taken: bool = False
    checkout_taken: bool = False
    chain_paid: bool = False
    typed_for: int | None = None
    refund_of: int | None = None
    other_paid: bool = False
    may_be_same: bool = False
    held: tuple[Held | None, ...] = ()
    told_before: bool = False

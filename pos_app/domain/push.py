"""The request to M-PESA that prompts a customer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What M-PESA needs to know to prompt a customer.

    Attributes:
        reference: says what it is for and for whom, as `domain.reference` makes it.
        title: what was sold, in short.
        address_token: the secret of the callback's address.
    """

    phone: str
    amount: int
    reference: str
    title: str
    address_token: str

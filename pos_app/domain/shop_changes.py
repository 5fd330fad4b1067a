"""What has changed in a shop's database since somebody looked last, whoever has changed it."""

from typing import NamedTuple

from pos_app.domain.payment import Payment


class ShopChanges(NamedTuple):
    """What is new, as it stands now.

    Attributes:
        payments: each that something has happened to, once.
        acts: what people have done, as the audit names it (`operators.Act`); more than once or not.
        more: there was more than could be read at once: look again.
    """

    payments: tuple[Payment, ...] = ()
    acts: frozenset[str] = frozenset()
    more: bool = False

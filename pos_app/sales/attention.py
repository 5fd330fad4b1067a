"""What needs a person, and who may do what about it. Any thread; each call waits for the store."""

from collections.abc import Mapping

from pos_app.domain.attention import Attention, attention
from pos_app.domain.operators import Act, Need
from pos_app.sales.authority import Authority
from pos_app.sales.ports import Clock, Reader

ACTS = (Act.SETTLE, Act.REFUND, Act.CLOSE, Act.BIND, Act.STATEMENT)  # by which it is worked off


class NeedsPerson:
    """Looks it up for window and command, as one list. It has no sums: everybody who looks payments up may see it."""

    def __init__(self, reader: Reader, clock: Clock, authority: Authority) -> None:
        self._reader = reader
        self._clock = clock
        self._authority = authority

    def look(self) -> Attention:
        """Everything that needs a person now."""
        now = self._clock.corrected()
        return attention(self._reader.needs_person(now), now)

    def needs(self) -> Mapping[Act, Need]:
        """What is missing before who stands here may do what it is worked off by."""
        return {act: self._authority.need(act) for act in ACTS}

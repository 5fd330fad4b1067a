"""Which change is heard, and as what."""

from collections.abc import Callable

import pytest

from pos_app.domain.payment import Payment, Remark, State
from pos_app.messages.sounds import sound_of
from pos_app.sounds.sound import Sound

Make = Callable[..., Payment]
DOUBLE = {"state": State.PAID, "remarks": frozenset({Remark.DOUBLE})}


@pytest.mark.parametrize(
    ("before", "after", "sound"),
    [
        (None, {"state": State.REQUESTED}, None),
        ({"state": State.REQUESTED}, {}, None),
        ({}, {}, None),
        ({}, {"state": State.PAID}, Sound.PAID),
        ({"state": State.EXPIRED}, {"state": State.PAID, "remarks": frozenset({Remark.LATE})}, Sound.PAID_LATE),
        ({}, DOUBLE, Sound.UNSURE),
        (DOUBLE, {**DOUBLE, "seen": frozenset({Remark.DOUBLE})}, None),
        ({"state": State.PAID}, DOUBLE, Sound.UNSURE),
        ({"state": State.PAID}, {"state": State.PAID, "receipt": "UKN4X7Q2ZT"}, None),
        ({}, {"state": State.UNKNOWN}, Sound.UNSURE),
        ({}, {"state": State.REVIEW, "reason": "amount_differs"}, Sound.UNSURE),
        ({"state": State.UNKNOWN}, {}, None),
        *(
            ({}, {"state": state, "reason": reason}, Sound.NOT_PAID)
            for state, reason in (
                (State.CANCELLED, "1032"),
                (State.DECLINED, "2001"),
                (State.EXPIRED, "1037"),
                (State.NOT_SENT, "unreachable"),
            )
        ),
    ],
)
def test_what_is_heard(
    make_payment: Make, before: dict[str, object] | None, after: dict[str, object], sound: Sound | None
) -> None:
    was = None if before is None else make_payment(**before)
    assert sound_of(was, make_payment(**after)) is sound

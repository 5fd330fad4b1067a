"""Copies of a database that is not there, and somebody who puts one back."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from pos_app.domain.database_copy import DatabaseCopy, Gone, Loss, PutBack
from pos_app.errors import BadInput, PosError
from tests.support.fakes import START

PASSPHRASE = "mama njeri 1987"


def a_copy(hours: int = 0, payments: int = 1_204, size: int = 2_100_000_000) -> DatabaseCopy:
    """One from so many hours before `START`."""
    made_at = START - timedelta(hours=hours)
    newest_at = made_at - timedelta(minutes=2) if payments else None
    return DatabaseCopy(
        path=Path(f"practice-{hours}.db"), made_at=made_at, size=size, payments=payments, newest_at=newest_at
    )


class MemoryCopies:
    """Fits `ui.settings.service.CopiesService`.

    Attributes:
        found: None: the payments are on a server.
        lost: what it says would be gone, and `gone`: what it says afterwards.
        passphrase: the owner's; None where none was chosen.
        refuse: where set, nothing can be put back while the till is open.
        put: what was put back.
        may_put: until then it is being put back.
    """

    def __init__(self, found: Sequence[DatabaseCopy] | None = ()) -> None:
        self.found = found
        self.lost = Loss(payments=31)
        self.gone = Gone()
        self.passphrase: str | None = PASSPHRASE
        self.refuse: PosError | None = None
        self.put: list[DatabaseCopy] = []
        self.may_put = threading.Event()
        self.may_put.set()

    def on_server(self) -> bool:
        return self.found is None

    def copies(self) -> Sequence[DatabaseCopy]:
        return self.found or ()

    def may_put_back(self) -> None:
        if self.refuse:
            raise self.refuse

    def passphrase_chosen(self) -> bool:
        return self.passphrase is not None

    def loss(self, copy: DatabaseCopy) -> Loss:
        return self.lost

    def put_back(self, copy: DatabaseCopy, passphrase: str) -> PutBack:
        assert self.may_put.wait(20)
        if self.passphrase and passphrase != self.passphrase:
            raise BadInput("That is not the owner's passphrase. Nothing was changed.")
        self.may_put_back()
        self.put.append(copy)
        return PutBack(Path("practice.db.replaced-20261123-110000"), self.gone)

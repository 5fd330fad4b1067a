"""One JSON list of payments, an object to a line."""

import json
from collections.abc import Iterable
from typing import IO

from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.phone import mask, mask_in
from pos_app.domain.receipt import Mark
from pos_app.exports.payment_json import payment_json
from pos_app.messages.window import MARKS


class JsonFile:
    """Fits `PaymentFile`: the names of `payment_json`, and `mark`: null where the money is real. Phones are masked."""

    def __init__(self, raw: IO[bytes], mark: Mark) -> None:
        self._raw = raw
        self._mark = MARKS.get(mark)
        self._between = b"[\n"

    def add(self, payments: Iterable[PaymentRecord]) -> None:
        for payment in payments:
            self._raw.write(self._between + json.dumps(self._masked(payment)).encode())
            self._between = b",\n"

    def finish(self) -> None:
        self._raw.write(b"[]\n" if self._between == b"[\n" else b"\n]\n")

    def close(self) -> None:
        self._raw.close()

    def _masked(self, payment: PaymentRecord) -> dict[str, object]:
        request = payment.checkout_request_id
        return payment_json(payment) | {
            "phone": mask(payment.phone, "xxx"),
            "checkout_request_id": mask_in(request) if request else None,  # it ends in the payer's number
            "mark": self._mark,
        }

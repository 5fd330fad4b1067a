"""What stands behind a payment's state as it came: ids, codes and bodies, for whoever helps, phone numbers masked."""

from collections.abc import Sequence

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import JournalLine, Payment
from pos_app.domain.phone import mask_in


def evidence_text(payment: Payment, journal: Sequence[JournalLine]) -> str:
    """The ids that M-PESA gave, then each line of the journal with its code and its body; a block for each."""
    ids = (
        ("MerchantRequestID", payment.merchant_request_id),
        ("CheckoutRequestID", payment.checkout_request_id),
        ("M-PESA code", payment.receipt),
        ("typed code", payment.receipt_typed),
    )
    known = "\n".join(f"{name}: {value}" for name, value in ids if value)
    return mask_in("\n\n".join(part for part in (known, *map(_line, journal)) if part))


def _line(line: JournalLine) -> str:
    """`2026-11-23 14:02:09.113  callback result  code 0  prompted -> paid  applied`, and below it what came."""
    there = f"{line.at.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S.%f}"[:-3]
    moved = line.before.value if line.before is line.after else f"{line.before} -> {line.after}"
    code = f"code {line.code}" if line.code else ""
    head = "  ".join(part for part in (there, f"{line.source} {line.kind}", code, moved, line.outcome.value) if part)
    return "\n".join(part for part in (head, line.detail, line.body) if part)

"""Erased customers in words."""

from pos_app.sales.erasure import ErasedCustomer

COPIES = (
    "Copies of the database that were made before still have the number: the automatic ones for some days, those made "
    "before an update and by you until you delete them."
)
_NOT_SWEPT = (
    " Something of the number is left in unused room of the database's file, where no look-up finds it. Close every "
    "till and erase nothing more; the next erasing on this computer tries again to write over it."
)


def erased_words(erased: ErasedCustomer) -> str:
    """What erasing has done, and what still has the number."""
    many = "1 payment stays" if erased.payments == 1 else f"{erased.payments:,} payments stay"
    left = "" if erased.swept else _NOT_SWEPT
    return f"Erased. {many}, as of {erased.phone}. {COPIES}{left}"

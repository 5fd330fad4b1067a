"""Erased customers in words."""

from pos_app.domain.erasure import Erased
from pos_app.domain.kenya_time import day_words, shop_time
from pos_app.domain.retention import Run
from pos_app.sales.erasure import ErasedCustomer

WHAT_GOES = (
    "The number, the name, notes and what was written about their payments go, and nobody can bring them back. "
    "Amounts, dates, receipt codes and states stay. Access that they have goes with the number."
)
COPIES = (
    "Copies of the database that were made before still have the number: the automatic ones for about five weeks, "
    "those made before an update, those set aside when one was put back, and yours until you delete them. Who puts one "
    "back erases again."
)
_NOT_SWEPT = (
    " Something of the number is left in unused room of the database's file, where no look-up finds it. Close every "
    "till and erase nothing more; the next erasing on this computer tries again to write over it."
)
_ON_A_SERVER = (
    " The files of the database server were not looked through: they have the number in unused room until the server "
    "uses that again, and in its logs and backups. Ask whoever looks after the server to see to these."
)


def erased_words(erased: ErasedCustomer) -> str:
    """What erasing has done, and what still has the number."""
    many = "1 payment stays" if erased.payments == 1 else f"{erased.payments:,} payments stay"
    left = _ON_A_SERVER if erased.swept is None else "" if erased.swept else _NOT_SWEPT
    return f"Erased. {many}, as of {erased.phone}. {COPIES}{left}"


NEVER_ERASED = "Nobody with this number was erased."


def when_words(erased: Erased) -> str:
    """When a number was erased: `Erased on 23 Nov 2026 14:03, with 2 payments.`"""
    many = "1 payment" if erased.payments == 1 else f"{erased.payments:,} payments"
    return f"Erased on {shop_time(erased.at)}, with {many}."


CUSTOMERS = "Customers"
RETENTION = "Erase customers who buy nothing any more"
RETENTION_LEAD = "Whoever has bought nothing for long can be erased, a few customers at a time, once a day."
WHAT_STAYS = (
    "It cannot be undone. Amounts, receipt codes and states stay; the number, the name and notes go. Nobody is erased "
    "who still has access, an open payment, or one that waits for your look. It counts for every till."
)


def kept_for(months: int | None) -> str:
    """The owner's choice: `Never: customers are kept`, `After 24 months without a purchase`."""
    return "Never: customers are kept" if months is None else f"After {months} months without a purchase"


def last_run(run: Run | None) -> str:
    """How far the last day's run came."""
    if run is None:
        return "Nobody was erased by itself yet."
    many = "nobody was" if not run.erased else "1 customer was" if run.erased == 1 else f"{run.erased:,} customers were"
    far = "" if run.done else ", so far"
    return f"{day_words(run.day)}: {many} erased{far}, by till {run.till}."

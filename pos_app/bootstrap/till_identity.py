"""Who this till is among those of its shop: one data folder on one computer."""

from pos_app.bootstrap.account import money_account
from pos_app.bootstrap.till_place import computer_name, holder_of, new_run
from pos_app.domain.till_claim import TillClaim
from pos_app.settings.settings import Settings


def claim_of(settings: Settings) -> TillClaim:
    """What this till claims its letter with."""
    account = ", ".join(sorted(money_account(settings).short_codes))
    return TillClaim(holder=holder_of(settings), computer=computer_name(), account=account, run=new_run())

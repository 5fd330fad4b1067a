"""Where the money of the shop's customers goes, by its settings."""

from pos_app.bootstrap.practice import SHORTCODE
from pos_app.sales.statements import MoneyAccount
from pos_app.settings.settings import Settings


def money_account(settings: Settings) -> MoneyAccount:
    """The account of a till with these settings; one without a short code where that was not chosen yet."""
    if settings.practice:
        return MoneyAccount(frozenset({SHORTCODE}), paybill=True)
    named = {settings.shortcode, settings.till_number or ""} - {""}
    return MoneyAccount(frozenset(named), paybill=settings.till_number is None)

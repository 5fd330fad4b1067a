"""Where the money of the shop's customers goes, by its settings."""

from pos_app.bootstrap.practice import SHORTCODE
from pos_app.errors import SettingsError
from pos_app.sales.pulling import PullAccount
from pos_app.sales.statements import MoneyAccount
from pos_app.settings.settings import Settings

_PRACTICE_NUMBER = "254708374149"  # Safaricom's own for trying out
OFF = (
    "Pull Transactions is off. Nothing was asked. Switch it on where Safaricom has enabled it for the short code: "
    "POS_PULL=yes, and POS_PULL_NUMBER, a phone number that M-PESA knows of the shop, to register it once."
)


def money_account(settings: Settings) -> MoneyAccount:
    """The account of a till with these settings; one without a short code where that was not chosen yet."""
    if settings.practice:
        return MoneyAccount(frozenset({SHORTCODE}), paybill=True)
    named = {settings.shortcode, settings.till_number or ""} - {""}
    return MoneyAccount(frozenset(named), paybill=settings.till_number is None)


def pull_account(settings: Settings) -> PullAccount:
    """Who asks, by the settings.

    Raises:
        SettingsError: the shop has not switched it on, or has no short code.
    """
    if not settings.pull:
        raise SettingsError(OFF)
    if settings.practice:
        return PullAccount(SHORTCODE, settings.pull_number or _PRACTICE_NUMBER)
    if missing := settings.missing():
        raise SettingsError(f"Before M-PESA can be asked, this must be set: {'; '.join(missing)}. Nothing was sent.")
    return PullAccount(settings.till_number or settings.shortcode, settings.pull_number)

"""What M-PESA must accept: the shop's number and its keys."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from pos_app.bootstrap.shared_token import token_beside
from pos_app.check_result import Verdict, amber, green, red
from pos_app.daraja.client import DarajaClient
from pos_app.daraja.shared_token import NO_DATABASE, NoAccessToken
from pos_app.daraja.wire import NO_ROUTE, Account, Keys, Signed
from pos_app.domain.kenya_time import duration
from pos_app.errors import SettingsError
from pos_app.sales.contact import Contact, Reach
from pos_app.settings.choices import Environment
from pos_app.settings.settings import Settings
from pos_app.vault.api_keys import load_keys
from pos_app.vault.vault import Vault

APP_OF_ITS_OWN = (
    "Each shop of a chain needs a Daraja app of its own; the tills of one shop on one database share theirs."
)
TokenLeft = Callable[[], float | None]
_ANOTHER_S = 2  # tokens ended before their time within an hour: M-PESA's own whims are rarer


def shortcode(settings: Settings) -> Verdict:
    """Whether the shop has a number. Its form, and that it is not the sandbox's, was seen when settings were read."""
    if not settings.shortcode:
        return red("The shop's M-PESA short code is missing. No customer can be asked. Set POS_SHORTCODE.")
    return green("Store number and till number are set" if settings.till_number else "A paybill number is set")


def shop_token(settings: Settings, vault: Vault, *, till_open: bool = False) -> Verdict:
    """Have the shop's access token, as a till would: no till loses its own by it.

    Args:
        till_open: whether another program has a till open on the data folder.
    """
    try:
        keys = load_keys(settings, vault)
    except SettingsError:
        return amber("Not tried: the shop's keys cannot be had")
    with closing(client_for(settings, keys, vault, till_open=till_open)) as client:
        return keys_accepted(client, settings.environment)


def keys_accepted(client: DarajaClient, environment: Environment) -> Verdict:
    """Whether M-PESA gives this client's keys an access token."""
    try:
        left = _minutes(client.sign_in())
    except NoAccessToken as error:
        return _no_token(error, environment)
    return green(f"M-PESA accepts the shop's keys; an access token lives {left}. {APP_OF_ITS_OWN}")


def passkey_fits(client: DarajaClient, environment: Environment) -> Verdict:
    """Whether the passkey belongs to the short code. Till number and kind are seen only by a payment."""
    try:
        signed = client.try_passkey()
    except NoAccessToken:
        return amber("Not tried: M-PESA did not accept the keys")
    match signed:
        case Signed.FITS:
            return green("They belong together. Whether the till number is right, the first payment shows.")
        case Signed.WRONG:
            return red(
                f"The passkey does not belong to this short code, or it is of another environment than "
                f"{environment}. Nothing was sent. Safaricom sends the passkey when the app goes live."
            )
        case Signed.NO_MERCHANT:
            return red(
                "M-PESA does not know this short code. Nothing was sent. For a till type the store number here, not "
                "the till number that customers know."
            )
        case Signed.UNKNOWN:
            return amber("M-PESA does not say whether they belong together. The first payment shows it.")


def client_for(settings: Settings, keys: Keys, vault: Vault | None = None, *, till_open: bool = False) -> DarajaClient:
    """Who asks M-PESA with these keys, with the access token of the shop's tills. `till_open` as of `shop_token`."""
    return DarajaClient(
        base_url=settings.daraja_url,
        account=Account(settings.shortcode, settings.till_number),
        keys=keys,
        callback_base=lambda: NO_ROUTE,
        now=lambda: datetime.now(UTC),
        shared=token_beside(settings, keys, settings.daraja_url, vault, till_open=till_open),
    )


def token_of_till(left: TokenLeft, ended: Callable[[], int], environment: Environment) -> Verdict:
    """How the open till's access token stands; none is fetched.

    Args:
        ended: how many M-PESA has refused before their time within the last hour.
    """
    try:
        seconds = left()
    except NoAccessToken as error:
        return _no_token(error, environment)
    if (times := ended()) >= _ANOTHER_S:
        return amber(
            f"M-PESA has ended the shop's access token {times} times within the last hour, before its time. Somebody "
            "else uses the same consumer key, and each new token ends the other's: a customer waits longer, or is not "
            f"asked. {APP_OF_ITS_OWN}"
        )
    if seconds is None:
        return green("No access token yet: the till fetches one for the next customer")
    return green(f"The till's access token has {_minutes(seconds)} left")


def contact_of_till(contact: Contact, look: Callable[[], Verdict]) -> Verdict:
    """What the open till's light says, beside a look at the connection as it is now."""
    age = contact.status.age
    heard = "M-PESA has not answered this till yet" if age is None else f"it last answered {duration(age)} ago"
    found = look()
    if contact.status.reach is Reach.LOST:
        return amber(f"{found.words}. The till did not reach M-PESA when it last tried: {heard}.")
    return Verdict(found.status, f"{found.words}; {heard}")


def _no_token(error: NoAccessToken, environment: Environment) -> Verdict:
    if error.detail == NO_DATABASE:
        return amber(
            "Not tried: the shop's access token is in its database, which does not answer, and a new one would end "
            "the one that the tills use. See what the check of the database says; an open till's own checks "
            "(Ctrl+Shift+D) say how it stands there."
        )
    if error.reason == "credentials":
        return red(
            f"M-PESA did not accept the shop's keys. Nothing was sent. Either the consumer key or "
            f"the consumer secret is wrong, or they belong to another environment: this till works in {environment}. "
            "Copy both again from the app on the Daraja portal."
        )
    if error.detail.startswith("HTTP"):
        return red(
            f"M-PESA answered but did not let this till in (code {error.detail.split()[-1]}). Nothing was sent. Run "
            "the checks again in a few minutes; if it stays, M-PESA is down or does not let this network in."
        )
    return red(
        "M-PESA was not reached, so the keys could not be tried. Nothing was sent. See what the "
        "checks of the network say."
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"

"""What M-PESA must accept: the shop's number and its keys."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from pos_app.check_result import Verdict, amber, green, red
from pos_app.daraja.client import DarajaClient
from pos_app.daraja.tokens import NoAccessToken
from pos_app.daraja.wire import NO_ROUTE, Account, Keys, Signed
from pos_app.domain.kenya_time import duration
from pos_app.errors import SettingsError
from pos_app.sales.contact import Contact, Reach
from pos_app.settings.choices import Environment
from pos_app.settings.settings import Settings
from pos_app.vault.api_keys import load_keys
from pos_app.vault.vault import Vault

TokenLeft = Callable[[], float | None]


def shortcode(settings: Settings) -> Verdict:
    """Whether the shop has a number. Its form, and that it is not the sandbox's, was seen when settings were read."""
    if not settings.shortcode:
        return red("The shop's M-PESA short code is missing. No customer can be asked. Set POS_SHORTCODE.")
    return green("Store number and till number are set" if settings.till_number else "A paybill number is set")


def new_token(settings: Settings, vault: Vault) -> Verdict:
    """Fetch an access token, as the till would. It kills an older one: never beside an open till."""
    try:
        keys = load_keys(settings, vault)
    except SettingsError:
        return amber("Not tried: the shop's keys cannot be had")
    with closing(client_for(settings, keys)) as client:
        return keys_accepted(client, settings.environment)


def keys_accepted(client: DarajaClient, environment: Environment) -> Verdict:
    """Whether M-PESA gives this client's keys an access token."""
    try:
        return green(f"M-PESA accepts the shop's keys; an access token lives {_minutes(client.sign_in())}")
    except NoAccessToken as error:
        return _no_token(error, environment)


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


def client_for(settings: Settings, keys: Keys) -> DarajaClient:
    """Who asks M-PESA with these keys. One for all questions: a new access token would kill the last."""
    return DarajaClient(
        base_url=settings.daraja_url,
        account=Account(settings.shortcode, settings.till_number),
        keys=keys,
        callback_base=lambda: NO_ROUTE,
        now=lambda: datetime.now(UTC),
    )


def token_of_till(left: TokenLeft, environment: Environment) -> Verdict:
    """How the open till's own access token stands; none is fetched."""
    try:
        seconds = left()
    except NoAccessToken as error:
        return _no_token(error, environment)
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


def not_beside_a_till() -> Verdict:
    """Why no token is fetched while another till holds the data folder."""
    return amber(
        "Not tried: a till is open, and a new access token would end the one it uses. That till's own checks "
        "(Ctrl+Shift+D) say how it stands."
    )


def _no_token(error: NoAccessToken, environment: Environment) -> Verdict:
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

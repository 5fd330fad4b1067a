"""OAuth access tokens: one at a time, a new one ends the one before."""

from collections.abc import Callable

from pos_app.simulator import ids
from pos_app.simulator.bodies import INVALID_TOKEN, NO_BEARER, UNKNOWN_KEYS, WRONG_GRANT_TYPE, WRONG_SCHEME, Refused
from pos_app.simulator.checks import Request, read_basic
from pos_app.simulator.faults import Dice, Fault
from pos_app.simulator.options import SimulatorOptions


class Tokens:
    """Gives out access tokens and knows the one that is good.

    Args:
        monotonic: seconds that only go forward.
        run: tells this run from another with the same seed.
    """

    def __init__(self, options: SimulatorOptions, dice: Dice, monotonic: Callable[[], float], run: str) -> None:
        self._options = options
        self._dice = dice
        self._monotonic = monotonic
        self._run = run
        self._token = ""
        self._ends = 0.0
        self._refused_last = False
        self.issued = 0

    def issue(self, request: Request) -> str:
        """A new access token for whoever shows the consumer key and secret.

        Raises:
            Refused: wrong scheme, grant type or keys.
        """
        if not request.authorization.lower().startswith("basic "):
            raise Refused(WRONG_SCHEME)
        if request.asked.get("grant_type") != "client_credentials":
            raise Refused(WRONG_GRANT_TYPE)
        if read_basic(request.authorization) != (self._options.consumer_key, self._options.consumer_secret):
            raise Refused(UNKNOWN_KEYS)
        self.issued += 1
        self._token = ids.access_token(self._dice.random(f"{self._run} {self._subject}"))
        self._ends = self._monotonic() + self._options.token_lifetime
        return self._token

    def check(self, authorization: str) -> None:
        """Let a request with the good access token pass.

        Raises:
            Refused: no bearer, or not the good one.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused(NO_BEARER)
        if token != self._token or self._monotonic() >= self._ends or self._dies():
            raise Refused(INVALID_TOKEN)

    def _dies(self) -> bool:
        """Whether the token dies at this use. The one that replaces it is good at least once."""
        self._refused_last = not self._refused_last and self._dice.strikes(Fault.TOKEN_DIES_EARLY, self._subject)
        if self._refused_last:
            self._token = ""
        return self._refused_last

    @property
    def _subject(self) -> str:
        return f"token {self.issued}"

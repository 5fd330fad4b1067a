"""The real one-shilling payment at the end of the set-up: the owner pays the shop, end to end."""

import logging
from dataclasses import replace

from pos_app.domain.catalogue import TRIAL, Post
from pos_app.domain.charge_request import ChargeLine, ChargeRequest
from pos_app.domain.payment import Payment
from pos_app.domain.phone import Msisdn
from pos_app.errors import PosError
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.checkout import Checkout

TITLE, AMOUNT = TRIAL.title, TRIAL.price
_log = logging.getLogger(__name__)


class Trial:
    """Charges for a post of its own, which is sold only for as long as the charge takes to save, and never listed."""

    def __init__(self, catalogue: Catalogue, checkout: Checkout) -> None:
        self._catalogue = catalogue
        self._checkout = checkout

    def charge(self, msisdn: Msisdn) -> Payment:
        """Ask this phone for one shilling. Raises as `Checkout.charge` does."""
        post = self._catalogue.trial()
        try:
            return self._checkout.charge(ChargeRequest(lines=(ChargeLine(post),), msisdn=msisdn))
        finally:
            self._stop_selling(post)

    def _stop_selling(self, post: Post) -> None:
        try:
            self._catalogue.change(post.id, replace(post, active=False))
        except PosError as error:  # what became of the charge matters more
            _log.warning("the post of the set-up's test is still sold: %s", error.user_text)

"""Encrypting an access token, so that whoever has the database but not the shop's keys has nothing of it."""

import secrets

from pos_app.daraja.wire import Keys

_KEY = _ROW = 32  # bytes
_NONCE = 12  # bytes


class TokenSeal:
    """Seals access tokens for all who know the same consumer secret.

    What is sealed opens only for the same consumer key, environment and address of M-PESA: no token of one is ever
    shown to another.

    Attributes:
        row: names the place of these keys' token in a database, in hexadecimal; it tells nothing of them.
    """

    def __init__(self, keys: Keys, environment: str, base_url: str) -> None:
        # Imported here: most commands never talk to M-PESA.
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        bound = ("kaunta access token", environment, base_url.rstrip("/"), keys.consumer_key)
        self._bound = "\0".join(bound).encode()
        derived = HKDF(SHA256(), _KEY + _ROW, salt=None, info=self._bound).derive(keys.consumer_secret.encode())
        self._key = derived[:_KEY]
        self.row = derived[_KEY:].hex()

    def seal(self, token: str) -> bytes:
        """What may be kept of a token."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, token.encode(), self._bound)

    def open(self, sealed: bytes) -> str | None:
        """The token; None where it was sealed for others, or altered."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(self._key).decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound).decode()
        except (InvalidTag, ValueError):  # ValueError: too short for either
            return None

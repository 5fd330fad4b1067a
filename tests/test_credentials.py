"""Secrets: from the environment, or from the OS keyring, and from nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from pos_app.config import Settings, load
from pos_app.credentials import PRACTICE, Argon2Passphrases, load_keys, secret
from pos_app.errors import SettingsError

ENVIRON = {"POS_CONSUMER_KEY": " key ", "POS_CONSUMER_SECRET": "secret", "POS_PASSKEY": "pass"}


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets at the end of the test; `locked` refuses like one whose owner went away."""

    priority = 0.1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def sandbox(tmp_path: Path) -> Settings:
    return load(tmp_path, False, {"POS_ENVIRONMENT": "sandbox", "POS_SHORTCODE": "174379"})


def test_practice_uses_the_simulator_s_keys(tmp_path: Path) -> None:
    assert load_keys(load(tmp_path, True, {}), ENVIRON) == PRACTICE


def test_the_environment_carries_keys_where_there_is_no_keyring(sandbox: Settings) -> None:
    keys = load_keys(sandbox, ENVIRON)
    assert (keys.consumer_key, keys.consumer_secret, keys.passkey) == ("key", "secret", "pass")


def test_the_keyring_keeps_sandbox_and_production_apart(sandbox: Settings, ring: MemoryKeyring, tmp_path: Path) -> None:
    for name in ("consumer_key", "consumer_secret", "passkey"):
        keyring.set_password("kaunta-sandbox", name, f"sandbox {name}")
    assert load_keys(sandbox, {}).passkey == "sandbox passkey"
    production = load(tmp_path, False, {"POS_SHORTCODE": "600000"})
    with pytest.raises(SettingsError, match="kaunta-production"):
        load_keys(production, {})


def test_what_is_missing_is_named_and_what_is_there_is_not_shown(sandbox: Settings, ring: MemoryKeyring) -> None:
    with pytest.raises(SettingsError) as caught:
        load_keys(sandbox, {"POS_CONSUMER_KEY": "canary"})
    assert "consumer secret, passkey" in caught.value.user_text
    assert "canary" not in caught.value.user_text


def test_a_locked_keyring_gives_nothing_and_harms_nothing(sandbox: Settings, ring: MemoryKeyring) -> None:
    ring.locked = True
    assert secret(sandbox, "passkey", {}) == ""


def test_keys_never_show_in_a_text(sandbox: Settings) -> None:
    assert "secret" not in repr(load_keys(sandbox, ENVIRON))


def test_a_passphrase_is_sealed_by_argon2id() -> None:
    passphrases = Argon2Passphrases()
    sealed = passphrases.seal("mama njeri 1987")
    assert sealed.startswith("$argon2id$")
    assert passphrases.fits("mama njeri 1987", sealed)
    assert not passphrases.fits("mama njeri 1988", sealed)
    assert not passphrases.fits("mama njeri 1987", "damaged")

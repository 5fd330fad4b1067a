"""The keys of a shop from wherever they are kept, and the owner's passphrase."""

import unicodedata
from pathlib import Path

import argon2
import pytest

from pos_app.errors import SettingsError
from pos_app.settings.settings import Settings, load
from pos_app.vault.api_keys import PRACTICE, Argon2Passphrases, load_keys
from pos_app.vault.keyring import KeyringLocked, KeyringStore, NoKeyring
from pos_app.vault.vault import MemoryStore, Vault
from tests.vault.rings import Ring, locked

ENVIRON = {"POS_CONSUMER_KEY": " key ", "POS_CONSUMER_SECRET": "secret", "POS_PASSKEY": "pass"}
NO_KEYRING = KeyringStore("kaunta-sandbox", lambda: None)


@pytest.fixture
def sandbox(tmp_path: Path) -> Settings:
    return load(tmp_path, False, {"POS_ENVIRONMENT": "sandbox", "POS_SHORTCODE": "174379"})


def test_practice_uses_the_simulator_s_keys_and_touches_nothing(tmp_path: Path) -> None:
    assert load_keys(load(tmp_path, True, {}), Vault(NO_KEYRING, ENVIRON)) == PRACTICE


def test_the_environment_carries_keys_where_there_is_no_keyring(sandbox: Settings) -> None:
    keys = load_keys(sandbox, Vault(NO_KEYRING, ENVIRON))
    assert (keys.consumer_key, keys.consumer_secret, keys.passkey) == ("key", "secret", "pass")


def test_the_keyring_keeps_sandbox_and_production_apart(sandbox: Settings, tmp_path: Path) -> None:
    ring = Ring()
    for name in ("consumer_key", "consumer_secret", "passkey"):
        ring.set_password("kaunta-sandbox", name, f"sandbox {name}")
    assert load_keys(sandbox, Vault(ring.store(sandbox.service), {})).passkey == "sandbox passkey"
    production = load(tmp_path, False, {"POS_SHORTCODE": "600000"})
    with pytest.raises(SettingsError, match=r"this computer's keyring \(service kaunta-production\)"):
        load_keys(production, Vault(ring.store(production.service), {}))


def test_what_is_missing_is_named_and_what_is_there_is_not_shown(sandbox: Settings) -> None:
    with pytest.raises(SettingsError) as caught:
        load_keys(sandbox, Vault(Ring().store(), {"POS_CONSUMER_KEY": "canary", "POS_PASSKEY": ""}))
    assert "consumer secret, passkey" in caught.value.user_text
    assert "this computer's keyring or the variable POS_PASSKEY" in caught.value.user_text
    assert "canary" not in caught.value.user_text


def test_production_refuses_the_passkey_that_everybody_knows(sandbox: Settings, tmp_path: Path) -> None:
    public = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"  # on Safaricom's portal
    vault = Vault(NO_KEYRING, ENVIRON | {"POS_PASSKEY": public})
    assert load_keys(sandbox, vault).passkey == public
    with pytest.raises(SettingsError, match="public one of the sandbox") as caught:
        load_keys(load(tmp_path, False, {"POS_SHORTCODE": "600000"}), vault)
    assert public not in caught.value.user_text


def test_keys_that_live_in_memory_are_missing_at_the_start(sandbox: Settings) -> None:
    with pytest.raises(SettingsError, match="forgets them when the till closes"):
        load_keys(sandbox, Vault(MemoryStore(), {}))


def test_a_locked_keyring_and_none_at_all_say_so(sandbox: Settings) -> None:
    with pytest.raises(KeyringLocked, match="is locked"):
        load_keys(sandbox, Vault(Ring(locked).store(), {}))
    with pytest.raises(NoKeyring, match="no keyring"):
        load_keys(sandbox, Vault(NO_KEYRING, {}))


def test_keys_never_show_in_a_text(sandbox: Settings) -> None:
    assert "secret" not in repr(load_keys(sandbox, Vault(NO_KEYRING, ENVIRON)))


def test_a_passphrase_is_sealed_by_argon2id() -> None:
    passphrases = Argon2Passphrases()
    hashed = passphrases.hash("mama njeri 1987")
    kind, _version, cost = hashed.split("$")[1:4]
    assert kind == "argon2id"
    assert cost == "m=65536,t=3,p=4"  # 64 MiB, three times through: whoever took the file must pay that for each try
    assert passphrases.verify("mama njeri 1987", hashed)
    assert not passphrases.verify("mama njeri 1988", hashed)
    assert not passphrases.verify("mama njeri 1987", "damaged")


@pytest.mark.usefixtures("quick_argon2")
def test_the_owners_passphrase_is_the_same_from_any_keyboard() -> None:
    """An older program hashed it as it was typed: that keeps its owner in."""
    passphrases, accented = Argon2Passphrases(), "caf\u00e9 na chapati"
    apart = unicodedata.normalize("NFD", accented)
    for typed in (accented, apart):
        hashed = passphrases.hash(typed)
        assert all(passphrases.verify(again, hashed) for again in (accented, apart))
    older = argon2.PasswordHasher().hash(apart)
    assert passphrases.verify(apart, older)
    assert not passphrases.verify(apart + "s", older)

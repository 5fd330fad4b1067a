"""The secrets of an environment: the environment variables first, then the store, read once."""

import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_app.errors import Locked, SettingsError
from pos_app.settings.choices import Secrets
from pos_app.settings.settings import Settings, load
from pos_app.vault.encrypted_file import SecretFile
from pos_app.vault.keyring import KeyringTrouble
from pos_app.vault.vault import MemoryStore, Store, Vault, Vaults, kinds, open_vault
from tests.vault.rings import Prompt, Ring, locked, vanishing_at

SECRETS = {"consumer_key": "canary-key", "consumer_secret": "canary-secret", "passkey": "canary-pass"}


def settings(folder: Path, **environ: str) -> Settings:
    return load(folder, False, {"POS_ENVIRONMENT": "sandbox", "POS_SHORTCODE": "174379", **environ})


def file_store(folder: Path) -> SecretFile:
    made = SecretFile(folder / "sandbox.keys", "kaunta-sandbox", 2**4)
    made.begin_anew("kahawa na mandazi", {})
    return made


@pytest.fixture(params=["keyring", "file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    made: Mapping[str, Store] = {"keyring": Ring().store(), "memory": MemoryStore(), "file": file_store(tmp_path)}
    return made[request.param]


def test_every_store_keeps_and_forgets(store: Store) -> None:
    vault = Vault(store, {})
    assert vault.get("passkey") == ""
    vault.put(SECRETS)
    assert {name: vault.get(name) for name in SECRETS} == SECRETS
    vault.put({"passkey": " other\n"})
    assert vault.get("passkey") == "other"
    vault.delete(["passkey", "ngrok_authtoken"])
    assert vault.get("passkey") == ""
    assert Vault(store, {}).get("consumer_key") == SECRETS["consumer_key"]


def test_the_environment_wins_and_asks_no_keyring() -> None:
    ring = Ring(locked)
    vault = Vault(ring.store(), {"POS_CONSUMER_KEY": " given ", "POS_PASSKEY": ""})
    assert (vault.get("consumer_key"), vault.get("passkey")) == ("given", "")
    assert vault.where("passkey") == "the variable POS_PASSKEY"
    assert vault.where("consumer_secret") == "this computer's keyring"
    assert ring.asked == []


def test_a_secret_is_read_once() -> None:
    ring = Ring()
    vault = Vault(ring.store(), {})
    vault.get("passkey")
    vault.put({"passkey": "first"})
    assert (vault.get("passkey"), vault.get("passkey")) == ("first", "first")
    ring.before = locked  # whoever asked it again would hear of it
    assert vault.get("passkey") == "first"


def test_a_change_that_fails_leaves_what_was_read() -> None:
    ring = Ring()
    vault = Vault(ring.store(), {})
    vault.put(SECRETS)
    assert vault.get("passkey") == SECRETS["passkey"]
    ring.before = vanishing_at("set consumer_secret", once=True)
    with pytest.raises(KeyringTrouble):
        vault.put({"passkey": "new", "consumer_secret": "new"})
    assert {name: vault.get(name) for name in SECRETS} == SECRETS


def test_the_settings_say_where(tmp_path: Path) -> None:
    memory = open_vault(settings(tmp_path, POS_SECRETS="memory"), {})
    assert memory.where("passkey") == "this run's memory, which forgets them when the till closes"
    assert memory.file is None
    in_file = open_vault(settings(tmp_path, POS_SECRETS="file"), {})
    assert in_file.where("passkey") == "an encrypted file on this computer"
    assert in_file.file is not None
    in_file.file.begin_anew("kahawa na mandazi", {})
    assert (tmp_path / "sandbox.keys").exists()
    assert open_vault(settings(tmp_path), {}).file is None
    with pytest.raises(SettingsError, match="POS_SECRETS"):
        settings(tmp_path, POS_SECRETS="plain")


def test_a_locked_file_gives_nothing_until_its_passphrase_is_typed(tmp_path: Path) -> None:
    Vault(file_store(tmp_path), {}).put(SECRETS)
    vault = Vault(SecretFile(tmp_path / "sandbox.keys", "kaunta-sandbox", 2**4), {})
    with pytest.raises(Locked):
        vault.get("passkey")
    assert vault.file is not None
    vault.file.unlock("kahawa na mandazi")
    assert vault.get("passkey") == SECRETS["passkey"]


def test_what_this_computer_has_is_told_in_words() -> None:
    with_keyring = kinds(Ring)
    assert list(with_keyring) == [Secrets.KEYRING, Secrets.FILE, Secrets.MEMORY]
    assert with_keyring[Secrets.KEYRING] == "this computer's keyring"
    assert list(kinds(lambda: None)) == [Secrets.FILE, Secrets.MEMORY]


def test_no_text_about_a_vault_has_a_secret(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    vault = Vault(store, {})
    vault.put(SECRETS)
    vault.get("passkey")
    assert "canary" not in f"{vault!r} {vars(store) if isinstance(store, SecretFile) else store!r} {caplog.text}"


def test_a_prompt_that_nobody_answers_is_given_up() -> None:
    prompt = Prompt("get passkey")
    with pytest.raises(SettingsError, match="has not answered"):
        Vault(Ring(prompt).store(limit=0.05), {}).get("passkey")
    prompt.answer()


@contextmanager
def quick_turns() -> Iterator[None]:
    """Threads take turns as often as can be. Only those that run already: a debugger or the coverage does not bear it
    while a thread starts.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_threads_that_ask_together_share_one_vault(tmp_path: Path) -> None:
    asked, together = settings(tmp_path), threading.Barrier(8)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: together.wait(10), range(8)))
        with quick_turns():
            for _ in range(300):  # without the lock it shows once in a while
                vaults = Vaults({})

                def ask(_: int, vaults: Vaults = vaults) -> Vault:
                    together.wait(10)
                    return vaults.of(asked)

                assert len(set(threads.map(ask, range(8)))) == 1

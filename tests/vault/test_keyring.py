"""The computer's keyring: only a real one counts, and whatever it does the till goes on with clear words."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringError, PasswordSetError

from pos_app.errors import SettingsError
from pos_app.vault.keyring import (
    KeyringLocked,
    KeyringSilent,
    KeyringStore,
    KeyringTrouble,
    NoKeyring,
    system_keyring,
    trusted,
)
from tests.callbacks.posing import until
from tests.vault.rings import Failure, Prompt, Ring, locked, vanishing_at

OLD = {("kaunta-sandbox", "consumer_key"): "old key", ("kaunta-sandbox", "passkey"): "old pass"}
NEW = {"consumer_key": "canary key", "consumer_secret": "canary secret", "passkey": "canary pass"}


class PlaintextKeyring(Ring):
    """As the package keyrings.alt has it."""

    __module__ = "keyrings.alt.file"


class SecretService(Ring):
    """The system's own, going by its name."""

    __module__ = "keyring.backends.SecretService"


class Chain(ChainerBackend):
    """What `keyring` chooses where several can be had."""

    backends: "list[KeyringBackend]" = []  # noqa: RUF012 - the library's own shape


def chain(*rings: KeyringBackend) -> ChainerBackend:
    made = Chain()  # type: ignore[no-untyped-call]
    made.backends = list(rings)
    return made


def keyring_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "keyring"]


def test_keeps_changes_and_forgets() -> None:
    ring = Ring()
    store = ring.store()
    assert store.read("passkey") is None
    store.write(NEW)
    assert store.read("passkey") == "canary pass"
    store.write({"passkey": None, "consumer_key": "other"})
    assert store.read("passkey") is None
    store.write({"passkey": None})
    assert ring.entries == {
        ("kaunta-sandbox", "consumer_key"): "other",
        ("kaunta-sandbox", "consumer_secret"): "canary secret",
    }


def test_environments_never_mix() -> None:
    ring = Ring()
    ring.store("kaunta-sandbox").write(NEW)
    assert ring.store("kaunta-production").read("passkey") is None


USELESS: dict[str, Callable[[], KeyringBackend]] = {
    "fail": fail.Keyring,
    "null": null.Keyring,
    "plain text": PlaintextKeyring,
    "unknown": Ring,
    "empty chain": chain,
    "chain of plain text": lambda: chain(PlaintextKeyring(), Ring()),
}


@pytest.mark.parametrize("name", USELESS)
def test_what_keeps_nothing_safe_counts_as_no_keyring(name: str) -> None:
    assert trusted(USELESS[name]()) is None


def test_a_system_s_own_keyring_is_taken_also_out_of_a_chain() -> None:
    real = SecretService()
    assert trusted(real) is real
    assert trusted(chain(PlaintextKeyring(), real)) is real
    assert KeyringStore("any", lambda: real).words() == "this computer's keyring (Secret Service)"
    assert Ring().store().words() == "this computer's keyring"


@pytest.mark.parametrize("name", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_a_keyring_that_the_environment_forces_is_judged_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    before = keyring.get_keyring()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    keyring.core.init_backend()
    try:
        assert system_keyring() is None
    finally:
        keyring.set_keyring(before)


def test_no_keyring_says_what_else_there_is() -> None:
    store = KeyringStore("kaunta-sandbox", lambda: None)
    asks: list[Callable[[], object]] = [store.words, lambda: store.read("passkey"), lambda: store.write(NEW)]
    for ask in asks:
        with pytest.raises(NoKeyring, match=r'no keyring.*Nothing was sent.*"file" or "memory".*POS_CONSUMER_KEY'):
            ask()
    assert issubclass(NoKeyring, SettingsError)


def test_a_backend_that_says_itself_that_it_is_none() -> None:
    with pytest.raises(NoKeyring):
        KeyringStore("any", fail.Keyring).read("passkey")


def raising(error: Exception) -> Failure:
    def before(_call: str) -> None:
        raise error

    return before


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        (locked, KeyringLocked),
        (raising(InitError("Failed to create the collection: Prompt dismissed.")), KeyringLocked),
        (raising(KeyringError("canary")), KeyringTrouble),
        (raising(OSError("canary")), KeyringTrouble),
    ],
)
def test_a_locked_or_broken_keyring_says_so_and_changes_nothing(
    before: Failure, kind: type[KeyringTrouble], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ring = Ring(before)
    ring.entries.update(OLD)
    asks: list[Callable[[], object]] = [lambda: ring.store().read("passkey"), lambda: ring.store().write(NEW)]
    for ask in asks:
        with pytest.raises(kind, match="Nothing was sent") as caught:
            ask()
        assert type(caught.value) is kind
        assert "canary" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    assert ring.entries == OLD
    assert "canary" not in caplog.text


@pytest.mark.parametrize("at", ["set consumer_key", "set consumer_secret", "set passkey"])
def test_what_fails_in_the_middle_is_put_back(at: str) -> None:
    ring = Ring(vanishing_at(at, once=True))
    ring.entries.update(OLD)
    with pytest.raises(KeyringTrouble, match="as they were"):
        ring.store().write(NEW)
    assert ring.entries == OLD


def test_a_keyring_that_may_only_be_read_is_as_it_was() -> None:
    def read_only(call: str) -> None:
        if not call.startswith("get"):
            raise PasswordSetError("canary")

    ring = Ring(read_only)
    ring.entries.update(OLD)
    changes: list[dict[str, str | None]] = [{"passkey": "canary"}, {"passkey": None}]
    for change in changes:
        with pytest.raises(KeyringTrouble, match="as they were"):
            ring.store().write(change)
    assert ring.entries == OLD


def test_what_cannot_be_put_back_either_is_said(caplog: pytest.LogCaptureFixture) -> None:
    ring = Ring(vanishing_at("set consumer_secret"))
    ring.entries.update(OLD)
    with pytest.raises(KeyringTrouble, match=r"could not be put back.*Enter all of the keys again"):
        ring.store().write(NEW)
    assert "canary" not in caplog.text


def test_a_keyring_that_hangs_is_given_up() -> None:
    prompt = Prompt("get passkey")
    store = Ring(prompt).store(limit=0.05)
    with pytest.raises(KeyringSilent, match="has not answered"):
        store.read("passkey")
    assert prompt.shown.wait(10)
    assert all(thread.daemon for thread in keyring_threads())  # or the program could not end
    prompt.answer()
    for thread in keyring_threads():
        thread.join(10)
    assert Ring().store(limit=10).read("passkey") is None


@pytest.mark.parametrize("at", ["set consumer_key", "set passkey"])
def test_what_happens_after_it_was_given_up_is_undone(at: str) -> None:
    prompt = Prompt(at)
    ring = Ring(prompt)
    ring.entries.update(OLD)
    with pytest.raises(KeyringSilent):
        ring.store(limit=0.05).write(NEW)
    prompt.answer()
    for thread in keyring_threads():
        thread.join(10)
    assert "set passkey" in ring.asked
    assert ring.entries == OLD


def test_the_same_keys_entered_again_stay_when_the_first_try_is_undone() -> None:
    """A person answers the keyring's prompt too late, and has entered the keys once more by then."""
    prompt = Prompt("set consumer_key")
    ring = Ring(prompt)
    ring.entries.update(OLD)
    store = ring.store(limit=1.0)
    with pytest.raises(KeyringSilent):
        store.write(NEW)
    with ThreadPoolExecutor(1) as threads:
        again = threads.submit(store.write, NEW)
        until(lambda: len(keyring_threads()) == 2)
        prompt.answer()
        again.result(10)
    for thread in keyring_threads():
        thread.join(10)
    assert ring.entries == {("kaunta-sandbox", name): value for name, value in NEW.items()}


def test_what_was_given_up_before_its_turn_is_never_done() -> None:
    prompt = Prompt("set consumer_key")
    ring = Ring(prompt)
    ring.entries.update(OLD)
    store = ring.store(limit=0.05)
    for changes in (NEW, {"ngrok_authtoken": "canary"}):
        with pytest.raises(KeyringSilent):
            store.write(changes)
    prompt.answer()
    for thread in keyring_threads():
        thread.join(10)
    assert ring.entries == OLD
    assert "set ngrok_authtoken" not in ring.asked


def test_what_is_undone_late_leaves_newer_keys_alone() -> None:
    prompt = Prompt("set passkey")
    ring = Ring(prompt)
    ring.entries.update(OLD)
    with pytest.raises(KeyringSilent):
        ring.store(limit=0.05).write(NEW)
    ring.before = lambda _: None  # the keyring answers again; only the first call still hangs
    ring.store().write({"consumer_key": "newer key", "consumer_secret": None})
    prompt.answer()
    for thread in keyring_threads():
        thread.join(10)
    assert ring.asked.count("set passkey") == 2
    assert ring.entries == OLD | {("kaunta-sandbox", "consumer_key"): "newer key"}


def test_a_failure_after_it_was_given_up_reaches_nobody(caplog: pytest.LogCaptureFixture) -> None:
    prompt = Prompt("get passkey")

    def before(call: str) -> None:
        prompt(call)
        locked(call)

    with pytest.raises(KeyringSilent):
        Ring(before).store(limit=0.05).read("passkey")
    prompt.answer()
    for thread in keyring_threads():
        thread.join(10)
    assert "KeyringLocked" in caplog.text

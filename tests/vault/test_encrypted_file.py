"""The file of secrets: opens only with its passphrase, is whole or as it was, and never plain."""

import hashlib
import stat
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_app.errors import BadInput, Locked, PosError, SettingsError
from pos_app.private_files import replace_file
from pos_app.vault.encrypted_file import COST, SecretFile, WrongPassphrase

PASSPHRASE = "kahawa na mandazi"
SECRETS = {"consumer_key": "canary-key", "consumer_secret": "canary-secret", "passkey": "canary-pass"}
CHEAP = 2**4  # what a try costs is not what these tests are about


def file_at(path: Path, service: str = "kaunta-sandbox", cost: int = CHEAP) -> SecretFile:
    return SecretFile(path, service, cost)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with the secrets in it."""
    made = file_at(tmp_path / "sandbox.keys")
    made.begin_anew(PASSPHRASE, SECRETS)
    return tmp_path / "sandbox.keys"


def opened(path: Path, passphrase: str = PASSPHRASE) -> dict[str, str | None]:
    """What a new run finds in it."""
    file = file_at(path)
    file.unlock(passphrase)
    return {name: file.read(name) for name in SECRETS}


def test_another_run_opens_it_with_the_passphrase(path: Path) -> None:
    assert opened(path) == SECRETS


def test_before_that_nothing_can_be_read_or_written(path: Path) -> None:
    before = path.read_bytes()
    file = file_at(path)
    with pytest.raises(Locked, match="only the till's window opens"):
        file.read("passkey")
    with pytest.raises(Locked):
        file.write({"passkey": "other"})
    assert path.read_bytes() == before


def test_before_a_passphrase_is_chosen_it_is_empty_and_takes_nothing(tmp_path: Path) -> None:
    file = file_at(tmp_path / "sandbox.keys")
    assert not file.exists()
    assert file.read("passkey") is None
    with pytest.raises(BadInput, match="Choose a passphrase"):
        file.write(SECRETS)
    with pytest.raises(SettingsError, match="is not there"):
        file.unlock(PASSPHRASE)
    with pytest.raises(BadInput, match="at least 8 characters"):
        file.begin_anew("   seven   ", SECRETS)
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_changed_and_deleted(path: Path) -> None:
    file = file_at(path)
    file.unlock(PASSPHRASE)
    file.write({"passkey": None, "consumer_key": "other", "ngrok_authtoken": None})
    assert opened(path) == {**SECRETS, "passkey": None, "consumer_key": "other"}


@pytest.mark.parametrize("wrong", ["", "Kahawa na mandazi", PASSPHRASE + " "])
def test_a_wrong_passphrase_opens_nothing(path: Path, wrong: str) -> None:
    file = file_at(path)
    with pytest.raises(WrongPassphrase):
        file.unlock(wrong)
    with pytest.raises(Locked):
        file.read("passkey")


def test_the_passphrase_is_the_same_from_any_keyboard(tmp_path: Path) -> None:
    accented = "café na chapati"
    file_at(tmp_path / "a").begin_anew(unicodedata.normalize("NFD", accented), {})
    file_at(tmp_path / "a").unlock(unicodedata.normalize("NFC", accented))


def test_it_opens_for_its_own_environment_only(path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        file_at(path, "kaunta-production").unlock(PASSPHRASE)


def test_nothing_in_it_is_plain_and_nothing_is_written_twice_alike(path: Path) -> None:
    first = path.read_bytes()
    assert b"canary" not in first
    assert b"consumer" not in first
    file = file_at(path)
    file.unlock(PASSPHRASE)
    file.write(SECRETS)
    second = path.read_bytes()
    assert first[:17] == second[:17]  # version and salt: one passphrase
    assert first[17:29] != second[17:29]  # the nonce


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's files from others by itself")
def test_only_its_owner_may_read_it(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    file = file_at(path)
    file.unlock(PASSPHRASE)
    file.write({"passkey": "other"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_every_cut_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(SettingsError, match="is damaged"):
            opened(path)


def test_every_flipped_byte_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        with pytest.raises(SettingsError, match=r"is damaged|newer Kaunta"):
            opened(path)


def test_a_change_that_fits_its_sum_is_noticed_too(path: Path) -> None:
    """Somebody who mends the sum still has no key."""
    whole = path.read_bytes()[:-32]
    for place in range(1, len(whole)):
        forged = whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1 :]
        path.write_bytes(forged + hashlib.sha256(forged).digest())
        with pytest.raises(WrongPassphrase):
            opened(path)


def test_a_newer_file_is_refused(path: Path) -> None:
    newer = bytes([2]) + path.read_bytes()[1:-32]
    path.write_bytes(newer + hashlib.sha256(newer).digest())
    with pytest.raises(SettingsError, match="newer Kaunta"):
        opened(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "sandbox.keys").mkdir()
    with pytest.raises(SettingsError, match=r"sandbox\.keys cannot be read"):
        file_at(tmp_path / "sandbox.keys").read("passkey")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow, for root as well, whom permissions do not stop."""
    resource = pytest.importorskip("resource")  # Windows has none
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_it_cannot_be_written_the_old_one_stays(path: Path) -> None:
    file = file_at(path)
    file.unlock(PASSPHRASE)
    changes: list[Callable[[], None]] = [
        lambda: file.write({"passkey": "canary"}),
        lambda: file.begin_anew("chai ya rangi", {"passkey": "canary"}),
    ]
    for change in changes:
        with full_disk(), pytest.raises(SettingsError, match=r"cannot be (written|copied).*as they were") as caught:
            change()
        assert "canary" not in str(caught.value)
    assert opened(path) == SECRETS
    assert file.read("passkey") == SECRETS["passkey"]
    assert list(path.parent.iterdir()) == [path]


def test_one_that_is_begun_anew_leaves_the_old_one_beside_each_time_under_a_free_name(path: Path) -> None:
    file = file_at(path)
    with pytest.raises(BadInput, match="at least 8 characters"):
        file.begin_anew("short", {"passkey": "second"})
    assert list(path.parent.iterdir()) == [path]
    file.begin_anew("chai ya rangi", {"passkey": "second"})
    assert file.read("passkey") == "second"
    file_at(path).begin_anew("kahawa tamu", {"passkey": "third"})
    assert opened(path, "kahawa tamu")["passkey"] == "third"
    assert opened(path.with_name("sandbox.keys.old")) == SECRETS
    assert opened(path.with_name("sandbox.keys.old2"), "chai ya rangi")["passkey"] == "second"


def test_where_the_new_one_cannot_be_written_none_is_left_beside(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: Path, content: bytes) -> None:
        if file == path:
            raise OSError
        replace_file(file, content)

    monkeypatch.setattr("pos_app.vault.encrypted_file.replace_file", refuse)
    with pytest.raises(SettingsError, match="cannot be written"):
        file_at(path).begin_anew("chai ya rangi", {"passkey": "second"})
    assert list(path.parent.iterdir()) == [path]
    assert opened(path) == SECRETS


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    file = file_at(tmp_path / "file" / "sandbox.keys")
    with pytest.raises(SettingsError, match=r"sandbox\.keys cannot be written"):
        file.begin_anew(PASSPHRASE, {})
    with pytest.raises(SettingsError, match="cannot be read"):
        file.read("passkey")


def test_a_try_costs_what_it_must(tmp_path: Path) -> None:
    """scrypt with n = 2^17 needs 128 MiB for each guess."""
    assert COST >= 2**15
    file = SecretFile(tmp_path / "a", "kaunta-sandbox")
    file.begin_anew(PASSPHRASE, {})
    with pytest.raises(WrongPassphrase):
        file_at(tmp_path / "a").unlock(PASSPHRASE)
    SecretFile(tmp_path / "a", "kaunta-sandbox").unlock(PASSPHRASE)


def test_no_text_about_it_has_a_secret(path: Path) -> None:
    file = file_at(path)
    file.unlock(PASSPHRASE)
    texts = [repr(file), repr(vars(file)), words_of(lambda: file_at(path).unlock("wrong canary"))]
    assert not [text for text in texts if "canary" in text or PASSPHRASE in text]


def words_of(act: Callable[[], None]) -> str:
    try:
        act()
    except PosError as error:
        return f"{error!r} {error.user_text} {error.__cause__!r} {error.__context__!r}"
    raise AssertionError("it went well")


def test_half_a_character_is_in_no_passphrase(path: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        file_at(path).unlock(PASSPHRASE + "\ud83d")
    with pytest.raises(BadInput, match="a character in it that is none"):
        file_at(tmp_path / "new.keys").begin_anew(PASSPHRASE + "\ud83d", SECRETS)
    assert not (tmp_path / "new.keys").exists()

"""The key for erased numbers among the shop's secrets."""

from pathlib import Path

import pytest

from pos_app.domain.erasure import read_key
from pos_app.errors import BadInput, SettingsError
from pos_app.settings.settings import Settings, load
from pos_app.vault.erasure_key import NAME, VaultErasureKeys
from pos_app.vault.vault import MemoryStore, Vault


def settings(folder: Path, *, practice: bool = False, **environ: str) -> Settings:
    return load(folder, practice, {"POS_ENVIRONMENT": "sandbox", "POS_SHORTCODE": "174379", **environ})


def test_it_is_made_once_and_found_again(tmp_path: Path) -> None:
    vault = Vault(MemoryStore(), {})
    keys = VaultErasureKeys(settings(tmp_path), vault)
    assert keys.get() is None
    made = keys.make()
    found = VaultErasureKeys(settings(tmp_path), vault).get()
    assert found
    assert found.fingerprint == made.fingerprint
    assert keys.text() == vault.get(NAME)
    vault.delete([NAME])
    assert keys.make().fingerprint != made.fingerprint


def test_another_till_is_given_it_by_a_variable(tmp_path: Path) -> None:
    keys = VaultErasureKeys(settings(tmp_path), Vault(MemoryStore(), {"POS_ERASURE_KEY": f" {'ab' * 32}\n"}))
    found = keys.get()
    assert found
    assert found.fingerprint == read_key("ab" * 32).fingerprint


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    keys = VaultErasureKeys(settings(tmp_path), Vault(MemoryStore(), {"POS_ERASURE_KEY": "hunter2"}))
    with pytest.raises(BadInput, match="is damaged"):
        keys.get()


def test_memory_forgets_it_so_that_none_is_made(tmp_path: Path) -> None:
    keys = VaultErasureKeys(settings(tmp_path, POS_SECRETS="memory"), Vault(MemoryStore(), {}))
    with pytest.raises(SettingsError, match="must outlast this run"):
        keys.make()
    assert keys.get() is None


def test_practice_has_one_that_everybody_knows(tmp_path: Path) -> None:
    store = MemoryStore()
    keys = VaultErasureKeys(settings(tmp_path, practice=True), Vault(store, {}))
    found = keys.get()
    assert found
    assert store.read(NAME) is None
    with pytest.raises(SettingsError, match="everybody knows"):
        keys.keep("ab" * 32)


def test_one_is_kept_beside_it_until_it_is_known_which_counts(tmp_path: Path) -> None:
    vault = Vault(MemoryStore(), {})
    keys = VaultErasureKeys(settings(tmp_path), vault)
    keys.keep("ab" * 32)
    drawn = keys.draw()
    assert (read_key(drawn).fingerprint, keys.text()) != (read_key("ab" * 32).fingerprint, drawn)
    assert keys.aside() == ""
    keys.set_aside(drawn)
    again = VaultErasureKeys(settings(tmp_path), vault)
    assert (again.text(), again.aside()) == ("ab" * 32, drawn)
    again.set_aside("")
    assert (again.text(), again.aside()) == ("ab" * 32, "")


def test_none_is_drawn_that_could_not_be_kept(tmp_path: Path) -> None:
    for where in (settings(tmp_path, POS_SECRETS="memory"), settings(tmp_path, practice=True)):
        keys = VaultErasureKeys(where, Vault(MemoryStore(), {}))
        for ask in (keys.draw, lambda keys=keys: keys.set_aside("ab" * 32)):
            with pytest.raises(SettingsError):
                ask()
        assert keys.aside() == ""


def test_a_new_one_seals(tmp_path: Path) -> None:
    assert read_key(VaultErasureKeys(settings(tmp_path), Vault(MemoryStore(), {})).draw()).links.seals


@pytest.mark.parametrize("given", ["ab" * 32, ""])
def test_none_is_drawn_behind_a_variable_that_would_hide_it(tmp_path: Path, given: str) -> None:
    keys = VaultErasureKeys(settings(tmp_path), Vault(MemoryStore(), {"POS_ERASURE_KEY": given}))
    for ask in (keys.draw, keys.make):
        with pytest.raises(SettingsError, match="POS_ERASURE_KEY is set here, and stands in front"):
            ask()
    assert keys.text() == given

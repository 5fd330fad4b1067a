"""The password of the shop's server, from wherever it is kept."""

import pytest

from pos_app.vault.database_password import find_password, password_name
from pos_app.vault.keyring import KeyringLocked, KeyringStore
from pos_app.vault.vault import Vault
from tests.vault.rings import Ring, locked

PLACE = "kaunta@server:5432/shop"
NO_KEYRING = KeyringStore("kaunta-sandbox", lambda: None)


def test_each_place_has_its_own_and_the_environment_goes_before() -> None:
    vault = Vault(Ring().store(), {})
    vault.put({password_name(PLACE): "chui-7"})
    assert find_password(vault, PLACE) == "chui-7"
    assert find_password(vault, "kaunta@other:5432/shop") == ""
    vault = Vault(Ring(locked).store(), {"POS_DATABASE_PASSWORD": "simba-9"})
    assert find_password(vault, PLACE) == "simba-9"


def test_without_a_keyring_there_is_none_and_a_locked_one_says_so() -> None:
    assert find_password(Vault(NO_KEYRING, {}), PLACE) == ""
    with pytest.raises(KeyringLocked):
        find_password(Vault(Ring(locked).store(), {}), PLACE)

"""What the set-up does with files, vaults and databases. The wizard on top of it is walked in tests/e2e."""

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.bootstrap.settings_services import SetupDesk
from pos_app.check_result import Status
from pos_app.errors import BadInput, Occupied, PosError, SettingsError
from pos_app.sales.passphrase import Tries
from pos_app.settings.choices import Environment, Secrets
from pos_app.settings.settings import load, save
from pos_app.store.database import open_database
from pos_app.ui.settings.service import Account, Way
from pos_app.vault.api_keys import Argon2Passphrases
from pos_app.vault.vault import Vaults, open_vault
from tests.support.builders import said
from tests.support.fakes import FakeClock
from tests.support.till_harness import Shelf

PASSPHRASE, NEW = "mama njeri 1987", "mama njeri 1988"
PUBLIC_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"  # on Safaricom's portal
ACCOUNT = Account(
    environment="production",
    shortcode="600123",
    till_number="512345",
    consumer_key="key",
    consumer_secret="secret",
    passkey="passkey",
    keep_in="memory",
)


@pytest.fixture
def desk(tmp_path: Path) -> SetupDesk:
    return SetupDesk(tmp_path, Vaults({}), {})


def refused(error: type[PosError], act: object, *arguments: object) -> str:
    assert callable(act)
    with pytest.raises(error) as caught:
        act(*arguments)
    return caught.value.user_text


def test_a_fresh_shop_has_no_name_and_no_number(desk: SetupDesk) -> None:
    found = desk.answers()
    assert (found.shop_name, found.shortcode, found.environment, found.listen_port) == ("", "", "production", "")


def test_what_is_kept_is_answered(desk: SetupDesk, tmp_path: Path) -> None:
    desk.keep({"shop_name": "Duka", "receipt_lines": ["Moi Avenue"], "text_size": "large"})
    desk.keep_account(ACCOUNT)
    desk.keep_way(Way(callback="url", public_url="https://till.example.co.ke", listen_port="8788"))
    found = desk.answers()
    assert (found.shop_name, found.receipt_lines, found.text_size) == ("Duka", ("Moi Avenue",), "large")
    assert (found.shortcode, found.till_number, found.callback) == ("600123", "512345", "url")
    assert (found.public_url, found.listen_port) == ("https://till.example.co.ke", "8788")
    assert desk.kept("production") == {"consumer_key", "consumer_secret", "passkey"}
    assert desk.kept("sandbox") == frozenset()
    assert load(tmp_path, False, {}).secrets is Secrets.MEMORY


def test_a_variable_that_would_win_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    desk = SetupDesk(tmp_path, Vaults({}), {"POS_SHORTCODE": "600999"})
    assert "POS_SHORTCODE" in refused(SettingsError, desk.keep_account, ACCOUNT)
    assert not (tmp_path / "settings.toml").exists()
    desk.keep_account(replace(ACCOUNT, shortcode="600999"))


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"passkey": ""}, BadInput, "Paste the passkey too"),
        ({"passkey": PUBLIC_PASSKEY}, SettingsError, "public one of the sandbox"),
        ({"shortcode": "174379"}, SettingsError, "never reaches this shop"),
        ({"till_number": "600123"}, SettingsError, "two numbers"),
        ({"keep_in": "file", "passphrase": "short"}, BadInput, "at least 8"),
    ],
)
def test_settings_and_keys_are_kept_together_or_not_at_all(
    desk: SetupDesk, tmp_path: Path, change: dict[str, str], error: type[PosError], words: str
) -> None:
    desk.keep({"shop_name": "Duka"})
    before = (tmp_path / "settings.toml").read_bytes()
    assert words in refused(error, desk.keep_account, replace(ACCOUNT, **change))
    assert (tmp_path / "settings.toml").read_bytes() == before
    assert desk.kept("production") == frozenset()


def test_keys_that_are_not_typed_again_stay_and_move_with_their_place(desk: SetupDesk, tmp_path: Path) -> None:
    desk.keep_account(ACCOUNT)
    moved = replace(
        ACCOUNT, consumer_key="", consumer_secret="", passkey="", keep_in="file", passphrase="a long passphrase"
    )
    desk.keep_account(moved)
    vault = open_vault(load(tmp_path, False, {}), {})
    assert vault.file is not None
    vault.file.unlock("a long passphrase")
    assert [vault.get(name) for name in ("consumer_key", "consumer_secret", "passkey")] == ["key", "secret", "passkey"]
    desk.keep_account(replace(moved, passphrase=""))  # it is open for this run
    wrong = replace(moved, passkey="other", passphrase="another passphrase")
    refused(BadInput, desk.keep_account, wrong)
    assert vault.get("passkey") == "passkey"


def test_a_lost_passphrase_of_the_file_is_replaced_where_all_keys_are_pasted_anew(
    desk: SetupDesk, tmp_path: Path
) -> None:
    desk.keep_account(replace(ACCOUNT, keep_in="file", passphrase="a long passphrase"))
    later = SetupDesk(tmp_path, Vaults({}), {})
    later.keep_account(replace(ACCOUNT, keep_in="file", passphrase="another passphrase"))
    vault = open_vault(load(tmp_path, False, {}), {})
    assert vault.file is not None
    vault.file.unlock("another passphrase")
    assert vault.get("passkey") == "passkey"
    assert (tmp_path / "production.keys.old").exists()


def test_a_locked_file_is_said_to_hold_every_key(desk: SetupDesk, tmp_path: Path) -> None:
    desk.keep_account(replace(ACCOUNT, keep_in="file", passphrase="a long passphrase"))
    later = SetupDesk(tmp_path, Vaults({}), {})
    assert later.kept("production") == {"consumer_key", "consumer_secret", "passkey"}


def test_an_ngrok_program_that_is_not_there_is_refused_before_anything_is_kept(desk: SetupDesk, tmp_path: Path) -> None:
    way = Way(callback="ngrok", ngrok_path=str(tmp_path / "ngrok"))
    assert "no ngrok program" in refused(BadInput, desk.keep_way, way)
    assert "no ngrok program" in refused(BadInput, desk.try_way, way)
    assert desk.answers().callback == "none"


def test_one_owner_s_passphrase_for_test_money_and_for_real_money(desk: SetupDesk, tmp_path: Path) -> None:
    assert not desk.owner_has_chosen()
    desk.choose_owner(PASSPHRASE)
    assert desk.owner_has_chosen()
    desk.confirm_owner(PASSPHRASE)
    refused(BadInput, desk.confirm_owner, "guess")
    refused(BadInput, desk.choose_owner, NEW, "guess")
    desk.choose_owner(NEW, PASSPHRASE)
    desk.confirm_owner(NEW)
    for environment in ("sandbox", "production"):
        database = open_database(tmp_path / f"{environment}.db", environment)
        assert database.reader.setting("owner_passphrase")
        database.close()


def test_a_passphrase_that_only_one_database_knows_counts_for_both(desk: SetupDesk, tmp_path: Path) -> None:
    desk.choose_owner(PASSPHRASE)
    for path in tmp_path.glob("production.db*"):
        path.unlink()
    desk.confirm_owner(PASSPHRASE)
    for path in tmp_path.glob("sandbox.db*"):
        path.unlink()
    assert desk.owner_has_chosen()
    desk.confirm_owner(PASSPHRASE)


def test_unlocking_is_not_told_as_a_change(desk: SetupDesk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pos_app.sales.passphrase")
    told = [
        "the owner chose a passphrase",
        "the owner's passphrase counts in one database more",
    ]
    desk.choose_owner(PASSPHRASE)
    assert said(caplog, "pos_app.sales.passphrase") == told
    desk.confirm_owner(PASSPHRASE)
    assert said(caplog, "pos_app.sales.passphrase") == told
    desk.choose_owner(NEW, PASSPHRASE)
    assert said(caplog, "pos_app.sales.passphrase") == [*told, "the owner changed the passphrase", told[1]]


def test_wrong_tries_are_counted_from_page_to_page(desk: SetupDesk) -> None:
    desk.choose_owner(PASSPHRASE)
    for _ in range(5):
        assert "not the owner's" in refused(BadInput, desk.confirm_owner, "guess")
    assert "Too many wrong tries" in refused(BadInput, desk.confirm_owner, PASSPHRASE)


def test_another_till_on_the_folder_is_said(desk: SetupDesk, tmp_path: Path) -> None:
    save(tmp_path, {"environment": "sandbox", "shortcode": "600123", "secrets": "memory"})
    other = SetupDesk(tmp_path, Vaults({}), {})
    other.keep_account(replace(ACCOUNT, environment="sandbox"))
    other.open_till()
    try:
        refused(Occupied, desk.owner_has_chosen)
        assert other.open_till() is other.open_till()
    finally:
        other.close_till()
    assert not desk.owner_has_chosen()


def test_beside_an_open_till_its_owner_and_its_own_knock_count(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "settings"
    desk = SetupDesk(folder, Vaults({}), {}, running=lambda: shelf.till)
    desk.choose_owner(PASSPHRASE)
    shelf.till.owner.passphrase.confirm(PASSPHRASE)
    here = Way(callback="url", public_url="https://till.example.co.ke", listen_port="8788")
    assert "Save this first" in refused(BadInput, desk.try_way, here)
    desk.keep_way(here)
    assert desk.try_way(here)[0].status is Status.GREEN
    assert "Save this first" in refused(BadInput, desk.try_way, replace(here, listen_port="8789"))
    assert "Save this first" in refused(BadInput, desk.try_way, replace(here, ngrok_authtoken="new"))


def test_nothing_is_kept_and_no_till_opened_before_the_owner_has_passed(tmp_path: Path) -> None:
    SetupDesk(tmp_path, Vaults({}), {}).choose_owner(PASSPHRASE)
    desk = SetupDesk(tmp_path, Vaults({}), {})
    for act in (
        lambda: desk.keep({"shop_name": "Pay to 07.."}),
        lambda: desk.keep_account(ACCOUNT),
        lambda: desk.try_account(ACCOUNT),
        lambda: desk.keep_way(Way(callback="none")),
        lambda: desk.try_way(Way(callback="none")),
        desk.open_till,
    ):
        assert "Only the owner" in refused(BadInput, act)
    refused(BadInput, desk.confirm_owner, "guess")
    assert "Only the owner" in refused(BadInput, desk.keep, {"shop_name": "Duka"})
    assert not (tmp_path / "settings.toml").exists()
    desk.confirm_owner(PASSPHRASE)
    desk.keep({"shop_name": "Duka"})


def test_a_passphrase_changed_beside_an_open_till_counts_in_every_database(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    SetupDesk(folder, Vaults({}), {}).choose_owner(PASSPHRASE)
    beside = SetupDesk(folder, Vaults({}), {}, running=lambda: shelf.till)
    shelf.till.owner.passphrase.choose(PASSPHRASE)
    beside.choose_owner(NEW, PASSPHRASE)
    shelf.till.owner.passphrase.confirm(NEW)
    later = SetupDesk(folder, Vaults({}), {"POS_ENVIRONMENT": "sandbox"})
    later.confirm_owner(NEW)
    database = open_database(folder / "sandbox.db", "sandbox")
    sealed = database.reader.setting("owner_passphrase")
    database.close()
    assert sealed
    assert Argon2Passphrases().fits(NEW, sealed)


def test_the_run_counts_wrong_passphrases_and_not_each_window(tmp_path: Path) -> None:
    tries = Tries(FakeClock())
    SetupDesk(tmp_path, Vaults({}), {}, tries=tries).choose_owner(PASSPHRASE)
    for _ in range(5):
        refused(BadInput, SetupDesk(tmp_path, Vaults({}), {}, tries=tries).confirm_owner, "guess")
    last = SetupDesk(tmp_path, Vaults({}), {}, tries=tries)
    assert "Too many wrong tries" in refused(BadInput, last.confirm_owner, PASSPHRASE)


def test_a_try_or_a_refusal_makes_no_file_of_keys(desk: SetupDesk, tmp_path: Path) -> None:
    filed = replace(ACCOUNT, keep_in="file", passphrase="a long passphrase")
    refused(BadInput, desk.keep_account, replace(filed, passkey=""))
    refused(BadInput, desk.try_account, replace(filed, passkey=""))
    assert not list(tmp_path.glob("*.keys"))
    desk.keep_account(filed)
    assert [path.name for path in tmp_path.glob("*.keys")] == ["production.keys"]


def test_typed_keys_that_a_variable_would_overrule_are_refused(tmp_path: Path) -> None:
    environ = {"POS_CONSUMER_KEY": "another"}
    desk = SetupDesk(tmp_path, Vaults(environ), environ)
    assert "POS_CONSUMER_KEY" in refused(SettingsError, desk.keep_account, ACCOUNT)
    desk.keep_account(replace(ACCOUNT, consumer_key=""))


def test_a_damaged_settings_file_is_said_and_stays(desk: SetupDesk, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("environment = sandbox\n", encoding="utf-8")
    assert "damaged" in refused(SettingsError, desk.answers)
    assert "damaged" in refused(SettingsError, desk.keep_account, ACCOUNT)
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8") == "environment = sandbox\n"
    assert load(tmp_path / "other", False, {}).environment is Environment.PRODUCTION

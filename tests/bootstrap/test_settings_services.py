"""What the set-up does with files, vaults and databases. The wizard on top of it is walked in tests/e2e."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.bootstrap.settings_services.build import build_settings_services
from pos_app.check_result import Status
from pos_app.domain.operators import Role
from pos_app.domain.recovery_code import make_code
from pos_app.errors import BadInput, CannotSave, Locked, Occupied, PosError, SettingsError, StoreError
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.retention import Kept
from pos_app.settings.choices import Environment, Secrets
from pos_app.settings.settings import load, save
from pos_app.store.database import open_database
from pos_app.store.transaction import SqlTransaction
from pos_app.ui.settings.service import AccountChoice, RouteChoice, SettingsServices
from pos_app.vault.api_keys import Argon2Passphrases
from pos_app.vault.vault import Vaults, open_vault
from tests.support.builders import said
from tests.support.fakes import FakeClock, QuickPassphrases
from tests.support.template import lay_database
from tests.support.till_harness import TillHarness

CHEAP = 2**4  # scrypt's n
PASSPHRASE, NEW = "mama njeri 1987", "mama njeri 1988"
PUBLIC_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"  # on Safaricom's portal
ACCOUNT = AccountChoice(
    environment="production",
    shortcode="600123",
    till_number="512345",
    consumer_key="key",
    consumer_secret="secret",
    passkey="passkey",
    keep_in="memory",
)


def built(folder: Path, environ: Mapping[str, str] | None = None, **more: Any) -> SettingsServices:
    """The services of a folder with empty databases, where a passphrase is tried in no time."""
    given = environ or {}
    for environment in ("sandbox", "production") if folder.is_dir() else ():
        lay_database(folder / f"{environment}.db", environment)
    quick: dict[str, Any] = {"passphrases": QuickPassphrases()}
    return build_settings_services(folder, Vaults(given, CHEAP), given, **quick | more)


@pytest.fixture
def services(tmp_path: Path) -> SettingsServices:
    return built(tmp_path)


def refused(error: type[PosError], act: object, *arguments: object) -> str:
    assert callable(act)
    with pytest.raises(error) as caught:
        act(*arguments)
    return caught.value.user_text


def test_a_fresh_shop_has_no_name_and_no_number(services: SettingsServices) -> None:
    found = services.shop.answers()
    assert (found.shop_name, found.shortcode, found.environment, found.listen_port) == ("", "", "production", "")


def test_what_is_kept_is_answered(services: SettingsServices, tmp_path: Path) -> None:
    services.shop.keep({"shop_name": "Duka", "receipt_lines": ["Moi Avenue"], "text_size": "large"})
    services.account.keep(ACCOUNT)
    services.callbacks.keep(RouteChoice(callback="url", public_url="https://till.example.co.ke", listen_port="8788"))
    found = services.shop.answers()
    assert (found.shop_name, found.receipt_lines, found.text_size) == ("Duka", ("Moi Avenue",), "large")
    assert (found.shortcode, found.till_number, found.callback) == ("600123", "512345", "url")
    assert (found.public_url, found.listen_port) == ("https://till.example.co.ke", "8788")
    assert services.account.kept("production") == {"consumer_key", "consumer_secret", "passkey"}
    assert services.account.kept("sandbox") == frozenset()
    assert load(tmp_path, False, {}).secrets is Secrets.MEMORY


def audit(folder: Path) -> list[tuple[str, str, str | None, str | None, bool]]:
    with closing(open_database(folder / "production.db", "production")) as database:
        lines = reversed(database.reader.audit(99))
        return [(line.act, line.subject, line.old, line.new, line.owner) for line in lines]


def test_each_change_is_in_the_audit_and_of_secrets_only_that_they_changed(
    services: SettingsServices, tmp_path: Path
) -> None:
    services.shop.keep({"shop_name": "Duka", "receipt_lines": ["Moi Avenue", "Nairobi"], "paper_width": "58"})
    services.owner.choose(PASSPHRASE)
    services.account.keep(ACCOUNT)
    services.account.keep(replace(ACCOUNT, shortcode="600124", passkey="another"))
    services.callbacks.keep(RouteChoice(callback="none", ngrok_authtoken="a secret token"))
    refused(BadInput, services.account.keep, replace(ACCOUNT, shortcode="600999", keep_in="file", passphrase="short"))
    assert audit(tmp_path) == [
        ("settings", "setting shop_name", "My shop", "Duka", False),
        ("settings", "setting receipt_lines", "", "Moi Avenue / Nairobi", False),
        ("settings", "setting paper_width", "80", "58", False),
        ("roles", "owner's passphrase", None, "changed", True),
        ("keys", "setting shortcode", "", "600123", True),
        ("keys", "setting till_number", "", "512345", True),
        ("keys", "setting secrets", "keyring", "memory", True),
        ("keys", "setting consumer_key", None, "changed", True),
        ("keys", "setting consumer_secret", None, "changed", True),
        ("keys", "setting passkey", None, "changed", True),
        ("keys", "setting shortcode", "600123", "600124", True),
        ("keys", "setting consumer_key", None, "changed", True),
        ("keys", "setting consumer_secret", None, "changed", True),
        ("keys", "setting passkey", None, "changed", True),
        ("keys", "setting ngrok_authtoken", None, "changed", True),
    ]


@pytest.mark.parametrize("keep_in", ["memory", "file"])
def test_what_cannot_be_recorded_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep_in: str) -> None:
    vaults = Vaults({}, CHEAP)
    services = build_settings_services(tmp_path, vaults, {}, passphrases=QuickPassphrases())
    services.shop.keep({"shop_name": "Duka"})
    account = replace(ACCOUNT, keep_in=keep_in, passphrase="a long passphrase" if keep_in == "file" else "")
    services.account.keep(account)

    def refuse(*_: object) -> None:
        raise CannotSave

    monkeypatch.setattr(SqlTransaction, "add_audit", refuse)
    refused(CannotSave, services.shop.keep, {"shop_name": "Another"})
    assert services.shop.answers().shop_name == "Duka"
    refused(CannotSave, services.account.keep, replace(account, consumer_key="other"))
    refused(CannotSave, services.callbacks.keep, RouteChoice(callback="none", ngrok_authtoken="a secret token"))
    vault = vaults.of(load(tmp_path, False, {}))
    assert [vault.get(name) for name in ("consumer_key", "ngrok_authtoken")] == ["key", ""]


def test_keys_that_cannot_be_kept_have_no_line(services: SettingsServices, tmp_path: Path) -> None:
    """Nothing says that they changed."""
    filed = replace(ACCOUNT, keep_in="file", passphrase="a long passphrase")
    token = RouteChoice(callback="none", ngrok_authtoken="a secret token")
    services.shop.keep({"secrets": "file"})
    before = audit(tmp_path)
    assert "Choose a passphrase for the file" in refused(BadInput, services.callbacks.keep, token)
    refused(BadInput, services.account.keep, replace(filed, passphrase="short"))
    assert audit(tmp_path) == before
    services.account.keep(filed)
    before = audit(tmp_path)
    refused(Locked, built(tmp_path).callbacks.keep, token)
    assert audit(tmp_path) == before


def test_keys_that_cannot_be_recorded_make_no_file(
    services: SettingsServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise CannotSave

    monkeypatch.setattr(SqlTransaction, "add_audit", refuse)
    refused(CannotSave, services.account.keep, replace(ACCOUNT, keep_in="file", passphrase="a long passphrase"))
    assert list(tmp_path.glob("*.keys*")) == []
    assert services.account.answers().shortcode == ""


def test_a_variable_that_would_win_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    services = built(tmp_path, {"POS_SHORTCODE": "600999"})
    assert "POS_SHORTCODE" in refused(SettingsError, services.account.keep, ACCOUNT)
    assert not (tmp_path / "settings.toml").exists()
    services.account.keep(replace(ACCOUNT, shortcode="600999"))


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
    services: SettingsServices, tmp_path: Path, change: dict[str, str], error: type[PosError], words: str
) -> None:
    services.shop.keep({"shop_name": "Duka"})
    before = (tmp_path / "settings.toml").read_bytes()
    assert words in refused(error, services.account.keep, replace(ACCOUNT, **change))
    assert (tmp_path / "settings.toml").read_bytes() == before
    assert services.account.kept("production") == frozenset()


def test_keys_that_are_not_typed_again_stay_and_move_with_their_place(
    services: SettingsServices, tmp_path: Path
) -> None:
    services.account.keep(ACCOUNT)
    moved = replace(
        ACCOUNT, consumer_key="", consumer_secret="", passkey="", keep_in="file", passphrase="a long passphrase"
    )
    services.account.keep(moved)
    vault = open_vault(load(tmp_path, False, {}), {}, CHEAP)
    assert vault.file is not None
    vault.file.unlock("a long passphrase")
    assert [vault.get(name) for name in ("consumer_key", "consumer_secret", "passkey")] == ["key", "secret", "passkey"]
    services.account.keep(replace(moved, passphrase=""))  # it is open for this run
    wrong = replace(moved, passkey="other", passphrase="another passphrase")
    refused(BadInput, services.account.keep, wrong)
    assert vault.get("passkey") == "passkey"


def test_the_shops_key_goes_with_the_keys_to_where_it_lasts(tmp_path: Path) -> None:
    vaults = Vaults({}, CHEAP)
    lay_database(tmp_path / "production.db", "production")
    services = build_settings_services(tmp_path, vaults, {}, passphrases=QuickPassphrases())
    services.account.keep(ACCOUNT)
    first = vaults.of(load(tmp_path, False, {}))
    first.put({"erasure_key": "ab" * 32, "erasure_key_aside": "cd" * 32, "ngrok_authtoken": "token"})
    filed = replace(ACCOUNT, keep_in="file", passphrase="a long passphrase")
    services.account.keep(filed)
    file = vaults.of(load(tmp_path, False, {}))
    names = ("erasure_key", "erasure_key_aside", "ngrok_authtoken")
    assert [file.get(name) for name in names] == ["ab" * 32, "cd" * 32, "token"]
    assert [first.get(name) for name in names] == ["", "", ""]
    services.account.keep(ACCOUNT)
    assert [file.get(name) for name in names] == ["ab" * 32, "cd" * 32, ""], "memory would forget it"
    assert first.get("ngrok_authtoken") == "token"


def test_a_lost_passphrase_of_the_file_is_replaced_where_all_keys_are_pasted_anew(
    services: SettingsServices, tmp_path: Path
) -> None:
    services.account.keep(replace(ACCOUNT, keep_in="file", passphrase="a long passphrase"))
    later = built(tmp_path)
    later.account.keep(replace(ACCOUNT, keep_in="file", passphrase="another passphrase"))
    vault = open_vault(load(tmp_path, False, {}), {}, CHEAP)
    assert vault.file is not None
    vault.file.unlock("another passphrase")
    assert vault.get("passkey") == "passkey"
    assert (tmp_path / "production.keys.old").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"passphrase": "short"}, "at least 8 characters"),
        ({"passphrase": "another passphrase", "passkey": PUBLIC_PASSKEY}, "public one of the sandbox"),
        ({"passphrase": "another passphrase", "passkey": ""}, "does not open the keys"),
    ],
)
def test_a_refusal_leaves_the_keys_where_they_are(
    services: SettingsServices, tmp_path: Path, change: dict[str, str], words: str
) -> None:
    filed = replace(ACCOUNT, keep_in="file", passphrase="a long passphrase")
    services.account.keep(filed)
    later = built(tmp_path)
    for _ in range(2):
        assert words in refused(PosError, later.account.keep, replace(filed, consumer_key="other", **change))
    assert [path.name for path in tmp_path.glob("*.keys*")] == ["production.keys"]
    vault = open_vault(load(tmp_path, False, {}), {}, CHEAP)
    assert vault.file is not None
    vault.file.unlock("a long passphrase")
    assert vault.get("consumer_key") == "key"


def test_keys_that_cannot_be_written_leave_no_file_without_them(
    services: SettingsServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: Path, content: bytes) -> None:
        raise OSError

    monkeypatch.setattr("pos_app.vault.encrypted_file.replace_file", refuse)
    filed = replace(ACCOUNT, keep_in="file", passphrase="a long passphrase")
    assert "cannot be written" in refused(SettingsError, services.account.keep, filed)
    assert list(tmp_path.glob("*.keys*")) == []
    assert services.account.answers().shortcode == ""


def test_a_locked_file_is_said_to_hold_every_key(services: SettingsServices, tmp_path: Path) -> None:
    services.account.keep(replace(ACCOUNT, keep_in="file", passphrase="a long passphrase"))
    later = built(tmp_path)
    assert later.account.kept("production") == {"consumer_key", "consumer_secret", "passkey"}


def test_an_ngrok_program_that_is_not_there_is_refused_before_anything_is_kept(
    services: SettingsServices, tmp_path: Path
) -> None:
    way = RouteChoice(callback="ngrok", ngrok_path=str(tmp_path / "ngrok"))
    assert "no ngrok program" in refused(BadInput, services.callbacks.keep, way)
    assert "no ngrok program" in refused(BadInput, services.callbacks.test, way)
    assert services.shop.answers().callback == "none"


def test_one_owner_s_passphrase_for_test_money_and_for_real_money(services: SettingsServices, tmp_path: Path) -> None:
    assert not services.owner.has_chosen()
    services.owner.choose(PASSPHRASE)
    assert services.owner.has_chosen()
    services.owner.confirm(PASSPHRASE)
    refused(BadInput, services.owner.confirm, "guess")
    refused(BadInput, services.owner.choose, NEW, "guess")
    services.owner.choose(NEW, PASSPHRASE)
    services.owner.confirm(NEW)
    for environment in ("sandbox", "production"):
        database = open_database(tmp_path / f"{environment}.db", environment)
        assert database.reader.setting("owner_passphrase")
        database.close()


def test_a_passphrase_that_only_one_database_knows_counts_for_both(services: SettingsServices, tmp_path: Path) -> None:
    services.owner.choose(PASSPHRASE)
    for path in tmp_path.glob("production.db*"):
        path.unlink()
    services.owner.confirm(PASSPHRASE)
    for path in tmp_path.glob("sandbox.db*"):
        path.unlink()
    assert services.owner.has_chosen()
    services.owner.confirm(PASSPHRASE)


def test_one_recovery_code_for_test_money_and_for_real_money(services: SettingsServices, tmp_path: Path) -> None:
    refused(BadInput, services.owner.renew_code, PASSPHRASE)
    refused(BadInput, services.owner.recover, make_code(), NEW)
    services.owner.choose(PASSPHRASE)
    assert services.owner.has_code()
    code = services.owner.renew_code(PASSPHRASE)
    following = services.owner.recover(code, NEW)
    services.owner.confirm(NEW)
    refused(BadInput, services.owner.recover, code, PASSPHRASE)
    for path in tmp_path.glob("production.db*"):
        path.unlink()
    services.owner.recover(following, PASSPHRASE)  # the other database has the same
    services.owner.confirm(PASSPHRASE)


def test_another_database_that_is_damaged_does_not_lock_the_owner_out(
    services: SettingsServices, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    services.owner.choose(PASSPHRASE)
    whole = (tmp_path / "sandbox.db").read_bytes()
    (tmp_path / "sandbox.db").write_bytes(b"x" * len(whole))
    later = built(tmp_path)
    assert later.owner.has_chosen()
    assert "only the owner" in refused(BadInput, later.shop.keep, {"shop_name": "Duka"}).lower()
    later.owner.confirm(PASSPHRASE)
    later.shop.keep({"shop_name": "Duka"})
    later.owner.choose(NEW, PASSPHRASE)
    assert "the sandbox database is left out" in caplog.text
    (tmp_path / "sandbox.db").write_bytes(whole)  # a copy was put back
    later.owner.confirm(NEW)
    later.shop.keep({"environment": "sandbox", "shortcode": "174379"})
    last = built(tmp_path)
    last.owner.confirm(NEW)


def test_the_present_database_that_is_damaged_lets_nobody_pass(services: SettingsServices, tmp_path: Path) -> None:
    services.owner.choose(PASSPHRASE)
    (tmp_path / "production.db").write_bytes(b"x" * 8_192)
    later = built(tmp_path)
    refused(StoreError, later.owner.confirm, PASSPHRASE)
    refused(StoreError, later.shop.keep, {"shop_name": "Duka"})


def test_unlocking_is_not_told_as_a_change(services: SettingsServices, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pos_app.sales.passphrase")
    told = [
        "the owner chose a passphrase",
        "the owner's passphrase counts in one database more",
    ]
    services.owner.choose(PASSPHRASE)
    assert said(caplog, "pos_app.sales.passphrase") == told
    services.owner.confirm(PASSPHRASE)
    assert said(caplog, "pos_app.sales.passphrase") == told
    services.owner.choose(NEW, PASSPHRASE)
    assert said(caplog, "pos_app.sales.passphrase") == [*told, "the owner changed the passphrase", told[1]]


def test_wrong_tries_are_counted_from_page_to_page(services: SettingsServices) -> None:
    services.owner.choose(PASSPHRASE)
    for _ in range(5):
        assert "not the owner's" in refused(BadInput, services.owner.confirm, "guess")
    assert "Too many wrong tries" in refused(BadInput, services.owner.confirm, PASSPHRASE)


def test_another_till_on_the_folder_is_said(services: SettingsServices, tmp_path: Path) -> None:
    save(tmp_path, {"environment": "sandbox", "shortcode": "600123", "secrets": "memory"})
    other = built(tmp_path)
    other.account.keep(replace(ACCOUNT, environment="sandbox"))
    other.till.open()
    try:
        refused(Occupied, services.owner.has_chosen)
        assert other.till.open() is other.till.open()
    finally:
        other.till.close()
    assert not services.owner.has_chosen()


def test_beside_an_open_till_its_owner_and_its_own_probe_count(harness: TillHarness, tmp_path: Path) -> None:
    folder = tmp_path / "settings"
    services = built(folder, running=lambda: harness.till)
    services.owner.choose(PASSPHRASE)
    harness.till.owner.passphrase.confirm(PASSPHRASE)
    here = RouteChoice(callback="url", public_url="https://till.example.co.ke", listen_port="8788")
    assert "Save this first" in refused(BadInput, services.callbacks.test, here)
    services.callbacks.keep(here)
    assert services.callbacks.test(here)[0].status is Status.GREEN
    assert "Save this first" in refused(BadInput, services.callbacks.test, replace(here, listen_port="8789"))
    assert "Save this first" in refused(BadInput, services.callbacks.test, replace(here, ngrok_authtoken="new"))


def test_nothing_is_kept_and_no_till_opened_before_the_owner_has_passed(tmp_path: Path) -> None:
    built(tmp_path).owner.choose(PASSPHRASE)
    services = built(tmp_path)
    for act in (
        lambda: services.shop.keep({"shop_name": "Pay to 07.."}),
        lambda: services.account.keep(ACCOUNT),
        lambda: services.account.test(ACCOUNT),
        lambda: services.callbacks.keep(RouteChoice(callback="none")),
        lambda: services.callbacks.test(RouteChoice(callback="none")),
        services.till.open,
    ):
        assert "Only the owner" in refused(BadInput, act)
    refused(BadInput, services.owner.confirm, "guess")
    assert "Only the owner" in refused(BadInput, services.shop.keep, {"shop_name": "Duka"})
    assert not (tmp_path / "settings.toml").exists()
    services.owner.confirm(PASSPHRASE)
    services.shop.keep({"shop_name": "Duka"})
    services.owner.forget()
    assert "Only the owner" in refused(BadInput, services.shop.keep, {"shop_name": "Duka la pili"})


def test_who_passed_with_a_passphrase_that_was_changed_since_passes_again(tmp_path: Path) -> None:
    services = built(tmp_path)
    services.owner.choose(PASSPHRASE)
    services.shop.keep({"shop_name": "Duka"})
    built(tmp_path).owner.choose(NEW, PASSPHRASE)
    assert "Only the owner" in refused(BadInput, services.shop.keep, {"shop_name": "Duka la pili"})
    services.owner.confirm(NEW)
    services.shop.keep({"shop_name": "Duka la pili"})


@pytest.mark.usefixtures("quick_argon2")
def test_a_passphrase_changed_beside_an_open_till_counts_in_every_database(
    harness: TillHarness, tmp_path: Path
) -> None:
    """By what the program seals it with."""
    folder = tmp_path / "shop"
    built(folder, passphrases=None).owner.choose(PASSPHRASE)
    beside = built(folder, running=lambda: harness.till, passphrases=None)
    harness.till.owner.passphrase.choose(PASSPHRASE)
    beside.owner.choose(NEW, PASSPHRASE)
    harness.till.owner.passphrase.confirm(NEW)
    later = built(folder, {"POS_ENVIRONMENT": "sandbox"}, passphrases=None)
    later.owner.confirm(NEW)
    database = open_database(folder / "sandbox.db", "sandbox")
    hashed = database.reader.setting("owner_passphrase")
    database.close()
    assert hashed
    assert Argon2Passphrases().verify(NEW, hashed)


def test_the_run_counts_wrong_passphrases_and_not_each_window(tmp_path: Path) -> None:
    limiter = AttemptLimiter(FakeClock())
    built(tmp_path, limiter=limiter).owner.choose(PASSPHRASE)
    for _ in range(5):
        refused(BadInput, built(tmp_path, limiter=limiter).owner.confirm, "guess")
    last = built(tmp_path, limiter=limiter)
    assert "Too many wrong tries" in refused(BadInput, last.owner.confirm, PASSPHRASE)


def test_a_try_or_a_refusal_makes_no_file_of_keys(services: SettingsServices, tmp_path: Path) -> None:
    filed = replace(ACCOUNT, keep_in="file", passphrase="a long passphrase")
    refused(BadInput, services.account.keep, replace(filed, passkey=""))
    refused(BadInput, services.account.test, replace(filed, passkey=""))
    assert not list(tmp_path.glob("*.keys"))
    services.account.keep(filed)
    assert [path.name for path in tmp_path.glob("*.keys")] == ["production.keys"]


def test_typed_keys_that_a_variable_would_overrule_are_refused(tmp_path: Path) -> None:
    environ = {"POS_CONSUMER_KEY": "another"}
    services = built(tmp_path, environ)
    assert "POS_CONSUMER_KEY" in refused(SettingsError, services.account.keep, ACCOUNT)
    services.account.keep(replace(ACCOUNT, consumer_key=""))


def test_a_damaged_settings_file_is_said_and_stays(services: SettingsServices, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("environment = sandbox\n", encoding="utf-8")
    assert "damaged" in refused(SettingsError, services.shop.answers)
    assert "damaged" in refused(SettingsError, services.account.keep, ACCOUNT)
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8") == "environment = sandbox\n"
    assert load(tmp_path / "other", False, {}).environment is Environment.PRODUCTION


def test_operators_are_practised_too_with_a_passphrase_of_practice(tmp_path: Path, harness: TillHarness) -> None:
    services = build_settings_services(tmp_path, Vaults({}), {}, running=lambda: harness.till, practice=True)
    assert services.practice
    assert "off until the owner has chosen" in refused(
        BadInput, services.staff.add, "Amina", Role.OPERATOR, "1111", PASSPHRASE
    )
    services.owner.choose(PASSPHRASE)
    services.staff.add("Amina", Role.OPERATOR, "1111", PASSPHRASE)
    [amina] = services.staff.operators()
    services.staff.change(amina, PASSPHRASE, role=Role.SUPERVISOR, active=True, pin="")
    assert services.staff.operators() == harness.till.operators.all()
    assert services.staff.audit(1)[0].subject == "operator 1 role"
    services.owner.forget()
    assert "Only the owner" in refused(BadInput, services.staff.audit, 9)
    assert not list(tmp_path.glob("production.db"))


def test_how_long_customers_are_kept_is_the_owners(tmp_path: Path, harness: TillHarness) -> None:
    services = build_settings_services(tmp_path, Vaults({}), {}, running=lambda: harness.till, practice=True)
    assert services.customers.kept() == Kept(None, None)
    assert "off until the owner has chosen" in refused(BadInput, services.customers.keep_for, 12)
    services.owner.choose(PASSPHRASE)
    services.customers.keep_for(12)
    assert services.customers.kept().months == 12
    services.owner.forget()
    assert "Only the owner" in refused(BadInput, services.customers.keep_for, None)


def test_how_long_customers_are_kept_is_in_the_till_s_database(services: SettingsServices) -> None:
    assert "Open the till first" in refused(BadInput, services.customers.kept)


def test_operators_are_in_the_till_s_database(services: SettingsServices) -> None:
    assert "Open the till first" in refused(BadInput, services.staff.operators)


def test_when_the_till_locks_by_itself_is_the_owner_s_and_in_the_audit(
    services: SettingsServices, tmp_path: Path
) -> None:
    services.owner.choose(PASSPHRASE)
    services.shop.keep({"lock_after": "5"})
    assert services.shop.answers().lock_after == "5"
    assert load(tmp_path, False, {}).lock_after == 5
    assert audit(tmp_path)[-1] == ("settings", "setting lock_after", "10", "5", True)
    refused(SettingsError, services.shop.keep, {"lock_after": "soon"})
    assert "only the owner" in refused(BadInput, built(tmp_path).shop.keep, {"lock_after": "0"}).lower()
    assert services.shop.answers().lock_after == "5"


def test_pull_transactions_are_switched_on_by_the_owner_and_in_the_audit(
    services: SettingsServices, tmp_path: Path
) -> None:
    services.owner.choose(PASSPHRASE)
    services.pull.keep(on=True, number="0708374149")
    assert (services.pull.answers().pull, services.pull.answers().pull_number) == (True, "254708374149")
    assert ("settings", "setting pull", "no", "yes", True) in audit(tmp_path)[-2:]
    assert services.pull.last_round() is None, "no till is open"
    refused(SettingsError, lambda: services.pull.keep(on=True, number="12"))
    services.pull.keep(on=False, number="")
    assert not services.pull.answers().pull

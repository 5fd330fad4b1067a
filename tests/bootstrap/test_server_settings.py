"""A shop's server in the settings: tried, kept whole or not at all, its password with the secrets, and the letters."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app.bootstrap.callbacks import CallbackWiring, try_route
from pos_app.bootstrap.settings_services.build import build_settings_services
from pos_app.bootstrap.settings_services.server import ServerSettings
from pos_app.bootstrap.shop_database import shop_database
from pos_app.bootstrap.till_identity import claim_of
from pos_app.callbacks.shop_route import ShopRoute
from pos_app.check_result import Status
from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, MoveStep
from pos_app.domain.till_claim import SETTING, TillClaim, claims_text
from pos_app.errors import BadInput, PosError, SettingsError, StoreError
from pos_app.settings.settings import load, save
from pos_app.store.database import open_database
from pos_app.store.migrate import HEAD
from pos_app.system_clock import SystemClock
from pos_app.ui.settings.server_service import ServerChoice, ServerReport
from pos_app.ui.settings.service import AccountChoice, SettingsServices
from pos_app.vault.database_password import password_name
from pos_app.vault.vault import Vaults
from tests.store.conftest import Shop
from tests.store.server import Server, cannot_run
from tests.support.fakes import QuickPassphrases
from tests.support.line import Line
from tests.support.template import lay_database

SECRET = "a-secret-of-the-duka"
OWNER = "mama njeri 1987"
ACCOUNT = AccountChoice(
    environment="production",
    shortcode="600123",
    till_number="512345",
    consumer_key="key",
    consumer_secret="secret",
    passkey="passkey",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if why_not := cannot_run():
        pytest.skip(f"not tried on PostgreSQL: {why_not}")
    with Server(strict=True) as running:
        running.run_sql(f"CREATE ROLE duka LOGIN PASSWORD '{SECRET}'")
        yield running


class ServerOfShop:
    """An empty database, and this computer's settings about it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.url = server.create()
        self.name = str(sa.make_url(self.url).database)
        server.run_sql(f"ALTER DATABASE {self.name} OWNER TO duka")
        self.vaults = Vaults({}, 2**4)
        save(folder, {"secrets": "memory"})

    def services(self, environ: Mapping[str, str] | None = None) -> SettingsServices:
        given = environ or {}
        return build_settings_services(self.folder, self.vaults, given, passphrases=QuickPassphrases())

    def choice(self, **more: object) -> ServerChoice:
        made = ServerChoice(
            host="127.0.0.1", port=self.server.port, name=self.name, user="duka", password=SECRET, till="A"
        )
        return replace(made, **more)  # type: ignore[arg-type]

    def claim(self, **claims: TillClaim) -> None:
        """Open it as a shop, in which other computers have letters."""
        with closing(open_database(self.url, "production")) as database, database.write() as transaction:
            transaction.set_setting(SETTING, claims_text(claims))

    def run_sql(self, sql: str) -> None:
        self.server.run_sql(sql, self.name)


@pytest.fixture
def shop(server: Server, tmp_path: Path) -> ServerOfShop:
    lay_database(tmp_path / "production.db", "production")
    return ServerOfShop(server, tmp_path)


def lines(report: ServerReport) -> dict[str, tuple[Status, str]]:
    return {finding.name: (finding.status, finding.words) for finding in report.findings}


def red(report: ServerReport) -> str:
    """The words of what is in the way."""
    assert not report.kept
    return " ".join(finding.words for finding in report.findings if finding.status is Status.RED)


class TestItIsTried:
    def test_an_empty_database_is_a_new_shop_s_and_nothing_is_changed_there(self, shop: ServerOfShop) -> None:
        found = shop.services().server.test(shop.choice())
        said = lines(found)
        assert [status for status, _ in said.values()] == [Status.GREEN] * 3
        assert "encrypted (TLSv1." in said["Server"][1]
        assert "empty" in said["Shop"][1]
        assert "No letter is taken" in said["Letter"][1]
        assert not found.kept
        assert load(shop.folder, False, {}).database_url is None

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"password": "another"}, "does not let this till in"),
            ({"password": ""}, "does not let this till in"),
            ({"user": "nobody"}, "does not let this till in"),
            ({"name": "nowhere"}, "no database of that name"),
            ({"host": "no-such-host.invalid"}, "not found by its name"),
            ({"port": 9}, "No database server runs"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_kept(
        self, shop: ServerOfShop, wrong: Mapping[str, object], words: str
    ) -> None:
        server = shop.services().server
        said = red(server.test(shop.choice(**wrong)))
        assert words in said
        assert not {SECRET, "nobody", "nowhere", "no-such-host"} & set(said.replace(".", " ").split())
        assert words in red(server.keep(shop.choice(**wrong)))
        assert load(shop.folder, False, {}).database_url is None

    def test_a_server_that_stands_still_is_given_up(self, shop: ServerOfShop) -> None:
        with Line(shop.server.port) as line:
            line.freeze()
            assert "Did not answer within 1 seconds" in red(impatient(shop).test(shop.choice(port=line.port)))
            line.mend()

    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("CREATE TABLE other (id int)", "tables of another program"),
            ("ALTER SCHEMA public OWNER TO postgres; REVOKE ALL ON SCHEMA public FROM PUBLIC, duka", "not write there"),
        ],
    )
    def test_a_database_that_is_no_shop_s_or_not_to_be_written(self, shop: ServerOfShop, sql: str, words: str) -> None:
        shop.run_sql(sql)
        assert words in red(shop.services().server.test(shop.choice()))

    def test_another_s_database(self, shop: ServerOfShop) -> None:
        shop.server.run_sql(f"REVOKE CONNECT ON DATABASE {shop.name} FROM PUBLIC")
        shop.server.run_sql(f"ALTER DATABASE {shop.name} OWNER TO postgres")
        assert "does not allow this user" in red(shop.services().server.test(shop.choice()))

    def test_no_more_connections(self, shop: ServerOfShop) -> None:
        shop.server.run_sql(f"ALTER DATABASE {shop.name} CONNECTION LIMIT 0")
        assert "takes no more connections" in red(shop.services().server.test(shop.choice()))

    def test_the_schema_of_a_newer_and_of_an_older_program(self, shop: ServerOfShop) -> None:
        given(shop)
        shop.run_sql("UPDATE alembic_version SET version_num = '9999'")
        assert "newer Kaunta" in red(shop.services().server.test(shop.choice()))
        shop.run_sql(f"UPDATE alembic_version SET version_num = '{int(HEAD) - 1:04}'")
        status, said = lines(shop.services().server.test(shop.choice()))["Shop"]
        assert (status, "older Kaunta" in said) == (Status.AMBER, True)

    def test_test_money_is_not_for_a_till_of_real_money(self, shop: ServerOfShop) -> None:
        open_database(shop.url, "sandbox").close()
        shop.run_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO duka")
        assert "holds sandbox payments" in red(shop.services().server.test(shop.choice()))

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"host": "a b"}, "The address of the server"),
            ({"host": "user:word@host"}, "The address of the server"),
            ({"port": 0}, "The address of the server"),
            ({"host": "/var/run/postgresql"}, "address of the server"),  # no place in the address for it
            ({"name": "du/ka"}, "name of the database"),
            ({"user": ""}, "name of the database"),
            ({"till": "1"}, "capital letter"),
            ({"till": "b"}, "capital letter"),
            ({"till": "ABC"}, "capital letter"),
            ({"till": "\N{CYRILLIC CAPITAL LETTER VE}"}, "capital letter"),
            ({"till": ""}, "capital letter"),
        ],
    )
    def test_what_names_nothing_is_refused(self, shop: ServerOfShop, wrong: Mapping[str, object], words: str) -> None:
        server = shop.services().server
        for act in (server.test, server.keep):
            with pytest.raises(BadInput, match=words):
                act(shop.choice(**wrong))


def impatient(shop: ServerOfShop) -> ServerSettings:
    made = shop.services().server
    assert isinstance(made, ServerSettings)
    made._limit = 1.0
    return made


def given(shop: ServerOfShop) -> None:
    """A shop is there, which the user owns."""
    services = shop.services()
    assert services.server.keep(shop.choice()).kept
    services.owner.choose(OWNER)
    save(shop.folder, {"database_url": ""})


def test_where_no_secret_can_be_kept_yet_the_password_waits_for_the_page_that_chooses_where(shop: ServerOfShop) -> None:
    save(shop.folder, {"secrets": "file"})  # whose passphrase is chosen with the keys of M-PESA
    services = shop.services()
    assert services.server.keep(shop.choice()).kept
    assert services.server.answers().password_kept
    assert not services.owner.has_chosen(), "the pages in between open the database with it"
    services.account.keep(replace(ACCOUNT, keep_in="file", passphrase="mama njeri 1988"))
    later = Vaults({}, 2**4).of(load(shop.folder, False, {}))
    assert later.file is not None
    later.file.unlock("mama njeri 1988")
    assert SECRET in str(shop_database(load(shop.folder, False, {}), later))


def test_where_it_was_never_chosen_the_password_is_typed_again_the_next_time(shop: ServerOfShop) -> None:
    save(shop.folder, {"secrets": "file"})
    assert shop.services().server.keep(shop.choice()).kept
    shop.vaults = Vaults({}, 2**4)
    assert not shop.services().server.answers().password_kept
    with pytest.raises(PosError):
        shop.services().owner.has_chosen()
    assert shop.services().server.keep(shop.choice()).kept


class TestItIsKept:
    def test_the_password_is_with_the_secrets_and_nowhere_else(self, shop: ServerOfShop) -> None:
        services = shop.services()
        assert services.server.keep(shop.choice(till="B2")).kept
        settings = load(shop.folder, False, {})
        assert settings.till == "B2"
        assert settings.database_url == f"postgresql+psycopg://duka@127.0.0.1:{shop.server.port}/{shop.name}"
        assert SECRET in str(shop_database(settings, shop.vaults.of(settings)))
        services.owner.choose(OWNER)  # on the server
        for file in shop.folder.rglob("*"):
            assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
        found = services.server.answers()
        assert (found.on_server, found.host, found.name, found.user) == (True, "127.0.0.1", shop.name, "duka")
        assert found.password_kept
        assert services.server.test(shop.choice(password="")).findings[0].status is Status.GREEN

    def test_a_kept_password_is_shown_to_no_other_server(self, shop: ServerOfShop) -> None:
        services = shop.services()
        assert services.server.keep(shop.choice()).kept
        with Line(shop.server.port) as line:
            said = red(services.server.test(shop.choice(password="", port=line.port)))
        assert "does not let this till in" in said

    def test_one_in_the_environment_wins_and_one_in_the_settings_moves_to_the_secrets(self, shop: ServerOfShop) -> None:
        services = shop.services({"POS_DATABASE_PASSWORD": SECRET})
        with pytest.raises(SettingsError, match="POS_DATABASE_PASSWORD"):
            services.server.keep(shop.choice(password="another"))
        with_it = f"postgresql+psycopg://duka:{SECRET}@127.0.0.1:{shop.server.port}/{shop.name}"
        save(shop.folder, {"database_url": with_it})
        assert shop.services().server.keep(shop.choice(password="")).kept
        settings = load(shop.folder, False, {})
        assert SECRET not in str(settings.database_url)
        assert shop.vaults.of(settings).get(password_name(f"duka@127.0.0.1:{shop.server.port}/{shop.name}")) == SECRET

    def test_where_the_password_cannot_be_kept_nothing_is(self, shop: ServerOfShop) -> None:
        save(shop.folder, {"secrets": "file", "shortcode": "600123", "till_number": "512345"})  # but its file is gone
        with pytest.raises(BadInput):
            shop.services().server.keep(shop.choice())
        assert load(shop.folder, False, {}).database_url is None

    def test_what_a_till_opens_besides_the_books_it_opens_with_the_password_too(self, shop: ServerOfShop) -> None:
        assert shop.services().server.keep(shop.choice()).kept
        address = {"POS_CALLBACK": "url", "POS_PUBLIC_URL": "https://duka.example.com", "POS_LISTEN_PORT": "8799"}
        settings = load(shop.folder, False, address)
        vault, clock = shop.vaults.of(settings), SystemClock()
        open_database(shop_database(settings, vault), "production").close()
        route = CallbackWiring(settings, vault, clock).route
        assert isinstance(route, ShopRoute)
        route.step()
        assert route.holds
        other = replace(settings, till="B", data_dir=shop.folder / "other")
        other.data_dir.mkdir()
        assert try_route(other, vault, clock).at == "A", "what a test of the settings says of it"

    def test_it_goes_wherever_the_keys_of_m_pesa_go(self, shop: ServerOfShop) -> None:
        services = shop.services()
        assert services.server.keep(shop.choice()).kept
        before = shop.vaults.of(load(shop.folder, False, {}))
        services.account.keep(replace(ACCOUNT, keep_in="file", passphrase="a long passphrase"))
        settings = load(shop.folder, False, {})
        assert SECRET in str(shop_database(settings, shop.vaults.of(settings)))
        assert services.owner.has_chosen() is False  # the server lets it in
        place = password_name(f"duka@127.0.0.1:{shop.server.port}/{shop.name}")
        assert before.get(place) == ""
        assert SECRET.encode() not in (shop.folder / "production.keys").read_bytes()

    def test_only_the_owner_changes_it_and_each_change_is_in_the_audit(self, shop: ServerOfShop) -> None:
        services = shop.services()
        services.owner.choose(OWNER)
        later = shop.services()
        with pytest.raises(BadInput, match="Only the owner"):
            later.server.keep(shop.choice())
        later.owner.confirm(OWNER)
        assert later.server.keep(shop.choice()).kept
        with closing(open_database(shop.folder / "production.db", "production")) as database:
            said = {(line.subject, line.new) for line in database.reader.audit(9)}
        assert ("setting database_password", "changed") in said
        assert not any(SECRET in (new or "") for _, new in said)

    def test_a_secret_behind_the_address_comes_into_no_audit(self, shop: ServerOfShop) -> None:
        address = f"postgresql+psycopg://duka@127.0.0.1:1/old?password={SECRET}&sslpassword={SECRET}"
        save(shop.folder, {"database_url": address})
        services = shop.services()
        assert services.server.answers().password_kept
        assert services.server.keep(shop.choice()).kept
        with closing(open_database(shop.url, "production")) as database:
            said = [(line.subject, line.old, line.new) for line in database.reader.audit(99)]
        assert any(subject == "setting database_url" for subject, _, _ in said)
        assert SECRET not in repr(said)

    def test_a_shop_that_is_set_up_does_not_leave_its_server_by_a_slip(self, shop: ServerOfShop) -> None:
        services = shop.services()
        assert services.server.keep(shop.choice()).kept
        assert services.server.keep(None).kept  # nobody can pay yet
        assert load(shop.folder, False, {}).database_url is None
        assert services.server.keep(shop.choice(password="")).kept  # it is still known to this computer
        save(shop.folder, {"shortcode": "600123", "till_number": "512345"})
        assert not services.server.answers().may_leave
        with pytest.raises(BadInput, match="payments are on its server"):
            services.server.keep(None)


class TestLetters:
    OTHER = TillClaim(holder="other", computer="counter-2", account="600123")

    def test_a_letter_that_is_open_elsewhere_is_refused_with_who_has_it(self, shop: ServerOfShop) -> None:
        given(shop)
        shop.claim(A=replace(self.OTHER, seen=9e12))
        shop.run_sql(
            "UPDATE setting SET value = replace(value, '9000000000000.0', extract(epoch FROM now())::text)"
            " WHERE key = 'tills'"
        )
        found = shop.services().server.test(shop.choice())
        assert "counter-2, which is open now. B is free" in red(found)
        assert (found.letter, found.vacant) == ("B", False)
        assert "open now" in red(shop.services().server.test(shop.choice(takes_place=True)))

    def test_a_letter_of_a_computer_that_is_away_is_taken_by_choice_only(self, shop: ServerOfShop) -> None:
        given(shop)
        shop.claim(A=self.OTHER)
        services = shop.services()
        services.owner.choose(OWNER)
        found = services.server.keep(shop.choice())
        assert "not open now" in red(found)
        assert found.vacant
        assert services.server.keep(shop.choice(takes_place=True)).kept


class TestPaymentsOfThisComputer:
    @pytest.fixture
    def sold(self, shop: ServerOfShop) -> ServerOfShop:
        path = shop.folder / "production.db"
        made = Shop(path, prepared=True)
        made.open(made.post())
        made.close()
        return shop

    def test_they_move_whole_and_whoever_is_interrupted_behind_it_goes_on(self, sold: ServerOfShop) -> None:
        services = sold.services()
        services.owner.choose(OWNER)
        save(sold.folder, {"shortcode": "600123", "till_number": "512345"})
        found = services.server.keep(sold.choice())
        assert (found.kept, found.moves) == (False, 1)
        assert "(1 payment) moves to the server first" in lines(found)["Payments here"][1]
        told: list[MoveProgress] = []
        moved = services.server.move(sold.choice(), told.append, Cancel())
        assert (moved.payments, told[-1].step) == (1, MoveStep.ENDING)
        assert load(sold.folder, False, {}).database_url is None
        later = sold.services()  # the program was ended before the address was kept
        assert later.server.answers().own == 1
        assert later.server.keep(sold.choice()).asks_owner
        assert later.server.keep(sold.choice(owner=OWNER)).kept
        assert later.owner.has_chosen()
        with closing(open_database(sold.url, "production")) as database:
            assert sum(database.reader.count_by_state().values()) == 1

    def test_they_move_by_the_owner_only_and_what_is_stopped_stays(self, sold: ServerOfShop) -> None:
        services = sold.services()
        services.owner.choose(OWNER)
        stopped = Cancel()
        stopped.cancel()
        with pytest.raises(StoreError, match="othing was moved"):
            services.server.move(sold.choice(), lambda _: None, stopped)
        later = sold.services()
        with pytest.raises(BadInput, match="Only the owner"):
            later.server.move(sold.choice(), lambda _: None, Cancel())
        assert later.server.test(sold.choice()).moves == 1

    def test_two_shops_are_not_mixed(self, sold: ServerOfShop) -> None:
        given_elsewhere(sold)
        found = sold.services().server.test(sold.choice())
        assert "wait for M-PESA" in red(found)
        assert found.stays == 1


def given_elsewhere(shop: ServerOfShop) -> None:
    open_database(shop.url, "production").close()
    shop.run_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO duka")


class TestWhereTheServerCannotBeAsked:
    """Its address or its password has changed: the same shop only, and its owner."""

    def test_only_the_shop_s_own_database_takes_its_place_by_the_owner_s_passphrase(self, shop: ServerOfShop) -> None:
        services = shop.services()
        assert services.server.keep(shop.choice()).kept
        services.owner.choose(OWNER)
        save(shop.folder, {"shortcode": "600123", "till_number": "512345"})
        shop.server.run_sql("ALTER ROLE duka PASSWORD 'another-one'")
        try:
            later = shop.services()
            changed = shop.choice(password="another-one", till="A")
            with pytest.raises(BadInput, match="never seen this till"):
                later.server.keep(changed)
            claimed(shop)
            found = later.server.keep(changed)
            assert (found.kept, found.asks_owner) == (False, True)
            with pytest.raises(BadInput, match="not the owner's passphrase"):
                later.server.keep(replace(changed, owner="somebody else's"))
            assert later.server.keep(replace(changed, owner=OWNER)).kept
            settings = load(shop.folder, False, {})
            assert "another-one" in str(shop_database(settings, shop.vaults.of(settings)))
        finally:
            shop.server.run_sql(f"ALTER ROLE duka PASSWORD '{SECRET}'")


def claimed(shop: ServerOfShop) -> None:
    mine = claim_of(load(shop.folder, False, {}))
    with closing(open_database(shop.url, "production")) as database, database.write() as transaction:
        transaction.set_setting(SETTING, claims_text({"A": mine}))


def test_over_a_network_nothing_is_sent_without_encryption(server: Server, tmp_path: Path) -> None:
    with Server() as open_server:
        url = open_server.create()
        elsewhere = sa.make_url(url).set(host="shop-server.example", query={"hostaddr": "127.0.0.1"})
        save(tmp_path, {"secrets": "memory", "database_url": elsewhere.render_as_string()})
        services = build_settings_services(tmp_path, Vaults({}, 2**4), {}, passphrases=QuickPassphrases())
        choice = ServerChoice(
            host="shop-server.example", port=open_server.port, name=str(elsewhere.database), user="postgres", till="A"
        )
        assert "offers no encryption (TLS)" in red(services.server.test(choice))

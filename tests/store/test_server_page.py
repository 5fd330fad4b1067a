"""What the page for whoever keeps a server says: its options start one, its SQL keeps the shops of a chain apart."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from pos_app.errors import StoreError
from pos_app.store.database import open_database
from pos_app.store.server_address import server_address
from tests.store.server import Server, cannot_run

PAGE = Path(__file__).parents[2] / "resources" / "server"
SHOPS = ("duka", "kiosk")


def compose() -> dict[str, dict[str, object]]:
    services = yaml.safe_load((PAGE / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert isinstance(services, dict)
    return services


def options() -> dict[str, str]:
    """What the container's server is started with."""
    command = compose()["database"]["command"]
    assert isinstance(command, list)
    program, *rest = command
    assert program == "postgres"
    assert set(rest[::2]) == {"-c"}
    return dict(said.split("=", 1) for said in rest[1::2])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One that runs as the page says, but for where its files are and what archives its log."""
    if why_not := cannot_run():
        pytest.skip(f"not tried on PostgreSQL: {why_not}")
    ours = {name: value for name, value in options().items() if not name.endswith("_file")}
    ours["archive_command"] = "true"
    hba = (PAGE / "pg_hba.conf").read_text(encoding="utf-8")
    with Server(strict=hba, options=[f"{name}={value}" for name, value in ours.items()]) as running:
        yield running


@pytest.fixture(scope="module")
def passwords(server: Server) -> dict[str, str]:
    """Two shops of a chain, made by the page's SQL; the password of each, which it says once."""
    said = [server.run_program("psql", "-v", f"shop={shop}", "-f", str(PAGE / "new-shop.sql")) for shop in SHOPS]
    return {shop: lines.split()[-1] for shop, lines in zip(SHOPS, said, strict=True)}


def address(server: Server, user: str, password: str, database: str, **query: str) -> str:
    made = sa.make_url(server_address("127.0.0.1", server.port, database, user))
    made = made.set(password=password, query={"sslmode": "require", "channel_binding": "require"} | query)
    return made.render_as_string(hide_password=False)


def test_the_container_has_what_the_page_speaks_of() -> None:
    database = compose()["database"]
    mounted = [str(one).split(":") for one in database["volumes"]]  # type: ignore[attr-defined]
    kept = {inside for _, inside, *_ in mounted}
    assert {str(Path(options()[name]).parent) for name in ("ssl_cert_file", "ssl_key_file")} <= kept
    assert options()["hba_file"] in kept
    assert all((PAGE / outside).exists() for outside, *_ in mounted if outside.endswith(".conf"))
    assert "/archive/%f" in options()["archive_command"]
    assert str(database["image"]).startswith("postgres:")


@pytest.mark.parametrize("user", SHOPS)
def test_a_till_opens_on_its_shop_s_database_by_tls_and_password(
    server: Server, passwords: dict[str, str], user: str
) -> None:
    open_database(address(server, user, passwords[user], user), "production").close()


@pytest.mark.parametrize(("mine", "other"), [SHOPS, SHOPS[::-1]])
def test_no_shop_gets_into_another_s(server: Server, passwords: dict[str, str], mine: str, other: str) -> None:
    open_database(address(server, other, passwords[other], other), "production").close()
    with pytest.raises(StoreError):
        open_database(address(server, mine, passwords[mine], other), "production")
    own = sa.create_engine(address(server, mine, passwords[mine], mine))
    with own.connect() as connection:
        may = sa.text("SELECT has_database_privilege(current_user, :other, 'CONNECT, CREATE, TEMPORARY')")
        assert connection.scalar(may, {"other": other}) is False
    own.dispose()
    seen = f"SELECT has_schema_privilege('{mine}', 'public', 'USAGE')"
    assert server.run_program("psql", "-d", other, "-Atc", seen) == "f\n"


def test_nobody_gets_in_without_tls_or_with_an_old_password(server: Server, passwords: dict[str, str]) -> None:
    old = passwords["duka"]
    with pytest.raises(StoreError, match="does not let this till in"):
        open_database(address(server, "duka", old, "duka", sslmode="disable", channel_binding="disable"), "production")
    said = server.run_program("psql", "-v", "shop=duka", "-f", str(PAGE / "new-password.sql"))
    passwords["duka"] = said.split()[-1]
    with pytest.raises(StoreError, match="does not let this till in"):
        open_database(address(server, "duka", old, "duka"), "production")
    open_database(address(server, "duka", passwords["duka"], "duka"), "production").close()


def test_a_shop_that_is_there_already_is_not_made_again(server: Server, passwords: dict[str, str]) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        server.run_program("psql", "-v", "shop=duka", "-f", str(PAGE / "new-shop.sql"))
    open_database(address(server, "duka", passwords["duka"], "duka"), "production").close()


def test_a_copy_can_be_put_back_on_trial(server: Server, passwords: dict[str, str], tmp_path: Path) -> None:
    with closing(open_database(address(server, "duka", passwords["duka"], "duka"), "production")):
        pass
    copy = str(tmp_path / "duka.dump")
    server.run_program("pg_dump", "-Fc", "-f", copy, "duka")
    server.run_program("createdb", "-O", "duka", "-T", "template0", "duka_trial")
    server.run_program("pg_restore", "-d", "duka_trial", copy)
    assert server.run_program("psql", "-d", "duka_trial", "-Atc", "SELECT count(*) FROM payment") == "0\n"
    server.run_program("dropdb", "duka_trial")


def test_every_file_that_the_page_names_is_there() -> None:
    words = (PAGE / "README.md").read_text(encoding="utf-8")
    for name in ("compose.yaml", "pg_hba.conf", "new-shop.sql", "new-password.sql"):
        assert f"`{name}`" in words or name in words
        assert (PAGE / name).is_file()


def test_no_shop_takes_the_connections_of_another(server: Server, passwords: dict[str, str]) -> None:
    said = server.run_program("psql", "-Atc", "SELECT rolconnlimit FROM pg_roles WHERE rolname IN ('duka', 'kiosk')")
    assert said == "83\n83\n"
    server.run_program("psql", "-v", "shop=soko", "-v", "tills=1", "-f", str(PAGE / "new-shop.sql"))
    assert server.run_program("psql", "-Atc", "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'soko'") == "13\n"

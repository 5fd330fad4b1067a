"""How safe the way to a shop's server has to be, by whichever door its address came in."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app.errors import StoreError
from pos_app.store.database import open_database
from pos_app.store.server_address import place_of_url, safe_way, with_password
from tests.store.server import Server, cannot_run
from tests.support.certificate import own_certificate

BOTH = {"sslmode": "require", "channel_binding": "require"}
TLS = {"sslmode": "require"}
HERE: dict[str, str] = {}
AWAY = {"host": "shop-server.example", "hostaddr": "127.0.0.1"}  # by its name no computer that is this one


def test_of_a_password_that_is_taken_for_a_port_nothing_is_said() -> None:
    url = "postgresql+psycopg://till:first@second:third@db.example/shop"
    assert (with_password(url, lambda _: "another"), place_of_url(url)) == (url, "")
    with pytest.raises(StoreError, match="cannot be used") as told:
        open_database(url, "sandbox")
    assert "third" not in told.value.user_text


@pytest.mark.parametrize(
    ("address", "environ", "way"),
    [
        ("duka:x@127.0.0.1/duka", {}, HERE),
        ("duka:x@localhost/duka", {}, HERE),
        ("duka:x@/duka", {}, HERE),
        ("duka:x@/duka?host=/run/postgresql", {}, HERE),
        ("duka:x@192.168.1.10/duka", {}, BOTH),
        ("duka@192.168.1.10/duka", {}, BOTH),  # the driver may find a password of its own
        ("duka:x@localhost/duka?hostaddr=192.168.1.10", {}, BOTH),
        ("duka:x@/duka?host=localhost,192.168.1.10", {}, BOTH),
        ("duka:x@/duka?service=shop", {}, BOTH),  # a file that may name any host
        ("duka:x@/duka", {"PGSERVICE": "shop"}, BOTH),
        ("duka:x@/duka", {"PGHOST": "192.168.1.10"}, BOTH),
        ("duka:x@localhost/duka", {"PGHOSTADDR": "192.168.1.10"}, BOTH),
        ("duka:x@localhost/duka", {"PGHOST": "192.168.1.10"}, HERE),
        ("duka:x@192.168.1.10/duka?sslmode=require", {}, {"channel_binding": "require"}),
        ("duka:x@192.168.1.10/duka?sslmode=require&channel_binding=disable", {}, HERE),
        ("duka:x@192.168.1.10/duka?channel_binding=disable", {}, TLS),
        ("duka:x@192.168.1.10/duka?sslmode=verify-full", {}, HERE),  # its certificate proves it
        ("duka:x@192.168.1.10/duka?sslmode=disable", {}, HERE),
        ("duka@192.168.1.10/duka?sslcert=till.crt", {}, TLS),
        ("duka:x@192.168.1.10/duka?sslcert=till.crt", {}, BOTH),
        ("duka@192.168.1.10/duka?sslcert=till.crt&password=x", {}, BOTH),
    ],
)
def test_one_rule_for_every_address(address: str, environ: dict[str, str], way: dict[str, str]) -> None:
    assert safe_way(sa.make_url(f"postgresql+psycopg://{address}"), environ) == way


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the till `njeri`, with its key."""
    path = tmp_path_factory.mktemp("till") / "njeri.pem"
    path.write_bytes(own_certificate("njeri"))
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[Server]:
    """One that asks user duka for the password itself, as one in between would, and njeri for a certificate."""
    if why_not := cannot_run():
        pytest.skip(f"not tried on PostgreSQL: {why_not}")
    hba = "hostssl all duka 0.0.0.0/0 password\nhostssl all njeri 0.0.0.0/0 cert\n"
    known = Path(shutil.copy(certificate, f"/tmp/kaunta-{os.getpid()}.pem"))  # where the server may read
    known.chmod(0o644)
    try:
        with Server(strict=hba, options=[f"ssl_ca_file={known}"]) as running:
            running.say("CREATE ROLE duka LOGIN SUPERUSER PASSWORD 'siri'", "CREATE ROLE njeri LOGIN SUPERUSER")
            yield running
    finally:
        known.unlink()


def opened(server: Server, url: str, **query: str) -> None:
    address = sa.make_url(url).update_query_dict(AWAY | query).set(host=None)
    open_database(address.render_as_string(hide_password=False), "practice").close()


def test_a_password_is_told_to_nobody_who_does_not_know_it(server: Server) -> None:
    url = sa.make_url(server.create()).set(username="duka", password="siri").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match=r"could not be made secure.*channel_binding"):
        opened(server, url)
    with pytest.raises(StoreError, match="could not be made secure"):
        opened(server, url, sslmode="require")
    opened(server, url, channel_binding="disable")


def test_a_till_is_let_in_by_its_certificate_alone(server: Server, certificate: Path) -> None:
    url = sa.make_url(server.create()).set(username="njeri").render_as_string()
    opened(server, url, sslcert=str(certificate), sslkey=str(certificate))

"""A PostgreSQL server that the tests start for themselves and stop again."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import pytest
import sqlalchemy as sa

from tests.support.certificate import own_certificate

_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)  # not on the PATH there
_USER = "postgres"  # the server refuses to run as root
_OWN = "host all postgres 127.0.0.1/32 trust\n"
_OTHERS = "hostssl all all 0.0.0.0/0 scram-sha-256\n"


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([*map(str, _DEBIAN), os.environ.get("PATH", "")]))


def cannot_run() -> str | None:
    """Why no server can be started here, or None where one can."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    if not (_program("initdb") and _program("pg_ctl")):
        return "no PostgreSQL server is installed"
    if os.geteuid() == 0 and _USER not in {entry.pw_name for entry in pwd.getpwall()}:
        return f"there is no user {_USER} to run it as"
    return None


def server_of_tests() -> Iterator["Server"]:
    """One that is there while a fixture is; says visibly where none can be had."""
    why_not = cannot_run()
    if why_not:
        pytest.skip(f"not tried on PostgreSQL: {why_not}")
    with Server() as server:
        yield server


class Server:
    """Runs on a free port of this computer, without the waits that make it safe.

    Args:
        strict: whether it has TLS, and lets everybody but its own user in by TLS and password only; or by which lines
            of a `pg_hba.conf`.
        options: as `postgres` takes them.

    Attributes:
        databases: the URLs of those that were made and are still there.
    """

    def __init__(self, *, strict: bool | str = False, options: Sequence[str] = ()) -> None:
        self._strict = strict
        self._options = options
        # Not in pytest's folder, which only its own user may enter.
        self._temporary = TemporaryDirectory(prefix="kaunta-server-")
        self._folder = Path(self._temporary.name) / "cluster"
        self._numbers = count(1)
        self.databases: list[str] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self._temporary.name, _USER)
        self._run("initdb", "-D", str(self._folder), "-A", "trust", "-U", _USER, "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        options += " -c fsync=off -c full_page_writes=off"
        for option in (*self._options, *(self._lock() if self._strict else ())):
            options += f" -c {option}"
        self._run("pg_ctl", "-D", str(self._folder), "-o", options, "-l", str(self._folder / "log"), "-w", "start")
        self._own = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._own.dispose()
        self._run("pg_ctl", "-D", str(self._folder), "-m", "immediate", "-w", "stop")
        self._temporary.cleanup()

    def _lock(self) -> list[str]:
        """A certificate, and who may come in; gives the settings that name them."""
        folder = Path(self._temporary.name)
        key, hba = folder / "server.key", folder / "pg_hba.conf"
        key.write_bytes(own_certificate())
        key.chmod(0o600)
        hba.write_text(_OWN + (self._strict if isinstance(self._strict, str) else _OTHERS))
        if os.geteuid() == 0:
            for each in (key, hba):
                shutil.chown(each, _USER)
        return ["ssl=on", f"ssl_cert_file={key}", f"ssl_key_file={key}", f"hba_file={hba}"]

    @property
    def port(self) -> int:
        return self._port

    def run_program(self, name: str, *arguments: str) -> str:
        """One of PostgreSQL's own, as its own user; gives what it prints.

        Raises:
            CalledProcessError: it failed; what it said is with it.
        """
        program = _program(name)
        assert program is not None
        known = {"PGHOST": "127.0.0.1", "PGPORT": str(self._port), "PGUSER": _USER, "PATH": os.defpath}
        done = subprocess.run([program, *arguments], check=True, capture_output=True, text=True, env=known)
        return done.stdout

    def run_sql(self, sql: str, database: str = "postgres") -> None:
        """As its own user, each statement by itself."""
        engine = sa.create_engine(self._url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(sql)
        engine.dispose()

    def create(self, name: str | None = None, template: str = "template1", *, own_role: bool = False) -> str:
        """Make a database, which belongs to a role of its own name where one is wanted; gives its URL."""
        name = name or f"till{next(self._numbers)}"
        owner = name if own_role else _USER
        with self._own.connect() as connection:
            if own_role:
                connection.exec_driver_sql(f"CREATE ROLE {owner} LOGIN")
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}")
        url = self._url(name, owner)
        self.databases.append(url)
        return url

    def drop(self, *urls: str) -> None:
        """Drop databases that were made, whoever is still connected: each takes 9 MB, of memory perhaps."""
        with self._own.connect() as connection:
            for url in urls:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {sa.make_url(url).database} WITH (FORCE)")
                self.databases.remove(url)

    def restart(self) -> None:
        """Stop it in the middle of whatever it does, and start it again, as an update of the computer does."""
        self._run("pg_ctl", "-D", str(self._folder), "-m", "fast", "-w", "restart", "-l", str(self._folder / "log"))
        self._own.dispose()

    def say(self, *statements: str, database: str = "postgres") -> None:
        """What whoever looks after the server types there."""
        engine = sa.create_engine(self._url(database), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    @property
    def process(self) -> int:
        """The id of the process whose children serve the connections."""
        return int((self._folder / "postmaster.pid").read_text().split()[0])

    def _url(self, name: str, user: str = _USER) -> str:
        return f"postgresql+psycopg://{user}@127.0.0.1:{self._port}/{name}"

    def _run(self, name: str, *arguments: str) -> None:
        program = _program(name)
        assert program is not None
        subprocess.run(
            [program, *arguments],
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=_USER if os.geteuid() == 0 else None,
        )

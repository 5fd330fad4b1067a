"""What is said when the server of a shop fails: the thing itself, and never what the server says."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app.errors import RowRefused, StoreError
from pos_app.store.database import open_database
from pos_app.store.engine import translated
from pos_app.store.server_words import fault_words, read_words, save_words, start_words
from tests.store.server import Server


class Raised(Exception):
    """What a driver raises; `sqlstate` where it knows one."""

    def __init__(self, text: str, sqlstate: str | None = None) -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (Raised('FATAL:  password authentication failed for user "njeri"'), "does not let this till in"),
        (Raised('FATAL:  no pg_hba.conf entry for host "10.0.0.7", user "njeri"'), "does not let this till in"),
        (Raised('FATAL:  database "njeri" does not exist'), "no database of that name"),
        (Raised("FATAL:  sorry, too many clients already"), "takes no more connections"),
        (Raised('FATAL:  too many connections for role "njeri"'), "takes no more connections"),
        (Raised("FATAL:  the database system is starting up"), "starting or stopping"),
        (Raised('could not translate host name "njeri.local" to address: unknown'), "not found by its name"),
        (Raised("connection to server at 10.0.0.7, port 5432 failed: Connection refused"), "No database server runs"),
        (Raised("connection timeout expired"), "does not answer: it, or the network to it, stands still"),
        (Raised("server does not support SSL, but SSL was required"), "could not be made secure"),
        (Raised("could not extend file njeri", "53100"), "disk of the database server is full"),
        (Raised("out of memory njeri", "53200"), "no room left for what it must do"),
        (Raised("cannot execute INSERT in a read-only transaction", "25006"), "takes no changes"),
        (Raised("permission denied for table njeri", "42501"), "does not allow this user"),
        (Raised("could not read block of njeri", "58030"), "its own files"),
        (Raised("canceling statement due to lock timeout njeri", "55P03"), "Another program holds what this would use"),
        (Raised("canceling statement due to statement timeout njeri", "57014"), "ended this: it took too long"),
        (Raised("njeri", "0A000"), "answers, and refuses this (0A000)"),
        (Raised("channel binding required, but njeri"), "did not prove that it knows the password"),
        (Raised("njeri", "08006"), "does not answer, or refuses"),
        (Raised("njeri"), "does not answer, or refuses"),
        (None, "does not answer, or refuses"),
    ],
)
def test_each_fault_has_its_own_words(raised: Raised | None, words: str) -> None:
    said = [fault_words(raised), save_words(raised), read_words(raised), start_words(raised)]
    assert all(words in one and "njeri" not in one and "disk is not full" not in one for one in said)
    assert "Charging has stopped" in said[1]


@pytest.mark.parametrize(
    ("sqlstate", "words"),
    [
        ("55P03", "another program holds what it would change"),
        ("57014", "it took too long"),
        ("40P01", "another program was changing the same"),
        ("54000", "it met a limit"),
    ],
)
def test_what_only_this_row_meets_is_not_called_a_disk_either(sqlstate: str, words: str) -> None:
    error = sa.exc.OperationalError("INSERT", {}, Raised("njeri", sqlstate))
    with pytest.raises(RowRefused, match=words) as refused, translated():
        raise error
    assert "disk" not in refused.value.user_text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"database": "no_such"}, "no database of that name"),
        ({"username": "nobody"}, "does not let this till in"),
        ({"host": "no-such-computer.invalid"}, "not found by its name"),
        ({"port": 1}, "No database server runs"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_server_that_cannot_be_used_is_not_called_a_disk(
    server: Server, changes: dict[str, str | int], words: str
) -> None:
    url = sa.make_url(server.create()).set(**changes)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=words):
        open_database(url.render_as_string(hide_password=False), "practice")


@pytest.mark.parametrize("address", ["mysql://root@localhost/till", "postgresql+psycopg2://root@localhost/till"])
def test_another_kind_of_server_is_refused_in_words(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        open_database(address, "practice")
    assert list(tmp_path.iterdir()) == []

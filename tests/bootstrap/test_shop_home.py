"""A data folder that was copied to elsewhere: nothing is sold from it unless somebody says that the till has moved."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.bootstrap.shop_home import SETTING, Elsewhere, Home, settle_here
from pos_app.bootstrap.till import open_till
from pos_app.domain.operators import Act
from pos_app.settings.settings import Settings, load
from pos_app.store.database import open_database
from tests.support.template import lay_database

SANDBOX = {
    "POS_ENVIRONMENT": "sandbox",
    "POS_SHORTCODE": "174379",
    "POS_SECRETS": "memory",
    "POS_DARAJA_URL": "http://127.0.0.1:9",  # the discard port: nobody listens
}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POS_CONSUMER_KEY", "POS_CONSUMER_SECRET", "POS_PASSKEY"):
        monkeypatch.setenv(name, "practice")


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """A till that was opened once."""
    folder = tmp_path / "here"
    folder.mkdir()
    lay_database(folder / "sandbox.db", "sandbox")
    settings = load(folder, False, SANDBOX)
    open_till(settings).close()
    return settings


def copied(settings: Settings) -> Settings:
    there = settings.data_dir.parent / "there"
    shutil.copytree(settings.data_dir, there)
    return load(there, False, SANDBOX)


def home_of(settings: Settings) -> Home | None:
    with closing(open_database(settings.data_dir / "sandbox.db", "sandbox")) as database:
        return Home.read(database.reader.setting(SETTING))


def test_a_copied_folder_is_not_sold_from_and_the_first_goes_on(here: Settings) -> None:
    there = copied(here)
    with pytest.raises(Elsewhere, match=r"two tills A.*moved here for good") as refused:
        open_till(there)
    assert str(here.data_dir) in refused.value.user_text
    open_till(here).close()
    assert home_of(there) == home_of(here) == Home.of(here)


def test_a_till_that_has_moved_goes_on_by_somebodys_word_which_stands_in_the_audit(here: Settings) -> None:
    there = copied(here)
    open_till(there, moved_here=True).close()
    with closing(open_database(there.data_dir / "sandbox.db", "sandbox")) as database:
        [line] = [line for line in database.reader.audit(9) if line.act is Act.SETTINGS]
    assert str(here.data_dir) in str(line.new)
    open_till(there).close()


def test_and_by_command(here: Settings) -> None:
    there = copied(here)
    assert str(here.data_dir) in settle_here(there)
    open_till(there).close()
    assert settle_here(there) == ""


def test_a_copy_of_its_own_that_is_put_back_asks_nobody(here: Settings) -> None:
    file = here.data_dir / "sandbox.db"
    before = file.read_bytes()
    open_till(here).close()
    file.write_bytes(before)
    open_till(here).close()


@pytest.mark.parametrize("text", [None, "", "{}", "[1]", '{"place": "x"}'])
def test_what_nobody_can_read_is_no_home(text: str | None) -> None:
    assert Home.read(text) is None

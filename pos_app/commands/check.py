"""`check`: what works, what does not, what to do. Asks nothing of M-PESA: a new access token would kill a till's."""

import argparse
import json
from collections.abc import Callable
from contextlib import closing
from typing import NamedTuple

from pos_app.app import hold_data_dir
from pos_app.config import Route, Settings, load
from pos_app.credentials import NAMES, load_keys
from pos_app.errors import Locked, Occupied, PosError
from pos_app.store.database import open_database
from pos_app.vault.vault import open_vault


class Finding(NamedTuple):
    """One line: `status` is green, amber or red."""

    name: str
    status: str
    words: str


def run(options: argparse.Namespace) -> int:
    """Print the findings; 0 where nothing is red, otherwise 2."""
    findings = examine(load(options.data_dir, options.practice))
    good = all(finding.status != "red" for finding in findings)
    if options.json:
        print(json.dumps({"ok": good, "checks": [finding._asdict() for finding in findings]}))
    else:
        print("\n".join(f"{finding.status:<6} {finding.name}: {finding.words}" for finding in findings))
    return 0 if good else 2


def examine(settings: Settings) -> list[Finding]:
    """Look at everything a till needs before it can charge."""
    return [
        _tried("Settings", lambda: _settings(settings)),
        _tried("Data folder", lambda: _data_folder(settings)),
        _tried("Database", lambda: _database(settings)),
        _tried("Keys", lambda: _keys(settings)),
        _route(settings),
    ]


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, "green", look())
    except (Occupied, Locked) as error:  # as it should be, and not to be looked into from here
        return Finding(name, "amber", error.user_text)
    except PosError as error:
        return Finding(name, "red", error.user_text)


def _settings(settings: Settings) -> str:
    missing = settings.missing()
    if missing:
        raise PosError("Missing: " + "; ".join(missing))
    return f"complete for {settings.environment}"


def _data_folder(settings: Settings) -> str:
    hold_data_dir(settings).release()
    return f"{settings.data_dir} can be written, and no till is open on it"


def _database(settings: Settings) -> str:
    with closing(open_database(settings.database, settings.environment)) as database:
        posts = len(database.reader.posts())
        unsettled = len(database.reader.open_payments(settings.till))
    return f"opens; {posts} posts, {unsettled} open payments of till {settings.till}"


def _keys(settings: Settings) -> str:
    if settings.practice:
        return "the simulator's own"
    vault = open_vault(settings)
    load_keys(settings, vault)
    return f"all three are there, in {' and '.join(dict.fromkeys(map(vault.where, NAMES)))}"


def _route(settings: Settings) -> Finding:
    if settings.callback is Route.NONE:
        return Finding("Results", "amber", "by asking only: receipt codes do not reach this till")
    return Finding("Results", "green", f"by {'practice' if settings.practice else settings.callback} callbacks")

"""The store in front of a real Secret Service: gnome-keyring on a private bus, without a display."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MISSING = [name for name in ("gnome-keyring-daemon", "dbus-run-session") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


class Computer:
    """A person's home on a computer; nothing of it is outside the test's folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        run = home / "run"
        run.mkdir(mode=0o700)
        outside = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND")
        self.environ = {name: value for name, value in os.environ.items() if name not in outside}
        self.environ |= {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_RUNTIME_DIR": str(run),
        }

    def session(self, password: str, *steps: str) -> list[str | None]:
        """Log in with the password, carry the steps out (tests/vault/session.py), log out."""
        ran = subprocess.run(
            ["dbus-run-session", "--", sys.executable, "-m", "tests.vault.session", password, *steps],
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert "canary" not in ran.stderr
        results: list[str | None] = json.loads(ran.stdout)
        return results


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def test_it_keeps_secrets_from_one_session_to_the_next(computer: Computer) -> None:
    first = computer.session(
        "the password", "words", "get passkey", "set passkey canary-1", "set consumer_key canary-2", "get passkey"
    )
    assert first == ["this computer's keyring (Secret Service)", None, None, None, "canary-1"]
    second = computer.session(
        "the password", "get passkey", "set passkey canary-3", "get passkey", "delete passkey", "get passkey"
    )
    assert second == ["canary-1", None, "canary-3", None, None]
    assert computer.session("the password", "get passkey", "get consumer_key") == [None, "canary-2"]
    files = [path for path in computer.home.rglob("*") if path.is_file()]
    assert [path for path in files if path.suffix == ".keyring"]
    assert not [path for path in files if b"canary" in path.read_bytes()]


def test_a_locked_one_says_so_and_does_not_hang(computer: Computer) -> None:
    computer.session("the password", "set passkey canary-1")
    got = computer.session("another password", "get passkey", "set passkey canary-2", "delete passkey")
    for words in got:
        assert words is not None
        assert words.startswith("KeyringLocked: This computer's keyring is locked")
    assert computer.session("the password", "get passkey") == ["canary-1"]


def test_without_a_bus_there_is_no_keyring(computer: Computer) -> None:
    """On a computer whose session has gone, the library finds nothing that keeps a secret."""
    ran = subprocess.run(
        [sys.executable, "main.py", "charge", "--post", "1", "--phone", "0712345678", "--data-dir", computer.home],
        cwd=ROOT,
        env={
            **computer.environ,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={computer.home}/none",
            "POS_ENVIRONMENT": "sandbox",
            "POS_SHORTCODE": "174379",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("This computer has no keyring that keeps the M-PESA keys safe. Nothing was sent.")
    assert ran.stdout == ""

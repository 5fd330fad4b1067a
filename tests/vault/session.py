"""One session of a person at a computer with a Secret Service, in a process of its own.

Run as `python -m tests.vault.session PASSWORD STEP...` under `dbus-run-session`. Each step is `get NAME`,
`set NAME VALUE`, `delete NAME` or `words`, as one argument; what each gave is printed, as a JSON list.
"""

import json
import subprocess
import sys

from pos_app.errors import PosError
from pos_app.vault.keyring import KeyringStore

LIMIT = 20.0  # seconds; a step that takes longer hangs


def main(password: str, steps: list[str]) -> None:
    """Log in, carry the steps out, print what each gave."""
    # It goes to the background as soon as it is ready, and ends with the bus.
    subprocess.run(
        ["gnome-keyring-daemon", "--unlock", "--components=secrets"],
        input=password,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    store = KeyringStore("kaunta-sandbox", limit=LIMIT)
    sys.stdout.write(json.dumps([_carry_out(store, step.split()) for step in steps]))


def _carry_out(store: KeyringStore, step: list[str]) -> str | None:
    try:
        match step:
            case ["words"]:
                return store.words()
            case ["get", name]:
                return store.read(name)
            case ["set", name, value]:
                store.write({name: value})
            case ["delete", name]:
                store.write({name: None})
            case _:
                raise ValueError(step)
    except PosError as error:
        return f"{type(error).__name__}: {error.user_text}"
    return None


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

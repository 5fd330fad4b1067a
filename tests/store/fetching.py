"""A till that fetches the shop's access token, as a process of its own, to be killed meanwhile.

    python -m tests.store.fetching DATABASE DARAJA SECONDS

Args:
    SECONDS: that it may fetch while the others wait.
"""

import sys
from contextlib import closing

from tests.store.tills import a_till


def main(database: str, daraja: str, lease: str) -> None:
    with closing(a_till(database, daraja, lease=float(lease))) as client:
        client.warm()
    print("fetched")  # noqa: T201 - what the test must never read


if __name__ == "__main__":
    main(*sys.argv[1:])

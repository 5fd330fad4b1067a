"""Renewing the shop's key in a database without a till, as the command does."""

from datetime import datetime

from pos_app.domain.links import LinkKey
from pos_app.sales.build import build_key_renewal, build_staff, open_books
from pos_app.store.database import Database
from tests.support.fakes import START, FakeClock, KeysInMemory, QuickPassphrases
from tests.support.staff import PASSPHRASE


def renew(database: Database, till: str, key: LinkKey | None, at: datetime = START) -> LinkKey:
    """Renew the key as this till, which linked by another one; gives the new one."""
    keys = KeysInMemory()
    database.link_lines(till, lambda: key)
    books = open_books(database, database.reader, FakeClock(at))
    books.writer.start()
    try:
        authority = build_staff(books, QuickPassphrases()).authority
        if not authority.passphrase.chosen():
            authority.passphrase.choose(PASSPHRASE)
        build_key_renewal(books, authority, keys).renew(PASSPHRASE)
    finally:
        books.writer.stop()
    assert keys.key
    return keys.key.links

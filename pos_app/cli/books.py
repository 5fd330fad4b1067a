"""The shop's books without a till, for commands; SQLite lets them write beside one."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pos_app.bootstrap.kept_file import kept_file
from pos_app.bootstrap.practice import add_sample_posts
from pos_app.bootstrap.shop_database import shop_database
from pos_app.bootstrap.shop_home import only_read_where_copied
from pos_app.cli.console import Console
from pos_app.messages.window import UPGRADING
from pos_app.sales.access_by_hand import AccessByHand
from pos_app.sales.binding import Binding
from pos_app.sales.build import (
    Books,
    Erasing,
    StaffServices,
    build_access,
    build_binding,
    build_cards,
    build_catalogue,
    build_days,
    build_erasure,
    build_key_renewal,
    build_links,
    build_owner,
    build_retention,
    build_staff,
    open_books,
)
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.customer_cards import CustomerCards
from pos_app.sales.days import ShopDays
from pos_app.sales.erasure import Erasure
from pos_app.sales.key_renewal import KeyRenewal
from pos_app.sales.links import Links
from pos_app.sales.owner import Owner
from pos_app.sales.retention import Retention
from pos_app.settings.settings import Settings
from pos_app.store.backups.backup import LARGE
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases
from pos_app.vault.erasure_key import VaultErasureKeys
from pos_app.vault.vault import open_vault


@dataclass(frozen=True)
class OpenShop:
    """What a command may read and change without a till."""

    books: Books
    staff: StaffServices
    catalogue: Catalogue
    owner: Owner
    access: AccessByHand
    binding: Binding
    cards: CustomerCards
    days: ShopDays
    erasure: Erasure
    retention: Retention
    links: Links
    renewal: KeyRenewal


def say_upgrading() -> None:
    """Bringing the database up to date takes long: said on standard error."""
    Console().warn(UPGRADING)


def say_where_large(database: Path) -> None:
    """A large database takes a while to be looked through: said on standard error."""
    if database.is_file() and database.stat().st_size > LARGE:
        Console().warn("It is copied and looked through, which takes a while for so many payments...")


@contextmanager
def open_shop(settings: Settings) -> Iterator[OpenShop]:
    """Open the database of the shop; what was begun is saved when it closes again. Where bringing it up to date takes
    long, that is said on standard error; so it is where the shop has moved to a server, or the folder was copied, and
    the books can only be read here.

    Raises:
        StoreError: it cannot be opened.
    """
    vault = open_vault(settings)
    location = shop_database(settings, vault)
    with closing(open_database(location, settings.environment, say_upgrading, left_too=True)) as database:
        if database.left:
            Console().warn(f"{database.left} What follows is how it was when it moved.")
        elif copied := only_read_where_copied(settings, database):
            Console().warn(copied)
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        try:
            staff = build_staff(books, Argon2Passphrases())
            catalogue = build_catalogue(books, staff.authority, "command")
            keys = VaultErasureKeys(settings, vault)
            links = build_links(books, keys)
            database.link_lines(settings.till, links.find)
            if settings.practice:
                add_sample_posts(catalogue)
            erasing = Erasing(keys=keys, sweep=database.sweep, kept=kept_file(settings).read)
            yield OpenShop(
                books=books,
                staff=staff,
                catalogue=catalogue,
                owner=build_owner(books, staff.authority),
                access=build_access(books, staff.authority),
                binding=build_binding(books, staff.authority, settings.till),
                cards=build_cards(books, staff),
                days=build_days(books, staff.authority, settings.till),
                erasure=build_erasure(books, staff.authority, erasing),
                retention=build_retention(books, staff.authority),
                links=links,
                renewal=build_key_renewal(books, staff.authority, keys),
            )
        finally:
            books.writer.stop()

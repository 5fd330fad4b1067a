"""`posts`: the catalogue."""

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager

from pos_app.bootstrap.practice import add_sample_posts
from pos_app.cli.console import Console
from pos_app.cli.output import post_json, post_row
from pos_app.cli.owner import let_owner_pass
from pos_app.domain.catalogue import draft_post
from pos_app.domain.money import DEFAULT_PRICE
from pos_app.domain.post_csv import decode, read_csv
from pos_app.errors import BadInput
from pos_app.messages.catalogue import for_ever_words
from pos_app.sales.build import build_catalogue, open_books
from pos_app.sales.catalogue import Catalogue
from pos_app.settings.settings import Settings, load
from pos_app.store.database import open_database
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases


def add(options: argparse.Namespace) -> int:
    """Add one post."""
    price = DEFAULT_PRICE if options.price is None else options.price
    draft = draft_post(options.title, price, options.days, highest=options.highest)
    with _catalogue(load(options.data_dir, options.practice)) as catalogue:
        let_owner_pass(catalogue)
        post = catalogue.add(draft)
    console = Console()
    if options.json:
        console.result(post_json(post))
    else:
        console.say(f"Added: {post_row(post).strip()}")
    return 0


def import_file(options: argparse.Namespace) -> int:
    """Add the posts of a CSV file, all or none."""
    try:
        content = options.file.read_bytes()
    except OSError:
        raise BadInput(f"The file {options.file} cannot be read. Nothing was imported.") from None
    drafts = read_csv(decode(content))
    with _catalogue(load(options.data_dir, options.practice)) as catalogue:
        let_owner_pass(catalogue)
        posts = catalogue.add_all(drafts)
    console = Console()
    if options.json:
        console.result([post_json(post) for post in posts])
    else:
        console.say(f"{len(posts)} posts added.")
        if words := for_ever_words(posts):
            console.warn(words)
    return 0


def show(options: argparse.Namespace) -> int:
    """List every post."""
    with _catalogue(load(options.data_dir, options.practice)) as catalogue:
        posts = catalogue.posts()
    console = Console()
    if options.json:
        console.result([post_json(post) for post in posts])
    else:
        console.say("\n".join(map(post_row, posts)) or 'No posts yet. Add one: main.py posts add "Day pass" --price 50')
    return 0


@contextmanager
def _catalogue(settings: Settings) -> Iterator[Catalogue]:
    """The catalogue without a till; SQLite lets it write beside one."""
    with closing(open_database(settings.database, settings.environment)) as database:
        books = open_books(database, database.reader, SystemClock())
        books.writer.start()
        try:
            catalogue = build_catalogue(books, Argon2Passphrases(), "command")
            if settings.practice:
                add_sample_posts(catalogue)
            yield catalogue
        finally:
            books.writer.stop()

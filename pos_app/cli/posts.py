"""`posts`: the catalogue."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import post_json, post_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.catalogue import draft_post
from pos_app.domain.money import DEFAULT_PRICE
from pos_app.domain.operators import Act
from pos_app.domain.post_csv import decode, read_csv
from pos_app.errors import BadInput
from pos_app.messages.catalogue import for_ever_words
from pos_app.sales.catalogue import Catalogue
from pos_app.settings.settings import load


def add(options: argparse.Namespace) -> int:
    """Add one post."""
    price = DEFAULT_PRICE if options.price is None else options.price
    draft = draft_post(options.title, price, options.days, highest=options.highest)
    with _changing(options) as catalogue:
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
    with _changing(options) as catalogue:
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
    with open_shop(load(options.data_dir, options.practice)) as shop:
        posts = shop.catalogue.posts()
    console = Console()
    if options.json:
        console.result([post_json(post) for post in posts])
    else:
        console.say("\n".join(map(post_row, posts)) or 'No posts yet. Add one: main.py posts add "Day pass" --price 50')
    return 0


@contextmanager
def _changing(options: argparse.Namespace) -> Iterator[Catalogue]:
    """The catalogue, for whoever may change it."""
    who = read_who(options.operator)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        sign_in(shop.staff.operators, who)
        passphrase = owner_for(shop.staff.authority, Act.POSTS)
        if passphrase:
            shop.catalogue.unlock(passphrase)
        yield shop.catalogue

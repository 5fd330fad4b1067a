"""`posts`: the catalogue."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.export import check_target
from pos_app.cli.output import post_change_json, post_json, post_row, step_json, step_row
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.catalogue import draft_post
from pos_app.domain.money import DEFAULT_PRICE
from pos_app.domain.operators import Act
from pos_app.domain.post_import import ImportPlan, StepKind
from pos_app.errors import BadInput
from pos_app.messages.catalogue import for_ever_words, history_line, posts_words
from pos_app.messages.post_import import imported_words, new_or_changed, plan_words
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
    """Add and change the posts of a CSV file, all or none; or only say what that would do."""
    if options.dry_run:
        return _look(options)
    with _changing(options) as catalogue:
        plan = catalogue.files.look(options.file)
        done = catalogue.files.carry_out(plan)
    console = Console()
    if options.json:
        console.result([post_json(post) for post in done.posts])
        return 0
    console.say(imported_words(len(done.added), len(done.changed)))
    if words := for_ever_words(new_or_changed(plan)):
        console.warn(words)
    return 0


def _look(options: argparse.Namespace) -> int:
    """Say what each line would do; 2 where one cannot be used."""
    with open_shop(load(options.data_dir, options.practice)) as shop:
        plan = shop.catalogue.files.look(options.file)
    console = Console()
    if options.json:
        console.result(_plan_json(plan))
    else:
        told = [step_row(step) for step in plan.steps if step.kind is not StepKind.SAME]
        console.say("\n".join((*told, plan_words(plan), "Nothing was imported: this was a dry run.")))
    return 2 if plan.of(StepKind.BAD) else 0


def _plan_json(plan: ImportPlan) -> dict[str, object]:
    counts = {kind.value: len(plan.of(kind)) for kind in StepKind}
    return counts | {"categories": list(plan.categories), "lines": [step_json(step) for step in plan.steps]}


def export(options: argparse.Namespace) -> int:
    """Write every post to a CSV file that imports again."""
    check_target(options.file, force=options.force)
    with open_shop(load(options.data_dir, options.practice)) as shop:
        count = shop.catalogue.files.export(options.file)
    console = Console()
    if options.json:
        console.result({"posts": count})
    else:
        console.say(f"{posts_words(count)} in {options.file}.")
    return 0


def history(options: argparse.Namespace) -> int:
    """Say what was done to a post, newest first."""
    with open_shop(load(options.data_dir, options.practice)) as shop:
        reader = shop.books.reader
        if reader.post(options.post) is None:
            raise BadInput(f"There is no post {options.post}. `posts list` says which there are.")
        changes = reader.post_changes(options.post, options.limit)
    console = Console()
    if options.json:
        console.result([post_change_json(change) for change in changes])
    else:
        console.say("\n".join(map(history_line, changes)))
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

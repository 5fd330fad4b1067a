"""`operators`: who serves at the till. The owner's passphrase is asked for each change."""

import argparse
from collections.abc import Callable
from functools import partial

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.output import operator_json, operator_row
from pos_app.cli.owner import chosen_or_first, new_pin, owner_for
from pos_app.domain.operators import Act, Operator, read_name, read_role
from pos_app.messages import operators as words
from pos_app.sales.authority import Authority
from pos_app.sales.operators import Operators
from pos_app.settings.settings import load

SEEN = {"totals": Act.TOTALS, "numbers": Act.REVEAL}  # by the names that commands have for them


def add(options: argparse.Namespace) -> int:
    """Add one; with the first, who has no passphrase chooses it."""
    role, pin = read_role(options.role), new_pin(read_name(options.name))
    return _change(
        options,
        lambda operators, passphrase: operators.add(options.name, role, pin, passphrase),
        "Added",
        ask=chosen_or_first,
    )


def role(options: argparse.Namespace) -> int:
    """Give one another role."""
    wanted = read_role(options.role)
    return _change(
        options,
        lambda operators, passphrase: operators.change(operators.named(options.name), passphrase, role=wanted),
        "Changed",
    )


def on(options: argparse.Namespace) -> int:
    """Let one serve again."""
    return _switch(options, True, "Switched on")


def off(options: argparse.Namespace) -> int:
    """Let one serve no more; what they did keeps their name."""
    return _switch(options, False, "Switched off")


def pin(options: argparse.Namespace) -> int:
    """Give one a new PIN, where the old one was forgotten or seen."""
    typed = new_pin(options.name)

    def work(operators: Operators, passphrase: str) -> Operator:
        operator = operators.named(options.name)
        operators.set_pin(operator, typed, passphrase)
        return operator

    return _change(options, work, "New PIN for")


def show(options: argparse.Namespace) -> int:
    """List every operator, also those switched off."""
    with open_shop(load(options.data_dir, options.practice)) as shop:
        found = shop.staff.operators.all()
    console = Console()
    if options.json:
        console.result([operator_json(operator) for operator in found])
    else:
        none = 'No operators: whoever stands at the till serves. Add one: main.py operators add "Amina" --role operator'
        console.say("\n".join(map(operator_row, found)) or none)
    return 0


def may(options: argparse.Namespace) -> int:
    """Choose what everybody with the role operator may see; without a choice, say it."""
    choices = {act: word == "yes" for name, act in SEEN.items() if (word := getattr(options, name))}
    with open_shop(load(options.data_dir, options.practice)) as shop:
        operators, authority = shop.staff.operators, shop.staff.authority
        allowed = operators.allow(choices, owner_for(authority, Act.ROLES)) if choices else operators.allowed()
    console = Console()
    if options.json:
        console.result({name: act in allowed for name, act in SEEN.items()})
    else:
        console.say("\n".join(f"{words.SEES[act]}: {words.MAY[act in allowed]}" for act in SEEN.values()))
    return 0


def _switch(options: argparse.Namespace, active: bool, done: str) -> int:
    return _change(
        options,
        lambda operators, passphrase: operators.change(operators.named(options.name), passphrase, active=active),
        done,
    )


def _change(
    options: argparse.Namespace,
    work: Callable[[Operators, str], Operator],
    done: str,
    ask: Callable[[Authority], str] = partial(owner_for, act=Act.ROLES),
) -> int:
    with open_shop(load(options.data_dir, options.practice)) as shop:
        operator = work(shop.staff.operators, ask(shop.staff.authority))
    console = Console()
    if options.json:
        console.result(operator_json(operator))
    else:
        console.say(f"{done}: {operator_row(operator).strip()}")
    return 0

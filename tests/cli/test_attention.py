"""`attention`: what needs a person, by command."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import NewPayment, Remark, State
from pos_app.domain.payment_line import PaymentLine
from pos_app.settings.settings import load
from pos_app.store.database import open_database
from tests.cli.conftest import Command
from tests.support.builders import a_line
from tests.support.fakes import START


def new(line: PaymentLine, number: int) -> NewPayment:
    phone, address = f"2547{number:08}", f"{number:064x}"
    opened = START - timedelta(days=1)
    return NewPayment(till="A", lines=(line,), phone=phone, address=address, retry_of=None, created_at=opened)


def test_nothing_waits(command: Command) -> None:
    ran = command("attention", "--practice")
    assert ran.code == 0
    assert ran.out == (
        "PRACTICE · not real money\nAll clear: every payment has an answer, and nothing waits for you.\n"
    )
    told = command("attention", "--practice", "--json").json
    assert (told["count"], told["items"], set(told["counts"].values())) == (0, [], {0})


def test_what_waits_ends_with_5(command: Command) -> None:
    command("posts", "list", "--practice")
    settings = load(None, practice=True)
    with closing(open_database(settings.database, settings.environment)) as database, database.write() as transaction:
        post = transaction.add_post(draft_post("Maji", 20))
        for number in range(32):
            payment = transaction.add_payment(new(a_line(post), number))
            transaction.update(payment, replace(payment, state=State.REVIEW))
        payment = transaction.add_payment(new(a_line(post), 99))
        transaction.update(payment, replace(payment, state=State.EXPIRED, remarks=frozenset({Remark.CODE_LOST})))
    ran = command("attention", "--practice")
    lines = ran.out.splitlines()
    assert (ran.code, lines[1]) == (5, "33 things need a person")
    assert lines[2].startswith(f"Needs checking: {payment.number[:10]}")
    assert "0700 ••• 000, KES 20 (" in lines[2]
    assert lines[-2].startswith("Code lost: ")
    assert lines[-1] == "and 2 more: needs checking"
    told = command("attention", "--practice", "--json")
    assert (told.code, told.json["count"], told.json["counts"]["review"]) == (5, 33, 32)
    last = told.json["items"][-1]
    assert (last["concern"], last["remarks"], last["counts"]) == ("look", ["code_lost"], True)
    assert "254700" not in told.out

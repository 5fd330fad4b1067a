"""The audit as people read it."""

from dataclasses import replace

import pytest

from pos_app.domain.audit import AuditLine
from pos_app.domain.operators import Act, Role
from pos_app.messages.audit import WHAT, audit_words, who_words
from tests.support.fakes import START

LINE = AuditLine(at=START, act=Act.POSTS, subject="post 7 price", old="50", new="60")


def test_each_act_has_its_words() -> None:
    assert set(WHAT) == set(Act)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LINE, "changed post 7 price: 60, before 50"),
        (replace(LINE, old=None), "changed post 7 price: 60"),
        (replace(LINE, new=""), "changed post 7 price: nothing, before 50"),
        (replace(LINE, act=Act.CHARGE, subject="A-1", old=None, new="KES 50"), "charged A-1: KES 50"),
        (replace(LINE, act=Act.PRINT, subject="A-1", old=None, new=None), "printed the receipt of A-1"),
        (replace(LINE, act=Act.REVEAL, subject="A-1", old=None, new="shown"), "saw the phone number of A-1"),
        (replace(LINE, act=Act.SIGN_IN, subject="operator 1", new="signed in"), "signed in"),
    ],
)
def test_what_was_done(line: AuditLine, words: str) -> None:
    assert audit_words(line) == words


def test_who_did_it() -> None:
    hers = replace(LINE, operator_id=1, operator="Amina", role=Role.OPERATOR)
    assert [who_words(line) for line in (LINE, replace(LINE, owner=True), hers, replace(hers, owner=True))] == [
        "-",
        "the owner",
        "Amina (operator)",
        "Amina, with the owner's passphrase",
    ]

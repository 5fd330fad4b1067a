"""Who may do what, written out; names and PINs as people type them."""

import pytest

from pos_app.domain.operators import (
    LEFT_TO_OWNER,
    RULES,
    Act,
    Actor,
    Need,
    Operator,
    Role,
    find_operator,
    need,
    read_name,
    read_pin,
    read_role,
)
from pos_app.errors import BadInput

YES, SIGN, PASS, OFF = Need.NOTHING, Need.SIGN_IN, Need.PASSPHRASE, Need.OFF
EVERYBODY = (
    Act.SIGN_IN,
    Act.CHARGE,
    Act.LOOK_UP,
    Act.PRINT,
    Act.CODE,
    Act.REVEAL,
    Act.TOTALS,
    Act.NAME,
    Act.NOTE,
)
# With operators: nobody signed in, operator, supervisor, owner. Without: with the owner's passphrase, without one.
TABLE = {
    **dict.fromkeys(EVERYBODY, (SIGN, YES, YES, YES, YES, YES)),
    Act.ACCESS: (SIGN, PASS, YES, YES, PASS, OFF),
    Act.CLOSE: (SIGN, PASS, YES, YES, PASS, YES),
    Act.POSTS: (SIGN, PASS, YES, YES, PASS, YES),
    Act.STATEMENT: (SIGN, PASS, YES, YES, PASS, OFF),
    Act.BIND: (SIGN, PASS, YES, YES, PASS, OFF),
    Act.SETTLE: (SIGN, PASS, PASS, YES, PASS, OFF),
    Act.REFUND: (SIGN, PASS, PASS, YES, PASS, OFF),
    Act.ERASE: (SIGN, PASS, PASS, YES, PASS, OFF),
    Act.AUDIT: (SIGN, PASS, PASS, YES, PASS, YES),
    Act.SETTINGS: (SIGN, PASS, PASS, YES, PASS, YES),
    Act.KEYS: (PASS, PASS, PASS, PASS, PASS, YES),
    Act.SEAL: (PASS, PASS, PASS, PASS, PASS, OFF),
    Act.ROLES: (PASS, PASS, PASS, PASS, PASS, OFF),
}


# The same row of what is left to the owner, who has said no.
SAID_NO = (SIGN, PASS, YES, YES, YES, YES)


def row(act: Act, kept: str | None) -> tuple[Need, ...]:
    with_operators = [
        need(act, role, staffed=True, passphrase_chosen=lambda: True, kept={LEFT_TO_OWNER.get(act, ""): kept}.get)
        for role in (None, *Role)
    ]
    without = [
        need(act, None, staffed=False, passphrase_chosen=answer, kept=lambda _: kept)
        for answer in (lambda: True, lambda: False)
    ]
    return (*with_operators, *without)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("kept", [None, "yes", "no"])
def test_rule_16_the_roles(act: Act, kept: str | None) -> None:
    assert row(act, kept) == (SAID_NO if kept == "no" and act in (Act.REVEAL, Act.TOTALS) else TABLE[act])


def test_each_act_has_its_rule() -> None:
    assert set(RULES) == set(Act)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_where_the_passphrase_is_lost_a_role_is_no_more_than_it_is(role: Role) -> None:
    assert need(Act.SETTLE, role, staffed=True, passphrase_chosen=lambda: False, kept=lambda _: None) is Need.OFF


@pytest.mark.parametrize("pin", ["1234", "00000000", "98765"])
def test_a_pin_is_4_to_8_digits(pin: str) -> None:
    assert read_pin(pin) == pin


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "123",
        "123456789",
        "12 34",
        " 1234",
        "1234\n",
        "12e4",
        "\u0661\u0662\u0663\u0664",
        "\uff11\uff12\uff13\uff14",
        "-1234",
    ],
)
def test_nothing_else_is_one(pin: str) -> None:
    with pytest.raises(BadInput, match=r"^A PIN has 4 to 8 digits and nothing else\. Nothing was changed\.$"):
        read_pin(pin)


def test_a_name_is_kept_as_it_is_typed_but_for_blanks() -> None:
    assert read_name("  Mama  Njeri ") == "Mama Njeri"
    assert read_name("N" * 24) == "N" * 24
    assert read_name("Ami\u202en\u200da") == "Amina"  # nobody is another one by what nobody sees


@pytest.mark.parametrize(
    ("name", "words"), [(" ", "needs a name"), ("Ami\x00na", "cannot be shown"), ("N" * 25, "25 characters; 24 fit")]
)
def test_what_is_no_name(name: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_name(name)


def test_a_name_is_found_however_it_is_spelt() -> None:
    amina, brian = (Operator(id=id, name=name, role=Role.OPERATOR) for id, name in ((1, "Amina Ali"), (2, "Brian")))
    assert find_operator([amina, brian], " amina  ALI") == amina
    assert find_operator([amina, brian], "Amin") is None


@pytest.mark.parametrize("spelt", ["Jos\u00e9 Otieno", "JOSE\u0301\u00a0OTIENO", "\uff2aos\u00e9  Otieno"])
def test_a_name_is_the_same_however_its_letters_are_put_together(spelt: str) -> None:
    jose = Operator(id=3, name="Jose\u0301 Otieno", role=Role.OPERATOR)
    assert find_operator([jose], spelt) == jose
    assert find_operator([jose], "Jose Otieno") is None


def test_a_role_is_one_of_three() -> None:
    assert [read_role(text) for text in ("operator", " Supervisor", "OWNER")] == list(Role)
    with pytest.raises(BadInput, match="A role is operator, supervisor, owner: 'boss' is none"):
        read_role("boss")


def test_who_acts() -> None:
    amina = Operator(id=3, name="Amina", role=Role.OPERATOR)
    assert (Actor().operator_id, Actor().role) == (None, None)
    assert (Actor(amina).operator_id, Actor(amina).role) == (3, Role.OPERATOR)
    assert (Actor(amina, owner=True).operator_id, Actor(amina, owner=True).role) == (3, Role.OWNER)

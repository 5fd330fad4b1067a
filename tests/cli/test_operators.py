"""Operators, roles and the audit by command: the same rules as everywhere, secrets never as an argument."""

import pytest

from pos_app.domain.operators import Role
from tests.cli.conftest import Command, Ran
from tests.support.staff import NAMES, PASSPHRASE, PINS


class Shop:
    """A practice shop, and its commands given by somebody."""

    def __init__(self, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        self._command = command
        self._monkeypatch = monkeypatch

    def run(self, *words: str, pin: str = "", passphrase: str = "") -> Ran:
        for variable, value in (("POS_OPERATOR_PIN", pin), ("POS_OWNER_PASSPHRASE", passphrase)):
            if value:
                self._monkeypatch.setenv(variable, value)
            else:
                self._monkeypatch.delenv(variable, raising=False)
        return self._command(*words, "--practice")

    def by(self, role: Role | None, *words: str, passphrase: str = "") -> Ran:
        """Whoever has this role gives a command; None: nobody is named."""
        if role is None:
            return self.run(*words, passphrase=passphrase)
        return self.run(*words, "--operator", NAMES[role], pin=PINS[role], passphrase=passphrase)

    def hire(self) -> None:
        """One operator of each role."""
        for role in Role:
            added = self.run(
                "operators", "add", NAMES[role], "--role", role, "--json", pin=PINS[role], passphrase=PASSPHRASE
            )
            assert (added.code, added.json["name"], added.json["role"]) == (0, NAMES[role], role)


@pytest.fixture
def shop(command: Command, monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(command, monkeypatch)


CHARGE = ("charge", "--post", "4", "--phone", "0712345678", "--wait", "20", "--json")
COMMANDS = {
    "charge": CHARGE,
    "payments": ("payments", "--json"),
    "posts add": ("posts", "add", "Soap", "--price", "40", "--json"),
    "audit": ("audit", "--json"),
}
# Who is named: nobody, operator, supervisor, owner.
TABLE = {
    "charge": (False, True, True, True),
    "payments": (False, True, True, True),
    "posts add": (False, False, True, True),
    "audit": (False, False, False, True),
}


def test_rule_16_who_may_do_what_by_command(shop: Shop) -> None:
    shop.hire()
    for name, row in TABLE.items():
        for role, may in zip((None, *Role), row, strict=True):
            ran = shop.by(role, *COMMANDS[name])
            said = f"{name} by {role}: {ran.code} {ran.err}"
            if may:
                assert ran.code in (0, 4), said
                assert ran.json is not None
            else:
                assert (ran.code, ran.out) == (2, ""), said
                words = "Nobody is signed in here" if role is None else "Set POS_OWNER_PASSPHRASE"
                assert words in ran.err, said


def test_rule_16_money_back_is_the_owner_s_by_command(shop: Shop) -> None:
    paid = shop.run(*CHARGE).json
    back = ("refund", str(paid["id"]), "--amount", "10", "--code", "UKR0000001", "--reason", "cold tea", "--json")
    assert "off until the owner has chosen a passphrase" in shop.run(*back).err
    shop.hire()
    for role in (None, Role.OPERATOR, Role.SUPERVISOR):
        ran = shop.by(role, *back)
        assert (ran.code, ran.out) == (2, ""), ran.err
    assert shop.by(Role.OWNER, *back).json["refunded"] == 10


def test_the_owner_chooses_what_operators_may_see(shop: Shop) -> None:
    shop.run(*CHARGE)
    may = ("operators", "may")
    assert shop.run(*may, "--json").json == {"totals": True, "numbers": True}
    assert "off until the owner has chosen a passphrase" in shop.run(*may, "--numbers", "no").err
    shop.hire()
    for passphrase in ("", "a guess"):
        assert shop.run(*may, "--numbers", "no", passphrase=passphrase).code == 2
    assert shop.run(*may, "--numbers", "no", "--json", passphrase=PASSPHRASE).json == {"totals": True, "numbers": False}
    told = shop.run(*may, "--totals", "no", passphrase=PASSPHRASE).out
    assert "Sees the day's totals, and sums of payments: No, only a supervisor or the owner does\n" in told
    assert told == shop.run(*may).out
    refused = shop.by(Role.OPERATOR, *COMMANDS["payments"])
    assert (refused.code, refused.out) == (2, "")
    assert "This is for a supervisor or the owner. Set POS_OWNER_PASSPHRASE" in refused.err
    assert "0712 ••• 678" in shop.by(Role.OPERATOR, "payments").out
    for role, passphrase in ((Role.OPERATOR, PASSPHRASE), (Role.SUPERVISOR, ""), (Role.OWNER, "")):
        assert shop.by(role, *COMMANDS["payments"], passphrase=passphrase).json[0]["phone"] == "254712345678"
    lines = shop.by(Role.OWNER, "audit", "--limit", "20").out
    assert "the owner  changed setting operators_numbers: no, before yes" in lines
    assert "Amina, with the owner's passphrase  saw the phone number of 1 payments by command" in lines


def test_with_the_owner_s_passphrase_the_owner_does_it_whoever_is_named(shop: Shop) -> None:
    shop.hire()
    assert shop.by(Role.OPERATOR, *COMMANDS["posts add"], passphrase=PASSPHRASE).code == 0
    newest = shop.by(Role.OPERATOR, *COMMANDS["audit"], passphrase=PASSPHRASE).json[1]
    assert (newest["operator"], newest["role"], newest["owner"]) == ("Amina", "owner", True)
    assert shop.by(None, *COMMANDS["posts add"], passphrase=PASSPHRASE).code == 2  # nobody is named


def test_a_payment_names_who_charged_and_the_audit_has_it(shop: Shop) -> None:
    assert shop.run(*CHARGE).json["operator"] is None
    shop.hire()
    charged = shop.by(Role.OPERATOR, *(word if word != "0712345678" else "0722345678" for word in CHARGE)).json
    assert charged["operator"] == "Amina"
    shop.by(Role.SUPERVISOR, "payments", "--json")
    lines = shop.by(Role.OWNER, "audit", "--json", "--limit", "5").json
    assert [(line["act"], line["operator"], line["subject"]) for line in lines] == [
        ("sign_in", "Njeri", "operator 3"),
        ("reveal", "Brian", "2 payments by command"),
        ("sign_in", "Brian", "operator 2"),
        ("charge", "Amina", charged["number"]),
        ("sign_in", "Amina", "operator 1"),
    ]
    assert lines[3]["new"] == "KES 30"
    told = shop.by(Role.OWNER, "audit", "--limit", "7").out
    assert f"Amina (operator)  charged {charged['number']}: KES 30" in told


@pytest.mark.parametrize("name", ["charge", "payments"])
def test_a_wrong_pin_sends_nothing_and_is_counted(shop: Shop, name: str) -> None:
    shop.hire()
    refused = shop.run(*COMMANDS[name], "--operator", "Amina", pin="9999")
    assert (refused.code, refused.out) == (2, "")
    assert "Wrong PIN. 4 tries left." in refused.err
    assert "Wrong PIN. 3 tries left." in shop.run(*COMMANDS[name], "--operator", "amina", pin="9999").err
    assert "There is no operator 'Zoe'" in shop.run(*COMMANDS[name], "--operator", "Zoe", pin="1111").err
    assert "Amina needs a PIN. Set POS_OPERATOR_PIN" in shop.run(*COMMANDS[name], "--operator", "Amina").err
    assert shop.by(Role.OWNER, "payments", "--json").json == []


def test_a_command_that_names_nobody_says_how(shop: Shop) -> None:
    shop.hire()
    assert "Sign in with your PIN. A command takes --operator NAME." in shop.run(*COMMANDS["payments"]).err


def test_roles_and_pins_ask_for_the_owner_s_passphrase(shop: Shop) -> None:
    assert "No operators" in shop.run("operators", "list").out
    refused = shop.run("operators", "add", "Amina", "--role", "operator", pin="1111")
    assert (refused.code, refused.out) == (2, "")
    assert "Set POS_OWNER_PASSPHRASE" in refused.err
    shop.hire()
    for words in (("off", "Amina"), ("on", "Amina"), ("role", "Amina", "--role", "owner"), ("pin", "Amina")):
        for passphrase in ("", "a guess"):
            assert shop.run("operators", *words, pin="5555", passphrase=passphrase).code == 2
    assert "   1  Amina  operator\n" in shop.run("operators", "list").out


def test_the_owner_changes_them(shop: Shop) -> None:
    shop.hire()
    assert (
        "Changed: 1  Amina  supervisor"
        in shop.run("operators", "role", "AMINA", "--role", "supervisor", passphrase=PASSPHRASE).out
    )
    assert "New PIN for: 1  Amina" in shop.run("operators", "pin", "Amina", pin="7777", passphrase=PASSPHRASE).out
    assert shop.by(Role.OPERATOR, *CHARGE).code == 2  # by the old PIN
    assert shop.run(*COMMANDS["posts add"], "--operator", "Amina", pin="7777").code == 0
    assert "Amina  supervisor  (off)" in shop.run("operators", "off", "Amina", passphrase=PASSPHRASE).out
    assert "switched off" in shop.run(*CHARGE, "--operator", "Amina", pin="7777").err
    assert shop.run("operators", "on", "Amina", passphrase=PASSPHRASE).code == 0
    assert [one["active"] for one in shop.run("operators", "list", "--json").json] == [True] * 3


@pytest.mark.parametrize(
    ("words", "pin", "said"),
    [
        (("add", "Amina", "--role", "boss"), "1111", "A role is operator, supervisor, owner"),
        (("add", " ", "--role", "owner"), "1111", "An operator needs a name"),
        (("add", "Amina", "--role", "owner"), "12", "A PIN has 4 to 8 digits"),
        (("add", "Amina", "--role", "owner"), "", "Amina needs a PIN. Set POS_OPERATOR_PIN"),
        (("off", "Amina"), "", "There is no operator 'Amina'"),
    ],
)
def test_what_cannot_be_is_said_and_nobody_is_added(shop: Shop, words: tuple[str, ...], pin: str, said: str) -> None:
    ran = shop.run("operators", *words, pin=pin, passphrase=PASSPHRASE)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert shop.run("operators", "list", "--json").json == []


@pytest.mark.parametrize("words", [("off", "Amina"), ("role", "Amina", "--role", "owner"), ("pin", "Amina")])
def test_only_the_first_operator_brings_the_passphrase(shop: Shop, words: tuple[str, ...]) -> None:
    """A command that changes nothing has chosen none: it would be a slip of the hand, for ever."""
    ran = shop.run("operators", *words, pin="1111", passphrase="a slip of it")
    assert (ran.code, "There is no operator 'Amina'" in ran.err) == (2, True)
    shop.hire()


class TestInATerminal:
    """`getpass` shows nothing of what is typed."""

    @pytest.fixture(autouse=True)
    def _terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("pos_app.cli.owner._is_terminal", lambda _stream: True)

    def typing(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
        asked: list[str] = []
        left = list(answers)

        def answer(prompt: str) -> str:
            asked.append(prompt)
            return left.pop(0)

        monkeypatch.setattr("getpass.getpass", answer)
        return asked

    def test_what_is_new_is_typed_twice(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = self.typing(monkeypatch, "1111", "1111", PASSPHRASE, PASSPHRASE)
        assert shop.run("operators", "add", "Amina", "--role", "owner").code == 0
        assert asked == [
            "A PIN for Amina, 4 to 8 digits: ",
            "The PIN once more: ",
            "Choose the owner's passphrase: ",
            "The passphrase once more: ",
        ]
        self.typing(monkeypatch, "1111")
        assert shop.run("audit", "--operator", "Amina").code == 0
        asked = self.typing(monkeypatch, PASSPHRASE)
        assert shop.run("operators", "off", "Amina").code == 0
        assert asked == ["The owner's passphrase: "]

    def test_the_recovery_code_is_shown_once_and_typed_when_it_is_needed(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.typing(monkeypatch, "1111", "1111", PASSPHRASE, PASSPHRASE)
        told = shop.run("operators", "add", "Amina", "--role", "owner").err
        code = next(line.strip() for line in told.splitlines() if line.startswith("    "))
        asked = self.typing(monkeypatch, code, "mama njeri 1988", "mama njeri 1989")
        assert "The two are not the same" in shop.run("owner", "recover").err
        assert asked == ["The recovery code: ", "A new passphrase: ", "The passphrase once more: "]
        self.typing(monkeypatch, code, "mama njeri 1988", "mama njeri 1988")
        assert shop.run("owner", "recover").code == 0
        self.typing(monkeypatch, "mama njeri 1988")
        assert shop.run("owner", "code").code == 0

    @pytest.mark.parametrize("answers", [("1111", "1112"), ("1111", "1111", PASSPHRASE, "another one")])
    def test_the_second_time_differently_changes_nothing(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
    ) -> None:
        self.typing(monkeypatch, *answers)
        ran = shop.run("operators", "add", "Amina", "--role", "owner")
        assert (ran.code, "The two are not the same" in ran.err) == (2, True)
        assert shop.run("operators", "list", "--json").json == []


def test_the_first_command_of_a_practice_shop_may_add_an_operator(shop: Shop) -> None:
    """The samples are nobody's act: they come although only a supervisor or the owner may add posts."""
    shop.hire()
    assert len(shop.run("posts", "list", "--json").json) == 6


class TestAForgottenPassphrase:
    NEW = "mama njeri 1988"

    def code(self, shop: Shop) -> str:
        made = shop.run("owner", "code", "--json", passphrase=PASSPHRASE)
        assert made.code == 0, made.err
        return str(made.json["recovery_code"])

    def test_a_new_one_is_chosen_by_the_recovery_code(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        shop.hire()
        monkeypatch.setenv("POS_OWNER_RECOVERY_CODE", self.code(shop))
        told = shop.run("owner", "recover", passphrase=self.NEW)
        assert told.code == 0, told.err
        assert "The new passphrase counts from now on." in told.out
        assert "does not open that file" in told.out
        again = shop.run("owner", "recover", passphrase=PASSPHRASE)
        assert (again.code, again.out) == (2, "")
        assert "only the newest one counts" in again.err
        assert shop.run("owner", "code", passphrase=PASSPHRASE).code == 2
        assert "A new recovery code was made" in shop.run("owner", "code", passphrase=self.NEW).out
        lines = shop.by(Role.OWNER, "audit", "--limit", "3").out
        assert "the owner  changed owner's passphrase, by the recovery code: changed" in lines
        assert "the owner  changed recovery code: changed" in lines

    def test_neither_is_an_argument(self, shop: Shop) -> None:
        shop.hire()
        assert "Set POS_OWNER_PASSPHRASE" in shop.run("owner", "code").err
        assert "Set POS_OWNER_RECOVERY_CODE" in shop.run("owner", "recover", passphrase=self.NEW).err

    def test_the_code_of_the_first_passphrase_goes_to_a_terminal_only(self, shop: Shop) -> None:
        added = shop.run("operators", "add", "Amina", "--role", "owner", pin="1111", passphrase=PASSPHRASE)
        assert added.code == 0
        assert "shown in a terminal only" in added.err

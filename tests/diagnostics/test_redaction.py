"""What must not leave the shop is taken out of a text; what helps stays in it."""

import pytest

from pos_app.diagnostics.redaction import Redactor

PAYMENT = "2026-11-23 14:03:07,123 INFO    payment A-20261123-0042: callback result 0: prompted -> paid, granted"


@pytest.mark.parametrize(
    "text",
    [
        PAYMENT,
        "copied the database to practice-20261123-070000.db [pos_app.store.backups.backup, copies]",
        "simulated M-PESA at http://127.0.0.1:8787",
        "check green  Connection: Encrypted connection to api.safaricom.co.ke in 214 ms",
        "payment A-20261123-0042: push not sent 400.002.02: requested -> not_sent",
        "https://sandbox.safaricom.co.ke answered HTTP 500",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert Redactor(["Mama Njeri Shop", "Tea"])(text) == text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("of 0712345678", "712345678"),
        ("of 0712 345 678.", "345 678"),
        ("of +254-712-345-678", "345-678"),
        ("of 254712345678", "712345678"),
        ("masked 712•••678", "678"),
        ("masked 0712 ••• 678", "678"),
        ("ws_CO_23112026140000001712345678", "23112026"),
        ("ws_CO_23112026140000001•••", "23112026"),
        ("id 29115-34620561-1 came", "34620561"),
        ("id c6f2-4a5f-92a1-dd5a8e5c5e0d12345 came", "dd5a8e5c"),
        ("code UKN4X7Q2ZT came", "UKN4X7Q2ZT"),
        ("at https://till.example.co.ke/stk/ab12", "example"),
        ("at /stk/Ab-12_cd", "Ab-12_cd"),
        ("tunnel tcp://0.tcp.eu.ngrok.io:1", "ngrok"),
        ("at ab12-41-80.ngrok-free.app now", "ab12"),
        ("http://127.0.0.1.evil.example/x", "evil"),
        ("write to njeri@example.co.ke", "njeri"),
        ("hash " + "0a" * 20, "0a0a"),
        ("token yzZk8GtQRc2Ahsd7L0PqVbXn41Ms", "yzZk8Gt"),
        ("secret Xh2kPq9RtLmZw4Ab", "Xh2kPq9R"),
        ("bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919", "bfb279f9"),
        ("account 1234567890123", "1234567890"),
    ],
)
def test_what_is_nobody_else_s_goes(text: str, secret: str) -> None:
    assert secret not in Redactor([])(text)


def test_names_go_as_whole_words_in_any_case() -> None:
    redact = Redactor(["Mama Njeri Shop", "Njeri", "Tea", "A", "  "])
    assert redact("shown at MAMA NJERI SHOP; Njeri bought tea and a teapot from A") == (
        "shown at [hidden]; [hidden] bought [hidden] and a teapot from A"
    )


def test_folders_are_called_by_what_they_are() -> None:
    redact = Redactor([], {"/home/njeri/.local/share/Kaunta": "[data folder]", "/home/njeri": "~"})
    text = "in /home/njeri/.local/share/Kaunta/till.lock, from /home/njeri/kaunta/main.py"
    assert redact(text) == "in [data folder]/till.lock, from ~/kaunta/main.py"


def test_a_name_with_signs_of_its_own_is_taken_as_it_stands() -> None:
    assert Redactor(["(C++) & .*"])("post (C++) & .* and cab") == "post [hidden] and cab"

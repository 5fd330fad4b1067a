"""A shop with several tills in words: its database server, and which computer has which letter. Plain text, no Qt."""

from pos_app.check_result import Status, Verdict
from pos_app.messages.copies import payments_words

TITLE = "Several tills"
LEAD = (
    "A shop with several counters keeps its payments on one database server, so that each till sees what the others "
    "do. A shop with one till needs none."
)
ALONE, SERVER = "This computer alone", "The shop's server"
ALONE_WORDS = "The payments are in a file on this computer, which copies it by itself. It can move to a server later."
SERVER_WORDS = "Whoever keeps the server gives you its address, a database, a user and a password for this shop."
HOST, PORT, NAME, USER, PASSWORD = "Address of the server", "Port", "Database", "User", "Password"
LETTER = "This till's letter"
LETTER_HINT = (
    "One or two characters, such as B or C2. It stands in each payment's number, and no other till of the shop has it."
)
KEPT = "Kept. Type only to replace it."
TLS_HINT = "Outside this computer the connection must be encrypted (TLS), and the password proves the server, too."
OWNER = "Owner's passphrase of the shop on that server"
OWNER_HINT = "The server that is set now cannot be asked who the owner is, so the one that is typed here is."
TEST = "Test the server"
VACANT = "That letter is another computer's, which is not open now"
VACANT_OTHER, VACANT_TAKE = "Another letter", "This computer takes its place"
VACANT_OTHER_WORDS = "That computer will be used again: two tills with one letter would mix up their payments."
VACANT_TAKE_WORDS = "That computer is gone for good, or its till has moved to here."
STAYS = "The payments in this computer's own file"
STAYS_NOT, STAYS_HERE = "Wait", "They stay in the file"
STAYS_NOT_WORDS = "That server has a shop already, and two shops' payments are not mixed. Nothing is changed."
STAYS_HERE_WORDS = "This computer becomes a till of that shop. The file is kept; no till shows its payments any more."
MOVE = "Move the payments now"
MOVE_HINT = (
    "Every payment, customer and close comes to the server, and is compared there: all of it, or nothing. The file "
    "stays, as a copy, and nothing is sold from it any more. It takes about a minute for a hundred thousand payments."
)
MOVED = "Moved"
STOP = "Stop, and leave them here"
STOPPING = "It is being stopped..."
CHANGE = "Close the till and change this..."
CHANGE_HINT = "The till closes for this, and opens again with what is set then. Payments stay as they are."
UNCHANGED = "Nothing was changed."
NO_HOST = (
    "The address of the server is a number such as 192.168.1.10 or a name, and its port a number, usually 5432. "
    f"{UNCHANGED}"
)
NO_NAME = f"Type the name of the database and its user, in plain letters and figures. {UNCHANGED}"
NO_LETTER = (
    f"A till's letter is a capital letter, or one with a letter or figure behind it, such as B or C2. {UNCHANGED}"
)
NOT_NOW = (
    "This computer's own file has payments that wait for M-PESA, or answers that could not be saved yet. Open the till "
    f"as it was, wait until nothing is in progress, then come back. {UNCHANGED}"
)
NOT_THIS_SHOP = (
    "The server that is set cannot be asked who the owner is, and that database has never seen this till. Meanwhile "
    f"only the shop's own database can take its place, at another address or with another password. {UNCHANGED}"
)
ASKS_OWNER = (
    "The server that is set cannot be asked who the owner is. Type the owner's passphrase of the shop on that server. "
    f"{UNCHANGED}"
)
NEXT_APP = (
    "The tills of one shop use the same keys of M-PESA. Each other shop, with a database of its own, needs a "
    "Daraja app of its own."
)


def where_words(*, on_server: bool, letter: str, host: str, name: str, own: int) -> str:
    """Where the payments are now, as the settings say it."""
    if on_server:
        return f"This till has the letter {letter}. The payments are on the server {host}, in the database {name}."
    many = f" ({payments_words(own)})" if own else ""
    return f"This shop has one till, {letter}. The payments are in a file on this computer{many}."


def answers_words(tls: str, connections: int) -> str:
    """That the server answers, and how many tills it has room for."""
    how = f"encrypted ({tls})" if tls else "not encrypted, which stays on this computer"
    return f"It answers, {how}. It takes {connections} connections; a till holds three, and ten at most."


def shop_verdict(known: bool, payments: int, *, older: bool) -> Verdict:
    """Whose database it is, and what opening it means for the other tills."""
    if not known:
        return Verdict(Status.GREEN, "The database is empty: this till begins the shop there.")
    there = f"A shop with {payments_words(payments)} is there: this computer becomes one of its tills."
    if older:
        return Verdict(
            Status.AMBER,
            f"{there} It is of an older Kaunta, and this one brings it up to date: close the other tills, and install "
            "the newer version there before they open again.",
        )
    return Verdict(Status.GREEN, there)


def move_words(payments: int) -> str:
    """That what is here comes along."""
    return f"What this computer's own file has ({payments_words(payments)}) moves to the server first."


def stay_words(payments: int, *, stays: bool) -> str:
    """That what is here cannot come along."""
    if stays:
        return f"What is in this computer's own file ({payments_words(payments)}) stays: no till shows it any more."
    return (
        f"This computer's own file has {payments_words(payments)}, and the server has a shop already: two shops' "
        "payments are not mixed."
    )


def letter_words(letter: str, taken: str) -> str:
    """That the letter can be had, and who has which."""
    return f"This till can be {letter}. {taken}"


def takes_words(letter: str, taken: str) -> str:
    """That it takes another computer's place."""
    return f"This till takes the place of the one that was {letter}. {taken}"

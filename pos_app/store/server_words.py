"""What is said when a shop's database server fails: what is wrong with it, and where to look."""

from typing import Final

_SET = " (Settings, Several tills)"  # where its address is changed
_NO_ANSWER = (
    "The database server does not answer: it, or the network to it, stands still. Check the network, the server and "
    "its address (Settings, Several tills)."
)
_OTHER = (
    "The database server does not answer, or refuses. Check the network, the server and its address (Settings, Several "
    "tills)."
)
_REFUSES = "The database server answers, and refuses this ({state}). Let whoever keeps it look into its log."
# By what the server, or the way to it, says; the first that fits. Of a connection that is refused there is no code.
_BY_TEXT: Final = (
    (
        ("does not support ssl",),
        "The database server offers no encryption (TLS). Nothing was sent to it: the connection could not be made "
        "secure. Let whoever keeps it switch on TLS.",
    ),
    (
        ("channel binding",),
        "The database server did not prove that it knows the password: it wants none, keeps it in an old way, or a "
        "pool stands before it. No password was sent: the connection could not be made secure. Let whoever keeps it "
        "use passwords of the kind scram-sha-256; of a pool, or a certificate, the address says so (channel_binding).",
    ),
    (
        ("permission denied for database",),
        "The database server does not allow this user to use that database. Let whoever keeps it give the user this "
        "shop's own.",
    ),
    (
        ("too many clients", "too many connections", "remaining connection slots"),
        "The database server takes no more connections: too many programs use it. Close what is not needed, or let it "
        "take more (max_connections).",
    ),
    (
        ("password", "authentication", "pg_hba.conf", "not permitted to log in", 'role "'),
        "The database server does not let this till in. Check user name and password (Settings, Several tills), and "
        "who may connect there (pg_hba.conf).",
    ),
    (
        ('database "',),
        "The database server has no database of that name. Check the end of its address (Settings, Several tills).",
    ),
    (
        ("starting up", "shutting down", "recovery mode", "administrator command"),
        "The database server is starting or stopping. Wait a minute.",
    ),
    (
        (
            "translate host name",
            "resolve host",
            "name or service not known",
            "nodename nor servname",
            "name resolution",
        ),
        "The computer of the database server is not found by its name. Check the network, and its address (Settings, "
        "Several tills).",
    ),
    (
        ("connection refused", "is the server running"),
        "No database server runs at its address (Settings, Several tills). Start it, or check address and port.",
    ),
    (
        ("timeout", "timed out", "in time", "no route to host", "unreachable"),
        _NO_ANSWER,
    ),
    (
        ("ssl", "certificate", "tls"),
        "The connection to the database server could not be made secure. Check its certificate, and its address "
        "(Settings, Several tills).",
    ),
)
_BY_STATE: Final = (
    ("53100", "The disk of the database server is full. Make room there."),
    ("53", "The database server has no room left for what it must do. Look at its memory and its connections."),
    ("25006", "The database server takes no changes: it is a copy, or was set to be read only. Use the one that does."),
    ("42501", "The database server does not allow this user to do that. Let the user of its address own the database."),
    ("58", "The database server cannot read or write its own files. Look at its disk."),
    ("55P03", "Another program holds what this would use on the database server. Wait until it has ended."),
    ("57014", "The database server ended this: it took too long, or somebody has ended it there."),
    ("40", "Another program was changing the same on the database server."),
)
_WAYS: Final = ("08", "57P")  # what the server says of the way to it, or of its own start and end
_ROW = "The database server did not save this: it met a limit, or rows that it cannot read."
_BY_ROW: Final = (
    ("55P03", "The database server did not save this: another program holds what it would change."),
    ("57014", "The database server did not save this: it took too long, or somebody has ended it there."),
    ("40", "The database server did not save this: another program was changing the same."),
)


def trial_words(error: BaseException | None) -> str:
    """What is wrong with a server whose address is only just typed."""
    return fault_words(error).replace(_SET, "")


def fault_words(error: BaseException | None) -> str:
    """What is wrong with the server, and where to look; nothing of what it says itself, which may hold a name.

    Args:
        error: what the driver raised.
    """
    state = getattr(error, "sqlstate", None) or ""
    for beginning, words in _BY_STATE:
        if state.startswith(beginning):
            return words
    said = str(error).lower()
    for parts, words in _BY_TEXT:
        if any(part in said for part in parts):
            return words
    return _REFUSES.format(state=state) if state and not state.startswith(_WAYS) else _OTHER


def row_words(error: BaseException | None) -> str:
    """What is wrong with one statement or the rows it meets, where others may be saved."""
    state = getattr(error, "sqlstate", None) or ""
    words = next((words for beginning, words in _BY_ROW if state.startswith(beginning)), _ROW)
    return f"{words} Charging has stopped until this is saved. It is tried again by itself where it must not be lost."


def save_words(error: BaseException | None) -> str:
    """The same where something should have been saved."""
    return f"{fault_words(error)} Charging has stopped so no payment is lost. It goes on by itself when saving works."


def read_words(error: BaseException | None) -> str:
    """The same where something was looked up."""
    return f"{fault_words(error)} Nothing could be looked up, and nothing was changed. Then try again."


def start_words(error: BaseException | None) -> str:
    """The same where the database should have been opened."""
    return f"{fault_words(error)} Nothing was changed. Then start again."

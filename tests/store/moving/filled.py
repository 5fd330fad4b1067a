"""A shop's file in which every table has rows, with all kinds of values that can stand in them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

AT, LATER = "2026-11-23 11:03:00.000000", "2026-11-23 11:03:09.120345"
ODD = "a\tb\nc\\d\r\b\f\v \"quoted\" 'too' é ☕ 𝄞 \\N \\. NULL"
BYTES = bytes(range(256))
_LINKED = {"writer": "A", "link": bytes(32)}

ROWS: dict[str, list[dict[str, Any]]] = {
    "setting": [{"key": "zebra", "value": ""}, {"key": "Ärger", "value": ODD}, {"key": "a_b", "value": "{}"}],
    "category": [{"id": 3, "name": "Vinywaji", "name_key": "vinywaji", "place": 1}],
    "operator": [
        {"id": 1, "name": "Amina", "name_key": "amina", "role": "owner", "active": 1, "pin": "none", "tries": None},
        {"id": 7, "name": "Zoë", "name_key": "zoë", "role": "operator", "active": 0, "pin": "none", "tries": "2 9.5"},
    ],
    "post": [
        {"id": 2, "title": ODD, "price": 250, "days": None, "active": 1, "category_id": 3, "favourite": 1},
        {"id": 9, "title": "Maji", "price": 1, "days": 0, "active": 0, "highest": 250_000, "barcode": "0123"},
    ],
    "post_change": [
        {"id": 1, "at": AT, "post_id": 2, "field": "price", "old": None, "new": "250", "source": "command"},
        {"id": 2, "at": LATER, "post_id": 2, "field": "title", "old": "", "new": "x", "source": "window", "owner": 1},
    ],
    "post_word": [{"word": "maji", "post_id": 9}, {"word": "Übel", "post_id": 2}, {"word": "ubel", "post_id": 2}],
    "customer": [
        {"id": 1, "phone": "254708374149", "name": ODD},
        {"id": 4, "phone": "e-1-149", "name": None, "phone_hash": "ab" * 32, "erased_at": LATER},
    ],
    "customer_word": [{"word": "𝄞", "customer_id": 1}, {"word": "\ue000", "customer_id": 1}],
    "payment": [
        {"id": number, "number": f"A-20261123-{number:04}", "till": "A", "day": "2026-11-23", "day_seq": number,
         "customer_id": 1, "amount": 250, "address": f"{number:064x}", "state": state, "created_at": AT,
         "updated_at": LATER, "version": 1, **more}
        for number, state, more in (
            (1, "paid", {"receipt": "UKN4X7Q2ZT", "amount_paid": 250, "completed_at": AT, "closed_at": LATER,
                         "remark": "late", "operator_id": 7, "checkout_request_id": "ws_CO_1", "chain": 1}),
            (2, "requested", {"retry_of": 1, "chain": 1}),
            (3, "prompted", {"checkout_request_id": "ws_CO_3", "next_check_at": LATER}),
            (5, "unknown", {"merchant_request_id": "m-5", "next_check_at": AT}),
            (6, "review", {"remark": "amount_differs", "receipt_typed": "UKN4X7Q2ZU", "reason": ODD}),
        )
    ],
    "payment_line": [
        {"payment_id": 1, "line": 1, "post_id": 2, "title": ODD, "price": 250, "quantity": 1},
        {"payment_id": 2, "line": 1, "post_id": 9, "title": "Maji", "price": 25, "quantity": 999, "days": 0},
        *({"payment_id": number, "line": 1, "post_id": 2, "title": "Maji", "price": 250, "quantity": 1}
          for number in (3, 5, 6)),
    ],
    "payment_past": [{"payment_id": 2, "past_id": 1, "state": "prompted"}],
    "payment_event": [
        {"id": 1, "payment_id": 1, "at": AT, "source": "push", "kind": "answer", "outcome": "applied",
         "before": "requested", "after": "prompted"},
        {"id": 40, "payment_id": 1, "at": LATER, "source": "callback", "kind": "result", "outcome": "applied",
         "before": "prompted", "after": "paid", "code": "0", "detail": ODD, "body": '{"Body": "' + "x" * 70_000 + '"}',
         "seq": 1, "salts": BYTES, **_LINKED},
    ],
    "head": [{"till": "A", "seq": 2, "link": BYTES[:32]}, {"till": "B2", "seq": 1, "link": BYTES[-32:]}],
    "repeated": [{"payment_id": 1, "kind": "unreadable, ignored", "times": 70_000, "last_at": LATER}],
    "grant": [
        {"payment_id": 1, "line": 1, "customer_id": 1, "post_id": 2, "granted_at": AT, "access": 1, "until": None,
         "starts_at": LATER, "withdrawn_at": None},
    ],
    "access_by_hand": [
        {"id": 1, "customer_id": 1, "post_id": 9, "given_at": AT, "days": 7, "starts_at": AT, "until": LATER,
         "reason": ODD, "operator_id": 7},
    ],
    "refund": [
        {"id": 1, "payment_id": 1, "at": LATER, "amount": 50, "code": "UKN4X7Q2ZV", "reason": "half", "source": "owner",
         "status": "done", "withdrawn": 0},
    ],
    "note": [
        {"id": 1, "at": AT, "operator_id": 7, "payment_id": 1, "text": ODD},
        {"id": 2, "at": AT, "customer_id": 4, "text": ""},
    ],
    "audit": [
        {"id": 1, "at": AT, "act": "settings", "owner": 1, "subject": ODD, "old": None, "new": ODD, "seq": 2,
         **_LINKED},
        {"id": 2, "at": LATER, "act": "sign_in", "owner": 0, "subject": "", "operator_id": 7, "role": "operator"},
    ],
    "day_close": [
        {"number": 117, "at": LATER, "till": "A", "owner": 1, "last_payment_id": 5, "received": 2**40, "refunded": 50,
         "returned": 0, "report": '{"net": 200}'},
    ],
    "close_supplement": [{"close_number": 117, "part": 1, "digest": "d" * 64, "report": ODD}],
    "record_file": [
        {"id": 1, "digest": "f" * 64, "origin": "statement", "at": AT, "owner": 0, "short_code": "600000", "rows": 1,
         "agrees": 1, "fills": 0, "settles": 0, "differs": 0, "unprompted": 0, "fee": 0, "sweep": 0, "reversal": 0,
         "unreadable": 0, "covered_first": AT},
    ],
    "record_row": [
        {"id": 1, "file_id": 1, "receipt": "UKN4X7Q2ZT", "kind": "payment", "incoming": 1, "row_key": "",
         "cents": 2**40, "at": AT, "linked": "", "outcome": "agrees", "payment_id": 1, "digits": "149", "phone": "",
         "name": ODD, "account": ""},
        {"id": 2, "file_id": 1, "receipt": "UKN4X7Q2ZW", "kind": "payment", "incoming": 1, "row_key": "k", "cents": 0,
         "at": AT, "linked": "", "outcome": "unprompted", "digits": "", "phone": "", "name": "", "account": "",
         "word": "bound", "bound_id": 6, "worded_by": 7, "worded_at": LATER, "forgotten": 1, "learnt_by": 1},
    ],
    "seal_block": [
        {"seal": "s" * 16, "journal": journal, "number": number, "digest": BYTES[:32], "tags": BYTES, "lines": 64}
        for journal, number in ((0, 2**40), (1, 0))
    ],
    "access_token": [{"id": "one", "token_id": "t", "sealed": BYTES, "ends_at": 1.5}],
    "public_address": [{"id": 1, "holder": "one", "run": "r", "till": "A", "address": "", "stays": 1, "state": "down",
                        "words": ODD, "since": 1.5, "lease_ends_at": 2.5}],
}  # fmt: skip
# `tally`, `tally_day` and `movement` are written by triggers.


def fill(file: Path) -> Path:
    """Put them into a file that has its tables."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        for table, rows in ROWS.items():
            for row in rows:
                names, places = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', tuple(row.values()))
        connection.execute("UPDATE movement SET close_number = 117 WHERE id = 1")
        connection.commit()
    return file

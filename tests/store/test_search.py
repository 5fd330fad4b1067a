"""Finding payments by what an operator types."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.kenya_time import NAIROBI, shop_day
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, State
from pos_app.domain.search import NOBODY, PageEnd, Search, Sort, Totals
from pos_app.store import tables as t
from tests.store.conftest import PAID, Shop, open_shop
from tests.support.fakes import START

ACHIENG, BARAKA, CHEBET = "254712345678", "254110000222", "254733905078"


@pytest.fixture
def maji(shop: Shop) -> Post:
    return shop.post("Maji 20 l", 250)


def four_payments(shop: Shop, maji: Post) -> dict[str, Payment]:
    """Four payments by name."""
    wifi = shop.post("Wi-Fi 100% siku_1", 30)
    made = {
        "a": shop.change(shop.open(maji, ACHIENG), **PAID, receipt="UKN4X7Q2ZT"),
        "b": shop.change(shop.open(wifi, BARAKA, at=START + timedelta(hours=1)), state=State.CANCELLED),
        "c": shop.change(
            shop.open(maji, CHEBET, till="B7", at=START + timedelta(hours=2)), **PAID, receipt_typed="UKN4X7Q2ZZ"
        ),
        "d": shop.change(shop.open(wifi, ACHIENG, at=START + timedelta(days=1)), **PAID, receipt="UKO9A1B2C3"),
    }
    with shop.database.write() as transaction:
        transaction.name_customer(BARAKA, "Jos\u00e9 Mwangi")
        transaction.name_customer(CHEBET, "Ng'ang'a")
    return made


@pytest.fixture
def payments(shop: Shop, maji: Post) -> dict[str, Payment]:
    return four_payments(shop, maji)


def found(shop: Shop, payments: dict[str, Payment], search: Search) -> str:
    """The names of what is found, in its order."""
    names = {payment: name for name, payment in payments.items()}
    return "".join(names[payment] for payment in shop.reader.search(search))


def test_a_text_can_be_meant_in_several_ways(shop: Shop, payments: dict[str, Payment]) -> None:
    post = shop.post("Kadi 678", 10)
    payments["e"] = shop.change(shop.open(post, CHEBET), **PAID, receipt="678AAAAAAA")
    payments["f"] = shop.open(post, BARAKA)
    assert found(shop, payments, Search(text="678")) == "feda"


SMS = (
    "UKN4X7Q2ZT Confirmed. Ksh250.00 sent to MAMA NJERI SHOP for account 1 on 23/11/26 at 2:03 PM. New M-PESA balance "
    "is Ksh1,234.00. Transaction cost, Ksh0.00. Amount you can transact within the day is 499,750.00."
)


class TestFinding:
    """Nothing is written here, so four payments are enough for all."""

    @pytest.fixture(scope="class")
    @classmethod
    def shop(cls, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
        with closing(open_shop(request, tmp_path_factory.mktemp("search"))) as opened:
            yield opened

    @pytest.fixture(scope="class")
    @classmethod
    def payments(cls, shop: Shop) -> dict[str, Payment]:
        return four_payments(shop, shop.post("Maji 20 l", 250))

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("", "dcba"),
            ("  ", "dcba"),
            # receipt codes: from the beginning, as they are typed
            ("UKN4X7Q2ZT", "a"),
            ("ukn4x7q2zt", "a"),
            (" ukn 4x7 q2zt ", "a"),
            ("UKN", "a"),
            ("UK", ""),
            ("UKO9", "d"),
            ("4X7Q2ZT", ""),
            ("UKN4X7Q2ZZ", "c"),  # typed from the customer's SMS: whole only
            ("UKN4X7Q2Z", "a"),
            # payment numbers
            ("A-20261123-0001", "a"),
            ("a-20261123-0002", "b"),
            ("A-20261123-1", ""),
            ("A-1", "da"),
            ("a-0002", "b"),
            ("b7-1", "c"),
            ("B-1", ""),
            # phones, whole in any spelling, and their last digits
            ("0712345678", "da"),
            ("0712 345 678", "da"),
            ("+254 712 345 678", "da"),
            ("712345678", "da"),
            ("0110000222", "b"),
            ("5678", "da"),
            ("678", "da"),
            ("078", "c"),  # not whatever ends in 78
            ("00 222", "b"),
            ("78", ""),
            ("0799999999", ""),
            ("71234", ""),
            # names of posts
            ("maji", "ca"),
            ("MAJI", "ca"),
            ("20 maji", "ca"),
            ("maji chai", ""),
            ("wi-fi", "db"),
            ("100%", "db"),
            ("%", ""),
            ("siku_", "db"),
            ("_", ""),
            ("20_l", "ca"),
            ("iku", ""),
            # names of customers
            ("jose", "b"),
            ("mwa JOS\u00c9", "b"),
            ("ose", ""),
            ("mwangi maji", ""),
            ("nganga", "c"),
            ("Ng'ang", "c"),
            # figures alone: an amount, a number in a day, the end of a phone
            ("250", "ca"),
            ("1", "dcba"),
            ("2", "cba"),
            ("222", "b"),
            ("'; DROP TABLE payment; --", ""),
            ("\\", ""),
            ("水", ""),
        ],
    )
    def test_every_way_of_finding(self, shop: Shop, payments: dict[str, Payment], text: str, names: str) -> None:
        assert found(shop, payments, Search(text=text)) == names

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            # a phone with what comes along when it is copied
            ("\u202a+254\u00a0712\u2011345\u2011678\u202c", "da"),
            ("(0712) 345.678", "da"),
            ("0712\u2013345\u2013678", "da"),
            ("\uff10\uff17\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "da"),
            ("Achieng 0712 345 678, pays on Friday", "da"),
            ("\u200e5678\u200f", "da"),
            ("0712 345 678 9", ""),
            ("0712345678, 0110000222", "dba"),
            # a code in any dress
            ("\u2068UKN4X7Q2ZT\u2069", "a"),
            ('"ukn4x7q2zt".', "a"),
            ("UKN4\u200bX7Q2ZT", "a"),
            ("(UKN4X7Q2ZT)", "a"),
            ("\uff35\uff2b\uff2e\uff14\uff38\uff17\uff31\uff12\uff3a\uff34", "a"),
            ("Code: UKN4X7Q2ZZ", "c"),
            ("UKN\u2026", "a"),  # as a narrow column shows it
            (SMS, "a"),
            (SMS.lower() + "\n\n" + SMS.replace("ZT", "ZX"), "a"),
            ("x" * 50_000 + " " + SMS + " " + "y" * 50_000, "a"),
            # a number with other dashes
            ("A\u201120261123\u20110001", "a"),
            ("Payment A-20261123-0002 is what?", "b"),
            ("a\u20111", "da"),
            # money
            ("KES 250", "ca"),
            ("kes\u00a0250", "ca"),
            ("Ksh250.00", "ca"),
            ("250/=", "ca"),
            ("KES 30", "db"),
            ("KES 3", ""),
            ("KES 9,999,999", ""),
            # names of posts
            ("maji\u00a020\u200b", "ca"),
            ("wi\u2011fi", "db"),
            # nothing was typed, and nothing that there is
            ("\u200e\u200b", "dcba"),
            ("maji " * 20_000, "ca"),
            ("\ud800", ""),
            ("maji\ud800", "ca"),
            ("maji\x00", "ca"),
            (" ".join(f"w{number}" for number in range(20_000)), ""),
            ("0712345678" * 10_000, ""),
            ("(" * 100_000, ""),
        ],
    )
    def test_what_a_person_pastes(self, shop: Shop, payments: dict[str, Payment], text: str, names: str) -> None:
        """It finds what it means, or nothing; and at once."""
        assert found(shop, payments, Search(text=text)) == names

    @pytest.mark.parametrize(
        ("states", "names"),
        [
            (frozenset({State.PAID}), "dca"),
            (frozenset({State.CANCELLED, State.EXPIRED}), "b"),
            (frozenset({State.REVIEW}), ""),
            (frozenset(State), "dcba"),
        ],
    )
    def test_by_state(self, shop: Shop, payments: dict[str, Payment], states: frozenset[State], names: str) -> None:
        assert found(shop, payments, Search(states=states)) == names
        both = "".join(name for name in names if name in "ca")
        assert found(shop, payments, Search(states=states, text="maji")) == both

    def test_by_time_from_and_up_to(self, shop: Shop, payments: dict[str, Payment]) -> None:
        b, c = payments["b"].created_at, payments["c"].created_at
        assert found(shop, payments, Search(since=b)) == "dcb"
        assert found(shop, payments, Search(until=c)) == "ba"
        assert found(shop, payments, Search(since=b, until=c)) == "b"
        assert found(shop, payments, Search(since=c, until=c)) == ""
        assert found(shop, payments, Search(since=b, text="0712345678")) == "d"


def test_by_the_amount_that_m_pesa_has(shop: Shop, payments: dict[str, Payment]) -> None:
    payments["a"] = shop.change(payments["a"], amount_paid=249)
    assert found(shop, payments, Search(text="KES 249")) == "a"
    assert found(shop, payments, Search(text="KES 250")) == "ca"


@pytest.mark.parametrize("text", ["", "maji", "0712345678", "UKN"])
def test_pages_follow_each_other_without_gap_or_overlap(shop: Shop, maji: Post, text: str) -> None:
    numbers = range(23)
    opened = [shop.change(shop.open(maji, ACHIENG), receipt=f"UKN{number:07}") for number in numbers]
    shop.open(shop.post("Chai", 5), BARAKA)
    pages: list[list[Payment]] = []
    search = Search(text=text, limit=10)
    while not pages or pages[-1]:
        pages.append(shop.reader.search(search))
        search = search.following(pages[-1][-1]) if pages[-1] else search
    everything = [payment for page in pages for payment in page if payment.phone == ACHIENG]
    assert everything == list(reversed(opened))
    assert [len(page) for page in pages] == ([10, 10, 4, 0] if not text else [10, 10, 3, 0])


def test_a_payment_of_a_new_page_does_not_move_the_old_one(shop: Shop, maji: Post) -> None:
    opened = [shop.open(maji, ACHIENG) for _ in range(4)]
    first = shop.reader.search(Search(limit=2))
    shop.open(maji, ACHIENG)
    assert shop.reader.search(Search(limit=2).following(first[-1])) == [opened[1], opened[0]]


@pytest.fixture
def served(shop: Shop, maji: Post) -> dict[str, Payment]:
    """Ten payments of two tills, two operators and nobody, and four amounts, in the order of their letters."""
    with shop.database.write() as transaction:
        by = [None, *(transaction.add_operator(name, Role.OPERATOR, "sealed").id for name in ("Amina", "Brian"))]
    posts = [maji, *(shop.post(f"Chai {price}", price) for price in (5, 90, 1_000))]
    opened = {}
    for number, letter in enumerate("abcdefghij"):
        new = shop.new(posts[number % 4], ACHIENG, till="AB"[number % 2])
        with shop.database.write() as transaction:
            opened[letter] = transaction.add_payment(replace(new, operator_id=by[number % 3]))
    return {letter: shop.change(each, **PAID) if letter in "adgj" else each for letter, each in opened.items()}


@pytest.mark.parametrize(
    ("search", "names"),
    [
        (Search(till="A"), "igeca"),
        (Search(till="C"), ""),
        (Search(operator=1), "heb"),
        (Search(operator=2), "ifc"),
        (Search(operator=3), ""),
        (Search(operator=NOBODY), "jgda"),
        (Search(operator=1, till="B"), "hb"),
        (Search(operator=NOBODY, till="A", states=frozenset({State.PAID})), "ga"),
        (Search(till="A", text="0712345678"), "igeca"),
        (Search(till="B", text="chai"), "jhfdb"),
        (Search(sort=Sort.OLDEST), "abcdefghij"),
        (Search(sort=Sort.HIGHEST), "hdieagcjfb"),
        (Search(sort=Sort.LOWEST), "bfjcgaeidh"),
        (Search(sort=Sort.HIGHEST, till="A"), "ieagc"),
        (Search(sort=Sort.LOWEST, text="chai 90"), "cg"),
        (Search(sort=Sort.OLDEST, text="maji"), "aei"),
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_by_whom_where_and_in_any_order(
    shop: Shop, served: dict[str, Payment], search: Search, names: str, limit: int
) -> None:
    page, pages = replace(search, limit=limit), ""
    while rows := shop.reader.search(page):
        pages += "".join(letter for row in rows for letter, payment in served.items() if payment == row)
        page = page.following(rows[-1])
    assert pages == names
    assert shop.reader.totals_found(search).payments == len(names)


TEXTS = (
    "",
    "UKN4X7Q2ZT",
    "UKN",
    "A-20261123-0001",
    "A-12",
    "0712345678",
    "5678",
    "maji",
    "678",
    "20 l",
    "KES 250",
    "mwangi",
)
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"states": frozenset({State.PAID, State.CANCELLED})},
    {"after": PageEnd(7, 250)},
    {"since": START, "until": START + timedelta(days=1)},
    {"operator": NOBODY},
    {"till": "A", "states": frozenset({State.PAID}), "since": START, "operator": NOBODY, "after": PageEnd(7, 250)},
    {"attention": True},
    {"post": 1, "hour": 14},
    {"post": 1, "hour": 14, "till": "A", "since": START, "until": START + timedelta(days=1)},
)


class TestIndexes:
    """A million payments or not: nothing reads them all, nor all lines, events or customers."""

    @pytest.fixture(scope="class")
    @classmethod
    def shop(cls, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
        with closing(open_shop(request, tmp_path_factory.mktemp("plans"))) as opened:
            four_payments(opened, opened.post("Maji 20 l", 250))
            yield opened

    def plan(self, shop: Shop, text: str, **limits: Any) -> str:
        return shop.plan(lambda: shop.reader.search(Search(text=text, **limits)))

    @pytest.mark.parametrize("text", TEXTS)
    @pytest.mark.parametrize("limits", FILTERS)
    @pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.LOWEST])
    def test_nothing_is_all_read(self, shop: Shop, text: str, limits: dict[str, Any], sort: Sort) -> None:
        assert scanned(self.plan(shop, text, sort=sort, **limits)) == set()

    @pytest.mark.parametrize("text", ["maji", "mwangi", "250"])
    @pytest.mark.parametrize("limits", FILTERS)
    @pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.LOWEST])
    @pytest.mark.parametrize("names", [0, 100])
    def test_nor_where_much_is_meant(
        self, shop: Shop, text: str, limits: dict[str, Any], sort: Sort, names: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pos_app.store.search._FEW", 0)
        monkeypatch.setattr("pos_app.store.ways._MANY", 1)
        monkeypatch.setattr("pos_app.store.ways._MANY_CUSTOMERS", 1)
        monkeypatch.setattr("pos_app.store.ways._MANY_ALONE", 1)
        monkeypatch.setattr("pos_app.store.search.FEW_NAMES", names)
        assert scanned(self.plan(shop, text, sort=sort, **limits)) == set()

    @pytest.mark.sqlite
    def test_each_kind_of_text_has_its_own(self, shop: Shop) -> None:
        assert "(receipt=?)" in self.plan(shop, "UKN4X7Q2ZT")
        assert "(receipt>? AND receipt<?)" in self.plan(shop, "UKN4X7")
        assert "ix_payment_typed (receipt_typed=?)" in self.plan(shop, "UKN4X7Q2ZT")
        assert "(number=?)" in self.plan(shop, "A-20261123-0001")
        assert "ix_payment_seq (day_seq=? AND till=?)" in self.plan(shop, "A-12")
        assert "sqlite_autoindex_payment_line_2 (post_id=?" in self.plan(shop, "maji")
        assert "SEARCH post_word USING PRIMARY KEY (word>? AND word<?)" in self.plan(shop, "maji")
        assert "SEARCH customer_word USING PRIMARY KEY (word>? AND word<?)" in self.plan(shop, "maji")
        phone = self.plan(shop, "0712345678")
        assert "ix_payment_customer" in phone
        assert "(phone=?)" in phone
        assert "ix_customer_end" in self.plan(shop, "678")
        assert "ix_customer_end" in self.plan(shop, "345678")
        assert "ix_payment_amount (amount=?" in self.plan(shop, "KES 250")

    @pytest.mark.sqlite
    def test_the_newest_come_without_sorting(self, shop: Shop) -> None:
        assert "B-TREE" not in self.plan(shop, "")
        assert "B-TREE" not in self.plan(shop, "", sort=Sort.HIGHEST).partition("\n\n")[0]

    @pytest.mark.sqlite
    def test_a_page_deep_down_is_found_by_its_key(self, shop: Shop) -> None:
        plan = self.plan(shop, "", after=PageEnd(500_000, 250))
        assert "SEARCH payment USING INTEGER PRIMARY KEY (rowid<?)" in plan
        plan = self.plan(shop, "", after=PageEnd(500_000, 250), sort=Sort.HIGHEST)
        assert "ix_payment_amount (amount=? AND id<?)" in plan

    @pytest.mark.sqlite
    def test_a_filter_leads_by_its_days(self, shop: Shop) -> None:
        cell = "ix_payment_cell (day=? AND till=? AND <expr>=? AND state=? AND id>? AND id<?)"
        assert cell in self.plan(shop, "", till="A")
        by_state = self.plan(shop, "", states=frozenset({State.CANCELLED}))
        assert cell in by_state
        assert "ix_tally_state (state=? AND day>? AND day<?)" in by_state
        assert "ix_payment" not in self.plan(shop, "", states=frozenset({State.EXPIRED})), "none has ended so"


def scanned(plan: str) -> set[str]:
    """The large tables that a plan reads to the end; in the order of the page it stops where the page is full."""
    large, in_part = "payment|payment_line|payment_event|customer", "(?:COVERING )?INDEX ix_payment_o"
    scan = re.compile(rf"(?:SCAN|Seq Scan on) ({large})\b(?! USING {in_part})")
    return {
        table
        for statement in plan.split("\n\n")
        if "TEMP B-TREE FOR ORDER BY" in statement or "Seq Scan" in statement
        for table in scan.findall(statement)
    }


@pytest.fixture
def many(shop: Shop) -> list[Payment]:
    """Sixty payments over six days, of every kind that a filter tells apart."""
    draw = Random(3)
    posts = [shop.post(f"{name} {number}", 10 * number) for number, name in enumerate(("Maji", "Chai", "Mkate"), 1)]
    with shop.database.write() as transaction:
        by = [None, *(transaction.add_operator(name, Role.OPERATOR, "sealed").id for name in ("Amina", "Brian"))]
    made = []
    for number in range(60):
        at = START + timedelta(days=number // 10 if number != 33 else 1, minutes=number)  # a clock went back once
        new = shop.new(draw.choice(posts), draw.choice((ACHIENG, BARAKA, CHEBET)), till=draw.choice("AB"), at=at)
        with shop.database.write() as transaction:
            payment = transaction.add_payment(replace(new, operator_id=draw.choice(by)))
        made.append(payment)
    for payment in draw.sample(made, len(made)):  # they end in any order
        state = draw.choice((State.PAID, State.CANCELLED, State.REVIEW, State.UNKNOWN, None))
        shop.change(payment, **(PAID if state is State.PAID else {"state": state} if state else {}))
    with shop.database.write() as transaction:
        transaction.name_customer(BARAKA, "Jos\u00e9 Mwangi")
    gone = made.pop(45)
    _by_other_tools(shop, made[50], START - timedelta(days=1), gone)
    return [shop.get(payment.id) for payment in made]


def _by_other_tools(shop: Shop, moved: Payment, at: datetime, gone: Payment) -> None:
    """One payment stands on another day, another one is there no more."""
    p = t.payment.c
    with shop.engines.writer.begin() as connection:
        connection.execute(t.payment.update().where(p.id == moved.id).values(day=shop_day(at), created_at=at))
        for table in (t.grant, t.payment_line):
            connection.execute(table.delete().where(table.c.payment_id == gone.id))
        connection.execute(t.payment.delete().where(p.id == gone.id))


@pytest.mark.parametrize("few", [10_000, 1])
@pytest.mark.parametrize(("seek", "dense"), [(0.1, 0), (1_000, 4)])
def test_every_way_to_a_page_leads_to_the_same(
    shop: Shop, many: list[Payment], few: int, seek: float, dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against the plainest reading of what a search means, page by page, whichever index leads there."""
    monkeypatch.setattr("pos_app.store.search._FEW", few)
    monkeypatch.setattr("pos_app.store.search._FIRST_STRETCH", 3)
    monkeypatch.setattr("pos_app.store.search._SEEK", seek)
    monkeypatch.setattr("pos_app.store.search._DENSE", dense)
    monkeypatch.setattr("pos_app.store.days._FIRST_DAYS", 2)
    monkeypatch.setattr("pos_app.store.ways._MANY", few)
    monkeypatch.setattr("pos_app.store.ways._MANY_CUSTOMERS", few)
    monkeypatch.setattr("pos_app.store.ways._MANY_ALONE", few)
    monkeypatch.setattr("pos_app.store.search.FEW_NAMES", few // 100)
    served = {payment.id: shop.scalar(f"SELECT operator_id FROM payment WHERE id = {payment.id}") for payment in many}
    draw = Random(5)
    for _ in range(80):
        search = Search(
            text=draw.choice(("", "", "maji", "jose", "c", "KES 20", "20", "mkate 3")),
            states=draw.choice(
                (
                    frozenset(),
                    frozenset({State.PAID}),
                    frozenset({State.REVIEW, State.REQUESTED}),
                    frozenset({State.UNKNOWN}),
                )
            ),
            attention=draw.random() < 0.1,
            till=draw.choice(("", "A", "B")),
            operator=draw.choice((None, None, NOBODY, 1, 2)),
            post=draw.choice((None, None, None, 1, 2, 9)),
            hour=draw.choice((None, None, None, 14, 3)),
            since=draw.choice((None, START, START + timedelta(days=2, hours=1))),
            until=draw.choice((None, START + timedelta(days=4), START + timedelta(days=3, hours=10))),
            sort=draw.choice(list(Sort)),
            limit=draw.choice((1, 4, 100)),
        )
        wanted = sorted(
            (payment for payment in many if _fits(search, payment, served[payment.id])),
            key=lambda payment: (payment.amount if search.sort.by_amount else 0, payment.id),
            reverse=search.sort.descending,
        )
        page, pages = search, []
        while rows := shop.reader.search(page):
            pages += rows
            page = page.following(rows[-1])
        assert [payment.id for payment in pages] == [payment.id for payment in wanted], search
        paid = [payment for payment in wanted if payment.state is State.PAID]
        assert shop.reader.totals_found(search) == Totals(
            payments=len(wanted),
            paid=len(paid),
            paid_amount=sum(payment.amount for payment in paid),
            unsure=sum(payment.state is State.UNKNOWN for payment in wanted),
            review=sum(payment.state is State.REVIEW for payment in wanted),
        ), search


def _fits(search: Search, payment: Payment, operator: int | None) -> bool:
    by_text = {
        "": True,
        "maji": payment.post_title.startswith("Maji"),
        "mkate 3": payment.post_title.startswith("Mkate"),
        "c": payment.post_title.startswith("Chai"),
        "jose": payment.phone == BARAKA,
        "KES 20": payment.amount == 20,
        "20": payment.amount == 20 or payment.number.endswith("-0020"),
    }
    return (
        by_text[search.text]
        and (not search.states or payment.state in search.states)
        and (not search.attention or payment.needs_attention)
        and (not search.till or payment.till == search.till)
        and (search.operator is None or search.operator == (operator or NOBODY))
        and (search.post is None or search.post in {line.post_id for line in payment.lines})
        and (search.hour is None or payment.created_at.astimezone(NAIROBI).hour == search.hour)
        and (search.since is None or payment.created_at >= search.since)
        and (search.until is None or payment.created_at < search.until)
    )

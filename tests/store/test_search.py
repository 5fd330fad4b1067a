"""Finding payments by what an operator types."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, State
from pos_app.domain.search import NOBODY, PageEnd, Search, Sort
from tests.store.conftest import PAID, Shop, open_shop
from tests.support.fakes import START

ACHIENG, BARAKA, CHEBET = "254712345678", "254110000222", "254733905078"


@pytest.fixture
def maji(shop: Shop) -> Post:
    return shop.post("Maji 20 l", 250)


def four_payments(shop: Shop, maji: Post) -> dict[str, Payment]:
    """Four payments by name."""
    wifi = shop.post("Wi-Fi 100% siku_1", 30)
    return {
        "a": shop.change(shop.open(maji, ACHIENG), **PAID, receipt="UKN4X7Q2ZT"),
        "b": shop.change(shop.open(wifi, BARAKA, at=START + timedelta(hours=1)), state=State.CANCELLED),
        "c": shop.change(
            shop.open(maji, CHEBET, till="B7", at=START + timedelta(hours=2)), **PAID, receipt_typed="UKN4X7Q2ZZ"
        ),
        "d": shop.change(shop.open(wifi, ACHIENG, at=START + timedelta(days=1)), **PAID, receipt="UKO9A1B2C3"),
    }


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
            ("%", "db"),
            ("siku_", "db"),
            ("_", "db"),
            ("20_l", ""),
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
            ("maji\ud800", ""),
            ("maji\x00", ""),
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


class TestIndexes:
    """A million payments or not: nothing reads them all."""

    @pytest.fixture(scope="class")
    @classmethod
    def shop(cls, migrated: Path) -> Iterator[Shop]:
        with closing(Shop(migrated)) as opened:  # read only, so one is enough
            yield opened

    def plan(self, shop: Shop, text: str, **limits: object) -> str:
        return shop.plan(lambda: shop.reader.search(Search(text=text, **limits)))  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "text",
        ["UKN4X7Q2ZT", "UKN", "A-20261123-0001", "A-12", "0712345678", "5678", "maji", "678", "20 l", "水"],
    )
    @pytest.mark.parametrize(
        "limits",
        [{}, {"states": frozenset({State.PAID})}, {"after": PageEnd(7, 250)}, {"since": START, "until": START}],
    )
    @pytest.mark.sqlite
    def test_payments_are_never_all_read(self, shop: Shop, text: str, limits: dict[str, object]) -> None:
        plan = self.plan(shop, text, **limits)
        assert "SEARCH payment" in plan
        assert "SCAN payment" not in plan

    @pytest.mark.sqlite
    def test_each_kind_of_text_has_its_own(self, shop: Shop) -> None:
        assert "(receipt=?)" in self.plan(shop, "UKN4X7Q2ZT")
        assert "(receipt>? AND receipt<?)" in self.plan(shop, "UKN4X7")
        assert "ix_payment_typed (receipt_typed=?)" in self.plan(shop, "UKN4X7Q2ZT")
        assert "(number=?)" in self.plan(shop, "A-20261123-0001")
        assert "payment_line USING COVERING INDEX sqlite_autoindex_payment_line_2 (post_id=?)" in self.plan(
            shop, "maji"
        )
        phone = self.plan(shop, "0712345678")
        assert "ix_payment_customer" in phone
        assert "(phone=?)" in phone
        assert "ix_customer_end" in self.plan(shop, "5678")
        assert "ix_customer_end" in self.plan(shop, "345678")

    @pytest.mark.sqlite
    def test_the_newest_come_without_sorting(self, shop: Shop) -> None:
        plan = self.plan(shop, "")
        assert "B-TREE" not in plan

    @pytest.mark.sqlite
    def test_a_page_deep_down_is_found_by_its_key(self, shop: Shop) -> None:
        assert "SEARCH payment USING INTEGER PRIMARY KEY (rowid<?)" in self.plan(shop, "", after=PageEnd(500_000, 250))

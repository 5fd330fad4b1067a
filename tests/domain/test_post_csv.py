"""Posts as spreadsheets save them: understood, or refused by the line."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.catalogue import Post, draft_of
from pos_app.domain.post_csv import decode, read_lines, shielded, unshielded, write_csv
from pos_app.domain.post_import import read_csv
from pos_app.errors import BadInput


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_any_system(end: str) -> None:
    text = (
        "\ufeffTitle, Price,days,favourite,barcode" + end + '"Wi-Fi, month",100,30,1,123' + end + "Hot shower,50," + end
    )
    month, shower = read_csv(text)
    assert (month.title, month.price, month.days, month.favourite, month.barcode) == ("Wi-Fi, month", 100, 30, 1, "123")
    assert (shower.title, shower.price, shower.days) == ("Hot shower", 50, None)


@pytest.mark.parametrize("text", ["", "Wi-Fi,100\n", "title\nWi-Fi\n", "Xtitle,price\nTea,50\n"])
def test_csv_without_the_header_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_csv(text)
    assert refused.value.user_text == (
        "The first line names the columns: title,price,days,favourite,barcode. Nothing was imported."
    )


@pytest.mark.parametrize(
    "heading",
    [
        "Price (USD)",
        "price $",
        "\u20ac price",
        "Price (KES cents)",
        "Price (excl. VAT)",
        "Price ('000)",
        "price (\u20ac)",
    ],
)
def test_prices_in_anything_but_shillings_are_refused(heading: str) -> None:
    with pytest.raises(BadInput, match=r"posts are in whole shillings, KES\. Nothing was imported"):
        read_csv(f"title,{heading}\nTea,5\n")
    with pytest.raises(BadInput, match="whole shillings"):
        read_csv(f"title,price,{heading.replace('rice', 'rice to')}\nTea,5,9\n")


@pytest.mark.parametrize("heading", ["Price (KES)", "price(in KSh)", "Price (Kshs.)", "PRICE (KES, incl. VAT)"])
def test_a_heading_may_say_that_prices_are_in_shillings(heading: str) -> None:
    assert [draft.price for draft in read_csv(f'title,"{heading}"\nTea,5\n')] == [5]


def test_csv_with_a_bad_row_imports_nothing_and_names_the_line() -> None:
    with pytest.raises(BadInput, match=r"^Line 4: A price is"):
        read_csv("title,price\nWi-Fi,100\n\nShower,0\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("price,title\n100\n", "Line 2: A post needs a name. Nothing was saved."),
        ("title,price\nTea\n", "Line 2: '' is not a price. Type whole shillings, for example 250."),
    ],
)
def test_csv_with_too_few_cells_names_what_is_missing(text: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_csv(text)
    assert refused.value.user_text == words


def test_csv_that_cannot_be_read_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match=r"^Line 2 cannot be read as CSV\. Nothing was imported\.$"):
        read_csv("title,price\n" + "x" * 200_000 + ",100\n")


@pytest.mark.parametrize(
    "header",
    [
        "Title,Price",
        '"TITLE","PRICE"',
        " title , Price (KES) ",
        "Name;Price KES",
        "title\tprice",
        "Post,Price in KES",
        "sep=;\r\nTitle;Price",
        "\ufeff\n\nTitle,Price",
    ],
)
def test_headers_as_spreadsheets_write_them(header: str) -> None:
    sign = ";" if ";" in header else "\t" if "\t" in header else ","
    posts = read_csv(f'{header}\n"Chai, big"{sign}30\n')
    assert [(post.title, post.price) for post in posts] == [("Chai, big", 30)]


def test_columns_in_any_order_and_others_between() -> None:
    text = "Barcode,Colour,Favorite,Price,Access days,Title\n616111000001,red,3,250.00,7,Week pass\n"
    (post,) = read_csv(text)
    assert (post.title, post.price, post.days, post.favourite, post.barcode) == (
        "Week pass",
        250,
        7,
        3,
        "616111000001",
    )


def test_two_columns_for_one_thing_are_refused() -> None:
    with pytest.raises(BadInput, match=r"^The first line has two columns for the price\. Nothing was imported\.$"):
        read_csv("title,price,Price (KES)\nTea,30,40\n")


def test_thousands_in_quotes_and_rows_without_anything() -> None:
    posts = read_csv('title,price,days\n,,\nSolar,"1,250.00",\n , ,\n\n;;\n,,,,\n'.replace(";;\n", ""))
    assert [(post.title, post.price) for post in posts] == [("Solar", 1_250)]


@pytest.mark.parametrize(
    "price", ["1.000", "1e3", "1_000", "\u0661\u0660", "\uff11\uff10", '"1,25"', "10.50", "+10", "0x10"]
)
def test_what_may_be_another_price_is_refused_by_the_line(price: str) -> None:
    with pytest.raises(BadInput, match=r"^Line 3: "):
        read_csv(f"title,price\nTea,30\nSolar,{price}\n")


@pytest.mark.parametrize(
    ("header", "row", "cells"),
    [
        ("title,price,days", "Year pass,1,250,365", 4),
        ("title,price", "Year pass,1,250", 3),
        ("title,price,days", "Year pass,1,250,365,,", 6),
        ("title,price,days", "Day pass,50", 2),
        ("title;price;days", "Day pass;50", 2),
    ],
)
def test_a_line_with_other_columns_than_the_first_is_refused(header: str, row: str, cells: int) -> None:
    """A price with a comma that is not in quotes would be sold for KES 1, a day that is left out for ever."""
    columns = header.replace(";", ",").count(",") + 1
    with pytest.raises(BadInput, match=rf"^Line 3: it has {cells} cells, and the first line names {columns} columns\."):
        read_csv(f"{header}\n{header.replace('title', 'Tea').replace('price', '30').replace('days', '1')}\n{row}\n")


@pytest.mark.parametrize("row", ["Week pass,1,250,7,,", "Pass for ever,1,250,,,,"])
def test_a_split_price_is_refused_where_what_was_pushed_out_is_empty(row: str) -> None:
    with pytest.raises(BadInput, match=r"^Line 2: it has \d cells, and the first line names 5 columns\."):
        read_csv(f"title,price,days,favourite,barcode\n{row}\n")


@pytest.mark.parametrize("row", ["Tea,30,1", "Tea,30,1,", "Tea,30,1,,", "Tea,30,1,,,,", "Tea,30,1, , ,"])
def test_empty_cells_at_the_end_are_no_matter(row: str) -> None:
    [post] = read_csv(f"title,price,days,favourite,barcode\n{row}\n")
    assert (post.price, post.days, post.favourite, post.barcode) == (30, 1, None, None)


@pytest.mark.parametrize("days", ["1.000", "1e1", "1_0", "\u0663"])
def test_what_may_be_other_days_is_refused_by_the_line(days: str) -> None:
    with pytest.raises(BadInput, match=r"^Line 2: Access"):
        read_csv(f"title,price,days\nTea,30,{days}\n")


@pytest.mark.parametrize(
    "code", ["6.16110E+12", '"6,16110E+12"', "6E+12", "6.16e12", "616111000001.0", '"616,111,000"']
)
def test_a_barcode_that_the_spreadsheet_made_a_number_is_refused(code: str) -> None:
    """Its last digits are lost: another article would be sold by it."""
    with pytest.raises(BadInput, match=r"^Line 2: the spreadsheet took the barcode for a number and wrote") as refused:
        read_csv(f"title,price,barcode\nTea,30,{code}\n")
    assert "Make that column text, type the barcode again, and save. Nothing was imported." in refused.value.user_text


@pytest.mark.parametrize("code", ['"=""0123"""', "'0123", " 0123 "])
def test_a_barcode_that_was_kept_as_text(code: str) -> None:
    assert read_csv(f"title,price,barcode\nTea,30,{code}\n")[0].barcode == "0123"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("Tea,30,1,\nSoap,20,1,", "Line 3: the favourite key is that of line 2 too. Nothing was imported."),
        ("Tea,30,,12345678905\n\nSoap,20,,0012345678905", "Line 4: the barcode is that of line 2 too. Nothing was "),
        ("Tea,30,,ab\nSoap,20,,AB", "Line 3: the barcode is that of line 2 too."),
    ],
)
def test_a_key_or_barcode_twice_in_the_file_names_both_lines(rows: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_csv(f"title,price,favourite,barcode\n{rows}\n")
    assert refused.value.user_text.startswith(words)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheets(encoding: str) -> None:
    assert read_csv(decode("title,price\nCaf\u00e9,30\n".encode(encoding)))[0].title == "Caf\u00e9"
    assert decode(b"\xfe\xff\x00a") == "a"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x81\x8d", b"a\0b", b"\xef\xbb\xbf\xff", b"PK\x03\x04\0\0"])
def test_what_is_no_text_is_said(content: bytes) -> None:
    with pytest.raises(BadInput, match=r"cannot be read as text. Nothing was imported"):
        decode(content)


@given(st.binary() | st.text().map(str.encode))
def test_whatever_the_file_holds_gives_posts_or_words(content: bytes) -> None:
    try:
        posts = read_csv(decode(b"title,price\n" + content))
    except BadInput:
        return
    assert all(1 <= post.price <= 250_000 for post in posts)


def test_the_samples_are_such_a_file() -> None:
    samples = Path(__file__).parents[2] / "resources" / "sample_posts.csv"
    assert len(read_csv(decode(samples.read_bytes()))) == 6


def test_a_price_that_is_asked_comes_with_its_highest() -> None:
    posting, tea = read_csv("title,price,days,highest price\nPosting,50,0,500\nTea,30,0,\n")
    assert (posting.price, posting.highest) == (50, 500)
    assert tea.highest is None


def post(**fields: Any) -> Post:
    tea: dict[str, Any] = {"id": 7, "title": "Tea", "price": 30, "days": 0}
    return Post(**(tea | fields))


@pytest.mark.parametrize(
    "kept",
    [
        post(),
        post(title="=1+1", category="@home"),
        post(title="'=1+1", category="''-x"),
        post(title="'Tea'", barcode="'=1"),
        post(title="1/2", barcode="0012"),
        post(title='"a", b;\tc'.replace("\t", " "), barcode='="012"'),
        post(title="\uff1dSUM(A1)", days=None, active=False),
        post(days=365, favourite=9, highest=500, barcode="6161110000013", category="Hot drinks"),
    ],
)
def test_what_is_written_is_read_again_as_it_was(kept: Post) -> None:
    [line] = read_lines(decode(write_csv([kept], "production").encode("utf-8-sig")))
    assert (line.cells["post_id"], line.draft(None)) == ("7", draft_of(kept))
    assert "environment" not in line.cells


@given(st.text(max_size=30))
def test_any_name_comes_through_a_spreadsheet_whole(text: str) -> None:
    assert unshielded(shielded(text)) == text
    assert not shielded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_what_the_file_has_no_column_for_stays_as_it_is() -> None:
    before = post(days=7, favourite=3, barcode="123", category="Drinks", active=False, highest=90)
    [line] = read_lines("title,price\nTea,35\n")
    assert line.draft(before) == replace(draft_of(before), price=35)


@pytest.mark.parametrize(
    ("typed", "active"),
    [("yes", True), ("No", False), ("1", True), ("OFF", False), ("", None)],
)
def test_whether_it_is_sold(typed: str, active: bool | None) -> None:
    [line] = read_lines(f"title,price,active\nTea,30,{typed}\n")
    assert line.draft(None).active is (True if active is None else active)
    assert line.draft(post(active=False)).active is (False if active is None else active)


def test_a_word_that_says_neither_is_refused() -> None:
    [line] = read_lines("title,price,active\nTea,30,35\n")
    with pytest.raises(BadInput, match="'35' does not say whether it is sold"):
        line.draft(None)


def test_practice_is_marked() -> None:
    [line] = read_lines(write_csv([post()], "practice"))
    assert line.cells["environment"] == "practice"


def test_a_file_of_anything_is_not_read_to_its_end() -> None:
    with pytest.raises(BadInput, match="more than 25,000 lines"):
        read_lines("title,price\n" + "Tea,30\n" * 100_000)


@pytest.mark.parametrize("rows", ['"Tea,250\nBread",60\n', '"Tea\nBread",60\n'])
def test_a_name_over_two_lines_is_refused(rows: str) -> None:
    """A quote that nothing ends: Bread was gone, and Tea cost 60."""
    with pytest.raises(BadInput, match=r"^Line 3: a cell of it goes over more than one line\."):
        read_csv(f"title,price\n{rows}")


def test_what_other_columns_say_may_have_more_lines() -> None:
    assert [post.title for post in read_csv('title,price,told\nTea,250,"hot\nand sweet"\n')] == ["Tea"]

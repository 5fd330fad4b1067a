"""Posts from a file that a spreadsheet saved: its own words for numbers, columns and characters are understood or
refused by the line, never taken for something else.
"""

import csv
import io
import re
from collections.abc import Sequence

from pos_app.domain.catalogue import PostDraft, barcode_key, draft_post
from pos_app.errors import BadInput

_COLUMNS = {
    "title": {"title", "name", "post"},
    "price": {"price", "pricekes", "priceksh", "priceinkes"},
    "days": {"days", "accessdays", "daysofaccess"},
    "favourite": {"favourite", "favorite", "favouritekey", "favoritekey"},
    "barcode": {"barcode", "ean", "upc"},
    "highest": {"highest", "highestprice", "maxprice", "priceto"},
}
_SEPARATORS = ",;\t"
_AS_NUMBER = re.compile(r"[0-9]+[.,][0-9]+([eE]\+?[0-9]+)?|[0-9]+[eE]\+[0-9]+|[0-9]{1,3}(,[0-9]{3})+")
_AS_TEXT = re.compile('="(.*)"|\'(.*)')  # how people make a spreadsheet keep the zeros
_SEP = re.compile('"?sep=([,;\t|])"?[\r\n]+', re.IGNORECASE)  # what Excel writes and reads before the header


def decode(content: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8 or UTF-16 with their marks, UTF-8, or Windows' own.

    Raises:
        BadInput: it is no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            encodings: tuple[str, ...] = (encoding,)
            break
    else:
        encodings = ("utf-8", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput("That file cannot be read as text. Nothing was imported. Save it as CSV (UTF-8) and try again.")


def read_csv(text: str) -> list[PostDraft]:
    """Read posts from CSV whose first line names the columns: title, price, and where wanted days, favourite, barcode,
    highest (of a price that is asked at the counter).

    Their order, case and units ("Price (KES)") do not matter, columns of other names are left out; commas, semicolons
    or tabs stand between. Empty days is for ever. Lines without anything in them are left out. A line with other
    columns than the first is refused.

    Raises:
        BadInput: naming the first line that cannot be used. Nothing is imported then.
    """
    text = text.lstrip("\ufeff")
    declared = _SEP.match(text)
    before = 1 if declared else 0  # lines that are not read as CSV
    text = text[declared.end() :] if declared else text
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=declared[1] if declared else _separator(text))
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num + before, row) for row in reader if any(cell.strip() for cell in row))
    except csv.Error:
        raise BadInput(f"Line {reader.line_num + before} cannot be read as CSV. Nothing was imported.") from None
    header = rows[0][1] if rows else []
    columns = _columns(header)
    for number, row in rows[1:]:
        _refuse_other_width(number, len(header), columns, row)
    posts = [(number, _post(number, columns, row)) for number, row in rows[1:]]
    _refuse_twice(posts)
    return [post for _number, post in posts]


def _separator(text: str) -> str:
    """What stands most often in the first line, outside of quotes."""
    first = re.sub('"[^"]*"', "", text.lstrip().split("\n", 1)[0].split("\r", 1)[0])
    return max(_SEPARATORS, key=first.count)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where each column is."""
    found: dict[str, int] = {}
    for place, heading in enumerate(header):
        word = re.sub(r"\(.*?\)|[^a-z]", "", heading.strip().lower())
        for column, names in _COLUMNS.items():
            if word in names:
                if column in found:
                    raise BadInput(f"The first line has two columns for the {column}. Nothing was imported.")
                found[column] = place
    if not {"title", "price"} <= found.keys():
        raise BadInput("The first line names the columns: title,price,days,favourite,barcode. Nothing was imported.")
    return found


def _refuse_other_width(number: int, width: int, columns: dict[str, int], row: Sequence[str]) -> None:
    """A price of 1,250 without quotes is two cells, and what follows stands one column too far: KES 1 for 250 days.

    Empty cells at the end are no matter, and what a spreadsheet leaves out there (favourite, barcode) is empty.
    """
    filled = max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)
    if filled > width or len(row) <= columns.get("days", -1):
        raise BadInput(
            f"Line {number} has {len(row)} cells, and the first line names {width} columns. Nothing was imported. "
            "Write a price without commas, and leave no cell out."
        )


def _post(number: int, columns: dict[str, int], row: Sequence[str]) -> PostDraft:
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in columns.items()}
    barcode = cells.get("barcode", "")
    if kept := _AS_TEXT.fullmatch(barcode):
        barcode = kept[1] or kept[2] or ""
    try:
        if _AS_NUMBER.fullmatch(barcode):
            raise BadInput(
                f"the spreadsheet took the barcode for a number and wrote {barcode[:30]}, so its digits are not sure. "
                "Make that column text, type the barcode again, and save. Nothing was imported."
            )
        return draft_post(
            cells["title"],
            cells["price"],
            cells.get("days"),
            cells.get("favourite"),
            barcode,
            highest=cells.get("highest"),
        )
    except BadInput as error:
        raise BadInput(f"Line {number}: {error.user_text}") from None


def _refuse_twice(posts: Sequence[tuple[int, PostDraft]]) -> None:
    """A favourite key or a barcode belongs to one post; those that the shop has already are looked at on saving."""
    lines: dict[str, int] = {}
    for number, post in posts:
        for kind, key in (("barcode", barcode_key(post.barcode or "")), ("favourite key", str(post.favourite or ""))):
            first = lines.setdefault(f"{kind} {key}", number) if key else number
            if first != number:
                raise BadInput(f"Line {number}: the {kind} is that of line {first} too. Nothing was imported.")

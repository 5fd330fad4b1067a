"""Posts from a file that a spreadsheet saved: its own words for numbers, columns and characters are understood or
refused by the line, never taken for something else.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pos_app.domain.catalogue import Post, PostDraft, draft_post
from pos_app.errors import BadInput

_COLUMNS = {
    "title": {"title", "name", "post"},
    "price": {"price", "pricekes", "priceksh", "priceinkes"},
    "days": {"days", "accessdays", "daysofaccess"},
    "favourite": {"favourite", "favorite", "favouritekey", "favoritekey"},
    "barcode": {"barcode", "ean", "upc"},
    "highest": {"highest", "highestprice", "maxprice", "priceto"},
    "category": {"category"},
    "active": {"active"},
    "post_id": {"postid"},  # other programs' numbers of articles are under "id"
    "environment": {"environment"},
}
# What a heading of prices may say beside its name: anything else, such as "(USD)", "(cents)" or "(excl. VAT)", is
# refused, because the figures below it would be charged as shillings all the same.
_OF_PRICES = frozenset({"in", "kes", "ksh", "kshs", "sh", "shs", "shillings", "whole", "incl", "including", "vat"})
WRITTEN = ("post_id", "title", "price", "highest", "days", "favourite", "barcode", "category", "active")
MAX_LINES = 25_000
FOR_EVER = "for ever"
REAL = "production"
_YES, _NO = frozenset({"yes", "y", "1", "on", "true"}), frozenset({"no", "n", "0", "off", "false"})
_SEPARATORS = ",;\t"
_SPLIT = re.compile("[1-9][0-9]{0,2},[0-9]{3}")  # 1,250
_AS_NUMBER = re.compile(r"[0-9]+[.,][0-9]+([eE]\+?[0-9]+)?|[0-9]+[eE]\+[0-9]+|[0-9]{1,3}(,[0-9]{3})+")
_AS_TEXT = re.compile('="(.*)"|\'(.*)')  # how people make a spreadsheet keep the zeros
# What a spreadsheet calculates, or takes for a number or a date; also behind the apostrophes that keep it from that.
_CALCULATED = re.compile(r"'*([=+\-@\t\r\uff0b\uff0d\uff1d\uff20].*|[0-9][0-9/.,:\- ]*)", re.DOTALL)
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


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One post of a file, as it stands there.

    Attributes:
        number: of its line in the file.
        cells: its text by column; only the columns that the file has.
        fault: why it cannot be read, or nothing.
    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""

    def draft(self, before: PostDraft | None) -> PostDraft:
        """The post that the line describes, checked.

        Args:
            before: the post that it changes: what the file has no column for stays as it is there.

        Raises:
            BadInput: a cell holds nothing that belongs there.
        """
        if self.fault:
            raise BadInput(self.fault)

        def cell(column: str) -> str | int | None:
            return self.cells[column] if column in self.cells else getattr(before, column, None)

        barcode = cell("barcode")
        if _AS_NUMBER.fullmatch(str(barcode)):
            raise BadInput(
                f"the spreadsheet took the barcode for a number and wrote {str(barcode)[:30]}, so its digits are not "
                "sure. Make that column text, type the barcode again, and save. Nothing was imported."
            )
        days, category = cell("days"), cell("category")
        return draft_post(
            str(cell("title") or ""),
            cell("price") or "",
            None if str(days).strip().casefold() == FOR_EVER else days,
            cell("favourite"),
            None if barcode is None else str(barcode),
            _active(self.cells.get("active", ""), before),
            cell("highest"),
            None if category is None else str(category),
        )


def _active(text: str, before: PostDraft | None) -> bool:
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    if word:
        raise BadInput(f"{text[:20]!r} does not say whether it is sold: write yes or no. Nothing was imported.")
    return before.active if before else True


def read_lines(text: str) -> list[CsvLine]:
    """Read posts from CSV whose first line names the columns: title, price, and where wanted others, in any order.

    A spreadsheet's commas, semicolons or tabs separate the cells; its first line may say which (`sep=;`). A column
    without a name of ours is left alone.

    Raises:
        BadInput: nothing of the file can be used.
    """
    text = text.lstrip("\ufeff")
    declared = _SEP.match(text)
    before = 1 if declared else 0  # lines that are not read as CSV
    text = text[declared.end() :] if declared else text
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=declared[1] if declared else _separator(text))
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num + before, row))
            if len(rows) > MAX_LINES + 1:
                raise BadInput(
                    f"That file has more than {MAX_LINES:,} lines. Nothing was imported. Is it a list of posts? "
                    "Then cut it into smaller files."
                )
    except csv.Error:
        raise BadInput(f"Line {reader.line_num + before} cannot be read as CSV. Nothing was imported.") from None
    header = rows[0][1] if rows else []
    columns = _columns(header)
    return [_line(number, len(header), columns, row) for number, row in rows[1:]]


def write_csv(posts: Iterable[Post], environment: str) -> str:
    """Posts as CSV that `read_lines` gives back as they are, and that no spreadsheet calculates with.

    Args:
        environment: which shop's numbers of posts these are: of practice, say, where it is not the real one's.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    marks = [environment] if environment != REAL else []
    writer.writerow([*WRITTEN, *(["environment"] if marks else [])])
    for post in posts:
        writer.writerow([*map(_cell, WRITTEN, (post.id, *(getattr(post, column) for column in WRITTEN[1:]))), *marks])
    return file.getvalue()


def _cell(column: str, value: object) -> str:
    match column:
        case "days" if value is None:
            return FOR_EVER
        case "active":
            return "yes" if value else "no"
        case "barcode" if value:
            return f"'{value}"  # a spreadsheet drops its zeros, or writes 6.2E+12
        case "title" | "category":
            return shielded(str(value or ""))
        case _:
            return "" if value is None else str(value)


def shielded(text: str) -> str:
    """A text that a spreadsheet shows as it is: it calculates with none, and makes no number or date of it."""
    return f"'{text}" if _CALCULATED.fullmatch(text) else text


def unshielded(text: str) -> str:
    """What `shielded` was given."""
    return text[1:] if text.startswith("'") and _CALCULATED.fullmatch(text) else text


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
                if column in ("price", "highest"):
                    _check_money(heading)
                if column in found:
                    raise BadInput(f"The first line has two columns for the {column}. Nothing was imported.")
                found[column] = place
    if not {"title", "price"} <= found.keys():
        raise BadInput("The first line names the columns: title,price,days,favourite,barcode. Nothing was imported.")
    return found


def _check_money(heading: str) -> None:
    """Refuse prices that may be in anything but whole shillings."""
    beside = re.findall(r"\w+", " ".join(re.findall(r"\((.*?)\)", heading.lower())))
    if not _OF_PRICES.issuperset(beside) or any(unicodedata.category(sign) == "Sc" for sign in heading):
        raise BadInput(
            f"The first line has {heading.strip()[:40]!r}: posts are in whole shillings, KES. Nothing was imported. "
            "Write the prices in KES, and the heading as price or highest."
        )


def _line(number: int, width: int, columns: Mapping[str, int], row: Sequence[str]) -> CsvLine:
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in columns.items()}
    for column in cells.keys() & {"title", "category"}:
        cells[column] = unshielded(cells[column])
    if kept := _AS_TEXT.fullmatch(cells.get("barcode", "")):
        cells["barcode"] = kept[1] or kept[2] or ""
    return CsvLine(number, cells, _other_width(width, columns, row) or _two_lines(cells))


def _other_width(width: int, columns: Mapping[str, int], row: Sequence[str]) -> str:
    """A price of 1,250 without quotes is two cells, and what follows stands one column too far: KES 1 for 250 days.

    Empty cells at the end are no matter, unless that is just what the line looks like; and what a spreadsheet leaves
    out there (favourite, barcode) is empty.
    """
    filled = max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)
    price = columns["price"]
    split = len(row) > width and _SPLIT.fullmatch(",".join(cell.strip() for cell in row[price : price + 2]))
    if filled <= width and len(row) > columns.get("days", -1) and not split:
        return ""
    return (
        f"it has {len(row)} cells, and the first line names {width} columns. Nothing was imported. "
        "Write a price without commas, and leave no cell out."
    )


def _two_lines(cells: Mapping[str, str]) -> str:
    """A quote that nothing ends takes in what follows: the post of the next line would be a part of this one's name."""
    if not any("\n" in cell for cell in cells.values()):
        return ""
    return (
        'a cell of it goes over more than one line. Nothing was imported. See whether a " is missing or too many, and '
        "write a name on one line."
    )

"""A print job in the printer's language: ESC/POS, of which only what every printer knows.

First `ESC @`, so that nothing of an earlier job is left; the lines in plain ASCII, in the printer's own letters and
without a word about code pages; a QR code as an image; the cut; last the drawer.
"""

from pos_app.domain.plain_text import plain_lines
from pos_app.domain.receipt import ROLLS, Line, Mark, Style, ascii_lines, set_line
from pos_app.domain.receipt_printer import PrintJob
from pos_app.printers.library import escpos, profile

_LARGE = (Style.TITLE, Style.TOTAL)
_QR_DOTS = 4  # for each of its squares: half a mm, which a phone reads also from a worn printer
_DRAWER_PIN = 2
_ASCII = {"disabled": True, "encoding": "CP437"}  # the table is never named to the printer: ASCII is in all of them


def job_bytes(job: PrintJob) -> bytes:
    """What the printer is sent."""
    printer = escpos().Dummy(profile=profile(job.paper), magic_encode_args=_ASCII)
    columns = ROLLS[job.paper].columns
    printer.hw("INIT")
    mark = next((mark for mark in Mark if mark and any(line.text == mark for line in job.lines)), Mark.NONE)
    for line in ascii_lines(job.lines):
        large = line.style in _LARGE
        if large:
            printer.set(bold=True, double_height=True)
        for part in _parts(line, columns, mark):
            printer.text(f"{part}\n")
        if large:
            printer.set(bold=False, normal_textsize=True)
    if job.qr:
        printer.set(align="center")
        printer.qr(plain_lines(job.qr), size=_QR_DOTS)
        printer.set(align="left")
    printer.cut(mode="PART")
    if job.drawer:
        printer.cashdraw(_DRAWER_PIN)
    return bytes(printer.output)


def _parts(line: Line, columns: int, mark: Mark) -> list[str]:
    """A line as it is printed; where no real money moved, the rules say so as well."""
    if mark and line.style is Style.RULE:
        return [f" {mark} ".center(columns, "-")]
    return set_line(line, columns)

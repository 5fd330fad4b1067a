"""What a printer makes of the bytes that it is sent: the paper, as text and as a picture.

It knows the commands that the till sends, and no other: any other byte is a fault.
"""

from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

CELL = 12, 24  # dots of a character
_EDGE = 16


@dataclass
class Paper:
    """What came out.

    Attributes:
        lines: its text; large ones are marked with a `!`.
        images: the raster images among them.
        cut, drawer: whether the paper was cut, and the drawer opened.
    """

    columns: int
    lines: list[str] = field(default_factory=list)
    images: list[Image.Image] = field(default_factory=list)
    cut: bool = False
    drawer: bool = False
    _strips: list[Image.Image] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of its lines."""
        return "\n".join(self.lines)

    @property
    def picture(self) -> Image.Image:
        """How it looks, with the paper's edge."""
        width = self.columns * CELL[0]
        made = Image.new("L", (width + 2 * _EDGE, sum(strip.height for strip in self._strips) + 2 * _EDGE), 255)
        top = _EDGE
        for strip in self._strips:
            made.paste(strip, (_EDGE, top))
            top += strip.height
        return made


def printed(data: bytes, columns: int) -> Paper:
    """Print it. Raises AssertionError for what no till sends."""
    return _Head(data, columns).run()


class _Head:
    def __init__(self, data: bytes, columns: int) -> None:
        self._data = data
        self._at = 0
        self._paper = Paper(columns)
        self._line = ""
        self._bold = self._tall = False
        self._align = 0

    def run(self) -> Paper:
        assert self._data.startswith(b"\x1b@"), "a job begins with ESC @"
        while self._at < len(self._data):
            self._step()
        assert self._line == "", "the last line was not ended"
        return self._paper

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        assert len(taken) == count, "it breaks off in a command"
        self._at += count
        return taken

    def _step(self) -> None:
        first = self._take(1)
        if first == b"\n":
            self._end_line()
        elif first == b"\x1b":
            self._escape(self._take(1))
        elif first == b"\x1d":
            self._group(self._take(1))
        else:
            assert b" " <= first <= b"~", f"{first!r} is no ASCII"
            self._line += first.decode()
            assert len(self._line) <= self._paper.columns, f"too long: {self._line}"

    def _escape(self, command: bytes) -> None:
        match command:
            case b"@":
                self._bold = self._tall = False
                self._align = 0
            case b"!":
                mode = self._take(1)[0]
                assert mode in (0, 0x10), "normal or double height"
                self._tall = mode == 0x10
            case b"E":
                self._bold = self._take(1) == b"\x01"
            case b"a":
                self._align = self._take(1)[0]
            case b"d":
                self._feed(self._take(1)[0])
            case b"p":
                self._take(3)
                self._paper.drawer = True
            case _:
                raise AssertionError(f"no till sends ESC {command!r}")

    def _group(self, command: bytes) -> None:
        match command:
            case b"V":
                assert self._take(1)[0] in (0, 1)
                self._paper.cut = True
            case b"v":
                assert self._take(2) == b"0\x00"
                wide = int.from_bytes(self._take(2), "little")
                high = int.from_bytes(self._take(2), "little")
                self._show_image(
                    Image.frombytes("1", (wide * 8, high), bytes(~b & 255 for b in self._take(wide * high)))
                )
            case _:
                raise AssertionError(f"no till sends GS {command!r}")

    def _show_image(self, image: Image.Image) -> None:
        width = self._paper.columns * CELL[0]
        assert image.width <= width, "wider than the head"
        self._paper.images.append(image)
        strip = Image.new("L", (width, image.height), 255)
        strip.paste(image.convert("L"), ((width - image.width) // 2 if self._align == 1 else 0, 0))
        self._paper._strips.append(strip)

    def _feed(self, count: int) -> None:
        for _ in range(count):
            self._end_line()

    def _end_line(self) -> None:
        wide, high = CELL
        strip = Image.new("L", (self._paper.columns * wide, high), 255)
        draw = ImageDraw.Draw(strip)
        font = ImageFont.load_default(18)
        for place, letter in enumerate(self._line):
            draw.text((place * wide + wide / 2, high / 2), letter, 0, font, "mm")
            if self._bold:
                draw.text((place * wide + wide / 2 + 1, high / 2), letter, 0, font, "mm")
        if self._tall:
            strip = strip.resize((strip.width, high * 2))
        self._paper._strips.append(strip)
        self._paper.lines.append(("!" if self._tall else "") + self._line)
        self._line = ""

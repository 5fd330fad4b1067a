"""What the settings file and the environment say, as text, and the refusals in words of what cannot be meant.

The file may come from any editor, and the environment from any script. A refusal names the setting or the file, and
never repeats a value: a key pasted into the wrong place stays unseen.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias, TypeVar

from pos_app.domain.strict import plain, whole
from pos_app.errors import SettingsError, unusable

_LARGEST = 262_144  # bytes of a settings file; a usual one has one thousand
_LONGEST = 2_000  # characters of a setting
_UNFIT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")  # control characters, and bytes that were no UTF-8
_DAY = 86_400  # seconds
_UNCHANGED = "Nothing was sent, nothing was changed."
E = TypeVar("E", bound=StrEnum)
Changes: TypeAlias = Mapping[str, str | Sequence[str]]
Said: TypeAlias = Mapping[str, object]  # by the settings' names; a number is the text that stands in the file


def read_text(path: Path) -> str:
    """The text of the settings file; empty where there is none.

    Raises:
        SettingsError: it cannot be read, or not as UTF-8 text of a usual size.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise unreadable(path)
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError:
        raise unreadable(path) from None
    if len(content) > _LARGEST:
        raise SettingsError(
            f"The settings file {path} is larger than {_LARGEST // 1024} KB, so it holds something else. {_UNCHANGED} "
            "Move it away to start with the defaults."
        )
    try:
        if b"\0" in content:
            raise ValueError("UTF-16, or no text")
        return content.decode("utf-8-sig")  # Notepad puts a mark before the text
    except ValueError:
        raise SettingsError(
            f"The settings file {path} is not saved as UTF-8. {_UNCHANGED} Open it in the editor and save it again "
            'with the encoding UTF-8 (in Notepad: "Save as", Encoding), or move it away to start with the defaults.'
        ) from None


def unreadable(path: Path) -> SettingsError:
    """The settings file is there and cannot be read."""
    return SettingsError(
        f"The settings file {path} cannot be read. {_UNCHANGED} Allow reading it, or move it away to start with the "
        "defaults."
    )


def said(path: Path, text: str) -> Said:
    """What a settings file says.

    Raises:
        SettingsError: it is no TOML; names the place.
    """
    try:
        found: dict[str, object] = tomllib.loads(text)
        if any(type(value) in (int, float) for value in found.values()):
            # Imported here: the till itself writes no numbers. `1_000` and `0x3e8` are numbers too, and not our form.
            import tomlkit
            from tomlkit.items import Float, Integer

            body = tomlkit.parse(text).body
            found |= {key.key: item.as_string() for key, item in body if key and isinstance(item, Integer | Float)}
    except (ValueError, RecursionError) as error:
        raise _damaged(path, error) from None
    return found


def edited(path: Path, text: str, changes: Changes) -> str:
    """The text of a settings file with these changes; what else stands in it stays, also comments.

    Args:
        changes: by the settings' names; an empty value takes a setting out.

    Raises:
        SettingsError: it is no TOML.
    """
    said(path, text)
    # Imported here: most runs change no setting.
    import tomlkit

    try:
        document = tomlkit.parse(text)
        for name, value in changes.items():
            if value:
                document[name] = value if isinstance(value, str) else list(value)
            else:
                document.pop(name, None)
        return document.as_string()
    except (ValueError, RecursionError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> SettingsError:
    where = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deep, or a number too long"
    return SettingsError(
        f"The settings file {path} is damaged ({where}). {_UNCHANGED} Mend that line, or move the file away to start "
        "with the defaults."
    )


def named_folder(environ: Mapping[str, str], name: str) -> Path | None:
    """The folder that an environment variable names, None where it is not set.

    Raises:
        SettingsError: it is set and names none.
    """
    value = environ.get(name)
    if value is None:
        return None
    if not value.strip():
        raise SettingsError(
            f"{name} is set and empty, so it names no folder. {_UNCHANGED} Set it to the till's folder, or remove it."
        )
    return Path(value)


class Values:
    """Looks a setting up, environment first, and refuses in words that name it."""

    def __init__(self, file: Said, environ: Mapping[str, str] = os.environ) -> None:
        self._file = file
        self._environ = environ

    def text(self, name: str) -> str:
        """One line."""
        return _fit(name, self._found(name))

    def lines(self, name: str) -> tuple[str, ...]:
        """Some lines: a list in the file, or text with line ends; empty ones are left out."""
        value = self._found(name)
        parts = value if isinstance(value, list) else str(value).splitlines() if isinstance(value, str) else [value]
        return tuple(line for part in parts if (line := _fit(name, part)))

    def choice(self, name: str, options: type[E], default: str) -> E:
        value = self.text(name) or default
        try:
            return options(value)
        except ValueError:
            raise unusable(name, "one of " + ", ".join(options)) from None

    def matching(self, name: str, pattern: str, default: str, wanted: str) -> str:
        value = self.text(name) or default
        if value and not re.fullmatch(pattern, value):
            raise unusable(name, wanted)
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        number = whole(self.text(name) or "0")
        if number is None or not low <= number <= high:
            raise unusable(name, f"a whole number from {low} to {high}, in plain digits")
        return number

    def seconds(self, name: str) -> float | None:
        value = self.text(name)
        if not value:
            return None
        number = plain(value)
        if number is None or not 0 < number <= _DAY:
            raise unusable(name, f"seconds, more than 0 and at most {_DAY:,}, for example 6")
        return float(number)

    def _found(self, name: str) -> object:
        value: object = self._environ.get(f"POS_{name.upper()}")
        return self._file.get(name, "") if value is None else value


def _fit(name: str, value: object) -> str:
    """One line of text.

    Raises:
        SettingsError: it is something else.
    """
    if not isinstance(value, str):
        raise unusable(name, "text in quotes")
    text = value.strip()
    if _UNFIT.search(text):
        raise unusable(name, "plain text, without line ends and other control characters")
    if len(text) > _LONGEST:
        raise unusable(name, f"{_LONGEST:,} characters at most")
    return text

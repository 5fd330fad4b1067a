"""Whose work the project stands on, and under which terms."""

import re
import tomllib
from importlib import metadata
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
RESOURCES = ROOT / "resources"
NOTICES = (RESOURCES / "licences/NOTICES.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \**([a-z0-9-]+)\** \| (.+) \|$", NOTICES, re.MULTILINE)
DECLARED = {name: licence for name, licence in ROWS if licence != "licence"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked(name: str) -> set[str]:
    """The packages of a locked list, by their canonical names."""
    text = (RESOURCES / f"{name}.lock").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)(?:\[[\w, -]+\])?==", text, re.MULTILINE))


def test_each_direct_dependency_stands_in_the_notices() -> None:
    named = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    assert {canonicalize_name(Requirement(line).name) for line in named} <= DECLARED.keys()


def test_so_does_whatever_comes_with_them_and_nothing_else() -> None:
    assert locked("requirements") | locked("requirements-test") == DECLARED.keys()


def test_the_licence_is_what_the_package_declares() -> None:
    installed = {canonicalize_name(found.name): found.metadata for found in metadata.distributions()}
    said = {name: installed[name].json.get("license_expression") for name in DECLARED.keys() & installed.keys()}
    assert {name: said[name] for name in said if said[name] not in (None, DECLARED[name])} == {}
    assert len(said) > 60  # all but what is for Windows


def test_the_project_has_a_licence_and_its_files_are_there() -> None:
    assert PROJECT["license"] == "MIT"
    for pattern in PROJECT["license-files"]:
        assert list(ROOT.glob(pattern)), pattern


def test_every_font_and_icon_has_its_licence_beside_it() -> None:
    assert "SIL OPEN FONT LICENSE" in (RESOURCES / "fonts/Inter-LICENSE.txt").read_text(encoding="utf-8").upper()
    assert "ISC License" in (RESOURCES / "icons/LICENSE.txt").read_text(encoding="utf-8")
    assert {path.suffix for path in (RESOURCES / "fonts").iterdir()} == {".ttf", ".txt"}
    assert {path.suffix for path in (RESOURCES / "icons").iterdir()} == {".svg", ".txt"}

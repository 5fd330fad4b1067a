"""Each rule, fault and promise that is cited by its number exists, and so does whatever a page links to or names."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.faults.plans import PLANS

ROOT = Path(__file__).parent.parent
RULES = (ROOT / "pos_app/domain/RULES.md").read_text(encoding="utf-8")
FAULTS = (ROOT / "tests/faults/README.md").read_text(encoding="utf-8")
PAGES = sorted(
    path
    for room in ("", ".github", "pos_app", "resources", "tests")
    for path in (ROOT / room).glob("**/*.md" if room else "*.md")
)
SOURCES = [path for room in ("pos_app", "tests") for path in sorted((ROOT / room).rglob("*.py"))]
_RULE = re.compile(r"\b[Rr]ules? (\d+[a-c]?(?:(?:, | and |, and | or )\d+[a-c]?)*)\b")
_FAULT = re.compile(r"\b([TR]\d{1,2})\b")
_PATH = re.compile(r"`((?:\w+/)+[\w.]*\w|[\w-]+\.(?:py|toml|qss))`")
_NAMED = re.compile(r"`([\w/]+\.py)`:\s+((?:`\w+(?:\.\w+)*`(?:,\s+|\s+and\s+|\s+or\s+)?)+)")
_METHOD = re.compile(r"`([A-Z]\w+)\.(\w+)`")


@cache
def read(path: Path) -> str:
    """What stands in a file: each is looked through once for every name and number."""
    return path.read_text(encoding="utf-8")


def cited(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Where a number is cited, and the number."""
    for path in [*SOURCES, *PAGES]:
        for found in pattern.finditer(read(path)):
            for number in re.findall(r"[TR]?\d+[a-c]?", found[1]):
                yield str(path.relative_to(ROOT)), number


def slug(heading: str) -> str:
    """What hosts make of a heading, for links into a page."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_each_rule_that_is_cited_stands_in_the_rules() -> None:
    numbers = set(re.findall(r"^(\d+)\. ", RULES, re.MULTILINE))
    numbers |= {f"8{letter}" for letter in "abc" if f"\n   ({letter}) " in RULES}
    citations = set(cited(_RULE))
    assert len(citations) > 50
    assert {place for place in citations if place[1] not in numbers} == set()


def test_rules_are_cited_in_one_form() -> None:
    odd = re.compile(r"[Dd]esign (rule|section)")
    other = [path for path in SOURCES if path != Path(__file__)]
    assert [str(path) for path in other if odd.search(read(path))] == []


def test_each_fault_and_promise_that_is_cited_stands_in_the_list() -> None:
    numbers = set(re.findall(r"^\| ([TR]\d+) \|", FAULTS, re.MULTILINE))
    assert {f"R{number}" for number in range(1, 16)} <= numbers
    assert {place for place in cited(_FAULT) if place[1] not in numbers} == set()


@pytest.mark.parametrize("fault", PLANS)
def test_the_list_says_how_much_of_a_fault_is_played(fault: str) -> None:
    plan = PLANS[fault]
    row = next(line for line in FAULTS.splitlines() if line.startswith(f"| {fault} |") and line.count("|") == 6)
    sample, full = row.split("|")[4:6]
    assert f"{plan.full:,}" in full
    assert not plan.seeds or f"{plan.seeds * plan.each:,}" in sample


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        assert "://" not in link, link
        name, _, heading = link.partition("#")
        target = (page.parent / name) if name else page
        assert target.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in map(slug, headings), link


def defines(path: Path, name: str) -> bool:
    """Whether a module has a class, function, method or constant of this name."""
    text = read(path)
    defined = rf"^\s*(?:async )?(?:def|class) {name}\b|^{name}\b[^=\n]*="
    return name in text and re.search(defined, text, re.MULTILINE) is not None


def place(name: str) -> Path:
    """Where a path is that the architecture page names, which leaves `pos_app/` out."""
    return ROOT / "pos_app" / name if (ROOT / "pos_app" / name).exists() else ROOT / name


def test_what_the_architecture_names_is_there() -> None:
    text = (ROOT / "pos_app/README.md").read_text(encoding="utf-8")
    paths = set(_PATH.findall(text)) - {"page.py"}
    assert len(paths) > 50
    assert {path for path in paths if not place(path).exists()} == set()
    named = {(path, name) for path, names in _NAMED.findall(text) for name in re.findall(r"`([\w.]+)`", names)}
    assert len(named) > 40
    assert {(path, name) for path, name in named if not defines(place(path), name.split(".")[-1])} == set()
    methods = set(_METHOD.findall(text))
    homes = {name: [path for path in SOURCES if defines(path, name)] for name, _ in methods}
    assert {(name, own) for name, own in methods if not any(defines(path, own) for path in homes[name])} == set()


def test_the_rooms_that_the_readme_lists_are_all_there_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = {name.strip("/") for name in re.findall(r"^(pos_app/\w+/) ", readme, re.MULTILINE)}
    rooms = {f"pos_app/{path.parent.name}" for path in (ROOT / "pos_app").glob("*/__init__.py")}
    assert listed == rooms

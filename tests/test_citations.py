"""Each rule, fault and promise that is cited by its number exists, and so does whatever a page links to or names."""

import re
from collections.abc import Iterator
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


def cited(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Where a number is cited, and the number."""
    for path in [*SOURCES, *PAGES]:
        for found in pattern.finditer(path.read_text(encoding="utf-8")):
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
    assert [str(path) for path in other if odd.search(path.read_text(encoding="utf-8"))] == []


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

"""What holds for the project as a whole."""

import ast
import os
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RESOURCES = ROOT / "resources"


def ranges(path: Path) -> set[str]:
    """The requirements named in a file, without comments and references."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line and not line.startswith("-r")}


def test_the_top_level_is_what_the_client_asked_for() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    visible = {name for name in top if not name.startswith(".")}
    assert visible == {"pos_app", "resources", "tests", "main.py", "pyproject.toml", "README.md"}


def test_the_packages_the_client_asked_for_are_required() -> None:
    named = " ".join(ranges(RESOURCES / "requirements.in") | ranges(RESOURCES / "requirements-test.in")).lower()
    for package in ("pyside6", "httpx", "keyring", "sqlalchemy", "pytest-qt", "respx", "pyngrok"):
        assert package in named


def test_pyproject_and_the_requirements_name_the_same_ranges() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["dependencies"]) == ranges(RESOURCES / "requirements.in")
    assert set(project["optional-dependencies"]["test"]) == ranges(RESOURCES / "requirements-test.in")


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_the_locks_hold_hashes_and_no_hosts(name: str) -> None:
    text = (RESOURCES / f"{name}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    pinned = re.findall(r"^[a-z0-9-]+==", text, re.MULTILINE)
    assert len(pinned) >= len(ranges(RESOURCES / f"{name}.in"))
    assert text.count("--hash=sha256:") >= len(pinned)


@pytest.mark.skipif(os.name != "posix", reason="CI is a shell script")
def test_ci_runs_the_tests_by_the_command_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^<!-- tests -->\n```\n(.+)\n```$", readme, re.MULTILINE)
    assert command is not None
    found = subprocess.run(["bash", ".ci/run", "command"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == command[1]
    assert command[1].startswith("bash .ci/setup tests && ")
    assert "-m pytest" in command[1]


def test_modules_stay_under_350_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "pos_app").rglob("*.py")}
    assert not {str(path): length for path, length in lengths.items() if length > 350}


WIRED = {
    "Catalogue": "catalogue",
    "Checkout": "checkout",
    "GroupWriter": "write_queue",
    "Ledger": "ledger",
    "LedgerInbox": "inbox",
    "Owner": "owner",
    "OwnerPassphrase": "passphrase",
    "Printing": "printing",
    "Receipts": "receipts",
    "Reconciler": "reconciliation",
    "Schedule": "query_schedule",
    "Till": "till",
}
WIRING = "pos_app/sales/build.py"
_IMPORTS_A_PART = re.compile(rf"\bfrom pos_app\.sales\.({'|'.join(WIRED.values())}) import\b")
OWN_TESTS = "tests/sales/"  # the unit tests of these classes make one by itself


def parts_made_in(text: str) -> Iterator[str]:
    """The parts of a till that a module makes; one that imports none of them is not read any closer."""
    if not _IMPORTS_A_PART.search(text):
        return
    tree = ast.parse(text)
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if alias.name in WIRED and node.module == f"pos_app.sales.{WIRED[alias.name]}"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
            yield imported[node.func.id]


def test_a_till_is_put_together_in_one_place() -> None:
    """A proof must not prove a copy: what the tests and faults play with is wired as the program is."""
    made = {
        where: set(parts_made_in(path.read_text(encoding="utf-8")))
        for folder in ("pos_app", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if not (where := path.relative_to(ROOT).as_posix()).startswith(OWN_TESTS)
    }
    assert made[WIRING] == WIRED.keys() - {"GroupWriter"}  # which is handed in, and so can be another
    others = {where for where, parts in made.items() if parts}
    assert others - {WIRING, "pos_app/sales/owner.py"} == set()  # the owner's acts own the passphrase


def test_a_class_name_means_one_thing() -> None:
    """`Clock` stands twice: each is the part of the same clock that its module needs."""
    named = Counter(
        name
        for path in (ROOT / "pos_app").rglob("*.py")
        for name in re.findall(r"^class ([^\W_]\w*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {name for name, times in named.items() if times > 1} == {"Clock"}

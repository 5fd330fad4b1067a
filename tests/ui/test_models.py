"""Every model that a view shows is watched by Qt's own tester, in its own tests."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def classes(folder: str) -> dict[str, set[str]]:
    """Every class of the window below a folder, with the names of what it inherits."""
    return {
        node.name: {name for base in node.bases if (name := named(base))}
        for tree in trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }


def trees(folder: str) -> Iterator[ast.Module]:
    for path in (ROOT / folder / "ui").rglob("*.py"):
        yield ast.parse(path.read_text(encoding="utf-8"))


def named(node: ast.expr) -> str | None:
    """`ListModel` of `ListModel[Row]`, `QtCore.QAbstractListModel` by its last name."""
    if isinstance(node, ast.Subscript):
        return named(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None


def is_model(name: str, known: dict[str, set[str]]) -> bool:
    if name.startswith("Q") and name.endswith("Model"):
        return True
    return any(is_model(base, known) for base in known.get(name, ()))


def watched_models(tree: ast.Module) -> Iterator[str]:
    """What `watched(SomeModel(...))` says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and named(node.func) == "watched" and node.args:
            model = node.args[0]
            if isinstance(model, ast.Call) and (name := named(model.func)):
                yield name


def test_every_model_is_watched_by_qts_tester() -> None:
    known = classes("pos_app")
    inherited = {base for bases in known.values() for base in bases}
    models = {name for name in known if name not in inherited and is_model(name, known)}
    assert {"PaymentsModel", "PostsModel"} <= models
    assert models - {name for tree in trees("tests") for name in watched_models(tree)} == set()


LIES = """
from PySide6.QtCore import QCoreApplication, QModelIndex, QStringListModel
from tests.support.model_rules import watched
application = QCoreApplication([])
model = watched(QStringListModel(["Tea"]))
model.beginInsertRows(QModelIndex(), 1, 1)
model.endInsertRows()
"""


def test_a_model_that_tells_of_a_row_that_is_not_there_ends_the_program() -> None:
    ended = subprocess.run([sys.executable, "-c", LIES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "qabstractitemmodeltester" in ended.stderr

"""Qt's own tester looks at what a model does."""

from typing import TypeVar

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtTest import QAbstractItemModelTester

Model = TypeVar("Model", bound=QAbstractItemModel)


def watched(model: Model, *, fetching: bool = True) -> Model:
    """The same model, under Qt's eyes from now until it is gone: at each of its changes every rule is checked, and the
    first one that is broken ends the program, with Qt's words.

    Args:
        fetching: the tester asks for more rows whenever there are more; a test that counts its own questions says no.
    """
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    tester.setUseFetchMore(fetching)
    return model

"""Whoever waits for the writer waits some seconds, and hears what that means."""

from concurrent.futures import Future

import pytest

from pos_app.errors import BadInput, CannotSave
from pos_app.sales.patience import NOT_YET, PATIENCE, answer_of


def test_what_hangs_is_not_waited_for_without_an_end() -> None:
    saving: Future[int] = Future()
    with pytest.raises(CannotSave) as hangs:
        answer_of(saving, 0.01)
    assert hangs.value.user_text == NOT_YET
    assert PATIENCE <= 10
    saving.set_result(7)
    assert answer_of(saving) == 7


def test_what_the_job_raises_is_raised() -> None:
    saving: Future[int] = Future()
    saving.set_exception(BadInput("No."))
    with pytest.raises(BadInput, match="No"):
        answer_of(saving)

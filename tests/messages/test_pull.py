from dataclasses import replace
from datetime import timedelta

from pos_app.domain.pull_run import PullRun
from pos_app.messages.pull import NOT_YET, NOTHING_YET, last_round
from tests.support.fakes import START

RUN = PullRun(till="B", begun=START, ended=START, covered=START - timedelta(minutes=5))


def test_each_end_of_a_round_has_its_words() -> None:
    known = last_round(RUN)
    assert known.startswith("M-PESA's record is in the books up to ")
    assert last_round(None) == NOT_YET
    assert last_round(replace(RUN, covered=None)) == NOTHING_YET
    assert last_round(replace(RUN, trouble="M-PESA was not reached.")) == f"M-PESA was not reached. {known}"
    assert last_round(replace(RUN, ended=None)) == f"Till B is asking M-PESA now. {known}"

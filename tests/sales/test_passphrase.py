"""Who knows the owner's passphrase may change it, and nobody else."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pos_app.domain.recovery_code import make_code
from pos_app.errors import BadInput, CannotSave
from pos_app.sales.attempts import LONGEST_WAIT, TRIES
from pos_app.sales.passphrase import COUNT, OwnerPassphrase
from pos_app.sales.ports import Transaction
from pos_app.store.transaction import SqlTransaction
from tests.support.builders import said
from tests.support.fakes import FakeClock, FakeGateway, QuickPassphrases
from tests.support.till_harness import TillHarness, open_harness

OLD, NEW = "mama njeri 1987", "mama njeri 1988"


def test_the_owner_changes_it(harness: TillHarness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pos_app.sales.passphrase")
    passphrase = harness.till.owner.passphrase
    passphrase.choose(OLD)
    passphrase.confirm(OLD)
    passphrase.change(OLD, NEW)
    passphrase.confirm(NEW)
    assert said(caplog, "pos_app.sales.passphrase") == [
        "the owner chose a passphrase",
        "the owner changed the passphrase",
    ]
    with pytest.raises(BadInput, match="not the owner's"):
        passphrase.confirm(OLD)


@pytest.mark.parametrize(
    ("old", "new", "words"), [("guess", NEW, "not the owner's"), (OLD, "  short ", "at least 8 characters")]
)
def test_what_cannot_be_changed_stays(harness: TillHarness, old: str, new: str, words: str) -> None:
    passphrase = harness.till.owner.passphrase
    passphrase.choose(OLD)
    with pytest.raises(BadInput, match=words):
        passphrase.change(old, new)
    passphrase.confirm(OLD)


def test_changing_it_cannot_be_used_to_guess_it(harness: TillHarness) -> None:
    passphrase = harness.till.owner.passphrase
    passphrase.choose(OLD)
    for _ in range(TRIES):
        with pytest.raises(BadInput, match="not the owner's"):
            passphrase.change("guess", NEW)
    with pytest.raises(BadInput, match="Too many wrong tries"):
        passphrase.confirm(OLD)
    with pytest.raises(BadInput, match="Too many wrong tries"):
        passphrase.change(OLD, NEW)


def test_of_two_that_choose_at_once_one_is_told_that_there_is_one_already(harness: TillHarness) -> None:
    """Both are written in one group: neither may look past what the other has just written."""
    passphrase, open_gate, busy = harness.till.owner.passphrase, threading.Event(), threading.Event()

    def block(_: Transaction) -> None:
        busy.set()
        assert open_gate.wait(10)

    harness.till.writer.submit(block, keep=True)
    assert busy.wait(10)

    def choose(which: str) -> str:
        try:
            passphrase.choose(which)
        except BadInput:
            return "refused"
        return which

    with ThreadPoolExecutor(2) as owners:
        told = [owners.submit(choose, which) for which in (OLD, NEW)]
        while harness.till.writer._queue.qsize() < 2:
            open_gate.wait(0.01)
        open_gate.set()
        ends = [future.result(10) for future in told]
    assert sorted(end == "refused" for end in ends) == [False, True]
    passphrase.confirm(next(end for end in ends if end != "refused"))


class Overtaken(QuickPassphrases):
    """Takes so long over a new passphrase or code that something else happens first."""

    def __init__(self, first: Callable[[], object]) -> None:
        self._first: Callable[[], object] | None = first

    def hash(self, passphrase: str) -> str:
        first, self._first = self._first, None
        if first:
            first()
        return super().hash(passphrase)


@pytest.mark.parametrize(
    ("way", "other_way"),
    [
        *(("change", other) for other in ("change", "recover")),
        *(("renew_code", other) for other in ("change", "recover")),
        *(("recover", other) for other in ("change", "renew_code", "recover")),
    ],
)
def test_of_two_tills_that_change_it_at_once_one_is_told(harness: TillHarness, way: str, other_way: str) -> None:
    """Whoever knew the one before has no code, and nobody is told of a change that another one took back."""
    till = harness.till
    code = till.owner.passphrase.choose(OLD)
    last: list[str] = []

    def do(passphrase: OwnerPassphrase, which: str, new: str) -> str:
        if which == "recover":
            return passphrase.recover(code, new)
        return passphrase.change(OLD, new) if which == "change" else passphrase.renew_code(OLD)

    def meanwhile() -> None:
        last.append(do(till.owner.passphrase, other_way, NEW))

    slow = OwnerPassphrase(till.reader, till.writer, Overtaken(meanwhile), harness.clock)
    with pytest.raises(BadInput, match="changed meanwhile"):
        do(slow, way, "mama njeri 1989")
    till.owner.passphrase.confirm(OLD if other_way == "renew_code" else NEW)
    till.owner.passphrase.recover(last[0], OLD)


def test_there_is_nothing_to_confirm_before_it_is_chosen(harness: TillHarness) -> None:
    with pytest.raises(BadInput, match="no passphrase yet"):
        harness.till.owner.passphrase.confirm("")


def test_what_was_confirmed_elsewhere_is_taken_over_once(
    harness: TillHarness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.passphrase")
    passphrase = harness.till.owner.passphrase
    for _ in range(2):
        passphrase.adopt(OLD, "")
    passphrase.adopt(NEW, "")
    passphrase.confirm(NEW)
    assert passphrase.kept_code == ""
    assert said(caplog, "pos_app.sales.passphrase") == ["the owner's passphrase counts in one database more"] * 2


def guess(harness: TillHarness, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(BadInput, match="not the owner's"):
            harness.till.owner.passphrase.confirm("guess")


def waits(harness: TillHarness) -> str:
    """What a try is answered that comes too early."""
    with pytest.raises(BadInput, match="Too many wrong tries") as early:
        harness.till.owner.passphrase.confirm(OLD)
    return early.value.user_text


class TestTheCountOfWrongTries:
    def test_survives_restarts(self, tmp_path: Path, clock: FakeClock) -> None:
        """186 tries a minute were possible by starting the program again and again."""
        path = tmp_path / "practice.db"
        with open_harness(path, clock, FakeGateway()) as harness:
            harness.till.owner.passphrase.choose(OLD)
        for _ in range(TRIES):
            with open_harness(path, clock, FakeGateway()) as harness:
                guess(harness)
        with open_harness(path, clock, FakeGateway()) as harness:
            assert "Wait 0:30" in waits(harness)
        clock.advance(30)
        with open_harness(path, clock, FakeGateway()) as harness:
            guess(harness)
        with open_harness(path, clock, FakeGateway()) as harness:
            assert "Wait 1:00" in waits(harness)
        clock.advance(60)
        with open_harness(path, clock, FakeGateway()) as harness:
            harness.till.owner.passphrase.confirm(OLD)
            guess(harness, TRIES)  # it begins anew

    def test_no_wait_is_longer_than_the_rule_where_a_clock_was_wrong(self, tmp_path: Path, clock: FakeClock) -> None:
        path = tmp_path / "practice.db"
        clock.jump(3_000 * 86_400)
        with open_harness(path, clock, FakeGateway()) as harness:
            harness.till.owner.passphrase.choose(OLD)
            guess(harness, TRIES)
        clock.jump(-3_000 * 86_400)
        for _ in range(2):  # told once, it is kept: the next start does not begin the wait again
            with open_harness(path, clock, FakeGateway()) as harness:
                assert "Wait 0:30" in waits(harness)
        clock.advance(30)
        with open_harness(path, clock, FakeGateway()) as harness:
            harness.till.owner.passphrase.confirm(OLD)

    def test_a_clock_that_is_set_forward_shortens_nothing_of_this_run(
        self, harness: TillHarness, clock: FakeClock
    ) -> None:
        harness.till.owner.passphrase.choose(OLD)
        guess(harness, TRIES)
        clock.jump(86_400)
        assert "Wait 0:30" in waits(harness)
        clock.advance(30)
        harness.till.owner.passphrase.confirm(OLD)

    def test_the_longest_wait_is_a_quarter_of_an_hour(self, harness: TillHarness, clock: FakeClock) -> None:
        harness.till.owner.passphrase.choose(OLD)
        for _ in range(40):
            guess(harness)
            clock.advance(LONGEST_WAIT)
        guess(harness)
        assert "Wait 15:00" in waits(harness)

    def test_a_try_that_cannot_be_counted_is_not_made(
        self, harness: TillHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        harness.till.owner.passphrase.choose(OLD)

        def refuse(*_: object) -> None:
            raise CannotSave

        monkeypatch.setattr(SqlTransaction, "set_setting", refuse)
        with pytest.raises(CannotSave):
            harness.till.owner.passphrase.confirm(OLD)

    @pytest.mark.parametrize(
        "text", ["", "x", "5", "5 never", "5 2026-11-23T10:00:00", "\u0665 2026-11-23T10:00:00+00:00"]
    )
    def test_a_count_that_nobody_wrote_is_none(self, harness: TillHarness, text: str) -> None:
        passphrase = harness.till.owner.passphrase
        passphrase.choose(OLD)
        with harness.database.write() as transaction:
            transaction.set_setting(COUNT, text)
        guess(harness)
        passphrase.confirm(OLD)


def test_what_is_no_character_is_no_passphrase(harness: TillHarness) -> None:
    passphrase = harness.till.owner.passphrase
    with pytest.raises(BadInput, match="a character in it that is none"):
        passphrase.choose("long enough \ud800")
    passphrase.choose(OLD)
    with pytest.raises(BadInput, match="not the owner's"):
        passphrase.confirm("long enough \udce9")


def wrong_code(right: str) -> str:
    """One that could be the shop's, and is not."""
    return next(code for code in (make_code(), make_code()) if code != right)


class TestTheRecoveryCode:
    def test_a_forgotten_passphrase_is_chosen_anew_and_the_code_is_used_up(
        self, harness: TillHarness, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO", "pos_app.sales.passphrase")
        passphrase = harness.till.owner.passphrase
        code = passphrase.choose(OLD)
        following = passphrase.recover(code.lower().replace("-", " "), NEW)
        passphrase.confirm(NEW)
        with pytest.raises(BadInput, match="not the owner's"):
            passphrase.confirm(OLD)
        with pytest.raises(BadInput, match="only the newest one counts"):
            passphrase.recover(code, OLD)
        passphrase.recover(following, OLD)
        passphrase.confirm(OLD)
        assert said(caplog, "pos_app.sales.passphrase")[:2] == [
            "the owner chose a passphrase",
            "the owner chose a new passphrase by the recovery code",
        ]
        assert code not in caplog.text
        assert following not in caplog.text

    def test_only_a_hash_is_kept_and_the_audit_says_that_it_was_used(self, harness: TillHarness) -> None:
        passphrase = harness.till.owner.passphrase
        code = passphrase.choose(OLD)
        passphrase.renew_code(OLD)
        code = passphrase.renew_code(OLD)
        following = passphrase.recover(code, NEW)
        lines = [(line.act, line.subject, line.old, line.new, line.owner) for line in harness.till.reader.audit(9)]
        assert lines == [
            ("roles", "owner's passphrase, by the recovery code", None, "changed", True),
            ("roles", "recovery code", None, "changed", True),
            ("roles", "recovery code", None, "changed", True),
            ("roles", "owner's passphrase", None, "changed", True),
        ]
        for secret in (code, following):
            assert secret not in passphrase.kept_code

    def test_each_new_passphrase_brings_a_new_one(self, harness: TillHarness) -> None:
        """Whoever knew the old passphrase may have had a code made with it."""
        passphrase = harness.till.owner.passphrase
        first = passphrase.choose(OLD)
        second = passphrase.change(OLD, NEW)
        with pytest.raises(BadInput, match="only the newest one counts"):
            passphrase.recover(first, OLD)
        third = passphrase.renew_code(NEW)
        with pytest.raises(BadInput, match="only the newest one counts"):
            passphrase.recover(second, OLD)
        passphrase.recover(third, OLD)

    def test_a_shop_of_an_older_program_has_none_until_the_owner_has_one_made(self, harness: TillHarness) -> None:
        passphrase = harness.till.owner.passphrase
        passphrase.adopt(OLD, "")
        with pytest.raises(BadInput, match="This shop has no recovery code"):
            passphrase.recover(make_code(), NEW)
        with pytest.raises(BadInput, match="not the owner's"):
            passphrase.renew_code("guess")
        passphrase.recover(passphrase.renew_code(OLD), NEW)
        passphrase.confirm(NEW)

    def test_wrong_ones_are_counted_with_the_wrong_passphrases_over_restarts(
        self, tmp_path: Path, clock: FakeClock
    ) -> None:
        path = tmp_path / "practice.db"
        with open_harness(path, clock, FakeGateway()) as harness:
            code = harness.till.owner.passphrase.choose(OLD)
        with open_harness(path, clock, FakeGateway()) as harness:
            guess(harness, TRIES - 1)
        with open_harness(path, clock, FakeGateway()) as harness:
            with pytest.raises(BadInput, match="only the newest one counts"):
                harness.till.owner.passphrase.recover(wrong_code(code), NEW)
            assert "Wait 0:30" in waits(harness)
        with (
            open_harness(path, clock, FakeGateway()) as harness,
            pytest.raises(BadInput, match=r"Too many wrong tries\. Wait 0:30"),
        ):
            harness.till.owner.passphrase.recover(code, NEW)
        clock.advance(30)
        with open_harness(path, clock, FakeGateway()) as harness:
            harness.till.owner.passphrase.recover(code, NEW)
            harness.till.owner.passphrase.confirm(NEW)

    @pytest.mark.parametrize(
        ("change", "new", "words"),
        [
            (lambda code: code, "short", "at least 8 characters"),
            (lambda code: code, "long enough \ud800", "a character in it that is none"),
            (lambda code: code[:-1], NEW, "Here are 29"),
            (lambda code: code[:-1] + ("2" if code[-1] == "3" else "3"), NEW, "Group 6"),
        ],
    )
    def test_a_slip_of_the_hand_is_no_try(
        self, harness: TillHarness, change: Callable[[str], str], new: str, words: str
    ) -> None:
        passphrase = harness.till.owner.passphrase
        code = passphrase.choose(OLD)
        for _ in range(TRIES + 1):
            with pytest.raises(BadInput, match=words):
                passphrase.recover(change(code), new)
        passphrase.recover(code, NEW)

    def test_another_database_of_the_shop_takes_it_over(
        self, harness: TillHarness, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO", "pos_app.sales.passphrase")
        passphrase = harness.till.owner.passphrase
        passphrase.choose(OLD)
        code = make_code()
        for kept in (QuickPassphrases().hash(code), QuickPassphrases().hash(code), ""):
            passphrase.adopt(OLD, kept)
        assert said(caplog, "pos_app.sales.passphrase")[1:] == ["the recovery code counts in one database more"]
        passphrase.recover(code, NEW)

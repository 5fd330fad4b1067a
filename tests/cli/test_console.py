"""What becomes of what a command says never changes what it does, nor how it ends."""

import io
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from pos_app.cli.console import Console, open_missing

MAIN = str(Path(__file__).parents[2] / "main.py")
posix = pytest.mark.skipif(os.name == "nt", reason="shells of other systems")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice shop whose seventh post has a name that not every console can show."""
    folder = tmp_path_factory.mktemp("made once")
    assert run(folder, "posts", "add", "Chai \u2615", "--price", "30", encoding="utf-8").returncode == 0
    return folder


@pytest.fixture
def shop(made_once: Path, tmp_path: Path) -> Path:
    """The same as if it had been made here: nothing in a shop's folder says where that is."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(
    folder: Path, *words: str, encoding: str = "utf-8", shell: str = "", stdout: int = subprocess.PIPE
) -> "subprocess.CompletedProcess[bytes]":
    """`main.py WORDS` as a process of its own; `shell` is what a shell does with its streams."""
    environ = os.environ | {"PYTHONIOENCODING": encoding, "POS_DATA_DIR": str(folder)}
    command = [sys.executable, MAIN, *words, "--practice"]
    if shell:
        command = ["sh", "-c", f'exec "$@" {shell}', "sh", *command]
    return subprocess.run(command, env=environ, stdout=stdout, stderr=subprocess.PIPE, timeout=90, check=False)


def charge(folder: Path, **how: object) -> "subprocess.CompletedProcess[bytes]":
    return run(folder, "charge", "--post", "7", "--phone", "0712345678", **how)  # type: ignore[arg-type]


@contextmanager
def blocked_pipe() -> Iterator[int]:
    """A pipe that is full, and that nobody reads."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x")
    os.set_blocking(writing, True)
    yield writing
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii:strict"])
def test_a_console_that_cannot_show_the_posts_name(shop: Path, encoding: str) -> None:
    ran = charge(shop, encoding=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"Chai ?" in ran.stdout
    assert run(shop, "posts", "list", encoding=encoding).returncode == 0


@posix
@pytest.mark.parametrize("streams", [">&-", ">&- 2>&- <&-", ">/dev/full", ">/dev/full 2>/dev/full"])
def test_a_stream_that_is_closed_or_full(shop: Path, streams: str) -> None:
    ran = charge(shop, shell=streams)
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert b"Traceback" not in ran.stderr
    assert ran.stderr.count(b"could not be written (No space left on device). What it did stays") == (
        streams == ">/dev/full"
    )


@posix
def test_a_pipe_that_nobody_reads_and_one_that_nobody_holds(shop: Path) -> None:
    with blocked_pipe() as pipe:
        assert charge(shop, stdout=pipe).returncode == 0
    reading, writing = os.pipe()
    os.close(reading)
    try:
        for words in (["payments", "--json"], ["posts", "list"], ["--help"]):
            ran = run(shop, *words, stdout=writing)
            assert (ran.returncode, ran.stderr) == (0, b""), words
    finally:
        os.close(writing)


@posix
def test_help_on_a_full_disk(tmp_path: Path) -> None:
    assert run(tmp_path, "charge", "--help", shell=">/dev/full").returncode == 0


@posix
@pytest.mark.parametrize("json", [(), ("--json",)])
def test_begin_on_a_full_disk_says_that_it_was_done(tmp_path: Path, json: tuple[str, ...]) -> None:
    ran = run(tmp_path, "begin", *json, shell=">/dev/full")
    assert ran.returncode == 0
    assert b"could not be written (No space left on device). What it did stays" in ran.stderr
    assert (tmp_path / "practice.db").exists()


class Raw(io.RawIOBase):
    """A stream of the system that answers each write as it is told: so many bytes, nothing now, or an error."""

    def __init__(self, *answers: int | OSError | None) -> None:
        self.taken = b""
        self.go_on = threading.Event()
        self._answers = list(answers)

    def write(self, data: Any) -> int | None:
        if not self._answers:
            self.go_on.wait(30)
            return len(bytes(data))
        answer = self._answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        self.taken += bytes(data)[: answer or 0]
        return None if answer is None else min(answer, len(bytes(data)))

    def writable(self) -> bool:
        return True


def put(monkeypatch: pytest.MonkeyPatch, name: str, raw: Raw) -> Raw:
    monkeypatch.setattr(sys, name, io.TextIOWrapper(io.BufferedWriter(raw), encoding="ascii"))
    return raw


@pytest.mark.parametrize("limit", [None, 30.0])
def test_what_is_taken_in_parts_arrives_whole(monkeypatch: pytest.MonkeyPatch, limit: float | None) -> None:
    raw = put(monkeypatch, "stdout", Raw(2, None, 100))
    Console(limit).say("Chai \u2615")
    assert raw.taken == b"Chai ?" + os.linesep.encode()


@pytest.mark.parametrize("limit", [None, 30.0])
def test_a_stream_that_fails_is_told_once_on_the_other_and_left_alone(
    monkeypatch: pytest.MonkeyPatch, limit: float | None
) -> None:
    out = put(monkeypatch, "stdout", Raw(OSError(28, "No space left on device"), 100))
    err = put(monkeypatch, "stderr", Raw(1_000))
    console = Console(limit)
    console.say("Paid")
    console.say("Receipt")
    assert out.taken == b""
    assert err.taken.decode().strip() == (
        "What this command says could not be written (No space left on device). What it did stays as it is."
    )


def test_a_stream_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, "stderr", Raw(0))
    Console().warn("said to nobody")
    raw = put(monkeypatch, "stdout", Raw())
    console = Console(0.01)
    console.say("Paid")
    console.say("Receipt")  # does not wait again
    raw.go_on.set()
    assert raw.taken == b""


def test_no_stream_at_all_and_one_that_this_program_has_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    Console().say("to nobody")
    closed = io.StringIO()
    closed.close()
    err = io.StringIO()
    monkeypatch.setattr(sys, "stdout", closed)
    monkeypatch.setattr(sys, "stderr", err)
    Console().result({"paid": True})
    assert "could not be written (closed)" in err.getvalue()


@posix
def test_the_number_of_a_closed_stream_goes_to_no_file(tmp_path: Path) -> None:
    script = "from pos_app.cli.console import open_missing as o; o(); raise SystemExit(open('F', 'w').fileno())"
    ran = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", script.replace("F", str(tmp_path / "file"))],
        env=os.environ | {"PYTHONPATH": str(Path(MAIN).parent)},
        timeout=60,
        check=False,
    )
    assert ran.returncode > 2
    open_missing()  # where nothing is missing, nothing is opened


@posix
@pytest.mark.parametrize("words", [["payments", b"\xe9"], ["posts", "add", b"\xff"], ["charge", "--post", b"\xe9"]])
def test_bytes_that_are_no_text_are_bad_input_not_a_damaged_database(tmp_path: Path, words: list[str | bytes]) -> None:
    ran = subprocess.run(
        [sys.executable, MAIN, *words, "--practice", "--data-dir", str(tmp_path)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"is no text (UTF-8). Nothing was sent." in ran.stderr
    assert b"database" not in ran.stderr

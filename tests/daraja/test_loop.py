"""The loop that speaks to M-PESA: a name look-up that fails once is made again."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pos_app.daraja.loop import LoopThread


async def nothing() -> None:
    """What is done last."""


async def look_up() -> int:
    async with asyncio.timeout(10):
        return len(await asyncio.get_running_loop().getaddrinfo("localhost", 80))


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    made = LoopThread("loop under test")
    yield made
    made.close(nothing)


def test_a_look_up_that_no_thread_can_be_started_for_is_made_again(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, refused = threading.Thread.start, [True]

    def starts(thread: threading.Thread) -> None:
        if thread.name == "name look-up" and refused:
            refused.clear()
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", starts)
    with pytest.raises(socket.gaierror):  # so that it surely was not sent
        loop.run(look_up)
    assert loop.run(look_up) > 0


def test_a_look_up_that_fails_in_any_way_is_told_and_made_again(
    loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(socket, "getaddrinfo", fails)
        with pytest.raises(ZeroDivisionError):
            loop.run(look_up)
    assert loop.run(look_up) > 0

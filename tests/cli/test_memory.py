"""From how many places the threads of the window take memory, and what is not kept in it."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

_THREADS = """
import ctypes, sys, threading
from pos_app.cli.memory import few_arenas

few_arenas()
libc, all_took = ctypes.CDLL(None), threading.Barrier(8)

def take():
    libc.malloc(1_000)
    all_took.wait()

threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.fopen.restype = ctypes.c_void_p
told = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, told)
libc.fclose(told)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the places are GNU's")
def test_threads_share_two_places(tmp_path: Path) -> None:
    told = tmp_path / "told.xml"
    environment = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    subprocess.run([sys.executable, "-c", _THREADS, str(told)], env=environment, check=True)
    assert 1 <= told.read_text().count("<heap nr=") <= 2


_SOURCES = """
import linecache
from pos_app.cli.memory import spare_sources

spare_sources()
import pos_app.ui.next_action
from pos_app.domain import money

for module in (pos_app.ui.next_action, money):
    assert module.__file__ not in linecache.cache, module.__file__
"""


def test_pyside_reads_no_source_of_what_is_imported() -> None:
    subprocess.run([sys.executable, "-c", _SOURCES], check=True)

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tutor.learner import Store


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """`open_store()` opens a store in this test's folder, with a clock that ticks once for each look at it."""
    ticks = itertools.count(1)
    with ExitStack() as stack:
        yield lambda folder=tmp_path: stack.enter_context(Store(folder, clock=lambda: float(next(ticks))))


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`start(source)` runs a program in another process; its first argument is this test's folder."""
    with ExitStack() as stack:

        def begin(source: str, folder: Path = tmp_path) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "from tutor.learner import *\nimport sys\nfrom pathlib import Path\n" + source,
                    folder,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield begin

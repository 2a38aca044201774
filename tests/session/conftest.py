from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.learner import Store
from tutor.runner import Limits, Runner


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    """A warning would be written across the learner's screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """For code that ends by itself: a limit that no busy machine reaches."""
    with Runner(Limits(seconds=30.0, cpu_seconds=30.0)) as patient:
        yield patient


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own, with a clock that goes one second a call."""
    seconds = itertools.count(1_000_000)
    with Store(tmp_path, clock=lambda: float(next(seconds))) as opened:
        yield opened

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator

import pytest

from tutor.learner import Store
from tutor.runner import Limits, Runner

from .working import new_folder


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    """A warning would be written across the learner's screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)  # what an earlier test left is collected at any moment
        yield


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """For code that ends by itself: a limit that no busy machine reaches."""
    with Runner(Limits(seconds=30.0, cpu_seconds=30.0)) as patient:
        yield patient


@pytest.fixture
def store() -> Iterator[Store]:
    """A store of its own, with a clock that goes one second a call."""
    seconds = itertools.count(1_000_000)
    with new_folder() as folder, Store(folder, clock=lambda: float(next(seconds))) as opened:
        yield opened

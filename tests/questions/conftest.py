from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from tutor.runner import Limits, Runner


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

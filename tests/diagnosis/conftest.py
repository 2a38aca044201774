from __future__ import annotations

from collections.abc import Iterator

import pytest

from tutor.runner import Limits, Runner


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """For code that ends by itself: a limit that no busy machine reaches."""
    with Runner(Limits(seconds=30.0, cpu_seconds=30.0)) as patient:
        yield patient

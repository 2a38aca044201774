from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.learner import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A learner's, empty."""
    with Store(tmp_path) as opened:
        yield opened

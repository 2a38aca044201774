from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.session.working import new_folder
from tutor.learner import Store


@pytest.fixture
def folder() -> Iterator[Path]:
    with new_folder() as folder:
        yield folder


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store(folder) as store:
        yield store

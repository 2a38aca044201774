"""For all tests: which are fast, and Hypothesis with the same examples on every machine, and no stopwatch.

`HYPOTHESIS_PROFILE=explore` looks at other examples each time, and at more of them.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fast import PATHS
from tests.forked_runs import forked_runs
from tests.sampling import examples

_HERE = Path(__file__).parent

if sys.dont_write_bytecode:
    # Tests start the program a hundred times: where nothing may be written beside the sources, it is compiled in
    # pytest's own cache, once.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(_HERE.parent / ".pytest_cache" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

settings.register_profile(
    "same", deadline=None, derandomize=True, max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@cache
def _is_fast(path: Path) -> bool:
    return path.is_relative_to(_HERE) and path.relative_to(_HERE).as_posix() in PATHS


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m fast` the other modules are not even imported."""
    only_fast = config.getoption("markexpr") == "fast"
    return True if only_fast and collection_path.name.startswith("test_") and not _is_fast(collection_path) else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of the modules in tests/fast.py."""
    if _is_fast(item.path):
        item.add_marker(pytest.mark.fast)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays to the end: looking through it for garbage takes a tenth of the time, and finds none.

    Nor is there much to find in what the tests make, and they need not look for it so often.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(20_000)


def pytest_sessionfinish() -> None:
    """The process ends: pytest would look through all that is left for garbage five times, and Python again."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_runs() -> Iterator[None]:
    """The learner's code runs in processes that need not load NumPy; not so in tests/runner."""
    with forked_runs():
        yield

"""Right programs for every code exercise that ships: the worked one, the same taken apart, and others' styles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.questions.code.right import right_programs
from tests.questions.code_diagnosis.restyling import split
from tests.questions.code_diagnosis.right import RIGHT

from .asked import Asked
from .more_right import MORE


def programs(asked: Asked) -> list[str]:
    """Right programs, the worked one first.

    None that lets Python call deeper than usual: a mutant of it could take this process down with it.
    """
    return [text for text in dict.fromkeys(_programs(asked)) if "setrecursionlimit" not in text]


def _programs(asked: Asked) -> Iterator[str]:
    worked = asked.chosen.worked(asked.spec)
    yield worked
    if asked.harness == "passes":
        yield split(worked, 3)
        yield from RIGHT.get(asked.exercise, ())
    else:
        wanted = asked.harness, _key(asked.spec)
        yield from (text for harness, spec, text in right_programs() if (harness, _key(spec)) == wanted)
    yield from MORE.get(asked.exercise, ())


def _key(spec: Any) -> Any:
    return (spec.op, spec.broadcast) if hasattr(spec, "op") else type(spec)

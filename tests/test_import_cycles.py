"""No module of the program imports itself by way of others, and no late import hides that one would."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tutor.questions import registry

SOURCES = Path(registry.__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in SOURCES.rglob("*.py")
}


def statements(body: list[ast.stmt], late: bool) -> Iterator[ast.stmt]:
    """What runs when the module is imported; with `late`, what its functions do as well. Not what only types need."""
    for statement in body:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from statements(statement.orelse, late)
            continue
        yield statement
        if late or not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for part in ("body", "orelse", "finalbody"):
                yield from statements(getattr(statement, part, []), late)
            for handler in getattr(statement, "handlers", []):
                yield from statements(handler.body, late)


def imported(module: str, late: bool) -> set[str]:
    """The modules of the program that one imports, and the packages these are in; without those it is in itself."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    named: list[str] = []
    for statement in statements(ast.parse(path.read_text(encoding="utf-8")).body, late):
        if isinstance(statement, ast.Import):
            named += [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            source = importlib.util.resolve_name("." * statement.level + (statement.module or ""), package)
            inner = [f"{source}.{alias.name}" for alias in statement.names]
            named += [one if one in MODULES else source for one in inner]
    parents = {".".join(one.split(".")[:depth]) for one in named for depth in range(1, one.count(".") + 2)}
    return {one for one in parents if one in MODULES and not f"{module}.".startswith(f"{one}.")}


def a_cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """The modules of one cycle, in order; empty where there is none."""
    done: set[str] = set()
    for start in graph:
        road, waiting = [start], [iter(sorted(graph[start]))]
        while waiting:
            after = next(waiting[-1], None)
            if after is None:
                done.add(road.pop())
                waiting.pop()
            elif after in road:
                return [*road[road.index(after) :], after]
            elif after in graph and after not in done:
                road.append(after)
                waiting.append(iter(sorted(graph[after])))
    return []


def test_a_cycle_is_found():
    assert a_cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c", "b"]
    assert a_cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_module_imports_itself_by_way_of_others():
    assert a_cycle({module: imported(module, late=False) for module in MODULES}) == []


@pytest.mark.parametrize("room", ["language", "engine", "judging", "drawing", "library", "questions"])
def test_no_late_import_hides_a_cycle(room: str):
    modules = [module for module in MODULES if module.startswith(f"tutor.{room}")]
    assert len(modules) > 5
    assert a_cycle({module: imported(module, late=True) for module in modules}) == []

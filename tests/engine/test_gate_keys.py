"""Gates are known by their entries: other modules name few of them by string, and those are listed here.

The language's own operators (+ - * / ^ @ and the transpose) are syntax and may be named anywhere. A module that names
another gate holds a fact about it that its entry could hold: think twice, then add it here.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tutor.engine.gates import GATES

_ROOT = Path(__file__).parents[2]
_SYNTAX = {"add", "sub", "mul", "div", "neg", "pow", "matmul", "transpose"}

NAMED_IN = frozenset(
    [
        "drawing/characters",
        "engine/canonical_form",
        "engine/enclosure",
        "engine/passes",
        "engine/pattern",
        "engine/sizes",
        "engine/symbolic_backward",
        "engine/sympy_bridge",
        "judging/screening",
        "judging/shapes",
        "language/calls",
        "language/equation_sides",
        "language/implicit_multiplication",
        "language/latex",
        "language/name_resolution",
        "language/parser",
        "language/printer",
        "language/reader",
        "language/suggestions",
        "language/unsupported_functions",
        "diagnosis/child/calls",
        "diagnosis/child/expressions",
        "diagnosis/differences",
        "diagnosis/remarks",
        "questions/backprop/forward",
        "questions/backprop/stage",
        "questions/backprop/staging_diagnosis/contexts",
        "questions/backprop/staging_diagnosis/edits",
        "questions/backprop/worked_solution",
        "questions/code/engine_graphs",
        "questions/code/engine_text",
        "questions/code/operations",
        "questions/derivative/candidates",
        "questions/derivative/equations",
        "questions/derivative/explanations",
        "questions/derivative/slips",
        "questions/derivative/tape",
        "questions/gradient/backward",
        "questions/gradient/misconceptions",
        "questions/shape/arrays",
        "questions/shape/explain",
        "questions/traversals",
        "questions/value/misconceptions",
        "settings/schema",
        "typesetting",
    ]
)
"""Modules of tutor/ that name a gate."""


def test_gates_are_named_by_string_in_few_modules():
    found = {module for module in _modules() if _names_a_gate(_ROOT / "tutor" / f"{module}.py")}
    assert found <= NAMED_IN, f"a fact about a gate belongs into its entry: {sorted(found - NAMED_IN)}"
    assert found >= NAMED_IN, f"no longer needed in this list: {sorted(NAMED_IN - found)}"


def _modules() -> list[str]:
    folder = _ROOT / "tutor"
    paths = (path for path in folder.rglob("*.py") if "gates" not in path.relative_to(folder).parts)
    return [path.relative_to(folder).with_suffix("").as_posix() for path in paths]


def _names_a_gate(path: Path) -> bool:
    named = GATES.keys() - _SYNTAX
    return any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in named
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )

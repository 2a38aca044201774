"""Gates are known by their entries: other modules name few of them by string, and those are listed here.

The language's own operators (+ - * / ^ @, the transpose, comparisons and `a if c else b`) are syntax and may be named
anywhere. A module that names another gate holds a fact about it that its entry could hold: think twice, then add it
here.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tutor.engine.gates import GATES

_ROOT = Path(__file__).parents[2]
_SYNTAX = {"add", "sub", "mul", "div", "neg", "pow", "matmul", "transpose"}
_SYNTAX |= {"greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "where"}
_OTHER_THINGS = {"sign", "step"}
"""Keys that are also the names of other things: the sign of a gate, a step of an exercise."""
_OTHER_THINGS_IN = {"course/report_page": {"mean"}, "course/report_texts": {"mean"}, "learner/transfer": {"sum"}}
"""The like in one module: the mean of a group's marks, the check sum of a file."""

NAMED_IN = frozenset(
    [
        "course/worksheets/latex_signs",
        "diagnosis/child/edits",
        "diagnosis/child/expressions",
        "diagnosis/child/operations",
        "drawing/characters",
        "engine/canonical_form",
        "engine/enclosure",
        "engine/passes",
        "engine/pattern",
        "engine/symbolic_backward",
        "engine/sympy_bridge",
        "judging/arithmetic_slips",
        "judging/screening",
        "judging/shapes",
        "judging/typed_answers",
        "language/array_products",
        "language/call_forms",
        "language/calls",
        "language/entries",
        "language/equation_sides",
        "language/index_checks",
        "language/index_notation",
        "language/index_rows",
        "language/latex",
        "language/name_resolution",
        "language/tree_builder",
        "language/printer",
        "language/reader",
        "language/subscripts",
        "language/unknown_words",
        "practice/function_grammar",
        "practice/gate_request",
        "practice/generated",
        "practice/own_code",
        "practice/redraw",
        "practice/small_graphs",
        "questions/backprop/staging_diagnosis/contexts",
        "questions/backprop/staging_diagnosis/edits",
        "questions/backprop/staging_diagnosis/explain",
        "questions/backprop/steps",
        "questions/backprop/worked_solution",
        "questions/code/differences",
        "questions/code/engine_graphs",
        "questions/code/engine_text",
        "questions/code/operations",
        "questions/code/remarks",
        "questions/derivative/misconceptions",
        "questions/derivative/question",
        "questions/derivative/wrong_rules",
        "questions/gradient/backward",
        "questions/graph_candidates",
        "questions/shape/arrays",
        "questions/shape/explain",
        "questions/traversals",
        "questions/value/formula_edits",
        "questions/value/of_gradient",
        "settings/schema",
        "tui/typed_ahead",
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
    module = path.relative_to(_ROOT / "tutor").with_suffix("").as_posix()
    named = GATES.keys() - _SYNTAX - _OTHER_THINGS - _OTHER_THINGS_IN.get(module, set())
    return any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in named
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )

"""The gate is closed: its entry alone is enough to write it, run it as NumPy, take it to SymPy and back.

Each gate stands inside others and has others inside it; what is written out is read or run again and compared. A gate
that no other module has heard of goes through the same, so a fact that is kept elsewhere fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tests.sampling import one_in
from tutor.engine import gates
from tutor.engine.enclosure import Precisely
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import CALLED_IN_NUMPY, GATES, Gate
from tutor.engine.numpy_code import numpy_code
from tutor.engine.sympy_bridge import _names_in_sympy, from_sympy, to_sympy
from tutor.engine.values import Value, shape_of
from tutor.language import ASCII, UNICODE, Apply, Expression, Name, Number, read_expression, show
from tutor.language.tree import rename

from .cases import Case, cases_of

_WIDE = [gate for gate in GATES.values() if not gate.specialises]
_EACH = pytest.mark.parametrize("gate", _WIDE, ids=lambda gate: gate.key)
_MOST_CASES = 3


def _number(value: int) -> Number:
    return Number(Fraction(value), str(value))


def _nested(tree: Apply, made: Value) -> Iterator[Expression]:
    """The tree inside other gates."""
    w, two = Name("w"), _number(2)
    yield tree
    yield Apply("div", (w, tree))
    yield Apply("sub", (w, tree))
    yield Apply("pow", (tree, two))
    yield Apply("pow", (Apply("abs", (tree,)), Apply("neg", (two,))))
    yield Apply("neg", (tree,))
    yield Apply("mul", (two, tree), sign="*")
    yield Apply("mul", (tree, tree), sign="*")
    yield Apply("tanh", (Apply("div", (tree, _number(9))),))
    if shape_of(made):
        yield Apply("matmul", (tree, Name("M")))
        yield Apply("matmul", (Apply("transpose", (tree,)), Name("L")))


def _filled(tree: Apply) -> Iterator[Apply]:
    """The gate with other gates inside it."""
    yield tree
    for port, argument in enumerate(tree.arguments):
        if isinstance(argument, Name):
            for inner in (
                Apply("add", (argument, Name("w"))), Apply("neg", (argument,)),
                Apply("mul", (argument, Name("w")), sign="*"), Apply("div", (argument, Name("w"))),
                Apply("pow", (argument, _number(2))), Apply("transpose", (Apply("transpose", (argument,)),)),
            ):  # fmt: skip
                yield replace(tree, arguments=(*tree.arguments[:port], inner, *tree.arguments[port + 1 :]))


def _trees(case: Case) -> Iterator[tuple[Expression, dict[str, Value], Value]]:
    """Trees around a case, with values for their names and the value they have; only those that have one.

    The gate alone stands inside all others; with others inside it, inside a sixth of them, by turns.
    """
    for turn, filled in enumerate(_filled(case.expression)):
        at: dict[str, Value] = {**case.inputs, "w": 1.25}
        made = _value(filled, at)
        if made is None:
            continue
        shape = shape_of(made)
        if shape:
            at |= {"M": np.arange(1.0, 2.0 * shape[-1] + 1).reshape(shape[-1], 2), "L": np.ones((shape[0], 2))}
        around = list(_nested(filled, made))
        for tree in one_in(6, around, turn) if turn else around:
            value = _value(tree, at)
            if value is not None:
                yield tree, at, value


def _value(tree: Expression, at: dict[str, Value]) -> Value | None:
    try:
        with np.errstate(all="ignore"):
            value = evaluate(tree, at)
    except ValueError:
        return None
    return value if np.all(np.isfinite(value)) else None


def _cases(gate: Gate) -> list[Case]:
    every = cases_of(gate)
    return every[:: max(1, len(every) // _MOST_CASES)]


def check_reads_back_as_written(case: Case) -> None:
    for tree, at, value in _trees(case):
        for text in {show(tree, style) for style in (UNICODE, ASCII)}:
            again = read_expression(text, gates.vocabulary(*at)).tree
            np.testing.assert_allclose(evaluate(again, at), value, rtol=1e-9, atol=1e-12, err_msg=text)


def check_runs_as_numpy(case: Case) -> None:
    for tree, at, value in _trees(case):
        code = numpy_code(tree)
        space: dict[str, Any] = {"np": np} | {name: np.asarray(held) for name, held in at.items()}
        exec("from math import erf", space)
        np.testing.assert_allclose(eval(code, space), value, rtol=1e-9, atol=1e-12, err_msg=code)


def check_returns_from_sympy(case: Case) -> None:
    for tree, at, value in _trees(case):
        for as_written in (False, True):
            try:
                back = from_sympy(to_sympy(tree, as_written=as_written))
            except ValueError as error:
                assert "only numbers and elementwise gates" in str(error) and not _all_have_forms(tree)
                continue
            np.testing.assert_allclose(evaluate(back, at), value, rtol=1e-9, atol=1e-9, err_msg=show(tree))


def _all_have_forms(tree: Expression) -> bool:
    return not isinstance(tree, Apply) or (
        GATES[tree.operation].form is not None and all(map(_all_have_forms, tree.arguments))
    )


_OF_SYMPY = frozenset(("add", "sub", "neg", "mul", "div", "pow", "sqrt"))
"""Gates that are SymPy's own sums, products and powers."""


@pytest.mark.parametrize("gate", [gate for gate in _WIDE if gate.elementwise], ids=lambda gate: gate.key)
def test_a_form_of_several_operations_says_that_sympy_rewrites_it(gate: Gate):
    kept = gate.key in _OF_SYMPY or gate.key in _names_in_sympy().values()
    assert kept or gate.sympy_rewrites, f"{gate.key}: SymPy has no function of its own for it: say sympy_rewrites=True"


_UNSURE = Apply("div", (Apply("sqrt", (_number(2),)), _number(2**60)))
"""So little that no value feels it, and no fraction: `exact` does not take what it is added to."""


def check_has_a_precise_form(case: Case) -> None:
    """The form in high precision, which is looked at for near misses only: it may use no more of `m` than there is."""
    names = [argument for argument in case.expression.arguments if isinstance(argument, Name)]
    tree = rename(case.expression, {one.name: Apply("add", (one, _UNSURE)) for one in names})
    value = _value(tree, case.inputs)
    if value is None:
        return
    at = {name: Fraction(float(given)) for name, given in case.inputs.items()}
    try:
        ball = Precisely(200).ball(tree, at)
    except AttributeError as error:
        raise AssertionError(f"{case.key}: `form` uses what FLINT does not have: {error}") from error
    assert float(ball) == pytest.approx(value, rel=1e-9, abs=1e-12), show(tree)


def check_exact_rule(gate: Gate) -> None:
    assert gate.exact is not None
    for numbers in (
        (Fraction(3, 2), Fraction(2), Fraction(7)), (Fraction(-2), Fraction(-3), Fraction(4)),
        (Fraction(5), Fraction(1), Fraction(-1)), (Fraction(2), Fraction(2), Fraction(6)),
    ):  # fmt: skip
        arguments = numbers[: len(gate.arguments)]
        exact = gate.exact(*arguments)
        assert exact is not None
        assert float(exact) == pytest.approx(float(gate.forward(*map(float, arguments))), rel=1e-15)


@_EACH
def test_what_is_written_reads_back(gate: Gate):
    for case in _cases(gate):
        check_reads_back_as_written(case)


@_EACH
def test_what_is_written_as_numpy_runs(gate: Gate):
    for case in _cases(gate):
        check_runs_as_numpy(case)


@pytest.mark.parametrize("gate", [gate for gate in _WIDE if gate.elementwise], ids=lambda gate: gate.key)
def test_sympy_gives_the_same_back(gate: Gate):
    check_returns_from_sympy(cases_of(gate)[0])  # scalars: SymPy is slow


@pytest.mark.parametrize("gate", [gate for gate in _WIDE if gate.elementwise], ids=lambda gate: gate.key)
def test_the_form_in_high_precision_is_the_forward(gate: Gate):
    for case in cases_of(gate):
        if not any(np.ndim(argument) for argument in case.arguments):
            check_has_a_precise_form(case)


@pytest.mark.parametrize("gate", [gate for gate in _WIDE if gate.exact], ids=lambda gate: gate.key)
def test_the_exact_rule_is_the_forward(gate: Gate):
    check_exact_rule(gate)


@pytest.mark.parametrize("name", CALLED_IN_NUMPY)
def test_numpy_has_the_names_a_gate_is_called_by(name: str):
    function = getattr(np, name, None) or getattr(np.linalg, name)
    gate = GATES[CALLED_IN_NUMPY[name]]
    for case in _cases(gate):
        if case.key in ("matmul", "dot") and not all(np.ndim(argument) == 1 for argument in case.arguments):
            continue  # NumPy's dot and inner are other products there
        np.testing.assert_allclose(
            function(*case.arguments, **case.options), gate.forward(*case.arguments, **case.options)
        )


_SOFTSIGN = Gate(
    key="softsign",
    title="softsign",
    symbol="softsign",
    function_words=("softsign",),
    arguments=("a",),
    forward=lambda a: a / (1 + abs(a)),
    vjps=(lambda u, _y, a: u / (1 + abs(a)) ** 2,),
    form=lambda m, a: a / (1 + m.Abs(a)),
    exact=lambda a: a / (1 + abs(a)),
    locals=("1/(1 + |a|)^2",),
    code="{a} / (1 + np.abs({a}))",
    pattern="softsign: upstream over the square of 1 plus the size of the input.",
)


@pytest.mark.parametrize("rewritten", [False, True])
def test_a_gate_that_nothing_else_has_heard_of(monkeypatch: pytest.MonkeyPatch, rewritten: bool):
    gate = replace(_SOFTSIGN, sympy_rewrites=rewritten)
    monkeypatch.setitem(GATES, gate.key, gate)
    monkeypatch.setitem(gates._NARROWER, gate.key, ())
    monkeypatch.setitem(gates._WORDS, "softsign", gates._word(gate))
    gates.vocabulary.cache_clear()
    from tutor.engine import sympy_bridge

    sympy_bridge._rewritten_gates.cache_clear()
    try:
        for case in cases_of(gate):
            check_reads_back_as_written(case)
            check_runs_as_numpy(case)
        check_returns_from_sympy(cases_of(gate)[0])
        check_exact_rule(gate)
    finally:
        monkeypatch.undo()
        gates.vocabulary.cache_clear()
        sympy_bridge._rewritten_gates.cache_clear()

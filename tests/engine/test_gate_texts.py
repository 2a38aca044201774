"""What each gate says of itself in symbols, words and NumPy is what it computes."""

from __future__ import annotations

import math
import string

import numpy as np
import pytest

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, Gate, gate_for, vocabulary
from tutor.engine.numpy_code import downstream_code, numpy_code
from tutor.engine.passes import backward, forward
from tutor.engine.sympy_bridge import local_derivative, to_sympy
from tutor.engine.values import shape_of
from tutor.language import Apply, Name, read_expression

from .cases import CASES, ELEMENTWISE, TENSORS, Case, cases_of

_EACH_GATE = pytest.mark.parametrize("gate", GATES.values(), ids=list(GATES))


def _ports(gates: list[Gate]) -> list[tuple[Gate, int]]:
    return [(gate, port) for gate in gates for port in range(len(gate.arguments))]


def _name(gate_and_port: object) -> str:
    return gate_and_port.key if isinstance(gate_and_port, Gate) else str(gate_and_port)


@_EACH_GATE
def test_an_entry_is_complete(gate: Gate):
    many = len(gate.arguments)
    assert GATES[gate.key] is gate
    assert gate.title and gate.symbol
    assert gate.pattern.endswith(".") and gate.shape_rule.endswith(".")
    assert len(gate.vjps) == many, f"{gate.key}: `vjps` needs one for each argument"
    fields = {name for _, name, _, _ in string.Formatter().parse(gate.code) if name}
    assert fields == set(gate.arguments), f"{gate.key}: `code` needs each argument in braces, and nothing else"
    if gate.elementwise:
        assert gate.form is not None, f"{gate.key}: an elementwise gate needs `form`"
        assert not gate.options, f"{gate.key}: a gate with options is not elementwise: say elementwise=False"
        assert many in (len(gate.locals), len(gate.cases)), (
            f"{gate.key}: say the local derivative by each argument in `locals`, or in `cases` where it has kinks"
        )
        assert len(gate.slopes) == many, f"{gate.key}: `cases` needs the same as expressions in `smooth_locals`"
        assert gate.locals or gate.code_vjps, f"{gate.key}: `cases` needs the backward in NumPy in `code_vjps`"
    else:
        assert len(gate.downstreams) == many, f"{gate.key}: `downstreams` needs one for each argument"
    assert len(gate.code_vjps) in (0, many), f"{gate.key}: `code_vjps` needs one for each argument"
    assert bool(gate.kinks) == bool(gate.cases), f"{gate.key}: `kinks` and `cases` go together"
    if gate.kinks is not None:
        _, at = gate.kinks_where or ("", (0.0,) if many == 1 else (1.0, 1.0))
        assert any(gate.kinks(*at)), f"{gate.key}: there is no kink at {at}: say where one is in `kinks_where`"


_MUST = {
    "slice": (", 1, 3", (("start", 1), ("stop", 3))),
    "matrix_power": (", 3", (("n", 3),)),
    "reshape": (", 2, 3", (("shape", (2, 3)),)),
    "broadcast_to": (", 2, 3", (("shape", (2, 3)),)),
    "expand_dims": (", 1", (("axis", 1),)),
    "swapaxes": (", 1, 2", (("first", 1), ("second", 2))),
    "one_hot": (", 4", (("classes", 4),)),
}
"""Options that must be given, as they are typed and as they are read."""


@_EACH_GATE
def test_words_are_read_as_the_gate(gate: Gate):
    for word in gate.function_words:
        if gate.key == "einsum":
            continue  # its indices come first
        names = "xyz"[: len(gate.arguments)]
        typed, options = _MUST.get(gate.key, ("", ()))
        tree = read_expression(f"{word}({', '.join(names)}{typed})", vocabulary("x", "y", "z")).tree
        assert tree == Apply(gate.key, tuple(map(Name, names)), options)
    if gate.shared_word and gate.key != "einsum_of_one":
        assert read_expression(f"{gate.shared_word}(x)", vocabulary("x")).tree == Apply(gate.key, (Name("x"),))
        assert len(gate.arguments) == 1
        assert any(gate.shared_word in other.function_words for other in GATES.values())


def test_no_two_gates_share_a_word():
    words = [word for gate in GATES.values() for word in gate.function_words]
    assert len(words) == len(set(words))


_NARROWED = [
    ("mul", (2.0, None), "scale"), ("mul", (None, 2.0), "scale"), ("mul", (None, None), "mul"),
    ("div", (None, 2.0), "unscale"), ("div", (1.0, None), "reciprocal"), ("div", (None, None), "div"),
    ("add", (None, 0.0), "shift"), ("add", (1.0, None), "shift"), ("add", (None, None), "add"),
    ("sub", (None, 1.0), "shift_down"), ("sub", (1.0, None), "reflect"), ("sub", (None, None), "sub"),
    ("pow", (None, 2.0), "power"), ("pow", (2.0, None), "exponential"), ("pow", (None, None), "pow"),
    ("max", (None, 0.0), "max"), ("exp", (None,), "exp"), ("matmul", (None, None), "matmul"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "constants", "key"), _NARROWED)
def test_constants_narrow_a_gate(operation, constants, key):
    assert gate_for(operation, constants).key == key


def test_every_narrower_gate_is_found():
    assert {key for _, _, key in _NARROWED} >= {gate.key for gate in GATES.values() if gate.specialises}


@pytest.mark.parametrize(("gate", "port"), _ports([gate for gate in ELEMENTWISE if gate.locals]), ids=_name)
@pytest.mark.parametrize("point", [("13/10", "7/3"), ("-7/5", "3"), ("2/7", "2/7")])
def test_locals_are_the_derivatives_of_the_form(gate: Gate, port: int, point: tuple[str, str]):
    import sympy

    written = to_sympy(read_expression(gate.locals[port], vocabulary(*gate.arguments)).tree)
    at = {
        sympy.Symbol(name, real=True): sympy.Rational(value) for name, value in zip(gate.arguments, point, strict=False)
    }
    truth = local_derivative(gate, port).subs(at).evalf(40)
    difference = written.subs(at).evalf(40) - truth
    assert abs(difference) <= 1e-30 * max(1, abs(truth))


def _in_words(text: str, at: dict[str, float]) -> float:
    """The slope that `1 where a > 0, else 0` gives."""
    for part in text.split(", "):
        slope, _, condition = part.removeprefix("else ").partition(" where ")
        if not condition or eval(condition, {}, at):
            return evaluate(read_expression(slope, vocabulary(*at)).tree, at)
    raise AssertionError(f"{text} says nothing at {at}")


@pytest.mark.parametrize(("gate", "port"), _ports([gate for gate in ELEMENTWISE if gate.cases]), ids=_name)
def test_cases_in_words_are_the_slopes(gate: Gate, port: int):
    text = gate.cases[port].format(**{name: name for name in gate.arguments})
    for point in ((1.5, 0.5, 2.5), (0.5, 1.5, 2.5), (-0.5, -1.5, -1.0), (-1.5, 0.5, 1.0)):
        arguments = point[: len(gate.arguments)]
        assert gate.kinks is not None
        if gate.kinks(*arguments)[port] is not None:
            continue  # there several slopes are right
        slope = gate.vjps[port](1.0, gate.forward(*arguments), *arguments)
        said = _in_words(text, dict(zip(gate.arguments, arguments, strict=True)))
        assert said == pytest.approx(slope, rel=1e-14), f"{gate.key}: `{text}` is not what `vjps` has at {arguments}"


@pytest.mark.parametrize("gate", TENSORS, ids=lambda gate: gate.key)
def test_downstreams_in_symbols(gate: Gate):
    for case in cases_of(gate):
        check_downstreams_in_symbols(case)


def check_downstreams_in_symbols(case: Case) -> None:
    gate, shapes = case.gate, tuple(map(shape_of, case.arguments))
    upstream = np.random.default_rng(2).uniform(-2, 2, shape_of(forward(case.graph, case.inputs)[-1]))
    upstream = upstream if upstream.ndim else float(upstream)
    sent = backward(case.graph, forward(case.graph, case.inputs), upstream).shares[-1]
    texts = gate.downstreams_for(shapes, case.options)
    assert len(texts) == len(sent)
    for text, here in zip(texts, sent, strict=True):
        if text and here is not None:
            tree = read_expression(text, vocabulary("u", *gate.arguments)).tree
            written = evaluate(tree, {"u": upstream, **case.inputs})
            np.testing.assert_allclose(np.broadcast_to(written, np.shape(here)), here, rtol=1e-12)


_NEVER_SAID = frozenset(
    (
        "conv1d",
        "conv2d",
        "max_pool2d",
        "avg_pool2d",
        "largest",
        "smallest",
        "gather",
        "pick",
        "cross_entropy",
        "nll_loss",
    )
)
"""Gates of which the language has no word for what an argument receives."""


def test_downstreams_are_said_for_plain_vectors_and_matrices():
    for case in CASES:
        plain = all(1 <= np.ndim(argument) <= 2 for argument in case.arguments)
        alike = len({np.ndim(argument) for argument in case.arguments}) == 1
        if not case.gate.elementwise and plain and alike and not case.options and case.key not in _NEVER_SAID:
            texts = case.gate.downstreams_for(tuple(map(shape_of, case.arguments)), {})
            assert all(texts) or repr(case) == "outer-(2,2)-(3,)", case


def _run(code: str, **names: object) -> object:
    space = {"np": np, "erf": math.erf, **names}
    exec(f"result = {code}", space)
    return space["result"]


def _with_code(gate: Gate) -> list[Case]:
    """All but the transpose of a plain number, which has no `.T`."""
    return [case for case in cases_of(gate) if gate.key != "transpose" or np.ndim(case.arguments[0])]


@pytest.mark.parametrize("gate", list(GATES.values()), ids=lambda gate: gate.key)
def test_the_code_computes_the_gate(gate: Gate):
    for case in _with_code(gate):
        check_the_code_computes_the_gate(case)


def check_the_code_computes_the_gate(case: Case) -> None:
    code = numpy_code(case.expression)
    np.testing.assert_allclose(_run(code, **case.inputs), forward(case.graph, case.inputs)[-1], rtol=1e-12)


@pytest.mark.parametrize("gate", list(GATES.values()), ids=lambda gate: gate.key)
def test_the_backward_code_sends_what_the_gate_sends(gate: Gate):
    for case in _with_code(gate):
        check_the_backward_code_sends_what_the_gate_sends(case)


def check_the_backward_code_sends_what_the_gate_sends(case: Case) -> None:
    graph = case.graph
    values = forward(graph, case.inputs)
    y = values[-1]
    upstream = np.random.default_rng(3).uniform(-2, 2, shape_of(y))
    sent = backward(graph, values, upstream if upstream.ndim else float(upstream)).shares[-1]
    names = {position: node.name for position, node in enumerate(graph.nodes[:-1])}
    shapes = [*map(shape_of, case.arguments), shape_of(y)]
    for port in case.wires:
        code = downstream_code(graph.nodes[-1], port, "dy", names, "y", shapes)
        result = _run(code, dy=upstream, y=y, **case.inputs)
        assert np.shape(result) == np.shape(sent[port]), code
        np.testing.assert_allclose(result, sent[port], rtol=1e-12, err_msg=code)

"""The harness `op`: right classes in several styles, and every slip by its name."""

from __future__ import annotations

import textwrap

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp

from tutor.judging import Kind
from tutor.questions.code.op import OpSpec, job
from tutor.questions.code.operations import OPERATIONS
from tutor.runner import Runner

from .judging import accepted, judged, refused

KEEP = {"plus": "", "sub": "", "row-sum": 'context["x"] = x', "expand": 'context["axis"] = axis'}
BINARY = 'context["a"], context["b"] = a, b'


def written(op: str, backward: str, forward: str = "", keep: str | None = None) -> str:
    """The class with these bodies; where one is left out, a right one."""
    entry = OPERATIONS[op]
    keep = KEEP.get(op, BINARY if len(entry.arguments) == 2 else 'context["x"] = x') if keep is None else keep
    forward = forward or f"{keep}\nreturn {entry.code}"
    keywords = f", *, {', '.join(entry.keywords)}" if entry.keywords else ""
    lines = [
        f"class {entry.class_name}:\n    @staticmethod",
        f"    def forward(context, {', '.join(entry.arguments)}{keywords}):",
        _indented(forward),
        "    @staticmethod\n    def backward(context, goutput):",
        _indented(_fetched(op, backward)),
    ]
    return "\n".join(lines)


def _fetched(op: str, backward: str) -> str:
    names = OPERATIONS[op].arguments
    kept = "\n".join(f'{name} = context["{name}"]' for name in names if f'"{name}"' in KEEP.get(op, '"a" "b" "x"'))
    return backward[1:] if backward.startswith("!") else f"{kept}\n{backward}"  # "!": fetches by itself


def _indented(text: str) -> str:
    return textwrap.indent(textwrap.dedent(text).strip(), " " * 8) + "\n"


EACH = "out = np.zeros_like(goutput)\nfor at in np.ndindex(goutput.shape):\n    {}\nreturn {}"

STYLES = {
    "plus": [
        written("plus", "return goutput.copy(), goutput.copy()"),
        written("plus", "return [1.0 * goutput, np.ones(np.shape(goutput)) * goutput]", "return np.add(a, b)"),
        written("plus", EACH.format("out[at] = goutput[at]", "out, out"), "out = a.copy()\nout += b\nreturn out"),
        written("plus", "return goutput, goutput", "return np.array(a.tolist()) + b"),
    ],
    "sub": [
        written("sub", "return goutput, -goutput"),
        written("sub", "return goutput, goutput * -1", "return a + -b"),
        written("sub", EACH.format("out[at] -= goutput[at]", "(-out, out)"), "return np.subtract(a, b)"),
    ],
    "mul": [
        written("mul", '!a, b = context["pair"]\nreturn goutput * b, goutput * a', keep='context["pair"] = (a, b)'),
        written("mul", '!return goutput * context[1], goutput * context[0]', keep="context[0] = a\ncontext[1] = b"),
        written("mul", "ga, gb = np.zeros_like(a), np.zeros_like(b)\nfor at in np.ndindex(a.shape):\n"
                       "    ga[at] = goutput[at] * b[at]\n    gb[at] = goutput[at] * a[at]\nreturn ga, gb"),
        written("mul", '!return tuple(goutput * local for local in context["l"])', keep='context["l"] = b, a'),
    ],
    "div": [
        written("div", "return goutput / b, -goutput * a / b**2"),
        written("div", '!b, out = context["b"], context["out"]\nga = goutput / b\nreturn ga, -ga * out',
                'out = a / b\ncontext["b"], context["out"] = b, out\nreturn out'),
        written("div", '!r = context["r"]\nreturn goutput * r, -goutput * context["a"] * r * r',
                'context["r"] = 1 / b\ncontext["a"] = a\nreturn a * context["r"]'),
    ],
    "matmul": [
        written("matmul", "return goutput @ b.T, a.T @ goutput"),
        written("matmul", "return np.einsum('nm,km->nk', goutput, b), np.einsum('nk,nm->km', a, goutput)",
                'context["a"], context["b"] = a, b\nreturn np.dot(a, b)'),
        written("matmul", "return np.dot(b, goutput.T).T, (goutput.T @ a).T"),
        written("matmul", """
            ga, gb = np.zeros_like(a), np.zeros_like(b)
            for i in range(a.shape[0]):
                for j in range(b.shape[1]):
                    for k in range(a.shape[1]):
                        ga[i, k] += goutput[i, j] * b[k, j]
                        gb[k, j] += goutput[i, j] * a[i, k]
            return ga, gb
        """.replace("\n            ", "\n")),
    ],
    "sigmoid": [
        written("sigmoid", "y = 1 / (1 + np.exp(-x))\nreturn goutput * y * (1 - y)"),
        written("sigmoid", '!y = context["y"]\nreturn (y - y * y) * goutput,',
                'context["y"] = 1 / (1 + np.exp(-x))\nreturn context["y"]'),
        written("sigmoid", '!return context["slope"] * goutput',
                'y = 0.5 * (1 + np.tanh(x / 2))\ncontext["slope"] = y * (1 - y)\nreturn y'),
    ],
    "row-sum": [
        written("row-sum", "return np.repeat(goutput[:, None], x.shape[1], axis=1)"),
        written("row-sum", "return np.outer(goutput, np.ones(x.shape[1]))",
                'context["x"] = x\nreturn x @ np.ones(x.shape[1])'),
        written("row-sum", "return np.broadcast_to(goutput.reshape(-1, 1), x.shape)"),
        written("row-sum", '!return [[g] * context["m"] for g in goutput.tolist()]',
                'context["m"] = len(x[0])\nreturn [sum(row) for row in x.tolist()]'),
    ],
    "expand": [
        written("expand", '!return goutput.sum(axis=context["axis"], keepdims=True)'),
        written("expand", '!return np.sum(goutput, axis=context["axis"]).reshape(context["shape"])',
                'context["axis"], context["shape"] = axis, x.shape\nreturn np.concatenate([x] * repeats, axis)'),
        written("expand", '!return (np.expand_dims(goutput.sum(context["axis"]), context["axis"]),)'),
        written("expand", """!axis, repeats = context["how"]
            total = 0
            for at in range(repeats):
                total = total + np.take(goutput, [at], axis=axis)
            return total
        """.replace("\n            ", "\n"), 'context["how"] = axis, repeats\nreturn np.repeat(x, repeats, axis)'),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("op", "style"), [(op, at) for op, texts in STYLES.items() for at in range(len(texts))])
def test_right_in_any_style(runner: Runner, op: str, style: int):
    text = STYLES[op][style]
    loops = "np.zeros_like" in text and "for " in text
    verdict = accepted(runner, "op", OpSpec(op), text, Kind.REMARK if loops else Kind.RIGHT)
    assert ("NumPy does that" in verdict.message) == loops
    assert verdict.message.startswith("Forward and backward are right: checked on six sets of shapes")


OUT = 'context["y"] = y = 1 / (1 + np.exp(-x))\nreturn y'
SIX: dict[str, list[tuple[str, str, str]]] = {
    "plus": [
        ("return goutput / 2, goutput / 2", "forward is right; ga is not.", "add_splits"),
        ("return np.ones_like(goutput), np.ones_like(goutput)", "the local derivative alone", "forgot_upstream"),
        ("return goutput, -goutput", "ga are right; gb is not. ", "sign_flipped"),
        ("return goutput", "backward returned one value; there should be 2: ga, gb.", ""),
        ("return goutput, None", "gb is not. It is None; it should be numbers.", ""),
        ("goutput *= 1.5\nreturn goutput, goutput", "changes goutput in place", "changed_in_place"),
        ("pass", "backward returned None. End with: return ga, gb", "returned_none"),
    ],
    "sub": [
        ("return goutput, goutput", "forward and ga are right; gb is not.", "sub_lost_sign"),
        ("return -goutput, goutput", "return ga, gb in this order", "wrong_order"),
        ("return -goutput, -goutput", "a enters with a plus", "sign_flipped"),
        ("return 1, -1", ", with shape (2, 3).", ""),
        ("return goutput, -goutput, 0", "backward returned 3 values on line 8; there should be 2", ""),
    ],
    "mul": [
        ("return goutput * a, goutput * b", "ga is not.", "wrong_order"),
        ("return goutput * b, goutput * b", "ga are right; gb is not", "mul_unswapped"),
        ("return goutput * a * b, goutput * a * b", "both factors", "mul_both_inputs"),
        ("return b, a", "the local derivative alone. Multiply it by goutput", "forgot_upstream"),
        ("return goutput, goutput", "goutput alone", "forgot_local"),
        ("b *= goutput\nreturn b, a * goutput", "backward changes b in place", "changed_in_place"),
        ("return goutput * b, (goutput * a).T", "it should be (2, 3). It is the transpose", "grad_transposed"),
        ("return goutput * b, np.sum(goutput * a)", "summed over everything", "bias_sum_all"),
        ("return goutput * b, 'no'", "gb is not. It is a str", ""),
    ],
    "div": [
        ("return goutput * b, -goutput * a / b**2", "a is divided by b", "div_num_inverted"),
        ("return goutput / b, goutput * a / b**2", "a minus is missing", "div_den_sign"),
        ("return goutput / b, -goutput * a / b", "the square is missing", "div_den_no_square"),
        ("return goutput / b, -goutput / b**2", "the factor a is missing", "div_den_no_numerator"),
        ("return 1 / b, -a / b**2", "the local derivative alone", "forgot_upstream"),
        ("return -goutput * a / b**2, goutput / b", "in this order", "wrong_order"),
    ],
    "matmul": [
        ("return goutput @ b, a.T @ goutput", "it must be transposed", "matmul_dA_no_T"),
        ("return goutput @ b.T, a @ goutput", "it must be transposed", "matmul_dB_no_T"),
        ("return b.T @ goutput, a.T @ goutput", "in the wrong order", "matmul_dA_order"),
        ("return goutput @ b.T, goutput @ a.T", "in the wrong order", "matmul_dB_order"),
        ("return goutput * b, goutput * a", "not a product entry by entry", "elementwise_for_matmul"),
        ("return (goutput @ b.T).T, a.T @ goutput", "It is the transpose of the right answer", "grad_transposed"),
        ("return np.ones_like(goutput) @ b.T, a.T @ goutput", "the local derivative alone", "forgot_upstream"),
        ("return a.T @ goutput, goutput @ b.T", "in this order", "wrong_order"),
    ],
    "sigmoid": [
        ("return goutput * x * (1 - x)", "the input x", "sigmoid_at_input"),
        ("y = 1 / (1 + np.exp(-x))\nreturn y * (1 - y)", "the local derivative alone", "forgot_upstream"),
        ("return goutput", "goutput alone", "forgot_local"),
        ("y = 1 / (1 + np.exp(-x))\nreturn goutput * (1 - y)", "The factor out is missing", "sigmoid_one_factor"),
        ("y = 1 / (1 + np.exp(-x))\nreturn goutput * y", "The factor (1 - out) is missing", "sigmoid_one_factor"),
        ("y = 1 / (1 + np.exp(-x))\nreturn goutput * y * (y - 1)", "the sign is not", "sign_flipped"),
        ("y = 1 / (1 + np.exp(-x))\nreturn goutput * y * (1 - y), None",
         "returned 2 values on line 11; there should be one: gx", ""),
    ],
    "row-sum": [
        ("return goutput", "spread goutput along the rows", "sum_scalar"),
        ("return goutput[:, None]", "spread goutput along the rows", "sum_scalar"),
        ("return goutput[:, None] * x", "x plays no part", "sum_times_x"),
        ("return goutput[:, None] / x.shape[1] * np.ones_like(x)", "does not split goutput", "mean_wrong_n"),
        ("return goutput[None, :] * np.ones_like(x)", "yours gets its column's", "sum_axis_wrong_expand"),
        ("return np.ones_like(x)", "the local derivative alone", "forgot_upstream"),
        ("return None", "backward returned None. End with: return gx", "returned_none"),
    ],
    "expand": [
        ("return goutput", "The sum over the copies is missing", "bias_no_sum"),
        ('return goutput.mean(axis=context["axis"], keepdims=True)', "added, not averaged", "bias_mean"),
        ('return np.take(goutput, [0], axis=context["axis"])', "the gradient of one copy", "bias_one_row"),
        ('return goutput.sum(axis=context["axis"])', "only the axes are wrong", "bias_keepdims"),
        ("return goutput.sum()", "summed over everything", "bias_sum_all"),
        ('return goutput.sum(axis=context["axis"], keepdims=True), None, None',
         "backward returned three values. axis and repeats are constants", "gradient_of_constant"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("op", "way"), [(op, at) for op, ways in SIX.items() for at in range(len(ways))])
def test_every_slip_in_backward_is_named(runner: Runner, op: str, way: int):
    backward, says, mistake = SIX[op][way]
    verdict = refused(runner, "op", OpSpec(op), written(op, backward), says, mistake)
    if not mistake:
        assert verdict.mistake == ""


ON_THE_CLASS = """
class Mul:
    def forward(context, a, b):
        Mul.a, Mul.b = a, b
        return a * b

    def backward(context, goutput):
        return goutput * Mul.b, goutput * Mul.a
"""

IN_A_GLOBAL = """
class Sigmoid:
    @classmethod
    def forward(cls, context, x):
        global y
        y = 1 / (1 + np.exp(-x))
        return y

    @classmethod
    def backward(cls, context, goutput):
        return goutput * y * (1 - y)
"""

CHANGES_OUT = '!y = context["y"]\ng = goutput * y * (1 - y)\ny[:] = 0\nreturn g'
BOTH = "return goutput * b, goutput * a"
STALE, IN_PLACE = "stale_cache", "changed_in_place"

ELSEWHERE = {
    "on the class": (ON_THE_CLASS, "That comes from the inputs of another use", STALE),
    "in a global": (IN_A_GLOBAL, "Keep what backward needs in context", STALE),
    "forward wrong": (written("mul", BOTH, "return a + b"), "forward is not right. It is ", ""),
    "forward returns nothing": (written("mul", BOTH, "out = a * b"), "forward returned None", "returned_none"),
    "forward in place": (written("plus", BOTH, "a += b\nreturn a"), "its argument a in place", IN_PLACE),
    "output changed": (written("sigmoid", CHANGES_OUT, OUT), "changes what forward returned", IN_PLACE),
    "not kept": (written("mul", BOTH, keep='context["a"] = a'), "nothing else", ""),
    "attribute": (written("mul", BOTH, keep="context.a = a"), 'context["x"] = x keeps a value', ""),
    "raises": (written("matmul", "return goutput @ np.ones(7)"), "That was backward, with a of shape (3, 3)", ""),
    "keywords said": (written("expand", "!return 1 / 0"), "x of shape (3, 1), axis=1, repeats=4.", ""),
}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_what_else_can_be_wrong(runner: Runner, way: str):
    text, says, mistake = ELSEWHERE[way]
    op = next(key for key, entry in OPERATIONS.items() if f"class {entry.class_name}:" in text)
    refused(runner, "op", OpSpec(op), text, says, mistake)


def test_a_class_without_backward_costs_nothing(runner: Runner):
    text = "class Mul:\n    def forward(context, a, b):\n        return a * b\n"
    refused(runner, "op", OpSpec("mul"), text, "The class Mul has no backward.", kind=Kind.UNREADABLE)


UNSUMMED = {
    "plus": "return goutput, goutput",
    "sub": "return goutput, -goutput",
    "mul": "return goutput * b, goutput * a",
    "div": "return goutput / b, -goutput * a / b**2",
    "matmul": "return goutput @ np.swapaxes(b, -1, -2), np.swapaxes(a, -1, -2) @ goutput",
}


@pytest.mark.parametrize("op", UNSUMMED)
def test_gradients_have_to_be_summed_back_where_shapes_differ(runner: Runner, op: str):
    says = "sum its gradient back to the argument's own shape"
    refused(runner, "op", OpSpec(op, broadcast=True), written(op, UNSUMMED[op]), says, "bias_no_sum")
    accepted(runner, "op", OpSpec(op), written(op, UNSUMMED[op]))


def test_a_program_from_elsewhere_need_not_hold_what_is_given(runner: Runner):
    text = """
    class Mul:
        @staticmethod
        def forward(context, a, b):
            context["both"] = a, b
            return a * b

        @staticmethod
        def backward(context, goutput):
            a, b = context["both"]
            return unbroadcast(goutput * b, a.shape), unbroadcast(goutput * a, b.shape)
    """
    accepted(runner, "op", OpSpec("mul", broadcast=True), text)
    own = f"def unbroadcast(gradient, shape):\n    return gradient\n\n\n{textwrap.dedent(text)}"
    assert not judged(runner, "op", OpSpec("mul", broadcast=True), own).accepted, "their own comes first"


def test_summing_back_in_another_way_is_right(runner: Runner):
    fit = """
    def fit(g, like):
        g = np.asarray(g)
        while g.ndim > np.ndim(like):
            g = g.sum(0)
        return np.array([g.sum(i, keepdims=True) for i in [()]][0]) if g.shape == np.shape(like) else g.sum(
            axis=tuple(i for i in range(g.ndim) if np.shape(like)[i] == 1), keepdims=True)
    """
    text = textwrap.dedent(fit) + written("mul", "return fit(goutput * b, a), fit(goutput * a, b)")
    accepted(runner, "op", OpSpec("mul", broadcast=True), text)
    mean = text.replace("g = g.sum(0)", "g = g.mean(0)")
    refused(runner, "op", OpSpec("mul", broadcast=True), mean, "gb is not")
    swapped = textwrap.dedent(fit) + written("mul", "return fit(goutput * a, a), fit(goutput * b, b)")
    refused(runner, "op", OpSpec("mul", broadcast=True), swapped, "is not", "mul_unswapped")


def test_hostile_objects_do_not_matter(runner: Runner):
    hostile = """
    class Sly(np.ndarray):
        def __array__(self, *args, **kwargs):
            raise SystemExit
        def __eq__(self, other):
            return True
        def __getattribute__(self, name):
            raise KeyboardInterrupt

    class Odd:
        def __eq__(self, other):
            return True
        def __array__(self, *args):
            return np.zeros(3)
        def __len__(self):
            raise RuntimeError
        def __getattr__(self, name):
            raise SystemExit

    """
    hostile = textwrap.dedent(hostile)
    verdict = judged(runner, "op", OpSpec("mul"), hostile + written("mul", "return Odd(), Odd()"))
    assert verdict.kind is Kind.WRONG and "is not. It is an Odd; it should be numbers." in verdict.message
    judged(runner, "op", OpSpec("mul"), hostile + written("mul", "return Odd()"))
    right = "return (goutput * b).view(Sly), goutput * a"
    accepted(runner, "op", OpSpec("mul"), hostile + written("mul", right))
    fake = "return np.zeros(2).view(Sly), goutput * a"
    refused(runner, "op", OpSpec("mul"), hostile + written("mul", fake), "It has shape (2,); it should be (2, 3).")


REFERENCES = {
    "plus": anp.add, "sub": anp.subtract, "mul": anp.multiply, "div": anp.divide, "matmul": anp.matmul,
    "sigmoid": lambda x: 1 / (1 + anp.exp(-x)), "row-sum": lambda x: anp.sum(x, axis=1),
    "expand": lambda x, axis, repeats: anp.repeat(x, repeats, axis),
}  # fmt: skip


@pytest.mark.parametrize("spec", [OpSpec(op) for op in OPERATIONS] + [OpSpec(op, True) for op in UNSUMMED], ids=str)
def test_the_truth_is_autograds(spec: OpSpec):
    for use in spec.uses:
        arguments = [np.asarray(value) for value in use.arguments.values()]
        for at, (name, gradient) in enumerate(use.gradients.items()):

            def one(value, at=at, arguments=arguments, use=use):
                return REFERENCES[spec.op](*arguments[:at], value, *arguments[at + 1 :], **use.keywords)

            vjp, output = make_vjp(one)(arguments[at])
            np.testing.assert_allclose(use.output, output)
            np.testing.assert_allclose(gradient, vjp(np.asarray(use.upstream)), err_msg=name)
            assert np.shape(gradient) == np.shape(arguments[at])


@pytest.mark.parametrize("op", OPERATIONS)
def test_what_it_is_tried_on(op: str):
    spec = OpSpec(op)
    for use in spec.uses:
        assert not np.all(np.asarray(use.upstream) == 1)
        for value in (*use.arguments.values(), use.upstream):
            assert np.all(np.abs(value) >= 0.3)
    assert any(1 in np.shape(value) for use in spec.uses for value in use.arguments.values())
    first, second = spec.uses[:2]
    assert [np.shape(value) for value in first.arguments.values()] == [np.shape(v) for v in second.arguments.values()]
    assert job("", spec) == job("", OpSpec(op)), "always the same"

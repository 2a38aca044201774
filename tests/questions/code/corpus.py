"""Wrong programs for the harnesses beside `passes`. `#<` marks the lines of which a change mends the program.

Where no line is marked, something is missing or no one line is wrong: accusing any is a wrong accusation.
"""

from __future__ import annotations

import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.questions.code import engine, loops
from tutor.questions.code.engine import EngineSpec
from tutor.questions.code.loops import LoopsSpec
from tutor.questions.code.op_text import UNBROADCAST

MARK = "#<"


@dataclass(frozen=True)
class WrongProgram:
    """A program, what it is for, and the names that its mistake may be given (any, where there are none)."""

    harness: str
    source: str
    mistakes: frozenset[str] = frozenset()
    spec: dict[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> set[int]:
        """The lines that are marked."""
        return {at for at, line in enumerate(self.source.splitlines(), 1) if MARK in line}


def _op(op: str, source: str, mistakes: list[str], broadcast: bool = False) -> WrongProgram:
    spec: dict[str, Any] = {"op": op, "broadcast": True} if broadcast else {"op": op}
    return WrongProgram("op", UNBROADCAST + source if broadcast else source, frozenset(mistakes), spec)


def _ops() -> list[WrongProgram]:
    read = tomllib.loads((Path(__file__).parent / "wrong_ops.toml").read_text(encoding="utf-8"))
    return [_op(**program) for program in read["program"]]


OP = _ops()

_SPEC = LoopsSpec()
_GIVEN = loops.starter(_SPEC).rpartition("    \n")[0]
_LAST = "return l, dy, dv, dc, dh, dk, dw, db, dx"


def _loops(body: str, *mistakes: str, last: str = _LAST) -> WrongProgram:
    text = _GIVEN + textwrap.indent(textwrap.dedent(body).strip() + f"\n{last}", "    ") + "\n"
    return WrongProgram("loops", text, frozenset(mistakes))


_ONE = """
    dy = 2 * (y - t)
    dc = dy
    for j in range(m):
        dv[j] = dy * h[j]
        dh[j] = dy * v[j]
        dk[j] = dh[j] * h[j] * (1 - h[j])
        db[j] = dk[j]
        for i in range(n):
            dw[i, j] = dk[j] * x[i]
            dx[i] += dk[j] * w[i, j]
"""
_APART = """
    dy = dc = 2 * (y - t)
    for j in range(m):
        dv[j] = dy * h[j]
    for j in range(m):
        dh[j] = dy * v[j]
    for j in range(len(h)):
        s = h[j] * (1 - h[j])
        dk[j] = dh[j] * s
    for i in range(n):
        for j in range(m):
            dw[i][j] = x[i] * dk[j]
    for j in range(m):
        db[j] = dk[j]
    for i in range(n):
        for j in range(m):
            dx[i] = dx[i] + w[i, j] * dk[j]
"""
_LISTS = """
    dy = dc = 2 * (y - t)
    dv = [dy * each for each in h]
    dh = [dy * each for each in v]
    dk = [up * each * (1 - each) for up, each in zip(dh, h)]
    dw = [[dk[j] * x[i] for j in range(m)] for i in range(n)]
    db = list(dk)
    dx = [sum(dk[j] * w[i][j] for j in range(m)) for i in range(n)]
"""
_ARRAYS = """
    dy = dc = 2 * (y - t)
    dv = dy * h
    dh = dy * v
    slope = h * (1 - h)
    dk = dh * slope
    db = dk
    dw = np.outer(x, dk)
    dx = w @ dk
"""
LOOPS_STYLES = {"one loop": _ONE, "apart": _APART, "lists": _LISTS, "arrays": _ARRAYS}


def _turned(style: str, old: str, new: str, *mistakes: str) -> WrongProgram:
    """A style with one line changed, which is marked."""
    lines = style.splitlines()
    (at,) = [at for at, line in enumerate(lines) if old in line]
    lines[at] = f"{lines[at].replace(old, new)}  {MARK}"
    return _loops("\n".join(lines), *mistakes)


LOOPS = [
    _turned(_ONE, "2 * (y - t)", "y - t", "mse_no_two"),
    _turned(_ONE, "dy * h[j]", "h[j]", "forgot_upstream"),
    _turned(_ONE, "dy * h[j]", "dy * k[j]", "value_for_gradient"),
    _turned(_ONE, "dh[j] * h[j] * (1 - h[j])", "dh[j] * h[j]", "sigmoid_one_factor"),
    _turned(_ONE, "dh[j] * h[j] * (1 - h[j])", "dh[j] * k[j] * (1 - k[j])", "sigmoid_at_input"),
    _turned(_ONE, "dk[j] * x[i]", "dh[j] * x[i]", "skipped_a_gate"),
    _turned(_ONE, "dx[i] +=", "dx[i] =", "overwrote_branch"),
    _turned(_ONE, "dx[i] += dk[j]", "dx[i] += dh[j]", "skipped_a_gate"),
    _turned(_APART, "(1 - h[j])", "(1 + h[j])"),
    _turned(_APART, "dx[i] = dx[i] +", "dx[i] =", "overwrote_branch"),
    _turned(_APART, "db[j] = dk[j]", "db[j] = dh[j]", "skipped_a_gate"),
    _turned(_APART, "len(h)", "m - 1"),
    _turned(_APART, "x[i] * dk[j]", "dk[j]", "forgot_local"),
    _turned(_APART, "= 2 * (y - t)", "= 2 * (t - y)", "sign_flipped"),
    _turned(_LISTS, "(1 - each)", "each"),
    _turned(_LISTS, "dy * each for each in v", "each for each in v", "forgot_upstream"),
    _turned(_LISTS, "list(dk)", "list(dh)", "skipped_a_gate"),
    _turned(_LISTS, "sum(dk[j] * w[i][j] for j in range(m))", "dk[m - 1] * w[i][m - 1]", "overwrote_branch"),
    _turned(_ARRAYS, "np.outer(x, dk)", "np.outer(dk, x)", "grad_transposed"),
    _turned(_ARRAYS, "h * (1 - h)", "1 - h", "sigmoid_one_factor"),
    _turned(_ARRAYS, "dh * slope", "dh", "forgot_local"),
    _turned(_ARRAYS, "dy * v", "dy * h"),
    _loops(_ONE.replace("dv[j] = dy", "x *= 1.0 + j  #<\n        dv[j] = dy"), "changed_in_place"),
    _loops(_ONE, "wrong_order", last="return l, dy, dv, dc, dk, dh, dw, db, dx  #<"),
    _loops(_ONE, last="return l, dy, dv, dc, dh, dk, dw, db  #<"),
    _loops("""
        dy = dc = 2 * (y - t)
        for j in range(m):
            dv[j], dh[j] = dy * v[j], dy * h[j]  #<
            dk[j] = db[j] = dh[j] * h[j] * (1 - h[j])
            for i in range(n):
                dw[i, j] = dk[j] * x[i]
                dx[i] += dk[j] * w[i, j]
    """),
    _loops("""
        dy = dc = 2 * (y - t)
        for j in range(m):
            dv[j], dh[j] = dy * h[j], dy * v[j]
            dk[j] = db[j] = dh[j] * h[j] * (1 - h[j])
        for i in range(n):
            for j in range(1, m):  #<
                dw[i, j] = dk[j] * x[i]
        for i in range(n):
            for j in range(m):
                dx[i] += dk[j] * w[i, j]
    """),
    _loops("""
        dy = dc = 2 * (y - t)
        for j in range(m):
            dv[j], dh[j] = dy * h[j], dy * v[j]
            dk[j] = db[j] = dh[j] * h[j] * (1 - h[j])
            for i in range(n):
                dw[i, j] = dk[j] * x[i]
        for i in range(n):
            for j in range(m - 1):  #<
                dx[i] += dk[j] * w[i, j]
    """),
]  # fmt: skip


def _unbroadcast(body: str, *mistakes: str) -> WrongProgram:
    text = "def unbroadcast(grad, shape, to_keep=0):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"
    return WrongProgram("unbroadcast", text, frozenset(mistakes))


UNBROADCASTS = [
    _unbroadcast("""
        added = np.ndim(grad) - len(shape)
        out = np.sum(grad, axis=tuple(range(added)))
        stretched = tuple(axis for axis in range(len(shape)) if shape[axis] == 1)  #<
        return np.sum(out, axis=stretched, keepdims=True)
    """, "kept_axis_summed"),
    _unbroadcast("""
        added = np.ndim(grad) - len(shape)
        out = np.mean(grad, axis=tuple(range(added)))  #<
        stretched = tuple(axis for axis in range(len(shape) - to_keep) if shape[axis] == 1)
        return np.sum(out, axis=stretched, keepdims=True)
    """, "bias_mean"),
    _unbroadcast("""
        added = np.ndim(grad) - len(shape)
        out = np.sum(grad, axis=tuple(range(added)))
        stretched = tuple(axis for axis in range(len(shape) - to_keep) if shape[axis] == 1)
        return np.sum(out, axis=stretched)  #<
    """, "bias_keepdims"),
    _unbroadcast("""
        added = np.ndim(grad) - len(shape)
        out = np.sum(grad, axis=tuple(range(len(shape), np.ndim(grad))))  #<
        stretched = tuple(axis for axis in range(len(shape) - to_keep) if shape[axis] == 1)
        return np.sum(out, axis=stretched, keepdims=True)
    """, "bias_wrong_axis"),
    _unbroadcast("""
        added = len(shape)  #<
        out = np.sum(grad, axis=tuple(range(added)))
        stretched = tuple(axis for axis in range(len(shape) - to_keep) if shape[axis] == 1)
        return np.sum(out, axis=stretched, keepdims=True)
    """),
    _unbroadcast("""
        added = np.ndim(grad) - len(shape)
        out = np.sum(grad, axis=tuple(range(added)))
        stretched = tuple(axis for axis in range(len(shape) - to_keep) if shape[axis] != 1)  #<
        return np.sum(out, axis=stretched, keepdims=True)
    """),
    _unbroadcast("""
        while grad.ndim > len(shape):
            grad = grad.sum(axis=0)
        for axis, size in enumerate(shape):  #<
            if size == 1:  #<
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
    """, "kept_axis_summed"),
    _unbroadcast("""
        while np.ndim(grad) > len(shape):
            grad = grad.sum(axis=-1)  #<
        for axis in range(len(shape) - to_keep):
            if shape[axis] == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
    """, "bias_wrong_axis"),
    _unbroadcast("""
        while np.ndim(grad) > len(shape):
            grad = grad[0]  #<
        for axis in range(len(shape) - to_keep):
            if shape[axis] == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
    """, "bias_one_row"),
    _unbroadcast("""
        while np.ndim(grad) > len(shape):
            grad = grad.sum(axis=0)
        for axis in range(len(shape) - to_keep):
            if shape[axis] == 1:
                grad = grad.mean(axis=axis, keepdims=True)  #<
        return grad
    """, "bias_mean"),
    _unbroadcast("""
        while np.ndim(grad) > len(shape):
            grad = grad.sum(axis=0)
        for axis in range(len(shape) - to_keep):
            if grad.shape[axis] == 1:  #<
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
    """, "bias_no_sum"),
    _unbroadcast("""
        while np.ndim(grad) > len(shape):
            grad = grad.sum(axis=0)
        for axis in range(len(shape) - to_keep):
            if shape[axis] == 0:  #<
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
    """, "bias_no_sum"),
    _unbroadcast("""
        while np.ndim(grad) >= len(shape):  #<
            grad = grad.sum(axis=0)
        for axis in range(len(shape) - to_keep):
            if shape[axis] == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad
    """),
    _unbroadcast("""
        out = np.asarray(grad)
        for _ in range(out.ndim - len(shape)):
            out = out.sum(axis=0)
        for axis in range(1, len(shape) - to_keep):  #<
            if shape[axis] == 1:
                out = out.sum(axis=axis, keepdims=True)
        return out
    """, "bias_no_sum"),
    _unbroadcast("""
        g = np.asarray(grad)
        front = tuple(range(g.ndim - len(shape)))
        g = g.sum(axis=front)
        ones = [i for i, size in enumerate(shape) if size == 1 and i < len(shape) - to_keep]
        for i in ones:
            g = g.sum(axis=i)  #<
        return g
    """, "bias_keepdims"),
    _unbroadcast("""
        g = np.asarray(grad)
        g += 0.5  #<
        front = tuple(range(g.ndim - len(shape)))
        return g.sum(axis=front)
    """, "changed_in_place"),
    _unbroadcast("""
        grad = np.asarray(grad)
        return grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    """, "bias_no_sum"),
    _unbroadcast("""
        return np.sum(grad)  #<
    """, "bias_sum_all"),
]  # fmt: skip

_ENGINE_WORKED = engine.worked(EngineSpec())


def _engine(text: str, old: str, new: str, *mistakes: str) -> WrongProgram:
    """An engine with one line changed, which is marked."""
    lines = text.splitlines()
    found = [at for at, line in enumerate(lines) if old in line]
    at = found[0]
    lines[at] = f"{lines[at].replace(old, new)}  {MARK}" if new else ""
    return WrongProgram("engine", "\n".join(lines) + "\n", frozenset(mistakes))


def engines() -> list[WrongProgram]:
    """Wrong engines: of local derivatives in a tuple, of closures, of a tape."""
    from .test_engine import CLOSURES, TAPE

    kept = _ENGINE_WORKED
    return [
        _engine(kept, "(other.data, self.data)", "(self.data, other.data)"),
        _engine(kept, "(1.0, 1.0)", "(1.0, -1.0)", "sign_flipped"),
        _engine(kept, "number * self.data ** (number - 1)", "self.data ** (number - 1)"),
        _engine(kept, "self.data + other.data", "self.data - other.data"),
        _engine(kept, "1 - out.data**2", "1 - out.data"),
        _engine(kept, "1.0 if self.data > 0 else 0.0", "1.0"),
        _engine(kept, "parent.grad += value.grad * local", "parent.grad = value.grad * local", "overwrote_branch"),
        _engine(kept, "parent.grad += value.grad * local", "parent.grad += local", "forgot_upstream"),
        _engine(kept, "self.grad = 1.0", "self.grad = 2.0"),
        _engine(kept, "return -self + other", "return self + -other"),
        _engine(kept, "return self * other**-1", "return self * other**-2"),
        _engine(kept, "return self + -other", "return other + -self"),
        _engine(CLOSURES, "self.grad += out.grad * other", "self.grad = out.grad * other", "overwrote_branch"),
        _engine(CLOSURES, "other.grad += out.grad * self.data", "other.grad += out.grad * other.data"),
        _engine(CLOSURES, "other.grad += out.grad * self.data", "other.grad += self.data", "forgot_upstream"),
        _engine(CLOSURES, "out.grad * out.data", "out.grad * self.data"),
        _engine(CLOSURES, "(1 - out.data ** 2)", "(1 - self.data ** 2)"),
        _engine(CLOSURES, "self.grad += out.grad * (self.data > 0)", "self.grad += (self.data > 0)", "forgot_upstream"),
        _engine(CLOSURES, "np.exp(self.data)", "np.exp(-self.data)"),
        _engine(CLOSURES, "number * self.data **", "-number * self.data **", "sign_flipped"),
        _engine(CLOSURES, "other.grad += out.grad", "", "nothing_arrived"),
        _engine(TAPE, "(other, -self.data / other.data ** 2)", "(other, self.data / other.data ** 2)", "sign_flipped"),
        _engine(TAPE, "[(self, 1), (other, -1)]", "[(self, 1), (other, 1)]", "sign_flipped"),
        _engine(TAPE, "1 / np.cosh(self.data) ** 2", "1 / np.cosh(self.data)"),
        _engine(TAPE, "np.heaviside(self.data, 0)", "np.maximum(self.data, 0)"),
        _engine(TAPE, "totals[parent.number] += node.grad * local", "totals[parent.number] = node.grad * local",
                "overwrote_branch"),
    ]  # fmt: skip


def everything() -> list[WrongProgram]:
    """All wrong programs."""
    return [*OP, *LOOPS, *UNBROADCASTS, *engines()]

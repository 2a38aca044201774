"""Engines with one wrong line: what an earlier backward leaves for the next one, and a slope that no change mends."""

from __future__ import annotations

import ast

import pytest

from tutor.diagnosis.child.edit import Names
from tutor.diagnosis.child.edits import edits_of, of_several
from tutor.diagnosis.child.sites import Rewriter, statements
from tutor.runner import Runner

from .programs import WRONG, Program, told

ENGINE = """
class Value:{of_class}
    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0.0
        self._send = lambda: None
        self._prev = tuple(children){of_object}

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def send():
            self.grad += out.grad
            other.grad += out.grad
        out._send = send
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def send():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._send = send
        return out

    def _function(self, value, slope):
        out = Value(value, (self,))
        def send():
            self.grad += slope * out.grad
        out._send = send
        return out

    def __pow__(self, n):
        return self._function(self.data ** n, n * self.data ** (n - 1))

    def exp(self):
        return self._function(np.exp(self.data), np.exp(self.data))

    def tanh(self):
        return self._function(np.tanh(self.data), 1 - np.tanh(self.data) ** 2)

    def relu(self):
        return self._function(max(self.data, 0.0), float(self.data > 0))

{walk}
    __radd__ = __add__
    __rmul__ = __mul__
    __neg__ = lambda self: self * -1
    __sub__ = lambda self, other: self + other * -1
    __rsub__ = lambda self, other: self * -1 + other
    __truediv__ = lambda self, other: self * (other ** -1)
    __rtruediv__ = lambda self, other: self ** -1 * other
"""

WALK = """
    def sorted_values(self{parameters}):
{fresh}
        stack = [(self, False)]
        while stack:
            value, done = stack.pop()
            if done:
                {order}.append(value)
            elif value not in {seen}:
                {seen}.add(value)
                stack.append((value, True))
                stack.extend((each, False) for each in value._prev)
        return {order}

    def backward(self):
        order = self.sorted_values()
{reset}
        for value in reversed(order):
            value._send()
"""
LOCAL = "        order, seen = [], set()"
RESET = """        for value in order:
            value.grad = 0.0
        self.grad = 1.0"""


def engine(
    of_class: str = "", of_object: str = "", parameters: str = "", fresh: str = LOCAL, reset: str = RESET,
    order: str = "order", seen: str = "seen", before: str = "",
) -> str:  # fmt: skip
    walk = WALK.format(parameters=parameters, fresh=fresh, reset=reset, order=order, seen=seen)
    return before + ENGINE.format(of_class=of_class, of_object=of_object, walk=walk)


NOTHING = "        pass"
EARLY = """        self.grad = 1.0
        for value in order:
            value.grad = 0.0"""
KEPT = {
    "no reset": ("        self.grad = 1.0", "not_reset", engine(reset="        self.grad = 1.0")),
    "inputs alone": ("                value.grad = 0.0", "not_reset", engine(
        reset="        for value in order:\n            if not value._prev:\n                value.grad = 0.0\n"
              "        self.grad = 1.0",
    )),
    "the 1 is lost": ("        self.grad = 1.0", "seeded_early", engine(reset=EARLY)),
    "no 1": ("        for value in reversed(order):", "never_seeded", engine(
        reset="        for value in order:\n            value.grad = 0.0",
    )),
    "default arguments": ("    def sorted_values(self, order=[], seen=set()):", "kept_between_calls", engine(
        parameters=", order=[], seen=set()", fresh=NOTHING,
    )),
    "by keyword": ("    def sorted_values(self, *, seen=set()):", "kept_between_calls", engine(
        parameters=", *, seen=set()", fresh="        order = []",
    )),
    "of the class": ("    seen = set()", "kept_between_calls", engine(
        of_class="\n    seen = set()\n", fresh="        order = []", seen="Value.seen",
    )),
    "of the object": ("        self.order = []", "kept_between_calls", engine(
        of_object="\n        self.order = []", fresh="        seen = set()", order="self.order",
    )),
    "of the module": ("seen = set()", "kept_between_calls", engine(
        before="seen = set()\n", fresh="        order = []",
    )),
}  # fmt: skip


def test_the_engine_is_right(runner: Runner) -> None:
    assert told(runner, Program("autograd/engine", "", engine())).accepted


@pytest.mark.parametrize("how", KEPT)
def test_what_is_kept_has_its_line(runner: Runner, how: str) -> None:
    line, mistake, source = KEPT[how]
    verdict = told(runner, Program("autograd/engine", how, source))
    assert not verdict.accepted
    assert verdict.lines == (source.split("\n").index(line) + 1,), verdict.message
    assert verdict.mistake == mistake


SLOPES = {
    "    def tanh(self):": ("1 - np.tanh(self.data) ** 2)", "1 - self.data ** 2)"),
    "    def exp(self):": ("np.exp(self.data), np.exp(self.data))", "np.exp(self.data), 1.0)"),
}


@pytest.mark.parametrize("method", SLOPES)
def test_a_line_that_runs_only_where_it_goes_wrong_is_the_one(runner: Runner, method: str) -> None:
    right, wrong = SLOPES[method]
    source = engine()
    assert source.count(right) == 1
    source = source.replace(right, wrong)
    verdict = told(runner, Program("autograd/engine", method, source))
    assert verdict.lines == (source.split("\n").index(method) + 2,), verdict.message


FORGOTTEN = {
    "never_used": (
        "        def send():",
        "            other.grad += out.grad\n        out._send = send\n",
        "            other.grad += out.grad\n",
    ),
    "child_missing": (
        "        out = Value(self.data * other.data, (self,))",
        "        out = Value(self.data * other.data, (self, other))\n",
        "        out = Value(self.data * other.data, (self,))\n",
    ),
    "never_marked": ("            elif value not in seen:", "                seen.add(value)\n", ""),
}


@pytest.mark.parametrize("mistake", FORGOTTEN)
def test_what_is_forgotten_in_the_books_has_its_line(runner: Runner, mistake: str) -> None:
    line, right, wrong = FORGOTTEN[mistake]
    source = engine()
    assert source.count(right) == 1
    source = source.replace(right, wrong)
    verdict = told(runner, Program("autograd/engine", mistake, source))
    assert verdict.lines == (source.split("\n").index(line) + 1,), verdict.message
    assert verdict.mistake == mistake


def test_every_change_that_is_tried_is_a_program() -> None:
    sources = [*(source for *_, source in KEPT.values()), *(program.source for program in WRONG[::25])]
    for source in sources:
        tree = ast.parse(source)
        found = statements(tree)
        tried = list(of_several(found, {each.number for each in found}))
        if "class Value" not in source:
            tried += [(each, edit) for each in found for edit in edits_of(each, Names())]
        variants: dict[int, list[tuple[int, tuple[ast.stmt, ...]]]] = {}
        for number, (statement, edit) in enumerate(tried):
            variants.setdefault(statement.number, []).append((number, edit.statements))
            for other, made in edit.also:
                variants.setdefault(other, []).append((number, made))
        compile(ast.fix_missing_locations(Rewriter(found, variants, watch=False).module(tree)), "", "exec")

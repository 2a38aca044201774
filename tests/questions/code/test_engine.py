"""The harness `engine`: right engines in several styles, and every wrong way back by its name."""

from __future__ import annotations

import pytest
from autograd import grad

from tutor.judging import Kind
from tutor.questions.code import engine
from tutor.questions.code.engine import EngineSpec
from tutor.questions.code.engine_graphs import SAMPLES, Sample
from tutor.runner import Limits, Runner

from .judging import accepted, judged, refused

SPEC = EngineSpec()

REST = engine.worked(SPEC).partition("    # The rest follows")[2].partition("\n")[2]

HEAD = """
class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
        self.push = lambda: None

    @staticmethod
    def of(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = Value.of(other)
        out = Value(self.data + other.data, (self, other))
        def push():
            self.grad += out.grad
            other.grad += out.grad
        out.push = push
        return out

    def __mul__(self, other):
        other = Value.of(other)
        out = Value(self.data * other.data, (self, other))
        def push():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data
        out.push = push
        return out

    def __pow__(self, number):
        out = Value(self.data ** number, (self,))
        def push():
            self.grad += out.grad * number * self.data ** (number - 1)
        out.push = push
        return out

    def exp(self):
        out = Value(np.exp(self.data), (self,))
        def push():
            self.grad += out.grad * out.data
        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,))
        def push():
            self.grad += out.grad * (1 - out.data ** 2)
        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))
        def push():
            self.grad += out.grad * (self.data > 0)
        out.push = push
        return out

"""
"""Closures that push what has arrived down to the parents."""

SORTED = """
    def backward(self):
        order, seen, stack = [], set(), [(self, iter(self.parents))]
        seen.add(self)
        while stack:
            node, left = stack[-1]
            parent = next(left, None)
            if parent is None:
                order.append(node)
                stack.pop()
            elif parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent.parents)))
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node.push()

"""

COUNTING = """
    def backward(self):
        uses, stack, seen = {self: 0}, [self], {self}
        while stack:
            node = stack.pop()
            node.grad = 0.0
            for parent in node.parents:
                uses[parent] = uses.get(parent, 0) + 1
                if parent not in seen:
                    seen.add(parent)
                    stack.append(parent)
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            node.push()
            for parent in node.parents:
                uses[parent] -= 1
                if not uses[parent]:
                    ready.append(parent)

"""

DEEP = """
    def backward(self):
        import sys
        sys.setrecursionlimit(100_000)
        order, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)
        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node.push()

"""

TAPE = """
import heapq

class Value:
    made = 0

    def __init__(self, data, wires=()):
        self.data, self.grad, self.wires = np.float64(data), 0, wires
        Value.made += 1
        self.number = Value.made

    def lift(self, other):
        return other if hasattr(other, "wires") else type(self)(other)

    def __add__(self, other):
        other = self.lift(other)
        return Value(self.data + other.data, [(self, 1), (other, 1)])

    def __sub__(self, other):
        other = self.lift(other)
        return Value(self.data - other.data, [(self, 1), (other, -1)])

    def __mul__(self, other):
        other = self.lift(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __truediv__(self, other):
        other = self.lift(other)
        return Value(self.data / other.data, [(self, 1 / other.data), (other, -self.data / other.data ** 2)])

    def __pow__(self, n):
        return Value(self.data ** n, [(self, n * self.data ** (n - 1))])

    def __neg__(self):
        return Value(-self.data, [(self, -1)])

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return self.lift(other) - self

    def __rtruediv__(self, other):
        return self.lift(other) / self

    def exp(self):
        return Value(np.exp(self.data), [(self, np.exp(self.data))])

    def tanh(self):
        return Value(np.tanh(self.data), [(self, 1 / np.cosh(self.data) ** 2)])

    def relu(self):
        return Value(np.maximum(self.data, 0), [(self, np.heaviside(self.data, 0))])

    def backward(self):
        totals, heap, nodes = {self.number: 1}, [-self.number], {self.number: self}
        while heap:
            number = -heapq.heappop(heap)
            node = nodes[number]
            node.grad = totals[number]
            for parent, local in node.wires:
                if parent.number not in nodes:
                    nodes[parent.number] = parent
                    totals[parent.number] = 0
                    heapq.heappush(heap, -parent.number)
                totals[parent.number] += node.grad * local
"""

CLOSURES = HEAD + SORTED + REST
STYLES = {
    "closures, sorted": CLOSURES,
    "closures, counting uses": HEAD + COUNTING + REST,
    "closures, deep recursion": HEAD + DEEP + REST,
    "newest first": TAPE,
}


@pytest.mark.parametrize("style", STYLES)
def test_right_in_any_style(runner: Runner, style: str):
    verdict = accepted(runner, "engine", SPEC, STYLES[style])
    assert "40 stacked forks and a chain of 10,000 gates are no trouble." in verdict.message


def changed(old: str, new: str, text: str = CLOSURES) -> str:
    assert old in text, old
    return text.replace(old, new)


BREADTH = """
    def backward(self):
        self.grad, seen, queue = 1.0, {self}, [self]
        for node in queue:
            node.push()
            for parent in node.parents:
                if parent not in seen:
                    parent_new = seen.add(parent)
                    queue.append(parent)

"""

EVERY_PATH = """
    def backward(self):
        self.grad = 1.0
        def visit(node):
            node.push()
            for parent in node.parents:
                visit(parent)
        visit(self)

"""

PATHS = """
    def backward(self, upstream=1.0, first=True):
        if first:
            stack = [self]
            while stack:
                node = stack.pop()
                node.grad = 0.0
                stack.extend(parent for parent, _ in node.wires)
        self.grad += upstream
        for parent, local in self.wires:
            parent.backward(upstream * local, False)
"""

RECURSIVE = DEEP.replace("        import sys\n        sys.setrecursionlimit(100_000)\n", "")
RESET = "        for node in order:\n            node.grad = 0.0\n"
PUSH = "            self.grad += out.grad * other.data\n            other.grad += out.grad * self.data\n"
HEAP = TAPE[TAPE.index("    def backward") :]

WRONGS = {
    "= for +=": (
        changed(PUSH, PUSH.replace("+=", "=")),
        "x is used 2 times, and that is only what one use sends", "overwrote_branch",
    ),
    "= for += in a sum": (
        changed("self.grad += out.grad\n", "self.grad = out.grad\n"), "is used 2 times", "overwrote_branch",
    ),
    "upstream only": (changed("out.grad * out.data", "out.grad"), "x.grad is not right", "forgot_local"),
    "local only": (changed("out.grad * other.data", "other.data"), "the local derivative alone", "forgot_upstream"),
    "sign": (changed("number * self.data", "-number * self.data"), "the sign is not", "sign_flipped"),
    "no seed": (changed("self.grad = 1.0", "pass"), "its own gradient is 1", "nothing_arrived"),
    "not sent": (changed("other.grad += out.grad\n", "pass\n"), "Nothing has arrived there", "nothing_arrived"),
    "breadth first": (HEAD + BREADTH + REST, "before everything it feeds", "visited_early"),
    "every path": (HEAD + EVERY_PATH + REST, "once for every path", "visited_again"),
    "every path, right values": (TAPE.replace(HEAP, PATHS), "a value again for every path", "visited_again"),
    "not reset": (changed(RESET, ""), "The gradients of an earlier backward are still in it", "not_reset"),
    "calls itself": (HEAD + RECURSIVE + REST, "That was on a chain of 10,000 gates", ""),
    "resets everything": (
        changed("        for node in order:\n", "        for node in Value.all:\n", CLOSURES).replace(
            "        self.push = lambda: None", "        self.push = lambda: None\n        Value.all.append(self)"
        ).replace("class Value:\n", "class Value:\n    all = []\n"),
        "g was not computed from f: its backward leaves f as it was", "touched_others",
    ),
    "wrong value": (changed("np.tanh(self.data)", "np.sinh(self.data)"), "the value f.data is not right", ""),
    "returns nothing": (changed("        out.push = push\n        return out\n\n    def tanh", "    def tanh"),
                        "f = exp(x) gives None; it should be a Value. Does the method for exp end with return?",
                        "returned_none"),
    "returns a number": (changed("out = Value(np.exp(self.data), (self,))", "return np.exp(self.data)"),
                         "f = exp(x) gives a float; it should be a Value.", ""),
    "raises": (changed("def relu(self):", "def relu(self):\n        self.nothing"), "On relu of a positive", ""),
}  # fmt: skip


@pytest.mark.parametrize("way", WRONGS)
def test_every_wrong_way_is_named(runner: Runner, way: str):
    text, says, mistake = WRONGS[way]
    refused(runner, "engine", SPEC, text, says, mistake)


def test_methods_that_are_missing_cost_nothing(runner: Runner):
    text = changed("def tanh(self)", "def tan(self)").replace("def backward(", "def back(")
    verdict = refused(runner, "engine", SPEC, text, "has no tanh and no backward", kind=Kind.UNREADABLE)
    assert verdict.message.startswith("The class Value")
    accepted(runner, "engine", EngineSpec(functions=("exp", "relu")), changed("def tanh(self)", "def tan(self)"))


def test_what_takes_too_long_is_told_why():
    endless = changed("        self.grad = 1.0\n", "        self.grad = 1.0\n        while True: pass\n")
    with Runner(Limits(seconds=0.4, cpu_seconds=2.0)) as hasty:
        verdict = judged(hasty, "engine", SPEC, endless)
    assert verdict.kind is Kind.WRONG
    assert "still running" in verdict.message and "40 stacked forks have 2^40 paths" in verdict.message


def test_hostile_objects_do_not_matter(runner: Runner):
    hostile = "class Any:\n    def __eq__(self, other):\n        return True\n"
    hostile += "    def __array__(self, *a):\n        raise SystemExit\n"
    text = hostile + changed("node.grad = 0.0", "node.grad = Any()").replace("self.grad = 1.0", "self.grad = Any()")
    text = text.replace("node.push()", "pass")
    refused(runner, "engine", SPEC, text, "f.grad is not right. It is an Any; it should be numbers.")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.what)
def test_the_truth_is_autograds(sample: Sample):
    import autograd.numpy as anp

    functions = {"exp": anp.exp, "tanh": anp.tanh, "relu": lambda x: anp.maximum(x, 0.0)}

    def value(output: str, shift: dict[str, float]) -> float:
        """The output where each name is moved by its shift as soon as it is known."""
        known = {name: each + shift.get(name, 0.0) for name, each in sample.inputs.items()}
        for step in sample.steps:
            arguments = [known[each] if isinstance(each, str) else each for each in step.arguments]
            known[step.name] = _applied(step.gate, arguments, functions) + shift.get(step.name, 0.0)
        return known[output]

    for name in sample.data:
        assert sample.data[name] == pytest.approx(value(name, {}))
        reaching = [output for output in sample.outputs if name in sample.reached(output)]
        last = reaching[-1] if reaching else sample.outputs[0]
        truth = grad(lambda by, name=name, last=last: value(last, {name: by}) + 0 * by)(0.0)
        assert sample.gradients[name] == pytest.approx(truth, abs=1e-12)


def _applied(gate, arguments, functions):
    first, *rest = arguments
    second = rest[0] if rest else None
    return {
        "add": lambda: first + second,
        "sub": lambda: first - second,
        "mul": lambda: first * second,
        "div": lambda: first / second,
        "pow": lambda: first**second,
        "neg": lambda: -first,
        **{name: lambda each=each: each(first) for name, each in functions.items()},
    }[gate]()

"""The text of an engine: what the editor holds at first, a right one, and what drives it in the other process."""

from __future__ import annotations

from collections.abc import Sequence

FUNCTIONS: dict[str, tuple[str, str]] = {
    "exp": ("np.exp(self.data)", "out.data"),
    "tanh": ("np.tanh(self.data)", "1 - out.data**2"),
    "relu": ("max(self.data, 0)", "1.0 if self.data > 0 else 0.0"),
}
"""The methods that can be asked for: how each computes its value, and its slope."""

OPERATORS = ("__add__", "__radd__", "__mul__", "__rmul__", "__neg__", "__sub__", "__rsub__", "__truediv__",
             "__rtruediv__", "__pow__")  # fmt: skip

_DERIVED = """
    # The rest follows from these.
    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return self**-1 * other
"""

_WORKED = '''class {name}:
    """A number that remembers what it was computed from."""

    def __init__(self, data, parents=(), locals=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.locals = locals

    def __add__(self, other):
        other = other if isinstance(other, {name}) else {name}(other)
        return {name}(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, {name}) else {name}(other)
        return {name}(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, number):
        return {name}(self.data**number, (self,), (number * self.data ** (number - 1),))
{functions}
    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            value, done = stack.pop()
            if done:
                order.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                stack.append((value, True))
                stack.extend((parent, False) for parent in value.parents)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for parent, local in zip(value.parents, value.locals):
                parent.grad += value.grad * local
{derived}'''

_STARTER = '''class {name}:
    """A number that remembers what it was computed from."""

    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    # Below, other is a {name} or a plain number;
    # each method returns a new {name}.
    def __add__(self, other):
        {empty}
        return out

    def __mul__(self, other):
        {empty}
        return out

    # number is a plain number, a constant.
    def __pow__(self, number):
        {empty}
        return out
{functions}
    # The gradients of this value with respect to all that
    # it was computed from, into their .grad.
    # Each call starts fresh: it sets .grad to 0 for all of
    # these and to 1 here. Two calls leave the same result
    # as one, and values that this one was not computed
    # from stay untouched.
    def backward(self):
        pass
{derived}'''


def starter_text(name: str, functions: Sequence[str]) -> str:
    """The class with its operators and `backward` to be filled in."""
    methods = "".join(f"\n    def {each}(self):\n        \n        return out\n" for each in functions)
    return _STARTER.format(name=name, functions=methods, derived=_DERIVED, empty="")


def worked_text(name: str, functions: Sequence[str]) -> str:
    """A right class: each value keeps its parents and their local derivatives, and nothing calls itself."""
    methods = "".join(
        f"\n    def {each}(self):\n        out = {name}({FUNCTIONS[each][0]}, (self,))\n"
        f"        out.locals = ({FUNCTIONS[each][1]},)\n        return out\n"
        for each in functions
    )
    return _WORKED.format(name=name, functions=methods, derived=_DERIVED)


_RUN = """
GATES = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda a: -a,
}


def apply(gate, arguments):
    return GATES[gate](*arguments) if gate in GATES else getattr(arguments[0], gate)()


def run(value, inputs, steps, ends):
    known = {name: value(number) for name, number in inputs.items()}
    for name, gate, arguments in steps:
        result = apply(gate, [known[each] if type(each) is str else each for each in arguments])
        if not (hasattr(result, "data") and hasattr(result, "backward")):
            return [name, result]
        known[name] = result
    for end in ends:
        known[end].backward()
    return {name: [each.data, each.grad] for name, each in known.items()}
"""

RESULTS = (
    _RUN.replace("{", "{{").replace("}", "}}")
    + """

def results(namespace, arguments):
    found = run(namespace[{name!r}], *arguments)
    data = {{f"{{name}}.data": pair[0] for name, pair in found.items()}}
    return {{**data, **{{f"{{name}}.grad": pair[1] for name, pair in found.items()}}}}
"""
)
"""Runs in the other process for who examines an engine: the data and the gradients of one graph."""

DRIVE = (
    _RUN
    + """
import sys

kept = []  # so that a long chain does not have to be taken apart again


def lacks(owner, names):
    return [name for name in names if not callable(getattr(owner, name, None))]


def ladder(value, rungs):
    bottom = top = value(0.7)
    for _ in range(rungs):
        top = top * 0.25 + top * 0.75
    kept.append((bottom, top))
    return bottom, top


def chain(value, length):
    bottom = top = value(0.7)
    for at in range(length):
        top = top * (0.5 if at % 2 else 2.0)
    kept.append((bottom, top))
    return bottom, top


def counted(value, sizes):
    counts = []
    for size in sizes:
        seen = [0]

        def note(frame, event, argument):
            if event in ("call", "c_call"):
                seen[0] += 1

        _, top = ladder(value, size)
        sys.setprofile(note)
        try:
            top.backward()
        finally:
            sys.setprofile(None)
        counts.append(seen[0])
    return counts


def long(value, build, size):
    bottom, top = build(value, size)
    top.backward()
    return [bottom.data, top.data, bottom.grad, top.grad]


def drive(namespace, calls):
    (name, methods), *samples, (few, rungs, length, factor) = calls
    value = namespace[name]
    missing = call(lacks, value, methods)
    if missing:
        return
    for sample in samples:
        call(run, value, *sample)
    counts = call(counted, value, few)
    if counts[1] > factor * counts[0]:
        return
    call(long, value, ladder, rungs)
    call(long, value, chain, length)
"""
)
"""Runs in the other process: the samples, then how the calls of `backward` grow, then the long graphs."""

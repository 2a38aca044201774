"""Programs written by hand, in other styles than the program's own, and each with one slip in it."""

from __future__ import annotations

from textwrap import dedent


def program(text: str) -> str:
    return dedent(text).lstrip("\n")


def slip(right: str, found: str, instead: str) -> tuple[str, str]:
    """The program, and the same with one piece of it replaced."""
    assert right.count(found) == 1, found
    return right, right.replace(found, instead)


PLUS = program("""
    class Plus:
        @classmethod
        def forward(cls, context, a, b):
            out = np.array(a)
            out += b
            return out

        @classmethod
        def backward(cls, context, goutput):
            return goutput.copy(), np.ones(goutput.shape) * goutput
""")

SUB = program("""
    class Sub:
        def forward(context, a, b):
            return np.add(a, np.negative(b))

        def backward(context, goutput):
            gb = np.zeros(goutput.shape)
            for at in np.ndindex(goutput.shape):
                gb[at] -= goutput[at]
            return [goutput, gb]
""")

SUMMING = """
    def back_to(grad, like):
        extra = grad.ndim - like.ndim
        grad = grad.sum(axis=tuple(range(extra)))
        ones = tuple(axis for axis in range(like.ndim) if like.shape[axis] == 1)
        return grad.sum(axis=ones, keepdims=True)
"""

MUL = program(f"""{SUMMING}
    class Mul:
        def forward(context, a, b):
            context["factors"] = np.asarray(a), np.asarray(b)
            return np.multiply(a, b)

        def backward(context, goutput):
            left, right = context["factors"]
            return back_to(goutput * right, left), back_to(left * goutput, right)
""")

DIV = program(f"""{SUMMING}
    class Div:
        def forward(context, a, b):
            one_over = 1 / np.asarray(b)
            out = a * one_over
            context.update(a=np.asarray(a), one_over=one_over, out=out)
            return out

        def backward(context, goutput):
            first = goutput * context["one_over"]
            return back_to(first, context["a"]), back_to(-context["out"] * first, context["one_over"])
""")

MATMUL = program("""
    def add_stack(grad, like):
        while grad.ndim > like.ndim:
            grad = grad.sum(axis=0)
        for axis in range(like.ndim - 2):
            if like.shape[axis] == 1:
                grad = grad.sum(axis=axis, keepdims=True)
        return grad


    class MatMul:
        def forward(context, a, b):
            context[0], context[1] = a, b
            return np.einsum("...ij,...jk->...ik", a, b)

        def backward(context, goutput):
            a, b = context[0], context[1]
            ga = np.einsum("...ik,...jk->...ij", goutput, b)
            gb = np.einsum("...ij,...ik->...jk", a, goutput)
            return add_stack(ga, a), add_stack(gb, b)
""")

SIGMOID = program("""
    class Sigmoid:
        def forward(context, x):
            half = 0.5 * (1 + np.tanh(0.5 * x))
            context["slope"] = half - half * half
            return half

        def backward(context, goutput):
            return context["slope"] * goutput
""")

ROW_SUM = program("""
    class RowSum:
        def forward(context, x):
            context["columns"] = x.shape[1]
            return np.array([sum(row) for row in x])

        def backward(context, goutput):
            return np.outer(goutput, np.ones(context["columns"]))
""")

EXPAND = program("""
    class Expand:
        def forward(context, x, *, axis, repeats):
            context["axis"] = axis
            return np.concatenate([x] * repeats, axis)

        def backward(context, goutput):
            axis = context["axis"]
            total = 0
            for copy in range(goutput.shape[axis]):
                total = total + np.take(goutput, [copy], axis)
            return total
""")

UNBROADCAST = program("""
    def unbroadcast(grad, shape, to_keep=0):
        grad = np.asarray(grad)
        while grad.ndim > len(shape):
            grad = np.add.reduce(grad, axis=0)
        for axis in range(len(shape) - to_keep):
            if shape[axis] == 1 and grad.shape[axis] > 1:
                grad = np.add.reduce(grad, axis=axis, keepdims=True)
        return grad
""")

ENGINE = program("""
    import math


    def lift(x):
        return x if isinstance(x, Value) else Value(x)


    class Value:
        def __init__(self, data, wires=()):
            self.data = float(data)
            self.grad = 0.0
            self.wires = wires

        def __add__(self, other):
            other = lift(other)
            return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

        def __mul__(self, other):
            other = lift(other)
            return Value(self.data * other.data, [(self, other.data), (other, self.data)])

        def __pow__(self, number):
            return Value(self.data**number, [(self, number * self.data ** (number - 1))])

        def exp(self):
            e = math.exp(self.data)
            return Value(e, [(self, e)])

        def tanh(self):
            t = math.tanh(self.data)
            return Value(t, [(self, (1 - t) * (1 + t))])

        def relu(self):
            return Value(self.data, [(self, 1.0)]) if self.data > 0 else Value(0.0, [(self, 0.0)])

        def backward(self):
            waiting, known, look = {}, [self], {id(self)}
            for value in known:
                value.grad = 0.0
                for parent, _ in value.wires:
                    waiting[id(parent)] = waiting.get(id(parent), 0) + 1
                    if id(parent) not in look:
                        look.add(id(parent))
                        known.append(parent)
            self.grad = 1.0
            ready = [self]
            while ready:
                value = ready.pop()
                for parent, local in value.wires:
                    parent.grad += value.grad * local
                    waiting[id(parent)] -= 1
                    if waiting[id(parent)] == 0:
                        ready.append(parent)

        def __neg__(self):
            return self * -1.0

        def __sub__(self, other):
            return self + lift(other) * -1.0

        def __rsub__(self, other):
            return lift(other) - self

        def __truediv__(self, other):
            return self * lift(other) ** -1

        def __rtruediv__(self, other):
            return lift(other) / self

        __radd__, __rmul__ = __add__, __mul__
""")

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "autograd/plus": [slip(PLUS, "return goutput.copy(),", "return goutput / 2,")],
    "autograd/sub": [slip(SUB, "gb[at] -= goutput[at]", "gb[at] += goutput[at]")],
    "autograd/mul": [slip(MUL, "back_to(goutput * right, left)", "goutput * right")],
    "autograd/div": [slip(DIV, "-context", "context")],
    "autograd/matmul": [slip(MATMUL, "add_stack(gb, b)", "gb")],
    "autograd/sigmoid": [slip(SIGMOID, "half - half * half", "half")],
    "autograd/row-sum": [slip(ROW_SUM, 'goutput, np.ones(context["columns"])', 'np.ones(context["columns"]), goutput')],
    "autograd/expand": [slip(EXPAND, "return total", "return total / goutput.shape[axis]")],
    "autograd/unbroadcast": [slip(UNBROADCAST, ", keepdims=True", "")],
    "autograd/engine": [slip(ENGINE, "parent.grad += value.grad * local", "parent.grad = value.grad * local")],
}

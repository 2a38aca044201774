"""Pictures to draw: graphs written as equations, with numbers from a small forward and backward pass."""

from __future__ import annotations

import math
from collections.abc import Callable

from tutor.drawing import GraphEdge, GraphNode, GraphSpec

Gate = tuple[str, str, str]  # name, operation, arguments: ("d", "mul", "a c")
Graph = tuple[dict[str, float], list[Gate]]
Number = Callable[..., float]
Slopes = Callable[..., tuple[float, ...]]


def _sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# operation: face, how it is written, forward, local derivatives
OPERATIONS: dict[str, tuple[str, str, Number, Slopes]] = {
    "add": ("+", "{} + {}", lambda x, y: x + y, lambda x, y: (1, 1)),
    "sub": ("−", "{} − {}", lambda x, y: x - y, lambda x, y: (1, -1)),
    "mul": ("×", "{} × {}", lambda x, y: x * y, lambda x, y: (y, x)),
    "ln": ("ln", "ln {}", math.log, lambda x: (1 / x,)),
    "exp": ("exp", "e^{}", math.exp, lambda x: (math.exp(x),)),
    "div": ("/", "{} / {}", lambda x, y: x / y, lambda x, y: (1 / y, -x / y**2)),
    "sin": ("sin", "sin {}", math.sin, lambda x: (math.cos(x),)),
    "cube": ("^3", "{}³", lambda x: x**3, lambda x: (3 * x * x,)),
    "twice": ("2×", "2{}", lambda x: 2 * x, lambda x: (2.0,)),
    "fourfold": ("4×", "4{}", lambda x: 4 * x, lambda x: (4.0,)),
    "two_over": ("2/", "2/{}", lambda x: 2 / x, lambda x: (-2 / x**2,)),
    "neg": ("−", "−{}", lambda x: -x, lambda x: (-1,)),
    "inc": ("+1", "{} + 1", lambda x: x + 1, lambda x: (1,)),
    "sqrt": ("√", "√{}", math.sqrt, lambda x: (0.5 / math.sqrt(x),)),
    "square": ("^2", "{}²", lambda x: x * x, lambda x: (2 * x,)),
    "inverse": ("1/", "1/{}", lambda x: 1 / x, lambda x: (-1 / x**2,)),
    "sigma": ("σ", "σ {}", _sigma, lambda x: (_sigma(x) * (1 - _sigma(x)),)),
    "tanh": ("tanh", "tanh {}", math.tanh, lambda x: (1 - math.tanh(x) ** 2,)),
    "sum3": ("Σ", "{} + {} + {}", lambda *x: sum(x), lambda *x: (1.0,) * 3),
    "sum5": ("Σ", "sum of five", lambda *x: sum(x), lambda *x: (1.0,) * 5),
}


def picture(
    inputs: dict[str, float],
    gates: list[Gate],
    numbers: Callable[[float], str] = "{:.3f}".format,
    passes: str = "both",
) -> GraphSpec:
    """A picture of `gates`; `passes` is "none", "forward" or "both": which numbers are shown."""
    names = [*inputs, *(name for name, _, _ in gates)]
    place = {name: index for index, name in enumerate(names)}
    values = dict(inputs)
    for name, operation, arguments in gates:
        values[name] = OPERATIONS[operation][2](*(values[one] for one in arguments.split()))
    gradients = dict.fromkeys(names, 0.0)
    gradients[names[-1]] = 1.0
    shares: dict[tuple[int, int], tuple[str, float]] = {}
    for name, operation, arguments in reversed(gates):
        given = arguments.split()
        slopes = OPERATIONS[operation][3](*(values[one] for one in given))
        for port, (source, slope) in enumerate(zip(given, slopes, strict=True)):
            shares[place[name], port] = (source, gradients[name] * slope)
            gradients[source] += gradients[name] * slope
    uses = [source for source, _ in shares.values()]
    both = passes == "both"
    wires = [
        GraphEdge(place[source], target, port, numbers(share) if both and uses.count(source) > 1 else "")
        for (target, port), (source, share) in sorted(shares.items())
    ]
    equations = {name: OPERATIONS[operation][1].format(*rest.split()) for name, operation, rest in gates}
    faces = {name: OPERATIONS[operation][0] for name, operation, _ in gates}
    nodes = [
        GraphNode(
            name,
            faces.get(name, name),
            f"{name} = {equations[name]}" if name in equations else name,
            numbers(values[name]) if passes != "none" else "",
            numbers(gradients[name]) if both else "",
            kind="input" if name in inputs else "output" if name == names[-1] else "gate",
        )
        for name in names
    ]
    return GraphSpec(tuple(nodes), tuple(wires))


COURSE: Graph = (
    {"x": 0.8, "y": 0.5},
    [
        ("a", "ln", "x"),
        ("b", "sqrt", "y"),
        ("c", "sigma", "b"),
        ("d", "mul", "a c"),
        ("g", "add", "x y"),
        ("h", "square", "g"),
        ("i", "sigma", "h"),
        ("j", "inverse", "i"),
        ("f", "mul", "d j"),
    ],
)
PRODUCT: Graph = ({"x": 1.0, "y": 3.0, "z": 2.0}, [("a", "add", "x y"), ("f", "mul", "a z")])
POWERS: Graph = (
    {"x": 1.5, "y": -2.0, "z": 2.0},
    [
        ("a", "square", "x"),
        ("b", "twice", "y"),
        ("c", "add", "a b"),
        ("d", "cube", "z"),
        ("f", "mul", "c d"),
    ],
)
FORKED: Graph = (
    {"x": 2.0, "y": 0.5},
    [
        ("a", "ln", "x"),
        ("b", "sin", "y"),
        ("c", "add", "a b"),
        ("d", "square", "c"),
        ("e", "fourfold", "x"),
        ("f", "add", "d e"),
    ],
)
LOGISTIC: Graph = ({"x": 0.7}, [("a", "neg", "x"), ("b", "exp", "a"), ("c", "inc", "b"), ("f", "inverse", "c")])
OVER_SINE: Graph = ({"x": 0.7}, [("a", "neg", "x"), ("b", "exp", "a"), ("c", "sin", "b"), ("f", "two_over", "c")])
SQUARE: Graph = ({"x": -3.5}, [("f", "mul", "x x")])
SOFTMAX: Graph = (
    {"x": 0.3, "y": -1.2, "z": 2.5},
    [
        ("a", "exp", "x"),
        ("b", "exp", "y"),
        ("c", "exp", "z"),
        ("s", "sum3", "a b c"),
        ("p", "div", "a s"),
        ("q", "div", "b s"),
        ("r", "div", "c s"),
        ("l", "ln", "s"),
        ("m", "sum3", "p q r"),
        ("f", "mul", "m l"),
    ],
)
NEURON: Graph = (
    {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0},
    [
        ("a", "mul", "w0 x0"),
        ("b", "mul", "w1 x1"),
        ("c", "add", "a b"),
        ("d", "add", "c w2"),
        ("e", "neg", "d"),
        ("g", "exp", "e"),
        ("h", "inc", "g"),
        ("f", "inverse", "h"),
    ],
)
RESIDUAL: Graph = (
    {"x": 0.5, "w": -1.2},
    [
        ("a", "mul", "w x"),
        ("b", "tanh", "a"),
        ("c", "add", "x b"),
        ("d", "mul", "w c"),
        ("e", "tanh", "d"),
        ("f", "add", "c e"),
    ],
)
EIGHT = {f"x{index}": 0.3 * index - 0.8 for index in range(8)}
WIDE: Graph = (
    EIGHT,
    [
        ("a", "add", "x0 x1"),
        ("b", "add", "a x2"),
        ("c", "add", "b x3"),
        ("d", "add", "c x4"),
        ("e", "add", "d x5"),
        ("g", "add", "e x6"),
        ("f", "add", "g x7"),
    ],
)
TREE: Graph = (
    EIGHT,
    [
        ("a", "add", "x0 x1"),
        ("b", "add", "x2 x3"),
        ("c", "add", "x4 x5"),
        ("d", "add", "x6 x7"),
        ("e", "add", "a b"),
        ("g", "add", "c d"),
        ("f", "add", "e g"),
    ],
)
TWICE: Graph = ({"x": 1.5}, [("a", "mul", "x x"), ("f", "add", "a x")])
THREE: Graph = (
    {"x": 1.5, "y": 2.0, "z": -0.5},
    [("a", "sum3", "x y z"), ("b", "mul", "a x"), ("c", "exp", "z"), ("f", "sum5", "a b c y x")],
)
SWAP: Graph = ({"x": 1.5, "y": 2.0}, [("a", "sub", "x y"), ("b", "sub", "y x"), ("f", "mul", "a b")])


def squared_norm(passes: str = "both") -> GraphSpec:
    """||W @ x||², a graph of tensors: shapes on the wires, ticks for what has been answered."""
    value, gradient = "✓" if passes != "none" else "", "✓" if passes == "both" else ""
    nodes = (
        GraphNode("W", "W", "W", value, gradient, "(2, 3)", "input"),
        GraphNode("x", "x", "x", value, gradient, "(3, 1)", "input"),
        GraphNode("q", "@", "q = W @ x", value, gradient, "(2, 1)"),
        GraphNode("f", "‖·‖²", "f = ||q||²", "0.116" if value else "", "1.000" if gradient else "", "()", "output"),
    )
    return GraphSpec(nodes, (GraphEdge(0, 2, 0), GraphEdge(1, 2, 1), GraphEdge(2, 3, 0)))


def _perceptron() -> Graph:
    inputs = {"x1": 1.0, "x2": -0.5}
    gates: list[Gate] = []
    for unit in "123":
        for source in "12":
            inputs[f"w{unit}{source}"] = 0.3 * int(unit) - 0.4 * int(source)
        inputs[f"b{unit}"] = 0.1
        gates += [
            (f"p{unit}", "mul", f"w{unit}1 x1"),
            (f"q{unit}", "mul", f"w{unit}2 x2"),
            (f"r{unit}", "add", f"p{unit} q{unit}"),
            (f"s{unit}", "add", f"r{unit} b{unit}"),
            (f"h{unit}", "tanh", f"s{unit}"),
        ]
    for unit in "123":
        inputs[f"v{unit}"] = 0.5
        gates.append((f"t{unit}", "mul", f"v{unit} h{unit}"))
    inputs["t"] = 1.0
    gates += [
        ("u1", "add", "t1 t2"),
        ("u2", "add", "u1 t3"),
        ("y", "sigma", "u2"),
        ("e", "sub", "y t"),
        ("l", "square", "e"),
        ("n", "neg", "u2"),
        ("m", "exp", "n"),
        ("o", "inc", "m"),
        ("k", "inverse", "o"),
        ("z", "mul", "k k"),
        ("zz", "add", "z l"),
        ("f", "ln", "zz"),
    ]
    return inputs, gates


PERCEPTRON = _perceptron()
ALL: dict[str, Graph] = {
    "course": COURSE,
    "product": PRODUCT,
    "powers": POWERS,
    "forked": FORKED,
    "logistic": LOGISTIC,
    "over_sine": OVER_SINE,
    "square": SQUARE,
    "softmax": SOFTMAX,
    "neuron": NEURON,
    "residual": RESIDUAL,
    "wide": WIDE,
    "tree": TREE,
    "twice": TWICE,
    "three": THREE,
    "swap": SWAP,
    "perceptron": PERCEPTRON,
}

"""How long reading a learner's text takes, against `ast.parse` of the same text in Python.

Run it by hand: `python tests/bench/bench_language.py`. Both are measured in turn in one session, so that the
ratio means something on any machine. The goal is a median under 0.3 ms.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from tutor.engine.gates import vocabulary
from tutor.language import Unreadable, prepare, read_expression
from tutor.language.highlighting import marks

ROUNDS = 200
NAMES = vocabulary("x", "y", "z", "a", "b", "c", "W", "v", "w_1", "w_2")

READ = {
    "x + y": "x + y",
    "2y": "2*y",
    "x y": "x*y",
    "(x + y)z": "(x + y)*z",
    "x^2": "x**2",
    "-1/c^2": "-1/c**2",
    "c**-1": "c**-1",
    "e^-a": "exp(-a)",
    "exp(a)": "exp(a)",
    "ln x": "ln(x)",
    "sin 2x": "sin(2*x)",
    "√(x² + y²)": "sqrt(x**2 + y**2)",
    "σ(b)(1 - σ(b))": "sigmoid(b)*(1 - sigmoid(b))",
    "1/(1 + e^-(w_1 x + w_2))": "1/(1 + exp(-(w_1*x + w_2)))",
    "|x - y| + ||v||^2": "abs(x - y) + norm(v)**2",
    "max(x, 0) - min(y, z)": "max(x, 0) - min(y, z)",
    "W.T @ (W @ x + b)": "W.T @ (W @ x + b)",
    "sum(x, axis=0, keepdims=True)": "sum(x, axis=0, keepdims=True)",
    "np.exp(-x) / (1 + np.exp(-x))**2": "np.exp(-x) / (1 + np.exp(-x))**2",
    "[[0.088, 0.176], [0.104, 0.208]]": "[[0.088, 0.176], [0.104, 0.208]]",
    "1 2 3; 4 5 6": "[[1, 2, 3], [4, 5, 6]]",
    "\\frac{x + y}{2 z} - \\sqrt{x}": "(x + y)/(2*z) - sqrt(x)",
    "-0.7758": "-0.7758",
    "(x + sin(y))/(σ(x) + (x + y)^2) - tanh(x y)/3": "(x + sin(y))/(sigmoid(x) + (x + y)**2) - tanh(x*y)/3",
}
UNREADABLE = (
    *("xy", "x +", "(x + y", "Sin(x)", "x² + q", "sinx", "0,5", "y = x", "max(x)", "x and y", "2 3", "|x|y|z|"),
    *("x.y", "\\foo{x}", "а + a", "1,000", "X + Y", "exp^a", "sin x y", "", "x==y", "(x]", "[1 2, 3]", "x # y"),
)
LONGEST = (
    *(
        (unit * 2000)[:2000]
        for unit in ("x ", "½ ", "|x|", "exp(x,", "xy", "X ", "1,", "(x", "x²+", "//", "\\frac{x}{")
    ),
    "+".join(["(" + "*".join(["x y z"] * 12) + ")"] * 25),
)


def main() -> None:
    """Measure and print medians, 99th percentiles, worst times and ratios."""
    prepare()
    ours = _times(lambda text: read_expression(text, NAMES), tuple(READ), ROUNDS)
    python = _times(lambda text: ast.parse(text, mode="eval"), tuple(READ.values()), ROUNDS)
    _report("ast.parse", python, None)
    _report("reading", ours, python)
    _report("refusing", _times(_refuse, UNREADABLE, ROUNDS), python)
    _report("highlighting", _times(lambda text: marks(text, NAMES, 1), tuple(READ), ROUNDS), python)
    _report("longest texts", _times(_refuse, LONGEST, 5), python)
    print(f"  the first reading, Lark's import included: {_first_reading():.0f} ms")


def _refuse(text: str) -> None:
    try:
        read_expression(text, NAMES)
    except Unreadable as unreadable:
        unreadable.caret()


def _times(do: Callable[[str], object], texts: Sequence[str], rounds: int) -> list[float]:
    """Milliseconds of every call, the texts in turn, after one round that does not count."""
    for text in texts:
        do(text)
    times = []
    for _ in range(rounds):
        for text in texts:
            start = time.perf_counter()
            do(text)
            times.append(1000 * (time.perf_counter() - start))
    return sorted(times)


def _report(what: str, times: list[float], peer: list[float] | None) -> None:
    median, late, worst = statistics.median(times), times[int(len(times) * 0.99)], times[-1]
    ratio = f", median {median / statistics.median(peer):.1f} x ast.parse" if peer else ""
    print(f"  {what:14} median {median:7.3f} ms, p99 {late:7.3f} ms, worst {worst:7.3f} ms{ratio}")


def _first_reading() -> float:
    program = (
        "import time; from tutor.language import Vocabulary, read_expression; start = time.perf_counter();"
        "read_expression('x + 1', Vocabulary({}, frozenset('x'))); print(1000 * (time.perf_counter() - start))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(5)
    ]
    return statistics.median(float(run.stdout) for run in runs)


if __name__ == "__main__":
    main()

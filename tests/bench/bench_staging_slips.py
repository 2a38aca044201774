"""How many wrong stagings are named by the slip they come from: `python -m tests.bench.bench_staging_slips [-v]`.

Each slip at each place of each exercise that ships, and of random functions, staged properly one operation an equation.
"either" is a slip told as one of two, "untold" one of which only a point is said. Slips that give the function itself,
or equations that are refused (a constant alone, shapes that do not fit), do not count; nor do those in which an earlier
line is the function already, which is said. With -v those not told are listed, with -vv also those told as one of two.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable

from tests.bench.bench_mistakes import random_graphs
from tests.questions.making import SHIPPED, Learner, learner, shipped
from tests.questions.staging_slips import slipped

_LARGE = "f(x, y, z) = ln(x y + 2) σ(√y + z) / (1 + e^(-x z)) - 3 sin(x + y)^2"
_ARRAYS = (
    ("f(W, x, b, t) = sum((W @ x + b - t)^2)",
     "W = [[1.1, 0.5], [-0.3, 0.8]], x = [[0.2], [0.4]], b = [[1.3], [0.7]], t = [[2], [3]]"),
    ("f(X, w, t) = mean((σ(X @ w) - t)^2)", "X = [[1.1, 0.5, 2], [-0.3, 0.8, 1]], w = [0.2, 0.4, -1], t = [0, 1]"),
    ("f(A, B) = sum(relu(A @ B))", "A = [[1.1, 0.5], [-0.3, 0.8]], B = [[1.5, -0.7], [0.3, 0.4]]"),
)  # fmt: skip


def count(learners: Iterable[Learner], verbose: int) -> tuple[Counter[str], list[float]]:
    """The outcomes, and how long each staging took to judge, in seconds."""
    found: Counter[str] = Counter()
    times = []
    for work in learners:
        begun = time.perf_counter()
        for staged, verdict in slipped(work):
            times.append(time.perf_counter() - begun)
            if verdict.mistake == "went_too_far":
                continue
            told = set(verdict.mistake.split("|")) - {"", "right_by_chance"}
            outcome = "untold" if not told else "wrongly" if staged.key not in told else "named"
            if outcome == "named" and len(told) > 1:
                outcome = "either"
            found[outcome] += 1
            if outcome in ("untold", "wrongly", "either")[: (0, 2, 3)[verbose]]:
                print(f"  {outcome}: {staged.key} told as {verdict.mistake or '-'}:", staged.text.replace("\n", "; "))
            begun = time.perf_counter()
    return found, times


def main() -> None:
    """Print a table."""
    verbose = 2 * ("-vv" in sys.argv) + ("-v" in sys.argv)
    groups = {
        "exercises": [shipped(id) for id, exercise in SHIPPED.items() if "stage" in exercise.steps],
        "arrays": [learner(*case) for case in _ARRAYS],
        "14 operations": [learner(_LARGE, "x = 1.3, y = 0.8, z = -0.4", 'positive = ["x", "y"]')],
        "random functions": list(random_graphs(25, quick=False)),
    }
    print(f"{'':18}{'stagings':>9}{'named':>8}{'either':>8}{'untold':>8}{'wrongly':>8}{'ms median':>10}{'ms most':>9}")
    for title, learners in groups.items():
        found, times = count(learners, verbose)
        shares = "".join(f"{found[key] / found.total():8.1%}" for key in ("named", "either", "untold"))
        times.sort()
        middle, most = (f"{1e3 * times[i]:.1f}" for i in (len(times) // 2, -1))
        print(f"{title:18}{found.total():9}{shares}{found['wrongly']:8}{middle:>10}{most:>9}", flush=True)


if __name__ == "__main__":
    main()

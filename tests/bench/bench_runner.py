"""How long the learner waits for a verdict on a warm runner, against starting Python with NumPy.

Run it by hand: `python tests/bench/bench_runner.py`. Both are measured in turn in one session, so that the
ratio means something on any machine.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from tutor.runner import Array, Job, Limits, Runner

ROUNDS = 40
SOURCE = """
import numpy as np

def f(x, y, z):
    a = x + y
    fa = z
    out = a * z
    dz = a
    da = fa
    dx = da * 1.0
    dy = da * 1.0
    return out, dx, dy, dz
"""


def main() -> None:
    """Measure and print medians, 95th percentiles and ratios."""
    vector = Array((3, 4), "float64", [0.5 * n for n in range(12)])
    job = Job(SOURCE, "f", ((vector, vector, vector),) * 8)
    loop = Job("def f():\n    while True: pass", "f", ((),))
    warm, imports = [], []
    with Runner(Limits(seconds=20.0)) as runner:
        for _ in range(ROUNDS):
            imports.append(_seconds_to_import_numpy())
            _wait_until_warm(runner)
            started = time.perf_counter()
            outcome = runner.run(job)
            warm.append(time.perf_counter() - started)
            assert len(outcome.calls) == 8, outcome.fault
    with Runner() as runner:
        _wait_until_warm(runner)
        started = time.perf_counter()
        assert runner.run(loop).fault is not None
        endless = time.perf_counter() - started
    base = statistics.median(imports)
    print(f"python -c 'import numpy'      median {base * 1e3:7.1f} ms   p95 {_p95(imports) * 1e3:7.1f} ms")
    print(f"run() to Outcome, warm        median {_ms(warm):7.1f} ms   p95 {_p95(warm) * 1e3:7.1f} ms")
    print(
        f"ratio to the median import    median {statistics.median(warm) / base:7.3f}      p95 {_p95(warm) / base:7.3f}"
    )
    print(f"an endless loop, limit {Limits().seconds:g} s  {endless:.2f} s")


def _wait_until_warm(runner: Runner) -> None:
    assert runner._spares
    assert runner._spares[0].await_ready() is None


def _seconds_to_import_numpy() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    return time.perf_counter() - started


def _ms(times: list[float]) -> float:
    return statistics.median(times) * 1e3


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()

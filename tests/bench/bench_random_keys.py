"""Every screen under random keys, pastes, clicks and sizes: run by hand, `python tests/bench/bench_random_keys.py`.

Takes the number of events (10,000) and the first seed (0). Each seed is an app of its own, the same events every time.
Prints the crashes with what led to them; exits with code 1 if there was one, or a screen that Escape does not lead home
from.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter

from tests.tui.roaming import walk
from tutor.runner import Runner

STEPS = 120


def main() -> int:
    """Walk until there were so many events."""
    wanted, seed = int((sys.argv[1:] or ["10000"])[0]), int((sys.argv[2:] or ["0"])[0])
    Runner.warm = lambda _: None  # type: ignore[method-assign]  # the process for code starts when it is wanted
    counts: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    begun, walks = time.monotonic(), 0
    while counts.total() < wanted:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["BACKPROP_TUTOR_HOME"] = folder
            roamed = asyncio.run(walk(seed, STEPS))
        counts += roamed.counts
        walks, seed = walks + 1, seed + 1
        print(f"{counts.total()} events, {time.monotonic() - begun:.0f} s", end="\r", file=sys.stderr, flush=True)
        if roamed.crash or roamed.stuck:
            last = roamed.crash.strip().rpartition("\n")[2][:160] if roamed.crash else f"stuck: {roamed.stuck}"
            failures[last] += 1
            print(f"{roamed.story}\n{roamed.crash[-1500:] or roamed.stuck}\n", flush=True)
    kinds = ", ".join(f"{many} {kind}" for kind, many in counts.most_common())
    print(f"{walks} walks, {counts.total()} events ({kinds}) in {time.monotonic() - begun:.0f} s")
    print(f"{failures.total()} crashed or stuck")
    for what, many in failures.most_common():
        print(f"  {many} x {what}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

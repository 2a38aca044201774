"""How many wrong answers are named by the mistake they come from: `python -m tests.bench.bench_mistakes`.

Learners who make every mistake there is, once at each blank: in each exercise that ships, at each gate, and in
random graphs with forks on numbers that keep mistakes apart. "either" is an answer that is told as one of two,
"untold"
one that too many mistakes lead to, "outranked" one of a rare mistake that likelier ones lead to too, "open" one that
was not wrong enough to be judged (`1` for 0.96).
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.questions.learners import GATE_CASES, at_gate, slips
from tests.questions.making import SHIPPED, Learner, learner, shipped
from tutor.judging import Kind
from tutor.library.decoding import BadFile

_BINARY = ("({} + {})", "({} - {})", "({} * {})", "({} / {})", "max({}, {})")
_UNARY = ("({})^2", "({})^3", "exp({})", "sin({})", "cos({})", "sigmoid({})", "tanh({})", "(2.3 * {})", "({} + 1.7)")


def outcome(names: set[str], mistake: str, kind: Kind) -> str:
    """How an answer that came from a mistake of these names was told."""
    told = set(mistake.split("|")) - {""}
    if not told:
        return "open" if kind is Kind.UNDECIDED else "untold"
    if not told & names:
        return "wrongly"
    return "named" if len(told) == 1 else "either"


def count(learners: Iterable[Learner], digits: int = 0) -> Counter[str]:
    """The outcomes of all mistakes of these learners, who write numbers to so many digits (to all, if 0)."""
    found: Counter[str] = Counter()
    for work in learners:
        for slipped, verdict in slips(work):
            if digits and isinstance(slipped.way.gives, float):
                verdict = work.judge(slipped.blank, f"{slipped.way.gives:#.{digits}g}")
                if verdict.accepted:
                    continue  # so rounded it is the truth as well
            told = outcome(slipped.names, verdict.mistake, verdict.kind)
            found["outranked" if told == "wrongly" and slipped.outranked else told] += 1
    return found


def exercises(quick: bool) -> Iterator[Learner]:
    """A learner at every exercise that ships."""
    for id, exercise in SHIPPED.items():
        if "backward" in exercise.steps:
            work = shipped(id)
            work.quick = quick
            yield work


def random_graphs(many: int, quick: bool) -> Iterator[Learner]:
    """Learners at random functions of three inputs."""
    rng = random.Random(8)
    while many:
        function = _expression(rng, rng.randint(2, 4))
        used = [name for name in "xyz" if name in function.replace("exp", "").replace("max", "")]
        at = ", ".join(f"{name} = {rng.uniform(0.4, 2.4) * rng.choice((1, -1)):.3f}" for name in used)
        try:
            work = learner(f"f({', '.join(used)}) = {function}", at)
        except (BadFile, AssertionError):
            continue
        work.quick = quick
        many -= 1
        yield work


def _expression(rng: random.Random, depth: int) -> str:
    if not depth:
        return rng.choice("xyz")
    if rng.random() < 0.4:
        return rng.choice(_UNARY).format(_expression(rng, depth - 1))
    return rng.choice(_BINARY).format(_expression(rng, depth - 1), _expression(rng, rng.randint(0, depth - 1)))


def main() -> None:
    """Print a table."""
    groups = {
        "exercises, full": exercises(quick=False),
        "exercises, quick": exercises(quick=True),
        "the same, 3 digits": exercises(quick=False),
        "each gate": (at_gate(*case) for case in GATE_CASES),
        "random graphs, full": random_graphs(25, quick=False),
        "random graphs, quick": random_graphs(25, quick=True),
    }
    columns = ("answers", "named", "either", "untold", "open", "outranked", "wrongly", "ms each")
    print(f"{'':24}{''.join(f'{column:>10}' for column in columns)}")
    for title, learners in groups.items():
        begun = time.perf_counter()
        found = count(learners, digits=3 if "3 digits" in title else 0)
        told = found.total() - found["open"]
        each = 1e3 * (time.perf_counter() - begun) / max(1, found.total())
        shares = "".join(f"{found[key] / told:10.1%}" for key in ("named", "either", "untold"))
        rest = "".join(f"{found[key]:10}" for key in ("open", "outranked", "wrongly"))
        print(f"{title:24}{found.total():10}{shares}{rest}{each:10.2f}", flush=True)


if __name__ == "__main__":
    main()

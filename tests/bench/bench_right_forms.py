"""How many right answers are judged right, however they are written: `python -m tests.bench.bench_right_forms [-v]`.

At every number blank of the exercises that ship and of random functions, with the backward step full and quick, the
true value in all the forms of `written_forms`, in formulas in the learner's own names, and as products and sums of
numbers; then learners who round every answer and go on from the rounded numbers. Truth, formulas and rounded numbers
are the bench's own; of the program it takes the graph and the verdicts. Each answer not accepted is printed; with -v
also each that is accepted with another remark than that it follows from the learner's own numbers.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from tests.bench.worked_by_hand import ByHand, Formulas, digits_wanted, use_of
from tests.bench.written_forms import Form, array_forms, nicest, number_forms, positional, rounded, scientific
from tests.questions.making import SHIPPED, Learner, learner, shipped
from tutor.judging import Kind
from tutor.library.decoding import BadFile

_LONGEST = 300
_STEP = 0.1
_DESCEND = f"[descend]\nstep = {_STEP}"
_ARRAYS = (
    ("f(W, x, b, t) = sum((W @ x + b - t)^2)",
     "W = [[1.1, 0.5], [-0.3, 0.8]], x = [[0.2], [0.4]], b = [[1.3], [0.7]], t = [[2], [3]]"),
    ("f(X, w) = sum(σ(X @ w)^2)", "X = [[1.1, 0.5, 2], [-0.3, 0.8, 1]], w = [0.2, 0.4, -1]"),
    ("f(A, B) = sum(tanh(A @ B))", "A = [[1.1, 0.5], [-0.3, 0.8]], B = [[1.5, -0.7], [0.3, 0.4]]"),
    ("f(A, b) = ||A * b||^2", "A = [[1.5, -0.25, 2], [0.75, 3, -1]], b = 0.4"),
    ("f(v, w) = dot(v, w)^2", "v = [1.3, -0.7, 2.4], w = [0.6, 2.1, -1.2]"),
    ("f(A, B) = mean(exp(A) / B)", "A = [[1.1, 0.5], [-0.3, 0.8]], B = [[1.5, -0.7], [0.3, 0.4]]"),
)  # fmt: skip
_KINKS = (
    ("f(x, y) = 3 max(x, y)", "x = 2, y = 2", "a = max(x, y)\nf = 3 a", (0, 0.5, 1)),
    ("f(x, y) = 3 min(x, y)", "x = 2, y = 2", "a = min(x, y)\nf = 3 a", (0, 0.5, 1)),
    ("f(x) = 3 relu(x)", "x = 0", "a = relu(x)\nf = 3 a", (0, 0.5, 1)),
    ("f(x) = 3 |x|", "x = 0", "a = |x|\nf = 3 a", (-1, 0, 1)),
)
_BINARY = ("({} + {})", "({} - {})", "({} * {})", "({} / {})", "max({}, {})", "({} * {})")
_UNARY = ("({})^2", "({})^3", "exp({})", "sin({})", "cos({})", "sigmoid({})", "tanh({})", "(2.3 * {})", "({} + 1.7)",
          "ln(({})^2 + 1)", "sqrt(({})^2 + 1)", "2/({})", "(-{})", "relu({})", "|{}|",
          "(3 - {})", "({})/4")  # fmt: skip


# The forms of one blank


def forms_at(work: Learner, hand: ByHand, key: str) -> Iterator[Form]:
    """Right answers to a blank."""
    kind, _, name = key.partition(":")
    truth, rng = hand.at(key), random.Random(key)
    fewest = digits_wanted(hand.inputs[name], truth) if kind == "step" else 2
    yield from (array_forms if np.ndim(truth) else number_forms)(truth, fewest)
    formulas = Formulas(hand)
    symbolic = [*_formulas(formulas, kind, key, name, rng, hand)]
    yield from (("formula", text) for text in dict.fromkeys(symbolic) if 0 < len(text) <= _LONGEST)
    if not np.ndim(truth):
        yield from _worked(hand, kind, key, name)


def _formulas(formulas: Formulas, kind: str, key: str, name: str, rng: random.Random, hand: ByHand) -> Iterator[str]:
    match kind:
        case "value":
            yield from formulas.values(hand.graph.positions[name])
        case "local":
            yield from formulas.locals(use_of(hand, key))
        case "down":
            yield from (formulas.down(use_of(hand, key), rng) for _ in range(6))
        case "total":
            yield from (formulas.total(hand.graph.positions[name], rng) for _ in range(6))
        case _:
            total = formulas.total(hand.graph.positions[name], rng, inputs_only=True)
            if total:
                yield f"{name} - {hand.step}*({total})"
                yield f"-({total})*{hand.step} + {name}"


def _worked(hand: ByHand, kind: str, key: str, name: str) -> Iterator[Form]:
    """Products and sums of numbers, as they stand on paper before they are worked out."""
    if kind == "down":
        use = use_of(hand, key)
        if hand.graph.nodes[use.gate].gate.elementwise and not np.ndim(hand.values[use.gate]):
            u, local = hand.total(use.gate), hand.local(use)
            for one, two in ((u, local), (local, u)):
                yield "product", f"{nicest(one)}*{nicest(two)}"
                yield "product", f"({nicest(one)})*({nicest(two)})"
                yield "product", f"({nicest(one)})({nicest(two)})"
                yield "product", f"{nicest(one)} · ({nicest(two)})"
                yield "rounded product", f"({positional(rounded(one, 5))})·({positional(rounded(two, 5))})"
                yield "rounded product", f"{positional(rounded(one, 4))} × {positional(rounded(two, 4))}"
    elif kind == "total":
        uses = hand.graph.uses[hand.graph.positions[name]]
        shares = [hand.down(use) for use in uses]
        if len(shares) > 1:
            yield "sum", " + ".join(nicest(share) for share in shares)
            yield "sum", " + ".join(f"({nicest(share)})" for share in reversed(shares))
    elif kind == "step":
        slope_, before = hand.total(hand.graph.positions[name]), hand.inputs[name]
        for text in (nicest(slope_), f"({nicest(slope_)})", f"({positional(rounded(slope_, 5))})"):
            yield "update", f"{nicest(before)} - {hand.step}*{text}"
            yield "update", f"{name} - {hand.step}·{text}"


# Learners who round, and go on from what they rounded


def chain(make: Any, quick: bool, digits: int, formulas: bool) -> Iterator[tuple[str, str, Any]]:
    """Every blank in order, answered from the rounded numbers; with `formulas` locals are given in names."""
    work = make()
    work.quick = quick
    hand = ByHand(work, digits)
    hand.locals_as_formulas = formulas
    for key in [key for step in ("forward", "backward", "descend") for key in work.keys(step)]:
        value = hand.at(key)
        if not np.all(np.isfinite(value)):
            print(f"{key}: a chain of {digits} digits ends here, there is no value")
            return
        wanted = hand.digits_of_step if key.startswith("step:") else digits
        text = _nested_rounded(value, wanted)
        if formulas and key.startswith("local:") and (own := Formulas(hand).locals(use_of(hand, key))):
            text = own[0]
        yield key, text, work.answer(key, text)


def _nested_rounded(value: Any, digits: int) -> str:
    if np.ndim(value):
        return "[" + ", ".join(_nested_rounded(part, digits) for part in value) + "]"
    number = rounded(value, digits)
    shown = number == number.to_integral_value() and number.as_tuple().exponent > 0 and float(value).is_integer()
    return "{}e{}".format(*scientific(number)) if shown else positional(number)


# Counting


def exercises() -> Iterator[tuple[str, Any]]:
    for id, exercise in SHIPPED.items():
        if {"forward", "backward"} & set(exercise.steps):
            yield id, lambda id=id: shipped(id)


def arrays() -> Iterator[tuple[str, Any]]:
    for case in _ARRAYS:
        yield case[0], lambda case=case: learner(*case, _DESCEND)


def random_functions(many: int) -> Iterator[tuple[str, Any]]:
    """Random functions of three inputs, on numbers where they are smooth; for the others see `judged_kinks`."""
    rng = random.Random(20)
    while many:
        function = _expression(rng, rng.randint(2, 4))
        used = [name for name in "xyz" if name in function.replace("exp", "").replace("max", "")]
        at = ", ".join(f"{name} = {rng.uniform(0.4, 2.4) * rng.choice((1, -1)):.3f}" for name in used)
        case = (f"f({', '.join(used)}) = {function}", at, _DESCEND)
        try:
            if _at_a_kink(ByHand(learner(*case))):
                continue
        except (BadFile, AssertionError):
            continue
        many -= 1
        yield f"{function} at {at}", lambda case=case: learner(*case)


def _at_a_kink(hand: ByHand) -> bool:
    """Whether several slopes are right somewhere, as in max(x, x)."""
    return any(
        (node.gate.key in ("max", "min") and np.allclose(*hand.arguments(position)))
        or (node.gate.key in ("relu", "abs") and np.allclose(hand.arguments(position), 0))
        for position, node in enumerate(hand.graph.nodes)
        if node.gate
    )


def _expression(rng: random.Random, depth: int) -> str:
    if not depth:
        return rng.choice("xyz")
    if rng.random() < 0.45:
        return rng.choice(_UNARY).format(_expression(rng, depth - 1))
    return rng.choice(_BINARY).format(_expression(rng, depth - 1), _expression(rng, rng.randint(0, depth - 1)))


def judged_forms(groups: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str, str, str, Any]]:
    """Title, blank, family, text, verdict of each right answer."""
    for title, make in groups:
        work = make()
        hand = ByHand(work)
        done = set()
        for quick in (False, True):
            work.quick = quick
            for key in [key for step in ("forward", "backward", "descend") for key in work.keys(step)]:
                for family, text in forms_at(work, hand, key):
                    if (quick, key, text) not in done and not (quick and not key.startswith("total:")):
                        done.add((quick, key, text))
                        yield title, key, family, text, work.judge(key, text)


def judged_chains(groups: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str, str, str, Any]]:
    """The same of learners who round."""
    for title, make in groups:
        for digits in (2, 3, 4):
            for quick, formulas in ((False, False), (False, True), (True, False)):
                family = f"chain of {digits}" + " quick" * quick + " formulas" * formulas
                for key, text, verdict in chain(make, quick, digits, formulas):
                    yield title, key, family, text, verdict


def judged_kinks() -> Iterator[tuple[str, str, str, str, Any]]:
    """At a kink every slope between the two sides: as a local, and sent down with that local given or left out."""
    for function, at, staging, slopes in _KINKS:
        for given in slopes:
            for family in ("kink, local given", "kink, local left out", "kink, quick"):
                work = learner(function, at, staging=staging)
                work.quick = family.endswith("quick")
                if family.endswith("given"):
                    yield function, "local:a.0", "kink, local", f"{given}", work.answer("local:a.0", f"{given}")
                key = "total:x" if work.quick else "down:a.0"
                yield function, key, family, f"{3 * given}", work.judge(key, f"{3 * given}")


def main() -> None:
    """Print two tables: by group, and by family of forms."""
    verbose = "-v" in sys.argv
    groups = {
        "exercises": [*exercises()],
        "arrays": [*arrays()],
        "random functions": [*random_functions(25)],
        "kinks": [],
    }
    families: dict[str, Counter[str]] = defaultdict(Counter)
    rows = []
    for title, members in groups.items():
        both = (("", judged_forms(members)), (", chains", judged_chains(members)))
        for what, judged in both if members else (("", judged_kinks()),):
            begun, found = time.perf_counter(), Counter[str]()
            blanks: Counter[tuple[str, str]] = Counter()
            for where, key, family, text, verdict in judged:
                outcome = {Kind.RIGHT: "right", Kind.REMARK: "remark"}.get(verdict.kind, "not accepted")
                found[outcome] += 1
                families[family][outcome] += 1
                blanks[where, key] += 1
                if outcome == "not accepted":
                    print(f"{where} | {key} | {family} | {text} | {verdict.kind.value}: {verdict.message}")
                elif verbose and outcome == "remark" and not (verdict.carried or verdict.rounded):
                    print(f"  {where} | {key} | {family} | {text} | remark: {verdict.message}")
            if not what and members:
                print(f"{title}: at least {min(blanks.values())} forms at each blank")
            rows.append((title + what, len(blanks), found, time.perf_counter() - begun))
    _table("group", ((f"{title} ({blanks} blanks)", found) for title, blanks, found, _ in rows))
    _table("form", sorted(families.items()))
    for title, _, found, took in rows:
        print(f"{title}: {1e3 * took / max(1, found.total()):.2f} ms an answer")


def _table(title: str, rows: Iterable[tuple[str, Counter[str]]]) -> None:
    print(f"\n{title:40}{'answers':>9}{'right':>9}{'remark':>9}{'not accepted':>14}{'accepted':>10}")
    for name, found in rows:
        accepted = (found["right"] + found["remark"]) / max(1, found.total())
        counts = f"{found.total():9}{found['right']:9}{found['remark']:9}{found['not accepted']:14}"
        print(f"{name:40}{counts}{accepted:10.2%}")


if __name__ == "__main__":
    main()

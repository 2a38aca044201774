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
from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np

from tests.bench.gate_tables import VALUES, WRITTEN, local_formulas, sent_down, sent_down_written, slope
from tests.bench.written_forms import Form, array_forms, nicest, number_forms, positional, rounded, scientific
from tests.questions.learners import sheet_of
from tests.questions.making import SHIPPED, Learner, learner, shipped
from tutor.engine.graph import Node, Use
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
_BINARY = ("({} + {})", "({} - {})", "({} * {})", "({} / {})", "max({}, {})", "({} * {})")
_UNARY = ("({})^2", "({})^3", "exp({})", "sin({})", "cos({})", "sigmoid({})", "tanh({})", "(2.3 * {})", "({} + 1.7)",
          "ln(({})^2 + 1)", "sqrt(({})^2 + 1)", "2/({})", "(-{})", "relu({})", "|{}|", "(3 - {})", "({})/4")  # fmt: skip


class ByHand:
    """A learner's graph worked with the tables: true, or with every number rounded to so many digits."""

    def __init__(self, work: Learner, digits: int = 0) -> None:
        sheet = sheet_of(work)
        self.graph, self.inputs = sheet.graph, work.problem.inputs
        self.digits = digits
        self.step = _step_of(work)
        self.quick = work.quick
        self.locals_as_formulas = False

    def kept(self, value: Any) -> Any:
        """A number as this learner writes it down and goes on with it."""
        if not self.digits:
            return value
        if np.ndim(value):
            return np.reshape([float(rounded(entry, self.digits)) for entry in np.ravel(value)], np.shape(value))
        return float(rounded(value, self.digits))

    def name(self, position: int) -> str:
        return self.graph.nodes[position].name

    def arguments(self, position: int) -> list[Any]:
        return [self.values[a] if isinstance(a, int) else a.value for a in self.graph.nodes[position].arguments]

    @cached_property
    def values(self) -> list[Any]:
        self.values = []  # so that `arguments` finds those so far
        for position, node in enumerate(self.graph.nodes):
            known = node.gate is None
            self.values.append(self.inputs[node.name] if known else self.kept(self._computed(node, position)))
        return self.values

    def _computed(self, node: Node, position: int) -> Any:
        assert node.gate is not None
        with np.errstate(all="ignore"):
            return VALUES[node.gate.key](*self.arguments(position), **node.options)

    def local(self, use: Use) -> Any:
        """In the shape of the gate's value."""
        node = self.graph.nodes[use.gate]
        assert node.gate is not None
        return slope(node.gate.key, use.port, self.arguments(use.gate), self.values[use.gate])

    def down(self, use: Use, kept: bool = True) -> Any:
        """Upstream times local, as it is written down or as it comes from the calculator."""
        node, upstream = self.graph.nodes[use.gate], self.total(use.gate)
        assert node.gate is not None
        arguments = self.arguments(use.gate)
        if not node.gate.elementwise:
            return self._kept_if(sent_down(node.gate.key, use.port, arguments, upstream, node.options), kept)
        rounds = kept and not self.locals_as_formulas
        wide = upstream * self._kept_if(self.local(use), rounds)
        return self._kept_if(_summed_to(wide, np.shape(arguments[use.port])), kept)

    def _kept_if(self, value: Any, kept: bool) -> Any:
        return self.kept(value) if kept else value

    def total(self, position: int) -> Any:
        if position == self.graph.output:
            return 1.0
        if position not in self._totals:
            shares = [self.down(use, kept=not self.quick) for use in self.graph.uses[position]]
            total = self.kept(sum(shares[1:], start=shares[0])) if shares else 0.0 * self.values[position]
            self._totals[position] = total
        return self._totals[position]

    @cached_property
    def _totals(self) -> dict[int, Any]:
        return {}

    def at(self, key: str) -> Any:
        """The number that goes into a blank."""
        kind, _, name = key.partition(":")
        if kind in ("value", "total", "step"):
            position = self.graph.positions[name]
            if kind == "step":
                return self.kept_after(name, self.inputs[name] - self.step * self.total(position))
            return self.values[position] if kind == "value" else self.total(position)
        use = use_of(self, key)
        return self.kept(self.local(use)) if kind == "local" else self.down(use)

    def kept_after(self, name: str, after: Any) -> Any:
        """Rounded to as many digits as show the step."""
        if not self.digits:
            return after
        digits = max(self.digits, digits_wanted(self.inputs[name], after))
        if np.ndim(after):
            return np.reshape([float(rounded(entry, digits)) for entry in np.ravel(after)], np.shape(after))
        return float(rounded(after, digits))


def use_of(hand: ByHand, key: str) -> Use:
    gate, _, port = key.partition(":")[2].rpartition(".")
    return Use(hand.graph.positions[gate], int(port))


def digits_wanted(before: Any, after: Any) -> int:
    """To see a step of 0.02 from 2 it takes three digits."""
    after, moved = np.abs(np.ravel(after)), np.abs(np.ravel(after) - np.ravel(before))
    seen = (after > 0) & (moved > 0)
    places = np.floor(np.log10(after[seen])) - np.floor(np.log10(moved[seen])) + 1
    return int(np.clip(places.max(initial=2), 2, 5))


def _summed_to(wide: Any, shape: tuple[int, ...]) -> Any:
    if np.shape(wide) == shape:
        return wide
    wide = np.sum(wide, axis=tuple(range(np.ndim(wide) - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            wide = np.sum(wide, axis=axis, keepdims=True)
    return float(wide) if not shape else wide


# Formulas in the learner's own names


class Formulas:
    """What a learner may write with names instead of numbers."""

    def __init__(self, hand: ByHand) -> None:
        self.hand, self.graph = hand, hand.graph

    def _named(self, position: int, inputs_only: bool = False) -> dict[str, str]:
        """What a, b and y of the tables are called at this gate."""
        node = self.graph.nodes[position]
        texts = [
            (self.value(a, True) if inputs_only else self.hand.name(a)) if isinstance(a, int) else a.text
            for a in node.arguments
        ]
        y = self.value(position, True) if inputs_only else node.name
        return {"a": texts[0], "b": texts[-1], "y": y}

    def value(self, position: int, inputs_only: bool) -> str:
        node = self.graph.nodes[position]
        if node.gate is None:
            return node.name
        if node.options:
            raise KeyError(node.gate.key)
        return f"({WRITTEN[node.gate.key][0].format(**self._arguments_named(position, inputs_only))})"

    def _arguments_named(self, position: int, inputs_only: bool) -> dict[str, str]:
        texts = [
            (self.value(a, True) if inputs_only else self.hand.name(a)) if isinstance(a, int) else a.text
            for a in self.graph.nodes[position].arguments
        ]
        return {"a": texts[0], "b": texts[-1]}

    def values(self, position: int) -> Iterator[str]:
        node = self.graph.nodes[position]
        assert node.gate is not None
        if node.options:
            return
        for template in WRITTEN.get(node.gate.key, ()):
            yield template.format(**self._arguments_named(position, False))
        with suppress(KeyError):
            yield self.value(position, True)

    def locals(self, use: Use, inputs_only: bool = False) -> list[str]:
        node = self.graph.nodes[use.gate]
        assert node.gate is not None
        constant = next((a.value for a in node.arguments if not isinstance(a, int)), None)
        named = self._named(use.gate, inputs_only)
        templates = local_formulas(node.gate.key, use.port, constant)
        return [template.format(**named) for template in templates]

    def down(self, use: Use, rng: random.Random, inputs_only: bool = False) -> str:
        """A formula for what is sent down; "" where there is none in the tables."""
        node = self.graph.nodes[use.gate]
        assert node.gate is not None
        upstream = self.total(use.gate, rng, inputs_only)
        if not upstream:
            return ""
        if not node.gate.elementwise:
            sizes = [np.shape(argument) for argument in self.hand.arguments(use.gate)]
            written = "" if node.options else sent_down_written(node.gate.key, use.port, upstream, sizes)
            return written.format(**self._named(use.gate, inputs_only)) if written else ""
        if np.shape(self.hand.values[use.gate]) != np.shape(self.hand.arguments(use.gate)[use.port]):
            return ""
        formulas = self.locals(use, inputs_only) or [nicest(self.hand.local(use))]
        if np.ndim(self.hand.local(use)) and not self.locals(use):
            return ""
        local = rng.choice(formulas)
        return rng.choice((f"({upstream})*({local})", f"({local})*({upstream})", f"({local})({upstream})"))

    def total(self, position: int, rng: random.Random, inputs_only: bool = False) -> str:
        """A formula for a gradient: the whole chain."""
        if position == self.graph.output:
            return "1"
        shares = [self.down(use, rng, inputs_only) for use in self.graph.uses[position]]
        return " + ".join(shares) if shares and all(shares) else ""


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


def _formulas(
    formulas: Formulas, kind: str, key: str, name: str, rng: random.Random, hand: ByHand
) -> Iterator[str]:
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
            return
        wanted = digits
        if key.startswith("step:"):
            wanted = max(digits, digits_wanted(hand.inputs[key[5:]], value))
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


def _step_of(work: Learner) -> float:
    found = [step for step in work.steps if step.key == "descend"]
    return float(found[0]._step) if found else 0.0


# Counting


def exercises() -> Iterator[tuple[str, Any]]:
    for id, exercise in SHIPPED.items():
        if {"forward", "backward"} & set(exercise.steps):
            yield id, lambda id=id: shipped(id)


def arrays() -> Iterator[tuple[str, Any]]:
    for case in _ARRAYS:
        yield case[0], lambda case=case: learner(*case, _DESCEND)


def random_functions(many: int) -> Iterator[tuple[str, Any]]:
    """Random functions of three inputs, on generic numbers."""
    rng = random.Random(20)
    while many:
        function = _expression(rng, rng.randint(2, 4))
        used = [name for name in "xyz" if name in function.replace("exp", "").replace("max", "")]
        at = ", ".join(f"{name} = {rng.uniform(0.4, 2.4) * rng.choice((1, -1)):.3f}" for name in used)
        case = (f"f({', '.join(used)}) = {function}", at, _DESCEND)
        try:
            learner(*case)
        except (BadFile, AssertionError):
            continue
        many -= 1
        yield f"{function} at {at}", lambda case=case: learner(*case)


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


def main() -> None:
    """Print two tables: by group, and by family of forms."""
    verbose = "-v" in sys.argv
    groups = {"exercises": [*exercises()], "arrays": [*arrays()], "random functions": [*random_functions(25)]}
    families: dict[str, Counter[str]] = defaultdict(Counter)
    rows = []
    for title, members in groups.items():
        for what, judged in (("", judged_forms(members)), (", chains", judged_chains(members))):
            begun, found = time.perf_counter(), Counter[str]()
            blanks: set[tuple[str, str]] = set()
            for where, key, family, text, verdict in judged:
                outcome = {Kind.RIGHT: "right", Kind.REMARK: "remark"}.get(verdict.kind, "not accepted")
                found[outcome] += 1
                families[family][outcome] += 1
                blanks.add((where, key))
                if outcome == "not accepted":
                    print(f"{where} | {key} | {family} | {text} | {verdict.kind.value}: {verdict.message}")
                elif verbose and outcome == "remark" and "your own" not in verdict.message:
                    print(f"  {where} | {key} | {family} | {text} | remark: {verdict.message}")
            rows.append((title + what, len(blanks), found, time.perf_counter() - begun))
    _table("group", ((f"{title} ({blanks} blanks)", found) for title, blanks, found, _ in rows))
    _table("form", sorted(families.items()))
    for title, _, found, took in rows:
        print(f"{title}: {1e3 * took / max(1, found.total()):.2f} ms an answer")


def _table(title: str, rows: Iterable[tuple[str, Counter[str]]]) -> None:
    print(f"\n{title:40}{'answers':>9}{'right':>9}{'remark':>9}{'not accepted':>14}{'accepted':>10}")
    for name, found in rows:
        accepted = (found["right"] + found["remark"]) / max(1, found.total())
        print(f"{name:40}{found.total():9}{found['right']:9}{found['remark']:9}{found['not accepted']:14}{accepted:10.2%}")


if __name__ == "__main__":
    main()

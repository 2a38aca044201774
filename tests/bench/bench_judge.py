"""How right and how fast the judge is, on a folder of facts from other answer checkers, and against SymPy.

    python tests/bench/bench_judge.py CORPUS [--sample N] [--limit SECONDS]

CORPUS holds equivalence.jsonl, near_misses.jsonl, derivatives.jsonl, numbers.jsonl and disagreements.jsonl. Every
pair is judged both ways round. SymPy is asked about a sample of the pairs, in a process of its own with a time limit.
Times are of the processor, so that other work on the machine counts little.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tutor.engine import enclosure as precise
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.sympy_bridge import derivative, from_sympy, to_sympy
from tutor.judging import Kind, Verdict, judge_expression, judge_number
from tutor.language import (
    Apply,
    Expression,
    FunctionWord,
    Number,
    Unreadable,
    Vocabulary,
    names_in,
    prepare,
    read_expression,
)

# The corpus uses functions that the language does not have; those that it can say are written out.


def _number(value: int) -> Number:
    return Number(Fraction(value), str(value))


def _apply(operation: str, *arguments: Expression) -> Apply:
    return Apply(operation, arguments)


ONE, TWO = _number(1), _number(2)
Rewriting = Callable[[Expression], Expression]


def _two_exponentials(operation: str) -> Rewriting:
    return lambda a: _apply(operation, _apply("exp", a), _apply("exp", _apply("neg", a)))


def _over(top: Expression, bottom: Rewriting) -> Rewriting:
    return lambda a: _apply("div", top, bottom(a))


def _asinh(a: Expression) -> Expression:
    return _apply("ln", _apply("add", a, _apply("sqrt", _apply("add", _apply("mul", a, a), ONE))))


def _acosh(a: Expression) -> Expression:
    roots = _apply("sqrt", _apply("add", a, ONE)), _apply("sqrt", _apply("sub", a, ONE))
    return _apply("ln", _apply("add", a, _apply("mul", *roots)))


def _atanh(a: Expression) -> Expression:
    return _apply("div", _apply("ln", _apply("div", _apply("add", ONE, a), _apply("sub", ONE, a))), TWO)


REWRITTEN: dict[str, Rewriting] = {
    "sec": _over(ONE, lambda a: _apply("cos", a)),
    "csc": _over(ONE, lambda a: _apply("sin", a)),
    "cot": lambda a: _apply("div", _apply("cos", a), _apply("sin", a)),
    "sinh": lambda a: _apply("div", _two_exponentials("sub")(a), TWO),
    "cosh": lambda a: _apply("div", _two_exponentials("add")(a), TWO),
    "sech": _over(TWO, _two_exponentials("add")),
    "csch": _over(TWO, _two_exponentials("sub")),
    "coth": _over(ONE, lambda a: _apply("tanh", a)),
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "asech": lambda a: _acosh(_apply("div", ONE, a)),
    "acsch": lambda a: _asinh(_apply("div", ONE, a)),
    "acoth": lambda a: _atanh(_apply("div", ONE, a)),
    "sign": lambda a: _apply("div", a, _apply("abs", a)),
}
_WORDS = {**vocabulary().functions, **{word: FunctionWord(f"elsewhere_{word}") for word in REWRITTEN}}


def read(text: str, names: tuple[str, ...]) -> Expression:
    """The tree of a text of the corpus. Raises Unreadable."""
    return _written_out(read_expression(text, Vocabulary(_WORDS, frozenset(names))).tree)


def _written_out(tree: Expression) -> Expression:
    if not isinstance(tree, Apply):
        return tree
    arguments = tuple(map(_written_out, tree.arguments))
    word = tree.operation.removeprefix("elsewhere_")
    return REWRITTEN[word](*arguments) if word in REWRITTEN else replace(tree, arguments=arguments)


@dataclass(frozen=True)
class Pair:
    """Two expressions of the corpus and whether it says that they are the same."""

    texts: tuple[str, str]
    trees: tuple[Expression, Expression]
    names: tuple[str, ...]
    positive: tuple[str, ...]
    equal: bool


def rows(corpus: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a file."""
    for line in (corpus / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def names_of(row: dict[str, Any], *texts: str) -> tuple[str, ...]:
    """The variables of a row: as it lists them, or every word of its texts that is no function or constant."""
    if "vars" in row:
        return tuple(row["vars"])
    words = re.findall(r"[A-Za-z_]\w*\b(?!\()", " ".join(texts))
    return tuple(sorted({*words, *row.get("witness", {}).get("at", ())} - {"pi"}))


def pairs(corpus: Path, name: str) -> tuple[list[Pair], list[str]]:
    """The pairs of a file, and those that the language has no words for."""
    found: list[Pair] = []
    refused: list[str] = []
    for row in rows(corpus, name):
        texts = row["a"], row["b"]
        names = names_of(row, *texts)
        try:
            trees = read(texts[0], names), read(texts[1], names)
        except Unreadable as error:
            refused.append(f"{texts[0]}  |  {texts[1]}: {error.message}")
            continue
        positive = names if "assume_positive" in row.get("tags", ()) else ()
        found.append(Pair(texts, trees, names, positive, row["equal"]))
    return found, refused


def timed(judge: Callable[[], Verdict]) -> tuple[Verdict, float]:
    """A verdict and how many milliseconds it took."""
    start = time.process_time()
    verdict = judge()
    return verdict, (time.process_time() - start) * 1000


def judged(pair: Pair, *, turned: bool) -> tuple[Verdict, float]:
    """The verdict on a pair, one way round or the other."""
    answer, truth = reversed(pair.trees) if turned else pair.trees
    return timed(lambda: judge_expression(answer, truth, pair.names, pair.positive))


def bench_pairs(found: list[Pair], refused: list[str], title: str) -> None:
    """Judge all pairs both ways round and print what came of it."""
    times: list[float] = []
    counts: Counter[str] = Counter()
    domain, undecided, wrong = [], [], []
    for pair in found:
        for turned in (False, True):
            verdict, took = judged(pair, turned=turned)
            times.append(took)
            line = "  is not  ".join(reversed(pair.texts) if turned else pair.texts) + f": {verdict.message}"
            counts[f"{'equal' if pair.equal else 'not equal'} -> {verdict.kind}"] += 1
            if verdict.kind is Kind.UNDECIDED:
                undecided.append(line)
            elif verdict.accepted != pair.equal:
                (domain if " the function is " in verdict.message else wrong).append(line)
    many = len(times)
    print(f"\n{title}: {len(found)} pairs, {many} judgements; {len(refused)} pairs have functions unknown here")
    print("  " + ", ".join(f"{key}: {count}" for key, count in sorted(counts.items())))
    print(
        f"  wrong verdicts: {len(wrong)}   by the domain policy: {len(domain)}   undecided: {len(undecided)} "
        f"({100 * len(undecided) / many:.2f}%)"
    )
    times.sort()
    print(
        f"  ms a judgement: median {statistics.median(times):.3f}, p99 {times[int(0.99 * many)]:.2f}, "
        f"worst {times[-1]:.1f}"
    )
    for kind, lines in (("WRONG", wrong), ("undecided", undecided), ("domain", domain), ("unknown", refused)):
        for line in lines:
            print(f"    {kind}: {line}")


# SymPy


def answer_by_sympy(pipe: Connection) -> None:
    """In a process of its own: what SymPy says to each pair that arrives, and in how many milliseconds."""
    import sympy

    pipe.send("ready")
    while True:
        method, (a, b) = pipe.recv()
        left, right = to_sympy(a), to_sympy(b)
        start = time.process_time()
        try:
            said = sympy.simplify(left - right) == 0 if method == "simplify" else left.equals(right)
        except Exception as error:  # noqa: BLE001 - whatever a peer does is its answer
            said = type(error).__name__
        pipe.send((said if said is None else str(said), (time.process_time() - start) * 1000))


class Peer:
    """SymPy in a process that is ended and started again when it takes too long."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._start()

    def _start(self) -> None:
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        self.pipe: Connection = ours
        self.process = multiprocessing.get_context("spawn").Process(target=answer_by_sympy, args=(theirs,), daemon=True)
        self.process.start()
        self.pipe.recv()

    def ask(self, method: str, trees: tuple[Expression, Expression]) -> tuple[str | None, float]:
        """What it says ("hangs" when it takes too long) and the milliseconds."""
        self.pipe.send((method, trees))
        if self.pipe.poll(self.limit):
            said, took = self.pipe.recv()
            return said, took
        self.stop()
        self._start()
        return "hangs", self.limit * 1000

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()


def bench_sympy(found: list[Pair], sample: int, limit: float) -> None:
    """Ask SymPy about a sample, and the judge about the same pairs, in one run."""
    step = max(1, len(found) // sample)
    chosen = found[::step]
    peer = Peer(limit)
    ours = [judged(pair, turned=False)[1] for pair in chosen]
    print(f"\nAgainst SymPy on {len(chosen)} pairs, {limit:g} s allowed:")
    for method, title in (("simplify", "simplify(a - b) == 0"), ("equals", "a.equals(b)")):
        answers = [peer.ask(method, pair.trees) for pair in chosen]
        ratios = [took / mine for (_, took), mine in zip(answers, ours, strict=True)]
        false_yes = [p for p, (said, _) in zip(chosen, answers, strict=True) if said == "True" and not p.equal]
        false_no = [p for p, (said, _) in zip(chosen, answers, strict=True) if said == "False" and p.equal]
        unsaid = Counter(str(said) for said, _ in answers if said not in ("True", "False"))
        unanswered = [(p, said) for p, (said, _) in zip(chosen, answers, strict=True) if said not in ("True", "False")]
        total = sum(took for _, took in answers) / sum(ours)
        theirs, mine = statistics.median(took for _, took in answers), statistics.median(ours)
        print(
            f"  {title}: median {theirs:.2f} ms, the judge's {mine:.2f}: {theirs / mine:.0f} times as fast; "
            f"{total:.0f} times in all, {statistics.median(ratios):.0f} times on the median pair"
        )
        print(
            f"    equal pairs denied: {len(false_no)}, unequal pairs accepted: {len(false_yes)}, else: {dict(unsaid)}"
        )
        for pair in false_no + false_yes:
            print(f"      {'denied' if pair.equal else 'accepted'}: {pair.texts[0]}  |  {pair.texts[1]}")
        for pair, said in unanswered:
            print(f"      {said}: {pair.texts[0]}  |  {pair.texts[1]}")
    peer.stop()


# Derivatives, numbers, disagreements


def bench_derivatives(corpus: Path) -> None:
    """Derivatives as people and programs write them, against our own."""
    counts: Counter[str] = Counter()
    print("\nderivatives.jsonl: what is judged otherwise or not at all")
    for row in rows(corpus, "derivatives.jsonl"):
        names = names_of(row, row["f"], row["df"])
        try:
            function, given = read(row["f"], names), read(row["df"], names)
            truth = from_sympy(derivative(function, row["wrt"]))
            verdict = judge_expression(given, truth, names)
        except (Unreadable, ValueError) as error:
            verdict = Verdict(Kind.UNREADABLE, str(error))
        counts[f"{'correct' if row['correct'] else 'not correct'} -> {verdict.kind}"] += 1
        if verdict.accepted != row["correct"]:
            print(f"    {verdict.kind}: d/d{row['wrt']} {row['f']} = {row['df']}: {verdict.message}")
    print("  " + ", ".join(f"{key}: {count}" for key, count in sorted(counts.items())))


def bench_numbers(corpus: Path) -> None:
    """Numbers that other systems judged by other policies: how often we say the same, and each row where we do not."""
    counts: Counter[tuple[str, str]] = Counter()
    lines = []
    for row in rows(corpus, "numbers.jsonl"):
        try:
            student, teacher = read(row["student"], ()), read(row["teacher"], ())
        except Unreadable:
            counts[row["test"], "unreadable"] += 1
            continue
        truth = evaluate(teacher, {})
        if names_in(student) or not isinstance(truth, float) or not isfinite(truth):
            counts[row["test"], "not a number"] += 1
            continue
        verdict = judge_number(student, truth, {})
        same = verdict.accepted == row["passes"]
        counts[row["test"], "same" if same else "otherwise"] += 1
        if not same:
            says = "accepts" if row["passes"] else "refuses"
            asked = f"{row['test']} {row['option']}".strip()
            lines.append(
                f"    {verdict.kind}: {row['student']} for {row['teacher']} ({asked} {says}). {verdict.message}"
            )
    print("\nnumbers.jsonl: other policies than ours")
    for (test, outcome), count in sorted(counts.items()):
        print(f"  {test}: {outcome} {count}")
    print("\n".join(lines))


def bench_disagreements(corpus: Path) -> None:
    """Pairs on which the source and exact arithmetic differ: what we say, and why the row is here."""
    print("\ndisagreements.jsonl")
    for row in rows(corpus, "disagreements.jsonl"):
        if row["a"].startswith("d/dx"):  # about antiderivatives
            continue
        try:
            names = names_of(row, row["a"], row["b"])
            verdict = judge_expression(read(row["a"], names), read(row["b"], names), names)
        except Unreadable as error:
            verdict = Verdict(Kind.UNREADABLE, error.message)
        print(
            f"    {verdict.kind}: {row['a']}  |  {row['b']} (the source says {row['source_says']}). {verdict.message}"
        )


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sample", type=int, default=150, help="about how many pairs SymPy is asked about")
    parser.add_argument("--limit", type=float, default=10.0, help="seconds SymPy gets for a pair")
    options = parser.parse_args()
    prepare()
    precise.prepare()
    everything: list[Pair] = []
    for name in ("equivalence.jsonl", "near_misses.jsonl"):
        found, refused = pairs(options.corpus, name)
        bench_pairs(found, refused, name)
        everything += found
    bench_derivatives(options.corpus)
    bench_numbers(options.corpus)
    bench_disagreements(options.corpus)
    if options.sample:
        bench_sympy(everything, options.sample, options.limit)


if __name__ == "__main__":
    main()

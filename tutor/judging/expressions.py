"""An expression against the truth, with a point that shows the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tutor.engine.gates import GATES
from tutor.engine.showing import plain, told_apart
from tutor.engine.values import Value
from tutor.judging.equivalence import Comparison, Outcome, compare
from tutor.judging.verdict import Kind, Verdict, right, undecided, wrong
from tutor.language import Expression, show


def judge_expression(
    answer: Expression,
    truth: Expression,
    names: Iterable[str],
    positive: Iterable[str] = (),
    at: Mapping[str, Value] | None = None,
    form: Callable[[Expression], str] | None = None,
) -> Verdict:
    """The verdict on an expression in `names`; those in `positive` only take positive values.

    `at` holds the learner's own values, which are among the points tried. `form` says what is wrong with the form
    of an answer that has the right value, or "".
    """
    verdict = _of(compare(answer, truth, names, positive, at))
    if verdict.kind is Kind.RIGHT and form is not None and (objection := form(answer)):
        return Verdict(Kind.UNDECIDED, objection, mistake="form")
    return verdict


def _of(found: Comparison) -> Verdict:
    match found.outcome:
        case Outcome.SAME:
            return right()
        case Outcome.DIFFERENT:
            assert found.yours is not None and found.truth is not None
            yours, truth = told_apart(found.yours, found.truth)
            return wrong(f"{_at(found, 'yours')} is {yours}, the truth {truth}.")
        case Outcome.UNDEFINED:
            assert found.truth is not None and found.part is not None
            return wrong(f"{_at(found, 'the function')} is {plain(found.truth)}, but {_missing(found)}.")
        case _:
            return undecided("This could not be decided. Try writing it in another way.")


def _at(found: Comparison, subject: str) -> str:
    """`At x = 1.3 yours`."""
    where = ", ".join(f"{name} = {plain(value)}" for name, value in found.point.items())
    return f"At {where} {subject}" if where else subject.capitalize()


def _missing(found: Comparison) -> str:
    """`ln x needs a positive number`."""
    part = found.part
    assert part is not None
    text, reason = show(part), GATES[part.operation].domain(*found.arguments)
    if reason is None:
        return f"{text} has no value"
    first, _, rest = reason.partition(" needs ")
    return f"{text} needs {rest}" if rest and len(first.split()) <= 3 else f"in {text} {reason}"

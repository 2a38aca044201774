"""The harness `unbroadcast`: a function that sums a gradient back to the shape of what was stretched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.diagnosis import Diagnosis, Subject
from tutor.engine.values import Shape, Value, as_value, shape_of, show_shape
from tutor.judging import Verdict, right, wrong
from tutor.judging.misconceptions import Misconception
from tutor.judging.mistake_texts import tell
from tutor.questions.code.comparing import called_with, gap
from tutor.questions.code.numbers import Draw
from tutor.questions.code.outcomes import Told, cut_short, with_output
from tutor.questions.code.returned import function_driver, not_right, on_line
from tutor.questions.code.slips import general, recognised
from tutor.questions.inflect import counted
from tutor.runner import Array, Call, Job, Outcome
from tutor.runner import Value as Sent

_SHAPES: tuple[tuple[Shape, Shape, int], ...] = (
    ((3, 2), (2,), 0), ((3, 2), (3, 2), 0), ((3, 3), (1, 3), 0), ((3, 3), (3, 1), 0), ((3, 3), (3,), 0),
    ((4, 2, 3), (2, 3), 0), ((4, 2, 3), (3,), 0), ((4, 2, 3), (2, 1), 0), ((4, 2, 3), (1, 2, 1), 0),
    ((4, 2, 3), (1, 1), 0), ((3,), (), 0), ((2, 3), (), 0), ((), (), 0), ((2, 3), (1, 1), 0), ((2, 3), (1,), 0),
    ((1, 3), (3,), 0), ((1,), (1,), 0),
    ((5, 2, 3), (2, 3), 2), ((2, 3), (2, 3), 2), ((5, 4, 2, 3), (4, 2, 3), 2), ((5, 4, 2, 3), (1, 2, 3), 2),
    ((5, 4, 2, 3), (5, 1, 2, 3), 2), ((5, 1, 3), (1, 3), 2), ((5, 2, 3), (1, 1, 1), 2), ((4, 3), (1, 1), 1),
)  # fmt: skip
"""The shape of the gradient, the shape it is summed back to, and `to_keep`. The last two have a 1 in an axis kept."""

_WORKED = """def {name}(grad, shape, to_keep=0):
    added = np.ndim(grad) - len(shape)
    out = np.sum(grad, axis=tuple(range(added)))
    stretched = tuple(axis for axis in range(len(shape) - to_keep) if shape[axis] == 1)
    return np.sum(out, axis=stretched, keepdims=True)
"""

_STARTER = """def {name}(grad, shape, to_keep=0):
    # grad has the shape that broadcasting led to;
    # shape is that of the argument.
    # Return grad summed back to shape.
    # The last to_keep axes stay as they are in grad,
    # even where shape has a 1 there.
{room}
    return out
"""


@dataclass(frozen=True)
class UnbroadcastSpec:
    """The function's name."""

    name: str = "unbroadcast"

    @cached_property
    def trials(self) -> tuple[UnbroadcastTrial, ...]:
        """What it is tried on."""
        draw = Draw("unbroadcast")
        return tuple(UnbroadcastTrial(draw.value(large), shape, to_keep) for large, shape, to_keep in _SHAPES)


Spec = UnbroadcastSpec


@dataclass(frozen=True, eq=False)
class UnbroadcastTrial:
    """One call."""

    grad: Value
    shape: Shape
    to_keep: int

    @property
    def truth(self) -> Value:
        """What should come back."""
        return summed_back(self.grad, self.shape, self.to_keep)

    @property
    def said(self) -> str:
        """The call in words."""
        kept = f" and to_keep={self.to_keep}" if self.to_keep else ""
        return f"grad of shape {show_shape(shape_of(self.grad))}, shape {self.shape}{kept}"


def summed_back(grad: Value, shape: Shape, to_keep: int = 0) -> Value:
    """The gradient summed over the axes that broadcasting added or stretched, the last `to_keep` left alone."""
    array = np.asarray(grad)
    array = array.sum(axis=tuple(range(array.ndim - len(shape))))
    stretched = tuple(axis for axis in range(len(shape) - to_keep) if shape[axis] == 1)
    return as_value(array.sum(axis=stretched, keepdims=True))


def starter(spec: UnbroadcastSpec) -> str:
    """The function, empty."""
    return _STARTER.format(name=spec.name, room="    ")


def job(text: str, spec: UnbroadcastSpec) -> Job:
    """One call for each pair of shapes."""
    return Job(text, spec.name, tuple(map(_arguments, spec.trials)))


def verdict(outcome: Outcome, spec: UnbroadcastSpec, text: str = "", told: Diagnosis | None = None) -> Verdict:
    """What is right, or the first pair of shapes on which it is not, with what is `told` of the line."""
    return with_output(_verdict(outcome, spec, text, told), outcome)


def subject(text: str, spec: UnbroadcastSpec) -> Subject:
    """The function to be examined: what it returns, and `grad` after the call."""
    trials = [(_arguments(each), {"The gradient": each.truth, "the input grad": each.grad}) for each in spec.trials]
    driver = function_driver(spec.name, ("The gradient",), ("grad",))
    return Subject(text, driver, trials, starter(spec), measure=False)


def worked(spec: UnbroadcastSpec) -> str:
    """A right function."""
    return _WORKED.format(name=spec.name)


def hints(spec: UnbroadcastSpec) -> tuple[str, str, str]:
    """What broadcasting does; an example; the two sums."""
    return (
        "Broadcasting puts axes in front and copies along axes of size 1. A value that was copied gets the sum of its "
        "copies' gradients.",
        "With grad of shape (4, 2, 3) and shape (2, 1): which axis was put in front, which had size 1? One of them "
        "goes away in the sum, the other stays with size 1.",
        "; ".join(line.strip() for line in worked(spec).splitlines()[1:-1]),
    )


def _arguments(trial: UnbroadcastTrial) -> tuple[Sent, ...]:
    given: tuple[Sent, ...] = (Array.of(np.asarray(trial.grad)), trial.shape)
    return (*given, trial.to_keep) if trial.to_keep else given


def _verdict(outcome: Outcome, spec: UnbroadcastSpec, text: str, told: Diagnosis | None) -> Verdict:
    for trial, call in zip(spec.trials, outcome.calls, strict=False):
        found = _judge(trial, call, told)
        if found is not None:
            return found
    made, during = len(outcome.calls), ""
    if outcome.fault is not None and made < len(spec.trials):
        during = f"That was with {spec.trials[made].said}."
    checked = counted(len(spec.trials), "pair")
    return cut_short(outcome, len(spec.trials), during, Told(text, starter(spec), spec.name)) or right(
        f"It is right on {checked} of shapes: axes in front, axes of size 1, both, scalars, and axes to keep. "
        "The values, the shapes, and that grad is not changed, are checked."
    )


def _judge(trial: UnbroadcastTrial, call: Call, told: Diagnosis | None) -> Verdict | None:
    where = f"\nThat was with {trial.said}."
    lines = told.lines if told else ()
    if 0 in call.changed:
        return wrong(f"It changes grad in place{on_line(lines)}. Make a new array.{where}", "changed_in_place", lines)
    if call.returned is None:
        return wrong(f"It returned None. End with: return out{where}", "returned_none")
    found = gap(call.returned, trial.truth)
    if found is None:
        return None
    slip = recognised(found.mine, trial.truth, _slips(trial, found.mine))
    where += called_with({"grad": trial.grad})
    if told is not None and told.mistake and (slip is None or len(lines) > 1):
        return wrong(f"{told.message} {found.said}{where}", told.mistake, lines)
    said = f" {tell([slip])}" if slip else ""
    head = f"Line {lines[0]} is not right." if len(lines) == 1 else not_right("The gradient", lines)
    return wrong(f"{head} {found.said}{said}{where}", slip.key if slip else "", lines)


def _slips(trial: UnbroadcastTrial, mine: Value | None) -> Iterator[Misconception]:
    grad, shape = np.asarray(trial.grad), trial.shape
    added = grad.ndim - len(shape)
    if trial.to_keep:
        said = "The last to_keep axes are not summed, whatever shape says of them."
        yield Misconception("kept_axis_summed", summed_back(grad, shape), said)
    left = "Axes were put in front" if added else "Axes of size 1 in shape were stretched"
    yield Misconception(
        "bias_no_sum", trial.grad, f"Nothing is summed: grad came back unchanged. {left}: sum over them."
    )
    front = as_value(grad.sum(axis=tuple(range(added))))
    yield Misconception(
        "bias_no_sum", front, "The axes in front are summed; those of size 1 in shape are not summed yet."
    )
    if added:
        behind = as_value(grad.sum(axis=tuple(range(grad.ndim - added, grad.ndim))))
        yield Misconception(
            "bias_wrong_axis", behind, "Broadcasting puts axes in front: sum the first ones, not the last."
        )
        if shape:
            flat = as_value(front if trial.to_keep else _dropped(np.asarray(front), shape))
            yield Misconception("bias_keepdims", flat, "An axis of size 1 stays: sum it with keepdims=True.")
    elif shape:
        yield Misconception(
            "bias_keepdims", as_value(_dropped(grad, shape)), "An axis of size 1 stays: sum it with keepdims=True."
        )
    share = np.size(grad) / max(1, np.size(trial.truth))
    yield Misconception("bias_mean", trial.truth / share, "The copies' gradients are added, not averaged.")
    yield Misconception(
        "bias_one_row", as_value(grad[(0,) * added]), "That is the gradient of one copy; those of all copies are added."
    )
    yield from general(mine, trial.truth)


def _dropped(array: np.ndarray[tuple[int, ...], np.dtype[np.float64]], shape: Shape) -> object:
    """The sum over the axes of size 1, without those axes."""
    return array.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1))

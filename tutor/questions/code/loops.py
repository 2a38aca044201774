"""The harness `loops`: the backward pass of a small network in plain loops, with the forward pass given.

The network is scalar by scalar k_j = Σ w_ij x_i + b_j, h_j = σ(k_j), y = Σ v_j h_j + c, l = (y - t)².
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from tutor.diagnosis import Diagnosis, Subject
from tutor.engine.values import Array, Value
from tutor.judging import Verdict, remark, right
from tutor.judging.misconceptions import Misconception
from tutor.questions.code.comparing import sending
from tutor.questions.code.numbers import Draw
from tutor.questions.code.outcomes import Told, cut_short, with_output
from tutor.questions.code.return_form import returning
from tutor.questions.code.returned import Given, changed_input, first_fault, function_driver, inputs_after
from tutor.questions.code.slips import general, misplaced
from tutor.questions.code.unknown_names import ReturnedNames
from tutor.questions.inflect import counted
from tutor.runner import Call, Job, Outcome

DRIVE = """
import ast

LOOPS = ast.For, ast.While, ast.comprehension


def loops_of(text):
    return {ast.dump(node) for node in ast.walk(ast.parse(text)) if isinstance(node, LOOPS)}


def has_own_loops(text, given):
    return bool(loops_of(text) - loops_of(given))


def drive(namespace, calls):
    (name, text, given), *trials = calls
    for arguments in trials:
        call(namespace[name], *arguments)
    call(has_own_loops, text, given)
"""
"""Runs in the other process. The last call says whether there is a loop beside those of the forward pass given."""


@dataclass(frozen=True)
class LoopsSpec:
    """A network with so many inputs and hidden units, and the function's name. It is tried on other sizes as well."""

    inputs: int = 2
    hidden: int = 3
    name: str = "gradients"

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """What it is tried on."""
        draw = Draw(f"network {self.inputs} {self.hidden}")
        sizes = dict.fromkeys([(self.inputs, self.hidden), (3, 3), (4, 2), (1, 4), (3, 1), (1, 1)])
        return tuple(_network(draw, *size) for size in sizes)


Spec = LoopsSpec


@dataclass(frozen=True, eq=False)
class Network:
    """One network: the arguments in order, and all that should come back. `k`, `h`: shape (hidden,)."""

    arguments: dict[str, Value]
    k: Array
    h: Array
    y: float
    truths: dict[str, Value]

    @property
    def said(self) -> str:
        """Its size in words."""
        inputs, hidden = np.shape(self.arguments["w"])
        return f"{counted(inputs, 'input')} and {counted(hidden, 'hidden unit')}"


def starter(spec: LoopsSpec) -> str:
    """The function with its forward pass."""
    return starter_text(spec.name)


def job(text: str, spec: LoopsSpec) -> Job:
    """One call for each network, then a look at the loops."""
    networks = (tuple(map(sending, network.arguments.values())) for network in spec.networks)
    return Job(text, spec.name, ((spec.name, text, starter(spec)), *networks), harness=DRIVE)


def verdict(outcome: Outcome, spec: LoopsSpec, text: str = "", told: Diagnosis | None = None) -> Verdict:
    """What is right, or the first gradient on the way back that is wrong, with what is `told` of its line."""
    return with_output(_verdict(outcome, spec, text, told), outcome)


def subject(text: str, spec: LoopsSpec) -> Subject:
    """The program to be examined: what it returns, and its inputs after the call."""
    trials = [
        (tuple(map(sending, network.arguments.values())), {**network.truths, **inputs_after(network.arguments)})
        for network in spec.networks
    ]
    return Subject(text, function_driver(spec.name, ("l", *GRADIENTS), PARAMETERS), trials, starter(spec))


def worked(spec: LoopsSpec) -> str:
    """The function with both passes."""
    return worked_text(spec.name)


def hints(spec: LoopsSpec) -> tuple[str, str, str]:
    """The way back; where a sum comes in; the lines of the hidden layer."""
    return (
        "Go back in the order of the return line: from y to the second layer, through the sigmoid, to the first "
        "layer. Each gradient is what arrives times one local derivative.",
        f"Take a network of {spec.networks[0].said}. Which k_j does x_i feed? All of them: so its "
        "gradient is a sum over j, and needs +=. And h_j, which feeds only y?",
        "dh[j] = dy * v[j]; dk[j] = dh[j] * h[j] * (1 - h[j]); dw[i, j] = dk[j] * x[i]",
    )


def _network(draw: Draw, inputs: int, hidden: int) -> Network:
    x, w = np.asarray(draw.value((inputs,))), np.asarray(draw.value((inputs, hidden)))
    b, v = np.asarray(draw.value((hidden,))), np.asarray(draw.value((hidden,)))
    t, c = float(draw.value(())), float(draw.value(()))
    k = x @ w + b
    h = 1 / (1 + np.exp(-k))
    y = float(v @ h + c)
    dy = 2 * (y - t)
    dk = dy * v * h * (1 - h)
    returned: tuple[Value, ...] = ((y - t) ** 2, dy, dy * h, dy, dy * v, dk, np.outer(x, dk), dk, w @ dk)
    given: tuple[Value, ...] = (x, t, w, b, v, c)
    arguments = dict(zip(PARAMETERS, given, strict=True))
    return Network(arguments, k, h, y, dict(zip(("l", *GRADIENTS), returned, strict=True)))


def _verdict(outcome: Outcome, spec: LoopsSpec, text: str, told: Diagnosis | None) -> Verdict:
    for network, call in zip(spec.networks, outcome.calls, strict=False):
        found = _judge(network, call, told, returning(text, spec.name))
        if found is not None:
            return found
    tried, during = len(spec.networks), ""
    if outcome.fault is not None and len(outcome.calls) < tried:
        during = f"That was with {spec.networks[len(outcome.calls)].said}."
    names = ReturnedNames("l", ("l",), {name: name.removeprefix("d") for name in GRADIENTS})
    cut = cut_short(outcome, tried + 1, during, Told(text, starter(spec), spec.name, returned=names))
    if cut is not None:
        return cut
    checked = (
        f"The loss and {counted(len(GRADIENTS), 'gradient')} are right, on networks of {counted(tried, 'size')}, "
        "and nothing given is changed."
    )
    if outcome.calls[tried].returned is False:
        return remark(
            f"{checked}\nThe backward pass has no loop: it works on whole arrays, which is how it is "
            "done in practice. The loops are here to show each index once; an array line is a loop that NumPy runs."
        )
    return right(checked)


def _judge(network: Network, call: Call, told: Diagnosis | None, at: tuple[int, ...]) -> Verdict | None:
    if call.changed:
        return changed_input(PARAMETERS[call.changed[0]], told)
    after = f"\nThat was with {network.said}."
    return first_fault(call.returned, network.truths, partial(_slips, network), after=after, told=told, returning=at)


def _slips(network: Network, name: str, given: Given) -> Iterator[Misconception]:
    truths = network.truths
    yield from (slip for about, slip in _own_slips(network) if about == name)
    yield from misplaced(name, truths, given)
    yield from general(given[name], truths[name])


def _own_slips(network: Network) -> Iterator[tuple[str, Misconception]]:
    """The slips of this network, each with the gradient it shows in."""
    x, w, v, h, k = (np.asarray(each) for each in (*(network.arguments[name] for name in "xwv"), network.h, network.k))
    truths = network.truths
    dy, dh, dk = float(truths["dy"]), np.asarray(truths["dh"]), np.asarray(truths["dk"])
    yield "dy", Misconception("mse_no_two", dy / 2, "The factor 2 of the square is missing.")
    yield "dv", Misconception("forgot_upstream", h, "That is the local derivative alone. Multiply it by dy.")
    yield (
        "dv",
        Misconception("value_for_gradient", dy * k, "v_j is multiplied by h_j in the forward pass, not by k_j."),
    )
    yield "dh", Misconception("forgot_upstream", v, "That is the local derivative alone. Multiply it by dy.")
    yield "dk", Misconception("forgot_local", dh, "That is dh: the slope of the sigmoid, h (1 - h), is missing.")
    yield "dk", Misconception("sigmoid_one_factor", dh * h, "The factor (1 - h[j]) is missing.")
    yield "dk", Misconception("sigmoid_one_factor", dh * (1 - h), "The factor h[j] is missing.")
    yield "dk", Misconception("sigmoid_at_input", dh * k * (1 - k), "The slope h (1 - h) uses the output h, not k.")
    yield (
        "dk",
        Misconception("forgot_upstream", h * (1 - h), "That is the local derivative alone. Multiply it by dh[j]."),
    )
    yield (
        "dw",
        Misconception(
            "skipped_a_gate", np.outer(x, dh), "That is x_i times dh_j: the path from h_j to w_ij goes through k_j."
        ),
    )
    yield (
        "dw",
        Misconception("forgot_local", dk + 0 * w, "That is dk_j alone. Multiply it by ∂k_j/∂w_ij, which is x_i."),
    )
    asks = "That is dk_j times w_ij itself. What is w_ij multiplied by in k_j?"
    yield "dw", Misconception("mul_unswapped", dk * w, asks)
    yield "db", Misconception("skipped_a_gate", dh, "That is dh: the path from h_j to b_j goes through k_j.")
    for j in (-1, 0):
        said = "x_i feeds every k_j: add what they send with +=; with = only one of them stays."
        yield "dx", Misconception("overwrote_branch", w[:, j] * dk[j], said)
    yield (
        "dx",
        Misconception("skipped_a_gate", w @ dh, "That is what dh sends: the path from h_j to x_i goes through k_j."),
    )


PARAMETERS = ("x", "t", "w", "b", "v", "c")
GRADIENTS = ("dy", "dv", "dc", "dh", "dk", "dw", "db", "dx")
"""In the order of the way back."""

_FORWARD = """def {name}({parameters}):
    # x has n entries, b and v have m; t and c are numbers;
    # w[i, j] leads from x[i] to k[j].
    n, m = w.shape

    # forward pass
    k, h = np.zeros(m), np.zeros(m)
    for j in range(m):
        k[j] = b[j]
        for i in range(n):
            k[j] += w[i, j] * x[i]
        h[j] = 1 / (1 + np.exp(-k[j]))
    y = c
    for j in range(m):
        y = y + v[j] * h[j]
    l = (y - t) ** 2

    # backward pass, in loops:
    # dw[i, j] is the gradient of w[i, j], and so on
    dv, dh, dk, db = np.zeros(m), np.zeros(m), np.zeros(m), np.zeros(m)
    dw, dx = np.zeros((n, m)), np.zeros(n)
"""

_BACKWARD = """\
    dy = 2 * (y - t)
    dc = dy
    for j in range(m):
        dv[j] = dy * h[j]
        dh[j] = dy * v[j]
        dk[j] = dh[j] * h[j] * (1 - h[j])
        db[j] = dk[j]
        for i in range(n):
            dw[i, j] = dk[j] * x[i]
            dx[i] += dk[j] * w[i, j]
"""


def starter_text(name: str) -> str:
    """The function with an empty backward pass."""
    return f"{_given(name)}    \n{_last()}"


def worked_text(name: str) -> str:
    """The whole function."""
    return f"{_given(name)}{_BACKWARD}{_last()}"


def _given(name: str) -> str:
    return _FORWARD.format(name=name, parameters=", ".join(PARAMETERS))


def _last() -> str:
    return f"    return l, {', '.join(GRADIENTS)}\n"

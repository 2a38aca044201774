"""What is true on the way through an operation's forward and backward, and what a slip shows on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tutor.engine.values import Value
from tutor.questions.code.lines.known import parts_of
from tutor.questions.code.op_slips import wrong_ways
from tutor.questions.code.op_uses import OpSpec, Use, gradients_of
from tutor.questions.code.slips import Slip


def forward_parts(use: Use) -> Iterator[object]:
    """Values that may come up in forward."""
    yield from use.arguments.values()
    yield from (np.asarray(np.shape(each)) for each in use.arguments.values())
    yield from use.keywords.values()
    for each in use.arguments.values():
        yield from (-np.asarray(each), np.exp(-np.asarray(each)), 1 + np.exp(-np.asarray(each)), 1 / np.asarray(each))


def backward_parts(spec: OpSpec, use: Use) -> Iterator[object]:
    """Values that may come up in backward: goutput first."""
    arguments = tuple(use.arguments.values())
    u, out = np.asarray(use.upstream), np.asarray(use.output)
    yield from (u, out, -u, 1 - out, out * (1 - out))
    yield from forward_parts(use)
    yield from spec.entry.vjps(use.upstream, *arguments, **use.keywords)
    yield from spec.entry.vjps(np.ones_like(u), *arguments, **use.keywords)
    for each in (*arguments, u):
        yield from (np.transpose(each), np.asarray(np.shape(each)), np.ndim(each))
        if np.ndim(each) > 1:
            yield np.swapaxes(each, -1, -2)
    if spec.op == "div":
        a, b = map(np.asarray, arguments)
        yield from (np.square(b), a / b, u * a, np.ones_like(u))
    if spec.op == "row-sum":
        yield from (u[:, None], np.ones(np.shape(arguments[0])))


def claims_out(name: str) -> str:
    """The claim to be what forward returns, by a name."""
    return "out" if name in ("out", "output", "result") else ""


def claims_of(names: tuple[str, ...]) -> Callable[[str], str]:
    """Which of these gradients a name claims to be: `ga` is `da`, `grad_a`, `a_grad` as well; "" for none."""

    def claimed(name: str) -> str:
        plain = name.lower().removesuffix("_grad").removesuffix("grad").removesuffix("_gradient")
        for start in ("grad_", "gradient_", "dl_d", "dl", "grad", "g_", "d_", "g", "d", ""):
            rest = plain.removeprefix(start)
            if plain.startswith(start) and rest != name.lower() and f"g{rest}" in names:
                return f"g{rest}"
        return ""

    return claimed


def shown_by(spec: OpSpec, use: Use, name: str, slip: Slip) -> Iterator[Value]:
    """The values on the way that show the slip: before it is summed back, and without the upstream."""
    arguments = tuple(use.arguments.values())
    for upstream in (use.upstream, np.ones_like(np.asarray(use.upstream))):
        for about, mistake, value, _ in wrong_ways(spec.op, upstream, arguments, use.keywords):
            if f"g{about}" == name and mistake == slip.mistake:
                yield from parts_of([value])
        if slip.mistake == "sign_flipped":
            yield from parts_of([-gradients_of(spec.entry, upstream, arguments, use.keywords)[name]])

"""How gradients are written: `dq`, `q'`, `∂f/∂q`, `grad_q`, `∇q`, `\\nabla_q f`, `q.grad`, and what they stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

_LOSSES = ("L", "l", "loss", "Loss")
"""What a course calls the output, whatever its name is here."""


@lru_cache(maxsize=256)
def spellings(names: tuple[str, ...], output: str, known: frozenset[str], prime: bool = False) -> dict[str, str]:
    """Every spelling of the gradients of these names of values, and the one it stands for.

    That is `q'` where `prime` is true, `∂f/∂q` otherwise. A spelling that is one of the `known` names is none.
    """
    outputs = (output, *(each for each in _LOSSES if each not in known))
    found: dict[str, str] = {}
    for name in names:
        one = f"{name}'" if prime else written(output, name)
        for spelled in (one, *_of_value(name), *_of_output(name, outputs)):
            if spelled not in known:
                found.setdefault(spelled, one)
    return found


def written(output: str, name: str) -> str:
    """`∂f/∂q`."""
    return f"∂{output}/∂{name}"


def _of_value(name: str) -> tuple[str, ...]:
    """Those that do not say what is differentiated."""
    return (
        *(f"{name}'", f"d{name}", f"d_{name}", f"∂{name}", f"∂_{name}", f"{name}∇", f"∇{name}", f"∇_{name}"),
        *(f"grad_{name}", f"{name}_grad", f"grad{name}", f"g{name}", f"g_{name}"),
        *(f"{name}.grad", f"{name}^∇", f"{name}^(∇)", f"grad({name})"),
    )


def _of_output(name: str, outputs: Collection[str]) -> Iterator[str]:
    """Those that do; the quotient also as LaTeX is read, with each part in brackets."""
    for output in outputs:
        for d in "∂d":
            above, below = f"{d}{output}", f"{d}{name}"
            yield from (f"{above}/{below}", f"({above})/({below})", f"{d} {output}/{d} {name}")
        yield from (f"∇_{name} {output}", f"∇_{name}({output})", f"∇{name} {output}", f"∇_{name} ({output})")

"""Shapes said before values: what shape came, what shape is wanted, and how to write that."""

from __future__ import annotations

from tutor.engine.values import Shape

_MOST_SHOWN = 12


def wrong_shape(mine: Shape | None, wanted: Shape) -> str:
    """What to say to an answer of the wrong shape; `mine` is None where it has no shape at all."""
    came = "" if mine is None else f"Yours is {described(mine)}; "
    return f"{came or ' '}{described(wanted)} is wanted here{example(wanted)}."


def described(shape: Shape) -> str:
    """A shape in words: `a number`, `a vector (3,)`, `a matrix (2, 3)`."""
    kind = {0: "a number", 1: "a vector", 2: "a matrix"}.get(len(shape), "an array")
    return f"{kind} {tuple(shape)}" if shape else kind


def example(shape: Shape) -> str:
    """A literal of this shape for learners to imitate, `, such as [1, 2, 3]`; "" where there is no short one."""
    literal = _literal(shape)
    return f", such as {literal}" if literal else ""


def _literal(shape: Shape) -> str:
    match shape:
        case (n,) if n <= _MOST_SHOWN:
            return f"[{', '.join(map(str, range(1, n + 1)))}]"
        case (n, m) if n * m <= _MOST_SHOWN:
            rows = (", ".join(str(i * m + j + 1) for j in range(m)) for i in range(n))
            return f"[{', '.join(f'[{row}]' for row in rows)}]"
        case _:
            return ""

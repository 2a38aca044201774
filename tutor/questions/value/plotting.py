"""A few numbers as bars of text, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.engine.showing import plain

_WIDEST = 40


def bars(values: Sequence[tuple[str, float]]) -> str:
    """A line for each name and its value, with a bar as long as it is large; none for values below 0."""
    largest = max((value for _, value in values), default=0.0)
    names = max((len(name) for name, _ in values), default=0)
    numbers = [plain(value) for _, value in values]
    wide = max(map(len, numbers), default=0)
    lines = []
    for (name, value), number in zip(values, numbers, strict=True):
        long = round(_WIDEST * value / largest) if largest > 0 and value > 0 else 0
        lines.append(f"  {name:<{names}}  {number:>{wide}}  {'#' * long}".rstrip())
    return "\n".join(lines)

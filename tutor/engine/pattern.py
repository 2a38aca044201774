"""Templates: expressions whose names stand for any name or constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tutor.language import Apply, Expression, Name, names_in, walk

_COMMUTATIVE = frozenset({"add", "mul", "max", "min"})

_Replaced = Mapping[str, Expression]


def matches(template: Expression, expression: Expression) -> bool:
    """Whether an expression is the template with its names replaced by names or constants.

    A name that stands twice in the template must be replaced alike. Sums and products may stand in either order.
    """
    return any(True for _ in _fits(template, expression, {}))


def occurs(template: Expression, expression: Expression) -> bool:
    """Whether any part of an expression is the template with its names replaced by anything."""
    return any(True for part in walk(expression) for _ in _fits(template, part, {}, anything=True))


def _fits(template: Expression, part: Expression, replaced: _Replaced, anything: bool = False) -> Iterator[_Replaced]:
    """Every way in which the part is the template, as what its names were replaced by."""
    if isinstance(template, Name):
        simple = anything or isinstance(part, Name) or not names_in(part)
        if simple and replaced.get(template.name, part) == part:
            yield {**replaced, template.name: part}
    elif isinstance(template, Apply) and isinstance(part, Apply):
        if (template.operation, template.options) == (part.operation, part.options):
            yield from _all_fit(template.arguments, part.arguments, replaced, anything)
            if template.operation in _COMMUTATIVE:
                yield from _all_fit(template.arguments, part.arguments[::-1], replaced, anything)
    elif template == part:
        yield replaced


def _all_fit(
    templates: Sequence[Expression], parts: Sequence[Expression], replaced: _Replaced, anything: bool
) -> Iterator[_Replaced]:
    if len(templates) != len(parts):
        return
    if not templates:
        yield replaced
        return
    for now in _fits(templates[0], parts[0], replaced, anything):
        yield from _all_fit(templates[1:], parts[1:], now, anything)

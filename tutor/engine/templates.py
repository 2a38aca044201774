"""Templates: expressions whose names stand for any name or constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tutor.language import Apply, Expression, Name, names_in

_COMMUTATIVE = frozenset({"add", "mul", "max", "min"})

_Replaced = Mapping[str, Expression]


def matches(template: Expression, expression: Expression) -> bool:
    """Whether an expression is the template with its names replaced by names or constants.

    A name that stands twice in the template must be replaced alike. Sums and products may stand in either order.
    """
    return any(True for _ in _fits(template, expression, {}))


def _fits(template: Expression, part: Expression, replaced: _Replaced) -> Iterator[_Replaced]:
    """Every way in which the part is the template, as what its names were replaced by."""
    if isinstance(template, Name):
        simple = isinstance(part, Name) or not names_in(part)
        if simple and replaced.get(template.name, part) == part:
            yield {**replaced, template.name: part}
    elif isinstance(template, Apply) and isinstance(part, Apply):
        if (template.operation, template.options) == (part.operation, part.options):
            yield from _all_fit(template.arguments, part.arguments, replaced)
            if template.operation in _COMMUTATIVE:
                yield from _all_fit(template.arguments, part.arguments[::-1], replaced)
    elif template == part:
        yield replaced


def _all_fit(templates: Sequence[Expression], parts: Sequence[Expression], replaced: _Replaced) -> Iterator[_Replaced]:
    if len(templates) != len(parts):
        return
    if not templates:
        yield replaced
        return
    for now in _fits(templates[0], parts[0], replaced):
        yield from _all_fit(templates[1:], parts[1:], now)

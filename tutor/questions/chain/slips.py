"""What went wrong in a chain rule, told by the path it concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tutor.questions.chain.dependence import (
    Dependence,
    Path,
    Product,
    Step,
    Sum,
    in_order,
    plus,
    product_of,
    product_of_all,
    steps_of,
)
from tutor.questions.words import number_word


@dataclass(frozen=True, slots=True)
class Told:
    """A slip's name, and what to say and ask."""

    mistake: str
    says: str


def strangers_told(strangers: list[Step], dependence: Dependence) -> Told:
    """A derivative of what does not depend on that name."""
    step = strangers[0]
    written = f"d{step.of}/d{step.source}"
    if dependence.paths(step.source, step.of):
        turned = f"{step.source} depends on {step.of}, not the other way round"
        return Told("inverted", f"{written} is upside down: {turned}. Which way do the arrows point?")
    return Told("no_dependence", f"{step.of} does not depend on {step.source}. What does {step.of} depend on?")


def slip_of(mine: Sum, dependence: Dependence, of: str, by: str) -> Told | None:
    """What a wrong formula of right derivatives is; None where that cannot be told."""
    paths = dependence.paths(of, by)
    for told in (*_whole(mine, dependence, paths, of, by), *_pieces(mine, dependence, paths)):
        return told
    return None


def arrows(path: Path) -> str:
    """`t → x → w`."""
    return " → ".join(path)


def drawing(paths: list[Path]) -> str:
    """The paths below one another, their ends in line."""
    widths = [max(map(len, names)) for names in zip(*paths, strict=True)] if len(set(map(len, paths))) == 1 else []
    if not widths:
        return "\n".join(f"  {arrows(path)}" for path in paths)
    return "\n".join("  " + " → ".join(f"{n:<{w}}" for n, w in zip(path, widths, strict=True)) for path in paths)


def _whole(mine: Sum, dependence: Dependence, paths: list[Path], of: str, by: str) -> Iterator[Told]:
    """Slips of the formula as a whole."""
    parts = [{product_of(path): 1} for path in paths]
    true = plus(parts)
    if _same(mine, {product: -many for product, many in true.items()}):
        yield Told("sign", "Every sign is flipped. Paths add up. What is subtracted here, and why?")
    if len(paths) > 1 and _same(mine, product_of_all(parts)):
        yield Told("paths_multiplied", "The paths were multiplied. Slopes multiply along a path. What do paths do?")
    if len(paths) > 1 and _same(mine, product_of_all(_added(path) for path in paths)):
        yield Told("turned_round", "Sum and product are swapped. What do slopes along one path do?")
    added = plus([_added(path) for path in paths])
    if any(len(path) > 2 for path in paths) and _same(mine, added):
        path = max(paths, key=len)
        first = f"If {path[1]} moves twice as far as {path[0]}, and {path[2]} three times as far as {path[1]}"
        asks = f"{first}, how far does {path[2]} move?"
        yield Told("added_along", f"Along the path {arrows(path)} the slopes were added. {asks}")
    shortened = plus([{(steps_of(path)[0],): 1} for path in paths])
    if any(len(path) > 2 for path in paths) and _same(mine, shortened):
        yield _inner_missing(next(path for path in paths if len(path) > 2))
    ends = plus([{(steps_of(path)[-1],): 1} for path in paths])
    if any(len(path) > 2 for path in paths) and _same(mine, ends):
        yield _outer_missing(next(path for path in paths if len(path) > 2))
    for product, many in true.items():
        flipped = dict(true) | {product: -many}
        if _same(mine, flipped):
            yield Told("sign", f"The path {_path_of(product, paths)} was subtracted. Does any step bring in a minus?")
    for name in dependence.names:
        if name not in (of, by) and _same(mine, dependence.total(of, name)):
            yield Told(
                "other_variable",
                f"That is the path from {name} to {of}. Here {by} moves. Which value does it move first?",
            )


def _pieces(mine: Sum, dependence: Dependence, paths: list[Path]) -> Iterator[Told]:
    """Slips of single paths: those that are missing, and what stands there instead."""
    true = {product_of(path): path for path in paths}
    missing = [path for product, path in true.items() if product not in mine]
    extra = [product for product in mine if product not in true]
    for path in missing:
        steps = steps_of(path)
        if len(steps) > 1 and all((step,) in extra for step in steps):
            says = f"Along the path {arrows(path)} the slopes were added. What do slopes along one path do?"
            yield Told("added_along", says)
        if len(steps) > 1 and tuple(sorted(steps[:-1])) in extra:
            yield _inner_missing(path)
        if len(steps) > 1 and tuple(sorted(steps[1:])) in extra:
            yield _outer_missing(path)
    for product in extra:
        repeated = [step for step, many in Counter(product).items() if many > 1]
        if repeated:
            twice = dependence.symbol(repeated[0])
            yield Told("repeated", f"{twice} appears twice in one product. Which path takes that step twice?")
        if len(product) > 1 and not _is_chain(product):
            yield _broken(product, dependence)
    if extra:
        yield _too_many(extra[0], dependence, paths)
    if missing:
        more = f", and {number_word(len(missing) - 1)} more" if len(missing) > 1 else ""
        yield Told("path_missing", f"The path {arrows(missing[0])} is missing{more}. Which slopes lie on it?")
    for product, many in mine.items():
        if many != 1:
            path_text = _path_of(product, paths)
            yield Told(
                "counted_often", f"The path {path_text} was counted {many} times. How many times should it count?"
            )


def _added(path: Path) -> Sum:
    return plus([{(step,): 1} for step in steps_of(path)])


def _path_of(product: Product, paths: list[Path]) -> str:
    return next((arrows(path) for path in paths if product_of(path) == product), "")


def _inner_missing(path: Path) -> Told:
    here = f"On the path {arrows(path)} the last factor is missing"
    return Told("inner_missing", f"{here}: {path[1]} moves because {path[0]} does. How fast does it?")


def _outer_missing(path: Path) -> Told:
    here = f"On the path {arrows(path)} the first factor is missing"
    return Told("outer_missing", f"{here}: {path[-1]} moves because {path[-2]} does. How fast does it?")


def _is_chain(product: Product) -> bool:
    steps = in_order(product)
    return all(one.source == other.of for one, other in pairwise(steps))


def _broken(product: Product, dependence: Dependence) -> Told:
    steps = in_order(product)
    one, other = next((a, b) for a, b in pairwise(steps) if a.source != b.of)
    for upper, lower in ((one, other), (other, one)):
        if dependence.paths(upper.source, lower.of):
            starts, ends = dependence.symbol(upper), dependence.symbol(lower)
            gap = f"{starts} starts at {upper.source}, but {ends} ends at {lower.of}"
            return Told("broken_path", f"{gap}. Which step leads from {lower.of} to {upper.source}?")
    both = f"{dependence.symbol(one)} and {dependence.symbol(other)} are on different paths, and were multiplied"
    return Told("broken_path", f"{both}. Slopes multiply along a path. What do paths do?")


def _too_many(product: Product, dependence: Dependence, paths: list[Path]) -> Told:
    if not product:
        return Told("number", "A number alone is not a path. Which slopes lie on the path you mean?")
    steps = in_order(product)
    start, end = steps[-1].source, steps[0].of
    of, by = paths[0][-1], paths[0][0]
    text = dependence.written(product)
    if end != of:
        return Told("wrong_end", f"{text} arrives at {end}, not at {of}. Which step is missing in front?")
    if start != by:
        return Told("wrong_start", f"{text} begins at {start}, not at {by}. Does {start} move when only {by} does?")
    return Told("path_too_many", f"{text} matches no path. Which variables lie between {by} and {of}?")


def _same(one: Sum, other: Sum) -> bool:
    return dict(one) == dict(other)

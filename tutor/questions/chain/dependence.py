"""Who depends on whom, and the paths from a variable to a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from tutor.library import BadFile
from tutor.questions.inflect import listed

_MOST_NAMES = 16

MOST_PATHS = 12
"""Paths from a variable to a value that can be asked for."""


@dataclass(frozen=True, slots=True, order=True)
class PathStep:
    """One step of a path, from `source` to the value `of` that depends on it directly: the slope ∂of/∂source."""

    of: str
    source: str


Product = tuple[PathStep, ...]
"""Steps multiplied, sorted."""

Sum = Mapping[Product, int]
"""Products, and how often each is counted. Without zeros."""

Path = tuple[str, ...]
"""Names from the variable to the value."""


@dataclass(frozen=True)
class Dependence:
    """`w` depends directly on `x`, `y` and `z`, and so on. Nothing depends on itself."""

    on: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in order of first appearance."""
        return tuple(dict.fromkeys(name for of, sources in self.on.items() for name in (of, *sources)))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names that depend on nothing."""
        return tuple(name for name in self.names if name not in self.on)

    def steps(self, step: PathStep) -> bool:
        """Whether there is such a step."""
        return step.source in self.on.get(step.of, ())

    def paths(self, of: str, by: str) -> list[Path]:
        """All paths from a variable to a value, the direct one first."""
        paths: list[Path] = []
        waiting: list[Path] = [(of,)]
        while waiting:
            path = waiting.pop(0)
            if path[0] == by:
                paths.append(path)
            else:
                waiting += [(source, *path) for source in self.on.get(path[0], ())]
        return sorted(paths, key=len)

    def total(self, of: str, by: str) -> Sum:
        """The chain rule: the product of each path's steps, summed over the paths."""
        return Counter(product_of(path) for path in self.paths(of, by))

    def symbol(self, step: PathStep) -> str:
        """`∂w/∂x` where w depends on several names, else `dx/dt`."""
        d = "∂" if len(self.on.get(step.of, ())) > 1 else "d"
        return f"{d}{step.of}/{d}{step.source}"

    def written(self, product: Product) -> str:
        """A product with its steps in the order in which they are multiplied, from the value to the variable."""
        return "·".join(map(self.symbol, in_order(product))) or "1"

    def in_words(self) -> str:
        """`w depends on x, y and z; x, y and z on t, u and v`."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for of, sources in self.on.items():
            groups.setdefault(sources, []).append(of)
        texts = [f"{listed(values)} {{}} {listed(sources)}" for sources, values in groups.items()]
        verb = "depends on" if len(next(iter(groups.values()))) == 1 else "depend on"
        return "; ".join([texts[0].format(verb), *(text.format("on") for text in texts[1:])])


def steps_of(path: Path) -> tuple[PathStep, ...]:
    """A path's steps, from the value to the variable."""
    return tuple(PathStep(of, source) for source, of in reversed(list(pairwise(path))))


def product_of(path: Path) -> Product:
    """The product that a path gives."""
    return tuple(sorted(steps_of(path)))


def in_order(product: Product) -> list[PathStep]:
    """The steps of a product so that each goes on where the one before it came from, as far as they can be joined."""
    left, made = list(product), list[PathStep]()
    while left:
        on = [step for step in left if made and step.of == made[-1].source]
        starts = [step for step in left if all(other.source != step.of for other in left)]
        step = (on or starts or left)[0]
        left.remove(step)
        made.append(step)
    return made


def times(one: Sum, other: Sum) -> Sum:
    """Two sums multiplied out."""
    made: Counter[Product] = Counter()
    for left, many in one.items():
        for right, more in other.items():
            made[tuple(sorted((*left, *right)))] += many * more
    return without_zeros(made)


def plus(sums: Iterable[Sum], signs: Sequence[int] = ()) -> Sum:
    """Sums added, or subtracted where the sign is -1."""
    made: Counter[Product] = Counter()
    for index, one in enumerate(sums):
        for product, many in one.items():
            made[product] += many * (signs[index] if signs else 1)
    return without_zeros(made)


def without_zeros(made: Sum) -> Sum:
    """The sum without products that cancelled."""
    return {product: many for product, many in made.items() if many}


def product_of_all(sums: Iterable[Sum]) -> Sum:
    """All of them multiplied."""
    return reduce(times, sums, {(): 1})


def dependence_of(depends: Mapping[str, Sequence[str]], key: str = "depends") -> Dependence:
    """The file's table. Raises BadFile for circles, and for more than can be shown."""
    on = {of: tuple(dict.fromkeys(sources)) for of, sources in depends.items()}
    dependence = Dependence(on)
    if not on or not all(on.values()):
        raise BadFile(key, 'say what depends on what, such as { w = ["x", "y"], x = ["t"], y = ["t"] }')
    if len(dependence.names) > _MOST_NAMES:
        raise BadFile(key, f"there are {len(dependence.names)} names; at most {_MOST_NAMES} can be used")
    if strange := [name for name in dependence.names if not name.isidentifier()]:
        raise BadFile(key, f"{strange[0]} is not a name")
    left = dict(on)
    while free := [name for name, sources in left.items() if not any(source in left for source in sources)]:
        for name in free:
            del left[name]
    if left:
        raise BadFile(key, f"{listed([*left])} depend on themselves, in a circle")
    return dependence

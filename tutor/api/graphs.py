"""The computation graph of an expression, a function or an exercise, for `tutor.graph`: a picture in notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.api.arguments import check_text, kind_of
from tutor.api.exercises import LoadedExercise, exercise
from tutor.drawing import GraphSpec

__all__ = ["ComputationGraph", "graph"]

_ID = re.compile(r"(?:[\w.-]+:)?[\w.-]+/[\w./-]+(?:@\d+)?")
_COLUMNS, _ROWS = 100, 60


@dataclass(frozen=True)
class ComputationGraph:
    """A graph with its values above the wires and its gradients below. A notebook shows it as SVG; `print` draws it."""

    spec: GraphSpec
    title: str

    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        from tutor.drawing.svg import graph_svg

        return graph_svg(self.spec, self.title)

    def _repr_svg_(self) -> str:
        return self.svg()

    def text(self, ascii: bool = False) -> str:
        """The picture in characters, in ASCII where asked."""
        from tutor.drawing import choose, draw

        return draw(self.spec, choose(self.spec, _COLUMNS, _ROWS, ascii), ascii).text

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<graph of {self.title}>"


def graph(
    function: str | LoadedExercise,
    at: Mapping[str, Any] | None = None,
    *,
    constants: Mapping[str, Any] | None = None,
    let: Iterable[str] | Mapping[str, str] = (),
) -> ComputationGraph:
    """The graph of a function, with both passes at the inputs `at`; without inputs, of one of numbers, its wiring.

        >>> print(graph("f(x, y, z) = (x + y) z", {"x": 1, "y": 3, "z": 2}))

    In place of a function an exercise, or its id, such as `node-way/a` or `node-way/a@7`. `constants` and `let` are as
    for `tutor.backprop`.

    Raises ValueError with a sentence where the text cannot be read, an input is missing, there is no value or no such
    exercise; TypeError where an argument is of the wrong type.
    """
    if isinstance(function, LoadedExercise):
        return _of_exercise(function)
    check_text("function", function)
    for name, given in (("at", at), ("constants", constants)):
        if given is not None and not isinstance(given, Mapping):
            raise TypeError(f'{name} gives each name a value, such as {{"x": 1, "y": 3}}; this is {kind_of(given)}.')
    if at is not None or not _ID.fullmatch(function.strip()):
        return _of_function(function, at, constants, let)
    try:
        found = exercise(function.strip())
    except ValueError as unknown:
        try:
            return _of_function(function, at, constants, let)  # a quotient, such as a/b
        except ValueError:
            raise unknown from None
    return _of_exercise(found)


def _of_function(
    function: str,
    at: Mapping[str, Any] | None,
    constants: Mapping[str, Any] | None,
    let: Iterable[str] | Mapping[str, str],
) -> ComputationGraph:
    from tutor.library import BadFile

    names = {**(at or {}), **(constants or {})}
    text = function if "=" in function else f"f({', '.join(names)}) = {function}"
    try:
        return _drawn(text, _plain(at), _plain(constants), let)
    except BadFile as bad:
        raise ValueError(" ".join(_sentence(fault.reason) for fault in bad.faults)) from None


def _drawn(text: str, at: dict[str, Any] | None, constants: dict[str, Any] | None, let: Any) -> ComputationGraph:
    from msgspec import ValidationError, convert

    from tutor.engine.gates import vocabulary
    from tutor.language import Unreadable, read_function
    from tutor.library.format import BackpropTable
    from tutor.library.problem import problem_in
    from tutor.questions.backprop.known_graph import all_known, picture_of_work
    from tutor.questions.backprop.reference import Reference

    wires_only = at is None
    if at is None:
        try:
            names = read_function(text, vocabulary()).tree.parameters
        except Unreadable as error:
            raise ValueError(f"{error.message}\n{error.caret()}") from None
        at = {name: 0.5 + 0.7 * place for place, name in enumerate(names) if name not in (constants or {})}
    let = dict(let) if isinstance(let, Mapping) else tuple(let)
    try:
        table = convert({"function": text, "at": at, "constants": constants or {}, "let": let}, BackpropTable)
    except ValidationError as error:
        raise ValueError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    problem = problem_in(table)
    reference = Reference(problem, problem.graph)
    spec = picture_of_work(reference, all_known(reference, gradients=True))
    return ComputationGraph(_without_numbers(spec) if wires_only else spec, text)


def _of_exercise(found: LoadedExercise) -> ComputationGraph:
    """Raises ValueError for an exercise that has no graph."""
    from tutor.questions.backprop.question import BackpropQuestion
    from tutor.questions.blank import NoAnswers

    for question in found.questions:
        spec = question.solved_picture() if isinstance(question, BackpropQuestion) else question.picture(NoAnswers())
        if spec is not None:
            return ComputationGraph(spec, found.title)
    raise ValueError(f"{found.id} asks about no graph.")


def _without_numbers(spec: GraphSpec) -> GraphSpec:
    from dataclasses import replace

    nodes = tuple(replace(node, value="", gradient="") for node in spec.nodes)
    return GraphSpec(nodes, tuple(replace(wire, share="") for wire in spec.wires))


def _plain(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Arrays of any kind as lists, which a table may hold."""
    if given is None:
        return None
    return {name: data.tolist() if hasattr(data, "tolist") else data for name, data in given.items()}


def _sentence(clause: str) -> str:
    text = clause.strip()
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")

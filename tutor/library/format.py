"""What an exercise file may hold. The JSON Schema for editors is generated from these definitions."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

StepName = Literal["stage", "forward", "backward", "code", "descend"]
Granularity = Literal["one", "any"]

Given = int | float | str | list[Any]
"""An input: a number, an exact form such as "pi/2", or nested lists for an array."""


Helpers = Annotated[
    tuple[str, ...],
    Meta(
        extra={
            "instead": "helpers are formulas, not Python, and the tutor writes them in NumPy: "
            'write helpers = ["sigmoid(x) = 1/(1 + e^-x)"]'
        }
    ),
]
LONGEST_TITLE = 100
Title = Annotated[str, Meta(max_length=LONGEST_TITLE, extra_json_schema={"minLength": 1})]
"""A title has one line of the screen."""

Said = Annotated[str, Meta(extra_json_schema={"minLength": 1})]
"""A text that has to be there; that it is not empty is told by those who read it."""

Hints = Annotated[tuple[str, ...], Meta(extra_json_schema={"maxItems": 3})]
"""Up to three rungs."""

Marks = Annotated[float, Meta(ge=0.5, le=1000)]
"""What can be earned; halves are usual."""


class CodeTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`[code]`: the NumPy function asked for."""

    name: str = ""
    """The function's name; made from the exercise's function when absent."""

    returns: tuple[str, ...] = ()
    """Names for the value and then the gradients, in the order of the inputs."""

    given: str = ""
    """Lines of Python that the learner's editor holds at first, such as the forward pass. The tutor never runs them."""

    helpers: Helpers = ()
    """Functions placed above the one asked for, as formulas: "sigmoid(x) = 1/(1 + e^-x)"."""


class DescendTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`[descend]`: one step of gradient descent."""

    step: Annotated[float, Meta(gt=0)]
    """The step size: value - step x gradient."""

    variables: tuple[str, ...] = ()
    """The inputs to update; all of them when absent."""


class RangeTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"low": "from", "high": "to"}):
    """`vary`: the numbers an input may be."""

    low: float = 0.0
    """The smallest."""

    high: float = 0.0
    """The largest."""

    whole: bool = False
    """Whether it is a whole number, such as a size or a count."""

    choices: tuple[float, ...] = ()
    """The numbers it may be, in place of a range."""


class BackpropTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A function to stage, run and carry back: in a file of its own, or as one question of several."""

    function: str = ""
    """Such as "f(x, y, z) = (x + y) z"."""

    at: dict[str, Given] = {}
    """The value of every input."""

    constants: dict[str, Given] = {}
    """Targets, labels, rates: names with values that no gradient is asked for."""

    let: tuple[str, ...] | dict[str, str] = ()
    """Names for parts of the function, in order: ["z = W @ x + b", "h = relu(z)"], or a table of them."""

    vary: dict[str, RangeTable] = {}
    """The numbers an input may be elsewhere: n = { from = 1, to = 9, whole = true }, or { choices = [2, 3, 5] }.
    Formulas are tried at these, and fresh numbers drawn from them."""

    steps: tuple[StepName, ...] = ()
    """The steps asked, in order; stage, forward, backward and code (and descend where that table is) when absent."""

    whole: tuple[str, ...] = ()
    """Expressions that count as one gate here, whatever their names: "1/(1 + e^-x)"."""

    avoid: tuple[str, ...] = ()
    """Gates to be taken apart here, by their function word: "sigmoid"."""

    granularity: Granularity = "one"
    """"one": one operation an equation. "any": equations of any size."""

    positive: tuple[str, ...] = ()
    """Inputs that stand for positive numbers only."""

    hints: dict[str, Hints] = {}
    """For a step (or one blank of it) up to three rungs in place of the generated ones; "" keeps a rung."""

    code: CodeTable = CodeTable()
    """The NumPy function asked for."""

    descend: DescendTable | None = None
    """One step of gradient descent."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The steps asked, in order."""
        descend = ("descend",) if self.descend is not None else ()
        return self.steps or ("stage", "forward", "backward", "code", *descend)


class ExerciseFile(BackpropTable, frozen=True, kw_only=True):
    """An exercise: its title, and a function with its inputs or questions; the rest is optional."""

    title: Title
    """What it is called in the list, in one line."""

    prompt: str = ""
    """A paragraph that introduces the exercise."""

    remark: str = ""
    """What it was for; shown when it is solved."""

    level: Annotated[int, Meta(ge=1, le=5)] = 1
    """How hard it is: 1 is where everyone begins."""

    marks: Marks | None = None
    """What it is worth on a paper; made from its blanks, or from the marks of its questions, when absent."""

    minutes: Annotated[float, Meta(ge=1, le=600)] | None = None
    """How long it should take on a paper; made from its marks when absent."""

    question: tuple[dict[str, Any], ...] = ()
    """Questions of other kinds, or several, in order; each table says its `kind`."""


FORMAT = 1
"""The version of the format that is written here. Files of a later one may hold what this program does not know."""


class PackFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`pack.toml`: what a folder of exercises is called, and its topics in order."""

    title: Title
    """What the pack is called: shown above its topics."""

    name: str = ""
    """One word, by which ids that another folder has too are told apart: `name:week1/a`. The folder's when absent."""

    about: str = ""
    """A sentence on what is in it: shown under its title, in lists and at home."""

    start: str = ""
    """A page for those who open the pack: what the course asks, in which order, by when. Shown above its exercises."""

    format: Annotated[int, Meta(ge=1)] = 1
    """The version of the format the pack is written in; 1 is the only one."""

    topics: dict[str, str] = {}
    """Folder name -> title, in the order they are shown."""

    order: tuple[str, ...] = ()
    """Exercise ids in the order they are best worked; others follow by name."""


class PaperPart(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`[[exercise]]` of a paper."""

    id: str
    """The exercise's id, as `backprop-tutor list` shows it."""

    seed: Annotated[int, Meta(ge=0, le=999_999_999)] | None = None
    """With a seed its numbers are fresh ones, the same for all who sit the paper; its own when absent."""

    marks: Marks | None = None
    """What it is worth here; what its own file says when absent."""


class PaperFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A paper, in a file that ends in `.paper.toml`: exercises to be worked with a clock and marked at the end."""

    title: Title
    """What it is called in the list, in one line."""

    prompt: str = ""
    """A paragraph that introduces it."""

    minutes: Annotated[float, Meta(ge=1, le=600)] | None = None
    """How long it may take; made from its exercises when absent."""

    exercise: tuple[PaperPart, ...] = ()
    """Its exercises, in order."""


def json_schema(kinds: Mapping[str, type[msgspec.Struct]] = MappingProxyType({})) -> dict[str, Any]:
    """The JSON Schema of an exercise file, whose questions may be of these kinds.

    A question is held against the table of its own `kind` alone, so that editors say and complete what belongs there.
    """
    (whole, *tables), definitions = _described((ExerciseFile, *kinds.values()))
    top = definitions["ExerciseFile"]
    top["anyOf"] = [
        {"required": ["function", "at"], "properties": {"at": {"minProperties": 1}, "question": False}},
        {"required": ["question"], "properties": {"question": {"minItems": 1}, "function": False}},
    ]
    if tables:
        top["properties"]["question"]["items"] = {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": list(kinds), "description": "Which kind of question it is."}},
            "allOf": [
                {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": table}
                for kind, table in zip(kinds, tables, strict=True)
            ],
        }
    return {"$schema": _DRAFT, "$ref": whole["$ref"], "$defs": definitions}


def paper_schema() -> dict[str, Any]:
    """The JSON Schema of a paper's file."""
    (whole,), definitions = _described((PaperFile,))
    return {"$schema": _DRAFT, "$ref": whole["$ref"], "$defs": definitions}


def pack_schema() -> dict[str, Any]:
    """The JSON Schema of a `pack.toml`."""
    (whole,), definitions = _described((PackFile,))
    return {"$schema": _DRAFT, "$ref": whole["$ref"], "$defs": definitions}


_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _described(kinds: Sequence[type[msgspec.Struct]]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """The schemas of these tables, and the definitions they refer to, each key with what it is for.

    A table whose keys hang on one another says so in its `schema_rules`.
    """
    wholes, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for struct in _all_structs(kinds):
        properties = definitions[struct.__name__]["properties"]
        keys = {one.name: one.encode_name for one in msgspec.structs.fields(struct)}
        for attribute, text in _descriptions(struct).items():
            name = keys.get(attribute, attribute)
            if name in properties:
                properties[name]["description"] = text
        if "ask" in properties:
            properties["ask"]["minItems"] = 1
        definitions[struct.__name__] |= getattr(struct, "schema_rules", {})
    return wholes, definitions


def _all_structs(kinds: Iterable[type[msgspec.Struct]]) -> list[type[msgspec.Struct]]:
    """The tables of these kinds, and those inside them."""
    structs: dict[type[msgspec.Struct], None] = {}
    waiting: list[Any] = list(kinds)
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if kind not in structs:
                structs[kind] = None
                waiting += [field.type for field in msgspec.structs.fields(kind)]
        else:
            waiting += get_args(kind)
    return list(structs)


def _descriptions(kind: type[msgspec.Struct]) -> dict[str, str]:
    """What is said of each key where it is defined, and in the tables that this one builds on."""
    descriptions: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base is msgspec.Struct or not issubclass(base, msgspec.Struct):
            continue
        (definition,) = ast.parse(inspect.getsource(base)).body
        assert isinstance(definition, ast.ClassDef), "a table is a class"
        for field, text in pairwise(definition.body):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                    descriptions[name] = " ".join(said.split())
                case _:
                    pass
    return descriptions

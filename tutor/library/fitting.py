"""Does a table fit the kind of table it should be? All that does not is said in words for people; the rest is kept."""

from __future__ import annotations

import types
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta, Struct
from msgspec.structs import fields

from tutor.library.faults import Fault

Kind = type[Struct]

_GONE = object()
"""Stands for a value that could not be kept."""

_CLOSE = 0.5
_OTHER_WORDS = {
    **dict.fromkeys(("input", "inputs", "value", "values", "point"), "at"),
    **dict.fromkeys(("func", "expr", "expression", "formula"), "function"),
    **dict.fromkeys(("equations", "where", "define", "definitions", "intermediate", "with"), "let"),
    **dict.fromkeys(("constant", "const", "labels", "targets", "fixed"), "constants"),
    **dict.fromkeys(("ranges", "range", "random"), "vary"),
    "name": "title",
    "difficulty": "level",
}
"""What people write for keys of ours, where those are not there."""


@dataclass
class Fitted:
    """What could be kept of a table, what is wrong with it, and the keys that were left out for it."""

    table: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    def concerns(self, key: str) -> bool:
        """Whether a fault at this key may only come of a key that was left out."""
        parts = [key, *(f"{key}.{one.rpartition('.')[2]}" for one in self.dropped)]
        return any(key == one or key.startswith((f"{one}.", f"{one}[")) for one in self.dropped) or any(
            part in self.dropped for part in parts
        )


def fitted(table: dict[str, Any], kind: Kind, around: Sequence[Kind] = ()) -> Fitted:
    """The table as one of this kind; `around` are the kinds of the tables that it is in, the outermost first.

    A misspelt key is taken for the one it is near to, so that no other fault comes of it.
    """
    fit = _Fit()
    return Fitted(fit.table(table, kind, "", tuple(around)), fit.faults, fit.dropped)


def nearest(word: str, known: Collection[str]) -> str:
    """The known word that is near to this one; "" where none is."""
    folded = {one.lower(): one for one in reversed(list(known))}
    near = get_close_matches(word.lower(), folded, n=1, cutoff=_CLOSE)
    return folded[near[0]] if near else ""


def meant(word: str, known: Collection[str], what: str) -> str:
    """What to say of an unknown word: the nearest known one, or all of them."""
    known = list(known)
    near = nearest(word, known)
    return f"did you mean {near}?" if near else f"the {what} are {', '.join(known)}"


def written(value: Any) -> str:
    """A value as TOML writes it, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        text = f"[{', '.join(map(written, value))}]"
    elif isinstance(value, dict):
        text = f"{{ {', '.join(f'{key} = {written(one)}' for key, one in value.items())} }}"
    else:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


class _Fit:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.dropped: set[str] = set()
        self._lower: set[str] = set()
        """Keys of an outer table that were found in an inner one."""

    def table(self, value: dict[str, Any], kind: Kind, path: str, around: tuple[Kind, ...]) -> dict[str, Any]:
        known = {one.encode_name: one for one in fields(kind)}
        made: dict[str, Any] = {}
        for key, inner in value.items():
            where, name = _at(path, key), key
            if key not in known:
                instead = _OTHER_WORDS.get(key.lower(), "")
                usual = instead if instead in known and instead not in value else ""
                reason = f"there is no such key; did you mean {usual}?" if usual else _stranger(key, kind, path, around)
                self.faults.append(Fault(where, reason))
                name = usual or nearest(key, known)
                belongs = "" if usual else _elsewhere(key, kind, path, around)
                if belongs:
                    self._lower.add(key)
                    self.dropped.add(key)
                if belongs or not name or name in value or name in made:
                    self.dropped.add(where)
                    continue
                got = _Fit().alone(inner, known[name].type)
            else:
                got = self.value(inner, known[name].type, where, (*around, kind))
            if got is _GONE:
                self.dropped |= {where, _at(path, name)}
            else:
                made[name] = got
        for name, one in known.items():
            if one.required and name not in made and _at(path, name) not in self.dropped and name not in self._lower:
                self.faults.append(Fault(_at(path, name), f"is missing{_example(name, one.type)}"))
                self.dropped.add(_at(path, name))
        return made

    def alone(self, value: Any, kind: Any) -> Any:
        """The value where all of it fits, or `_GONE`."""
        got = self.value(value, kind, "", ())
        return _GONE if self.faults else got

    def value(self, value: Any, kind: Any, path: str, around: tuple[Kind, ...]) -> Any:
        """The value as it can be kept, or `_GONE`."""
        kind, limits = _bare(kind)
        if kind is Any:
            return value
        members = _members(kind)
        if len(members) > 1:
            return self._one_of(value, kind, members, path, around)
        kind, inner = _bare(members[0])
        limits = limits or inner
        if (struct := _struct(kind)) and isinstance(value, dict):
            made = self.table(value, struct, path, around)
            return made if all(one.encode_name in made for one in fields(struct) if one.required) else _GONE
        if _is_list(kind) and isinstance(value, list):
            return self._list(value, kind, path, around)
        if get_origin(kind) is dict and isinstance(value, dict):
            return self._named(value, kind, path, around)
        if not _is(value, kind):
            return self._refuse(path, _needs(value, kind, path, limits))
        if said := _out_of_range(value, limits):
            return self._refuse(path, said)
        return value

    def _one_of(self, value: Any, kind: Any, members: list[Any], path: str, around: tuple[Kind, ...]) -> Any:
        for member in members:
            trial = _Fit()
            if (got := trial.value(value, member, path, around)) is not _GONE and not trial.faults:
                return got
        for member in members:  # a list with a wrong entry: say which entry
            if (_is_list(member) and isinstance(value, list)) or (_struct(member) and isinstance(value, dict)):
                return self.value(value, member, path, around)
        return self._refuse(path, _needs(value, kind, path, None))

    def _list(self, value: list[Any], kind: Any, path: str, around: tuple[Kind, ...]) -> Any:
        of = (get_args(kind) or (Any,))[0]
        made = [self.value(one, of, f"{path}[{number}]", around) for number, one in enumerate(value, 1)]
        return _GONE if _GONE in made else made  # the number of an entry is part of what is said of it

    def _named(self, value: dict[str, Any], kind: Any, path: str, around: tuple[Kind, ...]) -> dict[str, Any]:
        _, of = get_args(kind)
        made: dict[str, Any] = {}
        for key, one in value.items():
            before = len(self.faults)
            got = self.value(one, of, _at(path, key), around)
            if len(self.faults) > before and (said := _elsewhere(key, None, path, around)):
                self.faults[before:] = [Fault(_at(path, key), said)]
            if got is not _GONE:
                made[key] = got
        return made

    def _refuse(self, path: str, reason: str) -> Any:
        self.faults.append(Fault(path, reason))
        self.dropped.add(path)
        return _GONE


# Kinds of values


def _bare(kind: Any) -> tuple[Any, Meta | None]:
    """A type without what is said beside it, and its limits."""
    if get_origin(kind) is Annotated:
        bare, *beside = get_args(kind)
        return bare, next((one for one in beside if isinstance(one, Meta)), None)
    return kind, None


def _members(kind: Any) -> list[Any]:
    """What a type may be, but for None."""
    if get_origin(kind) in (Union, types.UnionType):
        return [one for one in get_args(kind) if one is not type(None)]
    return [kind]


def _struct(kind: Any) -> Kind | None:
    return kind if isinstance(kind, type) and issubclass(kind, Struct) else None


def _is_list(kind: Any) -> bool:
    return get_origin(kind) in (tuple, list) or kind in (tuple, list)


def _entries(kind: Any) -> Any:
    return (get_args(kind) or (Any,))[0]


def _is(value: Any, kind: Any) -> bool:
    if kind is Any:
        return True
    if get_origin(kind) is Literal:
        return any(value == one and type(value) is type(one) for one in get_args(kind))
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(kind, type) and isinstance(value, kind)


# What is said


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


_WORDS: dict[Any, str] = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def _called(kind: Any) -> str:
    kind, _ = _bare(kind)
    members = _members(kind)
    if len(members) > 1:
        names = list(dict.fromkeys("a number" if {int, float} <= set(members) and one in (int, float) else _called(one)
                                   for one in members))  # fmt: skip
        return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
    kind = _bare(members[0])[0]
    if _is_list(kind):
        of = _bare(_entries(kind))[0]
        return "a list of texts" if of is str else "a list of tables" if _is_table(of) else "a list"
    return "a table" if _is_table(kind) else _WORDS.get(kind, "another value")


def _is_table(kind: Any) -> bool:
    return get_origin(kind) is dict or _struct(kind) is not None


def _got(value: Any) -> str:
    for kind, word in ((bool, written(value)), (int, "a number"), (float, "a number"), (str, "text"), (list, "a list"),
                       (dict, "a table")):  # fmt: skip
        if isinstance(value, kind):
            return word
    return "a date or time"


def _needs(value: Any, kind: Any, path: str, limits: Meta | None) -> str:
    """`it needs a list, not text: write steps = ["stage"]`."""
    if limits and limits.extra and (own := limits.extra.get("instead")):
        return str(own)
    name = path.rpartition(".")[2].partition("[")[0]
    single = _members(_bare(kind)[0])
    choices = [one for member in single if get_origin(member) is Literal for one in get_args(member)]
    if choices:
        known = sorted(map(str, choices))
        near = nearest(str(value), known) if isinstance(value, str) else ""
        all_of_them = f"the choices are {', '.join(known)}"
        reason = f"did you mean {near}? {all_of_them[0].upper()}{all_of_them[1:]}" if near else all_of_them
        return f"{_shown(value)} is not known here; {reason}"
    if isinstance(value, list) and any(get_origin(one) is dict for one in single):
        return f"it needs a table, not a list: write {name} = {{ name = ... }}, a name and a value for each"
    got = _got(value)
    if isinstance(value, float) and int in single and float not in single:
        got = str(value)
    reason = f"it needs {_called(kind)}, not {got}"
    mend = _mend(name, value, single, path.endswith("]"))
    return f"{reason}: {mend}" if mend else reason


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and value else written(value)


def _mend(name: str, value: Any, kinds: list[Any], inside: bool) -> str:
    lists = [one for one in kinds if _is_list(one)]
    sets = "" if inside else f"{name} = "
    if str in kinds and isinstance(value, int | float):
        return f'write it in quotes, {sets}"{written(value)}"'
    if {int, float, bool} & set(kinds) and isinstance(value, str) and _is_bare(value):
        return f"write it without quotes, {sets}{value.strip().lower()}"
    if not lists:
        return ""
    of = _bare(_entries(lists[0]))[0]
    if _is_table(of):
        table = "question.ask" if name == "ask" else name
        return f"write [[{table}]], with two brackets" if isinstance(value, dict) else ""
    return f"write {sets}[{written(value)}]" if any(_is(value, one) for one in _members(of)) else ""


def _is_bare(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return text.strip().lower() in ("true", "false")
    return True


def _out_of_range(value: Any, limits: Meta | None) -> str:
    if limits is None:
        return ""
    if limits.max_length is not None and len(value) > limits.max_length:
        return f"it is too long: {len(value)} characters, where {limits.max_length} have room"
    if limits.ge is None and limits.gt is None and limits.le is None:
        return ""
    low = limits.ge if limits.ge is not None else limits.gt
    below = (limits.ge is not None and not value >= limits.ge) or (limits.gt is not None and not value > limits.gt)
    if not below and (limits.le is None or value <= limits.le):
        return ""
    if limits.le is not None:
        return f"it is a number from {low} to {limits.le}, not {value}"
    return (
        f"it is a number larger than {low}, not {value}"
        if limits.gt is not None
        else f"it is at least {low}, not {value}"
    )


def _example(name: str, kind: Any) -> str:
    """How a missing key could be written."""
    kind = _members(_bare(kind)[0])[0]
    if get_origin(kind) is Literal:
        return f"; the choices are {', '.join(sorted(map(str, get_args(kind))))}"
    if _is_list(kind) and _struct(_entries(kind)):
        return f": add a table [[{'question.' if name == 'ask' else ''}{name}]]" if name != "options" else ""
    example = {str: '"..."', int: "1", float: "0.1", bool: "true"}.get(kind, "[...]" if _is_list(kind) else "{ ... }")
    return f": write {name} = {example}"


def _stranger(key: str, kind: Kind, path: str, around: tuple[Kind, ...]) -> str:
    known = [one.encode_name for one in fields(kind)]
    if said := _elsewhere(key, kind, path, around):
        return said
    return f"there is no such key; {meant(key, known, 'keys known here')}"


def _elsewhere(key: str, kind: Kind | None, path: str, around: tuple[Kind, ...]) -> str:
    """Where a key belongs that is not known in its table, but is around it or inside it; "" where it is in neither."""
    for outer in reversed(around):
        if key in outer.__struct_encode_fields__:
            return f"this key belongs {_above(path, outer, around)}"
    for one in fields(kind) if kind is not None else ():
        inner = _struct(_entries(_bare(one.type)[0])) or _struct(_members(_bare(one.type)[0])[0])
        if inner and key in inner.__struct_encode_fields__:
            table = f"[[question.{one.name}]]" if one.name == "ask" else f"[{_at(path, one.name)}]"
            return f"this key belongs inside {table}: move it below that line"
    return ""


def _above(path: str, outer: Kind, around: tuple[Kind, ...]) -> str:
    """Where a key of a table around this one is to go."""
    if "question" in outer.__struct_encode_fields__:
        heading = f"before the line [{path}]" if path and len(around) == 1 else "above the first [[question]]"
        return f"to the file itself: move it up, {heading}"
    if "ask" in outer.__struct_encode_fields__:
        return "to the question: move it up, above its first [[question.ask]]"
    return f"one table further out: move it up, before {path.rpartition('.')[2].partition('[')[0]}"

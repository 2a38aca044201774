"""The values of an exercise's inputs: read from its file, and refused where they do not fit what it says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import ceil, floor, isfinite

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import arrays_of, vocabulary, vocabulary_at
from tutor.engine.values import Value, all_finite, as_value, shape_of, show_value
from tutor.language import Arrays, Function, Name, Unreadable, names_in, read_expression, read_name
from tutor.library.decoding import BadFile, FaultCollector
from tutor.library.format import BackpropTable, Given, RangeTable
from tutor.library.validation import misplaced

_MOST_AXES = 8
_MOST_NUMBERS = 100_000


def arrays_given(at: Mapping[str, Given]) -> Arrays:
    """What products are read by where names have these values; nothing is known of one that cannot be read."""
    return arrays_of({name: shape_of(value) for name, value in readable_values(at).items()})


def readable_values(at: Mapping[str, Given]) -> dict[str, Value]:
    """The values that can be read; the others are left out."""
    values = {}
    for name, given in at.items():
        with suppress(BadFile):
            values[name] = given_value(name, given)
    return values


def given_value(key: str, given: Given) -> Value:
    """A number, an exact form or nested lists, as a value. Raises BadFile with the key."""
    try:
        if isinstance(given, str):
            value = evaluate(read_expression(given, vocabulary_at({})).tree, {})
        else:
            value = as_value(float(given) if isinstance(given, int) else given)
    except Unreadable as error:
        raise BadFile(key, f"{error.message}\n{error.caret()}") from None
    except ValueError as error:
        raise BadFile(key, str(error)) from None
    except OverflowError:
        raise BadFile(key, "it is too large") from None
    if not all_finite(value):
        raise BadFile(key, "it has no finite value")
    if len(shape_of(value)) > _MOST_AXES:
        raise BadFile(key, f"it has {len(shape_of(value))} axes; at most {_MOST_AXES} can be typed")
    if np.size(value) > _MOST_NUMBERS:
        raise BadFile(key, f"it has {np.size(value):,} numbers; at most {_MOST_NUMBERS:,} fit into an exercise")
    return value


def inputs_of(file: BackpropTable, names: Sequence[str], function: Function) -> dict[str, Value]:
    """The value of every variable, then of every constant."""
    found, inputs = FaultCollector(), dict[str, Value]()
    for name in file.at:
        with found.part():
            if name in file.constants:
                raise BadFile(f"at.{name}", f"{name} is one of the constants; give its value there only")
            if name not in names:
                reason = f"{function.name} takes {', '.join(names)}, not {name}"
                if (spelled := read_name(name)) in names:
                    reason = f"{name} is {spelled} here; write {spelled}"
                raise BadFile(f"at.{name}", misplaced(name, "at") or reason)
    for name in names:
        with found.part():
            if name not in file.at:
                raise BadFile("at", f"a value for {name} is missing")
            inputs[name] = given_value(f"at.{name}", file.at[name])
    used = names_in(function.expression)
    for name, given in file.constants.items():
        with found.part():
            _refuse_no_constant(name, used)
            inputs[name] = given_value(f"constants.{name}", given)
    found.raise_all()
    return inputs


def _refuse_no_constant(name: str, used: Sequence[str]) -> None:
    try:
        readable = read_expression(name, vocabulary(name)).tree == Name(name)
    except Unreadable:
        readable = False
    if not readable:
        raise BadFile(f"constants.{name}", misplaced(name, "constants") or f"{name} cannot be a name here")
    if name not in used:
        raise BadFile(f"constants.{name}", misplaced(name, "constants") or f"the function does not use {name}")


def refuse_outside(
    ranges: Mapping[str, RangeTable], inputs: Mapping[str, Value], names: Sequence[str], positive: Sequence[str]
) -> None:
    """Refuse ranges of what is no input, empty ones, and inputs that are not in theirs."""
    refuse_others("vary", tuple(ranges), tuple(names))
    for name, allowed in ranges.items():
        key, ends = f"vary.{name}", (allowed.low, allowed.high)
        if not all(map(isfinite, (*ends, *allowed.choices))):
            raise BadFile(key, "its numbers must be finite: write such as { from = 1, to = 9 }")
        if allowed.choices and any(ends):
            raise BadFile(key, "choices take the place of from and to: leave out the one or the others")
        if not allowed.choices and not any(ends):
            raise BadFile(key, "it says no numbers: write such as { from = 1, to = 9 }, or { choices = [3, 5] }")
        if not allowed.choices and not allowed.low < allowed.high:
            there = f"from is {allowed.low:g} and to is {allowed.high:g}" if allowed.high else "to is missing, or 0"
            raise BadFile(key, f"{there}: there is nothing between; to has to be larger than from ({allowed.low:g})")
        if name in positive and min(allowed.choices or ends) <= 0:
            smallest = min(allowed.choices or ends)
            raise BadFile(key, f"{name} is declared positive, and {smallest:g} is not; begin above 0")
        if allowed.whole and not allowed.choices and floor(allowed.high) <= ceil(allowed.low):
            raise BadFile(key, "there is one whole number in it at most; make it longer")
        if name in inputs and not _allows(allowed, inputs[name]):
            raise BadFile(key, f"at gives {name} {show_value(inputs[name])}, which is not in it")
        if name in inputs and allowed.whole and not np.all(inputs[name] == np.round(inputs[name])):
            raise BadFile(key, f"at gives {name} {show_value(inputs[name])}, which is not whole")


def _allows(allowed: RangeTable, value: Value) -> bool:
    """Whether every entry may be drawn."""
    if allowed.choices:
        return bool(np.all(np.isin(value, allowed.choices)))
    return bool(np.all(np.asarray(value) >= allowed.low) and np.all(np.asarray(value) <= allowed.high))


def refuse_others(key: str, chosen: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Refuse names under a key that are no inputs."""
    for name in chosen:
        if name not in names:
            raise BadFile(key, f"{name} is not an input; the inputs are {', '.join(names)}")


def refuse_not_positive(positive: tuple[str, ...], inputs: Mapping[str, Value]) -> None:
    """Refuse inputs that are declared positive and are not."""
    for name in positive:
        if name in inputs and not np.all(np.asarray(inputs[name]) > 0):
            raise BadFile("positive", f"{name} is not positive here: at gives it {show_value(inputs[name])}")

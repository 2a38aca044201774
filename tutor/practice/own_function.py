"""A function that the learner typed becomes an exercise: read, its inputs valued or drawn, proven, kept as a file.

`read_own` says what is wrong with a sentence, and with numbers at which it would work; `keep` writes the exercise file.
Files are kept in the learner's folder under the topic `mine`, as any other exercise file that can be handed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np

from tutor.drawing import ASKED, OPEN, GraphSpec
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary, vocabulary_at
from tutor.engine.passes import PassError, backward, forward
from tutor.engine.values import Value, as_value, exactly, shape_of
from tutor.language import (
    Apply,
    Expression,
    Function,
    Matrix,
    Unreadable,
    Vocabulary,
    names_in,
    read_expression,
    read_function,
    typed,
    walk,
)
from tutor.library import BadFile
from tutor.library.discovery import id_of, read_exercise
from tutor.library.format import LONGEST_TITLE, BackpropTable, CodeTable, Given
from tutor.library.problem import Problem, problem_in
from tutor.paths import own_folder
from tutor.practice.draws import Draws
from tutor.practice.own_code import NoFunctionInCode, function_in
from tutor.practice.proof import is_manageable, many_still, mistakes_hidden, near_kink
from tutor.questions.backprop.known_graph import KnownValues, picture_of_work
from tutor.questions.backprop.reference import Reference
from tutor.questions.inflect import listed

_NAMES = ("f", "g", "h", "l", "p", "q")
"""What a function without a name is called: the first of these that is no input."""


def read_own(text: str, at: str = "") -> OwnFunction:
    """Make an exercise of a function such as `f(x, y) = x y`, or of `x y` alone, and of inputs such as `x = 1, y = 2`.

    Inputs that are left out are drawn, always the same for the same text. Raises OwnProblem.
    """
    written, function = _with_head(text)
    return _valued(OwnFunction(written, {}, ()), written, function, inputs_in(at))


def read_program(text: str, file: str, at: str = "", wanted: str = "") -> OwnFunction:
    """Make an exercise of the NumPy function in a file's text: of the only one that no other calls, or of the `wanted`.

    Its lines are let, and stand in the code step, which asks for its backward pass. Raises OwnProblem.
    """
    try:
        code = function_in(text, file, wanted)
    except NoFunctionInCode as why:
        raise OwnProblem(str(why)) from None
    head = f"{code.name}({', '.join(code.parameters)}) = "
    lines = tuple(f"{name} = {typed(tree)}" for name, tree in code.let)
    draft = OwnFunction(f"{head}{typed(code.value)}", {}, (), let=lines, forward=code.forward)
    whole = Function(code.name, code.parameters, code.whole)
    try:
        return _valued(draft, f"{head}{typed(code.whole)}", whole, inputs_in(at))
    except OwnProblem as problem:
        raise type(problem)(f"{file}: {problem}") from None


def _valued(draft: OwnFunction, text: str, function: Function, given: Mapping[str, Given]) -> OwnFunction:
    """The draft with a value for every input; `text` is all of the function without names for its parts."""
    for name in given:
        if name not in function.parameters:
            of = f"its inputs are {listed(function.parameters)}" if function.parameters else "it has none"
            raise OwnProblem(f"{name} is not an input of {function.name}: {of}.")
    if not function.parameters:
        raise OwnProblem(
            f"{function.name} has no input, so nothing in it can move. Write a name, such as x, instead of a number."
        )
    if not names_in(function.expression):
        name = function.parameters[0]
        raise OwnProblem(
            f"{function.name} is a constant: nothing in it moves with {listed(function.parameters)}. Write a function "
            f"of {name}, such as {function.name}({name}) = {name}^2."
        )
    missing = tuple(name for name in function.parameters if name not in given)
    if missing:
        return _drawn(draft, text, function, given, missing)
    own = replace(draft, at=given)
    problem = _problem(own)
    _refuse_flat(function, problem)
    return replace(own, remarks=tuple(_about_kinks(own, problem)))


# Reading


def _with_head(text: str) -> tuple[str, Function]:
    """The function's text with its head, and the function. Raises OwnProblem."""
    text = _from_python(text.strip())
    if not text:
        raise OwnProblem('There is no function there. Type one, such as "f(x, y) = x y + sin(x)".')
    bare = re.match(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(.*)", text, re.DOTALL)
    try:
        if bare is None and (re.search(r"(?<![<>=!])=(?!=)", text)):
            _refuse_strangers(text)
            return text, read_function(text, vocabulary()).tree
        right = bare[2] if bare else text
        names = names_in(read_expression(right, Vocabulary(vocabulary().functions, open_names=True)).tree)
        name = bare[1] if bare else next((one for one in _NAMES if one not in names), "f")
        headed = f"{name}({', '.join(names)}) = {right}"
        return headed, read_function(headed, vocabulary()).tree if names else Function(name, (), _ZERO)
    except Unreadable as error:
        repair = f"\nDid you mean {error.repair}?" if error.repair else ""
        raise OwnProblem(f"{error.message}\n{error.caret()}{repair}") from None


_LAMBDA = re.compile(r"(?:(?P<name>\w+)\s*=\s*)?lambda\s+(?P<names>[\w\s,]+):\s*(?P<value>.+)", re.DOTALL)
_DEF = re.compile(r"def\s+(?P<name>\w+)\s*\((?P<names>[\w\s,]+)\)\s*(?:->[^:]*)?:\s*return\s+(?P<value>.+)", re.DOTALL)
_HEAD = re.compile(r"\s*([^\W\d]\w*)\s*\(([^()]*)\)\s*=(?!=)\s*(.*)", re.DOTALL)
_AN_ENTRY = re.compile(r"(\w+)_[ijkmn]")


def _from_python(text: str) -> str:
    """A function that is written as Python has it in one line, with the head that is usual here; others as they are."""
    if found := _LAMBDA.fullmatch(text) or _DEF.fullmatch(text):
        return f"{found['name'] or 'f'}({found['names'].strip()}) = {found['value']}"
    return text


def _refuse_strangers(text: str) -> None:
    """Raises OwnProblem for names in a function that are no inputs of it, with how to make them some."""
    head = _HEAD.match(text)
    if head is None:
        return
    inputs = [name.strip() for name in head[2].split(",") if name.strip()]
    try:
        names = names_in(read_expression(head[3], Vocabulary(vocabulary().functions, open_names=True)).tree)
    except Unreadable:
        return  # which is told with its place
    strange = [name for name in names if name not in inputs]
    for name in strange:
        if (entry := _AN_ENTRY.fullmatch(name)) and entry[1] in inputs:
            raise OwnProblem(
                f"{name} is not an input of {head[1]}. Arrays are written whole: {entry[1]} for all its entries, as in "
                f"sum({entry[1]}^2)."
            )
    if strange:
        are, their = ("are not inputs", "their") if strange[1:] else ("is not an input", "its")
        raise OwnProblem(
            f"{listed(strange)} {are} of {head[1]}. Write {head[1]}({', '.join([*inputs, *strange])}) = ..., or a "
            f"number in {their} place."
        )


_ZERO: Expression = read_expression("0", vocabulary()).tree


def _refuse_flat(function: Function, problem: Problem) -> None:
    """Refuse a function that moves with none of its inputs, here and nearby. Raises OwnProblem."""
    if _is_flat(problem):
        raise _does_not_move(function, problem, "here and nearby")


def _about_kinks(own: OwnFunction, problem: Problem) -> Iterator[str]:
    reference = Reference(problem, problem.graph)
    for gate in problem.graph.gates:
        if any(reference.kinks(use) for use in reference.wires(gate)):
            instead = _nearby(own)
            away = f" Away from it: {in_words(instead.at)}." if instead is not None else ""
            yield f"{reference.equation(gate)} is exactly at its kink here: any slope between its sides is right.{away}"
            return


# Showing and keeping


def preview(own: OwnFunction) -> GraphSpec:
    """Its graph with the inputs' values, as it is before anything is asked: what is to be found is a dot."""
    problem = problem_in(own.table)
    picture = picture_of_work(Reference(problem, problem.graph), KnownValues({}, asks_gradients=False))
    nodes = (replace(node, value=OPEN) if node.value == ASKED else node for node in picture.nodes)
    return replace(picture, nodes=tuple(nodes))

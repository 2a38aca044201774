"""A function that the learner typed becomes an exercise: read, its inputs valued or drawn, proven.

`read_own` says what is wrong with a sentence, and with numbers at which it would work. `own_inputs.py` values and draws
the inputs, `own_file.py` keeps the exercise; `own_code.py` reads a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tutor.drawing import ASKED, OPEN, GraphSpec
from tutor.engine.gates import vocabulary
from tutor.language import Expression, Function, Unreadable, Vocabulary, names_in, read_expression, read_function, typed
from tutor.library.format import Given
from tutor.library.problem import Problem, problem_in
from tutor.practice.own_code import NoFunctionInCode, function_in
from tutor.practice.own_file import OwnFunction, OwnProblem, in_words
from tutor.practice.own_inputs import does_not_move, draw_missing, inputs_in, is_flat, problem_of, worked_nearby
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
        return draw_missing(draft, text, function, given, missing)
    own = replace(draft, at=given)
    problem = problem_of(own)
    if is_flat(problem):
        raise does_not_move(function, problem, "here and nearby")
    return replace(own, remarks=tuple(_about_kinks(own, problem)))


def _with_head(text: str) -> tuple[str, Function]:
    """The function's text with its head, and the function. Raises OwnProblem."""
    text = _from_python(text.strip())
    if not text:
        raise OwnProblem('There is no function there. Type one, such as "f(x, y) = x y + sin(x)".')
    bare = re.match(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(.*)", text, re.DOTALL) or _SET_HEAD.match(text)
    try:
        if bare is None and (re.search(r"(?<![<>=!])=(?!=)", text)):
            _refuse_strangers(text)
            return text, read_function(text, vocabulary()).tree
        right = bare[2] if bare else text
        names = names_in(read_expression(right, Vocabulary(vocabulary().functions, open_names=True)).tree)
        name = bare[1] if bare and bare[1] else next((one for one in _NAMES if one not in names), "f")
        headed = f"{name}({', '.join(names)}) = {right}"
        return headed, read_function(headed, vocabulary()).tree if names else Function(name, (), _ZERO)
    except Unreadable as error:
        repair = f"\nDid you mean {error.repair}?" if error.repair else ""
        raise OwnProblem(f"{error.message}\n{error.caret()}{repair}") from None


_SET_HEAD = re.compile(r"\s*()\\[a-z]+\s*\{\s*\w+\s*\}\s*=(?!=)\s*(.*)", re.DOTALL)
"""`\\mathcal{L} = x^2` and `\\hat{y} = x^2`: a name in LaTeX, whose letter is not kept."""

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


def _about_kinks(own: OwnFunction, problem: Problem) -> Iterator[str]:
    reference = Reference(problem, problem.graph)
    for gate in problem.graph.gates:
        if any(reference.kinks(use) for use in reference.wires(gate)):
            instead = worked_nearby(own)
            away = f" Away from it: {in_words(instead.at)}." if instead is not None else ""
            yield f"{reference.equation(gate)} is exactly at its kink here: any slope between its sides is right.{away}"
            return


def preview(own: OwnFunction) -> GraphSpec:
    """Its graph with the inputs' values, as it is before anything is asked: what is to be found is a dot."""
    problem = problem_in(own.table)
    picture = picture_of_work(Reference(problem, problem.graph), KnownValues({}, asks_gradients=False))
    nodes = (replace(node, value=OPEN) if node.value == ASKED else node for node in picture.nodes)
    return replace(picture, nodes=tuple(nodes))

"""The NumPy function an exercise asks for: its signature, its starter, and a worked body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.engine.gates import vocabulary
from tutor.engine.numpy_code import function_code, passes_code
from tutor.language import Name, Unreadable, read_expression
from tutor.language.tree import rename
from tutor.library.decoding import BadFile, Gathering, each
from tutor.library.format import CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.python_text import python_name, refuse_no_name, refuse_unreadable


@dataclass(frozen=True)
class Signature:
    """The function's name, its parameters in Python's spelling, and the names it returns: value, then gradients."""

    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    given: str = ""
    helpers: tuple[str, ...] = ()
    """Functions that stand above it, written by us from the file's formulas."""

    @property
    def starter(self) -> str:
        """What the editor holds at first: empty lines are indented, ready to be written on."""
        body = self.given.strip() or "# forward pass\n"
        return self._written(f"{body}\n\n# backward pass\n\n", ready=True)

    def worked(self, sheet: Worksheet) -> str:
        """The whole function written out for a staging. Raises ValueError for a gate with no NumPy of its own."""
        return self._written(self._passes(sheet))

    def _written(self, body: str, ready: bool = False) -> str:
        helpers = "".join(f"{helper}\n\n\n" for helper in self.helpers)
        lines = [*body.splitlines(), f"return {', '.join(self.returns)}"]
        indented = [f"    {line}" if line or ready else "" for line in lines]
        return "\n".join([f"{helpers}def {self.name}({', '.join(self.parameters)}):", *indented, ""])

    def _passes(self, sheet: Worksheet) -> str:
        graph = sheet.graph
        taken = {*self.parameters, *self.returns, self.name, "np"}
        variables: dict[int, str] = dict(zip(graph.inputs, self.parameters, strict=True))
        gradients: dict[int, str] = dict(zip(graph.inputs, self.returns[1:], strict=True))
        variables[graph.output] = self.returns[0]
        for gate in graph.gates[:-1]:
            variables[gate] = _free(python_name(sheet.name(gate)), taken)
        for gate in graph.gates:
            gradients[gate] = _free(f"d{variables[gate]}", taken)
        return passes_code(graph, sheet.here.values, variables, gradients)


def signature_of(problem: Problem, table: CodeTable) -> Signature:
    """The signature from an exercise's `[code]` table, with what it leaves out filled in.

    Raises BadFile for names that do not fit the function, or Python.
    """
    function = problem.function
    f, taken = python_name(function.name), {"np"}
    parameters = tuple(_free(python_name(name), taken) for name in function.parameters)
    returns = table.returns or tuple(_free(name, taken) for name in ("out", *(f"{f}{name}" for name in parameters)))
    found, helpers = Gathering(), dict[str, str]()
    with found.part():
        _refuse_names("code.name", [table.name or f], ())
    with found.part():
        _refuse_names("code.returns", returns, parameters)
        if len(returns) != len(parameters) + 1:
            raise BadFile(
                "code.returns", f"it should name {len(parameters) + 1}: the value, then a gradient for each input"
            )
    with found.part():
        refuse_unreadable("code.given", table.given)
    with found.part():
        helpers = dict(each(_helper, table.helpers))
        _refuse_names("code.helpers", list(helpers), (table.name or f,))
    found.raise_all()
    return Signature(table.name or f, parameters, returns, table.given, tuple(helpers.values()))


_HEAD = re.compile(r"\s*([^\W\d]\w*)\s*\(([^()=]*)\)\s*=(?![=])\s*(.*)", re.DOTALL)
_HELPERS = 'helpers are formulas, not Python, such as "sigmoid(x) = 1/(1 + e^-x)"'


def _helper(number: int, text: str) -> tuple[str, str]:
    """A helper's name, and the helper written in NumPy. Raises BadFile for what is no formula of a function.

    Its name may be that of a gate, such as `sigmoid`: NumPy has no such function.
    """
    key = f"code.helpers[{number}]"
    head = _HEAD.match(text)
    if head is None:
        raise BadFile(key, _HELPERS)
    name, written, body = head.groups()
    names = [one.strip() for one in written.split(",")]
    for one in names:
        if not one.isidentifier():
            raise BadFile(key, f"{one or 'nothing'} is no name of an input; {_HELPERS}")
        if one in vocabulary().functions:
            raise BadFile(key, f"{one} is a function, so it cannot be an input; choose another name")
    try:
        expression = read_expression(body, vocabulary(*names)).tree
    except Unreadable as error:
        raise BadFile(key, f"{error.message}\n{error.caret()}\n{_HELPERS}") from None
    taken = {"np"}
    parameters = {one: _free(python_name(one), taken) for one in dict.fromkeys(names)}
    if len(parameters) < len(names):
        raise BadFile(key, "an input is listed twice")
    renamed = rename(expression, {one: Name(python) for one, python in parameters.items()})
    name = python_name(name)
    return name, function_code(name, list(parameters.values()), renamed)


def _refuse_names(key: str, names: Sequence[str], taken: Sequence[str]) -> None:
    """Names that Python cannot have, or that would mean two things in the function."""
    for position, name in enumerate(names):
        refuse_no_name(key, name)
        if name in names[:position]:
            raise BadFile(key, f"{name} is here twice")
        if name in (*taken, "np"):
            raise BadFile(key, f"{name} already means something else in the function")


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name

"""The NumPy function an exercise asks for: its signature, its starter, and a worked body."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.engine.numpy_code import passes_code
from tutor.library.decoding import BadFile
from tutor.library.format import CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.worksheet import Worksheet


@dataclass(frozen=True)
class Signature:
    """The function's name, its parameters in Python's spelling, and the names it returns: value, then gradients."""

    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    given: str = ""
    helpers: str = ""

    @property
    def starter(self) -> str:
        """What the editor holds at first: empty lines are indented, ready to be written on."""
        body = self.given.strip() or "# forward pass\n"
        return self._written(f"{body}\n\n# backward pass\n\n", ready=True)

    def worked(self, sheet: Worksheet) -> str:
        """The whole function written out for a staging. Raises ValueError for a gate with no NumPy of its own."""
        return self._written(self._passes(sheet))

    def _written(self, body: str, ready: bool = False) -> str:
        helpers = f"{self.helpers.strip()}\n\n\n" if self.helpers.strip() else ""
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
    if len(returns) != len(parameters) + 1:
        raise BadFile(
            "code.returns", f"it should name {len(parameters) + 1}: the value, then a gradient for each input"
        )
    _refuse_names("code.name", [table.name or f], ())
    _refuse_names("code.returns", returns, parameters)
    return Signature(table.name or f, parameters, returns, table.given, table.helpers)


def _refuse_names(key: str, names: Sequence[str], taken: Sequence[str]) -> None:
    """Names that Python cannot have, or that would mean two things in the function."""
    for position, name in enumerate(names):
        if python_name(name) != name or not name.isidentifier():
            raise BadFile(key, f"{name} is not a name in Python")
        if name in (*names[:position], *taken, "np"):
            raise BadFile(key, f"{name} already means something else in the function")


def python_name(name: str) -> str:
    """A name of the exercise as Python can have it: `lambda` is `lambda_`, a prime is an underscore."""
    name = re.sub(r"\W", "_", name)
    return f"{name}_" if keyword.iskeyword(name) else name


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name

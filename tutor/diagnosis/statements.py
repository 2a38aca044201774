"""What the statements of a program are to one another, and of what value a name says that it is the gradient."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from tutor.diagnosis.child.sites import (
    CodeStatement,
    spelled,
)


def is_element(node: ast.stmt) -> bool:
    """Whether it sets an element of an array."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(each, ast.Subscript) and "[" not in spelled(each) for each in targets)


def in_function(one: CodeStatement, two: CodeStatement) -> bool:
    """Whether the other is in the function that the one is, or is in."""
    return (one.node if isinstance(one.node, ast.FunctionDef) else one.function) is two.function


def is_around(one: CodeStatement, two: CodeStatement) -> bool:
    """Whether the one is in a function around the other, or in none."""
    owner = one.node if isinstance(one.node, ast.FunctionDef) else one.function
    return owner is None or owner in two.around


def in_class(one: CodeStatement, two: CodeStatement) -> bool:
    """Whether both are in one class."""
    classes = [{id(each) for each in here.around if isinstance(each, ast.ClassDef)} for here in (one, two)]
    return bool(classes[0] & classes[1])


_PLAIN = (
    "d{n}", "d_{n}", "grad_{n}", "grad{n}", "{n}_grad", "{n}grad", "g_{n}", "g{n}", "{n}_bar", "{n}bar", "{n}_g",
    "delta_{n}", "del_{n}", "grad_wrt_{n}", "upstream_{n}", "up_{n}", "d{n}_", "bar_{n}", "adj_{n}", "{n}.grad",
)  # fmt: skip

_BY_OUTPUT = ("d{f}d{n}", "d{f}_d{n}", "{f}{n}", "{f}_{n}", "d{f}_{n}", "d{f}{n}", "grad_{f}_{n}", "d_{f}_{n}")


def is_gradient(name: str, base: str, outputs: Iterable[str]) -> bool:
    """Whether a name says that it is the gradient of another: `da`, `grads['a']`, `self.dW` of `self.W`."""
    inner = re.fullmatch(r"([\w.]+)\['(\w+)'\]", name)
    root = re.fullmatch(r"([\w.]+)\['(\w+)'\]", base)
    base = root[2] if root else base.removeprefix("self.")
    if inner:
        return (inner[2] == base and _says_gradient(inner[1])) or is_gradient(inner[2], base, outputs)
    spelling = name.removeprefix("self.")
    if spelling in {pattern.format(n=base) for pattern in _PLAIN}:
        return True
    return spelling in {pattern.format(n=base, f=f) for pattern in _BY_OUTPUT for f in outputs if f != base}


def _says_gradient(name: str) -> bool:
    return name.removeprefix("self.").startswith(("d", "g")) or "grad" in name

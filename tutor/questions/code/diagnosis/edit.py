"""One change to an expression, and what is said of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tutor.questions.code.diagnosis.steps import written


@dataclass(frozen=True)
class CodeEdit:
    """What stands in the code, what belongs there, and what kind of slip that is.

    `clause` follows the name of the variable: `it used b where a belongs`. The lower the `cost`, the likelier.
    """

    kind: str
    old: ast.expr
    new: ast.expr
    says: str
    asks: str = ""
    cost: int = 1
    shown: tuple[ast.expr, ...] = ()
    """What stands in the places {0} and {1} of what is said, or {factor}; the old and the new if nothing is given."""

    @property
    def clause(self) -> str:
        """What is said of it. Written out only for the few changes that help."""
        shown = self.shown or (self.old, self.new)
        return self.says.format(*map(written, shown), factor=_bracketed(shown[0]))


def _bracketed(node: ast.expr) -> str:
    text = written(node)
    return f"({text})" if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) else text


USED = "it uses {0} instead of {1}"


def number(value: float) -> ast.Constant:
    """A constant."""
    return ast.Constant(int(value) if value == int(value) else value)


def binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.BinOp:
    """Two expressions joined."""
    return ast.BinOp(left, op, right)


def call(name: str, *arguments: ast.expr, **options: int | bool) -> ast.Call:
    """`np.sum(a, axis=0)` and the like."""
    words = [ast.keyword(key, ast.Constant(value)) for key, value in options.items()]
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(arguments), words)

"""An independent reader: Python's own parser, turned into the language's tree. Nothing is evaluated.

Python's precedence of + - * / @ ** and unary minus is the language's too, so a text written out in Python says
what a learner's text must mean. `e**x` is written `exp(x)`, bars are written `abs`, `norm`, `squared_norm`.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from tutor.language import Apply, Constant, Expression, Matrix, Name, Number

_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.MatMult: "matmul",
    ast.Pow: "pow",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}


def tree_of(python: str, *, names: tuple[str, ...] = ()) -> Expression:
    """The tree of an expression in Python. `e` and `pi` are constants unless they are among `names`."""
    whole = ast.parse(python, mode="eval").body
    return _Converter(python, names).tree(whole)


class _Converter:
    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self.text = text
        self.names = names

    def tree(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant():
                return self.number(node, "")
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as operand) if not self.bracketed(node, operand):
                return self.number(operand, "-")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Apply("neg", (self.tree(operand),))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.tree(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return Apply(_OPERATIONS[type(op)], (self.tree(left), self.tree(right)))
            case ast.Compare() | ast.BoolOp() | ast.IfExp():
                return self.choice(node)
            case ast.Name(id=name):
                return Constant(name) if name in ("e", "pi") and name not in self.names else Name(name)
            case ast.Attribute(value=inner, attr="T"):
                return Apply("transpose", (self.tree(inner),))
            case ast.List(elts=entries):
                return self.matrix(entries)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords):
                options = tuple((str(each.arg), ast.literal_eval(each.value)) for each in keywords)
                return Apply(name, tuple(map(self.tree, arguments)), options)
        raise ValueError(ast.dump(node))

    def choice(self, node: ast.Compare | ast.BoolOp | ast.IfExp) -> Expression:
        match node:
            case ast.Compare(left=left, ops=operators, comparators=others):
                sides = pairwise(map(self.tree, (left, *others)))
                pairs = [Apply(_COMPARISONS[type(op)], pair) for op, pair in zip(operators, sides, strict=True)]
                return reduce(lambda one, other: Apply("mul", (one, other)), pairs)
            case ast.BoolOp(op=op, values=values):
                key = "mul" if isinstance(op, ast.And) else "max"
                return reduce(lambda one, other: Apply(key, (one, other)), map(self.tree, values))
            case ast.IfExp(test=test, body=body, orelse=other):
                return Apply("where", (self.tree(test), self.tree(body), self.tree(other)))

    def bracketed(self, sign: ast.expr, operand: ast.expr) -> bool:
        """Whether a bracket stands between a sign and its number: `-(2)` is an operation, `-2` is a number."""
        return "(" in self.text[sign.col_offset : operand.col_offset]

    def number(self, node: ast.Constant, sign: str) -> Number:
        text = sign + str(ast.get_source_segment(self.text, node))
        return Number(Fraction(text), text)

    def matrix(self, entries: list[ast.expr]) -> Matrix:
        if not all(isinstance(entry, ast.List) for entry in entries):
            return Matrix((tuple(map(self.tree, entries)),), is_vector=True)
        rows = [entry.elts for entry in entries if isinstance(entry, ast.List)]
        return Matrix(tuple(tuple(map(self.tree, row)) for row in rows))

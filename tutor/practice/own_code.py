"""A NumPy function of the learner's own as a function of ours: its assignments become `let`, its return the function.

Nothing of the file runs: it is parsed, its expressions are written with the names and calls of helpers put in, and the
tutor's own language reads them, which knows NumPy's names of all gates. Loops, branches and what else is no plain
operation are refused with the line and a caret. `own_function.read_program` makes the exercise.
"""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tutor.engine.gates import vocabulary
from tutor.engine.numpy_code import numpy_code
from tutor.language import Constant, Expression, Name, Number, Span, Unreadable, names_in, read_expression
from tutor.language.tree import rename
from tutor.questions.inflect import listed
from tutor.questions.python_text import python_name

VALUE_NAME = "out"
"""What the code step calls the function's value."""
_MOST_CALLS = 100
"""Calls of helper functions that are put in, one by one."""
_MODULES = frozenset({"numpy", "jax.numpy", "autograd.numpy", "math", "numpy.linalg"})
_BUILT_IN = frozenset({"abs", "pow"})
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
_REFUSED: Mapping[type, str] = {
    ast.For: "A loop cannot be staged. Write its rounds one by one, or as an operation on arrays.",
    ast.While: "A loop cannot be staged. Write its rounds one by one, or as an operation on arrays.",
    ast.If: "A branch cannot be staged: write np.where or np.maximum, or the branch that is taken.",
    ast.IfExp: "A branch cannot be staged: write np.where or np.maximum, or the branch that is taken.",
    ast.ListComp: "A loop cannot be staged. Write an operation on arrays, or its rounds one by one.",
    ast.GeneratorExp: "A loop cannot be staged. Write an operation on arrays, or its rounds one by one.",
    ast.Lambda: "Give the function a name with def, and its lines can be put in.",
    ast.FunctionDef: "Move this function out to the top of the file, and its lines can be put in.",
    ast.BitXor: "In Python ^ is not a power: write **.",
    ast.FloorDiv: "Rounding division // has no gradient: write /.",
    ast.Mod: "The remainder % is not among the gates.",
    ast.BoolOp: "Conditions belong into np.where, one comparison each.",
    ast.NamedExpr: "Assign on a line of its own.",
    ast.Global: "The function may only use its arguments and constants of the file.",
    ast.Try: "Only assignments and one return can be staged.",
    ast.With: "Only assignments and one return can be staged.",
    ast.Delete: "Only assignments and one return can be staged.",
}


class NoFunctionInCode(Exception):
    """No function can be made of this file. The text names the file and the line, and has a caret below that line."""


@dataclass(frozen=True)
class CodeFunction:
    """What a program computes, in the language of exercises."""

    name: str
    parameters: tuple[str, ...]
    let: tuple[tuple[str, Expression], ...]
    """Its assignments that lead to the value, each name once."""

    value: Expression
    """What it returns, in its parameters and the names that are let."""

    @property
    def whole(self) -> Expression:
        """The value in the parameters alone."""
        meant: dict[str, Expression] = {}
        for name, tree in self.let:
            meant[name] = rename(tree, meant)
        return rename(self.value, meant)

    @property
    def forward(self) -> str:
        """Its lines in NumPy, as the code step holds them at first; the value is called `out` there."""
        if VALUE_NAME in self.parameters:
            return ""
        return "\n".join(f"{name} = {numpy_code(tree)}" for name, tree in (*self.let, (VALUE_NAME, self.value)))


def function_in(text: str, file: str, wanted: str = "") -> CodeFunction:
    """The function in a program that no other calls, or the one of this name. Raises NoFunctionInCode."""
    program = _Program(text, file)
    return _Tracer(program).function(program.main(wanted))


# The file


@dataclass
class _Program:
    """A parsed file: its functions, its constants, and what it calls NumPy by."""

    text: str
    file: str
    functions: dict[str, ast.FunctionDef] = field(init=False, default_factory=dict)
    constants: dict[str, ast.expr] = field(init=False, default_factory=dict)
    modules: set[str] = field(init=False, default_factory=lambda: {"np", "numpy", "math"})
    imported: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for statement in self._parsed().body:
            match statement:
                case ast.FunctionDef(name=name):
                    self.functions[name] = statement
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_number(value):
                    self.constants[name] = value
                case ast.Import(names=names):
                    self.modules |= {one.asname or one.name for one in names if one.name in _MODULES}
                case ast.ImportFrom(module=module, names=names) if module in _MODULES:
                    self.imported |= {one.asname or one.name: one.name for one in names}

    def _parsed(self) -> ast.Module:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an odd escape in a string is no matter of ours
                return ast.parse(self.text)
        except SyntaxError as error:
            column = max(0, (error.offset or 1) - 1)
            raise self.fault(f"Python cannot read this: {error.msg}.", error.lineno or 1, column) from None
        except (RecursionError, MemoryError, ValueError):
            raise NoFunctionInCode(f"{self.file} cannot be read as Python: it is nested too deep.") from None

    def main(self, wanted: str) -> ast.FunctionDef:
        """The function to be worked on."""
        if not self.functions:
            raise NoFunctionInCode(
                f"There is no function in {self.file}. Write one at the top level, such as:\n"
                "def f(x, w):\n    return np.tanh(w * x)"
            )
        if wanted:
            if wanted not in self.functions:
                raise NoFunctionInCode(f"{self.file} has no function {wanted}; it has {listed(list(self.functions))}.")
            return self.functions[wanted]
        free = [name for name in self.functions if not self._is_called(name)]
        if len(free) != 1:
            names = free or list(self.functions)
            raise NoFunctionInCode(
                f"{self.file} has several functions. Name the one to work on: "
                f"{listed([f'try {name} --code {self.file}' for name in names[:3]], 'or')}."
            )
        return self.functions[free[0]]

    def _is_called(self, name: str) -> bool:
        others = (one for other, one in self.functions.items() if other != name)
        return any(isinstance(part, ast.Name) and part.id == name for one in others for part in ast.walk(one))

    def fault(self, message: str, line: int, column: int = 0, end: int | None = None) -> NoFunctionInCode:
        """What is wrong, in which line, with a caret below it."""
        lines = self.text.split("\n")
        source = lines[line - 1] if line <= len(lines) else ""
        cut = len(source) - len(source.lstrip())
        start = min(max(column, cut), len(source))
        span = Span(start - cut, max(start, min(end, len(source)) if end is not None else start + 1) - cut)
        caret = Unreadable("", source.strip(), (span,)).caret()
        return NoFunctionInCode(f"{self.file}, line {line}: {message}\n{caret}")

    def at(self, node: ast.AST, message: str) -> NoFunctionInCode:
        """The same at a node of the tree, whose columns count bytes."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        source = self.text.split("\n")[line - 1].encode()
        end = node.end_col_offset if getattr(node, "end_lineno", line) == line else None  # type: ignore[attr-defined]
        start = len(source[:column].decode(errors="replace"))
        return self.fault(message, line, start, None if end is None else len(source[:end].decode(errors="replace")))


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


# Its lines


@dataclass
class _Tracer:
    """Goes through the lines of a function and of the helpers it calls, and writes down what is assigned."""

    program: _Program
    let: dict[str, Expression] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    """The functions being gone through: one that is there already calls itself."""

    many_calls: int = 0

    def function(self, main: ast.FunctionDef) -> CodeFunction:
        """The function with all it computes. Raises NoFunctionInCode."""
        parameters = tuple(_parameters(self.program, main))
        fixed = {
            name: self.program.constants.get(value.id, value) if isinstance(value, ast.Name) else value
            for name, value in _defaults(main)
            if _is_number(value) or (isinstance(value, ast.Name) and value.id in self.program.constants)
        }
        inputs = tuple(python_name(name) for name in parameters if name not in fixed)
        self.taken = {*parameters, main.name, VALUE_NAME}
        names: dict[str, ast.expr] = {name: ast.Name(name) for name in inputs}
        value = self._read(self._result(main, {**names, **fixed}), main)
        if isinstance(value, Name) and value.name in self.let:
            value = self.let.pop(value.name)
        if isinstance(value, (Name, Number, Constant)):
            raise self.program.at(main, f"{main.name} returns no operation, so there is nothing to carry back.")
        return CodeFunction(main.name, inputs, tuple(_used(self.let, value)), value)

    def _result(self, function: ast.FunctionDef, names: dict[str, ast.expr]) -> ast.expr:
        """What a function returns, its names and the calls in it replaced."""
        self.calls.append(function.name)
        for statement in function.body:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    if isinstance(value, ast.Tuple):
                        raise self.program.at(value, "Several values are returned: return the one to differentiate.")
                    result = self._replaced(value, names)
                    self.calls.pop()
                    return result
                case ast.Expr(value=ast.Constant(value=str())) | ast.Pass() | ast.Assert():
                    pass
                case ast.Assign(targets=[target], value=value):
                    self._assign(target, value, names)
                case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                    self._assign(target, value, names)
                case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                    sum_of_both = ast.copy_location(
                        ast.BinOp(ast.copy_location(ast.Name(name), target), op, value), statement
                    )
                    self._assign(target, sum_of_both, names)
                case _:
                    raise self._refused(statement)
        raise self.program.at(function, f"{function.name} returns nothing: its last line should be a return.")

    def _assign(self, target: ast.expr, value: ast.expr, names: dict[str, ast.expr]) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            replaced = [self._replaced(part, names) for part in value.elts]
            for one, part in zip(target.elts, replaced, strict=True):
                self._keep(one, part, names)
            return
        self._keep(target, self._replaced(value, names), names)

    def _keep(self, target: ast.expr, value: ast.expr, names: dict[str, ast.expr]) -> None:
        """Give a name what it is from here on; a line of its own where that is an operation."""
        if not isinstance(target, ast.Name):
            raise self.program.at(target, "Only plain names can be assigned, one at a time.")
        tree = self._read(value, target)
        if isinstance(tree, (Name, Number)):
            names[target.id] = value
            return
        name = self._free(python_name(target.id))
        self.let[name] = tree
        names[target.id] = ast.Name(name)

    def _free(self, name: str) -> str:
        free = next(
            one for number in range(1, 10_000) if (one := name if number == 1 else f"{name}_{number}") not in self.taken
        )
        self.taken.add(free)
        return free

    # Expressions

    def _replaced(self, node: ast.expr, names: Mapping[str, ast.expr]) -> ast.expr:
        """A copy of an expression in which names are what they stand for, and helpers are put in."""
        again = self._replaced
        match node:
            case ast.Constant(value=bool() | int() | float() | None):
                return node
            case ast.Name(id=name):
                return self._named(node, name, names)
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
                return ast.copy_location(ast.BinOp(again(left, names), op, again(right, names)), node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
                return ast.copy_location(ast.UnaryOp(sign, again(inner, names)), node)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return ast.copy_location(ast.Compare(again(left, names), [op], [again(right, names)]), node)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return ast.copy_location(type(node)([again(part, names) for part in parts], ast.Load()), node)
            case ast.Attribute(value=inner, attr="T"):
                return ast.copy_location(ast.Attribute(again(inner, names), "T"), node)
            case ast.Attribute(attr=name) if self._numpy_name(node) in ("pi", "e"):
                return ast.copy_location(ast.Name(name), node)
            case ast.Subscript(value=inner, slice=index):
                return ast.copy_location(ast.Subscript(again(inner, names), index), node)
            case ast.Call():
                return self._called(node, names)
            case ast.Attribute():
                raise self.program.at(node, f"{ast.unparse(node)[:40]} cannot be staged: write a value in its place.")
        raise self._refused(node)

    def _named(self, node: ast.expr, name: str, names: Mapping[str, ast.expr]) -> ast.expr:
        known = names.get(name) or self.program.constants.get(name)
        if known is None:
            raise self.program.at(node, f"{name} is not known here: it is no argument, and nothing was assigned to it.")
        return ast.copy_location(copy.copy(known), node)

    def _called(self, node: ast.Call, names: Mapping[str, ast.expr]) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id in self.program.functions:
            return self._inlined(node, self.program.functions[node.func.id], names)
        name = self._numpy_name(node.func)
        if name is not None:
            function: ast.expr = ast.parse(f"np.{name}", mode="eval").body
        elif isinstance(node.func, ast.Attribute) and not self._is_module(node.func.value):
            function = ast.Attribute(self._replaced(node.func.value, names), node.func.attr)
        else:
            raise self.program.at(
                node,
                f"{ast.unparse(node.func)} is not known: use NumPy's functions, or define it in {self.program.file}.",
            )
        arguments = [self._replaced(argument, names) for argument in node.args]
        keywords = [ast.keyword(one.arg, one.value) for one in node.keywords]
        if any(
            one.arg is None or not isinstance(one.value, (ast.Constant, ast.Tuple, ast.UnaryOp)) for one in keywords
        ):
            raise self.program.at(node, "An option of a call has to be a plain value, such as axis=0.")
        call = ast.copy_location(ast.Call(function, arguments, keywords), node)
        self._read(call, node)  # said here, where it is, rather than of the whole line
        return call

    def _is_module(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in self.program.modules
        )

    def _numpy_name(self, node: ast.expr) -> str | None:
        """`exp` for np.exp, and `linalg.norm`; None for what is not NumPy's."""
        match node:
            case ast.Name(id=name) if name in self.program.imported:
                return self.program.imported[name]
            case ast.Name(id=name) if name in _BUILT_IN:
                return name
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self.program.modules:
                return name
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=module), attr="linalg"), attr=name) if (
                module in self.program.modules
            ):
                return f"linalg.{name}"
        return None

    def _inlined(self, node: ast.Call, helper: ast.FunctionDef, names: Mapping[str, ast.expr]) -> ast.expr:
        """What a helper returns for these arguments; an argument that is an operation gets a line of its own."""
        self.many_calls += 1
        if helper.name in self.calls:
            raise self.program.at(node, f"{helper.name} calls itself, so it cannot be staged.")
        if self.many_calls > _MOST_CALLS:
            raise self.program.at(node, f"More than {_MOST_CALLS} calls of helpers are too many to put in.")
        parameters = _parameters(self.program, helper)
        given: dict[str, ast.expr] = dict(zip(parameters, node.args, strict=False))
        given |= {one.arg: one.value for one in node.keywords if one.arg is not None}
        if len(node.args) > len(parameters) or set(given) - set(parameters):
            raise self.program.at(node, f"{helper.name} takes {listed(parameters) or 'no arguments'}.")
        inner: dict[str, ast.expr] = {}
        values = {name: self._replaced(value, {}) for name, value in _defaults(helper) if name not in given}
        values |= {name: self._replaced(value, names) for name, value in given.items()}
        for name, value in values.items():
            self._keep(ast.copy_location(ast.Name(name), node), value, inner)
        if missing := [name for name in parameters if name not in inner]:
            raise self.program.at(node, f"{helper.name} needs {listed(missing)} too.")
        return self._result(helper, inner)

    def _read(self, node: ast.expr, place: ast.AST) -> Expression:
        """The expression in our language. Raises NoFunctionInCode with the smallest part that cannot be read."""
        try:
            text = ast.unparse(ast.fix_missing_locations(ast.Expression(copy.deepcopy(node))))
            tree = read_expression(text, vocabulary(*self._names())).tree
        except Unreadable as error:
            raise self.program.at(node if hasattr(node, "lineno") else place, error.message) from None
        except RecursionError:
            raise self.program.at(place, "This is nested too deep.") from None
        return tree

    def _names(self) -> tuple[str, ...]:
        return tuple(sorted(self.taken))

    def _refused(self, node: ast.AST) -> NoFunctionInCode:
        """Why a piece of Python is no plain operation."""
        kinds: list[type] = [type(node), type(getattr(node, "op", None)), type(getattr(node, "value", None))]
        why = next((_REFUSED[kind] for kind in kinds if kind in _REFUSED), "")
        return self.program.at(node, why or "Only assignments of plain operations and one return can be staged.")


def _parameters(program: _Program, function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    if arguments.vararg or arguments.kwarg:
        raise program.at(function, f"{function.name} takes any number of arguments: name them.")
    return [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _defaults(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The arguments that may be left out, with what they are then."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    last = positional[len(positional) - len(arguments.defaults) :]
    yield from ((one.arg, value) for one, value in zip(last, arguments.defaults, strict=True))
    for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            yield one.arg, value


def _used(let: Mapping[str, Expression], value: Expression) -> Iterator[tuple[str, Expression]]:
    """The lines that lead to the value."""
    needed = set(names_in(value))
    for name, tree in reversed(list(let.items())):
        if name in needed:
            needed |= set(names_in(tree))
    yield from ((name, tree) for name, tree in let.items() if name in needed)

"""Goes through the learner's function as it ran, and makes its steps."""

from __future__ import annotations

import ast
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.engine.values import Value, as_value
from tutor.questions.code.comparing import received
from tutor.questions.code.diagnosis.helpers import known_helpers, lines_of, misnamed
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.diagnosis.resolving import Binding, CannotFollow, Function, Resolver
from tutor.questions.code.diagnosis.steps import CodeAssignment, Program, reads_in
from tutor.runner import Call

_SIGNS = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}


def program_of(
    source: str, function_name: str, call: Call, inputs: Sequence[Value], returned_names: Sequence[str]
) -> tuple[Program, AstInterpreter] | None:
    """The steps of a call, and who works out their expressions; None where there is no such function to read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    function = functions.pop(function_name, None)
    if function is None or len(function.args.args) != len(inputs):
        return None
    helpers = known_helpers(functions)
    walk = _Walk(functions, helpers, call)
    walk.program.misnamed = misnamed(functions, helpers)
    for argument, value in zip(function.args.args, inputs, strict=True):
        walk.argument(argument.arg, value)
    walk.body(function.body)
    walk.finish(returned_names)
    return walk.program, walk.reckoner


class _Walk:
    def __init__(self, functions: Mapping[str, Function], known: Mapping[str, Callable[..., Any]], call: Call) -> None:
        self.program = Program(helpers=lines_of(functions))
        self.reckoner = AstInterpreter(known)
        self._functions = functions
        self._known = frozenset(known)
        self._call = call
        self._names: dict[str, Binding] = {}
        self._seen: dict[tuple[str, int], deque[Value | None]] = defaultdict(deque)
        for each in call.assignments:
            self._seen[each.name, each.line].append(received(each.value))
        self._lines = {each.line for each in call.assignments}
        self._done = False
        self._returned: list[ast.expr] | None = None

    # Steps

    def argument(self, name: str, value: Value) -> None:
        self._names[name] = self._add(CodeAssignment(0, name, None, value=value, given=True)).number
        self.program.parameters += (name,)

    def _add(self, step: CodeAssignment) -> CodeAssignment:
        step.number = len(self.program.steps)
        if step.expression is not None:
            step.reads = reads_in(step.expression)
            if step.value is None:
                step.value = self._worked_out(step.expression)
        self.program.steps.append(step)
        return step

    def _worked_out(self, expression: ast.expr) -> Value | None:
        at = {step.key: step.value for step in self.program.steps if step.value is not None}
        try:
            return as_value(self.reckoner.value(expression, at))
        except (CannotRead, ValueError, TypeError):
            return None

    def _resolved(self, node: ast.expr) -> ast.expr | None:
        try:
            return Resolver(self._names, self._functions, self._known).resolved(node)
        except CannotFollow:
            return None

    # Statements

    def body(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            if self._done:
                return
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                resolved = self._resolved(value)
                for target in targets:
                    self._assign(target, value, resolved)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value, self._resolved(value))
            case ast.AugAssign():
                self._augment(statement)
            case ast.Return(value=value):
                self._leave(value, statement.lineno)
            case ast.If():
                self._choose(statement)
            case ast.With(body=body) | ast.Try(body=body):
                self.body(body)
            case ast.For() | ast.While():
                self._loop(statement)
            case ast.FunctionDef() | ast.Expr() | ast.Pass() | ast.Import() | ast.ImportFrom() | ast.Assert():
                return
            case _:
                self.program.complete = False

    def _assign(self, target: ast.expr, value: ast.expr, resolved: ast.expr | None) -> None:
        match target:
            case ast.Name(id=name):
                self._name(name, target.lineno, value, resolved)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self._unpack(parts, value, resolved)
            case ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=str() as key)):
                self._entry(owner, key, target.lineno, resolved)
            case ast.Subscript():
                self._elements(target)
            case _:
                self.program.complete = False

    def _name(self, name: str, line: int, value: ast.expr, resolved: ast.expr | None) -> None:
        seen = self._seen[name, line]
        mine = seen.popleft() if seen else None
        if isinstance(value, ast.Lambda):
            self._names[name] = value
        elif isinstance(resolved, ast.Dict | ast.Tuple | ast.List) and mine is None:
            self._names[name] = resolved
        elif _makes_a_dictionary(value):
            self._names[name] = ast.Dict([], [])
        else:
            self._names[name] = self._add(
                CodeAssignment(0, name, line, resolved, value=mine, end=value.end_lineno)
            ).number

    def _unpack(self, parts: Sequence[ast.expr], value: ast.expr, resolved: ast.expr | None) -> None:
        if isinstance(resolved, ast.Tuple | ast.List) and len(resolved.elts) == len(parts):
            for part, one in zip(parts, resolved.elts, strict=True):
                self._assign(part, one, one)
            return
        for part in parts:
            self._assign(part, value, None)
        self.program.complete = False

    def _entry(self, owner: str, key: str, line: int, resolved: ast.expr | None) -> None:
        """`grads['a'] = ...`: a value with a name of its own."""
        step = self._add(CodeAssignment(0, f"{owner}[{key!r}]", line, resolved))
        held = self._names.get(owner)
        table = held if isinstance(held, ast.Dict) else ast.Dict([], [])
        kept = [
            (k, v) for k, v in zip(table.keys, table.values, strict=True)
            if not (isinstance(k, ast.Constant) and k.value == key)
        ]  # fmt: skip
        kept.append((ast.Constant(key), ast.Name(step.key, ast.Load())))
        self._names[owner] = ast.Dict([k for k, _ in kept], [v for _, v in kept])

    def _elements(self, target: ast.Subscript) -> None:
        """`d[i] = ...`: what the whole has become is known only when the function returns."""
        owner: ast.expr = target
        while isinstance(owner, ast.Subscript):
            owner = owner.value
        if isinstance(owner, ast.Name):
            self._opaque(owner.id, target.lineno, ())
        self.program.complete = False

    def _augment(self, statement: ast.AugAssign) -> None:
        target = statement.target
        left: ast.expr
        match target:
            case ast.Name(id=name):
                left = ast.copy_location(ast.Name(name, ast.Load()), target)
            case ast.Subscript(value=owner, slice=ast.Constant(value=str()) as key):
                left = ast.copy_location(ast.Subscript(owner, key, ast.Load()), target)
            case _:
                if isinstance(target, ast.Subscript):
                    self._elements(target)
                return
        whole = ast.copy_location(ast.BinOp(left, statement.op, statement.value), statement)
        self._assign(target, whole, self._resolved(whole))
        step = self.program.steps[-1]
        if isinstance(step.expression, ast.BinOp) and step.line == target.lineno:
            step.in_place = _SIGNS.get(type(statement.op), "")
            reads = reads_in(step.expression.left)
            step.added_to = reads[0] if reads and step.in_place in ("+=", "-=") else None

    def _choose(self, statement: ast.If) -> None:
        """The branch that ran: by its test if that can be worked out, else by the lines that were seen."""
        resolved = self._resolved(statement.test)
        test = None if resolved is None else self._test(resolved)
        if test is None:
            ran = [bool(self._lines & _lines_in(body)) for body in (statement.body, statement.orelse)]
            if ran == [False, False]:
                self.program.complete = False
                return
            test = ran[0]
        self.body(statement.body if test else statement.orelse)

    def _test(self, resolved: ast.expr) -> bool | None:
        at = {step.key: step.value for step in self.program.steps if step.value is not None}
        try:
            return bool(self.reckoner.value(resolved, at))
        except (CannotRead, ValueError):
            return None

    def _loop(self, statement: ast.For | ast.While) -> None:
        """What a loop leaves behind: values without expressions."""
        self.program.complete = False
        for part in reads_of(statement):
            read = [number for name in part.reads if isinstance(number := self._names.get(name), int)]
            self._opaque(part.name, part.line, tuple(read), part.loops, part.adds)

    def _opaque(
        self, name: str, line: int, reads: tuple[int, ...], loops: tuple[int, ...] = (), adds: bool = True
    ) -> None:
        before = self._names.get(name)
        seen = self._seen[name, line]
        local = self._call.locals.get(name)
        value = seen[-1] if seen else received(local.value) if local is not None else None
        step = self._add(CodeAssignment(0, name, line, value=value))
        if isinstance(before, int) and (adds or not _all_new(self.program.steps[before].value, value)):
            reads, step.around = (*reads, before), loops
        step.reads = tuple(dict.fromkeys(reads))
        self._names[name] = step.number

    # The end

    def _leave(self, value: ast.expr | None, line: int) -> None:
        self._done = True
        self.program.return_line = line
        resolved = None if value is None else self._resolved(value)
        if isinstance(resolved, ast.Dict):
            self._returned = list(resolved.values)
        elif isinstance(resolved, ast.Tuple | ast.List):
            self._returned = list(resolved.elts)
        elif resolved is not None:
            self._returned = [resolved]

    def finish(self, names: Sequence[str]) -> None:
        """The returned values as steps."""
        sent = self._call.returned
        values = list(sent.values()) if isinstance(sent, dict) else sent
        parts = list(values) if isinstance(values, list | tuple) else [values]
        expressions: list[ast.expr | None] = list(self._returned or [])
        if len(expressions) != len(parts):
            expressions = [None] * len(parts)
        for name, part, expression in zip(names, parts, expressions, strict=False):
            line = getattr(expression, "lineno", None) or self.program.return_line
            step = self._add(CodeAssignment(0, name, line, expression, value=received(part), returned=True))
            if expression is None:
                step.reads = tuple(range(step.number))
            self.program.returns.append(step.number)


def _all_new(before: Value | None, value: Value | None) -> bool:
    """Whether every entry was set, so that nothing is left of what was there before."""
    if before is None or value is None or np.shape(before) != np.shape(value):
        return False
    return bool(np.all(np.not_equal(before, value)))


def _makes_a_dictionary(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict"


def _lines_in(body: Sequence[ast.stmt]) -> set[int]:
    return {node.lineno for statement in body for node in ast.walk(statement) if isinstance(node, ast.stmt)}


@dataclass(frozen=True)
class Part:
    """A variable that one line of a loop changes, the names it depends on, and the lines of the loops around it."""

    name: str
    line: int
    reads: frozenset[str]
    loops: tuple[int, ...]
    adds: bool = False
    """Whether it is changed by += or the like, so that what it was before counts."""


def reads_of(loop: ast.For | ast.While) -> list[Part]:
    """The parts in the order of their lines; the variables that count are none of them."""
    parts = list(_parts(loop, ()))
    counting = {node.id for part in ast.walk(loop) if isinstance(part, ast.For) for node in _names(part.target)}
    depends: dict[str, set[str]] = {}
    for part in parts:
        depends.setdefault(part.name, set()).update(part.reads)
    found = [
        Part(part.name, part.line, frozenset(_closed(part.reads, depends)), part.loops, part.adds)
        for part in parts if part.name not in counting
    ]  # fmt: skip
    return sorted({(each.name, each.line): each for each in found}.values(), key=lambda each: each.line)


def _parts(statement: ast.stmt, loops: tuple[int, ...]) -> Iterator[Part]:
    match statement:
        case ast.For(target=target, iter=over, body=body):
            inside = (*loops, statement.lineno)
            for name in _names(target):
                yield Part(name.id, statement.lineno, _read_in(over), ())
            for each in body:
                yield from _parts(each, inside)
        case ast.While(body=body) | ast.With(body=body):
            for each in body:
                yield from _parts(each, (*loops, statement.lineno))
        case ast.If(test=test, body=body, orelse=orelse):
            for each in (*body, *orelse):
                for part in _parts(each, loops):
                    yield Part(part.name, part.line, part.reads | _read_in(test), part.loops, part.adds)
        case _:
            yield from _assigned(statement, loops)


def _assigned(statement: ast.stmt, loops: tuple[int, ...]) -> Iterator[Part]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _stored(target, value, loops)
        case ast.AugAssign(target=target, value=value):
            for part in _stored(target, value, loops):
                yield Part(part.name, part.line, part.reads | {part.name}, part.loops, adds=True)


def _stored(target: ast.expr, value: ast.expr, loops: tuple[int, ...]) -> Iterator[Part]:
    if isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from _stored(each, value, loops)
        return
    owner, reads = target, _read_in(value)
    while isinstance(owner, ast.Subscript | ast.Attribute | ast.Starred):
        if isinstance(owner, ast.Subscript):
            reads |= _read_in(owner.slice)
        owner = owner.value
    if isinstance(owner, ast.Name):
        yield Part(owner.id, target.lineno, reads, loops)


def _read_in(node: ast.AST) -> frozenset[str]:
    return frozenset(each.id for each in _names(node) if each.id != "np")


def _names(node: ast.AST) -> list[ast.Name]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Name)]


def _closed(names: frozenset[str], depends: dict[str, set[str]]) -> set[str]:
    """The names, and all they depend on within the loop."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(depends.get(name, ()))
    return found

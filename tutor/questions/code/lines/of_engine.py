"""Which line of an engine is wrong: of the method of the gate concerned, or of `backward`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.questions.code.comparing import same
from tutor.questions.code.engine_graphs import EngineStep, Sample
from tutor.questions.code.engine_text import FUNCTIONS, starter_text
from tutor.questions.code.lines.engine_class import (
    EngineClass,
    called_for,
    names_of,
    overwrites,
    own_lines,
    reads_gradient,
    sending_to,
    written_in_others,
)
from tutor.questions.code.lines.mending import worked_out
from tutor.questions.code.lines.reading import FunctionNode
from tutor.questions.code.slips import CodeMistake

_OF_THE_WALK = frozenset({"nothing_arrived", "visited_again", "visited_early", "not_reset", "touched_others"})


@dataclass(frozen=True)
class EngineLines:
    """A program, the sample that shows it is wrong, and the samples of which everything is right."""

    engine: EngineClass
    sample: Sample
    right: Sequence[Sample]

    @classmethod
    def of(cls, text: str, name: str, sample: Sample, right: Sequence[Sample]) -> EngineLines | None:
        """Read the program; None where there is no such class."""
        engine = EngineClass.of(text, name)
        return cls(engine, sample, right) if engine else None

    @property
    def walks(self) -> bool:
        """Whether some gate has sent the right gradients, so that `backward` goes where it should."""
        return any(len(sample.steps) == 1 for sample in self.right)

    @property
    def chains(self) -> bool:
        """Whether something has sent the right gradients of an upstream other than 1."""
        gradients = (sample.gradients[step.name] for sample in self.right for step in sample.steps)
        return any(abs(each) > 0.01 and abs(each - 1) > 0.01 for each in gradients)

    def of_value(self, name: str) -> tuple[int, ...]:
        """The line that makes the value of a name wrong, where all before it are right."""
        step = self._step(name)
        found = self._method(step) if step else None
        if step is None or found is None:
            return ()
        method, derived = found
        if derived:
            return (method.body[-1].lineno,)
        if any(not isinstance(each, str) for each in step.arguments) and step.gate != "pow":
            return ()
        lines = {each.lineno for each in own_lines(method) if not _sets_attribute(each)}
        return tuple(lines) if len(lines) == 1 else ()

    def of_result(self, name: str) -> tuple[int, ...]:
        """The line that returns something that is no value of the engine."""
        step = self._step(name)
        method = self.engine.method(called_for(step)) if step else None
        if method is None:
            return ()
        returns = [node for node in ast.walk(method) if isinstance(node, ast.Return)]
        return (returns[0].lineno,) if len(returns) == 1 and returns[0].value is not None else ()

    def of_gradient(self, name: str, mine: float | None, slip: CodeMistake | None) -> tuple[int, ...]:
        """The line that makes the gradient of a name wrong, where those of all that it feeds are right."""
        mistake = slip.mistake if slip else ""
        if name == self.sample.outputs[-1]:
            return self._of_start(mine)
        if mistake in _OF_THE_WALK:
            return ()
        if mistake == "overwrote_branch":
            return self._of_overwriting(name, mine)
        users = [step for step in self.sample.steps if name in step.arguments]
        if len(users) != 1 or len(self.sample.outputs) > 1:
            return ()
        if mistake == "forgot_upstream" and self._seen_before(users[0]) and len(self.sample.steps) > 1:
            return self._of_upstream(users[0], name)
        if self.walks and not self.chains:
            found_alone = self._in_backward(_sends_local_alone)
            if found_alone:
                return found_alone
        found = self._method(users[0])
        alone = len(self.sample.steps) == 1
        if found is None or not self.walks or (self._seen_before(users[0]) and not alone):
            return ()
        if not self.chains and self.engine.method(called_for(users[0])) is not found[0]:
            return ()
        return self._of_gate(*found, users[0], name)

    def _step(self, name: str) -> EngineStep | None:
        return next((step for step in self.sample.steps if step.name == name), None)

    def _method(self, step: EngineStep) -> tuple[FunctionNode, bool] | None:
        """The method that does the work of an equation and has not been seen right; whether it is written in others."""
        name = called_for(step)
        called = self.engine.method(name)
        if called is None:
            return None
        doing = self.engine.computing(name)
        if written_in_others(called) is None:
            return called, False
        if not _is_given(called, self.engine.name):
            return (called, True) if doing <= self._shown_right() else None
        left = doing - self._shown_right()
        method = self.engine.methods.get(next(iter(left))) if len(left) == 1 else None
        return (method, False) if method is not None else None

    def _shown_right(self) -> set[str]:
        """The methods that samples have shown to be right."""
        found: set[str] = set()
        for sample in self.right:
            for step in sample.steps:
                doing = self.engine.computing(called_for(step))
                if len(doing) == 1 or all(
                    isinstance(each, str) for each in step.arguments
                ):  # a power of numbers is Python's
                    found |= doing
        return found

    def _seen_before(self, step: EngineStep) -> bool:
        return self.engine.computing(called_for(step)) <= self._shown_right()

    def _of_gate(self, method: FunctionNode, derived: bool, step: EngineStep, name: str) -> tuple[int, ...]:
        if derived:
            return (method.body[-1].lineno,)
        position = 0 if len(method.args.args) < 2 else step.arguments.index(name)
        if not isinstance(step.arguments[0], str):
            position = 0
        if self.engine.method(called_for(step)) is not method:  # by way of another operator, on one value
            if len(method.args.args) > 1 and method.name != "__pow__":
                return ()
            position = 0
        sending = sending_to(method, names_of(method, position))
        if step.arguments.count(name) > 1:
            return ()
        if sending or sending_to(method, set()):
            return (sending[0].lineno,) if len(sending) == 1 else ()
        return _of_locals(method)

    def _of_upstream(self, step: EngineStep, name: str) -> tuple[int, ...]:
        """A gate, or `backward`, that sends the local derivative alone."""
        method = self.engine.method(called_for(step))
        if method is None or step.arguments.count(name) > 1:
            return ()
        position = step.arguments.index(name) if isinstance(step.arguments[0], str) else 0
        if sending_to(method, set()):
            sending = sending_to(method, names_of(method, position))
            return (sending[0].lineno,) if len(sending) == 1 and not reads_gradient(sending[0]) else ()
        return self._in_backward(lambda each: isinstance(each, ast.AugAssign) and not reads_gradient(each))

    def _of_overwriting(self, name: str, mine: float | None) -> tuple[int, ...]:
        """The `=` where `+=` belongs: of the gate whose share alone is left, or of `backward`."""
        if mine is None:
            return ()
        wires = [wire for wire in self.sample.wires(self.sample.outputs[-1]) if wire.argument == name]
        gates = {wire.gate for wire in wires if np.isclose(wire.sent, mine, rtol=1e-9)}
        steps = [step for step in self.sample.steps if step.name in gates]
        methods = [method for step in steps for each in self.engine.computing(called_for(step))
                   if (method := self.engine.methods.get(each)) is not None]  # fmt: skip
        if any(sending_to(method, set()) for method in methods):
            if len(methods) != 1 or len(steps) != 1:
                return ()
            positions = [at for at, each in enumerate(steps[0].arguments) if each == name]
            owners = set().union(*(names_of(methods[0], at) for at in positions))
            found = [each for each in sending_to(methods[0], owners) if overwrites(each)]
            return (found[0].lineno,) if found else ()
        return self._in_backward(_replaces_share)

    def _in_backward(self, which: Callable[[ast.Assign | ast.AugAssign], bool]) -> tuple[int, ...]:
        """The one assignment in `backward` of this kind."""
        method = self.engine.method("backward")
        nodes = ast.walk(method) if method else ()
        found = [node for node in nodes if isinstance(node, ast.Assign | ast.AugAssign) and which(node)]
        return (found[0].lineno,) if len(found) == 1 else ()

    def _of_start(self, mine: float | None) -> tuple[int, ...]:
        """The line that gives the output its own gradient, and not 1."""
        method = self.engine.method("backward")
        if method is None or mine is None:
            return ()
        found = [each for each in sending_to(method, names_of(method, 0)) if isinstance(each, ast.Assign)]
        if len(found) != 1 or found[0] not in method.body:
            return ()
        if isinstance(found[0].value, ast.Attribute) and found[0].value.attr == "data":
            return (found[0].lineno,)
        value = worked_out(found[0].value, {})
        return (found[0].lineno,) if value is not None and value != 1 and same(value, mine) else ()


def _sends_local_alone(statement: ast.Assign | ast.AugAssign) -> bool:
    """`parent.grad += local`."""
    return (
        isinstance(statement, ast.AugAssign) and isinstance(statement.value, ast.Name)
        and isinstance(statement.target, ast.Attribute) and statement.target.attr == "grad"
    )  # fmt: skip


def _replaces_share(statement: ast.Assign | ast.AugAssign) -> bool:
    """`parent.grad = value.grad * local`, or the same in a table."""
    if isinstance(statement, ast.AugAssign) or not isinstance(statement.targets[0], ast.Attribute | ast.Subscript):
        return False
    product = isinstance(statement.value, ast.BinOp) and isinstance(statement.value.op, ast.Mult)
    return product and overwrites(statement)


def _of_locals(method: FunctionNode) -> tuple[int, ...]:
    """The one line of a method that keeps local derivatives."""
    lines = own_lines(method)
    kept = [each for each in lines if _sets_attribute(each)]
    lines = kept or lines
    return (lines[0].lineno,) if len(lines) == 1 else ()


def _sets_attribute(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and all(isinstance(each, ast.Attribute) for each in statement.targets)


def _is_given(method: FunctionNode, name: str) -> bool:
    given = EngineClass.of(starter_text(name, tuple(FUNCTIONS)), name)
    own = given.methods.get(method.name) if given else None
    return own is not None and ast.dump(own) == ast.dump(method)

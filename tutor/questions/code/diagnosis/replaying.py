"""What would be returned if one assignment had another value, and which value would make everything right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine.values import Value, as_value, shape_of
from tutor.questions.code.diagnosis.known import close
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.diagnosis.steps import CodeAssignment, Program

_LARGEST = 24
"""Arrays with more entries than this are not solved for."""

_ROUNDS = 8
_NUDGE = 1e-5

Flat = NDArray[np.float64]


@dataclass(frozen=True)
class Needed:
    """The value a step would have to have for everything returned to be right.

    `possible` is False where no value does; then the slip is elsewhere, or there are two. `value` is None where it is
    possible for all that is known, and no single value is found.
    """

    possible: bool
    value: Value | None = None


class Replay:
    """The program's steps, worked out again from any one of them on."""

    def __init__(self, program: Program, reckoner: AstInterpreter, wanted: Mapping[str, Value]) -> None:
        self._program = program
        self._reckoner = reckoner
        self._returned = [program.steps[number] for number in program.returns]
        self._wanted = [wanted[step.name] for step in self._returned]
        self.at: dict[str, Any] = {step.key: step.value for step in program.steps if step.value is not None}

    @cached_property
    def _opaque(self) -> frozenset[int]:
        """The steps whose values do not follow from their expressions: loops, arrays that two names share."""
        return frozenset(step.number for step in self._program.steps if not step.given and not self._follows(step))

    def _follows(self, step: CodeAssignment) -> bool:
        if step.expression is None or step.value is None:
            return False
        try:
            return close(as_value(self._reckoner.value(step.expression, self.at)), step.value)
        except (CannotRead, ValueError, TypeError):
            return False

    def _after(self, number: int) -> list[CodeAssignment]:
        """The later steps that depend on one."""
        touched = {number}
        found = []
        for step in self._program.steps[number + 1 :]:
            if touched.intersection(step.reads):
                touched.add(step.number)
                found.append(step)
        return found

    def readable(self, number: int) -> bool:
        """Whether a step, and all that comes of it, can be worked out."""
        return number not in self._opaque and self._is_followed(number)

    def _is_followed(self, number: int) -> bool:
        return not any(step.number in self._opaque for step in self._after(number))

    def values_with(self, number: int, value: Value) -> dict[int, Value]:
        """The values of a step, if it had this one, and of all that depends on it. Raises CannotRead."""
        return self._worked_out(self._after(number), number, value)

    def mends(self, number: int, value: Value) -> bool:
        """Whether everything returned is right when a step has this value."""
        try:
            returned = self._returns(self._after(number), number, value)
        except CannotRead:
            return False
        return all(close(mine, true) for mine, true in zip(returned, self._wanted, strict=True))

    def _returns(self, after: Sequence[CodeAssignment], number: int, value: Value) -> list[Value | None]:
        """What is returned then. Raises CannotRead."""
        new = self._worked_out(after, number, value)
        return [new.get(step.number, step.value) for step in self._returned]

    def _worked_out(self, after: Sequence[CodeAssignment], number: int, value: Value) -> dict[int, Value]:
        at = dict(self.at)
        new = {number: value}
        at[self._program.steps[number].key] = value
        with np.errstate(all="ignore"):
            for step in after:
                if step.expression is None:
                    raise CannotRead(step.name)
                try:
                    new[step.number] = as_value(self._reckoner.quietly(step.expression, at))
                except (ValueError, TypeError) as error:
                    raise CannotRead(str(error)) from error
                at[step.key] = new[step.number]
        return new

    def needed(self, number: int) -> Needed:
        """Solves for the value of a step: Newton's method, which needs one round where the rest is linear in it."""
        start = self._program.steps[number].value
        if start is None or np.size(start) > _LARGEST or not self._is_followed(number):
            return Needed(possible=True)
        solver = _Solver(self, number, self._after(number), shape_of(start))
        try:
            with np.errstate(all="ignore"):
                return solver.solved(np.ravel(np.asarray(start, dtype=np.float64)))
        except (CannotRead, np.linalg.LinAlgError):
            return Needed(possible=True)

    def differences(self, after: Sequence[CodeAssignment], number: int, value: Value) -> Flat:
        """How far each returned entry is from right, in parts of what it should be. Raises CannotRead."""
        found = []
        for mine, true in zip(self._returns(after, number, value), self._wanted, strict=True):
            if mine is None or shape_of(mine) != shape_of(true):
                raise CannotRead("another shape")
            scale = np.abs(true) + 1e-6 * float(np.max(np.abs(true))) + 1e-9
            found.append(np.ravel((np.asarray(mine) - true) / scale))
        return np.concatenate(found)


@dataclass
class _Solver:
    replay: Replay
    number: int
    after: list[CodeAssignment]
    shape: tuple[int, ...]

    def _off(self, flat: Flat) -> Flat:
        return self.replay.differences(self.after, self.number, self._value(flat))

    def _value(self, flat: Flat) -> Value:
        return flat.reshape(self.shape) if self.shape else float(flat[0])

    def solved(self, flat: Flat) -> Needed:
        off = self._off(flat)
        for turn in range(_ROUNDS):
            slopes = self._slopes(flat, off)
            if not np.isfinite(slopes).all():
                return Needed(possible=True)
            step, _, rank, _ = np.linalg.lstsq(slopes, -off, rcond=1e-9)
            foretold = off + slopes @ step
            flat = flat + step
            off = self._off(flat)
            if not np.isfinite(off).all():
                return Needed(possible=True)
            if np.max(np.abs(off)) < 1e-7:
                return Needed(possible=True, value=self._value(flat) if rank == flat.size else None)
            linear = np.max(np.abs(off - foretold)) < 1e-5 * np.max(np.abs(off))
            if turn == 0 and linear and np.max(np.abs(off)) > 1e-4:
                return Needed(possible=False)
        return Needed(possible=True)

    def _slopes(self, flat: Flat, off: Flat) -> Flat:
        columns = []
        for entry in range(flat.size):
            nudge = _NUDGE * max(abs(float(flat[entry])), 1e-3)
            moved = flat.copy()
            moved[entry] += nudge
            columns.append((self._off(moved) - off) / nudge)
        return np.stack(columns, axis=1)

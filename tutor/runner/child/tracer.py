"""Watching one call: the local variables at return, and each assignment on the way with its line.

Only the frame of the function that is called is followed line by line, and only up to a number of lines, so
that a long loop is slowed for a moment and not throughout.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Any

from .assigned_names import Assignments, assignments
from .encode import Encoder
from .original_builtins import BEFORE, OriginalBuiltins

globals()["__builtins__"] = dict(BEFORE)  # see encode.py

LINES = 100_000
HISTORY = 300


class Watch:
    """What was seen of one call. `local` is empty when no such frame ran or it did not return."""

    def __init__(self, code: CodeType, assigned: Assignments, encoder: Encoder) -> None:
        self.local: dict[str, Any] = {}
        self.history: list[tuple[str, int, Any]] = []
        self._code = code
        self._names = assigned.names
        self._elements = assigned.elements
        self._encoder = encoder
        self._own = set(code.co_varnames) | set(code.co_cellvars)
        self._lines: dict[str, int] = {}
        self._latest: dict[str, tuple[int, Any]] = {}
        self._frame: FrameType | None = None
        self._pending: tuple[int, set[str]] | None = None
        self._left = LINES

    def enter(self, frame: FrameType, event: str, _argument: object) -> Any:
        """The trace function of the thread: takes the first frame that runs our code, no other."""
        if frame.f_code is self._code and self._frame is None and event == "call":
            self._frame = frame
            return self.follow
        return None

    def follow(self, frame: FrameType, event: str, _argument: object) -> Any:
        """The trace function of the frame. A line event comes before its line runs."""
        if event == "exception":
            self._pending = None
            return self.follow
        if event not in ("line", "return"):
            return self.follow
        self._flush(frame)
        if event == "return":
            self._finish(frame)
            return None
        self._left -= 1
        if self._left <= 0:
            frame.f_trace_lines = False
        line = frame.f_lineno
        names = self._names.get(line)
        if names is not None:
            self._pending = (line, names)
            for name in names:
                self._lines[name] = line
        for name in self._elements.get(line, ()):
            self._lines[name] = line
        return self.follow

    def _flush(self, frame: FrameType) -> None:
        """Note the values that the line just finished has assigned."""
        if self._pending is None:
            return
        line, names = self._pending
        self._pending = None
        if len(self.history) >= HISTORY or self._encoder.left <= 0:
            return
        values = frame.f_locals
        for name in sorted(names & self._own):
            if name in values:
                noted = line, self._encoder.encode(values[name])
                # The last line event of a `for` assigns nothing.
                if self._latest.get(name) != noted:
                    self._latest[name] = noted
                    self.history.append((name, *noted))

    def _finish(self, frame: FrameType) -> None:
        values = frame.f_locals
        for name in values:
            if name in self._own:
                self.local[name] = [self._encoder.encode(values[name]), self._lines.get(name)]


class Observer:
    """Calls functions of the learner's and watches those whose source is the learner's own."""

    def __init__(self, source: str, filename: str, encoder: Encoder) -> None:
        self._source = source
        self._filename = filename
        self._encoder = encoder
        self._tree: ast.Module | None = None
        self._known: dict[CodeType, Assignments] = {}

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, Watch | None]:
        """What the function returns and what was seen. Whatever the function raises comes through."""
        code = own_code(function)
        if code is None or code.co_filename != self._filename:
            return function(*args, **kwargs), None
        watch = Watch(code, self._assignments(code), self._encoder)
        sys.settrace(watch.enter)
        try:
            returned = function(*args, **kwargs)
        finally:
            sys.settrace(None)
        return returned, watch

    def _assignments(self, code: CodeType) -> Assignments:
        if code not in self._known:
            with OriginalBuiltins():
                self._tree = self._tree or ast.parse(self._source)
                self._known[code] = assignments(self._tree, code)
        return self._known[code]


def own_code(function: object) -> CodeType | None:
    """The code of a plain function or method, of the innermost one if decorators wrap it; else None."""
    for _ in range(20):
        if type(function) is MethodType:
            function = function.__func__
        if type(function) is not FunctionType:
            return None
        wrapped = function.__dict__.get("__wrapped__")
        if wrapped is None:
            return function.__code__
        function = wrapped
    return None

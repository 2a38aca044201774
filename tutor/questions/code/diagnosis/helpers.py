"""The learner's own helpers: those that are a function with a name, and those that are only called by one."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tutor.questions.code.diagnosis.reckoning import KNOWN_HELPERS, AstInterpreter, CannotRead
from tutor.questions.code.diagnosis.resolving import CannotFollow, Function, Resolver

_SAMPLES = (-1.7, -0.4, 0.3, 0.9, 2.2)


def known_helpers(functions: Mapping[str, ast.FunctionDef]) -> dict[str, Callable[..., Any]]:
    """The helpers of one argument that compute a function with a name, such as the sigmoid."""
    found: dict[str, Callable[..., Any]] = {}
    for name, function in functions.items():
        if len(function.args.args) != 1:
            continue
        try:
            call = ast.Call(ast.Name(name, ast.Load()), [ast.Name("@0", ast.Load())], [])
            body = Resolver({}, functions, frozenset()).resolved(call)
            mine = [float(AstInterpreter().value(body, {"@0": sample})) for sample in _SAMPLES]
        except (CannotFollow, CannotRead, TypeError, ValueError):
            continue
        for of, known in KNOWN_HELPERS.items():
            if name in KNOWN_HELPERS and of != name:
                continue  # a sigmoid that came to be the exponential is wrong
            if np.allclose(mine, [float(known(sample)) for sample in _SAMPLES]):
                found[name] = known
    return found


def misnamed(functions: Mapping[str, ast.FunctionDef], known: Mapping[str, object]) -> dict[str, ast.expr]:
    """The helpers that are called by the name of a function and compute something else, each as an expression."""
    found: dict[str, ast.expr] = {}
    for name, function in functions.items():
        if name in KNOWN_HELPERS and name not in known and len(function.args.args) == 1:
            try:
                call = ast.Call(
                    ast.Name(name, ast.Load()), [ast.Name(f"{function.args.args[0].arg}@0", ast.Load())], []
                )
                found[name] = Resolver({}, functions, frozenset()).resolved(call)
            except CannotFollow:
                continue
    return found


def lines_of(functions: Mapping[str, Function]) -> dict[str, tuple[int, int]]:
    """The first and the last line of each helper."""
    return {name: (each.lineno, each.end_lineno or each.lineno) for name, each in functions.items()}

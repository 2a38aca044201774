"""How a right function came to be right: by loops, by finite differences, by a library that differentiates."""

from __future__ import annotations

import ast

from tutor.questions.code.diagnosis.differences import differences
from tutor.questions.code.diagnosis.looped import loop
from tutor.questions.code.diagnosis.said import Diagnosis

_LIBRARIES = frozenset({
    "autograd", "torch", "jax", "tensorflow", "sympy", "theano", "numdifftools", "casadi", "tinygrad",
})  # fmt: skip


def manner(source: str, function_name: str) -> Diagnosis | None:
    """What is worth saying of a function that returns what it should; None where there is nothing."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return _library(tree) or _differences(tree) or loop(tree, function_name)


def _library(tree: ast.Module) -> Diagnosis | None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        module = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in module or [alias.name for alias in node.names]:
            root = name.partition(".")[0]
            if root in _LIBRARIES:
                said = (
                    f"The numbers are right, but line {node.lineno} lets {root} find them. That "
                    "library does what this exercise is about: try the backward pass by hand, gate by gate."
                )
                return Diagnosis(node.lineno, root, said, "autodiff_library")
    return None


def _differences(tree: ast.Module) -> Diagnosis | None:
    line = differences(tree)
    if line is None:
        return None
    said = (
        f"The numbers are right, but line {line} finds them with small steps: a good check of a "
        "gradient. The exercise is the backward pass itself, where one pass gives every gradient, exactly."
    )
    return Diagnosis(line, "", said, "finite_differences")


def near_by_differences(source: str) -> Diagnosis | None:
    """What is said of gradients that are nearly right, where small steps find them; None where none do."""
    try:
        line = differences(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError):
        return None
    if line is None:
        return None
    said = (
        f"The value is right, and line {line} finds a gradient with small steps: a good check, "
        "close but never exact. The exercise is the backward pass: what does each gate send back?"
    )
    return Diagnosis(line, "", said, "finite_differences")

"""How a right function came to be right: by loops, by finite differences, by a library that differentiates."""

from __future__ import annotations

import ast

from tutor.questions.code.diagnosis.said import Diagnosis

_LIBRARIES = frozenset({
    "autograd", "torch", "jax", "tensorflow", "sympy", "theano", "numdifftools", "casadi", "tinygrad",
})  # fmt: skip
_SMALL = 0.02
_NUDGES = frozenset({"h", "eps", "epsilon", "step", "delta", "dh"})


def manner(source: str, function_name: str) -> Diagnosis | None:
    """What is worth saying of a function that returns what it should; None where there is nothing."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return _library(tree) or _differences(tree) or _loop(tree, function_name)


def _library(tree: ast.Module) -> Diagnosis | None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        module = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in module or [alias.name for alias in node.names]:
            root = name.partition(".")[0]
            if root in _LIBRARIES:
                said = (
                    f"The numbers are right, and line {node.lineno} lets {root} find them. A library like that does "
                    "what this exercise is about: try the backward pass by hand, gate by gate."
                )
                return Diagnosis(node.lineno, root, said, "autodiff_library")
    return None


def _differences(tree: ast.Module) -> Diagnosis | None:
    nudges = {
        node.targets[0].id for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_small(node.value)
    }  # fmt: skip
    nudges |= {
        argument.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for argument in node.args
        if argument.arg in _NUDGES
    }  # fmt: skip

    def is_nudge(node: ast.expr) -> bool:
        return any(isinstance(part, ast.Name) and part.id in nudges for part in ast.walk(node)) or any(
            _is_small(part) for part in ast.walk(node) if isinstance(part, ast.expr)
        )

    moved = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and is_nudge(node.right)
    ]  # fmt: skip
    moved_in_place = [node for node in ast.walk(tree) if isinstance(node, ast.AugAssign) and is_nudge(node.value)]
    divided = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and is_nudge(node.right)
    ]  # fmt: skip
    if divided and (moved or moved_in_place):
        line = divided[0].lineno
        said = (
            f"The numbers are right, and line {line} finds them by small steps: a good check of a gradient. The "
            "exercise is the backward pass itself: one pass back gives every gradient, exactly."
        )
        return Diagnosis(line, "", said, "finite_differences")
    return None


def _is_small(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < node.value <= _SMALL


def _loop(tree: ast.Module, function_name: str) -> Diagnosis | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function_name:
            for part in ast.walk(node):
                if isinstance(part, ast.For | ast.While) and _sets_elements(part):
                    said = (
                        f"Right. The loop on line {part.lineno} goes entry by entry; NumPy does that for whole arrays "
                        "at once: the same line without the index, and without the loop."
                    )
                    return Diagnosis(part.lineno, "", said, "loop_for_vector")
    return None


def _sets_elements(loop: ast.For | ast.While) -> bool:
    return any(isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store) for part in ast.walk(loop))

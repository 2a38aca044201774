"""How a right function came to be right: by loops, by finite differences, by a library that differentiates."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tutor.diagnosis.messages import Diagnosis
from tutor.questions.code.differences import differences

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
                return Diagnosis((node.lineno,), said, "autodiff_library")
    return None


def _differences(tree: ast.Module) -> Diagnosis | None:
    line = differences(tree)
    if line is None:
        return None
    said = (
        f"The numbers are right, but line {line} finds them with small steps: a good check of a "
        "gradient. The exercise is the backward pass itself, where one pass gives every gradient, exactly."
    )
    return Diagnosis((line,), said, "finite_differences")


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
    return Diagnosis((line,), said, "finite_differences")


_COUNTS = frozenset({"range", "ndindex", "enumerate", "zip", "nditer", "ndenumerate", "reversed"})
_LISTS = frozenset({"list", "dict", "tuple", "set", "items", "keys", "values"})


def loop(tree: ast.Module, function_name: str) -> Diagnosis | None:
    """The first loop of the function that sets entries, or adds up what an array holds; None where there is none."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name == function_name:
            lists = set(_lists(function))
            for part in sorted(_loops(function), key=lambda node: node.lineno):
                if _sets_elements(part, lists):
                    return _told(part.lineno, _BY_ENTRY)
                if _adds_up(part, lists):
                    return _told(part.lineno, _ADDED)
    return None


_BY_ENTRY = (
    "goes entry by entry; NumPy does that for whole arrays at once: use the same line without the index and the loop."
)
_ADDED = (
    "adds up one by one; NumPy does that at once: .sum(), with an axis for rows or columns, or @ where products are "
    "added."
)


def _told(line: int, what: str) -> Diagnosis:
    return Diagnosis((line,), f"The loop on line {line} {what}", "loop_for_vector")


Loop = ast.For | ast.While | ast.GeneratorExp | ast.ListComp


def _loops(function: ast.FunctionDef) -> Iterator[Loop]:
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.While):
            yield node
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.GeneratorExp | ast.ListComp):
            word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if word in ("sum", "fsum"):
                yield node.args[0]


def _lists(function: ast.FunctionDef) -> Iterator[str]:
    """The names of lists and dictionaries: not what NumPy works on at once."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _is_list(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _is_list(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return word in _LISTS
    return isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Set | ast.ListComp | ast.DictComp)


def _sets_elements(part: Loop, lists: set[str]) -> bool:
    return isinstance(part, ast.For | ast.While) and any(
        isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _root(node) not in lists
        for node in ast.walk(part)
    )


def _adds_up(part: Loop, lists: set[str]) -> bool:
    """Whether entries or rows of an array are added up."""
    match part:
        case ast.For(target=target, iter=over, body=body):
            sums = any(_is_sum(node) for each in body for node in ast.walk(each))
            return sums and _is_over_array(target, over, body, lists)
        case ast.GeneratorExp(elt=element, generators=[one, *_]) | ast.ListComp(elt=element, generators=[one, *_]):
            return _is_over_array(one.target, one.iter, [element], lists)
    return False


def _is_sum(node: ast.AST) -> bool:
    match node:
        case ast.AugAssign(op=ast.Add() | ast.Sub()):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(op=ast.Add() | ast.Sub()) as value):
            return any(isinstance(part, ast.Name) and part.id == name for part in (value.left, value.right))
    return False


def _is_over_array(target: ast.expr, over: ast.expr, body: Sequence[ast.AST], lists: set[str]) -> bool:
    """Whether what is gone through is an array, or counts the places of one."""
    if isinstance(over, ast.Call) and _word(over) in _COUNTS - {"enumerate", "zip", "reversed"}:
        counted = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
        indexed = [
            node for each in body for node in ast.walk(each)
            if isinstance(node, ast.Subscript) and _root(node) not in lists
            and any(isinstance(name, ast.Name) and name.id in counted for name in ast.walk(node.slice))
        ]  # fmt: skip
        return bool(indexed)
    arrays = over.args if isinstance(over, ast.Call) and _word(over) in _COUNTS else [over]
    return bool(arrays) and all(_is_array(each, lists) for each in arrays)


def _is_array(node: ast.expr, lists: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("T", "flat")
    if isinstance(node, ast.Name):
        return node.id not in lists
    return isinstance(node, ast.BinOp) or (isinstance(node, ast.Call) and _word(node) in ("ravel", "flatten"))


def _word(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else str(getattr(call.func, "id", ""))


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""

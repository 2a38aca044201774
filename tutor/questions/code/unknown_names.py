"""What a name that Python does not know was meant for: the tutor's notation, another name of the same value, a slip.

The program is read, never run: so names further down that are not defined either are told together with the first.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np

from tutor.diagnosis.evidence import is_gradient
from tutor.engine.gates import vocabulary
from tutor.engine.numpy_code import numpy_code
from tutor.language import Unreadable, read_expression
from tutor.language.characters import LETTERS
from tutor.language.vocabulary import WRITTEN_OUT
from tutor.questions.inflect import listed

_SHORT = 36
"""Characters of NumPy that are shown for a function."""

_CONSTANTS = {"π": "np.pi"}
_PLAIN_CALL = re.compile(r"(np\.[\w.]+)\(x\)")


@dataclass(frozen=True)
class ReturnedNames:
    """What the returned names stand for: `value` for what the equations call `outputs`, each gradient for an input's.

    `gradients` has for each its input. Empty where nothing is known of it.
    """

    value: str = ""
    outputs: tuple[str, ...] = ()
    gradients: Mapping[str, str] = field(default_factory=dict)


NOTHING_RETURNED = ReturnedNames()


def what_was_meant(name: str, text: str, at: int | None, returned: ReturnedNames = NOTHING_RETURNED) -> str:
    """What a name that is not defined on line `at` of a program was meant for, or a question that leads there."""
    tree = tree_of(text)
    if other := _said_of_other_name(name, _around(tree, at), returned):
        return other
    if said := _of_notation(name, tree):
        return f"{said}{_further(name, tree)}{_carets(tree)}{_not_returned(tree, returned)}"
    if meant := near(name, assigned_names(tree) - {name}):
        return f"Did you mean {meant}?"
    return f"Which line {'defines' if name in _called(tree) else 'should compute'} {name}?"


def line_of_meant(name: str, text: str, at: int | None, returned: ReturnedNames) -> int | None:
    """The line that computes by another name what is missing on line `at`, counted from 1; None where none does."""
    other = _other_name(name, _around(tree_of(text), at), returned)
    return other[1] if other else None


# Another name of the same value


def _said_of_other_name(name: str, tree: ast.AST, returned: ReturnedNames) -> str:
    """Which line computes the value by another name, also of other names that are returned; "" where none does."""
    other = _other_name(name, tree, returned)
    if other is None:
        return ""
    called, line, base = other
    if name == returned.value:
        said = f"{name} is what the equations call {base}: line {line} computes it as {called}."
    else:
        said = f"{name} is the gradient of {base}: line {line} computes it as {called}."
    missing = {each: None for each, _ in _not_defined(tree) if each in (returned.value, *returned.gradients)}
    also = [
        f"{each} ({found[0]} on line {found[1]})"
        for each in missing
        if each != name and (found := _other_name(each, tree, returned))
    ]
    if also:
        return f"{said} The same goes for {listed(also)}. Use one name for each."
    return f"{said} Use one name on both lines."


def _not_returned(tree: ast.AST, returned: ReturnedNames) -> str:
    """What is said of the returned names that are not defined, with a space in front; "" where there are none."""
    missing = (each for each, _ in _not_defined(tree) if each in (returned.value, *returned.gradients))
    said = next(filter(None, (_said_of_other_name(each, tree, returned) for each in missing)), "")
    return f" {said}" if said else ""


def _other_name(name: str, tree: ast.AST, returned: ReturnedNames) -> tuple[str, int, str] | None:
    """A variable with the value that a name stands for: its name, its line, and whose value or gradient it is."""
    lines = _last_assignments(tree)
    if name == returned.value:
        return next(((each, lines[each], returned.outputs[0]) for each in returned.outputs if each in lines), None)
    bases = assigned_names(tree) | set(returned.gradients.values())
    inputs = returned.gradients
    for base in [inputs[name]] if name in inputs else sorted(bases - {name}):
        if name in inputs or is_gradient(name, base, returned.outputs):
            for each, line in lines.items():
                if each not in (name, base) and is_gradient(each, base, returned.outputs):
                    return each, line, base
    return None


def _last_assignments(tree: ast.AST) -> dict[str, int]:
    """The last line that gives each plain variable a value."""
    stores = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return {node.id: node.lineno for node in sorted(stores, key=lambda node: node.lineno)}


# The tutor's notation


def _of_notation(name: str, tree: ast.Module) -> str:
    """How what is meant is written in this program, or in NumPy; "" for a name of the learner's own."""
    if own := _own_function(name, tree):
        return f"{name} is called {own} in this program."
    if _is_of_numpy(name):
        return f"{name} is NumPy's. What goes in front of its name?"
    if name in _CONSTANTS:
        return f"In NumPy {name} is {_CONSTANTS[name]}."
    return in_numpy(name) if name in _called(tree) else ""


def in_numpy(name: str) -> str:
    """How a function that NumPy does not have by that name is written there; "" for one that is not known here."""
    if _letter(name) not in vocabulary().functions and name not in WRITTEN_OUT:
        return ""
    written = _written(name)
    if function := _PLAIN_CALL.fullmatch(written):
        return f"In NumPy {name} is {function[1]}."
    return f"NumPy has no {name}: {name}(x) is {written} there." if written else f"NumPy has no {name}."


def function_called(word: str) -> str:
    """How NumPy, or else the program, calls the function that a word is; "" for another word."""
    name = word.removeprefix("np.")
    if _is_of_numpy(name) and callable(getattr(np, name)):
        return f"np.{name}"
    if _letter(name) not in vocabulary().functions:
        return ""
    function = _PLAIN_CALL.fullmatch(_written(name))
    return function[1] if function else name


def _letter(name: str) -> str:
    """The Greek letter that is spelled out; any other name as it is."""
    return LETTERS.get(name, name)


def _written(name: str) -> str:
    """How such a function is written in NumPy, of x; "" where no short line says it."""
    ways = []
    for formula in WRITTEN_OUT.get(name, (f"{name}(x)",)):
        try:
            tree = read_expression(formula, vocabulary("x")).tree
            ways.append(numpy_code(tree))
        except (Unreadable, ValueError):  # it takes more than one argument, or has no NumPy of its own
            return ""
    said = " or ".join(ways)
    used = {node.id for node in ast.walk(tree_of(said)) if isinstance(node, ast.Name)}
    return said if used <= {"np", "x"} and len(said) <= _SHORT else ""


def _is_of_numpy(name: str) -> bool:
    return hasattr(np, name) and not hasattr(builtins, name)


def _own_function(name: str, tree: ast.Module) -> str:
    """A function of the program that is the one meant, by another of its names: `sigmoid` for σ; else ""."""
    words = vocabulary().functions
    meant = words.get(_letter(name))
    if meant is None or not meant.operation:
        return ""
    own = sorted(functions_of(tree) & set(words))
    return next((each for each in own if words[each].operation == meant.operation), "")


def _further(name: str, tree: ast.Module) -> str:
    """The other names of that kind that are not defined either, with their lines, as a sentence after a space."""
    others: dict[str, int] = {}
    for each, line in _not_defined(tree):
        if each != name and _of_notation(each, tree):
            others.setdefault(each, line)
    said = [f"{each} on line {line}{_short_form(each, tree)}" for each, line in others.items()]
    return f" Not defined either: {', '.join(said)}." if said else ""


def _carets(tree: ast.Module) -> str:
    """That ^ is no power either, for who writes as in mathematics; after a space."""
    lines = lines_with_caret(tree)
    return f" And ^ on {on_lines(lines)} is not a power in Python." if lines else ""


def lines_with_caret(tree: ast.AST) -> list[int]:
    """The lines of a program on which ^ stands between two values."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor))
    return sorted({node.lineno for node in found})


def on_lines(lines: Sequence[int]) -> str:
    """`line 8`, `lines 8 and 9`."""
    return f"line{'s' if len(lines) > 1 else ''} {listed([str(line) for line in lines])}"


def _short_form(name: str, tree: ast.Module) -> str:
    """The same in brackets, after a space."""
    if own := _own_function(name, tree):
        return f" ({own} here)"
    written = f"np.{name}" if _is_of_numpy(name) else _CONSTANTS.get(name) or _written(name)
    function = _PLAIN_CALL.fullmatch(written)
    return f" ({function[1] if function else written})" if written else ""


# Names of a program


def near(name: str, others: Set[str]) -> str:
    """Which of the names was probably meant: one with a letter doubled by the key, or one that looks alike; else ""."""
    for other in sorted(others):
        if _REPEATED.sub(r"\1", name) == _REPEATED.sub(r"\1", other):
            return other
    return next(iter(difflib.get_close_matches(name, sorted(others), n=1, cutoff=0.75)), "")


_REPEATED = re.compile(r"(.)\1+")


def assigned_names(tree: ast.AST) -> set[str]:
    """The variables and parameters of a program."""
    return {
        node.id if isinstance(node, ast.Name) else node.arg for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)) or isinstance(node, ast.arg)
    }  # fmt: skip


def functions_of(tree: ast.AST) -> set[str]:
    """The functions and classes that a program defines."""
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _called(tree: ast.Module) -> set[str]:
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def _not_defined(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The names that are used and nowhere defined, with their lines, from the top."""
    known = {"np", *dir(builtins), *assigned_names(tree), *functions_of(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            known.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            known.add(node.name)
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in known]
    for node in sorted(used, key=lambda node: (node.lineno, node.col_offset)):
        yield node.id, node.lineno


def _around(tree: ast.Module, line: int | None) -> ast.AST:
    """The innermost function that a line is in; all of the program where it is in none."""
    around: ast.AST = tree
    for node in ast.walk(tree):  # from the outside in
        if isinstance(node, ast.FunctionDef) and line and node.lineno <= line <= (node.end_lineno or 0):
            around = node
    return around


def tree_of(text: str) -> ast.Module:
    """A program as Python reads it; an empty one where it cannot."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])

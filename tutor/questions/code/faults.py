"""What Python's error means here, and what would help: said as a teacher would who sees the line and the inputs.

Python tells most of its errors apart by their words alone, so these are read; no sentence of ours is.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import keyword
import re
from collections.abc import Mapping

import numpy as np

from tutor.diagnosis.child.sites import given_lines
from tutor.engine.values import Value, shape_of, show_shape, show_value
from tutor.questions.code.products import others_told
from tutor.questions.code.unknown_names import (
    NOTHING_RETURNED,
    ReturnedNames,
    assigned_names,
    function_called,
    functions_of,
    in_numpy,
    line_of_meant,
    lines_with_caret,
    on_lines,
    tree_of,
    what_was_meant,
)
from tutor.runner import RunFault

_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
_NOT_YET = re.compile(r"cannot access local variable '(\w+)'")
_NO_SUCH = re.compile(r"module '?numpy'? has no attribute '(\w+)'")
_NO_MODULE = re.compile(r"No module named '(\w+)")
_LONGEST = 60


def not_an_answer(fault: RunFault, text: str, starter: str) -> str:
    """Why code that ended by a fault is no answer yet, and costs nothing; "" where it is one."""
    if starter and _plain(text) == _plain(starter):
        return "This is what the editor held at first: the lines are still to be written."
    if fault.error == "NotImplementedError":
        return f"Line {fault.line} says that it is still to be written: {_line(text, fault.line).strip()}"
    if fault.kind == "import":
        return _of_import(fault)
    if fault.error == "EOFError":
        return f"{fault.message} The inputs are the arguments of the function."
    return ""


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _of_import(fault: RunFault) -> str:
    found = _NO_MODULE.search(fault.detail)
    name = found[1] if found else "that"
    where = f" on line {fault.line}" if fault.line else ""
    return f"There is no {name} here{where}: NumPy only. The backward pass is yours to write, gate by gate."


_COEFFICIENT = re.compile(r"\b\d+[A-Za-z(]\w*")


def unreadable_line(fault: RunFault, text: str) -> str:
    """What a line that Python cannot read lacks, after a space; "" where its own words are as good."""
    if "indent" in fault.detail and (outside := _lines_outside(text, fault.line)):
        begin, they = ("begins", "it is") if len(outside) == 1 else ("begin", "they are")
        told = f"lines {outside[0]} to {outside[-1]}" if len(outside) > 1 else f"line {outside[0]}"
        return f" {told.capitalize()} {begin} at the margin, so {they} not in the function. Indent by four blanks."
    found = _COEFFICIENT.search(_line(text, fault.line))
    if "decimal literal" in fault.detail:
        return f" Is a * missing in {found[0]}?{others_told(text, fault.line, found[0])}" if found else ""
    if absolute := _ABSOLUTE.search(_line(text, fault.line)):
        return f" Python has no bars: |{absolute[1]}| is np.abs({absolute[1]})."
    if beside := _factors_side_by_side(text):
        called = "" if _first_line_of(beside[0], text) else function_called(beside[0])
        if called:
            return f" Python wants brackets around what a function is called with: {called}({beside[1]})."
        others = others_told(text, fault.line, " ".join(beside))
        return " Python wants a * between {} and {}.".format(*beside) + others
    return ""


def _lines_outside(text: str, line: int | None) -> list[int]:
    """Lines at the margin, behind a `def`, up to the line with indent that Python cannot place, or expects."""
    lines = text.splitlines()
    begins = next((at for at in range(min(line or 0, len(lines)), 0, -1) if lines[at - 1].startswith("def ")), 0)
    outside: list[int] = []
    for number, each in enumerate(lines[begins:] if begins else (), begins + 1):
        indented = each[:1].isspace()
        if each.startswith(("def ", "class ", "@")) or (indented and each.strip() and number >= (line or 0)):
            break
        if each.strip() and not indented and not each.startswith("#"):
            outside.append(number)
    return outside


_ABSOLUTE = re.compile(r"(?:[-+*/(=,]|\breturn)\s*\|([^|=]+)\|")
_COMPUTES = re.compile(r"\s*(?:return\b|[\w.,\s\[\]]+[-+*/@]?=(?!=))")
_OPERAND_BEFORE = re.compile(r"(?:[\w.]+|[\w.]*\([^()]*\)|[\w.]*\[[^\[\]]*\])$")
_OPERAND_AFTER = re.compile(r"(?:[\w.]+(?:\([^()]*\))?|\([^()]*\))")


def _factors_side_by_side(text: str) -> tuple[str, ...]:
    """Two factors with a blank between them, as mathematics writes a product, where a * mends it; else ()."""
    error = _trouble(text)
    if error is None or error.lineno is None or not error.offset:
        return ()
    lines = text.splitlines()
    line, at = lines[error.lineno - 1], error.offset - 1
    before, after = _OPERAND_BEFORE.search(line[:at].rstrip()), _OPERAND_AFTER.match(line[at:])
    if before is None or after is None or not _COMPUTES.match(line):
        return ()
    if keyword.iskeyword(before[0]) or keyword.iskeyword(after[0]):
        return ()
    lines[error.lineno - 1] = f"{line[:at]}* {line[at:]}"
    still = _trouble("\n".join(lines))
    further = still is None or (still.lineno or 0, still.offset or 0) > (error.lineno, error.offset + 2)
    return (before[0], after[0]) if further else ()


def _trouble(text: str) -> SyntaxError | None:
    """What Python's parser says to a text; None where it can read it."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):  # it says no place
        return None
    return None


def misplaced(text: str, entry: str) -> str:
    """Where the function asked for stands, if not at the top; "" where it is nowhere."""
    for owner in ast.walk(tree_of(text)):
        if isinstance(owner, ast.ClassDef | ast.FunctionDef):
            for node in owner.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == entry:
                    kind = "class" if isinstance(owner, ast.ClassDef) else "function"
                    return (
                        f"{entry} is on line {node.lineno}, inside the {kind} {owner.name}: move it out, to the margin."
                    )
    return ""


def says_all(fault: RunFault) -> bool:
    """Whether what is said of the fault is all there is to say: any change would only choose one of the answers."""
    return "truth value of an array" in fault.detail


def is_notation(fault: RunFault, text: str) -> bool:
    """Whether a sign of mathematics means something else in Python, so that nothing was computed: ^, |, a(b)."""
    return bool(_operator_of_bits(fault)) or (fault.detail.endswith(_NO_FUNCTION) and bool(_of_call(fault, text)))


_NO_FUNCTION = "object is not callable"


_OF_BITS = {
    "bitwise_xor": "^", "bitwise_or": "|", "bitwise_and": "&", "invert": "~", "left_shift": "<<", "right_shift": ">>",
}  # fmt: skip
_BITS = re.compile(r"ufunc '(\w+)' not supported|for (\^|\||&|<<|>>|unary ~):")


def _operator_of_bits(fault: RunFault) -> str:
    """The operator that works on the bits of whole numbers and met other numbers; "" where it is not that."""
    found = _BITS.search(fault.detail) if fault.error == "TypeError" else None
    return "" if found is None else _OF_BITS.get(found[1], "") if found[1] else found[2].removeprefix("unary ")


def advice(
    fault: RunFault,
    text: str,
    starter: str = "",
    inputs: Mapping[str, Value] | None = None,
    returned: ReturnedNames = NOTHING_RETURNED,
) -> str:
    """A sentence that leads on from what Python said, after a space; "" where its own words are as good."""
    said = fault.detail
    found = _of_names(fault, text, returned) or _of_words(fault, said, text, inputs or {})
    caller = _caller(fault, text, starter)
    return "".join(f" {each}" for each in (found, caller) if each)


def _first_line_of(name: str, text: str) -> int:
    """The first line that gives a name a value, counted from 1; 0 where none does."""
    gives = re.compile(rf"\s*{re.escape(name)}\s*=(?!=)")
    return next((number for number, line in enumerate(text.splitlines(), 1) if gives.match(line)), 0)


def _of_names(fault: RunFault, text: str, returned: ReturnedNames) -> str:
    said = fault.detail
    if name := _not_defined(fault):
        return what_was_meant(name, text, fault.line, returned)
    if fault.error == "UnboundLocalError" and (found := _NOT_YET.search(said)):
        given = _first_line_of(found[1], text)
        asks = f"Which line gives {found[1]} its first value?"
        return f"{found[1]} gets its first value on line {given}." if given > (fault.line or 0) else asks
    if found := _NO_SUCH.search(said):
        near = difflib.get_close_matches(found[1], dir(np), n=1, cutoff=0.75)
        return in_numpy(found[1]) or (f"Did you mean np.{near[0]}?" if near else "")
    return ""


def _not_defined(fault: RunFault) -> str:
    """The name that Python does not know; "" where it is not that."""
    found = _NOT_DEFINED.search(fault.detail) if fault.error == "NameError" else None
    return found[1] if found else ""


def line_meant(fault: RunFault, text: str, returned: ReturnedNames) -> tuple[int, ...]:
    """The line that computes what is missing by another name; () where none does."""
    name = _not_defined(fault)
    line = line_of_meant(name, text, fault.line, returned) if name else None
    return (line,) if line else ()


def _of_words(fault: RunFault, said: str, text: str, inputs: Mapping[str, Value]) -> str:
    if "truth value of an array" in said:
        return _of_truth(fault, text, inputs)
    if "converted to Python scalars" in said and "math." in _line(text, fault.line):
        return "The functions of math take one number; those of NumPy go entry by entry."
    if "NoneType" in said and (silent := _without_return(text)):
        return f"{silent} returns nothing: what does it end with?"
    if "tuple index out of range" in said and (found := _SIZE.search(_line(text, fault.line))):
        value = inputs.get(found[1])
        return f"{found[1]} has shape {show_shape(shape_of(value))} here." if value is not None else ""
    if found := _NOT_CALLED.search(_line(text, fault.line)):
        return f"{found[0]} is a function that is not called. What calls it?"
    if said.endswith(_NO_FUNCTION):
        return _of_call(fault, text)
    if operator := _operator_of_bits(fault):
        if operator != "^":
            return f"In Python {operator} works on the bits of whole numbers only."
        others = [line for line in lines_with_caret(tree_of(text)) if line != fault.line]
        also = f" The same goes for {on_lines(others)}." if others else ""
        return f"In Python ^ is not a power. Which operator is?{also}"
    if "matmul" in said and "mismatch" in said:
        found = _INNER.search(said)
        here = f"; here they are {found[2]} and {found[1]}" if found else ""
        return f"The inner sizes at @ must match{here}. What shapes do its two factors have?"
    if "could not be broadcast" in said or "not aligned" in said:
        return "What shapes do the two arrays have?"
    if "builtin_function_or_method" in said or "'function'" in said:
        return _of_function(fault, text)
    return ""


_INNER = re.compile(r"size (\d+) is different from (\d+)")
_SIZE = re.compile(r"(\w+)\.shape\[")
_NOT_CALLED = re.compile(r"\w+\.(?:transpose|sum|mean|copy|max|min|dot)\b(?!\s*\()")


def _without_return(text: str) -> str:
    """The first function that never returns a value; "" where each does."""
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__":
            returns = [part for part in ast.walk(node) if isinstance(part, ast.Return | ast.Yield) and part.value]
            if not returns:
                return node.name
    return ""


def _of_truth(fault: RunFault, text: str, inputs: Mapping[str, Value]) -> str:
    line = _line(text, fault.line).strip()
    read = tree_of(line.rstrip(":") if line.startswith("assert") else f"{line}\n    pass")
    names = {node.id for node in ast.walk(read) if isinstance(node, ast.Name)} or set(re.findall(r"[A-Za-z_]\w*", line))
    shown = next((name for name in inputs if name in names and shape_of(inputs[name])), "")
    about = ""
    if shown:
        value = show_value(inputs[shown])
        held = f" {value}," if len(value) <= _LONGEST else ""
        about = f"{shown} is an array of {np.size(inputs[shown])} numbers here,{held} and each has its own answer. "
    if line.startswith("assert"):
        return f"{about}assert needs one yes or no: .all() asks whether it is true of every entry."
    return f"{about}if needs one yes or no: np.where(condition, this, that) chooses entry by entry."


def _of_call(fault: RunFault, text: str) -> str:
    for node in ast.walk(tree_of(text)):
        if isinstance(node, ast.Call) and node.lineno == fault.line and not isinstance(node.func, ast.Attribute):
            plain = isinstance(node.func, ast.Name) and (
                hasattr(builtins, node.func.id) or node.func.id in functions_of(tree_of(text))
            )
            if not plain:
                product = ast.unparse(node)[:_LONGEST]
                others = others_told(text, fault.line, product)
                return f"Is a * missing in {product}? Brackets after a value call it.{others}"
    return ""


def _of_function(fault: RunFault, text: str) -> str:
    for name in re.findall(r"[A-Za-z_]\w*(?!\w*\s*\()", _line(text, fault.line)):
        if hasattr(builtins, name) and name not in assigned_names(tree_of(text)):
            near = difflib.get_close_matches(name, sorted(assigned_names(tree_of(text))), n=1, cutoff=0.7)
            meant = f" Did you mean {near[0]}?" if near else " What is yours called?"
            return f"{name} is Python's own function here, not a value.{meant}"
    return ""


def _caller(fault: RunFault, text: str, starter: str) -> str:
    """The learner's own line that leads to a function that was given."""
    given = given_lines(tree_of(text), starter) if fault.line else set()
    if fault.line not in given:
        return ""
    own = next((line for line in fault.lines if line not in given), None)
    return f"Line {own} of yours calls it: what does it hand over?" if own else ""


def _line(text: str, number: int | None) -> str:
    lines = text.splitlines()
    return lines[number - 1] if number and number <= len(lines) else ""

"""The text of an operation's class: what the editor holds at first, and a right one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.questions.code.operations import OperationEntry

UNBROADCAST = """def unbroadcast(gradient, shape):
    \"\"\"Sum a gradient back to the shape before broadcasting.\"\"\"
    while np.ndim(gradient) > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


"""


"""Given where arguments of different shapes come in."""


_UNBROADCAST_NAMED = re.compile(r"^(?:def\s+unbroadcast\b|unbroadcast\s*=|from\b.*\bunbroadcast\b)", re.MULTILINE)


def with_given(text: str, broadcast: bool) -> str:
    """A program with what is given added at its end, where it lacks that: one from elsewhere may not hold it."""
    return text if not broadcast or _UNBROADCAST_NAMED.search(text) else f"{text}\n\n\n{UNBROADCAST}"


def starter_text(entry: OperationEntry, name: str, broadcast: bool) -> str:
    """The class with its two methods to be filled in."""
    first = entry.arguments[0]
    each = "of each argument" if len(entry.arguments) > 1 else f"of {first}"
    constants = f" {' and '.join(entry.keywords)} are constants." if entry.keywords else ""
    return _class(
        entry,
        name,
        broadcast,
        [
            "# context is a dictionary, new at each use.",
            "# Store in it what backward will need:",
            f'# context["{first}"] = {first}',
            "",
            "return out",
        ],
        [
            "# goutput: the gradient of what forward returned",
            f"# Return the gradient {each},",
            f"# of the argument's own shape.{constants}",
            "",
            f"return {_returns(entry)}",
        ],
    )


def worked_text(entry: OperationEntry, name: str, broadcast: bool) -> str:
    """A right class."""
    keeps = [*entry.keeps, *(f"{each}.shape" for each in entry.arguments if broadcast)]
    forward = [f"out = {entry.code}", *(f'context["{_key(each)}"] = {_kept(each)}' for each in keeps), "return out"]
    backward = [f'{_key(each)} = context["{_key(each)}"]' for each in keeps]
    for argument, code in zip(entry.arguments, entry.code_vjps, strict=True):
        backward.append(f"g{argument} = {f'unbroadcast({code}, {argument}_shape)' if broadcast else code}")
    return _class(entry, name, broadcast, forward, [*backward, f"return {_returns(entry)}"])


def _class(entry: OperationEntry, name: str, broadcast: bool, forward: Sequence[str], backward: Sequence[str]) -> str:
    constants = f", *, {', '.join(entry.keywords)}" if entry.keywords else ""
    lines = [
        f"class {name}:",
        f'    """Computes {entry.title}."""',
        "",
        "    @staticmethod",
        f"    def forward(context, {', '.join(entry.arguments)}{constants}):",
        *(f"        {line}" for line in forward),
        "",
        "    @staticmethod",
        "    def backward(context, goutput):",
        *(f"        {line}" for line in backward),
        "",
    ]
    return (UNBROADCAST if broadcast else "") + "\n".join(lines)


def _returns(entry: OperationEntry) -> str:
    return ", ".join(f"g{argument}" for argument in entry.arguments)


def _key(kept: str) -> str:
    return kept.replace(".", "_")


def _kept(kept: str) -> str:
    name, dot, _ = kept.partition(".")
    return f"np.shape({name})" if dot else name

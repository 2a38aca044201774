"""Python that stands in a file for the learner's editor: it is read, never run."""

from __future__ import annotations

import ast
import keyword
import re
import warnings

from tutor.library.decoding import BadFile


def refuse_unreadable(key: str, text: str) -> None:
    """Raise BadFile, with the line within the text, where Python could not read it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a string of the author's is no matter of ours
            ast.parse(text.strip("\n"))
    except SyntaxError as error:
        first = len(text) - len(text.lstrip("\n"))
        line = (error.lineno or 1) + first
        raise BadFile(key, f"Python cannot read line {line} of it: {_said(error, text)}") from None
    except (RecursionError, MemoryError, ValueError):
        raise BadFile(key, "Python cannot read it: it is nested too deep") from None


def _said(error: SyntaxError, text: str) -> str:
    lines = text.strip("\n").split("\n")
    number = error.lineno or 1
    shown = lines[number - 1].strip() if number <= len(lines) else ""
    return f"{error.msg}{f': {shown}' if shown else ''}"


def refuse_no_name(key: str, name: str) -> None:
    """Raise BadFile for a word that cannot be a name in Python."""
    if not name.isidentifier() or keyword.iskeyword(name):
        could = python_name(name)
        instead = f"; {could} could be one" if could.isidentifier() and could != name else ""
        raise BadFile(key, f"{name} is not a name in Python{instead}")


def python_name(name: str) -> str:
    """A name of the exercise as Python can have it: `lambda` is `lambda_`, a prime is an underscore."""
    name = re.sub(r"\W", "_", name)
    return f"{name}_" if keyword.iskeyword(name) else name

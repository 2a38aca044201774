"""What learners type: the grammar, the tree it becomes, its printer.

A text and a `Vocabulary` (names, function words, shapes) go in; a `Reading` with a tree comes out, or `Unreadable` with
a sentence and carets. Open `reader.py` first: `read_expression` scans (`tokenizer.py`), runs one pass after the other
over the pieces (`lists.py`, `operands.py`, ...), parses them by `grammar.lark` (`parser.py`, `tree_builder.py`), and
reads products of arrays and subscripts on the tree (`tree.py`). `printer.py` writes a tree as text.
"""

from __future__ import annotations

from tutor.language.entries import positions_text
from tutor.language.errors import Unreadable
from tutor.language.notation import Otherwise, other_readings
from tutor.language.printer import ASCII, UNICODE, Style, show, typed
from tutor.language.reader import (
    Reading,
    prepare,
    read_entrywise,
    read_equation,
    read_expression,
    read_function,
    read_name,
    read_shape,
)
from tutor.language.tree import (
    Apply,
    Constant,
    Equation,
    Expression,
    Function,
    Matrix,
    Name,
    Number,
    Option,
    Positions,
    Span,
    Stretch,
    children,
    names_in,
    walk,
)
from tutor.language.vocabulary import Arrays, FunctionWord, Vocabulary

__all__ = [
    "ASCII",
    "UNICODE",
    "Apply",
    "Arrays",
    "Constant",
    "Equation",
    "Expression",
    "Function",
    "FunctionWord",
    "Matrix",
    "Name",
    "Number",
    "Option",
    "Otherwise",
    "Positions",
    "Reading",
    "Span",
    "Stretch",
    "Style",
    "Unreadable",
    "Vocabulary",
    "children",
    "names_in",
    "other_readings",
    "positions_text",
    "prepare",
    "read_entrywise",
    "read_equation",
    "read_expression",
    "read_function",
    "read_name",
    "read_shape",
    "show",
    "typed",
    "walk",
]

"""What reading and judging cost to import: nothing large, the grammar only for a text, rare things only when needed."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
from tutor.language import FunctionWord, Vocabulary, read_expression, read_shape
from tutor.language.highlighting import marks
large = ("lark", "numpy", "sympy", "flint", "mpmath", "textual", "rich")
loaded = [[name for name in large if name in sys.modules]]
vocabulary = Vocabulary({"exp": FunctionWord("exp")}, frozenset("xy"))
marks("exp(x) + (y", vocabulary, 3)
read_shape("(2, 1)")
loaded.append([name for name in large if name in sys.modules])
read_expression("exp(x) y", vocabulary)
loaded.append([name for name in large if name in sys.modules])
print(json.dumps(loaded))
"""


def test_only_reading_loads_the_grammar_and_nothing_loads_numpy_or_sympy() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[], [], ["lark"]]


JUDGING = """
import sys
import tutor
tutor.judge("2(x + 1) + sin(x)", "2x + 2 + sin(x)")
print(*sorted(name for name in sys.modules if name.startswith("tutor")))
"""

RARE = (
    "suggestions",
    "unknown_words",
    "latex",
    "foreign_symbols",
    "equation_sides",
    "index_notation",
    "index_checks",
    "array_products",
    "highlighting",
)


def test_judging_an_expression_loads_no_graphs_no_files_and_nothing_of_the_language_that_few_texts_need() -> None:
    done = subprocess.run([sys.executable, "-c", JUDGING], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "tutor.judging.equivalence" in loaded
    assert not {
        name for name in loaded if name.startswith(("tutor.library", "tutor.engine.passes", "tutor.engine.graph"))
    }
    assert not {f"tutor.language.{name}" for name in RARE} & loaded
    assert len(loaded) <= 61

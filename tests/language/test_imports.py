"""What reading costs to import: nothing large, and the grammar only when a text is read."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
from tutor.language import FunctionWord, Vocabulary, marks, read_expression, read_shape
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

"""The kind `shape`: the shape of a result, of a gradient or a derivative; and how arrays lie in memory.

Shapes and an operation go in, and shapes such as `(7, 3)`; a verdict comes out that says why, drawn axis under axis.
NumPy itself is the truth (`arrays.py`). Open `question.py` first, blanks for shapes; `memory.py` has those for views
and strides, `explain.py` and `broadcasting.py` say why a shape is what it is, `tables.py` what a file may hold.
"""

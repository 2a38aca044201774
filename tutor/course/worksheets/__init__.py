"""Worksheets: exercises and papers as sheets to be handed out, empty or with their key.

Exercises with what they are worth (`SheetPart`) go in, `build.py` makes a `Document` of them, and one writer for each
format turns that into a file: `markdown.py`, `html.py`, `latex.py`, `typst.py` (PDF) and `notebook.py`. Open
`document.py` first. `handout.py` gives each student numbers of their own and writes a whole folder, or nothing.
"""

from __future__ import annotations

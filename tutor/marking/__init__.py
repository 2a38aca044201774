"""Marks for a learner's answers to an exercise, as an examiner gives them.

An exercise and its `Work` (what was answered, hinted, shown) go in; `ExerciseMarks` come out, the same for the app, the
plain face, `grade` and Python. Open `mark.py` first: it judges blank after blank, with error carried forward.
`scheme.py` says what each blank is worth, `degenerate.py` which wrong values leave nothing to follow, `records.py` what
comes out, `learner_graph.py` how a wrong staging is followed. Nothing here is shown or kept.
"""

from __future__ import annotations

from tutor.marking.mark import Marker, Work, mark, work_of
from tutor.marking.records import BlankMarks, ExerciseMarks, MarkOutcome, PaperMarks, QuestionMarks, StepMarks
from tutor.marking.scheme import full_marks

__all__ = [
    "BlankMarks",
    "ExerciseMarks",
    "MarkOutcome",
    "Marker",
    "PaperMarks",
    "QuestionMarks",
    "StepMarks",
    "Work",
    "full_marks",
    "mark",
    "work_of",
]

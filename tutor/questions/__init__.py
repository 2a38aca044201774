"""One module or folder a kind of question: what it asks, how it judges, hints, worked answers.

A table of an exercise file goes in (`registry.questions_of`), a `Question` comes out: its steps, their blanks, and for
a blank and a text a `Verdict`, three hints and a right answer. Open `blank.py` first, what every kind is made of, then
`question.py`. Most kinds are `Item`s of `short_answer.py`, as in `order.py`; `backprop/` has steps of its own. A new
kind is a module and a line in `registry.py`. `graph_candidates.py`, upon `backward_context.py` and `equation_graph.py`,
makes the misconceptions of a whole graph for kinds that do not ask gate by gate.
"""

from __future__ import annotations

from tutor.questions.blank import BACKWARD, CODE, LOCAL_KEY, Answer, Answers, Blank, FilledIn, InputKind, Step

__all__ = ["BACKWARD", "CODE", "LOCAL_KEY", "Answer", "Answers", "Blank", "FilledIn", "InputKind", "Step"]

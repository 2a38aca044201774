"""The kind `backprop`: stage, forward, backward, code and descend, all on the learner's own graph.

A function with inputs goes in; blanks for every value and gradient come out, with verdicts that know the true numbers
(`reference.py`), what follows from the learner's own (`carried_forward.py`) and what mistakes lead to (the tables in
`misconceptions.py`, made for a blank by `candidates.py`, told by `explain.py`; `prompts.py` asks where none is known).
Open `question.py` first; the steps are in `steps.py`, `backward.py` and `code.py`. `staging.py` reads the learner's
equations; what is wrong with them is in `staging_diagnosis/`.
"""

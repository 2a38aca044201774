"""The kind `backprop`: stage, forward, backward, code and descend, all on the learner's own graph.

A function with inputs goes in; blanks for every value and gradient come out, with verdicts that know the true numbers
(`reference.py`), what follows from the learner's own (`carried_forward.py`) and what mistakes lead to
(`misconceptions.py`, said by `explain.py` and `prompts.py`). Open `question.py` first; the steps are in `steps.py`,
`backward.py` and `code.py`. `staging.py` reads the learner's equations; what is wrong with them is in
`staging_diagnosis/`.
"""

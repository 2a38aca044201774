"""The kind `value`: a number or an array from a formula, or from its gradient.

Numbers and formulas go in, and what a learner types; a verdict comes out that names the mistake. Open `question.py`
first: blanks and hints. `judge.py` has the verdicts, `reference.py` the truth: values, gradients; `misconceptions.py`
what wrong ways lead to at these numbers (`of_value.py`, `of_gradient.py`, and changes of the formula,
`formula_edits.py`), `own_numbers.py` what they lead to upon the learner's own answers.
"""

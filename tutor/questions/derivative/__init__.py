"""The kind `derivative`: an expression, or its value at a point, judged against the derivative of equations.

Equations and the learner's expression go in; a verdict comes out that names the rule that was broken. Open
`question.py` first: blanks, hints, explanations. `target.py` is one derivative that is asked for and judged,
`equations.py` the equations and their operations as a tape, `wrong_rules.py` what people do with one operation,
`misconceptions.py` what an answer shows.
"""

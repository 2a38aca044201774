"""The kind `chain`: the chain rule as a formula in partial derivatives, judged by the paths of who depends on whom.

Who depends on whom goes in, and a formula such as `dw/dx = ∂w/∂y dy/dx`; a verdict comes out that names the path that
is missing or extra. Open `question.py` first; `parser.py` reads formulas, `dependence.py` has the paths.
"""

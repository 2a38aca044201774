"""The kind `gradient`: a gradient as a matrix expression, judged on random tensors of the question's shapes.

Equations with shapes go in, and expressions such as `X^T dY`; a verdict comes out: the shape first, then the values,
then which mistake it is. Open `question.py` first. `spec.py` runs the equations on random tensors, `backward.py` and
`context.py` are the backward pass and what comes of changing it, `reading.py` reads answers, `judge.py` judges them.
"""

"""The engine: gates, graphs of gates, and the true forward and backward passes over them.

Expressions of the language and values (floats and float64 arrays, by name) go in; values, gradients, shapes, NumPy code
and symbolic forms come out. Open `gates/gate.py` first: `Gate` is all that is known of one operation, and `gates/`
holds an entry for each. `evaluate.py` is the value of an expression; `staging.py` makes a `Graph` (`graph.py`) of one,
and `passes.py` runs it forward and backward. `enclosure.py` computes with a bound on the error, `canonical_form.py`
puts products and sums in order, `symbolic_backward.py` and `sympy_bridge.py` say gradients in symbols.
"""

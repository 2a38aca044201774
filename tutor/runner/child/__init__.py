"""What runs in the other process: the standard library and NumPy, nothing else of tutor.

The parent starts it as the package `child`, so the modules here import one another relatively. `wire` and
`folder` are used by both sides and import no NumPy.
"""

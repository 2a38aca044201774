"""What runs in the other processes: the standard library and NumPy, nothing else of tutor.

The parent starts it as the package `child`, so the modules here import one another relatively. `boot` makes the
working folder and splits in two: the `keeper`, which runs none of the learner's code, and the `worker`, which does.
`wire`, `folder` and `processes` are used by the parent too and import no NumPy.
"""

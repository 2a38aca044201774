"""What runs in the other processes: the standard library and NumPy, nothing else of tutor.

In comes one job as a line of JSON on standard input, out goes one framed result on standard output; what the
learner's code prints leaves by standard error. Open `supervisor` first: it begins, makes the working folder and splits
in two: the supervisor, which runs none of the learner's code and clears up, and the `worker`, which does and loads
NumPy. The parent starts it as the package `child`, so the modules here import one another relatively. `protocol`,
`folder` and `process_tree` are used by the parent too and import no NumPy.
"""

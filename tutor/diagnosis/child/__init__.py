"""Runs in the runner's process, beside the learner's code: the same program, watched, disturbed and changed.

The sources of these modules are sent there as text (`examination.py`), so they import nothing but the standard library,
NumPy and one another. Open `examine.py` first.
"""

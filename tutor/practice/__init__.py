"""Practice: exercises again on fresh numbers, functions of the learner's own, and what the journal says of skills.

Exercises of the library and entries of the journal come in; exercises to be worked go out. `variants.py` is the file
to open first. Nothing here knows a face.
"""

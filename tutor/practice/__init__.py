"""Practice: exercises again on fresh numbers, functions of the learner's own, skills, review, the plan up to an exam.

Exercises of the library and entries of the journal come in; exercises to be worked go out. `variants.py` is the file
to open first for fresh numbers, `generated.py` for functions made of gates that are asked for, `own_function.py` for
those of the learner's own. For review: `journal_trace.py` reads skills off the journal, `summary.py` keeps what it
found, `review_queue.py` chooses a skill, `review_items.py` makes a blank for it, `review_round.py` holds it together;
`today.py` says what a day holds. Nothing here knows a face.
"""

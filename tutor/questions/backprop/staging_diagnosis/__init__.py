"""Which mistake in a learner's staging makes it another function than the one that is asked for.

The function and the equations go in; a sentence that names the mistake and its line comes out, or only a point at
which the two differ. Open `search.py` first: it tries the edits (`edits.py`) at every place of the function
(`contexts.py`) and keeps those that give what the learner's equations give at points in general position;
`explain.py` says which mistake it is and in which line.
"""

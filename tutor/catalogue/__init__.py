"""Finding one's way among exercises and gates, for every face: what there is, what is done, what comes next.

The library and the learner's progress go in; lists come out. Open `search.py` first (`Shelf`); `listing.py` is the
verb `list`, quick enough for shells that complete ids; `gate_cards.py` is what there is to know of each gate.
"""

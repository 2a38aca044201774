"""Finding one's way among exercises and gates, for every face: what there is, what is done, what comes next.

The library and the store go in; lists, search results and gate cards come out, as data or lines of text. Open
`search.py` first: `Shelf` is what all of it is found on. `listing.py` is the verb `list`, quick enough for shells;
`gate_cards.py` makes a card of each gate's entry.
"""

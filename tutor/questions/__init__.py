"""One module a kind of question: what it asks, how it judges, hints, worked answers."""

"""Which line of a program is wrong: read from its text and from what was seen of a call. Nothing is run here."""

"""Papers: exercises worked with a clock, without hints or verdicts, and marked at the end.

A paper's file or a topic, a length and a seed go in, marks come out, and lines of the journal as a session writes them.
Open `sitting.py` first: it is one learner at one paper, and keeps every answer and every second at once. `paper.py` is
what a paper is and where papers are found, `drawn.py` makes them of topics, `result.py` says how one went.
"""

PAPERS_TOPIC = "exam"
"""The topic of exercises that are whole papers already: they are drawn from only where it is named."""

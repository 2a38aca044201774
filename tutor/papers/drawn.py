"""Papers by topic, length and seed: the same seed draws the same paper on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from tutor.library import BadFile, Exercise, Library
from tutor.papers import PAPERS_TOPIC
from tutor.papers.paper import Paper, PaperExercise, PaperProblem, PaperShelf, minutes_of
from tutor.practice.draws import Draws
from tutor.practice.seeds import split_id, variant_id

SHORTEST, LONGEST = 5, 240
"""Minutes."""
_DRAWN, _ALL = "drawn", "all"
"""In the ids of drawn papers: `drawn/layers/30@7`, `drawn/all/45@7`."""
_OVER = 1.25
"""As many times the wanted length a paper may take."""


def topic_called(text: str, library: Library) -> str:
    """The topic of this name, or whose title has this word. Raises PaperProblem with those there are."""
    topics = list(library.topics)
    wanted = text.strip().casefold()
    if wanted in topics:
        return wanted
    titled = [topic for topic in topics if wanted and wanted in library.title_of(topic).casefold()]
    if len(titled) == 1:
        return titled[0]
    near = get_close_matches(wanted, topics, n=2) or titled[:3]
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    raise PaperProblem(f"There is no topic {text.strip()}.{meant} The topics are {', '.join(filter(None, topics))}.")


def drawn(library: Library, topics: Sequence[str], minutes: float, seed: int) -> Paper:
    """A paper of about so many minutes from these topics; from all where none is named. Raises PaperProblem."""
    if not SHORTEST <= minutes <= LONGEST:
        raise PaperProblem(f"A paper takes {SHORTEST} to {LONGEST} minutes, not {minutes:g}.")
    named = list(dict.fromkeys(topic_called(topic, library) for topic in topics))
    among = [one for one in library.exercises.values() if (one.topic in named if named else one.topic != PAPERS_TOPIC)]
    chosen = _chosen(Draws("paper", *named, round(minutes), seed).shuffled(among), minutes)
    if not chosen:
        raise PaperProblem(f"No exercise there is short enough for a paper of {minutes:g} minutes.")
    order = list(library.exercises)
    chosen.sort(key=lambda one: (one.file.level, order.index(one.id)))
    called = ", ".join(library.title_of(topic) for topic in named) or "all topics"
    minutes = round(minutes)
    title = f"Drawn from {called} (seed {seed})"[:100]
    return Paper(
        drawn_id(named, minutes, seed), title, float(minutes), tuple(PaperExercise(one.id, seed) for one in chosen)
    )


def is_drawn(id: str) -> bool:
    """Whether an id is that of a drawn paper."""
    return id.startswith(f"{_DRAWN}/")


def drawn_id(topics: Sequence[str], minutes: int, seed: int) -> str:
    """The id by which this very paper is drawn again."""
    return variant_id(f"{_DRAWN}/{'+'.join(topics) or _ALL}/{minutes}", seed)


def _chosen(shuffled: Sequence[Exercise], minutes: float) -> list[Exercise]:
    """The first that fit, until the time is filled."""
    chosen: list[Exercise] = []
    filled = 0.0
    for one in shuffled:
        if filled >= minutes:
            break
        try:
            takes = minutes_of([one])
        except BadFile:
            continue
        if filled + takes <= _OVER * minutes:
            chosen.append(one)
            filled += takes
    return chosen


def paper_called(id: str, shelf: PaperShelf, library: Library) -> Paper:
    """The paper of this id: one of the shelf, a drawn one, or one made of an exercise. Raises PaperProblem."""
    kind, _, rest = id.partition("/")
    base, seed = split_id(rest)
    topics, _, minutes = base.rpartition("/")
    if kind == _DRAWN and seed is not None and minutes.isdecimal():
        return drawn(library, [] if topics == _ALL else topics.split("+"), float(minutes), seed)
    return shelf.find(id, library)

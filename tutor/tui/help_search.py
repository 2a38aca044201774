"""Which lines of the help answer what somebody looks for: by the name of a command, by other words for it, by its text.

Pure: a query and lines go in, their order comes out. `OTHER_WORDS` is how people call what a command does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

OTHER_WORDS = {
    "lesson": "theory glossary dictionary explain explanation meaning definition learn tutorial read concept",
    "review": "practice practise repeat due spaced repetition drill train weak",
    "progress": "statistics stats score results history time mistakes level",
    "jump": "go to number",
    "settings": "theme themes colors dark light night mode font fonts unicode precision decimals animation animations "
                "configure configuration options preferences contrast",
    "commands": "palette everything by name",
    "quit": "exit close stop end save bye log out",
    "home.next": "start continue resume go on",
    "home.search": "find look for where",
    "home.filter": "only unsolved todo finished",
    "home.own": "custom function own formula enter",
    "home.made": "random generate another function practice",
    "home.again": "reset restart start over redo repeat clear",
    "home.fresh": "random numbers variant other values practice",
    "home.exam": "test exams mock timed clock",
    "home.gates": "formula formulas derivative derivatives table cheat sheet rules reference",
    "home.help": "keys keyboard shortcuts manual",
    "exercise.hint": "stuck help me clue tip",
    "exercise.show": "answer give up reveal cheat skip",
    "exercise.fix": "correct propagate",
    "exercise.worked": "solve explain steps give up",
    "exercise.quick": "shorter faster execute run code submit check program all",
    "exercise.graph": "picture diagram",
    "graph.style": "zoom bigger smaller larger layout",
    "graph.copy": "clipboard",
    "exercise.replay": "animation animate watch step by step play",
    "exercise.gates": "formula formulas derivative derivatives table cheat sheet rules reference",
    "exercise.statement": "prompt question read introduction",
    "exercise.outside": "vim emacs vscode external",
    "exercise.back": "previous back question",
    "exercise.on": "next skip forward",
    "exercise.following": "another",
    "exercise.fresh": "random other variant values practice",
    "exercise.again": "reset restart start over redo clear",
    "exercise.help": "keys keyboard shortcuts manual",
    "exercise.home": "exit quit back close stop save pause list",
    "paper.flag": "mark bookmark later",
    "paper.hand_in": "submit finish done end",
    "paper.clock": "timer time",
    "paper.next_blank": "skip",
    "paper.home": "exit quit pause back stop home",
}  # fmt: skip
"""Id of a command -> words that are not in its own."""

_SAY_NOTHING = frozenset("a an the i me my do does to how what is can it of in for with".split())  # noqa: SIM905


_HERE = 1.5
"""How much more a line is worth for being a command that can be carried out now."""


@dataclass(frozen=True)
class Searchable:
    """The texts of a line, most telling first: what it is called, other words for that, what it says."""

    called: str
    other: str
    says: str
    here: bool = False
    """Whether it is a command that can be carried out now."""


def ranked(query: str, lines: Sequence[Searchable]) -> list[int]:
    """The numbers of the lines in which every word of a query begins some word, the best first.

    Where there are none, of those in which some do. Words that say nothing, such as `how do I`, count only where there
    are no others.
    """
    every = _words(query)
    wanted = [word for word in every if word not in _SAY_NOTHING] or every
    found = [_score(wanted, line) for line in lines]
    most = len(wanted) if any(many == len(wanted) for many, _ in found) else 1
    return sorted((at for at, (many, _) in enumerate(found) if many >= most), key=lambda at: found[at], reverse=True)


def _score(wanted: Sequence[str], line: Searchable) -> tuple[int, float]:
    """How many of the words are in a line, and how much that says."""
    called, other, says = map(_words, (line.called, line.other, line.says))
    worth = [max(_match(word, called, 8), _match(word, other, 5), _match(word, says, 1)) for word in wanted]
    brief = 2.0 / (1 + len(called))  # of names that have a word, the one that says little else
    return sum(map(bool, worth)), (sum(worth) + brief) * (_HERE if line.here else 1)


def _match(word: str, words: Sequence[str], worth: float) -> float:
    if word in words:
        return worth
    return 0.7 * worth if any(one.startswith(word) for one in words) else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[^\s,.;:()]+", text.casefold())

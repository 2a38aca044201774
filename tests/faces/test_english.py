"""Turns of phrase that sound translated stay out of what a learner or an author reads."""

from __future__ import annotations

import ast
import re
import tomllib
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

REFUSED = {
    # Verbs of position for "to be"
    r"\bstands?\b(?! for| between the two)": "is, goes, appears; 'stands for' is fine",
    r"\bstood\b": "was",
    r"\b(it|entry|entries|number|numbers|they) lies?\b": "is, are",
    r"\bbelongs? (there|in its place)\b": "goes there",
    r"\bwhere \S+ belongs\b": "instead of",
    r"\bholds? (one|two|three|four|the|its|an?) (operation|value|function|gradient|minus)": "has, contains, is",
    # Way, road, place
    r"\b(the|a|each) pass back\b": "the backward pass",
    r"\b(on|of|for|and its) (the|a|its) way back\b": "in the backward pass",
    r"\broads?\b": "path",
    r"\bin (its|their|the) place of\b": "instead of",
    r"\bwhich place\b": "where",
    r"\b(changed|change|have changed) places\b": "are swapped",
    # Taking
    r"\btaken? (away|off)\b": "subtract",
    r"\b(was|were) taken,? where\b": "was used instead of",
    r"\b(was|is) taken for\b": "was used as",
    r"\btakes? in (?!it)": "is applied to",
    r"\bPyTorch takes\b": "uses",
    # With respect to
    r"\b(slope|gradient|derivative|differentiated?) (of \S+ )?by (itself|\{\}|[a-zθβ]\d?\b)": "with respect to",
    r"\bhow steep is\b.* in (x|y|\{\})": "how fast does it move with",
    # Prepositions in front
    r"\b[Bb]y how (much|many)\b": "how much, what ... by",
    r"(^|[.:?] )[Bb]y (what|which)\b(?! steps)": "with respect to which, what ... by",
    r"\b(Of|From|To|At) (what|which) (?!positions)[^.]*\?": "prepositions go last",
    r"\bto which power\b": "to what power",
    r"\bHow often (does|is|can)\b": "how many times",
    # Calques and idle words
    r"\bwill do\b": "is enough, is right",
    r"\banew\b": "again, over",
    r"\bafresh\b": "again",
    r"(?<!^)\bat hand\b": "given",  # alone it is a role of the drawing
    r"\bmeanwhile\b": "until then",
    r"\bnothing hangs\b": "does no harm",
    r"\bbut for (a|the|what)\b": "except for",
    r"\bby itself\b": "on its own, automatically",
    r"\bin earnest\b": "in practice",
    r"(?<!single )\b(one|someone|somebody|nobody) (can|cannot|may|must|would|does|needs|types)\b": "you",
    r"[,;:] (since|as) (it|this|that|they|the|there|one|only)\b": "because",
    r"[,;:] for (it|this|they|there|the \w+ (is|are|has|have))\b": "because, or a sentence of its own",
    # Lost, too much, turned
    r"\b(sign|minus|plus|factor|term|root|square|power|reciprocal|brackets?|\}) (is|was|are) lost\b": "is missing",
    r"\b(sign|minus|factor|term|\}) (is|are) too much\b": "is extra, should not be there",
    r"\b(a|an|one) \S+ too much\b": "an extra ...",
    r"\bturned (round|around|upside)\b": "flipped, reversed, upside down",
    r"\bturns? \S+ (round|around)\b": "reverses, flips",
    r"\bheld still\b": "held fixed",
    r"\b[Hh]old (\S+ )still\b": "held fixed",
    r"\bstand still\b": "held fixed",
    # The impersonal passive
    r"\b(is|are) wanted\b": "this needs ..., it should be ...",
    r"\b(is|are) (not )?read here\b": "is not supported",
    r"\bis (said|told)\b": "says, with the reason",
    r"(?<![Tt]here )\b(is|are) no (name|number|variable|input|index|gradient|slope|path|power|function)\b": "is not a",
    r"\bto be mended\b": "to be fixed",
    # What becomes of, make of
    r"\bbecomes? of\b": "what happens to, how do you combine",
    r"\bmakes? of\b": "turns into, does with",
    # Questions that begin with a verb's object
    r"\b[Ww]h(at|ich) (shape|sign|slope|value|number|size|rank) (has|have)\b": "what is the ... of",
    r"\b[Hh]ow many \w+ (has|have) the\b": "how many ... does ... have",
    r"\b[Hh]as the (layer|gate|function|gradient|value|filter)\b": "does the ... have",
    # A for per
    r"\b(operation|gate|function) an equation\b": "per equation",
    r"\b(equation|line|row) an? (line|equation|example)\b": "per line",
    r"\bentry a\b": "per",
    # The correct value
    r"\b[Tt]he truth\b(?! about)": "the correct value, it should be",
    r"\bwhere \{?\S+\}? is right\b": "it should be",
    r"\b(half|twice|transpose) (of )?the right one\b": "the right answer",
    # One word for each thing
    r"\b[Ss]lips?\b|\bslipped\b": "mistake",
    r"\b[Mm]end(s|ed|ing)?\b": "fix",
    r"\b[Bb]ehind the (brackets|comma|point)\b": "after",
    r"\b(in|at) (their|its) right ends?\b": "from the right",
}
"""A pattern -> what to say instead."""


ALLOWED: dict[str, tuple[str, ...]] = {}
"""Where -> the words that are right there."""


def _texts() -> Iterator[tuple[str, str]]:
    """Where, and what is read there: sentences in the code, every string of an exercise, the prose of README."""
    for path in sorted((ROOT / "tutor").rglob("*.py")):
        for line, text in _sentences(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(ROOT)}:{line}", text
    for path in sorted([*(ROOT / "exercises").rglob("*.toml"), *(ROOT / "tutor/lessons").glob("*.toml")]):
        for key, text in _strings(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(ROOT)} {key}", text
    for number, text in enumerate((ROOT / "README.md").read_text(encoding="utf-8").split("\n\n"), 1):
        yield f"README.md, paragraph {number}", re.sub(r"`[^`]*`", "`…`", " ".join(text.split()))


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings of a module with a space in them, `{}` for what is put in; without those that are documentation."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.JoinedStr):
        return
    if isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    else:
        text = ""
    if " " in text.strip():
        yield node.lineno, text  # type: ignore[attr-defined]
    for part in ast.iter_child_nodes(node):
        if not isinstance(node, ast.JoinedStr) or not isinstance(part, ast.Constant):
            yield from _sentences(part)


def _strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _strings(part, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _strings(part, f"{key}[{number}]")


BETWEEN = "\n.\n"


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return list(_texts())


@pytest.mark.parametrize("pattern", REFUSED)
def test_it_is_said_as_a_teacher_says_it(texts: list[tuple[str, str]], pattern: str) -> None:
    starts = list(accumulate((len(text) + len(BETWEEN) for _, text in texts), initial=0))
    found = []
    for match in re.finditer(pattern, BETWEEN.join(text for _, text in texts), re.MULTILINE):
        where, text = texts[bisect(starts, match.start()) - 1]
        if match[0] not in ALLOWED.get(where, ()):
            found.append(f"{where}: {match[0]!r} in {text!r}")
    assert not found, f"say instead: {REFUSED[pattern]}\n" + "\n".join(found)


def test_there_is_something_to_read(texts: list[tuple[str, str]]) -> None:
    places = {where.partition("/")[0].partition(".")[0] for where, _ in texts}
    assert places == {"tutor", "exercises", "README"} and len(texts) > 4000


@pytest.mark.parametrize(
    "text",
    [
        "By how much does d move?", "yours is 6, the truth 8", "a stands where b belongs", "A number is wanted here.",
        "Begin anew.", "Any names will do.", "The kernel is turned round.", "The factors changed places.",
        "In the pass back", "Gates on the way back", "One operation an equation", "What shape has x + y?",
        "How many parameters has the layer?", "The sign % is not read here.", "Slips on the way", "Mend it.",
        "the slope of k2 by b2", "Hold z still.", "the minus is lost", "what becomes of it",
        "It is 2 where 3 is right.",
    ],
)  # fmt: skip
def test_what_was_said_once_would_be_found(text: str) -> None:
    assert any(re.search(pattern, text, re.MULTILINE) for pattern in REFUSED), text

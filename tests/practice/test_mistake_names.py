"""No name that a program has for a mistake is on any screen: each has words, short and plain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import tutor
from tutor.engine.gates import GATES, vocabulary
from tutor.practice.journal_trace import IDEAS
from tutor.practice.mistake_names import mistake_name
from tutor.practice.skills import gate_sign

_NAMED_FIRST = frozenset(
    ["Misconception", "Edit", "FormulaEdit", "StagingEdit", "ProductRepair", "misconception", "_made", "_rule", "_way"]
)
"""What makes a mistake, with its name first."""

_NAMED_LAST = {"wrong", "Diagnosis"}
_KEY = re.compile(r"[a-z]+(_[a-zA-Z0-9]+)*")


def _literals(node: ast.AST) -> Iterator[str]:
    """The names in an argument, which may be one of two."""
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and _KEY.fullmatch(part.value):
            yield part.value


def _names() -> Iterator[str]:
    folder = Path(tutor.__file__).parent
    for path in (path for room in ("questions", "judging", "diagnosis") for path in (folder / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            at = [*node.args[:1]] if called in _NAMED_FIRST else [*node.args[1:3]] if called in _NAMED_LAST else []
            for argument in (*at, *(one.value for one in node.keywords if one.arg in ("mistake", "key"))):
                yield from _literals(argument)
    yield from (one.key for gate in GATES.values() for one in gate.mistakes)


def _prose(text: str) -> str:
    """A text without the functions that a learner may type."""
    return re.sub(r"\w+", lambda word: "" if word[0] in vocabulary().functions else word[0], text)


def test_every_mistake_has_words() -> None:
    keys = set(_names()) - set(GATES)
    assert len(keys) > 650
    nameless = [key for key in sorted(keys) if mistake_name(key) == mistake_name("no such mistake")]
    assert not nameless
    for key in keys:
        words = mistake_name(key)
        assert not re.search(r"[a-z]_[a-z]|[{}]", _prose(words)), words
        assert len(words) <= 100, words


def test_every_skill_has_a_name_to_be_read() -> None:
    signs = [gate_sign(gate.key) for gate in GATES.values()]
    assert not [sign for sign in signs if "_" in _prose(sign)]
    assert not [idea for idea in IDEAS.values() if re.search(r"[^a-z ]", idea)]


def test_mistakes_that_lead_to_the_same_answer_are_both_named() -> None:
    assert mistake_name("forgot_upstream|sign_lost") == "upstream left out, or minus sign missing"


def test_what_has_no_words_is_called_by_what_was_said() -> None:
    assert mistake_name("option b", "b) This averages. Are copies added?") == "b) This averages."
    assert "_" not in mistake_name("of_an_older_version")

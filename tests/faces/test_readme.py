"""What README quotes is what the program says."""

from __future__ import annotations

from pathlib import Path

import pytest

import tutor
from tests.questions.making import shipped
from tutor.questions.registry import KINDS

README = " ".join((Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8").split())

ADDED = "a = ln x\nb = sin y\nc = a + b\nd = 4x\ng = c + d"
POWERS = "a = x^2\nb = 2y\nc = a + b\nd = z^3\nf = c d"


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        (lambda: shipped("staging/g").judge("staging", ADDED), "Line 5, g = c + d: yours has"),
        (lambda: shipped("node-way/b", POWERS).judge("down:d.0", "11"), "11 is what arrived at d"),
        (lambda: tutor.judge("2x", "2x^2"), "At x = 1.3 yours gives"),
    ],
)
def test_a_quoted_message_is_what_is_said(said, quoted: str) -> None:
    start = README.index(f'"{quoted}') + 1
    assert said().message.startswith(README[start : README.index('"', start)])


def test_readme_lists_every_kind_of_question() -> None:
    missing = [name for name in KINDS if f"| `{name}` | " not in README]
    assert not missing, f"README's table of kinds (Writing exercises) needs a row for {missing}"

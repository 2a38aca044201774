"""Lines end between words, never inside `x = 3`, a product or a row of numbers, and nothing of a text is lost."""

from __future__ import annotations

from random import Random

import pytest
from rich.cells import cell_len
from textual.content import Content

from tutor.tui.line_breaks import UNBROKEN, Hanging, broken

WORDS = (
    "x = 3",
    "f = -0.5,",
    "[0.6, -1.3],",
    "W = [0.1, 2]",
    "2a · 3",
    "2 · 3 = 6.",
    "Esc w,",
    "a",
    "gradient",
    "∂f/∂x",
    "宽的",
    "σ(b)",
    "of",
)
"""Each of them stays in one line where that is wide enough."""


@pytest.mark.parametrize("seed", range(20))
def test_lines_end_between_what_belongs_together(seed: int) -> None:
    random = Random(seed)
    parts = [random.choice(WORDS) for _ in range(random.randint(1, 30))]
    text, width, hanging = " ".join(parts), random.randint(26, 70), random.choice((0, 2, 7))
    lines = broken(Content(text), width, hanging).plain.split("\n")
    assert all(cell_len(line) <= width for line in lines)
    assert all(line.startswith(" " * hanging) and line[hanging] != " " for line in lines[1:])
    number, rest = 0, lines[0]
    for part in parts:
        if not rest.startswith(part):  # no line ends before it has to, or inside what belongs together
            assert not rest and cell_len(f"{lines[number]} {part}") > width
            number, rest = number + 1, lines[number + 1].strip()
        assert rest.startswith(part)
        rest = rest.removeprefix(part).lstrip()
    assert not rest and number == len(lines) - 1


def test_colours_and_lines_of_its_own_stay() -> None:
    caret = "  b = c)\n       ^"
    assert broken(Content(f"Not counted.\n\n{caret}"), 30).plain == f"Not counted.\n\n{caret}"
    made = broken(Content.assemble("Read as ", ("g = x + y".replace(" ", UNBROKEN), "bold"), ", and so on"), 16)
    assert made.plain == "Read as\ng = x + y, and\nso on"
    assert [made.plain[span.start : span.end] for span in made.spans if span.style] == ["g = x + y"]
    assert broken(Content("a, z = [0.123, 4]"), 12).plain == "a, z =\n[0.123, 4]", "too long to be held together"


def test_below_a_letter_there_is_nothing() -> None:
    option = Hanging(Content("  ○ b) "), Content("a is visited before b has sent its share"))
    strips = option._in_lines(24).plain.split("\n")
    assert [line[:7].isspace() for line in strips] == [False, True, True] and option.get_height({}, 24) == 3


WHOLE = (
    ("x has shape (7, 1, 4) and y has shape (3, 4). What is the shape of x + y, if it can be computed?", "x + y"),
    ("A single unit with a sigmoid: k = w x + b, h = σ(k), and the loss l = (h - t)².", "(h - t)²"),
    ("Rows of X are examples. The shape of X @ W is (batch, 3), and that of the bias b is (3, 4) in all.", "(3, 4)"),
    ("The sum over all entries of the cross-entropy loss -sum(t * ln P)/3 is taken in the end.", "t * ln P"),
    ("The slope is wrong there, as the program says: see what is written to g[0] in line 12.", "line 12"),
    ("The chain rule adds up what comes by two paths: dz/dt = ∂z/∂x · dx/dt + ∂z/∂y · dy/dt.", "∂z/∂y · dy/dt"),
)
"""A text, and what stays whole in it at any width of which it takes no more than half."""


@pytest.mark.parametrize(("text", "whole"), WHOLE)
def test_no_formula_is_broken(text: str, whole: str) -> None:
    for width in range(max(20, 2 * cell_len(whole)), 80):
        said = broken(Content(text), width).plain
        assert whole in said and said.replace("\n", " ") == text
        assert all(cell_len(line) <= width for line in said.split("\n"))


def test_a_formula_too_long_for_a_line_is_broken_where_it_holds_together_least() -> None:
    text = "loss = sum(-t * ln(p) + (1 - t) * ln(1 - p), axis=0) + c * (w1 + w2 + w3)"
    assert broken(Content(text), 56).plain.split("\n")[1].startswith("+ c * (w1")

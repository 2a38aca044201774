"""A terminal that keeps the function keys for itself: Escape and letters do all there is to be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faces.by_hand import WORKED
from tests.sampling import EVERY_CASE
from tests.terminal.terminal import Terminal
from tests.tui.test_worked import body_of


@pytest.mark.parametrize("fast", [False, *([True] if EVERY_CASE else [])], ids=lambda fast: "fast" if fast else "slow")
def test_an_exercise_is_solved_by_letters_alone(tmp_path: Path, fast: bool) -> None:
    """Typed within a moment, Escape and a letter arrive as Alt and that letter; what comes of it is the same."""

    def letter(terminal: Terminal, sign: str) -> None:
        if fast:
            terminal.process.send(f"\x1b{sign}")
            return
        terminal.press("escape")
        terminal.until("then a letter")
        terminal.process.send(sign)

    answers, code = WORKED["node-way/a"]
    with Terminal(tmp_path, "start", "node-way/a") as terminal:
        terminal.until("1 Stage")
        letter(terminal, "h")
        terminal.until("Hint 1")
        letter(terminal, "?")
        terminal.until("type a word to search for")
        terminal.process.send("graph and back")
        terminal.until(lambda text: "graph and back" in text and "a hint:" not in text)
        terminal.press("enter")
        terminal.until("Enter its blank")
        terminal.process.send("g")
        terminal.until("Enter check line")
        for equation in answers[:2]:
            terminal.enter(equation)
        terminal.until("2 Forward")
        for each in answers[2:4]:
            terminal.enter(each)
        terminal.until("3 Backward")
        letter(terminal, "2")
        terminal.until("2 Forward ✓")
        letter(terminal, "3")
        for each in answers[4:-1]:
            terminal.enter(each)
        letter(terminal, "a")
        terminal.until("again")
        letter(terminal, "a")
        terminal.until("Enter on to Code")
        terminal.press("enter")
        terminal.until("def q2a(x, y, z):")
        for line in body_of(code):
            terminal.enter(line)
        terminal.until(body_of(code)[-1])
        letter(terminal, "f")
        terminal.until("1 answer shown")
        terminal.press("escape")
        letter(terminal, "q")
        terminal.until("2.1 ◎ (x + y) z")
        terminal.process.send("q")
        assert terminal.ended() == 0


def test_home_jumping_lessons_and_settings_by_letters_alone(tmp_path: Path) -> None:
    """Typed within a moment: each Escape with its letter arrives as Alt and that letter."""
    with Terminal(tmp_path) as terminal:
        terminal.until("Welcome")
        terminal.press("escape")
        terminal.until("1.1 ○ Stage")
        terminal.process.send("\x1bj")
        terminal.until("an exercise by its number")
        terminal.process.send("2.1")
        terminal.until("2.1  (x + y) z: the smallest graph")
        terminal.press("enter")
        terminal.until("1 Stage")
        terminal.process.send("\x1bl")
        terminal.until("Writing a formula as equations")
        terminal.process.send("l")
        terminal.until("Lesson 1 of 10")
        terminal.process.send("n")
        terminal.until("Lesson 2 of 10")
        terminal.process.send("q\x1b,")
        terminal.until("Reduced motion")
        terminal.press("escape")
        terminal.until(lambda text: "Reduced motion" not in text)
        terminal.process.send("\x1bj")
        terminal.until("H exercises")
        terminal.process.send("H")
        terminal.until("2.1 ○ (x + y) z")
        terminal.process.send("q")
        assert terminal.ended() == 0

"""The installed program driven through a pseudo-terminal, as a learner drives it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.begun import begin
from tests.faces.by_hand import PRODUCT_PROGRAM, WORKED
from tests.sampling import one_in
from tests.terminal.terminal import Terminal
from tests.tui.test_worked import body_of


def answer_all(terminal: Terminal, answers: list[str]) -> None:
    """Type answers as fast as they go, the equations first."""
    equations = [answer for answer in answers if " = " in answer]
    for equation in equations:
        terminal.enter(equation)
    terminal.until("Stage is done")
    for answer in answers[len(equations) :]:
        terminal.enter(answer)


@pytest.mark.parametrize("size", one_in(2, [(80, 24), (120, 40)]), ids=str)
def test_node_way_a_is_worked_to_the_end(tmp_path: Path, size: tuple[int, int]) -> None:
    columns, lines = size
    with Terminal(tmp_path, columns=columns, lines=lines) as terminal:
        terminal.until("Welcome to backprop-tutor")
        terminal.press("escape")
        terminal.until(lambda text: "Welcome" not in text and "1.1 ○ Stage" in text)
        terminal.process.send("/")
        terminal.until("Esc ends the search")
        terminal.process.send("node-way/a")
        terminal.until("Esc shows all")
        terminal.press("enter")
        terminal.until(lambda text: "2.1 (x + y) z: the smallest graph" in text and "Enter open" in text)
        terminal.press("enter")
        terminal.until("1 Stage")
        terminal.until("One operation per equation")
        answers, code = WORKED["node-way/a"]
        answer_all(terminal, answers)
        terminal.until("Backward is done")
        terminal.press("enter")
        terminal.until("def q2a(x, y, z):")
        for line in body_of(code):
            terminal.enter(line)
        terminal.until(body_of(code)[-1])
        terminal.press("f5")
        terminal.until("Solved")
        terminal.until("Every answer right first time")
        terminal.press("enter")
        terminal.until("z³: powers")
        terminal.press("escape")
        terminal.process.send("q")
        terminal.until("✓ (x + y) z: the smallest graph")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_quitting_half_way_and_coming_back(tmp_path: Path) -> None:
    answers, _ = WORKED["node-way/c"]
    with Terminal(tmp_path, "start", "node-way/c") as terminal:
        terminal.until("One operation per equation")
        answer_all(terminal, answers[:9])
        terminal.until("2 Forward 3/6")
        terminal.process.send("not yet check")
        terminal.until("not yet check")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    with Terminal(tmp_path) as terminal:
        terminal.until("Go on    2.3 A fork and an unused input")
        terminal.until("1 of 4 steps")
        terminal.press("enter")
        terminal.until("2 Forward 3/6")
        terminal.until("not yet check")


EDITOR = """
if [ -e {folder}/was-here ]
then cp {folder}/right.py "$1"
else touch {folder}/was-here && rm "$1" && mkfifo "$1"
fi
"""
"""Leaves a pipe behind the first time, a program the second."""


def test_code_is_written_in_another_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, _ = WORKED["node-way/a"]
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path))
    begin("node-way/a", answers)
    (tmp_path / "right.py").write_text(PRODUCT_PROGRAM, encoding="utf-8")
    (tmp_path / "editor").write_text(EDITOR.format(folder=shlex.quote(str(tmp_path))), encoding="utf-8")
    with Terminal(tmp_path, "start", "node-way/a", EDITOR=f"sh {shlex.quote(str(tmp_path / 'editor'))}") as terminal:
        terminal.until("def q2a(x, y, z):")
        terminal.press("f10")
        terminal.until("it is not a file")
        terminal.until("def q2a(x, y, z):")
        terminal.press("f10")
        terminal.until("Taken back from your editor")
        terminal.press("f5")
        terminal.until("Every answer right first time")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_an_unknown_id_ends_with_the_nearest(tmp_path: Path) -> None:
    with Terminal(tmp_path, "start", "node-way/x") as terminal:
        terminal.until("node-way/a")
        assert terminal.ended() == 2


@pytest.mark.parametrize("id", one_in(2, ["vectors/squared-norm", "layers/complex"]))
def test_the_other_exercises_are_worked(tmp_path: Path, id: str) -> None:
    answers, code = WORKED[id]
    with Terminal(tmp_path, "start", id) as terminal:
        terminal.until("One operation per equation")
        answer_all(terminal, answers)
        terminal.until("Enter on to Code")
        terminal.press("enter")
        terminal.until("def ")
        for line in body_of(code):
            terminal.enter(line)
        terminal.until(body_of(code)[-1][:60])
        terminal.press("f5")
        terminal.until("Solved")

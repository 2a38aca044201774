from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutor.plain.commands import COMMANDS, as_command

from .conftest import Work

PRODUCT = """
title = "A product"
function = "f(x, y) = x y"
at = { x = 1.5, y = 4 }
steps = ["stage", "forward", "backward"]
remark = "That was all."
"""
CODE = """
title = "Code only"
function = "f(x) = x^2"
at = { x = 3 }
steps = ["code"]
"""
BACKWARD = ["1", "y", "4", "x", "1.5"]


@pytest.mark.parametrize("line", [":hint", " :HINT ", ":go code", ": hint", ":?", ":q"])
def test_commands_are_told_from_answers(line: str) -> None:
    command = as_command(line)
    assert command is not None and command.known


@pytest.mark.parametrize("line", ["x", "a = b", "", "1:2", "hint", ":)", ":3"])
def test_answers_are_no_commands(line: str) -> None:
    assert as_command(line) is None


def test_help_names_every_command(work: Work) -> None:
    transcript, _ = work(PRODUCT, ":help")
    assert all(f":{word}" in transcript for word in COMMANDS)
    assert max(map(len, transcript.splitlines())) <= 78


def test_nothing_to_fix_is_said(work: Work) -> None:
    transcript, _ = work(PRODUCT, "f = x y", ":fix")
    assert "No answer is left that followed from a number you have corrected." in " ".join(transcript.split())


def test_an_unknown_command_names_the_nearest(work: Work) -> None:
    transcript, _ = work(PRODUCT, ":hnt", ":xyzzy")
    assert "There is no command :hnt. Did you mean :hint?" in transcript
    assert "There is no command :xyzzy. :help lists them." in transcript


@pytest.mark.parametrize("word", ["quit", "?", " Help "])
@pytest.mark.parametrize("answers", [(), ("f = x y",)], ids=["equations", "values"])
def test_a_command_without_its_colon_is_told_of_it(work: Work, word: str, answers: tuple[str, ...]) -> None:
    transcript, _ = work(PRODUCT, *answers, word)
    assert "`:quit` leaves, `:help` lists the commands." in transcript and "not known" not in transcript


def test_a_refused_equation_is_not_kept(work: Work) -> None:
    transcript, solved = work(
        "staging/f", "a = x + y z", "a = x +* y", "a = x + y", "f = a + z", ":undo", "b = y + x", "f = b z"
    )
    assert solved
    assert "This equation has two operations." in transcript
    assert "  a = x +* y\n        ^^" in transcript
    assert "equation 2: f = a + z\nNot yet." in transcript
    assert "Taken back: a = x + y" in transcript


def test_a_refused_equation_of_another_visit_changes_nothing(work: Work) -> None:
    work(PRODUCT, "f = x y", "6")
    transcript, _ = work(PRODUCT, ":go stage", ":undo", "f = x + y", ":go forward")
    assert "equation 1: f = x + y\nNot yet." in transcript
    assert "Your answer is 6. Enter alone keeps it." in transcript


def test_equations_are_kept_line_by_line(work: Work) -> None:
    work("staging/f", "a = x + y", "nonsense")
    transcript, solved = work("staging/f", "f = a z")
    assert "Your equations so far:\n  a = x + y\n" in transcript
    assert solved


def test_all_equations_are_taken_back(work: Work) -> None:
    transcript, solved = work("staging/f", ":undo", "a = x + y", ":clear", "b = x + y", "f = b z")
    assert "There is nothing to take back." in transcript and "All lines are taken back." in transcript
    assert solved


def test_a_wrong_value_asks_again(work: Work) -> None:
    transcript, solved = work(PRODUCT, "f = x y", "5", "", "6", *BACKWARD)
    assert "f = 5\nNot yet. 5 is not the right value." in transcript
    assert "\nf = \nf = 6\nRight.\n" in transcript
    assert solved and transcript.endswith("That was all.\n")


def test_hints_one_after_the_other_and_then_all_again(work: Work) -> None:
    transcript, solved = work(PRODUCT, "f = x y", ":hint", ":hint", "5", ":hint", "7", ":hint", ":hint", "6", *BACKWARD)
    assert [transcript.count(f"Hint {rung} of 3:") for rung in (1, 2, 3)] == [2, 2, 2]
    assert transcript.count("Try something with this hint first") == 1, "the second came too soon"
    assert solved


def test_one_blank_shown_is_done_but_not_solved(work: Work) -> None:
    transcript, solved = work(PRODUCT, "f = x y", ":show", *BACKWARD)
    assert "f = :show\nf = 6\nForward is done." in transcript
    assert "Answers were shown to you in: Forward." in transcript
    assert not solved


def test_a_skipped_step_is_shown(work: Work) -> None:
    transcript, solved = work(PRODUCT, "f = x y", "6", "1", ":skip")
    assert re.search(r"local ∂f/∂x = 4\n.*∂f/∂x = 4\n.*local ∂f/∂y = 1.5", transcript)
    assert not solved


def test_quick_opens_the_gate_of_a_wrong_answer(work: Work) -> None:
    transcript, solved = work(PRODUCT, "f = x y", "6", ":quick", "1", "7", "y", "4", "1.5")
    assert "Not yet. 7 is not the right value." in transcript
    assert "Local: how fast does f = x·y move with x?" in transcript and "in y?" not in transcript
    assert solved


def test_back_to_full(work: Work) -> None:
    transcript, solved = work(PRODUCT, "f = x y", "6", ":quick", ":full", *BACKWARD)
    assert "Backward asks for upstream, local and downstream at every gate." in transcript
    assert solved


def test_going_to_steps(work: Work) -> None:
    transcript, _ = work(
        PRODUCT, ":go", ":go nowhere", ":go 9", ":go forward", "f = x y", ":go backward", "6", ":go 2", ""
    )
    assert "1. Stage: to do\n  2. Forward: not open yet" in transcript
    assert "There is no step nowhere." in transcript and "There is no step 9." in transcript
    assert "Forward opens when Stage is done." in transcript
    assert "Forward comes first." in transcript
    assert "Your answer is 6. Enter alone keeps it." in transcript


def test_another_answer_on_a_visit(work: Work) -> None:
    work(PRODUCT, "f = x y", "6", *BACKWARD)
    transcript, solved = work(PRODUCT, ":go forward", "7", ":hint", "24/4", ":go 1", "")
    assert "Not yet. 7 is not the right value." in transcript
    assert "They are complete. Enter alone keeps them" in transcript
    assert solved
    transcript, solved = work(PRODUCT, ":go forward", "7")
    assert not solved


def test_nothing_more_is_shown_on_a_visit(work: Work) -> None:
    work(PRODUCT, "f = x y", "6", *BACKWARD)
    transcript, solved = work(PRODUCT, ":go backward", ":show", ":skip", ":go forward", ":show", ":quit")
    assert "∂f/∂f = 1\n" in transcript and transcript.count("command: ") == 3
    assert solved


def test_beginning_anew(work: Work) -> None:
    transcript, solved = work(PRODUCT, "f = x y", "6", ":again", "no", "1", ":again", "yes", "f = x*y", "6", *BACKWARD)
    assert transcript.count("Step 1 of 3: Stage") == 2
    assert "Nothing is changed." in transcript and solved


def test_commands_where_nothing_is_asked(work: Work) -> None:
    work("staging/f", "a = x + y", "f = a z")
    transcript, solved = work("staging/f", ":hint", ":graph", "hello", ":undo")
    assert "There is no blank open here." in transcript and "Everything here is answered." in transcript
    assert "│ × ├" in transcript
    assert solved


def test_the_graph_grows_and_can_be_listed(work: Work) -> None:
    transcript, _ = work(PRODUCT, ":graph", "f = x y", ":graph tape", "6")
    assert "│ x │" in transcript
    assert re.search(r"f = x·y +\?", transcript)
    assert transcript.count("│ × ├") == 2  # after staging, and after forward


def test_lines_are_no_matter_of_equations(work: Work) -> None:
    transcript, _ = work(PRODUCT, "f = x y", ":undo", ":run")
    assert ":undo is for equations and code." in transcript


def test_code_by_lines_and_mended(work: Work) -> None:
    transcript, solved = work(CODE, "out = x ** 2", "fx = x", ":undo", "fx = 3 * x", ".", ":undo", "fx = 2 * x", ":run")
    assert "Taken back: fx = x\n" in transcript
    assert "fx on line" in transcript and "6      out = x ** 2" in transcript
    assert solved


def test_a_whole_function_and_beginning_anew(work: Work) -> None:
    transcript, solved = work(
        CODE, "nonsense(", ".", ":clear", "def f(x):", '    """:param x: any"""', "    return x * x, 2 * x", "."
    )
    assert "Not counted. Python cannot read your code" in transcript
    assert "Starting over:\ndef f(x):" in transcript
    assert solved


def test_code_is_kept(work: Work) -> None:
    work(CODE, "out = x ** 2", "fx = 2 * x")
    transcript, solved = work(CODE, ".")
    assert "    out = x ** 2\n    fx = 2 * x\n    return out, fx\n" in transcript
    assert solved


def test_code_that_does_harm(work: Work) -> None:
    transcript, solved = work(CODE, 'print("\\x1b[2J")', "import os; os._exit(3)", ".")
    assert not solved
    assert "\x1b" not in transcript and "ended Python itself" in transcript


def test_other_commands_while_coding(work: Work) -> None:
    transcript, solved = work(CODE, ":hint", ":go", ":skip")
    assert "Hint 1 of 3:" in transcript and "1. Code: to do" in transcript
    assert "    fx = " in transcript and not solved


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(blacklist_characters="\n"), max_size=15)
        | st.sampled_from([f":{word}" for word in COMMANDS if word not in ("run", "quit")])
        | st.sampled_from(["f = x y", "6", "1", "y", "4", "yes", "", ":go 1", ":go 2", ":go backward", "a = x/y"]),
        max_size=10,
    )
)
def test_any_lines_at_all(work: Work, lines: list[str]) -> None:
    transcript, _ = work(PRODUCT, *lines)
    shown = {unicodedata.category(sign) for sign in transcript if sign not in "\n\t"}
    assert not shown & {"Cc", "Cf", "Cs", "Zl", "Zp"}

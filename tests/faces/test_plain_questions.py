"""Line by line through questions that are no single function: a class, gradients of arrays, walks."""

from __future__ import annotations

import pytest

from tutor.paths import shipped_folder

from .conftest import Cli, Work

PROGRAM = """\
class Plus:
    @staticmethod
    def forward(context, a, b):
        return np.add(a, b)

    @staticmethod
    def backward(context, goutput):
        return goutput, goutput
""".splitlines()
NOT_TAKEN = "This line was not taken: this step needs a whole program."


@pytest.fixture(scope="module")
def plus() -> str:
    return (shipped_folder() / "autograd" / "plus.toml").read_text(encoding="utf-8")


def test_a_class_from_a_pipe_to_the_end(cli: Cli) -> None:
    done = cli("start", "autograd/plus", "--plain", given="".join(f"{line}\n" for line in [*PROGRAM, "."]))
    assert "Type the whole program, from its first class or def line on" in done.stdout.replace("\n", " ")
    assert "Not yet" not in done.stdout and "Not counted" not in done.stdout, done.stdout
    assert "Solved: every answer is your own." in done.stdout
    assert done.returncode == 0 and done.stderr == ""


def test_no_loose_line_goes_into_a_class(work: Work, plus: str) -> None:
    transcript, solved = work(plus, "out = a + b", "    ga = goutput", *PROGRAM, ".")
    assert transcript.replace("\n", " ").count(NOT_TAKEN) == 2
    assert "ga = goutput\n        ga" not in transcript and solved


def test_a_class_mended_line_by_line(work: Work, plus: str) -> None:
    wrong = [*PROGRAM[:-1], "        return goutput, -goutput"]
    transcript, solved = work(plus, *wrong, ".", ":undo", PROGRAM[-1], ":run")
    assert "8          return goutput, -goutput" in transcript
    assert "Taken back:         return goutput, -goutput" in transcript
    assert solved


def test_half_a_class_is_kept_and_gone_on_with(work: Work, plus: str) -> None:
    work(plus, *PROGRAM[:5])
    transcript, solved = work(plus, *PROGRAM[5:], ".")
    assert "\n".join([*PROGRAM[:4], "This is your program so far."]) in transcript
    assert NOT_TAKEN not in transcript and solved


def test_a_class_begun_anew(work: Work, plus: str) -> None:
    transcript, solved = work(plus, "class Plus:", "    nonsense(", ".", ":clear", "pass", *PROGRAM, ".")
    assert "Starting over:\nclass Plus:\n" in transcript and NOT_TAKEN in transcript.replace("\n", " ")
    assert solved


def test_an_option_may_be_written_out(work: Work) -> None:
    options = '[{ text = "max(a, b)", right = true }, { text = "a + b", why = "No." }]'
    ask = f'[[question.ask]]\nprompt = "Which?"\noptions = {options}\n'
    assert work(f'title = "Gates"\n[[question]]\nkind = "choice"\n{ask}', "Max(a,b)")[1]


GRADIENTS = """
title = "A layer"
[[question]]
kind = "gradient"
prompt = "b is (2, 1), and b (2, 1) is added."
equations = ["k = W @ x + b", "l = sum(k^2)"]
shapes = { W = [2, 3], x = [3, 1], b = [2, 1] }
[[question.ask]]
of = "k"
[[question]]
kind = "gradient"
equations = ["s = u v", "m = s^2"]
shapes = { u = [], v = [] }
[[question.ask]]
of = "s"
"""


def test_the_shapes_of_a_graph_that_is_given(work: Work) -> None:
    transcript, solved = work(GRADIENTS, "2k", "2s")
    assert transcript.count("Shapes:") == 1, "where all are numbers there is nothing to say"
    assert "\nShapes: W (2, 3), x (3, 1), k (2, 1); l is a number. :graph draws them.\n" in transcript
    assert solved


def test_show_keeps_the_lines_of_code(verb: Cli) -> None:
    text = verb("show", "autograd/recursion").stdout
    assert "\n\n1. Counting\nOne call inside each call. The base case is n == 0.\n   def count(n):\n" in text
    assert "       if n == 0:\n           return\n       print(n)\n" in text
    assert "   count(3)   What does it print, in order?\n\n   def count(n):" in text
    assert "\n\n\n" not in text and all(line == line.rstrip() for line in text.split("\n"))


TRANSPOSED = """
title = "Axes"
[[question]]
kind = "shape"
shapes = { x = [4, 3, 2] }
[[question.ask]]
operation = "transpose(x, axes=(2, 0, 1))"
"""


def test_hints_say_transpose_as_the_question_does(work: Work) -> None:
    transcript, solved = work(TRANSPOSED, ":hint", "(2, 3, 4)", ":hint", "(4, 3, 2)", ":hint", "(2, 4, 3)")
    assert "Hint 2 of 3: transpose(x, axes=(2, 0, 1)) begins with the shape (4, 3, 2)." in transcript
    assert "Hint 3 of 3:" in transcript and "permute" not in transcript and solved

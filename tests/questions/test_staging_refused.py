"""Every way in which a staging is not right has its reason, and only a wrong one costs something."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tutor.judging import Kind
from tutor.library.problem import Problem, problem_of
from tutor.questions.backprop.staging import Staging, StagingFollower, follow

from .making import SHIPPED, made

WRONG, UNREADABLE, UNDECIDED = Kind.WRONG, Kind.UNREADABLE, Kind.UNDECIDED
F = problem_of(SHIPPED["node-way/a"])
SIGMOID = problem_of(SHIPPED["sigmoid/gates"])
NORM = problem_of(SHIPPED["vectors/squared-norm"])
LONG = "\n".join(f"a{i} = x + y" for i in range(61))


@pytest.mark.parametrize(
    ("text", "line", "kind", "says"),
    [
        # names
        ("x = x + y", 0, WRONG, "x is an input"),
        ("a = x + y\nz = a z", 1, WRONG, "z is an input"),
        ("a = x + y\na = a z", 1, WRONG, "a is already the value of line 1"),
        ("\n\na = x + y\n\nb = a z\nb = a z", 5, WRONG, "b is already the value of line 5"),
        ("a = x + q", 0, UNREADABLE, "q is not known"),
        ("f = a z\na = x + y", 0, UNREADABLE, "a is not known"),
        ("a = X + y", 0, UNREADABLE, "Did you mean x?"),
        ("a = a + x", 0, UNREADABLE, "cannot be used on the right"),
        ("e = x + y", 0, UNREADABLE, "Choose another name"),
        ("pi = x + y", 0, UNREADABLE, "Choose another name"),
        ("ln = x + y", 0, UNREADABLE, "Choose another name"),
        ("np = x + y", 0, UNREADABLE, "Choose another name"),
        ("__class__ = x + y", 0, UNREADABLE, "starts with a letter"),
        # no gate in it
        ("a = x", 0, UNREADABLE, "another name for x"),
        ("a = (x)", 0, UNREADABLE, "another name for x"),
        ("a = 3", 0, UNREADABLE, "a constant"),
        ("a = 2*3 + ln 2", 0, UNREADABLE, "a constant"),
        ("a = pi", 0, UNREADABLE, "a constant"),
        # several gates in it
        ("f = (x + y) z", 0, WRONG, "two operations. Give x + y a line"),
        ("a = x + y + z", 0, WRONG, "two operations. Give x + y a line"),
        ("a = x + y z", 0, WRONG, "two operations. Give y·z a line"),
        ("a = 2 x + 1", 0, WRONG, "two operations. Give 2·x a line"),
        ("a = ln(x)^2", 0, WRONG, "two operations. Give ln(x) a line"),
        ("a = e^-x", 0, WRONG, "two operations. Give −x a line"),
        ("a = (x + y)(y + z)", 0, WRONG, "three operations. Give x + y a line"),
        ("a = sin cos ln x", 0, WRONG, "three operations. Give ln(x) a line"),
        # a list in it
        ("a = [x, y]", 0, UNREADABLE, "[x, y] is a list, not a gate"),
        ("a = sum([x, y])", 0, UNREADABLE, "[x, y] is a list, not a gate"),
        ("a = [x] + y", 0, UNREADABLE, "[x] is a list, not a gate"),
        # what it comes to behind it
        ("a = x + y (4)", 0, UNDECIDED, "Leave out (4), and give a = x + y alone"),
        # not an equation
        ("a", 0, UNREADABLE, "This must be an equation"),
        ("x + y", 0, UNREADABLE, "This must be an equation"),
        ("a =", 0, UNREADABLE, "missing after the ="),
        ("= x + y", 0, UNREADABLE, "name is missing"),
        ("a = x +", 0, UNREADABLE, "missing after the +"),
        ("a = b = x + y", 0, UNREADABLE, "more than one ="),
        ("2 = x + y", 0, UNREADABLE, "one name"),
        ("a == x + y", 0, UNREADABLE, "single ="),
        ("x + y = a", 0, UNREADABLE, "left of ="),
        ("f(1, 3, 2) = x + y", 0, UNREADABLE, "only the name on the left"),
        ("a = x + y\nf = a z = 8", 1, UNREADABLE, "more than one ="),
        # no value here
        ("a = x - 1\nb = ln a", 1, WRONG, "b has no value at this exercise's inputs: ln needs a positive number"),
        ("a = x - 1\nb = y/a", 1, WRONG, "the denominator is 0"),
        ("a = x - y\nb = sqrt a", 1, WRONG, "square root needs"),
        ("a = x/0", 0, WRONG, "the denominator is 0"),
    ],
)  # fmt: skip
def test_a_line_is_refused_with_its_reason(text: str, line: int, kind: Kind, says: str):
    staging = follow(F, text)
    assert staging.verdict.kind is kind
    assert says in staging.verdict.message
    assert not staging.complete
    assert staging.fault is not None and staging.fault.number == line
    assert staging.fault.verdict == staging.verdict


def _caret(staging: Staging) -> str:
    """The part of the line that is pointed at."""
    text, marks = staging.verdict.caret.splitlines()
    return text[marks.index("^") : marks.rindex("^") + 1]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = x + q", "q"),
        ("a = x + y\nb = a zz", "zz"),
        ("2 = x + y", "2"),
        ("e = x + y", "e"),
        ("a = x + y\nb == a z", "=="),
    ],
)
def test_a_line_that_cannot_be_read_is_pointed_at(text: str, place: str):
    assert _caret(follow(F, text)) == place


def test_the_first_fault_is_the_one_said():
    staging = follow(F, "a = x + y + z\nb = \nf = a z")
    assert staging.verdict.message.startswith("This equation has two")
    assert [line.number for line in staging.lines if line.verdict] == [0, 1, 2]


def test_lines_after_a_fault_that_do_not_need_it_hold():
    staging = follow(F, "a = x + y + z\nb = x y\nc = a b")
    assert [line.verdict is None for line in staging.lines] == [False, True, False]
    assert [node.name for node in staging.graph.nodes] == ["x", "y", "z", "b"]


@pytest.mark.parametrize("word", ["f = σ(x)", "f = sigmoid(x)", "a = -x\nf = sigmoid(a)"])
def test_a_gate_that_is_taken_apart_here_is_refused(word: str):
    verdict = follow(SIGMOID, word).verdict
    assert verdict.kind is WRONG
    assert "In this exercise sigmoid is taken apart" in verdict.message


@pytest.mark.parametrize("text", ["", "   ", "\n \n\t\n"])
def test_nothing_is_not_wrong(text: str):
    verdict = follow(F, text).verdict
    assert verdict.kind is UNREADABLE
    assert "nothing here yet" in verdict.message


def test_too_many_lines_are_not_read():
    staging = follow(F, LONG)
    assert staging.verdict.kind is UNREADABLE
    assert "61 lines; at most 60" in staging.verdict.message
    assert len(staging.lines) == 60
    assert follow(F, LONG + "\n" + "x" * 1000).verdict.message.startswith("These are 62 lines")


def test_sixty_lines_are_read():
    names = ["a", *(f"t{i}" for i in range(57)), "b"]
    lines = ["a = x + y", *(f"{new} = {old} + 0" for old, new in pairwise(names)), "f = b z"]
    assert len(lines) == 60
    assert follow(F, "\n".join(lines)).verdict.kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("q = [1, 2, 3] W", "(3,) and (2, 2)"),
        ("q = x @ W", "(2, 1) and (2, 2)"),
        ("q = W @ x\nf = dot(q, q)", "(2, 1) and (2, 1)"),
        ("q = W + [1, 2, 3]", "(2, 2) and (3,)"),
        ("q = W @ x\nf = sum(q, axis=2)", "axis=2"),
        ("q = W @ x\nr = q.T\nf = q @ r", "a matrix (2, 2) here; the function is a number"),
        ("q = W @ x\nf = q^2", "a matrix (2, 1) here; the function is a number"),
    ],
)
def test_shapes_that_do_not_fit_cost_nothing(text: str, says: str):
    verdict = follow(NORM, text).verdict
    assert verdict.kind is UNREADABLE
    assert says in verdict.message


def test_side_by_side_is_a_product_where_only_one_is_possible():
    problem = problem_of(made("f(s, x) = sum(s x)", "s = 2, x = [[1, 2]]"))
    assert follow(problem, "a = s x\nf = sum(a)").complete
    vectors = problem_of(made("f(u, v) = sum(u v)", "u = [1, 2], v = [3, 4]"))
    assert follow(vectors, "a = u v\nf = sum(a)").complete


# The last line


def _verdict(problem: Problem, *lines: str) -> tuple[Kind, str]:
    verdict = follow(problem, "\n".join(lines)).verdict
    return verdict.kind, verdict.message


def test_a_staging_that_is_not_done_yet_is_undecided():
    kind, message = _verdict(F, "a = x + y")
    assert kind is UNDECIDED
    assert "a is not f yet" in message


def test_a_last_line_named_as_the_function_is_judged_with_a_counterexample():
    kind, message = _verdict(F, "a = x - y", "f = a z")
    assert kind is WRONG
    assert "At x = 1.3, y = 3.1, z = 2.9 yours gives -5.22; it should be 12.76" in message


def test_a_counterexample_is_found_where_the_own_numbers_agree():
    kind, message = _verdict(F, "a = x + y", "f = a^1.5")
    assert kind is WRONG, "4^1.5 is 8 at the exercise's numbers"
    assert "yours gives" in message


def test_a_staging_with_a_smaller_domain_is_wrong_for_that_reason():
    kind, message = _verdict(F, "a = x + y", "b = ln a", "c = ln z", "d = b + c", "f = e^d")
    assert kind is WRONG
    assert "ln(x + y) needs a positive number" in message


def test_it_is_right_where_the_inputs_are_positive():
    problem = problem_of(made("f(x, z) = x z", "x = 1, z = 2", 'positive = ["x", "z"]'))
    assert _verdict(problem, "a = ln x", "b = ln z", "c = a + b", "f = e^c")[0] is Kind.RIGHT


def test_a_function_reached_earlier_is_said():
    kind, message = _verdict(F, "a = x + y", "b = a z", "c = b + 1")
    assert (kind, message) == (WRONG, "b is already the whole of f; leave out the equations after it.")
    kind, message = _verdict(F, "a = x + y", "f = a z", "g = f + 1")
    assert (kind, message) == (WRONG, "Line 2 is already the whole of f; leave out the equations after it.")


def test_an_unused_line_is_a_remark():
    kind, message = _verdict(F, "a = x + y", "b = x z", "c = y z", "f = a z")
    assert kind is Kind.REMARK
    assert "b and c are not used" in message
    kind, message = _verdict(F, "a = x + y", "b = x z", "f = a z")
    assert "b is not used" in message


def test_a_line_that_stands_twice_under_two_names_is_right():
    problem = problem_of(made("f(x) = x^2 + x^2", "x = 3"))
    assert _verdict(problem, "a = x^2", "b = x^2", "f = a + b")[0] is Kind.RIGHT
    assert _verdict(problem, "a = x^2", "b = x^2", "f = a + a")[0] is Kind.REMARK


def test_the_same_text_is_judged_the_same():
    assert follow(F, "a = x - y\nf = a z").verdict == follow(F, "a = x - y\nf = a z").verdict


def test_arrays_do_not_outgrow_the_memory() -> None:
    staging = follow(NORM, "a = outer(x, x)\nb = outer(a, a)\nc = outer(b, b)\nd = outer(c, c)\nh = outer(d, d)")
    assert staging.fault is not None
    assert staging.fault.number == 3  # 2, then 4, 16, 256 and 65,536 numbers
    assert staging.verdict.kind is UNREADABLE
    assert "too many" in staging.verdict.message


def test_a_name_whose_own_line_does_not_hold_points_to_that_line():
    lines = follow(F, "a = x + y\nb = a z + x\nc = b\nd = q x").lines
    said = [line.verdict.message if line.verdict else "" for line in lines]
    assert said[2] == "b is what line 2 should give. Fix line 2 first."
    assert "q is not known" in said[3]


def test_equations_followed_key_by_key_are_what_they_are_at_once():
    text = "a = x + y\nb = a^2\nf = b z\na = 3\n\nc = f x"
    grown = StagingFollower(F)
    edits = [text[:end] for end in range(len(text) + 1)] + [text.replace("a^2", "a + x"), text[5:], "", text]
    for typed in edits:
        once, kept = follow(F, typed), grown.follow(typed)
        assert (once.lines, once.verdict, once.complete) == (kept.lines, kept.verdict, kept.complete), typed
        assert once.graph == kept.graph

"""The backward step in full: upstream, local and downstream at every gate, and the sum at every fork."""

from __future__ import annotations

import math

import pytest

from tutor.judging import Kind

from .making import Learner, learner, shipped

RIGHT, REMARK, WRONG, UNREADABLE = Kind.RIGHT, Kind.REMARK, Kind.WRONG, Kind.UNREADABLE
G = "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k"


def test_the_blanks_go_from_the_output_back():
    work = shipped("node-way/a", "a = x + y\nf = a z")
    assert work.keys("backward") == [
        "total:f",
        "local:f.0",
        "down:f.0",
        "local:f.1",
        "down:f.1",
        "local:a.0",
        "down:a.0",
        "local:a.1",
        "down:a.1",
    ]


def test_sums_are_asked_at_forks_and_for_inputs_that_are_not_used():
    keys = shipped("node-way/c", G).keys("backward")
    assert keys[-2:] == ["total:x", "total:z"]
    assert "total:y" not in keys, "y feeds one gate: its downstream is its gradient"
    keys = shipped("node-way/a", "u = x z\nv = y z\nf = u + v").keys("backward")
    assert keys[-1] == "total:z"


def test_an_upstream_with_one_sender_fills_itself_in():
    work = shipped("node-way/a", "a = x + y\nf = a z")
    (upstream,) = work.place("local:a.0")[1].filled_in
    assert (upstream.role, upstream.label, upstream.sender, upstream.text) == ("upstream", "∂f/∂a", "f", "")
    assert work.place("local:a.1")[1].filled_in == ()
    work.answer("down:f.0", "7")
    assert work.place("local:a.0")[1].filled_in[0].text == "", "a wrong one is not handed on"
    work.all_right({"total:f": "1", "down:f.0": "∂f/∂a = z"})
    assert work.place("local:a.0")[1].filled_in[0].text == "z"


def test_what_follows_from_a_wrong_sender_is_carried_forward():
    work = shipped("layers/complex")
    work.work("stage", "forward")
    first = next(key for key in work.keys("backward") if key.startswith("down"))
    assert work.answer(first, "2.5").kind is WRONG
    last = next(key for key in work.keys("backward") if work.place(key)[1].filled_in)
    sender = work.place(last)[1].filled_in[0].sender
    assert sender == first.partition(":")[2].partition(".")[0]


def test_constants_are_no_wires():
    keys = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c").keys("backward")
    assert [key for key in keys if key.startswith("local")] == ["local:d.1", "local:c.1", "local:b.0", "local:a.0"]


def test_headings_and_labels_say_where_a_blank_is():
    work = shipped("node-way/c", G)
    _, blank = work.place("local:d.0")
    assert (blank.group, blank.label) == ("d = c²", "local ∂d/∂c =")
    _, blank = work.place("down:k.1")
    assert blank.label == "downstream k → x =", "x forks: this is not yet its gradient"
    _, blank = work.place("down:b.0")
    assert blank.label == "downstream ∂g/∂y ="
    _, blank = work.place("total:x")
    assert (blank.group, blank.label) == ("input x", "sum ∂g/∂x =")
    assert "x forks to a and k" in blank.prompt


def test_a_whole_graph_by_hand():
    work = shipped("node-way/c", G)
    work.all_right(
        {
            "total:g": "1",
            "local:g.0": "1", "down:g.0": "1", "local:g.1": "1", "down:g.1": "1",
            "total:k": "1", "local:k.1": "4", "down:k.1": "4",
            "total:d": "1", "local:d.0": "2c", "down:d.0": "4",
            "total:c": "4", "local:c.0": "1", "down:c.0": "4", "local:c.1": "1", "down:c.1": "4",
            "total:b": "4", "local:b.0": "cos y", "down:b.0": "0",
            "total:a": "4", "local:a.0": "1/x", "down:a.0": "4/e",
            "total:x": "4 + 4/e", "total:z": "0",
        }
    )  # fmt: skip
    assert set(work.keys("backward")) <= set(work.answers)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("local:d.0", "4"),
        ("local:d.0", "2*c"),
        ("local:d.0", "2(a + b)"),
        ("local:d.0", "c + c"),
        ("local:b.0", "0"),
        ("local:a.0", "e^-1"),
        ("local:a.0", "0.368"),
        ("local:a.0", "x^-1"),
        ("down:a.0", "1.47"),
        ("down:a.0", "4 * 1/e"),
        ("total:x", "5.47"),
        ("total:x", "4(1 + 1/x)"),
        ("total:z", "0.0"),
    ],
)
def test_many_forms_of_an_answer_are_right(key: str, text: str):
    assert shipped("node-way/c", G).judge(key, text).kind is RIGHT


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("total:g", "0"),
        ("total:g", "14.87"),
        ("local:d.0", "2"),
        ("local:d.0", "c^2"),
        ("local:k.1", "x"),
        ("down:k.1", "4 x"),
        ("down:b.0", "4"),
        ("local:a.0", "x"),
        ("total:x", "4"),
        ("total:x", "1.47"),
        ("total:z", "1"),
    ],
)
def test_wrong_is_wrong_and_says_something(key: str, text: str):
    verdict = shipped("node-way/c", G).judge(key, text)
    assert verdict.kind is WRONG
    assert verdict.message


# Formulas


def test_a_formula_must_hold_at_other_numbers_too():
    work = learner("f(x, y, z) = (x + y) z", "x = 1, y = 2, z = 2", staging="a = x + y\nf = a z")
    verdict = work.judge("local:f.0", "y")
    assert verdict.kind is WRONG
    assert "has the right value here, but it is not ∂f/∂a" in verdict.message
    assert work.judge("local:f.0", "z").kind is RIGHT
    assert work.judge("local:f.0", "2").kind is RIGHT, "a number is a number"
    assert work.judge("local:f.0", "x + 1").kind is WRONG
    assert work.judge("local:f.1", "a").kind is RIGHT
    assert work.judge("local:f.1", "3").kind is RIGHT
    assert work.judge("local:a.0", "x").kind is WRONG
    assert work.judge("local:a.0", "x/x").kind is RIGHT


@pytest.mark.parametrize(
    ("staging", "key", "formulas", "wrong"),
    [
        ("a = e^x\nf = a + x", "local:a.0", ["a", "e^x", "exp(x)"], ["x", "e", "x e^x"]),
        ("a = x^3\nf = a + x", "local:a.0", ["3x^2", "3 a/x", "3*x*x"], ["x^2", "3x", "3x^3", "12 x"]),
        ("a = 1/x\nf = a + x", "local:a.1", ["-1/x^2", "-a^2", "-x^-2"], ["1/x^2", "-1/x", "ln x"]),
        ("a = sqrt x\nf = a + x", "local:a.0", ["1/(2 a)", "0.5 x^-0.5", "1/(2 sqrt(x))"], ["1/sqrt(x)", "2a"]),
        ("a = σ(x)\nf = a + x", "local:a.0", ["a (1 - a)", "a - a^2", "σ(x) σ(-x)"], ["a", "a(1 + a)", "1 - a"]),
        ("a = tanh x\nf = a + x", "local:a.0", ["1 - a^2", "1 - tanh(x)^2"], ["1 - a", "a^2"]),
        ("a = ln x\nf = a + x", "local:a.0", ["1/x"], ["x", "-1/x", "e^-x"]),
        ("a = cos x\nf = a + x", "local:a.0", ["-sin x"], ["sin x", "cos x"]),
        ("a = 2^x\nf = a + x", "local:a.1", ["a ln 2", "2^x ln(2)"], ["a", "x 2^(x-1)"]),
        ("a = 5 - x\nf = a + x", "local:a.1", ["-1"], ["1", "x"]),
        ("a = x - 5\nf = a + x", "local:a.0", ["1"], ["-1"]),
        ("a = x/4\nf = a + x", "local:a.0", ["1/4", "0.25"], ["4", "x/4"]),
        ("a = -3 x\nf = a + x", "local:a.1", ["-3"], ["3", "x"]),
        ("a = |x|\nf = a + x", "local:a.0", ["1", "x/a"], ["-1", "0"]),
        ("a = relu(x)\nf = a + x", "local:a.0", ["1"], ["0", "x"]),
    ],
)
def test_locals_in_symbols(staging: str, key: str, formulas: list[str], wrong: list[str]):
    # x is 2.3 here; whether the staging is of any use does not matter to its gates
    line = staging.splitlines()[0].partition(" = ")[2]
    work = learner(f"f(x) = {line} + x", "x = 2.3", staging=staging)
    for formula in formulas:
        assert work.judge(key, formula).kind is RIGHT, formula
    for formula in wrong:
        assert work.judge(key, formula).kind is WRONG, formula


# The same value twice, and forks


def test_a_gate_that_takes_a_value_twice_has_two_wires():
    work = learner("f(x) = x^2", "x = 3", staging="f = x x")
    assert work.keys("backward") == ["total:f", "local:f.0", "down:f.0", "local:f.1", "down:f.1", "total:x"]
    assert work.place("local:f.0")[1].label == "local ∂f/∂x (first) ="
    assert work.place("local:f.1")[1].label == "local ∂f/∂x (second) ="
    work.all_right({"local:f.0": "x", "down:f.0": "3", "local:f.1": "3", "down:f.1": "3", "total:x": "6"})
    assert work.judge("local:f.0", "2x").kind is WRONG
    assert work.judge("total:x", "3").kind is WRONG


def test_quotients_and_differences_of_a_value_with_itself():
    work = learner("f(x) = 2x", "x = 3", staging="a = x/x\nb = x + a\nc = x - a\nf = b + c")
    work.all_right({"local:a.0": "1/x", "local:a.1": "-1/x", "down:a.0": "0", "total:a": "0", "total:x": "2"})


def test_forks_add_and_a_slip_in_one_branch_is_named():
    work = shipped("node-way/a", "u = x z\nv = y z\nf = u + v")
    work.all_right({"total:f": "1", "total:u": "1", "total:v": "1", "local:u.1": "1", "down:u.1": "1"})
    assert work.answer("down:v.1", "2").kind is WRONG
    verdict = work.judge("total:z", "3")
    assert verdict.kind is REMARK
    assert "answer at v" in verdict.message
    assert work.judge("total:z", "4").kind is RIGHT
    assert work.judge("total:z", "2").kind is WRONG


def test_three_branches_add():
    work = learner("f(x) = x^2 + ln x + 3x", "x = 2")
    assert work.judge("total:x", "4 + 0.5 + 3").kind is RIGHT
    assert work.judge("total:x", "4.5").kind is WRONG


def test_what_nobody_uses_has_gradient_zero():
    work = learner("f(x, W) = x^2", "x = 2, W = [[1, 2], [3, 4]]")
    assert work.keys("backward")[-1] == "total:W"
    assert work.judge("total:W", "[[0, 0], [0, 0]]").kind is RIGHT
    assert work.judge("total:W", "0 W").kind is RIGHT
    assert work.judge("total:W", "W").kind is WRONG
    assert work.judge("total:W", "0").kind is UNREADABLE, "a gradient has the shape of its value"


# Carried forward


def sigmoid() -> Learner:
    work = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c")
    work.work("forward")
    return work


def test_rounded_numbers_are_carried_down():
    work = sigmoid()
    work.all_right({"total:d": "1", "local:d.1": "-0.78", "down:d.1": "-0.78"})
    work.all_right({"total:c": "-0.78", "total:b": "-0.78", "local:b.0": "0.14"})
    verdict = work.answer("down:b.0", "-0.1092")  # -0.78 times 0.14; the truth is -0.10499
    assert verdict.kind is REMARK
    assert "your own" in verdict.message
    assert work.judge("down:b.0", "-0.105").kind is RIGHT
    assert work.judge("down:b.0", "-0.12").kind is WRONG
    verdict = work.answer("down:a.0", "0.1092")
    assert verdict.kind is REMARK


def test_a_wrong_local_is_carried_into_its_downstream_and_named():
    work = sigmoid()
    assert work.answer("local:d.1", "0.7758").kind is WRONG, "the sign"
    verdict = work.answer("down:d.1", "0.7758")
    assert verdict.kind is REMARK
    assert "answer at d" in verdict.message
    assert work.answer("total:c", "0.7758").kind is REMARK, "what arrives is what was sent"
    assert work.judge("total:c", "-0.7758").kind is RIGHT
    assert "answer at d" in work.answer("down:c.1", "0.7758").message


def test_a_wrong_upstream_is_carried_down():
    work = sigmoid()
    assert work.answer("total:c", "-0.5").kind is WRONG
    verdict = work.answer("down:c.1", "-0.5")
    assert verdict.kind is REMARK
    assert "gradient of c" in verdict.message


def test_a_wrong_forward_value_is_carried_into_locals():
    work = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c")
    assert work.answer("value:c", "2").kind is WRONG
    verdict = work.answer("local:d.1", "-1/4")
    assert verdict.kind is REMARK
    assert "value of c" in verdict.message
    assert work.answer("down:d.1", "-0.25").kind is REMARK
    assert work.judge("local:d.1", "-0.7758").kind is RIGHT
    assert work.judge("local:d.1", "-1/c^2").kind is RIGHT


def test_a_slip_without_a_slope_makes_nothing_right():
    work = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c")
    assert work.answer("value:c", "0").kind is WRONG
    for text in ("5", "-2.5", "1000000"):
        assert work.judge("local:d.1", text).kind is WRONG
        assert work.judge("down:d.1", text).kind is WRONG


def test_the_truth_is_right_whatever_went_before():
    work = sigmoid()
    for number, key in enumerate(("total:d", "local:d.1", "down:d.1", "total:c", "local:c.1", "down:c.1", "total:b")):
        assert work.answer(key, f"{17.3 + number}").kind is WRONG
    assert work.judge("down:b.0", f"{-math.exp(-2) / (1 + math.exp(-2)) ** 2:.4f}").kind is RIGHT


@pytest.mark.parametrize(
    "text",
    ["", "(", "1 2 3", "x = 2", "[1, 2]", "q", "f(2)", "\x00", "٣", "9" * 5000, "1e999"],
    ids=lambda text: text[:9],
)
def test_what_cannot_be_read_costs_nothing(text: str):
    work = sigmoid()
    for key in ("total:d", "local:d.1", "down:d.1"):
        verdict = work.judge(key, text)
        assert not verdict.accepted
        assert not verdict.charged, verdict.message
        assert verdict.message


def test_the_first_hint_at_a_local_derivative_is_of_it_alone():
    work = shipped("layers/complex")
    work.work("stage", "forward")
    for key in work.keys("backward"):
        if key.startswith("local"):
            step, blank = work.place(key)
            first = step.hints(blank, "", work)[0]
            assert first.endswith("The local derivative is only the factor that the upstream is multiplied by.")


@pytest.mark.parametrize("digits", [1, 2, 4])
def test_a_rounded_downstream_at_a_local_derivative_is_called_that(digits: int):
    work = shipped("layers/complex")
    work.work("stage", "forward")
    for gate, downstream in (("b.0", -0.04133895), ("c.0", -0.05846210), ("h.0", 0.07170018)):
        key = next(key for key in work.keys("backward") if key == f"local:{gate}")
        verdict = work.answer(key, f"{downstream:.{digits}g}")
        assert verdict.kind is WRONG and "already includes the upstream" in verdict.message


def test_of_two_mistakes_at_once_neither_is_said_to_have_the_right_size():
    work = shipped("layers/complex")
    work.work("forward")
    message = work.answer("local:i.0", "-0.8442").message  # -i for i (1 - i)
    assert "right size" not in message and "the sign is wrong" in message

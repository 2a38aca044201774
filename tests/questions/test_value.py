"""The kind `value`: truth by an independent road, slips named, kinks open, any text judged."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import LIBRARY
from tutor.judging import Kind
from tutor.library import BadFile
from tutor.questions.registry import questions_of
from tutor.questions.value.formula_edits import edits_of
from tutor.questions.value.reference import ReferenceValues, ValueAsk
from tutor.runner import Runner

from .asking import NOBODY, One, question

WIDTH = "(W - F + 2P)/S + 1"


def asked(formula: str, at: dict[str, Any] | None = None, **more: Any) -> One:
    table = {key: more.pop(key) for key in ("let", "given") if key in more}
    return One("value", {"formula": formula, **more}, at=at or {}, **table)


@given(st.integers(5, 60), st.integers(1, 5), st.integers(1, 4), st.integers(0, 3))
def test_a_filter_fits_where_its_last_place_ends_at_the_edge(w: int, f: int, s: int, p: int):
    one = asked(WIDTH, {"W": w, "F": f, "S": s, "P": p}, whole=True)
    starts = range(0, w + 2 * p - f + 1, s)
    fits = starts[-1] + f == w + 2 * p
    assert one.worked == (str(len(starts)) if fits else "does not fit")
    assert one.judge(one.worked).kind is Kind.RIGHT
    assert one.judge(str(len(starts))).kind is (Kind.RIGHT if fits else Kind.WRONG)
    assert one.judge("does not fit").kind is (Kind.WRONG if fits else Kind.RIGHT)


def test_what_does_not_fit():
    one = asked(WIDTH, {"W": 32, "F": 5, "S": 2, "P": 0}, whole=True, misfit="It ends one column short.")
    assert one.judge("no").message == "It ends one column short."
    assert one.judge("14.5").kind is Kind.UNDECIDED
    assert one.judge("(W - F)/S + 1").kind is Kind.UNDECIDED
    assert one.judge("14").mistake == "rounded down"
    assert one.judge("15").mistake == "rounded up"
    assert "The + 1 was left out" in one.judge("13.5").message


SLIPS = [
    ("27", "The + 1 was left out"),
    ("(W - F + 2P)/S", "The + 1 was left out"),
    ("(W - F + P)/S + 1", "the padding stands on both sides"),
    ("W - F + 2P + 1", "The division by S was left out"),
    ("-(W - F + 2P)/S - 1", "wrong sign"),
    ("(W + F + 2P)/S + 1", "F was added"),
]


@pytest.mark.parametrize(("mine", "says"), SLIPS)
def test_slips_are_named(mine: str, says: str):
    one = asked(
        WIDTH,
        {"W": 91, "F": 7, "S": 4, "P": 12},
        slips={"(W - F + P)/S + 1": "Careful: the padding stands on both sides."},
    )
    assert one.worked == "28"
    verdict = one.judge(mine)
    assert verdict.kind is Kind.WRONG and says in verdict.message


def test_an_answer_may_be_a_number_or_a_formula():
    one = asked("a^2 + b", {"a": 1.5, "b": "1/3"})
    for text in ("2.58", "2.583", "9/4 + 1/3", "a a + b", "31/12"):
        assert one.judge(text).kind is Kind.RIGHT, text
    assert one.judge("2.5").kind is Kind.REMARK  # cut off
    assert one.judge("2.4").kind is Kind.WRONG
    assert one.judge("[2.58]").kind is Kind.UNREADABLE
    assert one.judge("no").kind is Kind.UNDECIDED


def test_a_name_for_the_answer_is_no_answer():
    one = asked("y", {"a": 2.0}, let={"y": "a^2"})
    assert one.judge("y").kind is Kind.UNREADABLE
    assert one.judge("a^2").kind is Kind.RIGHT
    assert asked("y + 1", {"a": 2.0}, let={"y": "a^2"}).judge("y + 1").kind is Kind.RIGHT


FORMULA = asked(WIDTH, wants="formula", slips={"(W - F + P)/S + 1": "On both sides?"})


@pytest.mark.parametrize("text", ["(W - F + 2P)/S + 1", "(W+2P-F+S)/S", "1 + (2P - (F - W))/S"])
def test_a_formula_is_right_in_any_form(text: str):
    assert FORMULA.judge(text).kind is Kind.RIGHT


def test_a_wrong_formula_is_named_and_shown_at_a_point():
    for text, says in (("(W - F + P)/S + 1", "On both sides?"), ("(W - F + 2P)/S", "The + 1 was left out")):
        verdict = FORMULA.judge(text)
        assert verdict.kind is Kind.WRONG
        assert says in verdict.message and "it should be" in verdict.message
    assert FORMULA.judge("28").kind is Kind.WRONG
    assert FORMULA.judge("(W - Q)/S").kind is Kind.UNREADABLE


NET = {"x": 0.5, "w": 0.4, "v": 1.5, "t": 2.0, "b": 0.1, "c": 0.2}
LETS = {"k": "w x + b", "h": "sigmoid(k)", "y": "v h + c", "l": "(y - t)^2"}


def loss(**moved: float) -> float:
    at = {**NET, **moved}
    h = moved.get("h", 1 / (1 + np.exp(-(at["w"] * at["x"] + at["b"]))))
    return float((at["v"] * h + at["c"] - at["t"]) ** 2)


@pytest.mark.parametrize("name", NET)
def test_gradients_are_those_of_differences(name: str):
    one = asked("l", NET, let=LETS, by=name)
    slope = (loss(**{name: NET[name] + 1e-6}) - loss(**{name: NET[name] - 1e-6})) / 2e-6
    assert one.judge(f"{slope:.5f}").kind is Kind.RIGHT
    assert one.judge(one.worked).kind is Kind.RIGHT


def test_a_gradient_by_a_value_in_between():
    h = 1 / (1 + np.exp(-0.3))
    slope = (loss(h=h + 1e-6) - loss(h=h - 1e-6)) / 2e-6
    assert asked("l", NET, let=LETS, by="h").judge(f"{slope:.5f}").kind is Kind.RIGHT


GRADIENT_SLIPS = [
    ("h", "local slope of y with respect to v"),
    ("2(y - t)", "what arrives at y"),
    ("(y - t) h", "exponent did not come down"),
    ("-2(y - t) h", "sign"),
    ("l", "value of the formula"),
]


@pytest.mark.parametrize(("mine", "says"), GRADIENT_SLIPS)
def test_slips_of_gradients_are_named(mine: str, says: str):
    verdict = asked("l", NET, let=LETS, by="v").judge(mine)
    assert verdict.kind is Kind.WRONG and says in verdict.message


def test_the_gradient_by_another_name_is_told():
    verdict = asked("l", NET, let=LETS, by="w").judge("2(y - t) h")
    assert "gradient with respect to v" in verdict.message


@given(st.lists(st.floats(-3, 3).map(lambda x: round(x, 2)), min_size=8, max_size=8))
def test_the_vector_of_gradients_of_a_convolution_is_a_correlation(numbers: list[float]):
    at = dict(zip(("x1", "x2", "x3", "x4", "x5", "g1", "g2", "g3"), numbers, strict=True))
    lets = {f"y{i}": f"w1 x{i} + w2 x{i + 1} + w3 x{i + 2}" for i in (1, 2, 3)}
    one = asked(
        "g1 y1 + g2 y2 + g3 y3", {**at, "w1": 1, "w2": 2, "w3": 3}, let=lets, by=["w1", "w2", "w3"]
    )  # fmt: skip
    truth = np.correlate(numbers[:5], numbers[5:], "valid")
    assert one.judge(str([round(entry, 6) for entry in truth.tolist()])).accepted
    assert one.judge(one.worked).accepted


def test_arrays_and_their_gradients():
    at = {"a": [[1, 2], [3, 4], [5, 6]], "b": [1, 2]}
    assert asked("sum(a + b)", at, by="b").worked == "[3, 3]"
    assert asked("sum(a * b)", at, by="b").worked == "[9, 12]"
    assert asked("sum(a * b)", at, by="a").judge("1 2; 1 2; 1 2").kind is Kind.RIGHT
    assert asked("sum(a + b)", at, by="b").judge("[[1, 1], [1, 1], [1, 1]]").kind is Kind.UNREADABLE


KINKS = [
    ("|y - t|", {"y": 1, "t": 1}, ["0", "-1", "1", "0.3"], ["-1.1", "2"]),
    ("relu(1 - t y)", {"y": 1, "t": 1}, ["0", "-1", "-0.5"], ["1", "0.2"]),
    ("3 relu(2 y - 2 t)", {"y": 1, "t": 1}, ["0", "6", "3"], ["7", "-1"]),
    ("max(y, 2 t)", {"y": 2, "t": 1}, ["0", "1", "0.5"], ["2", "-1"]),
    ("min(y, 2 t)", {"y": 2, "t": 1}, ["0", "1", "0.5"], ["2", "-1"]),
    ("|y - t| + relu(y - t)", {"y": 1, "t": 1}, ["-1", "0", "2"], ["3", "-2"]),
]


@pytest.mark.parametrize(("formula", "at", "fine", "wrong"), KINKS)
def test_at_a_kink_every_slope_between_the_sides_is_right(
    formula: str, at: dict[str, Any], fine: list[str], wrong: list[str]
):
    one = asked(formula, at, by="y")
    assert "PyTorch" in one.judge(one.worked).message
    for text in fine:
        assert one.judge(text).kind is Kind.REMARK, text
    for text in wrong:
        assert one.judge(text).kind is Kind.WRONG, text


def test_away_from_a_kink_there_is_one_slope():
    one = asked("|y - t|", {"y": 3, "t": 1}, by="y")
    assert one.judge("1").kind is Kind.RIGHT
    assert one.judge("0").kind is Kind.WRONG


def test_the_losses_are_drawn_once_it_is_right():
    one = asked("w1", {"w": 2.0}, let={"w1": "w/2"}, plot=["w", "w1"], after="The values:")
    lines = one.judge("1").message.splitlines()
    assert lines == ["The values:", "  w   2  " + "#" * 40, "  w1  1  " + "#" * 20]
    assert "####" not in one.judge("2").message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[W - F + 2P]/S + 1", "Write round brackets"),
        ("W @ F", "W @ F is for arrays"),
        ("max(W)", "max(W) is for arrays"),
        ("‖W‖ + 1", "‖W‖ is for arrays"),
        ("W.T", "is for arrays"),
        ("[W, F]", "this needs a number"),
    ],
)
def test_arrays_where_a_formula_of_numbers_is_asked_cost_nothing(text: str, says: str):
    verdict = FORMULA.judge(text)
    assert verdict.kind is Kind.UNREADABLE and says in verdict.message


@given(st.text(max_size=40))
def test_any_text_gets_a_verdict(text: str):
    for one in (FORMULA, asked(WIDTH, {"W": 9, "F": 4, "S": 2, "P": 0}, whole=True), asked("l", NET, let=LETS, by="v")):
        assert one.judge(text).message is not None


@given(st.sampled_from(["(W - F + 2P)/S + 1", "K (F^2 C + 1)", "2 (y - t) h", "-(t ln(p) + (1 - t) ln(1 - p))"]))
def test_an_edited_formula_is_another_formula(text: str):
    names = ("W", "F", "P", "S", "K", "C", "y", "t", "h", "p")
    reference = ReferenceValues({name: 0.31 + 0.077 * i for i, name in enumerate(names)}, {})
    tree = reference.read(text)
    edits = list(edits_of(tree))
    assert edits and all(edit.says and edit.gives != tree for edit in edits)


BROKEN: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"formula": "x +"}, {"x": 1}, "ask[1].formula"),
    ({"formula": "x + z"}, {"x": 1}, "ask[1].formula"),
    ({"formula": "ln(x)"}, {"x": -1}, "ask[1].formula"),
    ({"formula": "1/x", "by": "x"}, {"x": 0}, "ask[1].formula"),
    ({"formula": "x", "by": "z"}, {"x": 1}, "ask[1].by"),
    ({"formula": "x", "whole": True}, {"x": [1, 2]}, "ask[1].whole"),
    ({"formula": "x", "slips": {"z": "No."}}, {"x": 1}, "ask[1].slips.z"),
    ({"formula": "x", "plot": ["z"]}, {"x": 1}, "ask[1].plot"),
    ({"formula": "x", "let": {"x": "2"}}, {"x": 1}, "ask[1].let.x"),
    ({"formula": "x", "let": {"y": "1/(x - 1)"}}, {"x": 1}, "ask[1].let.y"),
    ({"formula": "x", "at": {"y": "a"}}, {"x": 1}, "ask[1].at.y"),
    ({"formula": "x", "at": {"y": [[[[[[[[[1]]]]]]]]]}}, {"x": 1}, "ask[1].at.y"),
    ({"formula": "x", "wants": "formula", "by": "x"}, {"x": 1}, "ask[1].wants"),
    ({"formula": "a + b"}, {"a": [1, 2], "b": [1, 2, 3]}, "ask[1].formula"),
]


@pytest.mark.parametrize(("ask", "at", "key"), BROKEN)
def test_a_table_that_makes_no_sense_is_refused(ask: dict[str, Any], at: dict[str, Any], key: str):
    with pytest.raises(BadFile) as caught:
        question("value", ask, at=at)
    assert caught.value.key == key and caught.value.reason


WITH_FIGURES = (
    "convolution/sizes", "convolution/parameters", "convolution/backward", "losses/table", "descent/step",
    "network/second-layer", "network/first-layer", "network/signs", "shapes/unbroadcast",
)  # fmt: skip


def test_the_last_hints_of_shipped_files_hold_the_answer():
    """Figures in hints are typed: they have to be those that are computed."""
    checked = 0
    for exercise in map(LIBRARY.exercises.__getitem__, WITH_FIGURES):
        for made, table in zip(questions_of(exercise, Runner()), exercise.file.question, strict=True):
            if table["kind"] != "value":
                continue
            (step,) = made.steps
            for blank, ask in zip(step.blanks(NOBODY), table["ask"], strict=True):
                if ask.get("hints") and ask.get("wants") != "formula":
                    hint = step.hints(blank, "", NOBODY)[2]
                    assert step.worked(blank, NOBODY) in hint, (exercise.id, blank.label, hint)
                    checked += 1
    assert checked > 20


FORMULAS = [
    (id, number, msgspec.convert(ask, ValueAsk))
    for id, exercise in LIBRARY.exercises.items()
    for number, table in enumerate(exercise.file.question)
    if table["kind"] == "value"
    for ask in table["ask"]
    if ask.get("wants") == "formula"
]


@pytest.mark.parametrize(("id", "number", "ask"), FORMULAS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_wrong_formula_is_answered_inside_the_world_of_the_question(id: str, number: int, ask: ValueAsk):
    assert ask.examples, "without them a filter may be wider than its input"
    names = sorted(ask.examples[0])
    for example in ask.examples:
        assert all(isinstance(value, int) and value > 0 for value in example.values()), example
        assert example.get("F", 0) <= example.get("W", 99) and len(names) == len(example)
    one = One("value", msgspec.to_builtins(ask), at={})
    told = {", ".join(f"{name} = {value}" for name, value in each.items()) for each in ask.examples}
    for wrong in ("32", names[0], f"{names[0]} {names[1]}", f"{names[0]}/({names[1]} + 1)", "0.5", *ask.slips):
        verdict = one.judge(wrong)
        assert verdict.kind is Kind.WRONG
        point = re.search(r"At (.*?) yours", verdict.message)
        assert point and {*point[1].split(", ")} in [{*each.split(", ")} for each in told], verdict.message


def test_a_formula_that_only_differs_outside_the_world_is_right():
    ask = {"wants": "formula", "formula": "S W", "examples": [{"S": 2, "W": 3}, {"S": 1, "W": 4}]}
    assert One("value", ask, at={}).judge("sqrt(S^2) W").accepted
    assert not One("value", {**ask, "examples": []}, at={}).judge("sqrt(S^2) W").accepted
    verdict = One("value", ask, at={}).judge("S W + (S - 1)(S - 2)")
    assert verdict.message == "It is not the formula, though it agrees with it at some numbers."


@pytest.mark.parametrize("examples", [[{"S": 2}], [{"S": 2, "W": 3, "F": 1}], [{"S": 0, "W": 3}], [{"S": [1], "W": 3}]])
def test_examples_that_make_no_sense_are_refused(examples: list[dict[str, object]]):
    with pytest.raises(BadFile) as caught:
        question("value", {"wants": "formula", "formula": "W/S", "examples": examples})
    assert caught.value.key.startswith("ask[1].examples[1]")


def test_names_that_are_not_on_the_screen_are_not_spoken_of():
    ask = {"formula": "exp(a1)/(exp(a1) + exp(b1))", "prompt": "What is p?"}
    hidden = One("value", ask, at={"a1": 1.01, "b1": 1.2}, given="Z = [1.01, 1.2]").judge("2.75").message
    shown = One("value", ask, at={"a1": 1.01, "b1": 1.2}).judge("2.75").message
    assert "The division was left out" in hidden and "a1" not in hidden
    assert "division by exp(a1) + exp(b1)" in shown


def test_a_whole_number_is_not_taken_for_one_that_is_half_more():
    ask = {"formula": "(W - F + 2P)/S + 1", "whole": True, "slips": {"(W - F + P)/S + 1": "The padding counts twice."}}
    one = One("value", ask, at={"W": 31, "F": 3, "S": 2, "P": 1})
    assert "twice" not in one.judge("15").message and "twice" in one.judge("15.5").message


def test_a_wrong_sign_is_told_as_that_and_not_as_one_way_to_it():
    one = One("value", {"formula": "2 (y - t) h"}, at={"y": 30, "t": 20, "h": -0.5})
    assert one.judge("10").message == "10 has the right size and the wrong sign. Which sign comes out, and why?"
    two = One("value", {"formula": "(y - t)^2 h", "by": "y"}, at={"y": 30, "t": 21, "h": -0.7})
    assert two.judge("12.6").message.endswith("Nudge y up a little: does (y − t)²·h rise or fall?")


@pytest.mark.parametrize(
    ("given", "prompt", "at", "said"),
    [
        ("", "What is the loss?", {"w": 2, "s": 0.5}, "What is the loss? Take w = 2, s = 0.5."),
        ("", "What is the loss at w = 2?", {"w": 2, "s": 0.5}, "What is the loss at w = 2? Take s = 0.5."),
        ("", "Weight 2, input 0.5: what is the loss?", {"w": 2, "s": 0.5}, "Weight 2, input 0.5: what is the loss?"),
        ("w is 2, s is 0.5", "The loss?", {"w": 2, "s": 0.5}, "The loss?"),
        ("", "Without a weight?", {"w": 0, "s": 0.5}, "Without a weight? Take s = 0.5."),
        ("", "The loss at 12.5 and 0.52?", {"w": 2, "s": 0.5}, "The loss at 12.5 and 0.52? Take w = 2, s = 0.5."),
    ],
)
def test_numbers_of_a_blank_that_nothing_says_are_said(given: str, prompt: str, at: dict[str, Any], said: str):
    asks = [{"formula": "(w s - 1.5)^2", "prompt": prompt, "at": at}]
    (item,) = question("value", ask=asks, given=given).items
    assert item.blank.prompt == said

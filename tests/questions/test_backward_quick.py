"""The quick way: each value's gradient only; a wrong one opens its gates."""

from __future__ import annotations

import math

import pytest

from tutor.judging import Kind

from .making import Learner, learner, shipped

RIGHT, REMARK, UNDECIDED, WRONG = Kind.RIGHT, Kind.REMARK, Kind.UNDECIDED, Kind.WRONG
G = "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k"


def quick(id: str, staging: str) -> Learner:
    work = shipped(id, staging)
    work.quick = True
    return work


def test_one_blank_a_value_from_the_output_back_and_inputs_last():
    assert quick("node-way/c", G).keys("backward") == [
        f"total:{name}" for name in ("g", "k", "d", "c", "b", "a", "x", "y", "z")
    ]


def test_a_whole_graph_by_hand():
    quick("node-way/c", G).all_right(
        {"total:g": "1", "total:k": "1", "total:d": "1", "total:c": "2c", "total:b": "4", "total:a": "4",
         "total:x": "4/x + 4", "total:y": "0", "total:z": "0"}
    )  # fmt: skip


def test_an_opened_value_asks_what_each_of_its_gates_sends():
    work = quick("node-way/c", G)
    work.opened.add("x")
    keys = work.keys("backward")
    assert keys[keys.index("total:a") + 1 : keys.index("total:y")] == [
        "local:a.0", "down:a.0", "local:k.1", "down:k.1", "total:x",
    ]  # fmt: skip
    work.opened.add("g")
    assert work.keys("backward")[0] == "total:g", "the output is used by no gate"


def test_pieces_lead_to_the_gradient():
    work = quick("node-way/c", G)
    work.all_right({"total:g": "1", "total:k": "1", "total:d": "1", "total:c": "4", "total:b": "4", "total:a": "4"})
    assert work.answer("total:x", "4/e").kind is WRONG
    work.opened.add("x")
    work.all_right({"local:k.1": "4", "down:k.1": "4", "total:x": "4/x + 4"})


# What was given for x, and the pieces that are asked then: 4/e comes from a and 4 from k.
KNOWN = {
    "17": ["local:a.0", "down:a.0", "local:k.1", "down:k.1"],  # no mistake that is known
    "4/e": ["local:k.1", "down:k.1"],  # what a sends alone
    "4": ["local:a.0", "down:a.0"],
    "16/e": [],  # the branches multiplied
    "2 + 2/e": [],  # averaged
    "8": ["local:a.0", "down:a.0"],  # a without its local derivative
    "1/e + 4": ["down:a.0"],  # without its upstream
    "8 + 1/e": ["down:a.0"],  # upstream + local
    "4 - 4/e": ["local:a.0", "down:a.0"],
    "2.47": ["local:k.1", "down:k.1"],  # k without its local derivative, rounded
}


@pytest.mark.parametrize("text", KNOWN)
def test_pieces_that_a_wrong_gradient_shows_to_be_known_are_not_asked(text: str):
    work = quick("node-way/c", G)
    work.all_right({"total:g": "1", "total:k": "1", "total:d": "1", "total:c": "4", "total:b": "4", "total:a": "4"})
    assert work.answer("total:x", text).kind is WRONG
    work.opened.add("x")
    keys = work.keys("backward")
    assert keys[keys.index("total:a") + 1 : keys.index("total:x")] == KNOWN[text]


def test_a_gradient_that_is_right_closes_its_pieces():
    work = quick("node-way/c", G)
    closed = work.keys("backward")
    for key in closed:
        work.answer(key, "17")
        work.opened.add(key.partition(":")[2])
        sent = key not in ("total:g", "total:z")
        assert (len(work.keys("backward")) > len(closed)) == sent, "what no gate sends back has no pieces"
        assert work.answer(key, work.worked(key)).accepted
        assert work.keys("backward") == closed


def test_the_whole_gradient_at_one_of_its_pieces_costs_nothing():
    work = quick("node-way/c", G)
    work.all_right({"total:g": "1", "total:k": "1", "total:d": "1", "total:c": "4", "total:b": "4", "total:a": "4"})
    work.answer("total:x", "4/e")
    work.opened.add("x")
    verdict = work.answer("local:k.1", "4/x + 4")
    assert verdict.kind is UNDECIDED and "all of ∂g/∂x" in verdict.message and verdict.answers == "total:x"
    assert work.answer("local:k.1", "5").kind is WRONG


def test_a_gradient_follows_from_the_rounded_one_above():
    work = quick("layers/two-over-sine", "a = -x\nb = e^a\nc = sin b\nd = 2/c")
    work.work("forward")
    work.answer("total:d", "1")
    rounded = f"{-2 / math.sin(math.exp(4.499)) ** 2:.3g}"
    assert work.answer("total:c", rounded).kind is RIGHT
    verdict = work.answer("total:b", f"{float(rounded) * math.cos(math.exp(4.499)):.7g}")
    assert verdict.kind is REMARK
    assert "your own" in verdict.message


def test_a_gradient_follows_from_a_wrong_one_above_and_the_slip_is_named():
    work = quick("node-way/c", G)
    work.all_right({"total:g": "1", "total:k": "1", "total:d": "1"})
    assert work.answer("total:c", "2").kind is WRONG
    verdict = work.answer("total:a", "2")
    assert verdict.kind is REMARK
    assert "gradient of c" in verdict.message
    assert work.answer("total:x", "2/x + 4").kind is REMARK
    assert work.judge("total:x", "4/x + 4").kind is RIGHT


def test_an_own_downstream_comes_before_the_gradient_above():
    work = quick("node-way/c", G)
    work.all_right({"total:g": "1", "total:k": "1", "total:d": "1", "total:c": "4", "total:a": "4", "total:b": "4"})
    work.opened.add("x")
    assert work.answer("down:a.0", "3").kind is WRONG
    verdict = work.judge("total:x", "7")
    assert verdict.kind is REMARK
    assert "answer at a" in verdict.message


@pytest.mark.parametrize("first", ["full", "quick"])
def test_answers_are_kept_when_the_way_is_changed(first: str):
    work = shipped("node-way/a", "a = x + y\nf = a z")
    work.quick = first == "quick"
    work.all_right({"total:f": "1", "total:a": "2"})
    work.quick = not work.quick
    assert {"total:f", "total:a"} <= set(work.answers)
    assert "total:f" in work.keys("backward")
    assert work.quick or work.place("local:a.0")[1].filled_in[0].text == "2", "a is no blank here, and filled in"
    verdict = work.judge("down:f.0" if first == "quick" else "total:x", "2")
    assert verdict.kind is RIGHT


def test_matrices_in_one_go():
    work = quick("vectors/squared-norm", "q = W @ x\nf = ||q||^2")
    assert work.keys("backward") == ["total:f", "total:q", "total:W", "total:x"]
    work.all_right({"total:f": "1", "total:q": "2 q", "total:W": "2 q @ x.T", "total:x": "2 W.T @ q"})
    verdict = work.judge("total:x", "[-0.112, 0.636]")
    assert verdict.kind is Kind.UNREADABLE
    assert "(2, 1)" in verdict.message


def test_a_matrix_gradient_follows_from_a_wrong_one():
    work = quick("vectors/squared-norm", "q = W @ x\nf = ||q||^2")
    work.answer("total:f", "1")
    assert work.answer("total:q", "q").kind is WRONG, "the factor of two"
    verdict = work.answer("total:W", "q @ x.T")
    assert verdict.kind is REMARK
    assert "gradient of q" in verdict.message


def test_a_gate_that_takes_a_value_twice_opens_into_two_wires():
    work = learner("f(x) = x^2", "x = 3", staging="f = x x")
    work.quick = True
    assert work.keys("backward") == ["total:f", "total:x"]
    assert work.answer("total:x", "3").kind is WRONG
    work.opened.add("x")
    assert work.keys("backward") == ["total:f", "local:f.1", "down:f.1", "total:x"], "3 is what one wire sends"
    assert work.answer("total:x", "17").kind is WRONG
    assert work.keys("backward") == ["total:f", "local:f.0", "down:f.0", "local:f.1", "down:f.1", "total:x"]
    assert work.answer("total:x", "2x").kind is RIGHT


def test_a_gradient_stands_beside_the_equations_of_the_gates_that_use_its_value():
    work = quick("node-way/c", G)
    beside = {key: work.place(key)[1].beside for key in work.keys("backward")}
    assert (beside["total:k"], beside["total:c"]) == ("g = d + k", "d = c²")
    assert beside["total:x"] == "a = ln(x), k = 4·x"
    assert not beside["total:g"] and not work.place("total:z")[1].label.startswith("sum")


def test_a_mistake_made_with_a_rounded_upstream_is_told_as_with_the_upstream_itself():
    work = quick(
        "layers/complex", "a = ln x\nb = √y\nc = σ(b)\nd = a c\ns = x + y\nq = s^2\nt = σ(q)\nr = 1/t\nf = d r"
    )
    for text in ("0.2097*q*(1-q)", "0.210*q*(1-q)", "0.2105*q*(1-q)"):
        verdict = work.judge("total:q", text)
        assert verdict.kind is WRONG
        assert ("the input was used instead of the output" in verdict.message) == ("0.2105" not in text), text


def test_a_formula_with_the_number_the_graph_shows_is_right_where_the_number_itself_would_be():
    """0.028 is 0.02758, and 2·1.3·0.028 would not tell."""
    work = quick(
        "layers/complex", "a = ln x\nb = √y\nc = σ(b)\nd = a c\ns = x + y\nq = s^2\nt = σ(q)\nr = 1/t\nf = d r"
    )
    told = work.judge("total:s", "0.028*2*s")
    assert told.kind is REMARK and "it comes to 0.0717." in told.message
    assert work.judge("total:s", "0.028*2.01*s").kind is not REMARK
    assert work.judge("total:s", "0.03*2*s").kind is UNDECIDED


def complex_layer() -> Learner:
    """All but the gradients of x and y, as rounded as the screen shows them."""
    work = quick("layers/complex", "a = ln x\nb = √y\nc = σ(b)\nd = x + y\ng = d^2\nh = σ(g)\nk = a c\nf = k/h")
    found = ["1", "1/h", "-k/h^2", "0.21*h*(1-h)", "0.028*2*d", "-0.264", "-0.264*0.67*0.33", "0.793"]
    for name, text in zip("fkhgdcba", found, strict=True):
        assert work.answer(f"total:{name}", text).accepted
    return work


@pytest.mark.parametrize("typed", [
    "-0.058*0.707+0.072",  # each as the graph shows it: 0.03099, and the gradient is 0.03036
    "-0.05837*0.7071+0.0717",  # as the learner's own answer came out, which was rounded on the way
])  # fmt: skip
def test_numbers_copied_from_the_screen_count_as_what_they_were_rounded_from(typed: str):
    told = complex_layer().judge("total:y", typed)
    assert told.kind is REMARK and "it comes to 0.03036." in told.message


@pytest.mark.parametrize("typed", [
    "-0.058*0.707-0.072", "0.058*0.707+0.072", "-0.058*0.793+0.072", "-0.058*0.707", "-0.058/0.707+0.072",
    "-0.061*0.707+0.072", "-0.058*0.707+0.075",
])  # fmt: skip
def test_copied_numbers_put_together_wrongly_are_wrong(typed: str):
    assert not complex_layer().judge("total:y", typed).accepted


@pytest.mark.parametrize("typed", ["da/x + dd", "df/da/x + df/dd", "da/x + dd*1"])
def test_the_whole_in_its_names_is_known_for_it_at_its_first_piece(typed: str):
    work = complex_layer()
    assert work.answer("total:x", "da/x").kind is WRONG
    work.opened.add("x")
    assert work.keys("backward")[-4:-1] == ["local:d.0", "down:d.0", "total:x"], "what a sends is known"
    assert work.judge("local:d.0", typed).answers == "total:x"
    assert not work.judge("local:d.0", "da*x + dd").answers


def test_a_local_derivative_with_the_upstream_in_it_is_told_so():
    work = complex_layer()
    work.quick = False
    for typed in ("dh*h*(1-h)", "upstream h (1 - h)"):
        assert "already includes the upstream" in work.judge("local:h.0", typed).message
    assert work.judge("local:h.0", "dk").message.startswith("This is ∂f/∂k. ")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("0.793/x", "only the branch through a"),
        ("0.793/x - dd", "what d sends with the wrong sign"),
        ("0.7930*x + 0.0717", ""),  # no mistake that is known, however it is read
    ],
)
def test_a_mistake_made_with_a_copied_number_is_told_as_with_its_name(typed: str, says: str):
    verdict = complex_layer().judge("total:x", typed)
    assert verdict.kind is WRONG and bool(verdict.mistake) == bool(says)
    assert says in verdict.message

"""The kind `gradient`: right answers from NumPy and autograd, slips by name, shapes before values."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.judging import Kind, Verdict
from tutor.library import BadFile
from tutor.questions.blank import NoAnswers
from tutor.questions.gradient.backward import passes_from, whole_passes
from tutor.questions.gradient.spec import setting_of

from .asking import One, question

LAYER: dict[str, Any] = {
    "equations": ("k = W @ x + b", "h = sigmoid(k)", "y = V @ h + c", "l = sum((y - t)^2)"),
    "shapes": {"W": (2, 4), "x": (4, 1), "b": (2, 1), "V": (3, 2), "c": (3, 1), "t": (3, 1)},
}
BATCH: dict[str, Any] = {
    "equations": ("Y = X @ W.T + b",),
    "shapes": {"X": (5, 3), "W": (4, 3), "b": (4,)},
    "given": ("Y",),
}
SOFTMAX: dict[str, Any] = {
    "equations": ("a = exp(z)", "n = sum(a)", "s = a / n"),
    "shapes": {"z": (4,)},
    "given": ("s",),
}


def one(of: str, given: tuple[str, ...], table: dict[str, Any] = LAYER, **ask: Any) -> One:
    return One("gradient", {"of": of, "given": given, **ask}, **table)


def judged(text: str, of: str, given: tuple[str, ...], table: dict[str, Any] = LAYER, **ask: Any) -> Verdict:
    return one(of, given, table, **ask).judge(text)


# The truth


def sigma(k: Any) -> Any:
    return 1 / (1 + anp.exp(-k))


def layer_loss(v: dict[str, Any]) -> Any:
    y = v["V"] @ sigma(v["W"] @ v["x"] + v["b"]) + v["c"]
    return anp.sum((y - v["t"]) ** 2)


@pytest.mark.parametrize("name", LAYER["shapes"])
def test_the_backward_pass_is_autograds(name: str):
    setting = setting_of(LAYER["equations"], LAYER["shapes"])
    for passed in passes_from(setting, ()):
        inputs = {one: passed.at[one] for one in LAYER["shapes"]}
        wanted = grad(lambda value, inputs=inputs: layer_loss({**inputs, name: value}))(inputs[name])
        np.testing.assert_allclose(passed.totals[setting.graph.positions[name]], wanted, rtol=1e-9)


def test_given_gradients_agree_with_each_other():
    """h' follows from y' where both are given: an answer may use either."""
    setting = setting_of(LAYER["equations"], LAYER["shapes"])
    for passed in passes_from(setting, ("h", "y")):
        np.testing.assert_allclose(passed.at["h'"], np.transpose(passed.at["V"]) @ passed.at["y'"])
    for passed in whole_passes(setting, ("y",)):
        np.testing.assert_allclose(passed.at["y'"], 2 * (passed.at["y"] - passed.at["t"]))


def test_a_one_hot_input_has_a_single_one_in_each_row():
    setting = setting_of(("l = sum(z * t)",), {"z": (6, 3), "t": (6, 3)}, onehot=("t",))
    for draw in range(3):
        rows = np.asarray(setting.known(draw)["t"])
        assert np.all(np.sort(rows, axis=1) == [0, 0, 1])


sizes = st.permutations([2, 3, 4, 5]).map(tuple)


@settings(max_examples=25, deadline=None)
@given(sizes)
def test_a_linear_layer_of_any_shape(shape: tuple[int, int, int, int]):
    n, m, k, _ = shape
    table = {"equations": ("C = A @ B",), "shapes": {"A": (n, k), "B": (k, m)}, "given": ("C",)}
    assert judged("C' B.T", "A", ("C",), table).kind is Kind.RIGHT
    assert judged("A.T C'", "B", ("C",), table).kind is Kind.RIGHT
    for wrong in ("C' B", "B C'.T", "B.T C'", "A", "2 C' B.T", "C B.T", "C'"):
        assert not judged(wrong, "A", ("C",), table).accepted


@settings(max_examples=25, deadline=None)
@given(sizes, st.booleans())
def test_the_programs_own_answer_is_right_by_differences(shape: tuple[int, int, int, int], tall: bool):
    """What the worked solution says, computed here in NumPy's own words, moves the loss as predicted."""
    n, m, k, _ = shape
    bias = (m,) if tall else (1, m)
    table = {
        "equations": ("K = X @ W + b", "H = tanh(K)", "l = sum(H * H * q)"),
        "shapes": {"X": (n, k), "W": (k, m), "b": bias, "q": (n, m)},
    }
    for of in ("X", "W", "b"):
        asked = one(of, ("K",), table)
        text = asked.worked.replace("K'", "G").replace("sum(", "np.sum(")
        rng = np.random.default_rng(n)
        at = {name: rng.normal(size=size) for name, size in table["shapes"].items()}

        def loss(at: dict[str, Any]) -> float:
            return float(np.sum(np.tanh(at["X"] @ at["W"] + at["b"]) ** 2 * at["q"]))

        values = at["X"] @ at["W"] + at["b"]
        at_k = 2 * np.tanh(values) * (1 - np.tanh(values) ** 2) * at["q"]
        said = eval(text, {"np": np, **at, "G": at_k})  # our own text, not anyone's
        nudge = rng.normal(size=at[of].shape)
        up, down = ({**at, of: at[of] + sign * 1e-6 * nudge} for sign in (1, -1))
        assert said.shape == at[of].shape
        assert np.isclose((loss(up) - loss(down)) / 2e-6, np.sum(said * nudge), rtol=1e-5, atol=1e-6)
        assert asked.judge(asked.worked).kind is Kind.RIGHT


# What may be typed


@pytest.mark.parametrize(
    "text",
    [
        "y' @ h.T", "y' h.T", "y'h^T", "y′ hᵀ", "dy @ h.T", "y∇ hᵀ", "∇y h^T", "grad_y @ h.T", "y_grad h.T", "gy @ h.T",
        "g_y h.T", "outer(y', h)", "np.outer(dy, h)", "(h @ y'.T).T", "y' * h.T", "dl/dy h.T", "∂l/∂y @ h.T",
        "y.grad @ h.T", "y^∇ h^T", r"y^{\nabla} h^T", "∂y h.T", "1/2 (2 y') h.T",
    ],
)  # fmt: skip
def test_spellings(text: str):
    assert judged(text, "V", ("y",)).kind is Kind.RIGHT


def test_a_value_that_is_spelled_as_a_gradient_is_that_value():
    table = {"equations": ("y = a * dy", "l = sum(y * y)"), "shapes": {"a": (3,), "dy": (3,)}}
    assert judged("y' dy", "a", ("y",), table).kind is Kind.RIGHT
    assert not judged("dy dy", "a", ("y",), table).accepted


def test_what_stands_side_by_side_is_multiplied_and_echoed():
    assert judged("V.T y'", "h", ("y",)).echo == "Vᵀ @ y'"
    assert judged("h' h (1 - h)", "k", ("h",)).kind is Kind.RIGHT
    assert judged("V y'", "h", ("y",)).echo == "V ⊙ y'"  # entry by entry, as that alone fits
    assert judged("y' h", "V", ("y",)).message.startswith("In y' @ h the shapes (3, 1) and (2, 1) do not fit.")


def test_written_out_from_the_loss_is_right_too():
    assert judged("2(y - t) h.T", "V", ("y",)).kind is Kind.REMARK
    assert judged("y' h.T", "V", ("y",)).kind is Kind.RIGHT


def test_a_gradient_that_is_not_given_costs_nothing():
    verdict = judged("k' x.T", "W", ("h",))
    assert verdict.kind is Kind.UNREADABLE and "k' is not given" in verdict.message and "h'" in verdict.message
    assert "No gradient is given" in judged("y'", "y", ()).message


# Shapes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("h y'.T", "Yours is a matrix (2, 3). V is (3, 2), so its gradient is (3, 2) too. Here h is (2, 1)"),
        ("y' @ h", "In y' @ h the shapes (3, 1) and (2, 1) do not fit."),
        ("h.T*y'.T", "do not fit"),
        ("3", "Yours is a number. V is (3, 2), so its gradient is (3, 2) too."),
        ("V.T", "Yours is a matrix (2, 3)."),
    ],
)
def test_shapes_come_first_and_cost_nothing(text: str, said: str):
    verdict = judged(text, "V", ("y",))
    assert verdict.kind is Kind.UNREADABLE
    assert said in verdict.message


def test_the_sign_that_multiplies_matrices_is_told():
    assert "the matrix product is @" in judged("V.T * y'", "h", ("y",)).message


# Slips


@pytest.mark.parametrize(
    ("text", "of", "given", "mistake"),
    [
        ("y - t", "y", (), "pow_no_coefficient"),
        ("2(t - y)", "y", (), "sub_extra_sign"),
        ("(y - t)^2", "y", (), "own_value"),
        ("h y'.T", "V", ("y",), "outer_transposed"),
        ("y h.T", "V", ("y",), "value_for_gradient"),
        ("y' k.T", "V", ("y",), "other_value"),
        ("-y' h.T", "V", ("y",), "sign_flipped"),
        ("2 y' h.T", "V", ("y",), "factor_2"),
        ("V", "V", ("y",), "own_value"),
        ("y'.T V", "h", ("y",), "grad_transposed"),
        ("h'", "k", ("h",), "forgot_local"),
        ("h' k (1 - k)", "k", ("h",), "sigmoid_at_input"),
        ("h (1 - h)", "k", ("h",), "forgot_upstream"),
        ("h' x.T", "W", ("h", "k"), "other_gradient"),
    ],
)
def test_slips_have_names(text: str, of: str, given: tuple[str, ...], mistake: str):
    verdict = judged(text, of, given)
    assert verdict.mistake == mistake
    assert verdict.message.endswith("?")


@pytest.mark.parametrize(
    ("text", "of", "mistake"),
    [
        ("Y'", "b", "not_summed_back"),
        ("mean(Y', axis=0)", "b", "averaged_back"),
        ("sum(Y', axis=1)", "b", "wrong_axis_back"),
        ("sum(Y', axis=0, keepdims=True)", "b", "kept_axis_back"),
        ("Y'.T X / 5", "W", "bias_mean"),
        ("5 Y' W", "X", "ce_no_mean"),
    ],
)
def test_slips_over_a_batch(text: str, of: str, mistake: str):
    assert judged(text, of, ("Y",), BATCH).mistake == mistake


def test_a_branch_that_is_forgotten():
    table = {"equations": ("a = x * w", "b = x * v", "l = sum(a * b)"), "shapes": dict.fromkeys("xwv", (3,))}
    assert judged("a' w + b' v", "x", ("a", "b"), table).kind is Kind.RIGHT
    verdict = judged("a' w", "x", ("a", "b"), table)
    assert verdict.mistake == "one_branch_only" and "This is only what a sends" in verdict.message


def test_the_files_own_slips_go_first():
    says = "That is the diagonal alone. What of the rest?"
    ask = {"form": "s * (s' - sum(s' * s))", "slips": {"s' * s * (1 - s)": says}}
    assert judged("s (1 - s) s'", "z", ("s",), SOFTMAX, **ask).message == says
    assert judged("s' s - s sum(s' s)", "z", ("s",), SOFTMAX, **ask).kind is Kind.RIGHT


def test_a_wrong_value_without_a_name_has_a_counterexample():
    verdict = judged("3 y' h.T", "V", ("y",))
    assert verdict.kind is Kind.WRONG and "on numbers drawn at random, in row" in verdict.message


def test_of_numbers_the_counterexample_says_at_which():
    table = {"equations": ("y = v h + c",), "shapes": {"v": (), "h": (), "c": ()}, "given": ("y",)}
    assert judged("3 y' h", "v", ("y",), table).message.startswith("Tried on numbers drawn at random, y' = ")


def test_sums_for_products_in_the_branches_are_named():
    table = {"equations": ("p = v h", "q = w h", "l = p + q"), "shapes": dict.fromkeys("vwh", ()), "given": ("p", "q")}
    for text in ("p' + v", "(p' + v) + (q' + w)"):
        assert judged(text, "h", ("p", "q"), table).mistake == "added_upstream", text


def test_names_keep_their_small_letters():
    table = {"equations": ("y = v h + c",), "shapes": {"v": (), "h": (), "c": ()}, "given": ("y",)}
    assert judged("y' v", "v", ("y",), table).message.startswith("v itself was used")


# Hints, files


def test_hints_and_worked_answer():
    asked = one("V", ("y",))
    first, second, third = asked.hints
    assert "(3, 2)" in first and "y' (3, 1) and h (2, 1)" in second and third == f"V' = {asked.worked}"
    assert "y' h" not in first + second and "y' @ h" not in first + second


def test_the_picture_has_the_shapes_of_all_values():
    asked = one("V", ("y",))
    picture = asked.question.picture(NoAnswers())
    assert picture is not None
    picture.check()
    shapes = {node.name: node.shape for node in picture.nodes}
    assert shapes["V"] == "(3, 2)" and shapes["h"] == "(2, 1)" and shapes["W@x"] == "(2, 1)" and shapes["l"] == ""
    assert asked.question.node_of(asked.blank) == "V"


@pytest.mark.parametrize(
    ("changed", "ask", "key"),
    [
        ({"equations": ("y = V @ q",)}, {}, "equations"),
        ({"equations": ()}, {}, "equations"),
        ({"equations": ("y = W @ y",)}, {}, "equations"),
        ({"equations": ("y = W @ x", "y = V @ x")}, {}, "equations"),
        ({"equations": ("y = V",)}, {}, "equations"),
        ({"equations": ("y = V @ h", "l = sum(V)"), "shapes": {"V": (3, 2), "h": (2, 1)}}, {}, "equations"),
        ({"equations": ("T = V V", "l = sum(T)"), "shapes": {"V": (3, 2)}}, {}, "equations"),
        ({"equations": ("l = sum(ln(V))",), "shapes": {"V": (3, 2)}}, {}, "equations"),
        ({"equations": ("l = V @ h",), "shapes": {"V": (3, 2), "h": (3, 1)}}, {}, "equations"),
        ({"shapes": {**LAYER["shapes"], "z": (2,)}}, {}, "shapes.z"),
        ({"shapes": {**LAYER["shapes"], "W": (2, 0)}}, {}, "shapes.W"),
        ({"positive": ("q",)}, {}, "positive"),
        ({}, {"of": "q"}, "ask[1].of"),
        ({}, {"given": ("q",)}, "ask[1].given"),
        ({}, {"given": ("h",)}, "ask[1].given"),
        ({}, {"given": ("y",), "form": "y' @ k.T"}, "ask[1].form"),
        ({}, {"given": ("y",), "slips": {"y' h.T": "no"}}, "ask[1].slips.y' h.T"),
        ({}, {"given": ("y",), "slips": {"y' (": "no"}}, "ask[1].slips.y' ("),
    ],
)
def test_tables_that_make_no_sense(changed: dict[str, Any], ask: dict[str, Any], key: str):
    with pytest.raises(BadFile) as found:
        question("gradient", {"of": "V", **ask}, **{**LAYER, **changed})
    assert found.value.key == key
    assert found.value.reason


def test_square_matrices_are_noted():
    made = question("gradient", {"of": "A"}, equations=("l = sum(A * A)",), shapes={"A": (3, 3)})
    assert [key for key, _ in made.notes()] == ["shapes.A"]


TOKENS = st.sampled_from(
    ["y'", "h", "h.T", "V", "x", "k'", "dy", "∇", "'", "@", "*", " ", "(", ")", "sum(", "axis=0", ", ", "+", "/", "2",
     "^T", "ᵀ", "^∇", "[", "]", "outer(", "mean(", "\x00", "é", "1e300", "exp(", "softmax(", "dl/dy", ".grad"]
)  # fmt: skip
ASKED = [one("V", ("y",)), one("b", ("Y",), BATCH), one("n", ("s",), SOFTMAX)]


@settings(max_examples=examples(300), deadline=None)
@given(st.sampled_from(ASKED), st.one_of(st.lists(TOKENS, max_size=10).map("".join), st.text(max_size=20)))
def test_any_text_has_a_verdict(asked: One, text: str):
    verdict = asked.judge(text)
    assert isinstance(verdict.kind, Kind)
    assert verdict.message or verdict.kind is Kind.RIGHT

"""Names: plain whatever Python or SymPy make of them, primed, numbered, Greek, declared or open."""

from __future__ import annotations

import pytest

from tutor.language import Apply, Constant, Name, Unreadable, names_in, read_expression, walk

from .oracle import tree_of
from .slips import Slip
from .words import USUAL, known

GRABBED = (
    *("lambda", "beta", "gamma", "zeta", "E", "I", "S", "N", "O", "Q", "C", "i", "j", "det", "test", "Symbol"),
    *("None", "True", "False", "if", "in", "is", "or", "and", "not", "as", "for", "else", "def", "class", "return"),
    *("inf", "nan", "np", "math", "axis", "T", "plus", "times", "e", "pi", "exp", "sin", "log", "dtype", "array"),
)


@pytest.mark.parametrize("name", GRABBED)
def test_a_declared_name_is_a_plain_name(name: str) -> None:
    vocabulary = known(name, "x")
    assert read_expression(name, vocabulary).tree == Name(name)
    assert read_expression(f"{name}*2 + x", vocabulary).tree == Apply(
        "add", (Apply("mul", (Name(name), tree_of("2"))), Name("x"))
    )
    assert names_in(read_expression(f"x/{name}", vocabulary).tree) == ("x", name)


@pytest.mark.parametrize("name", [name for name in GRABBED if name not in ("e", "pi")])
def test_the_same_name_undeclared_is_refused(name: str) -> None:
    with pytest.raises(Unreadable):
        read_expression(name, known("x"))


def test_a_declared_e_is_no_constant() -> None:
    tree = read_expression("e^x", known("e", "x")).tree
    assert tree == Apply("pow", (Name("e"), Name("x")))
    assert not any(isinstance(node, Constant) for node in walk(tree))


def test_a_declared_name_is_never_split() -> None:
    assert read_expression("xy", known("x", "y", "xy")).tree == Name("xy")
    assert read_expression("2xy", known("x", "y", "xy")).tree == tree_of("2*xy")


PLAIN = {
    "x_1 + x_2": ("x_1", "x_2"),
    "x_1x_2": (),
    "x' + x''": ("x'", "x''"),
    "x′ + x″": ("x'", "x''"),
    "x’": ("x'",),
    "2x'": ("x'",),
    "x_1'": ("x_1'",),
    "w_ij": ("w_ij",),
    "∇x * ∂x": ("∇x", "∂x"),
    "α + Δ": ("α", "Δ"),
    "dq": ("dq",),
    "a1 b2": ("a1", "b2"),
}


@pytest.mark.parametrize("text", [text for text in PLAIN if PLAIN[text]])
def test_primes_numbers_and_greek_letters_belong_to_names(text: str) -> None:
    assert names_in(read_expression(text, known(*PLAIN[text])).tree) == PLAIN[text]


SPELLINGS = {
    "x1": "x_1",
    "x_2": "x2",
    "x₁": "x_1",
    "x_{1}": "x_1",
    "α": "alpha",
    "beta": "β",
    "\\beta": "β",
    "µ": "μ",
    "theta_1": "θ1",
    "ϕ": "φ",
    "𝑤": "w",
}


@pytest.mark.parametrize("text", SPELLINGS)
def test_other_spellings_of_a_name_are_that_name(text: str) -> None:
    name = SPELLINGS[text]
    assert read_expression(text, known(name)).tree == Name(name)
    assert read_expression(f"2{text} + 1", known(name)).tree == read_expression(f"2*{name} + 1", known(name)).tree


def test_two_names_that_differ_only_in_spelling_are_kept_apart() -> None:
    both = known("x_1", "x1")
    assert names_in(read_expression("x_1 x1", both).tree) == ("x_1", "x1")
    assert names_in(read_expression("χ + x", known("χ", "x")).tree) == ("χ", "x")


def test_names_that_are_no_words_are_read_whole() -> None:
    vocabulary = known("dL/dw", "L", "w", "d", "dL")
    assert read_expression("dL/dw * 2", vocabulary).tree == Apply("mul", (Name("dL/dw"), tree_of("2")))
    assert read_expression("dL / dw", vocabulary).tree == Name("dL/dw")
    assert read_expression("dL/d", vocabulary).tree == tree_of("dL/d")
    assert read_expression("ŷ - x̂", known("ŷ", "x̂")).tree == Apply("sub", (Name("ŷ"), Name("x̂")))
    assert read_expression("y\u0302", known("ŷ")).tree == Name("ŷ")


def test_a_declared_accent_without_its_letter_is_refused() -> None:
    message = "An accent (U+0302, combining circumflex accent) has no place in a formula."
    for text, carets in {"\u0302x": "^", "\u0302": "^", "2\u0302": " ^"}.items():
        Slip(text, message, carets).check(lambda text: read_expression(text, known("x", "x\u0302")))


def test_a_name_wins_over_a_function_and_a_function_over_nothing() -> None:
    assert read_expression("sigma(x)", known("sigma", "x")).tree == tree_of("sigma*x")
    assert read_expression("σ", known("sigma")).tree == Name("sigma")
    assert read_expression("σ(x)", known("sigma", "x")).tree == tree_of("sigmoid(x)")
    assert read_expression("max(y)", known("max", "y")).tree == tree_of("max*y")


def test_an_open_vocabulary_takes_any_name() -> None:
    vocabulary = known("x", open_names=True)
    assert names_in(read_expression("loss*2 + xy - X + x_7'", vocabulary).tree) == ("loss", "xy", "X", "x_7'")
    assert read_expression("k(x)", vocabulary).tree == tree_of("k*x")
    assert read_expression("a" * 32, vocabulary).tree == Name("a" * 32)
    for text in ("foo(x)", "_x", "a" * 33, "sin"):
        with pytest.raises(Unreadable):
            read_expression(text, vocabulary)


SUGGESTED = {
    ("lerning_rate", "learning_rate"): "learning_rate",
    ("hidden1", "hidden_2"): "hidden_2",
    ("biass", "bias"): "bias",
    ("wieght", "weight"): "weight",
}


@pytest.mark.parametrize("pair", SUGGESTED)
def test_the_nearest_known_name_is_offered(pair: tuple[str, str]) -> None:
    typed, name = pair
    message = f"The name {typed} is not known here. Did you mean {name}?"
    Slip(typed, message, "^" * len(typed), name).check(lambda text: read_expression(text, known(name)))


@pytest.mark.parametrize(("typed", "meant"), [("xw", "x*W"), ("Xw", "X*W"), ("wx", "W*x"), ("wX", "W*X")])
def test_of_two_names_that_differ_in_a_capital_the_typed_one_is_meant(typed: str, meant: str) -> None:
    message = f"The name {typed} is not known here. Did you mean {meant}?"
    Slip(typed, message, "^^", meant).check(lambda text: read_expression(text, known("x", "X", "W")))


def test_few_names_are_listed_and_many_are_not() -> None:
    one = Slip("q", "The name q is not known here. The only name is x.", "^")
    one.check(lambda text: read_expression(text, known("x")))
    none = Slip("q", "The name q is not known here.", "^")
    none.check(lambda text: read_expression(text, known()))
    none.check(lambda text: read_expression(text, known(*(f"name_{number}" for number in range(9)))))


def test_numbered_names_are_offered_where_they_exist() -> None:
    vocabulary = known("x", "x_2", "y")
    message = "The name x2 is not known here. Did you mean x*2, x^2 or x_2?"
    Slip("x2", message, "^^").check(lambda text: read_expression(text, vocabulary))


def test_greek_letters_that_look_latin_are_pointed_out() -> None:
    message = "The name Α is a Greek letter and is not known here. Did you mean the Latin A?"
    Slip("Α", message, "^", "A").check(lambda text: read_expression(text, known("A")))
    message = "The name Αb has Greek letters and is not known here. Did you mean the Latin Ab?"
    Slip("Αb", message, "^^", "Ab").check(lambda text: read_expression(text, known("Ab")))


def test_the_usual_names_are_just_names() -> None:
    assert names_in(read_expression("W @ x + b - c v", USUAL).tree) == ("W", "x", "b", "c", "v")

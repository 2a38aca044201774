"""The gate cards, and the verb that shows them."""

from __future__ import annotations

import pytest

from tests.faces.conftest import Cli
from tutor.catalogue.gate_cards import cards, find
from tutor.engine.gates import GATES, Gate, vocabulary
from tutor.language import Apply, read_expression


def test_every_gate_has_a_card_and_only_one() -> None:
    keys = [card.key for card in cards()]
    assert sorted(keys) == sorted(GATES)


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.key)
def test_a_card_says_the_way_back_and_the_pattern(card) -> None:
    headings = [heading for heading, _ in card.rows]
    assert any(heading.startswith(("∂/∂", "sends")) for heading in headings)
    assert "pattern" in headings
    assert all(text and "{" not in text for _, text in card.rows)


@pytest.mark.parametrize(
    ("name", "key"), [("max", "max"), ("σ", "sigmoid"), ("LN", "ln"), ("log", "ln"), ("@", "matmul"), ("√", "sqrt")]
)
def test_gates_are_found_by_key_sign_and_word(name: str, key: str) -> None:
    assert key in [card.key for card in find(name)]


def test_a_card_of_one_argument_compares_no_sizes() -> None:
    comparing = {card.key for card in cards() if "sizes must be equal" in dict(card.rows)["shapes"]}
    assert "add" in comparing and not comparing & {"ln", "exp", "neg", "relu", "square"}


def test_the_kink_of_relu_is_on_its_card() -> None:
    assert "at 0 any slope from 0 to 1 is right; PyTorch uses 0" in find("relu")[0].text


def test_the_verb(verb: Cli) -> None:
    assert "A max gate routes" in verb("gates", "max").stdout
    done = verb("gates", "nothing")
    assert done.returncode == 2
    assert "There is no gate nothing" in done.stderr


_TYPED = {
    "+": "a + b", "−": "a − b", "×": "a × b", "/": "a/b", "^": "a^b", "@": "a @ b", "√": "√a", "|·|": "|a|",
    "‖·‖": "‖a‖", "‖·‖²": "‖a‖²", "‖·‖₁": "‖a‖₁", "ᵀ": "aᵀ",
    **{sign: f"a {sign} b" for sign in (">", ">=", "<", "<=", "==", "!=", "≥", "≤", "=", "≠")},
}  # fmt: skip
"""Signs that are no words, as they are typed."""

_BY_OTHERS = frozenset(("·", "⊗", "A⁻¹", "Σ", "a[i:j]", "a[i]", "a[i, j]", "einsum"))
"""Signs that the shapes of what is beside them decide, or what is in brackets behind them."""

_ALSO_NEEDED = {
    "broadcast": ", 2, 3",
    "reshape": ", 2, 3",
    "unsqueeze": ", 0",
    "swapaxes": ", 0, 1",
    "one_hot": ", 3",
    "matrix_power": ", 2",
}


@pytest.mark.parametrize(
    "gate", [gate for gate in GATES.values() if gate.symbol not in _BY_OTHERS], ids=lambda g: g.key
)
def test_the_sign_of_a_card_can_be_typed(gate: Gate) -> None:
    arguments = ", ".join(gate.arguments)
    typed = _TYPED.get(gate.symbol) or f"{gate.symbol}({arguments}{_ALSO_NEEDED.get(gate.symbol, '')})"
    tree = read_expression(typed, vocabulary("a", "b", "c")).tree
    if gate.key == "neg":
        tree = read_expression("−a", vocabulary("a")).tree
    assert isinstance(tree, Apply) and tree.operation == (gate.specialises or gate.key)


def test_lessons_and_words_in_the_terminal(verb: Cli) -> None:
    assert [line.split()[1] for line in verb("lesson").stdout.splitlines()][:4] == [
        "staging", "chain-rule", "three-numbers", "forks",
    ]  # fmt: skip
    for named in ("4", "forks", "forks add"):
        assert "add where paths meet" in verb("lesson", named).stdout
    assert verb("lesson", "forks", "--answer", "8").returncode == 0
    wrong = verb("lesson", "forks", "--answer", "6")
    assert wrong.returncode == 1 and "along another one too?" in wrong.stdout
    assert verb("lesson", "nothing").returncode == 2 and verb("glossary", "zzz").returncode == 2
    assert verb("glossary", "dout").stdout.startswith("upstream\n")
    assert "Jacobian" in verb("glossary", "rows", "columns").stdout
    assert all(len(line) <= 80 for line in verb("glossary").stdout.splitlines())

"""The gate cards, and the verb that shows them."""

from __future__ import annotations

import pytest

from tests.faces.conftest import Cli
from tutor.catalogue.gate_cards import cards, find
from tutor.engine.gates import GATES


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


def test_the_kink_of_relu_is_on_its_card() -> None:
    assert "at 0 any slope from 0 to 1 is right; PyTorch uses 0" in find("relu")[0].text


def test_the_verb(cli: Cli) -> None:
    assert "A max gate routes" in cli("gates", "max").stdout
    done = cli("gates", "nothing")
    assert done.returncode == 2
    assert "There is no gate nothing" in done.stderr

"""Words that are nearly the same."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from tutor.language.suggestions import every_one_of, nearest, one_of, slips
from tutor.language.vocabulary import split_word

words = st.text(alphabet="abc", max_size=6)


def slips_by_definition(word: str, other: str) -> int:
    """Letters added, dropped, changed or swapped with the next one, by plain recursion."""

    @cache
    def count(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(count(i - 1, j) + 1, count(i, j - 1) + 1, count(i - 1, j - 1) + (word[i - 1] != other[j - 1]))
        if i > 1 and j > 1 and word[i - 1] == other[j - 2] and word[i - 2] == other[j - 1]:
            best = min(best, count(i - 2, j - 2) + 1)
        return best

    return count(len(word), len(other))


@given(words, words)
def test_slips_are_counted_exactly_up_to_the_limit(word: str, other: str) -> None:
    exact = slips_by_definition(word, other)
    assert slips(word, other, 9) == exact
    for most in range(4):
        assert (slips(word, other, most) <= most) == (exact <= most)


def test_only_near_words_are_offered() -> None:
    known_words = ("sin", "sum", "sigmoid", "sqrt", "softmax", "x", "learning_rate")
    assert nearest("sim", known_words) == ["sin", "sum"]
    assert nearest("sqtr", known_words) == ["sqrt"]
    assert nearest("sigmodi", known_words) == ["sigmoid"]
    assert nearest("foo", known_words) == []
    assert nearest("y", known_words) == []
    assert nearest("learnig_rte", known_words) == ["learning_rate"]


def test_lists_in_a_sentence() -> None:
    assert [one_of(["a"]), one_of(["a", "b"]), one_of(["a", "b", "c"])] == ["a", "a or b", "a, b or c"]
    assert every_one_of(["a", "b", "c"]) == "a, b and c"


KNOWN = ("x", "y", "xy", "sin", "pi", "w_1")


@given(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=5))
def test_a_run_of_known_words_is_split_into_the_fewest(parts: list[str]) -> None:
    found = split_word("".join(parts), KNOWN)
    assert found is not None and "".join(found) == "".join(parts) and len(found) <= len(parts)
    assert all(part in KNOWN or part.isdecimal() for part in found)


def test_a_word_with_an_unknown_part_is_not_split() -> None:
    assert split_word("xqy", KNOWN) is None
    assert split_word("2x", KNOWN) is None
    assert split_word("sin2x", KNOWN) == ["sin", "2", "x"]

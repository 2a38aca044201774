"""Whatever is done to a file's text, it is an exercise or a broken exercise: nothing is raised, nothing hangs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.library import BadFile, BrokenExercise, read_exercise
from tutor.library.problem import problem_of
from tutor.paths import shipped_folder
from tutor.questions.backprop.question import steps_in
from tutor.runner import Runner

from .test_three_lines import EVERY_KEY

TEXTS = [path.read_text(encoding="utf-8") for path in sorted(shipped_folder().rglob("*.toml"))] + [EVERY_KEY]
PIECES = st.sampled_from(
    ["=", "[", "]", "{", "}", '"', "'", '"""', "\n", ",", ".", "#", "x", "f(x)", "0", "-", "1e999", "nan", "true", "[[",
     "(", ")", "^", "@", "ln ", "√", "[1, 2]", "1979-05-27", "title", "at", "steps = [\"descend\"]\n", "[descend]\n",
     "\\u0000", "\x07", "é", "𝒙", "\u202e", "positive = [\"x\"]\n", "level = 3\n", "whole = [\"x y\"]\n"]
)  # fmt: skip
Edit = Callable[[str], str]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """Something done to a text: a piece put in, taken out, doubled or moved."""
    start, length, target = draw(st.floats(0, 1)), draw(st.integers(0, 30)), draw(st.floats(0, 1))
    piece, kind = draw(PIECES), draw(st.sampled_from(["put", "take", "replace", "double", "move", "cut"]))

    def edit(text: str) -> str:
        a, c = int(start * len(text)), int(target * len(text))
        b = min(a + length, len(text))
        match kind:
            case "put":
                return text[:a] + piece + text[a:]
            case "take":
                return text[:a] + text[b:]
            case "replace":
                return text[:a] + piece + text[b:]
            case "double":
                return text[:b] + text[a:b] + text[b:]
            case "move":
                rest = text[:a] + text[b:]
                return rest[:c] + text[a:b] + rest[c:]
            case _:
                return text[:a]

    return edit


def _read(folder: Path, data: bytes) -> None:
    path = folder / "mutated.toml"
    path.write_bytes(data)
    read = read_exercise(path)
    if isinstance(read, BrokenExercise):
        assert read.reason and read.sentence
        assert read.line is None or 1 <= read.line <= data.count(b"\n") + data.count(b"\r") + 1
        return
    try:
        made = problem_of(read)
        _, steps = steps_in(read.file, made, Runner())
    except BadFile as error:
        assert error.reason and error.key
        return
    assert [step.key for step in steps] == list(read.steps) != []
    assert all(step.title for step in steps)


@settings(max_examples=examples(400), deadline=None)
@given(st.sampled_from(TEXTS), st.lists(edits(), min_size=1, max_size=4))
def test_a_mutated_file_raises_nothing(text: str, changes: list[Edit]):
    for change in changes:
        text = change(text)
    with tempfile.TemporaryDirectory() as folder:
        _read(Path(folder), text.encode("utf-8", "surrogatepass"))


@settings(max_examples=examples(60), deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_raise_nothing(data: bytes):
    with tempfile.TemporaryDirectory() as folder:
        _read(Path(folder), data)

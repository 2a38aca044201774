from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tutor.learner import Entry
from tutor.library import Exercise, read_exercise
from tutor.session.exercise_view import solution


def answered(text: str, verdict: str = "right") -> Entry:
    return Entry("stage", "staging", "answer", text, verdict, 1.0)


def section(text: str, title: str) -> list[str]:
    """The lines of a section, without their indent."""
    return text.partition(f"{title}\n")[2].partition("\n\n")[0].replace("\n  ", "\n").strip().split("\n")


def test_the_whole_story_of_a_fork(shipped: dict[str, Exercise]) -> None:
    text = solution(shipped["node-way/c"])
    assert section(text, "Forward")[-1] == "g = d + f = 14.87313"
    back = section(text, "Backward, from the output back")
    assert back[0] == "g = d + f: 1 arrives, as always at the output."
    assert "  to c: ∂d/∂c = 2·c = 4, so c gets 1 × 4 = 4" in back
    assert "∂g/∂x = 1.47152 + 4 = 5.47152, summed at the fork." in back
    assert "∂g/∂z = 0, since no gate uses z." in back
    assert "(x)─────────●────▶(ln)──" in text and "│ 1.472    4" in text and "?" not in text


def test_signs(shipped: dict[str, Exercise]) -> None:
    text = solution(shipped["sigmoid/gates"])
    back = section(text, "Backward, from the output back")
    assert "  to x: ∂a/∂x = -1, so x gets -0.10499 × (-1) = 0.10499" in back
    assert section(text, "Descend") == ["x ← 2 − 0.2 × 0.10499 = 1.979"]


def test_matrices(shipped: dict[str, Exercise]) -> None:
    back = section(solution(shipped["vectors/squared-norm"]), "Backward, from the output back")
    assert "  to W: upstream @ xᵀ = [[0.088, 0.176], [0.104, 0.208]]" in back
    assert "  to x: Wᵀ @ upstream = [[-0.112], [0.636]]" in back


def test_only_what_is_asked(shipped: dict[str, Exercise]) -> None:
    text = solution(shipped["staging/g"])
    assert "Staging (one of several ways)" in text
    assert "Backward" not in text and "NumPy" not in text and "1.535▶" not in text


def test_the_gradients_in_closed_form(shipped: dict[str, Exercise]) -> None:
    assert section(solution(shipped["node-way/b"]), "In closed form") == [
        "∂h/∂x = 2·x·z³", "∂h/∂y = 2·z³", "∂h/∂z = 3·z²·(x² + 2·y)"
    ]  # fmt: skip
    assert "∂f/∂W = 2·(W @ x) @ xᵀ" in section(solution(shipped["vectors/squared-norm"]), "In closed form")


def test_for_ones_own_staging(shipped: dict[str, Exercise]) -> None:
    journal = [
        answered("s = x + y\nf = s + z", "wrong"),
        answered("s = y + x\nf = s z"),
        Entry("forward", "value:s", "answer", "4", "right", 2.0),
    ]
    text = solution(shipped["node-way/a"], journal)
    assert section(text, "Staging (your staging)") == ["s = y + x", "f = s·z"]
    assert "    ds = dout * z" in text


def test_a_wrong_staging_is_none(shipped: dict[str, Exercise]) -> None:
    text = solution(shipped["node-way/a"], [answered("s = x + y", "undecided"), answered("nonsense", "right")])
    assert "one of several ways" in text


def test_the_code_of_the_story_runs(shipped: dict[str, Exercise]) -> None:
    lines = solution(shipped["layers/complex"]).partition("In NumPy\n")[2].split("\n")
    names: dict[str, object] = {"np": np}
    exec("\n".join(line.removeprefix("  ") for line in lines), names)  # our own text, in a test
    out, fx, fy = names["complex_layer"](0.8, 0.5)  # type: ignore[operator]
    assert [out, fx, fy] == pytest.approx([-0.17703, 1.06338, 0.03036], abs=1e-5)


def test_broadcasting_and_large_gates(folder: Path) -> None:
    path = folder / "own.toml"
    path.write_text(
        'title = "B"\nfunction = "f(x, b) = sum(x b)"\nat = { x = [1.5, 2.5], b = 3 }\ngranularity = "any"\n'
    )
    exercise = read_exercise(path)
    assert isinstance(exercise, Exercise)
    text = solution(exercise)
    assert "summed to its shape, = 4" in text
    whole = solution(exercise, [answered("f = sum(x b)")])
    assert "  f = sum(x·b): 1 arrives" in whole and "    x gets [3, 3]" in whole and "np.sum" in whole


def test_in_ascii_the_drawing_is_too(shipped: dict[str, Exercise]) -> None:
    drawing = solution(shipped["node-way/a"], ascii=True).split("\n\n")[2]
    assert drawing.isascii() and "+---+" in drawing

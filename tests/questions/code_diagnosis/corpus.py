"""Wrong programs as students write them, read from `wrong.toml` and `wrong_more.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

STAGINGS = {
    "node-way/a": ("a = x + y\nf = a z", "s = x + y\np = s z"),
    "node-way/b": (
        "a = x^2\nb = 2y\nc = a + b\nd = z^3\nh = c d",
        "sq = x^2\ndouble = 2 y\nsum1 = sq + double\ncube = z^3\nh = sum1 cube",
    ),
    "node-way/c": (
        "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k",
        "u = ln x\nv = sin y\ns = u + v\nq = s^2\nr = 4 x\ng = q + r",
    ),
    "sigmoid/gates": ("a = -x\nb = e^a\nc = 1 + b\nd = 1/c",),
    "layers/complex": (
        "a = ln x\nb = sqrt(y)\nc = σ(b)\nd = x + y\nk = d^2\nm = σ(k)\nn = a c\nf = n/m",
        "a = ln x\nb = sqrt(y)\nc = σ(b)\nd = x + y\nk = d^2\nm = σ(k)\nr = 1/m\nn = a c\nf = n r",
    ),
    "layers/two-over-sine": ("a = -x\nb = e^a\nc = sin b\nf = 2/c", "n = -x\nt = exp(n)\ns = sin t\nf = 2/s"),
    "vectors/squared-norm": ("q = W @ x\nf = ||q||^2", "h = W @ x\ns = h^2\nf = sum(s)"),
}

_MARK = re.compile(r"[ \t]*#! *(\S*)[ \t]*$")


@dataclass(frozen=True)
class Wrong:
    """One program: the exercise, which of its stagings, the source, the true line and the mistake's names."""

    exercise: str
    staging: int
    source: str
    line: int
    mistakes: frozenset[str]

    @property
    def label(self) -> str:
        """For the name of the test."""
        return f"{self.exercise}:{self.line}:{'|'.join(sorted(self.mistakes))}"


def wrong(exercise: str, source: str, staging: int = 0) -> Wrong:
    lines = source.strip("\n").splitlines()
    ((line, found),) = [(n, m) for n, text in enumerate(lines, 1) if (m := _MARK.search(text))]
    clean = "\n".join(_MARK.sub("", text) for text in lines) + "\n"
    return Wrong(exercise, staging, clean, line, frozenset(found[1].split("|")))


A, B, C = "node-way/a", "node-way/b", "node-way/c"
S, L, T, V = "sigmoid/gates", "layers/complex", "layers/two-over-sine", "vectors/squared-norm"
SIGMOID = "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n\n\n"


def programs_in(name: str) -> tuple[Wrong, ...]:
    """The wrong programs of a file beside this one."""
    read = tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return tuple(wrong(**program) for program in read["program"])


CORPUS = programs_in("wrong.toml")
MORE = programs_in("wrong_more.toml")
"""Written when the diagnosis could tell those of the corpus."""


def programs_of(exercise: str) -> list[Wrong]:
    """The programs of one exercise."""
    return [one for one in CORPUS if one.exercise == exercise]

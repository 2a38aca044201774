"""A function of the learner's own once it is read, and the exercise file that it is kept as.

Files are kept in the learner's folder under the topic `mine`, as any other exercise file that can be handed on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tutor.engine.values import as_value, exactly
from tutor.library.discovery import id_of, read_exercise
from tutor.library.format import LONGEST_TITLE, BackpropTable, CodeTable, Given
from tutor.paths import own_folder

TOPIC = "mine"
"""The folder, and topic, of the learner's own functions."""


class OwnProblem(Exception):
    """No exercise can be made of this. The text is for the learner: a sentence, and a caret where one helps."""


@dataclass(frozen=True)
class OwnFunction:
    """A function with a value for every input, at which it can be worked."""

    function: str
    """With its head: `f(x, y) = x y`."""

    at: Mapping[str, Given]
    drawn: tuple[str, ...]
    """The inputs that were given no value."""

    remarks: tuple[str, ...] = ()
    """What the learner should know of these numbers."""

    let: tuple[str, ...] = ()
    """Names for parts of it: the lines of a program."""

    forward: str = ""
    """The lines of a program in NumPy: what the code step holds at first."""

    @property
    def table(self) -> BackpropTable:
        """As a file holds it."""
        return BackpropTable(function=self.function, at=dict(self.at), let=self.let, code=CodeTable(given=self.forward))


def in_words(at: Mapping[str, Given]) -> str:
    """`x = 1, W = [[1, 2], [3, 4]]`, as it is typed."""
    return ", ".join(
        f"{name} = {given if isinstance(given, str) else exactly(as_value(given))}" for name, given in at.items()
    )


def file_text(own: OwnFunction) -> str:
    """The exercise file."""
    title = own.function if len(own.function) <= LONGEST_TITLE else f"{own.function[: LONGEST_TITLE - 1]}…"
    at = ", ".join(f"{_key(name)} = {json.dumps(given, ensure_ascii=False)}" for name, given in own.at.items())
    title = " ".join(title.split())
    lines = [f"title = {_quoted(title)}", f"function = {_quoted(own.function)}", f"at = {{ {at} }}"]
    if own.let:
        lines += ["let = [", *(f"    {_quoted(line)}," for line in own.let), "]"]
    if own.forward:
        lines += ["", "[code]", f"given = {_quoted(own.forward)}"]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def keep(own: OwnFunction) -> tuple[str, Path]:
    """Write the exercise into the learner's folder, unless it is there; its id and path. Raises OSError."""
    folder = own_folder()
    name = re.sub(r"[^a-z0-9]+", "-", own.function.partition("(")[0].strip().lower()).strip("-") or "f"
    text = file_text(own)
    (folder / TOPIC).mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        path = folder / TOPIC / (f"{name}.toml" if number == 1 else f"{name}-{number}.toml")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            if not _same_exercise(path, own):
                continue
        return id_of(path, folder), path
    raise FileExistsError(f"there are too many functions called {name}")


def _same_exercise(path: Path, own: OwnFunction) -> bool:
    """Whether a file holds this function at these inputs."""
    kept = read_exercise(path)
    file = getattr(kept, "file", None)
    return file is not None and (file.function, file.at, file.let) == (own.function, dict(own.at), own.let)

"""A file to begin from, of any kind, with a comment on what may be in it. It holds as it is: `check` accepts it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from tutor.practice.own_file import OwnProblem
from tutor.practice.own_function import read_own
from tutor.questions.registry import KINDS
from tutor.questions.traversals import WALKS

SCHEMA = "exercise.schema.json"
"""What a first line names for editors; `new` writes it beside the files where it is not there."""

_EXAMPLE = "f(x, y, z) = (x + y) z"
_EXAMPLE_AT = {"x": 3, "y": -5, "z": 4}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


class NewProblem(Exception):
    """Why no file can be written: a sentence."""


def kinds() -> list[str]:
    """The kinds of exercise a file can be begun from: a question of each kind, `backprop` for a whole function."""
    return list(KINDS)


def new_file(
    id: str, folder: Path, kind: str = "backprop", function: str | None = None, at: str = ""
) -> tuple[Path, str]:
    """The path and the text of a new exercise file of this id below the folder. Nothing is written.

    `function` and `at` are what `backprop-tutor try` takes; inputs that are not given are drawn. Raises NewProblem.
    """
    id = id.strip().removesuffix(".toml")
    if not _ID.fullmatch(id):
        raise NewProblem(
            f"{id or 'Nothing'} is not an id. An id is a topic and a name in lower case, such as week1/chain-rule."
        )
    if "/" not in id:
        raise NewProblem(f"An id is a topic and a name: {id}/NAME in a topic of its own, or TOPIC/{id}.")
    if kind not in KINDS:
        raise NewProblem(f"There is no kind {kind}. The kinds are {', '.join(KINDS)}.")
    if function is not None and kind != "backprop":
        raise NewProblem(f"--from makes an exercise of the kind backprop; leave out --kind {kind}.")
    if at and function is None:
        raise NewProblem("--at gives the inputs of a function: name that with --from.")
    path = folder / f"{id}.toml"
    if path.exists():
        raise NewProblem(f"{path} exists already and was left as it is. Choose another id.")
    return path, _filled(kind, id, folder, path, *_function(function, at))


def _filled(kind: str, id: str, folder: Path, path: Path, headed: str, at: Mapping[str, Any]) -> str:
    text = (files("tutor.authoring") / "templates" / f"{kind}.toml").read_text(encoding="utf-8")
    name = PurePosixPath(id).name.replace("-", " ").replace("_", " ")
    said = {
        "schema": f"{'../' * id.count('/')}{SCHEMA}",
        "file": path.as_posix(),
        "folder": folder.as_posix(),
        "id": id,
        "title": _quoted(name[:1].upper() + name[1:]),
        "function": _quoted(headed),
        "at": _table(at),
        "walks": ", ".join(WALKS),
    }
    return re.sub(r"\{(\w+)\}", lambda found: said.get(found[1], found[0]), text)


def _function(text: str | None, at: str) -> tuple[str, Mapping[str, Any]]:
    if text is None:
        return _EXAMPLE, _EXAMPLE_AT
    try:
        own = read_own(text, at)
    except OwnProblem as problem:
        raise NewProblem(str(problem)) from None
    return own.function, own.at


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _table(values: Mapping[str, Any]) -> str:
    """An inline table of TOML: names that are no bare keys are quoted."""
    keys = [name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name) for name in values]
    pairs = [f"{key} = {json.dumps(value)}" for key, value in zip(keys, values.values(), strict=True)]
    return f"{{ {', '.join(pairs)} }}"

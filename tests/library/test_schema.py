"""The JSON Schema that editors use says the same as the reader."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

import msgspec
import pytest

from tutor.library import ExerciseFile, json_schema
from tutor.library.discovery import files_in
from tutor.library.format import pack_schema, paper_schema
from tutor.paths import shipped_folder
from tutor.questions import registry

from .making import THREE_LINES, broken, with_line
from .schema import faults
from .test_three_lines import EVERY_KEY

FILES = files_in(shipped_folder())

# Made once: it takes a while.
own_schema = cache(json_schema)
full_schema = cache(registry.json_schema)


def _faults(text: str) -> list[str]:
    schema = own_schema()
    return faults(tomllib.loads(text), schema, schema)


def test_it_is_plain_json():
    assert set(json.loads(json.dumps(json_schema()))["$defs"]) == {
        "ExerciseFile",
        "CodeTable",
        "DescendTable",
        "RangeTable",
    }


def test_it_knows_every_key_and_what_it_is_for():
    schema = json_schema()
    top = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    assert list(top["properties"]) == [field.name for field in msgspec.structs.fields(ExerciseFile)]
    assert top["required"] == ["title"]
    assert [one["required"] for one in top["anyOf"]] == [["function", "at"], ["question"]]
    assert top["additionalProperties"] is False


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_accepts_what_ships(path: Path):
    assert _faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", [THREE_LINES, EVERY_KEY, with_line("descend = { step = 1 }")])
def test_it_accepts_what_the_reader_accepts(text: str):
    assert _faults(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "levle = 2",
        "level = 7",
        "level = '2'",
        "prompt = 3",
        "steps = 'stage'",
        "steps = ['stag']",
        "granularity = 'all'",
        "hints = { stage = 'x' }",
        "code = { nmae = 'x' }",
        "code = { returns = [1] }",
        "descend = { step = 'a' }",
        "descend = { variables = [] }",
    ],
)
def test_it_refuses_what_the_reader_refuses(tmp_path: Path, line: str):
    assert broken(tmp_path, with_line(line))
    assert len(_faults(with_line(line))) == 1


@pytest.mark.parametrize("key", ["title", "function", "at"])
def test_it_wants_the_three_lines(key: str):
    assert _faults("\n".join(line for line in THREE_LINES.splitlines() if not line.startswith(key))) != []


def _of_everything(text: str) -> list[str]:
    schema = full_schema()
    return faults(tomllib.loads(text), schema, schema)


def test_every_key_says_what_it_holds():
    for name, table in full_schema()["$defs"].items():
        missing = [key for key, one in table["properties"].items() if not one.get("description")]
        assert not missing, f"{name}: {missing}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_schema_of_all_kinds_accepts_what_ships(path: Path):
    assert _of_everything(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('kind = "shapes"', "$.question[0].kind"),
        ('kind = "shape"\nshaps = { x = [2] }', "$.question[0].shaps"),
        ('kind = "shape"\n[[question.ask]]\noperation = "x"\nasks = "size"', "$.question[0].ask[0].asks"),
        ('kind = "code"\nharness = "loops"\nhidden = 0', "$.question[0].hidden"),
        ('kind = "code"\nharness = "loops"\nfunction = "f(x) = x"', "$.question[0].function"),
        ('kind = "code"\nharness = "op"', "$.question[0].op missing"),
        ('kind = "code"\nharness = "passes"\nat = { x = 1 }', "$.question[0].function missing"),
        ('kind = "shape"\nask = []', "$.question[0].ask"),
        ('kind = "shape"\n[[question.ask]]\noperation = ""', "$.question[0].ask[0].operation"),
        ('kind = "shape"\n[[question.ask]]\nhints = ["", "", "", ""]', "$.question[0].ask[0].hints"),
        ('kind = "trace"\n[[question.ask]]\nwalk = "up"', "$.question[0].ask[0].walk"),
        ('kind = "order"\nequations = []', "$.question[0]"),
        (
            'kind = "choice"\n[[question.ask]]\noptions = [{ text = "a" }, { text = "b" }]',
            "$.question[0].ask[0].options[0]",
        ),
        (
            'kind = "choice"\n[[question.ask]]\noptions = [{ text = "a", why = "A." }, { text = "b", why = "B." }]',
            "$.question[0].ask[0].options",
        ),
    ],
)
def test_a_question_is_held_against_its_own_kind(line: str, path: str):
    assert path in _of_everything(f'title = "t"\n[[question]]\n{line}\n')


@pytest.mark.parametrize("path", sorted(shipped_folder().rglob("*.paper.toml")), ids=lambda path: path.name)
def test_the_schema_of_papers_accepts_what_ships_and_knows_every_key(path: Path):
    schema = paper_schema()
    assert faults(tomllib.loads(path.read_text(encoding="utf-8")), schema, schema) == []
    assert faults(tomllib.loads('title = "A"\nminuts = 3'), schema, schema) != []
    for definition in schema["$defs"].values():
        assert all("description" in one for one in definition["properties"].values())


def test_the_schema_of_packs_accepts_what_ships_and_knows_every_key():
    schema = pack_schema()
    shipped = (shipped_folder() / "pack.toml").read_text(encoding="utf-8")
    assert faults(tomllib.loads(shipped), schema, schema) == []
    assert faults(tomllib.loads('title = "A"\ntopcis = {}'), schema, schema) == ["$.topcis"]
    assert all("description" in one for one in schema["$defs"]["PackFile"]["properties"].values())

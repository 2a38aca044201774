"""What is written for Moodle and for Canvas, held against programs of others.

`moodle-xml-parser` reads multiple choice and embedded answers back; it knows no other kind, and no escaped `~`. There
is no reader of QTI 1.2 among Python's packages: `text2qti`, whose packages Canvas imports, writes the same quiz, and
ours may hold no element and no attribute that it does not use for that kind of question. `test_convert.py` reads all
kinds strictly.
"""

from __future__ import annotations

import html
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest
from moodle_xml_parser.parser import parse_bytes
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from tutor.course.grading import Grader
from tutor.course.lms_questions import LmsQuestion, carried_over
from tutor.course.moodle import as_moodle
from tutor.course.qti import as_qti

_FILE = """
title = "A quiz"
[[question]]
kind = "choice"
[[question.ask]]
prompt = "What does an add gate do with <what> arrives?"
options = [{ text = "it copies & sends it", right = true }, { text = "it swaps", why = "A product does: {x} ~ y #1." }]
[[question.ask]]
prompt = "Which are even?"
options = [{ text = "2", right = true }, { text = "4", right = true }, { text = "5", why = "5 = 2·2 + 1." }]
[[question]]
kind = "value"
at = { n = 12, v = [1, 2] }
[[question.ask]]
formula = "n/8"
[[question.ask]]
formula = "n v"
slips = { "v + n" = "It is not added: 50 % {half} = #1 / \\\\2." }
[[question]]
kind = "shape"
[[question.ask]]
operation = "x + y"
shapes = { x = [2, 3], y = [3] }
"""
_QUIZ = """
Quiz title: The same
Title: One
1. Which?
... in general
a) no
... why
*b) yes

Title: Two
2. Which ones?
... in general
[*] a
[ ] b
... why
[*] c

Title: Three
3. How much?
... in general
= 1.5 +- 0.1

Title: Four
4. Which word?
... in general
* one
* two
"""
_ONLY_OURS = {("render_choice", "shuffle"), ("render_fib", "fibtype")}
"""Attributes of the specification that say what text2qti leaves to the default."""


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> list[LmsQuestion]:
    folder = tmp_path_factory.mktemp("quiz") / "t"
    folder.mkdir()
    (folder / "quiz.toml").write_text(_FILE)
    return list(carried_over(Grader([folder.parent]).marker("t/quiz")).questions)


def test_a_reader_of_moodle_xml_finds_what_was_written(questions: list[LmsQuestion]) -> None:
    read = parse_bytes(as_moodle(questions))
    choices = [one for one in questions if one.form == "choice"]
    assert [one.name for one in read["multichoice"]] == [one.name for one in choices]
    for found, ours in zip(read["multichoice"], choices, strict=True):
        assert found.single is not ours.several
        assert [html.unescape(option.answer) for option in found.options] == [answer.text for answer in ours.answers]
        assert [option.score_fraction > 0 for option in found.options] == [answer.right for answer in ours.answers]
        assert sum(option.score_fraction for option in found.options if option.score_fraction > 0) == 100
    (array,) = (one for one in questions if one.form == "array")
    (found,) = read["cloze"]
    cells = [cell for row in array.cells for cell in row]
    assert len(found.gaps) == len(cells) == 2
    for gap, cell in zip(found.gaps, cells, strict=True):
        assert len(gap.options) == len(cell)
        assert [option.score == 100 for option in gap.options] == [answer.right for answer in cell]


def test_a_qti_item_is_built_as_a_program_of_others_builds_it(questions: list[LmsQuestion], tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.zip"
    QTI(Quiz(_QUIZ, config=Config(), source_name="quiz")).save(str(theirs))
    models = {_kind(item): item for item in _items(theirs.read_bytes())}
    ours = _items(as_qti(questions, "A quiz"))
    assert {_kind(item) for item in ours} == set(models)
    for item in ours:
        model = models[_kind(item)]
        paths, model_paths = set(_paths(item)), set(_paths(model))
        assert paths <= model_paths, (_kind(item), paths - model_paths)
        attributes, model_attributes = set(_attributes(item)), set(_attributes(model))
        assert attributes <= model_attributes | _ONLY_OURS, (_kind(item), attributes - model_attributes)
        assert {one.attrib.get("respident") for one in item.iter() if _tag(one).startswith("var")} == {"response1"}


def _items(package: bytes) -> list[Element]:
    with ZipFile(BytesIO(package)) as whole:
        roots = [fromstring(whole.read(name)) for name in whole.namelist() if name.endswith(".xml")]
    (quiz,) = (root for root in roots if _tag(root) == "questestinterop")
    return [element for element in quiz.iter() if _tag(element) == "item"]


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _kind(item: Element) -> str:
    texts = [one.text or "" for one in item.iter()]
    return texts[texts.index("question_type") + 1]


def _paths(element: Element, above: str = "") -> list[str]:
    """Every element with those it is in."""
    path = f"{above}/{_tag(element)}"
    return [path, *(one for part in element for one in _paths(part, path))]


def _attributes(item: Element) -> list[tuple[str, str]]:
    return [(_tag(element), name) for element in item.iter() for name in element.attrib]

"""Questions as Moodle XML, which Moodle's question bank imports.

As Moodle's documentation of its XML format and of embedded answers (cloze) has them: `multichoice`, `numerical` with a
tolerance, `shortanswer`, and `cloze` for arrays, a field an entry. Each exercise is a category; of an exercise with
several seeds each blank is one, from which a quiz draws at random.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from xml.etree import ElementTree

from tutor.course.lms_answers import LmsAnswer
from tutor.course.lms_questions import LmsQuestion, html_of_text

_ROOT = "$course$/top/backprop-tutor"
_TYPES = {"choice": "multichoice", "number": "numerical", "text": "shortanswer", "array": "cloze"}
_CLOZE_SIGNS = re.compile(r"([}#~/\"\\])")


def as_moodle(questions: Sequence[LmsQuestion], variants: bool = False) -> bytes:
    """The XML file. With `variants`, the questions of one blank stand in a category of their own."""
    quiz = ElementTree.Element("quiz")
    before = ""
    for one in sorted(questions, key=_category) if variants else questions:
        category = _category(one) if variants else _path(one.exercise)
        if category != before:
            before = category
            asked = ElementTree.SubElement(quiz, "question", type="category")
            _text(ElementTree.SubElement(asked, "category"), category)
        _question(quiz, one)
    ElementTree.indent(quiz)
    whole: bytes = ElementTree.tostring(quiz, encoding="utf-8", xml_declaration=True)
    return whole + b"\n"


def _category(one: LmsQuestion) -> str:
    return _path(one.exercise, one.blank.removeprefix(one.exercise).strip())


def _path(exercise: str, blank: str = "") -> str:
    """A category's path; a stroke in a name is doubled."""
    parts = [*exercise.split("/"), *([blank.replace("/", "//")] if blank else [])]
    return "/".join([_ROOT, *parts])


def _question(quiz: ElementTree.Element, one: LmsQuestion) -> None:
    asked = ElementTree.SubElement(quiz, "question", type=_TYPES[one.form])
    _text(ElementTree.SubElement(asked, "name"), one.name)
    html = one.html if one.form != "array" else one.html + _fields(one)
    _html(asked, "questiontext", html)
    _html(asked, "generalfeedback", html_of_text(one.solution))
    _plain(asked, "defaultgrade", f"{one.marks:g}")
    _plain(asked, "penalty", "0.25")
    match one.form:
        case "choice":
            _plain(asked, "single", "false" if one.several else "true")
            _plain(asked, "shuffleanswers", "true" if one.shuffle else "false")
            _plain(asked, "answernumbering", "abc")
        case "text":
            _plain(asked, "usecase", "0")
        case _:
            pass
    for answer, fraction in zip(one.answers, fractions(one.answers, one.form), strict=True):
        _answer(asked, one, answer, fraction)
    for hint in one.hints:
        _html(asked, "hint", html_of_text(hint))


def fractions(answers: Sequence[LmsAnswer], form: str) -> list[str]:
    """What each answer earns, in percent: the right options of a choice share 100, its wrong ones take as much away."""
    if form != "choice":
        return ["100" if one.right else "0" for one in answers]
    right = sum(one.right for one in answers)
    wrong = len(answers) - right
    if right == 1:
        return ["100" if one.right else "0" for one in answers]
    return [f"{100 / right:.7g}" if one.right else f"{-100 / wrong:.7g}" for one in answers]


def _answer(asked: ElementTree.Element, one: LmsQuestion, answer: LmsAnswer, fraction: str) -> None:
    text = answer.text
    if one.form == "text":
        text = text.replace("*", r"\*")  # an asterisk stands for anything there
    form = "html" if one.form == "choice" else "moodle_auto_format"
    element = ElementTree.SubElement(asked, "answer", fraction=fraction, format=form)
    _text(element, escape(text) if one.form == "choice" else text)
    if one.form == "number":
        _plain(element, "tolerance", f"{answer.tolerance:.6g}")
    _html(element, "feedback", html_of_text(answer.says))


def _fields(one: LmsQuestion) -> str:
    """A table with a field for each entry."""
    rows = ["".join(f"<td>{_field(cell)}</td>" for cell in row) for row in one.cells]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _field(answers: Iterable[LmsAnswer]) -> str:
    parts = [
        f"{'=' if one.right else '%0%'}{one.text}:{one.tolerance:.6g}{f'#{_cloze(one.says)}' if one.says else ''}"
        for one in answers
    ]
    return f"{{1:NUMERICAL:{'~'.join(parts)}}}"


def _cloze(text: str) -> str:
    """A text in which nothing means anything within the braces of a field."""
    return _CLOZE_SIGNS.sub(r"\\\1", escape(text, quote=False).replace("{", "&#123;").replace("}", "&#125;"))


def _html(parent: ElementTree.Element, tag: str, html: str) -> None:
    _text(ElementTree.SubElement(parent, tag, format="html"), html)


def _text(parent: ElementTree.Element, text: str) -> None:
    _plain(parent, "text", text)


def _plain(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text

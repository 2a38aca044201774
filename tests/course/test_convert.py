"""Questions for learning management systems, read back strictly by a reader that shares nothing with the writers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from tutor.cli.commands import verbs
from tutor.course.grading import Grader
from tutor.course.lms_answers import BlankJudge, LmsAnswer
from tutor.course.lms_questions import CarriedOver, carried_over, html_of_text
from tutor.course.moodle import as_moodle
from tutor.course.qti import as_qti
from tutor.judging import Kind, Verdict
from tutor.questions import Answer
from tutor.questions.blank import InputKind

from .making import grader

IDS = ("node-way/a", "shapes/rules", "autograd/order", "derivatives/linear-map")
FRACTIONS = {0, 5, 10, 100 / 9, 12.5, 100 / 7, 50 / 3, 20, 25, 30, 100 / 3, 40, 50, 60, 200 / 3, 70, 75, 80, 90, 100}
"""What Moodle takes for a fraction, in percent, and the same below 0."""
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


class Html(HTMLParser):
    """Raises AssertionError where a tag is not one of a few without attributes, or is not closed."""

    allowed = ("p", "pre", "table", "tr", "td")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs) -> None:
        assert (tag in self.allowed or tag == "br") and not attrs, tag
        self.open += [tag] if tag != "br" else []

    def handle_endtag(self, tag) -> None:
        assert tag == "br" or self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data


@pytest.fixture(scope="module")
def over() -> CarriedOver:
    whole = CarriedOver()
    for id in IDS:
        whole.add(carried_over(grader().marker(id)))
    return whole


def test_every_blank_is_carried_over_or_left_out_by_name(over: CarriedOver) -> None:
    for id in IDS:
        blanks = [row.blank for scheme in grader().marker(id).schemes for rows in scheme.steps.values() for row in rows]
        mine = [one for one in over.questions if one.exercise == id]
        left = [one for one in over.left_out if one.blank.split(" ")[0] == id]
        assert len(mine) + len(left) == len(blanks)
        unfit = [blank for blank in blanks if blank.wants in (InputKind.CODE, InputKind.EQUATIONS)]
        assert sum("code" in one.why or "equations" in one.why for one in left) == len(unfit)
        full = sum(float(scheme.full) for scheme in grader().marker(id).schemes)
        assert sum(one.marks for one in mine) <= full


def test_right_answers_are_right_to_the_tutor_and_wrong_ones_are_named(over: CarriedOver) -> None:
    asked = {one.blank: one for one in over.questions}
    upstream = asked["node-way/a ∂f/∂x"]
    assert [one.text for one in upstream.answers if one.right] == ["2"]
    assert any(one.text == "-2" and "wrong sign" in one.says for one in upstream.answers)
    assert "a = x + y" in upstream.html and "<pre>" in upstream.html
    orders = next(one for one in over.questions if one.exercise == "autograd/order")
    assert {one.text for one in orders.answers if one.right} >= {"l, c, b, a", "l c b a"}
    shape = next(one for one in over.questions if one.blank == "shapes/rules q1 (2, 3) + (3,)")
    assert {one.text for one in shape.answers if one.right} >= {"(2, 3)", "2,3", "(2,3)"}
    for one in over.questions:
        marks = [answer.text for answer in one.answers]
        assert len(set(marks)) == len(marks)
    slips = [
        answer for one in over.questions if one.form in ("number", "text") for answer in one.answers if answer.says
    ]
    assert len(slips) > 150 and all(not answer.right for answer in slips)


def judges(id: str) -> dict[str, BlankJudge]:
    """The tutor's own judge of each blank that asks for a value, with right answers before it."""
    marker, found = grader().marker(id), {}
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        before: dict[str, Answer] = {}
        for opened in scheme.own.values():
            for row in scheme.steps[opened.step.key]:
                name = f"{id} {prefix.rstrip('/')}".strip()
                found[f"{name} {row.blank.key}"] = BlankJudge(opened, row, dict(before))
            for row in scheme.steps[opened.step.key]:
                if row.blank.wants is InputKind.VALUE:
                    before[row.blank.key] = Answer(row.correct, Verdict(Kind.RIGHT))
    return found


def earns(answers: Iterable[LmsAnswer], text: str) -> bool:
    """Whether Moodle gives marks for a number: the first answer within whose tolerance it is counts."""
    number = float(text)
    near = (one for one in answers if abs(number - float(one.text)) <= max(one.tolerance, 1e-14))
    return next((one.right for one in near), False)


@pytest.mark.parametrize("id", ["layers/two-over-sine", "losses/table"])
def test_a_number_is_right_there_where_the_tutor_takes_it(id: str) -> None:
    judge_of, tried = judges(id), 0
    for one in carried_over(grader().marker(id)).questions:
        if one.form != "number":
            continue
        judge, true = judge_of[one.key], Decimal(one.answers[0].text)
        for digits in range(2, 8):
            unit = Decimal(1).scaleb(true.adjusted() - digits + 1)
            for off in (-4, -2, -1, 0, 1, 2, 4):
                text = f"{true.quantize(unit) + off * unit:f}"
                if not text.endswith("0"):  # the tutor counts zeros at the end, a system cannot
                    tried += 1
                    assert earns(one.answers, text) == judge(text).accepted, (one.name, text)
        for wrong in (answer for answer in one.answers if not answer.right):
            assert not earns(one.answers, wrong.text) and judge.says(wrong.text), (one.name, wrong)
    assert tried > 100


def test_the_slips_of_a_file_are_wrong_answers_with_their_sentences(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "a.toml").write_text(
        'title = "A"\n[[question]]\nkind = "value"\nat = { n = 12, k = 3, v = [1, 2] }\n[[question.ask]]\n'
        'formula = "(n - k)/2 + 1"\nslips = { "n + 7 k" = "The stride is no factor.", "n k k" = "Once is enough." }\n'
        '[[question.ask]]\nformula = "n v"\nslips = { "v + 31 n" = "It is not added." }\n'
    )
    (number, array) = carried_over(Grader([tmp_path]).marker("w/a")).questions
    told = {answer.text: answer.says for answer in number.answers if not answer.right}
    assert "The stride is no factor" in told["33"] and "Once is enough" in told["108"]
    first, second = array.cells[0]
    for cell, text in ((first, "373"), (second, "374")):
        assert any("It is not added" in answer.says for answer in cell if answer.text == text)
    for data in (as_moodle([number, array]), ZipFile(BytesIO(as_qti([number, array], "A"))).read("assessment.xml")):
        root = ElementTree.fromstring(data)
        assert all(f"{said}" in "".join(root.itertext()) for said in ("The stride is no factor", "It is not added"))


def test_programs_and_figures_stay_in_a_typewriter_face() -> None:
    trace = carried_over(grader().marker("autograd/recursion")).questions[0]
    assert "<pre>def count(n):\n    if n == 0:\n        return" in trace.html
    shapes = carried_over(grader().marker("shapes/add")).questions
    shape = next(one for one in shapes if one.answers[0].text == "(2, 2)")
    assert "<pre>" in html_of_text(shape.solution)
    root = ElementTree.fromstring(as_moodle([shape]))
    assert "<pre>" in (root.findtext("question/generalfeedback/text") or "")


def test_moodle_reads_it_strictly(over: CarriedOver) -> None:
    root = ElementTree.fromstring(as_moodle(over.questions))
    kinds: dict[str, int] = {}
    for one in root:
        kind = one.get("type", "")
        kinds[kind] = kinds.get(kind, 0) + 1
        if kind == "category":
            assert re.fullmatch(r"\$course\$/top/backprop-tutor(/[^/]+)+", one.findtext("category/text") or "")
            continue
        assert (one.findtext("name/text") or "").strip()
        assert float(one.findtext("defaultgrade") or "") > 0
        for html in one.findall(".//*[@format='html']"):
            Html(html.findtext("text") or "")
        given = [(float(answer.get("fraction", "")), answer) for answer in one.findall("answer")]
        if kind == "cloze":
            _read_cloze(one.findtext("questiontext/text") or "")
            continue
        assert all(-100 <= fraction <= 100 for fraction, _ in given)
        assert all(any(abs(abs(fraction) - one) < 1e-4 for one in FRACTIONS) for fraction, _ in given)
        several = kind == "multichoice" and one.findtext("single") == "false"
        right = [fraction for fraction, _ in given if fraction > 0]
        assert sum(right) == pytest.approx(100) if several else set(right) == {100}
        if kind == "multichoice":
            assert several or len(right) == 1
        for _, answer in given:
            if kind == "numerical":
                assert (
                    float(answer.findtext("text") or "") is not None and float(answer.findtext("tolerance") or "") >= 0
                )
            if kind == "shortanswer":
                assert "*" not in (answer.findtext("text") or "").replace(r"\*", "")
    assert kinds["category"] == len(IDS)
    assert sum(kinds.values()) - len(IDS) == len(over.questions)
    assert {"numerical", "shortanswer", "multichoice", "cloze"} <= kinds.keys()


def _read_cloze(text: str) -> None:
    fields = re.findall(r"\{1:NUMERICAL:((?:\\.|[^\\}])*)\}", text)
    assert fields and re.sub(r"\{1:NUMERICAL:(?:\\.|[^\\}])*\}", "", text).count("{") == 0
    for one in fields:
        answers = re.split(r"(?<!\\)~", one)
        assert answers[0].startswith("=")
        for answer in answers:
            number, tolerance = re.split(r"(?<!\\)#", re.sub(r"^(=|%0%)", "", answer))[0].split(":")
            assert float(number) is not None and float(tolerance) >= 0


def test_qti_is_a_package_whose_references_hold(over: CarriedOver, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(as_qti(over.questions, "Four <exercises>"))
    assert path.read_bytes() == as_qti(over.questions, "Four <exercises>")
    with ZipFile(path) as package:
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
        space = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
        (resource,) = manifest.findall(f".//{space}resource")
        assert resource.get("type") == "imsqti_xmlv1p2"
        root = ElementTree.fromstring(package.read(resource.get("href", "")))
    items = root.findall(f".//{QTI}item")
    cells = sum(len(row) for one in over.questions for row in one.cells)
    arrays = sum(one.form == "array" for one in over.questions)
    assert len(items) == len(over.questions) - arrays + cells
    assert len({item.get("ident") for item in items}) == len(items)
    for item in items:
        fields = {
            field.findtext(f"{QTI}fieldlabel"): field.findtext(f"{QTI}fieldentry")
            for field in item.iter(f"{QTI}qtimetadatafield")
        }
        kind = fields["question_type"]
        for text in item.iter(f"{QTI}mattext"):
            Html(text.text or "")
        scored = [one for one in item.iter(f"{QTI}respcondition") if one.find(f"{QTI}setvar") is not None]
        assert scored and all(one.findtext(f"{QTI}setvar") == "100" for one in scored)
        assert len(scored) == 1 or kind == "numerical_question"
        told = {one.get("linkrefid") for one in item.iter(f"{QTI}displayfeedback")}
        assert told == {one.get("ident") for one in item.iter(f"{QTI}itemfeedback")}
        if kind in ("multiple_choice_question", "multiple_answers_question"):
            options = {one.get("ident") for one in item.iter(f"{QTI}response_label")}
            assert {one.text for one in item.iter(f"{QTI}varequal")} <= options and len(options) > 1
        if kind == "numerical_question":
            for one in scored:
                low, high = (float(one.findtext(f".//{QTI}{tag}") or "") for tag in ("vargte", "varlte"))
                assert low <= float(one.findtext(f".//{QTI}varequal") or "") <= high
    marks = sum(one.marks for one in over.questions)
    assert sum(float(one.text or 0) for one in _points(root)) == pytest.approx(marks, abs=1e-3)


def _points(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [
        field.find(f"{QTI}fieldentry")
        for field in root.iter(f"{QTI}qtimetadatafield")
        if field.findtext(f"{QTI}fieldlabel") == "points_possible"
    ]  # type: ignore[return-value]


def test_the_verb_writes_variants_and_says_what_is_left_out(tmp_path: Path) -> None:
    folder, out = tmp_path / "pack", tmp_path / "a.xml"
    (folder / "w").mkdir(parents=True)
    (folder / "w" / "a.toml").write_text(
        'title = "A"\nfunction = "f(x, y) = x y"\nat = { x = 3, y = 5 }\nsteps = ["stage", "forward", "backward"]\n'
    )
    (folder / "w" / "code.toml").write_text('title = "C"\n[[question]]\nkind = "code"\nharness = "op"\nop = "plus"\n')

    def said(*words: str, code: int = 0) -> str:
        named = out.with_suffix(".zip") if "qti" in words else out
        done = CliRunner().invoke(verbs, ["convert", "--only", str(folder), "-o", str(named), *words])
        assert done.exit_code == code, done.output
        return " ".join(done.output.split())

    text = said("w/a", "--to", "moodle", "--seeds", "2")
    assert "Left out: w/a equations, as equations of one's own cannot be judged there." in text
    root = ElementTree.parse(out).getroot()
    categories = [one.findtext("category/text") for one in root if one.get("type") == "category"]
    assert len(categories) == 4 and "$course$/top/backprop-tutor/w/a/∂f//∂x" in categories
    names = [one.findtext("name/text") or "" for one in root if one.get("type") == "numerical"]
    assert "w/a f (seed 1)" in names and "w/a f (seed 2)" in names
    assert "code has to be run" in said("w/code", "--to", "qti", code=2)
    assert "no exercise or paper" in said("w/none", "--to", "qti", code=2)


def test_nothing_of_a_file_becomes_markup(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "a.toml").write_text(
        'title = "<script>"\nprompt = "<b>]]>&amp;"\n[[question]]\nkind = "choice"\n[[question.ask]]\n'
        'prompt = "<img src=x> {1:SA:=a}"\n[[question.ask.options]]\ntext = "</p><i>"\nright = true\n'
        '[[question.ask.options]]\ntext = "x & y"\nwhy = "<u> & ~ # } {"\n'
    )
    (tmp_path / "out").mkdir()
    for form, name in (("moodle", "a.xml"), ("qti", "a.zip")):
        words = ["convert", "w/a", "--only", str(tmp_path), "--to", form, "-o", str(tmp_path / "out" / name)]
        assert CliRunner().invoke(verbs, words).exit_code == 0
    root = ElementTree.parse(tmp_path / "out" / "a.xml").getroot()
    assert "<img src=x>" in Html(root.findtext(".//questiontext/text") or "").text
    assert [Html(one.findtext("text") or "").text for one in root.findall(".//answer")] == ["</p><i>", "x & y"]

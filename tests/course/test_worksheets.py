"""Worksheets: every exercise in every format, answers on keys alone, all escaped, a class whole or not at all."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.sampling import one_in
from tests.shipped import LIBRARY
from tutor.cli.commands import verbs
from tutor.course.grading import Grader
from tutor.course.worksheets import typst
from tutor.course.worksheets.document import Block, Code, Document, Formula, GraphFigure, OptionList, SheetTask, Table
from tutor.course.worksheets.formats import FORMATS, written
from tutor.course.worksheets.handout import Student, roster, sheet_of, sheets_for
from tutor.course.worksheets.latex_signs import latex_text
from tutor.course.worksheets.markdown import escaped
from tutor.course.worksheets.mathematics import TYPST
from tutor.library import Exercise
from tutor.library.discovery import read_exercise
from tutor.practice.seeds import seed_of
from tutor.practice.variants import variant_of
from tutor.questions import InputKind
from tutor.questions.blank import NoAnswers
from tutor.runner import Runner
from tutor.session.validation import check_file

from .making import grader

IDS = sorted(LIBRARY.exercises)
PAPERS = ("exam/graphs", "exam/layers", "exam/short")
NASTY = r'<b>&amp; \end{document} $x$ %# _a_ `c` ${HOME} #eval(1) {{x}} "q" ~^ [a](b) * | ∂σ'
NASTY_FILE = f"""
title = '''{NASTY}'''
prompt = '''Say {NASTY}'''

[[question]]
kind = "choice"
title = '''T {NASTY}'''
[[question.ask]]
prompt = '''P {NASTY}'''
options = [
  {{ text = '''A {NASTY}''', right = true }},
  {{ text = '''B {NASTY}''', why = '''W {NASTY}''' }},
]

[[question]]
kind = "value"
title = "Value"
at = {{ x = 2 }}
[[question.ask]]
formula = "x^2"
label = '''{NASTY} ='''
prompt = '''V {NASTY}'''
"""


@cache
def sheet(id: str, key: bool = False) -> Document:
    return sheet_of(grader(), [id], key=key)


def texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    """All that a sheet says."""
    for block in blocks:
        match block:
            case SheetTask(inner, number, marks):
                yield from (number, marks)
                yield from texts(inner)
            case Table(head, rows):
                yield from head
                yield from (cell for row in rows for cell in row)
            case Code(lines):
                yield from (line for line in lines if line)
            case OptionList(options, _, right):
                yield from (*options, right)
            case GraphFigure(picture):
                yield from (text for node in picture.nodes for text in (node.name, node.value, node.gradient))
                yield from (wire.share for wire in picture.wires)
            case Formula():
                yield from (block.plain, *block.given)
            case _:
                yield from (text for name in block.__slots__ if isinstance(text := getattr(block, name), str))


class Page(HTMLParser):
    """What a browser makes of a page: its tags closed in order, and its text."""

    OPEN = frozenset({"meta", "br", "mspace", "rect", "line", "polygon", "circle"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.OPEN:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def check_html(page: str) -> Page:
    read = Page(page)
    for tag, attributes in read.tags:
        assert tag not in ("script", "iframe", "object", "embed", "link", "img", "a", "form")
        assert not any(name.startswith("on") or name in ("src", "href", "srcset") for name in attributes)
    assert "url(" not in page
    assert "@import" not in page
    return read


def check_latex(source: str) -> None:
    """Braces and environments close in order, and signs of LaTeX's own stand only where they are meant."""
    assert source.isascii() or all(each.isascii() or each in "ÄÖÜäöüßéèçñ" for each in source)
    body = source.split(r"\begin{document}", 1)[1]
    bare = re.sub(r"\\[^A-Za-z]", "", re.sub(r"\\(begin|end)\{([A-Za-z*]+)\}", r"<\1 \2>", body))
    depth, stack = 0, ["document"]
    for found in re.finditer(r"[{}]|<(begin|end) ([A-Za-z*]+)>", bare):
        match found[0]:
            case "{" | "}":
                depth += 1 if found[0] == "{" else -1
                assert depth >= 0
            case _ if found[1] == "begin":
                stack.append(found[2])
            case _:
                assert stack.pop() == found[2]
    assert not stack
    assert depth == 0
    assert not re.search(r"[%~]", bare)
    assert bare.count("$") % 2 == 0
    assert "#" not in bare
    outside = re.sub(r"\$[^$]*\$", "", bare)
    while "\\ensuremath" in outside:
        shorter = re.sub(r"\\ensuremath\{(?:[^{}]|\{[^{}]*\})*\}", "", outside)
        assert shorter != outside
        outside = shorter
    assert not re.search(r"[_^]", outside)
    tables = re.sub(r"<begin tabular>.*?<end tabular>", "", outside, flags=re.DOTALL)
    assert "&" not in tables


def check_notebook(text: str) -> nbformat.NotebookNode:
    made = nbformat.reads(text, as_version=4)
    nbformat.validate(made)
    for cell in made.cells:
        for data in cell.get("attachments", {}).values():
            ElementTree.fromstring(b64decode(data["image/svg+xml"]))
        assert not cell.get("outputs")
    return made


def check_markdown(text: str) -> None:
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text):
        for part in (token, *(token.children or ())):
            assert part.type not in ("html_block", "html_inline", "link_open", "image"), part.content


CHECKS = {"html": check_html, "tex": check_latex, "ipynb": check_notebook, "md": check_markdown}


@pytest.mark.parametrize("id", one_in(4, [*IDS, *PAPERS]))
def test_every_exercise_makes_a_sheet_in_every_format(id: str):
    for format, check in CHECKS.items():
        check(written(sheet(id), format).decode())


@pytest.mark.parametrize("id", one_in(18, [*IDS, *PAPERS], start=3))
def test_every_exercise_makes_a_key_in_every_format(id: str):
    document = sheet(id, key=True)
    for format, check in CHECKS.items():
        check(written(document, format).decode())
    said = " ".join(" ".join(texts(document.blocks)).split())
    for scheme in (scheme for part in grader().parts(id) for scheme in part.marker.schemes):
        for row in (row for rows in scheme.steps.values() for row in rows):
            for line in row.correct.strip().split("\n"):
                assert " ".join(line.split()) in said


def given_in(id: str) -> Iterator[str]:
    """What an exercise or a paper says to a learner before there is an answer."""
    for part in grader().parts(id):
        yield part.exercise.file.prompt
        for scheme in part.marker.schemes:
            yield scheme.work.question.statement
            for key, rows in scheme.steps.items():
                yield scheme.own[key].step.about(NoAnswers())
                for row in rows:
                    yield from (row.blank.prompt, row.blank.group, row.blank.starter, *row.blank.options)


@pytest.mark.parametrize("id", one_in(4, [*IDS, *PAPERS], start=2))
def test_no_answer_is_on_a_sheet(id: str):
    """No unusual number, and no longer formula, that is not given."""
    document = sheet(id)
    said = " ".join(texts(document.blocks))
    given = " ".join(given_in(id))
    for scheme in (scheme for part in grader().parts(id) for scheme in part.marker.schemes):
        for row in (row for rows in scheme.steps.values() for row in rows):
            if row.blank.wants in (InputKind.VALUE, InputKind.EQUATIONS):
                for part in re.findall(r"\d+\.\d{3,}", row.correct):
                    assert part in given or part not in said
                for line in row.correct.split("\n"):
                    assert len(line) < 7 or line in given or line not in said
    assert not any(block.right for block in blocks_of(document.blocks) if isinstance(block, OptionList))


def blocks_of(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from blocks_of(block.blocks) if isinstance(block, SheetTask) else ()


def test_a_staging_is_not_given_away():
    """Names and number of the program's own equations are on the key alone."""
    empty = " ".join(texts(sheet("layers/complex").blocks))
    assert "∂f/∂x" in empty
    assert "∂f/∂g" not in empty
    assert "∂f/∂g" in " ".join(texts(sheet("layers/complex", key=True).blocks))


def test_marks_are_those_that_grading_gives():
    total = sum(scheme.full for part in grader().parts("exam/two") for scheme in part.marker.schemes)
    assert sheet("exam/two").about.startswith(f"{total} marks · 45 minutes")


# What a file says


@pytest.fixture
def nasty(tmp_path: Path) -> Document:
    folder = tmp_path / "pack"
    (folder / "week").mkdir(parents=True)
    (folder / "week" / "nasty.toml").write_text(NASTY_FILE, encoding="utf-8")
    with closing(Grader([folder])) as own:
        (one,) = sheets_for(own, ["week/nasty"], [Student("7", NASTY, {"Section": NASTY})], key=True)
        return one.document(own, key=True)


def test_nothing_that_a_file_says_is_obeyed(nasty: Document):
    page = check_html(written(nasty, "html").decode())
    assert "".join(page.texts).count(NASTY) >= 6
    for letter in "PAV":
        assert f"{letter} {NASTY}" in "".join(page.texts)
    check_latex(written(nasty, "tex").decode())
    check_markdown(written(nasty, "md").decode())
    for cell in check_notebook(written(nasty, "ipynb").decode()).cells:
        check_markdown(cell.source)
    assert written(nasty, "pdf").startswith(b"%PDF")


@given(st.text(st.characters(blacklist_categories=("C", "Z"), max_codepoint=0x2FFF) | st.just(" ")).filter(str.strip))
def test_markdown_shows_a_text_as_it_is(text: str):
    text = " ".join(text.split())
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(escaped(text))
    (inline,) = [token for token in tokens if token.type == "inline"]
    assert "".join(part.content for part in inline.children) == text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_latex_shows_a_text_as_it_is(text: str):
    known = {
        "textbackslash": "\\", "textasciicircum": "^", "textasciitilde": "~", "textless": "<", "textgreater": ">",
        "textbar": "|", "textquotedbl": '"', "textasciigrave": "`",
    }  # fmt: skip
    shown = re.sub(
        r"\\([a-z]+)\{\}|\\([^a-z])|\{(.)\}", lambda at: known.get(at[1] or "", "") or at[2] or at[3], latex_text(text)
    )
    assert shown == text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_typst_is_told_a_text_as_a_string(text: str):
    assert json.loads(typst._text(text)) == text


# Pages


@pytest.mark.parametrize("id", ["node-way/c", "exam/two", "convolution/sizes"])
def test_pages_are_made(id: str):
    document = sheet(id)
    data = typst.pdf(document)
    assert data.startswith(b"%PDF")
    pages = typst.pages(document, ppi=30)
    assert len(pages) > 1
    assert all(len(page) > 1000 for page in pages)


# The verb


def said(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(verbs, list(words))
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack on its own, which takes less time to read than all that ships: one exercise with numbers, one without."""
    folder = tmp_path / "pack" / "week"
    folder.mkdir(parents=True)
    (folder / "sum.toml").write_text('title = "A sum"\nfunction = "f(x, y) = (x + 3) y"\nat = { x = 2, y = 5 }\n')
    (folder / "word.toml").write_text(NASTY_FILE.partition('[[question]]\nkind = "value"')[0], encoding="utf-8")
    (folder / "test.paper.toml").write_text('title = "T"\n[[exercise]]\nid = "week/sum"\nmarks = 9\n')
    monkeypatch.setenv("BACKPROP_TUTOR_ONLY", str(folder.parent))
    return folder.parent


@pytest.fixture
def students(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("\ufeffName;Student\nŁukasz Ä.;s1\n=Mallory;s2\n\nAnn;../s3\n", encoding="utf-8")
    return path


def test_a_class_gets_numbers_of_its_own(tmp_path: Path, pack: Path, students: Path):
    out = tmp_path / "out"
    words = ("worksheet", "week/sum", "week/word", "--class", str(students), "--format", "html", "-o")
    assert "3 sheets and index.csv" in said(*words, str(out))
    rows = list(csv.DictReader(StringIO((out / "index.csv").read_text(encoding="utf-8"))))
    assert sorted(one.name for one in out.iterdir()) == sorted({"index.csv", *(row["file"] for row in rows)})
    seeds = {row["student"]: int(row["seed"]) for row in rows if row["exercise"] == "week/sum"}
    assert seeds == {one: seed_of(one, "week/sum") for one in ("s1", "s2", "../s3")}
    assert {row["seed"] for row in rows if row["exercise"] == "week/word"} == {""}
    assert rows[2]["name"].startswith("'=")
    pages = [(out / row["file"]).read_text(encoding="utf-8") for row in rows if row["exercise"] == "week/sum"]
    assert len(set(pages)) == 3
    assert "Łukasz Ä." in pages[0]
    again = tmp_path / "again"
    said(*words, str(again))
    assert [(again / row["file"]).read_text(encoding="utf-8") for row in rows[::2]] == pages
    assert "not empty: name another folder" in " ".join(said(*words, str(out), code=2).split())


def test_a_key_is_on_the_numbers_of_its_sheet(tmp_path: Path, pack: Path):
    said("worksheet", "week/sum", "--seeds", "2", "--key", "-o", str(tmp_path / "keys"), "--format", "md")
    (second,) = [one for one in (tmp_path / "keys").iterdir() if one.name.startswith("002")]
    function = re.search(r"x = .*", said("worksheet", "week/sum", "--seed", "2"))
    assert function is not None
    assert function[0] in second.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name\nAnn\n", "no column of students' numbers"),
        ("student\ns1\ns1\n", "line 3: s1 is there twice"),
        ("student,name\ns1,A\n,B\n", "line 3: the student is missing"),
        ("student\n", "names no students"),
    ],
)
def test_nothing_is_written_for_a_roster_that_cannot_be_used(tmp_path: Path, pack: Path, text: str, why: str):
    path, out = tmp_path / "r.csv", tmp_path / "out"
    path.write_text(text)
    assert why in " ".join(said("worksheet", "week/sum", "--class", str(path), "-o", str(out), code=2).split())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pack", "r.csv"]


def test_nothing_is_written_where_one_sheet_fails(tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch):
    count = iter(range(9))

    def fails(document: Document) -> bytes:
        if next(count) == 2:
            raise typst.NotTypeset("it fails")
        return b"x"

    monkeypatch.setitem(FORMATS, "pdf", fails)
    assert "it fails" in said(
        "worksheet", "week/sum", "--seeds", "4", "-o", str(tmp_path / "o"), "--format", "pdf", code=2
    )
    assert [one.name for one in tmp_path.iterdir()] == ["pack"]


def test_a_class_gets_answer_sheets_on_the_numbers_of_its_worksheets(tmp_path: Path, pack: Path, students: Path):
    out, sheets = tmp_path / "answers", tmp_path / "sheets"
    assert "3 sheets and index.csv" in said("sheet", "week/sum", "week/word", "--class", str(students), "-o", str(out))
    said("worksheet", "week/sum", "week/word", "--class", str(students), "--format", "md", "-o", str(sheets))
    rows, others = (list(csv.DictReader((one / "index.csv").read_text().splitlines())) for one in (out, sheets))
    assert [row["seed"] for row in rows] == [row["seed"] for row in others]
    assert len({row["file"] for row in rows}) == 3 and all(row["file"].endswith(".toml") for row in rows)
    for row in rows[::2]:
        read = tomllib.loads((out / row["file"]).read_text(encoding="utf-8"))
        assert read["exercises"] == [f"week/sum@{row['seed']}", "week/word"]
        assert f"'{read['student']}".endswith(row["student"].lstrip("'")) and read["name"].lstrip("=") in row["name"]
    graded = said("grade", str(out), "--json", code=0)
    assert sorted(one["student"] for one in json.loads(graded)) == ["../s3", "s1", "s2"]
    assert "not empty: name another folder" in " ".join(
        said("sheet", "week/sum", "--class", str(students), "-o", str(out), code=2).split()
    )


def test_every_command_that_a_sheet_in_latex_makes_has_a_name_of_its_own():
    taken = {
        "marks",
        "unless",
        "interactionmode",
        "middle",
        "readline",
        "detokenize",
        "showgroups",
        "protected",
        "write",
    }
    text = written(sheet("exam/one"), "tex").decode()
    made = re.findall(r"\\newcommand\{\\(\w+)\}", text)
    assert made and not taken.intersection(made)
    verbatim = re.findall(r"\\begin\{Verbatim\}.*?\\end\{Verbatim\}", text, re.DOTALL)
    assert verbatim and all("[-" not in one.partition("]")[2] for one in verbatim)  # a minus is no sign in there


def test_words_of_what_is_given_stand_apart():
    assert "on} \\  p \\  \\mathrm{and}" in written(sheet("exam/one"), "tex").decode()


def test_drawings_of_an_explanation_stay_drawings():
    drawn = [block for block in sheet("shapes/add", key=True).blocks if isinstance(block, SheetTask)]
    lines = [line for task in drawn for block in task.blocks if isinstance(block, Code) for line in block.lines]
    assert any(re.fullmatch(r" +stretch +stretch", line or "") for line in lines)


def test_a_seed_is_made_of_student_and_exercise():
    assert seed_of("s1", "week/sum") == seed_of(" s1 ", "week/sum@4")
    assert len({seed_of(f"s{number}", id) for number in range(50) for id in ("week/sum", "node-way/b")}) == 100


def test_a_roster_in_another_dress(students: Path):
    assert [(one.student, one.name) for one in roster(students)] == [
        ("s1", "Łukasz Ä."), ("s2", "=Mallory"), ("../s3", "Ann"),
    ]  # fmt: skip


def test_a_sheet_says_whose_it_is(students: Path, tmp_path: Path, pack: Path):
    students.write_text("student,name,Section,e-mail\ns1,Ann,B2,a@b.c\ns2,Bob,,b@b.c\n", encoding="utf-8")
    out = tmp_path / "out"
    said("worksheet", "week/sum", "--class", str(students), "--show", "section", "-o", str(out))
    assert "Name: Ann\u2003Number: s1\u2003Section: B2\n" in (out / "s1.md").read_text(encoding="utf-8")
    assert "Section: \\_\\_" in (out / "s2.md").read_text(encoding="utf-8")
    assert "seed" not in (out / "s1.md").read_text(encoding="utf-8").lower()
    for column, why in (("sektion", "no column sektion; did you mean section?"), ("room", "its columns are student")):
        wrong = said("worksheet", "week/sum", "--class", str(students), "--show", column, "-o", "x", code=2)
        assert why in " ".join(wrong.split())


def test_what_a_sheet_does_not_give_away():
    """Which axes of two shapes meet is a part of the answer; how a filter slides is a part of the question."""

    def drawn(id: str, **wish: bool) -> list[Code]:
        return [block for block in blocks_of(sheet_of(grader(), [id], **wish).blocks) if isinstance(block, Code)]

    assert not drawn("shapes/matmul")
    assert drawn("shapes/matmul", key=True)
    assert drawn("convolution/sizes")
    assert not drawn("convolution/sizes", figures=False)


def test_a_name_without_letters_in_any_font_is_told(
    students: Path, tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(typst, "_in_other_scripts", lambda _character: False)  # with Typst's own fonts alone
    students.write_text("student,name\ns1,Łukasz\ns2,王小明\n", encoding="utf-8")
    out = tmp_path / "out"
    told = said("worksheet", "week/sum", "--class", str(students), "--format", "pdf", "-o", str(out), code=2)
    assert "No font on this machine has the letters of 王小明." in told and "--format html" in told
    assert not out.exists()
    with pytest.raises(typst.NotTypeset, match="no font here has the sign"):
        typst.pdf(replace(sheet("node-way/a"), title="王"))


@pytest.mark.parametrize(
    ("text", "typeset"),
    [
        ("b^2", 'attach(b, t: "2")'),
        ("b**2", 'attach(b, t: "2")'),
        ("e^-x", "attach(e, t: − x)"),
        ("(a + b)^(n+1)", '\\( a \\+ b attach(\\), t: n \\+ "1")'),
        ("a - 1.5", 'a − "1.5"'),
        ("k = -6", 'k \\= "−6"'),
        ("2^", '"2" \\^'),
    ],
)
def test_what_is_given_is_set_as_mathematics(text: str, typeset: str):
    assert TYPST.text(text).text == typeset


def test_a_paper_is_printed_with_its_key(tmp_path: Path, pack: Path):
    place = tmp_path / "test.html"
    assert "its key" in said("exam", "week/test", "--print", "-o", str(place))
    paper, key = place.read_text(encoding="utf-8"), (tmp_path / "test-key.html").read_text(encoding="utf-8")
    assert "class=key" in key
    assert "class=key" not in paper
    assert said("exam", "--topic", "week", "--minutes", "10", "--seed", "3", "--print", "-o", str(tmp_path / "d.md"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("worksheet", "week/summ"), "did you mean"),
        (("worksheet", "week/sum", "--seed", "x"), "A seed is a whole number"),
        (("worksheet", "week/sum", "-o", "a.docx"), "cannot be written as .docx"),
        (("worksheet", "week/sum", "--seed", "1", "--seeds", "2"), "do not go together"),
        (("worksheet", "week/sum", "--class", "nowhere.csv"), "nowhere.csv cannot be read"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(words: tuple[str, ...], why: str, pack: Path):
    assert why in " ".join(said(*words, code=2).split())


BROKEN = {
    "cannot be read": ('function = "f(x) = "\nat = { x = 1 }\n', "line 2: function: "),
    "misspelt": (
        'funktion = "f(x) = x"\nat = { x = 1 }\n',
        "line 2: funktion: there is no such key; did you mean function?",
    ),
    "does not hold": ('function = "f(x, y) = x y"\nat = { x = 1 }\n', "line 3: at: a value for y is missing."),
    "a question": (
        '[[question]]\nkind = "choice"\n[[question.ask]]\noptions = [{ text = "a", right = true }, { text = "b" }]\n',
        "line 4: question 1, ask 1: prompt: is missing",
    ),
    "more than once": (
        'function = "f(x) = x"\nat = { x = 1 }\nlevel = 9\nmark = 3\n',
        "There is 1 more; `backprop-tutor check` lists all.",
    ),
}


VERBS = (("worksheet",), ("sheet",), ("show",), ("start", "--plain"))


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_a_broken_exercise_says_why(pack: Path, verb: tuple[str, ...], fault: str):
    """The same sentence, wherever its file is asked for."""
    text, why = BROKEN[fault]
    (pack / "week" / "broken.toml").write_text(f'title = "B"\n{text}')
    told = " ".join(said(*verb, "week/broken", code=2).split())
    assert told.startswith("week/broken cannot be used. broken.toml, line ")
    assert why in told


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_an_id_that_nothing_has_says_where_others_are(pack: Path, verb: tuple[str, ...]):
    told = " ".join(said(*verb, "other/sum", code=2).split())
    assert (
        "There is no exercise" in told
        and "week/sum?" in told
        and "--exercises FOLDER" in told
        and "--only PACK" in told
    )


@pytest.mark.parametrize(("format", "package"), [("pdf", "typst"), ("ipynb", "nbformat")])
def test_an_extra_that_is_absent_is_named(format: str, package: str, pack: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, package, None)
    done = " ".join(said("worksheet", "week/sum", "--format", format, "-o", f"x.{format}", code=2).split())
    assert f"needs the package {package}" in done
    assert "pip install 'backprop-tutor[print]'" in done
    assert not Path(f"x.{format}").exists()


def test_a_graph_that_is_given_is_filled_in_by_the_learner(tmp_path: Path):
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "fill.toml").write_text(
        'title = "F"\nfunction = "f(x, y) = x y + sin(x)"\nat = { x = 1.5, y = 3 }\nsteps = ["forward", "backward"]\n'
    )
    with closing(Grader([tmp_path])) as own:
        empty, key = (sheet_of(own, ["week/fill"], key=key) for key in (False, True))
    (empty_graph, full_graph) = (
        next(block.picture for block in one.blocks if isinstance(block, GraphFigure)) for one in (empty, key)
    )
    assert [(node.value, node.gradient) for node in empty_graph.nodes[:2]] == [("1.5", "?"), ("3", "?")]
    assert {(node.value, node.gradient) for node in empty_graph.nodes[2:]} == {("?", "?")}
    assert {wire.share for wire in empty_graph.wires if wire.source == 0} == {"?"}
    assert "?" not in {node.gradient for node in full_graph.nodes}
    (forward, backward) = (block for block in empty.blocks if isinstance(block, Table))
    assert [row[0] for row in backward.rows[-2:]] == ["∂f/∂x", "∂f/∂y"]
    assert all(row[1] == "" for row in (*forward.rows, *backward.rows))


def test_a_class_is_one_file_to_print(tmp_path: Path, pack: Path):
    place = tmp_path / "all.pdf"
    assert "3 sheets are in" in said("worksheet", "week/sum", "--seeds", "3", "--one-file", "-o", str(place))
    assert place.read_bytes().startswith(b"%PDF")
    assert "add --class" in said("worksheet", "week/sum", "--one-file", code=2)
    assert "PDF" in said("worksheet", "week/sum", "--seeds", "2", "--one-file", "-o", str(tmp_path / "a.md"), code=2)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["all.pdf", "pack"]


def test_a_prompt_with_sizes_is_noted_and_left_out_of_variants(tmp_path: Path):
    path = tmp_path / "a.toml"
    path.write_text(
        'title = "a"\nprompt = "X holds a batch of 4 examples. Answer error where NumPy raises one."\n[[question]]\n'
        'kind = "shape"\n[[question.ask]]\noperation = "X @ W"\nshapes = { X = [4, 3], W = [3, 5] }\n'
    )
    exercise = read_exercise(path, "w/a")
    assert isinstance(exercise, Exercise)
    assert variant_of(exercise, 1).on_paper.prompt == "Answer error where NumPy raises one."
    with closing(Runner()) as runner:
        (note,) = check_file(path, runner).notes
    assert note.key == "prompt" and "names 4" in note.reason

"""Answer sheets: every blank has its place, and what is handed back in any condition loses none that can be read."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import LIBRARY
from tutor.course.blank_sheets import write_sheet
from tutor.course.grading import Graded
from tutor.course.sheets import answers_for, read_sheet
from tutor.course.toml_salvage import TomlStatement, UnreadLine, statements
from tutor.files import NotText, text_in_any_encoding

from .making import by_key, correct, grader, sheet, with_slips

MIXED = ("node-way/b", "exam/one", "shapes/rules", "layers/two-over-sine")


def read(text: str, id: str) -> dict[str, str]:
    return dict(answers_for(read_sheet(text), 1, 1, grader().marker(id)).answers)


@pytest.mark.parametrize("id", sorted(LIBRARY.exercises))
def test_a_sheet_is_toml_and_gives_every_answer_back(id: str):
    marker = grader().marker(id)
    empty = tomllib.loads(write_sheet(grader().parts(id)))
    assert empty["exercises"] == [id]
    wanted = {key: text for place, key in by_key(marker).items() if (text := correct(marker)[place]).strip()}
    found = read(sheet(id, correct(marker)), id)
    assert {key: text.strip() for key, text in found.items()} == {key: text.strip() for key, text in wanted.items()}


def test_a_sheet_says_nothing_of_the_staging():
    text = write_sheet(grader().parts("layers/complex"))
    assert "σ(h)" not in text
    assert not re.search(r"^[a-eg-i] = ", text, re.MULTILINE)


def test_a_sheet_says_what_a_question_says_before_its_blanks():
    text = write_sheet(grader().parts("losses/table"))
    assert "# Squared\n# Squared error: l = (y - t)².\n# y = 1.7, t = 2.4\n[q1.value]" in text


def test_a_sheet_on_drawn_numbers_says_nothing_of_the_seed_but_where_it_is_read():
    text = write_sheet(grader().parts("node-way/a@7"))
    assert text.count('7"]') == 1 and "seed" not in text


def test_a_capital_at_the_beginning_of_a_line_is_no_other_name(tmp_path: Path):
    path = tmp_path / "a.toml"
    text = sheet("node-way/a", correct(grader().marker("node-way/a")))
    path.write_text(text.replace('"a" = ', '"A" = ').replace('"f" = ', '"g" = '))
    graded = grader().grade(path)
    assert graded.marks is not None
    assert {row.key: row.earned for row in graded.marks.blanks()}["value:a"] == 1
    assert any("nothing called g is asked for" in problem for problem in graded.problems)


def test_the_names_are_those_of_the_learners_equations():
    text = """
exercises = ["node-way/a"]
[stage]
equations = '''
s1 = x + y
out = s1 z
'''
[forward]
s1 = 4
out = "8"
[backward]
"∂f/∂s1" = "2"
"df / dx" = "2"
"total:z" = 4
"""
    assert read(text, "node-way/a") == {
        "staging": "s1 = x + y\nout = s1 z",
        "value:s1": "4",
        "value:out": "8",
        "total:x": "2",
        "total:z": "4",
    } | ({"total:s1": "2"})


def damaged(text: str, rng: random.Random) -> tuple[str, set[str]]:
    """The text after an accident, and the lines that were hit by it."""
    lines = text.split("\n")
    fillable = [at for at, line in enumerate(lines) if re.match(r'".*" = ".*"$', line)]
    at = rng.choice(fillable)
    hit = {lines[at]}
    match rng.randrange(12):
        case 0:
            lines[at] = lines[at][: rng.randrange(1, len(lines[at]))]
        case 1:
            lines[at] = lines[at].replace("=", "", 1)
        case 2:
            lines.insert(at, "\x00\x07 garbage ]] ===")
            hit = set()
        case 3:
            lines.insert(at, lines[at])
            hit = set()
        case 4:
            lines[at] = lines[at][:-1]
            hit = set()  # a quote that is missing loses nothing
        case 5:
            del lines[at]
        case 6:
            return text.replace("\n", "\r\n"), set()
        case 7:
            return "\ufeff" + text, set()
        case 8:
            tables = [n for n, line in enumerate(lines) if line.startswith("[")]
            n = rng.choice(tables)
            lines[n] = lines[n][:-1]
            hit = set()
        case 9:
            blocks = re.split(r"\n(?=\[)", text)
            rest = blocks[1:]
            rng.shuffle(rest)
            return "\n".join([blocks[0], *rest]), set()
        case 10:
            lines.append("[unheard-of]\nx = 1\n= = =\n")
            hit = set()
        case _:
            lines[at] = lines[at].replace('"', "\u201d")
    return "\n".join(lines), hit


@pytest.mark.parametrize("id", MIXED)
def test_an_accident_loses_no_blank_that_can_be_read(id: str):
    marker = grader().marker(id)
    rng = random.Random(f"accidents {id}")
    for _ in range(75):
        text = sheet(id, with_slips(marker, rng, 0.3))
        whole = read(text, id)
        broken, hit = damaged(text, rng)
        found = read(broken, id)
        lost = {key for key, answer in whole.items() if found.get(key) != answer}
        may_be = {key for (_, name), key in by_key(marker).items() if any(f'"{name}"' in line for line in hit)}
        assert lost <= may_be, broken


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str):
    for one in statements(text):
        assert isinstance(one, TomlStatement | UnreadLine)
    read_sheet(text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"a" = "1"', "a appears twice: the first one counts"),
        ('"q" = "1"', r"nothing called q is asked for in \[forward\]"),
        ("so = = what", "this line is no answer|nothing called so"),
        ("??", r"this line is not an answer: \?\?"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(tmp_path: Path, line: str, said: str):
    path = tmp_path / "s.toml"
    text = sheet("node-way/a", correct(grader().marker("node-way/a")))
    head, rest = text.split('"a" = "4"\n')
    path.write_text(f'{head}"a" = "4"\n{line}\n{rest}')
    graded = grader().grade(path)
    assert isinstance(graded, Graded)
    assert any(re.search(rf"Line \d+: .*({said})", problem) for problem in graded.problems), graded.problems


DAMAGED = """
exercises = ["node-way/a"]
student = "Müller"  # your number or login

[stage]
# One equation per line.
equations = \'\'\'
a = x + y
f = a z
\'\'\'

# The value of each of your equations.
[forward]
a = "4"
f = "8"

[backward]
"∂f/∂f" = "1"
"∂f/∂a" = "2"
"∂f/∂x" = "2"
"""
TRIPLE = "'" * 3
DAMAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "quotes of a word processor": (('"', "”"),),
    "and those that open": (('= "', "= “"), (TRIPLE, "‘’’")),
    "spaces that are none": ((" ", "\u00a0"),),
    "signs nobody sees": (("= ", "=\u200b "),),
    "quoted in a mail": (("\n", "\n> "),),
    "quoted twice": (("\n", "\n>> "),),
    "tabs": ((' = "', '\t=\t"'), ('\na\t=\t"', '\n\ta\t=\t"')),
    "signs as a page has them": (('"', "&quot;"),),
    "text that opens with too little": ((f"= {TRIPLE}", "= ''"),),
    "text that nothing opens": ((f"= {TRIPLE}", "="),),
    "text that closes with too little": ((f"\n{TRIPLE}", "\n''"),),
    "text that nothing closes": ((f"\n{TRIPLE}", ""),),
    "text in two kinds of quotes": ((f"= {TRIPLE}", '= """'),),
    "a number that opens a text": (('"Müller"', f'{TRIPLE}Müller"'),),
    "a heading that opens a text": (("[stage]", f"[stage] {TRIPLE}"),),
    "a heading without its beginning": (("[stage]", "stage]"), ("[forward]", "forward]")),
    "a heading without its end": (("[stage]", "[stage"), ("[forward]", "[forward")),
    "a heading as a comment": (("[forward]", "# [forward]"),),
    "a heading with an answer behind it": (("[forward]\n", "[forward] "),),
    "no heading": (("[forward]\n", ""),),
    "answers behind one another": (('"4"\n', '"4"  # the sum '),),
    "a list": (('\na = "', '\n- a = "'), ('\n"∂', '\n* "∂')),
    "colons": (('a = "', 'a: "'), ('∂x" = ', '∂x": ')),
    "two signs": ((' = "2"', ' == "2"'),),
    "no sign": ((' = "2"', ' "2"'),),
    "a name without its last quote": (('∂x" =', "∂x ="),),
    "a name without its first quote": (('"∂f/∂x', "∂f/∂x"),),
    "an answer without its first quote": (('= "2"', '= 2"'),),
    "a comment without its sign": (("# One", "One"), ("# The", "The")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_done_to_a_sheet_on_its_way_loses_nothing(damage: str):
    text = DAMAGED
    for before, after in DAMAGES[damage]:
        assert before in text
        text = text.replace(before, after)
    assert read(text, "node-way/a") == read(DAMAGED, "node-way/a")
    assert read_sheet(text).exercises == ("node-way/a",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_sheet_may_be_in_any_encoding(tmp_path: Path, encoding: str, line_end: str):
    path = tmp_path / "s.toml"
    text = DAMAGED.replace("∂", "d") if encoding == "cp1252" else DAMAGED
    path.write_bytes(text.replace("\n", line_end).encode(encoding))
    graded = grader().grade(path)
    assert graded.student == "Müller"
    assert graded.marks is not None
    assert {blank.answer for blank in graded.marks.blanks()} >= {"4", "8", "1", "2"}


def test_a_byte_that_is_no_text_costs_no_other(tmp_path: Path):
    path = tmp_path / "s.toml"
    path.write_bytes(DAMAGED.encode().replace(b"One", b"\xffne"))
    assert read(text_in_any_encoding(path, 1000), "node-way/a") == read(DAMAGED, "node-way/a")
    path.write_bytes(b"%PDF-1.7\x00\x01\x02\x03" * 9)
    with pytest.raises(NotText, match="it is not text"):
        text_in_any_encoding(path, 1000)

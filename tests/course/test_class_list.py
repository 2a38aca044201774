"""A class against what was handed in: whose a file is, on whose numbers, and what each student gets back."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.course.making import correct, grader, sheet
from tutor.cli.commands import verbs
from tutor.course.class_list import against_class
from tutor.course.feedback import feedback_files
from tutor.course.gradebooks import as_csv, remarks
from tutor.course.graded import Graded
from tutor.course.submissions import Act, Worked, packed
from tutor.course.worksheets.handout import Student, roster
from tutor.practice.seeds import seed_of, variant_id

CLASS = [
    Student("s001", "Rossi, Maria"), Student("s002", "D'Angelo, Lucia"), Student("s019", "Łukasz Żak"),
    Student("s020", "Doe, John"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("student", "name", "file", "whose"),
    [
        ("s001", "", "x.toml", "s001"),
        (" S 001 ", "", "x.toml", "s001"),
        ("S19", "", "x.toml", "s019"),
        ("", "Lucia D’Angelo", "x.toml", "s002"),
        ("", "LUCIA D'ANGELO", "s002.toml", "s002"),
        ("", "", "s019 (1).toml", "s019"),
        ("", "Doe, John", "s001.toml", ""),
        ("s777", "Rossi, Maria", "s001.toml", "s777"),
        ("", "Nobody", "x.toml", ""),
    ],
)
def test_a_file_is_told_by_number_name_or_file(student: str, name: str, file: str, whose: str):
    (found,) = against_class([Graded(file, student, name)], CLASS).grades
    assert found.student == whose


def test_who_is_missing_and_who_is_meant():
    grades = [Graded("a.toml", "s001"), Graded("b.toml", "s0200"), Graded("c.toml", "zz9")]
    found = against_class(grades, CLASS)
    assert [one.student for one in found.missing] == ["s002", "s019", "s020"]
    assert "Not in the class: s0200 (did you mean s020?), zz9." in found.remarks
    rows = list(csv.reader(StringIO(as_csv([], "canvas", found.missing))))
    assert [row[2] for row in rows[2:]] == ["s002", "s019", "s020"]
    assert [row[0] for row in csv.reader(StringIO(as_csv([], "moodle", found.missing)))][1:] == ["s002", "s019", "s020"]


def on(student: str, seed: int | None) -> Graded:
    return Graded(f"{student}.toml", student, ids=("w/a" if seed is None else variant_id("w/a", seed),))


def test_the_numbers_of_another_or_of_nobody_are_said():
    own = {one.student: seed_of(one.student, "w/a") for one in CLASS}
    grades = [on("s001", own["s001"]), on("s002", own["s019"]), on("s019", 77), on("s020", None)]
    said = [one.problems for one in against_class(grades, CLASS).grades]
    assert said == [
        (),
        ("The numbers of w/a were drawn for s019, not for s002.",),
        ("The numbers of w/a were drawn for no one in the class, not for s019.",),
        ("The numbers of w/a were drawn for no one in the class, not for s020.",),
    ]
    same_for_all = [on(one.student, 7) for one in CLASS]
    assert not any(one.problems for one in against_class(same_for_all, CLASS).grades)


def test_an_index_says_which_seeds_were_drawn(tmp_path: Path):
    path = tmp_path / "index.csv"
    path.write_text("student,name,file,exercise,seed\ns1,A,s1.toml,w/a,5\ns1,A,s1.toml,w/b,\ns2,B,s2.toml,w/a,6\n")
    students = roster(path)
    assert [(one.student, dict(one.seeds)) for one in students] == [("s1", {"w/a": 5, "w/b": None}), ("s2", {"w/a": 6})]
    first, second = against_class([on("s1", 5), on("s2", 5)], students).grades
    assert not first.problems and "drawn for s1, not for s2" in second.problems[0]


def test_a_mistyped_seed_is_told_as_one_and_graded_on_the_right_one(tmp_path: Path):
    seed = seed_of("s1", "node-way/a")
    marker = grader().marker(variant_id("node-way/a", seed))
    text = sheet(variant_id("node-way/a", seed), correct(marker))
    text = text.replace("sheet = 1", f'sheet = 1\nasked = ["{marker.exercise.digest[:12]}"]')
    path = tmp_path / "s1.toml"
    path.write_text(text.replace(f"@{seed}", "@12345"))
    graded = grader().grade(path)
    assert f"the seed 12345 is mistyped; the sheet was written for {seed}" in graded.problems[0]
    assert graded.marks is not None and graded.marks.earned == graded.marks.full - 4  # code is not run
    assert not graded.changed
    other = text.replace('student = "s1"', 'student = "s2"').replace(f"@{seed}", "@12345")
    path.write_text(other)
    (tmp_path / "whole.toml").write_text(text)
    both = [grader().grade(path), grader().grade(tmp_path / "whole.toml")]
    assert "node-way/a: not the seed that the sheet was written for, in s1.toml." in remarks(both)


def test_an_exercise_is_worth_the_same_worked_gate_by_gate(tmp_path: Path):
    full = []
    for mode in ("quick", "gates"):
        acts = (Act(1.0, "mode", "backward", text=mode), Act(2.0, "answer", "forward", "value:f", "8", "right"))
        path = tmp_path / f"{mode}.submission"
        path.write_bytes(packed([Worked("node-way/a", grader().marker("node-way/a").exercise.digest, acts)], "s1"))
        graded = grader().grade(path)
        assert graded.marks is not None
        full.append((graded.marks.full, len(list(graded.marks.blanks()))))
    assert full[0][0] == full[1][0] and full[0][1] < full[1][1]


def test_each_student_gets_every_answer_back(tmp_path: Path):
    marker = grader().marker("node-way/a")
    answers = correct(marker)
    answers["forward", "f"] = "9"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.toml").write_text(sheet("node-way/a", answers, "../s1"))
    (tmp_path / "in" / "b.toml").write_text("no sheet")
    out = tmp_path / "back"
    words = ["grade", str(tmp_path / "in"), "--feedback", str(out)]
    assert CliRunner().invoke(verbs, words).exit_code == 1
    first, second = sorted(out.iterdir())
    assert (first.name, second.name) == ("b.txt", "s1.txt")
    text = second.read_text()
    assert all(line in text for line in ("a = x + y", "f = a*z", "yours: 9", "7 of 12 marks")), text
    assert "right: 8" not in text and "It cannot be graded" in first.read_text()
    again = CliRunner().invoke(verbs, words)
    assert again.exit_code == 2 and "--feedback" in again.output
    told = feedback_files([grader().grade(tmp_path / "in" / "a.toml")], key=True)
    assert b"right: 8" in told["s1.txt"]

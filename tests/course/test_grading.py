"""Grading: the same marks by every road, errors carried forward, one bad file stops none, formats of others."""

from __future__ import annotations

import csv
import json
import random
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.shipped import LIBRARY
from tutor.api.exercises import LoadedExercise
from tutor.cli.commands import verbs
from tutor.course.blank_sheets import write_sheet
from tutor.course.gradebooks import as_csv, as_gradescope
from tutor.course.grading import grade_all
from tutor.course.handed_in import part_of
from tutor.course.report_page import as_html
from tutor.course.reports import report_of
from tutor.course.submissions import NoSubmission, read_submission
from tutor.learner import Store
from tutor.marking import MarkOutcome
from tutor.paths import shipped_folder
from tutor.runner import Runner
from tutor.session.session import Session

from .making import by_key, correct, grader, sheet, with_slips
from .roads import by_plain, by_python, by_session, by_sheet

IDS = ("node-way/a", "node-way/b", "sigmoid/gates", "exam/one", "shapes/add", "derivatives/rules", "tensors/layer")


def said(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(verbs, list(words))
    assert done.exit_code == code, done.output
    return done.output if code == 2 else done.stdout


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless a test says otherwise: to start others takes longer than to grade what it has."""
    monkeypatch.setattr("tutor.course.grading._FEW", 100)


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    """Ten sheets, and three files that are none."""
    folder, rng = tmp_path / "in", random.Random("handed in")
    folder.mkdir()
    marker = grader().marker("node-way/a")
    for number in range(10):
        answers = with_slips(marker, rng, 0.3 if number else 0)
        (folder / f"s{number}.toml").write_text(sheet("node-way/a", answers, f"s{number}"))
    (folder / "x1.toml").write_text("??")
    (folder / "x2.toml").write_bytes(b"\xff\xfe\x00")
    (folder / "x3.submission").write_text("{")
    return folder


@pytest.mark.parametrize("id", IDS)
def test_the_app_the_plain_face_a_sheet_and_python_give_the_same_marks(id: str, tmp_path: Path):
    """With wrong, empty and unreadable answers. `bench_roads` does the same with a thousand sheets."""
    rng, asked = random.Random(f"roads {id}"), LoadedExercise(LIBRARY.exercises[id])
    for round in range(4):
        answers, folder = with_slips(grader().marker(id), rng, 0.35), tmp_path / str(round)
        folder.mkdir()
        earned = by_sheet(id, answers, folder)
        assert by_session(id, answers, folder) == earned
        assert by_plain(id, answers, folder) == earned
        assert by_python(asked, id, answers) == earned


def test_errors_are_carried_forward_and_slips_named(tmp_path: Path):
    answers = correct(grader().marker("node-way/b"))
    wrong = dict(answers)
    first = next(place for place in wrong if place[0] == "forward")
    wrong[first] = str(float(wrong[first]) + 3)
    path = tmp_path / "s.toml"
    path.write_text(sheet("node-way/b", wrong))
    graded = grader().grade(path)
    assert graded.marks is not None
    rows = {row.key: row for row in graded.marks.blanks()}
    assert rows[by_key(grader().marker("node-way/b"))[first]].earned == 0


def test_the_order_and_the_number_of_processes_change_nothing(handed: Path):
    files = sorted(handed.iterdir())
    one = list(grade_all(files, [shipped_folder()], processes=1))
    two = list(grade_all(files, [shipped_folder()], processes=2))
    assert one == two
    with_others = list(grade_all(files[::-1], [shipped_folder()], processes=1))
    assert with_others[::-1] == one
    parts = [path for number in (1, 2, 3) for path in part_of(files, number, 3)]
    assert sorted(parts) == files


def test_a_bad_file_stops_no_other(handed: Path):
    text = said("grade", str(handed), code=1)
    assert text.count("not graded") == 3
    assert "10 graded, 3 not" in text
    assert "s0          16 of 16" not in text  # code is not run unless that is asked for
    assert "--run-code runs it" in text
    assert "100 %" in said("grade", str(handed / "s0.toml"), "--run-code", "--pass", "100")
    said("grade", str(handed / "s0.toml"), "--pass", "100", code=1)
    said("grade", str(handed), "--gradescope", code=2)
    said("grade", str(handed), "--part", "9/8", code=2)
    said("grade", str(handed / "nothing"), code=2)


def test_gradebooks(handed: Path, tmp_path: Path):
    grades = json.loads(said("grade", str(handed), "--json", code=1))
    assert [one["student"] for one in grades[:10]] == [f"s{number}" for number in range(10)]
    for columns, head in (("plain", "student"), ("canvas", "Student"), ("moodle", "ID number")):
        rows = list(csv.reader(StringIO(said("grade", str(handed), "--csv", "--columns", columns, code=1))))
        assert rows[0][0] == head
        assert len({len(row) for row in rows}) == 1
        assert len(rows) == {"plain": 14, "canvas": 12, "moodle": 11}[columns]
    out = tmp_path / "results.json"
    said("grade", str(handed / "s0.toml"), "--gradescope", "-o", str(out))
    result = json.loads(out.read_text())
    assert result["score"] == sum(one["score"] for one in result["tests"]) == 8
    assert sum(one["max_score"] for one in result["tests"]) == 12


def test_every_test_of_gradescope_has_a_name_of_its_own(tmp_path: Path):
    answers = correct(grader().marker("node-way/a"))
    lines = [f'"{name}" = "{text}"' for (_, name), text in answers.items() if "\n" not in text]
    path = tmp_path / "a.toml"
    path.write_text("\n".join(['exercises = ["node-way/a@1", "node-way/a@2"]', "[e1.forward]", *lines]))
    names = [test["name"] for test in json.loads(as_gradescope([grader().grade(path)]))["tests"]]
    assert len(set(names)) == len(names) == 8


def test_nothing_in_a_gradebook_is_a_formula(tmp_path: Path):
    path = tmp_path / "a.toml"
    path.write_text(sheet("node-way/a", {}, "=HYPERLINK(1)"))
    graded = grader().grade(path)
    assert "'=HYPERLINK(1)" in as_csv([graded])
    assert "\x1b" not in as_gradescope([graded])


def test_a_report_counts_what_was_done(handed: Path):
    text = said("report", str(handed))
    assert "in: 10 graded, 3 not" in text
    graded = list(grade_all(sorted(handed.iterdir()), [shipped_folder()], processes=1))
    group = report_of("in", graded)
    for blank in group.blanks:
        assert blank.asked == 10
        key = {"value:x + y": "value:a", "total:x + y": "total:a"}.get(blank.key, blank.key)
        rows = [row for one in graded if one.marks for row in one.marks.blanks() if row.key == key]
        assert blank.missing == sum(not row.answer.strip() for row in rows) or blank.key == "code"
    (code,) = [blank for blank in group.blanks if blank.key == "code"]
    assert (code.label, code.not_run) == ("code q2a", 10)
    assert "not run" in text and "∂f/∂x  " in text and "tries" not in as_html([group])
    page = as_html([group, report_of("<b>2025</b>", graded[:4])])
    assert "<script" not in page
    assert "<b>2025" not in page
    assert "&lt;b&gt;2025" in page
    assert "http" not in page
    side = said("report", str(handed), str(handed), "--csv")
    assert len(side.splitlines()) == 1 + 2 * len(group.blanks)


def test_a_submission_holds_what_was_done_and_shows_when_it_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path / "home"))
    assert "nothing to hand in" in " ".join(said("submit", "node-way/a", code=2).split())
    with Store() as store:
        session = Session(LIBRARY.exercises["node-way/a"], store, Runner())
        step = session.steps[0]
        session.answer(step, step.blanks(session)[0], "a = x + y\nf = a z")
        session.hint(session.steps[1], session.steps[1].blanks(session)[0])
    out = tmp_path / "a.submission"
    said("submit", "node-way/a", "--student", "s7", "-o", str(out))
    assert "s7" in said("grade", str(out))
    submission, wrong = read_submission(out.read_bytes())
    assert wrong == ""
    assert {act.action for act in submission.work[0].acts} >= {"answer", "hint"}
    _, wrong = read_submission(out.read_bytes().replace(b"a = x + y", b"a = y + x"))
    assert "seal is broken" in wrong
    assert "seal is broken" in " ".join(
        grader().grade(_written(tmp_path / "b.submission", out.read_bytes().replace(b"s7", b"s8"))).problems
    )
    for data in (b"", b"[]", b'{"submission": 9}', out.read_bytes()[:-20]):
        with pytest.raises(NoSubmission):
            read_submission(data)
    assert "ends in .submission" in said("submit", "node-way/a", "-o", str(tmp_path / "a.txt"), code=2)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_an_exercise_that_was_mended_is_graded_as_it_is_and_says_so(tmp_path: Path):
    folder = tmp_path / "pack" / "w"
    folder.mkdir(parents=True)
    file = folder / "a.toml"
    file.write_text('title = "A"\nfunction = "f(x, y) = x y"\nat = { x = 3, y = 5 }\nsteps = ["stage", "forward"]\n')
    sheet_file = tmp_path / "s.toml"
    said("sheet", "w/a", "--exercises", str(tmp_path / "pack"), "-o", str(sheet_file))
    text = sheet_file.read_text().replace("'''\n\n'''", "'''f = x y'''").replace('f = ""', 'f = "15"')
    sheet_file.write_text(text)
    assert "100 %" in said("grade", str(sheet_file), "--exercises", str(tmp_path / "pack"))
    file.write_text(file.read_text().replace("y = 5", "y = 7"))
    again = said("grade", str(sheet_file), "--exercises", str(tmp_path / "pack"))
    assert "w/a has changed since it was handed out (1 file)" in again
    assert "50 %" in again


def test_nothing_that_was_handed_in_is_written_over(handed: Path, tmp_path: Path):
    sheet_file = handed / "s0.toml"
    before = sheet_file.read_bytes()
    assert "was handed in" in " ".join(said("grade", str(sheet_file), "--csv", "-o", str(sheet_file), code=2).split())
    assert "was handed in" in " ".join(said("report", str(handed), "--csv", "-o", str(sheet_file), code=2).split())
    assert "exists already" in " ".join(said("sheet", "node-way/a", "-o", str(sheet_file), code=2).split())
    assert sheet_file.read_bytes() == before


def test_what_could_not_be_used_is_said(tmp_path: Path):
    answers = correct(grader().marker("node-way/a"))
    stage = next(place for place in answers if place[0] == "stage")
    path = tmp_path / "a.toml"
    path.write_text(sheet("node-way/a", {**answers, stage: "f = (x + y) z +"}))
    assert any("make no graph" in problem for problem in grader().grade(path).problems)
    whole = sheet("node-way/a", answers)
    path.write_text(whole[: whole.index('"∂f/∂x" = "') + 12])
    assert any("quotes of ∂f/∂x are not closed" in problem for problem in grader().grade(path).problems)


def test_a_login_without_its_second_quote_has_no_comment_in_it_and_a_file_that_broke_off_is_said(tmp_path: Path):
    path = tmp_path / "a.toml"
    whole = sheet("node-way/a", correct(grader().marker("node-way/a")))
    path.write_text(whole.replace('student = "s1"', 'student = "s1  # your number or login'))
    graded = grader().grade(path)
    assert graded.student == "s1"
    assert any("quotes of student are not closed: read as s1" in problem for problem in graded.problems)
    path.write_text(whole[: whole.index("[forward]")])
    assert any("the file ends without its last part, [code]" in problem for problem in grader().grade(path).problems)
    path.write_text(whole)
    assert not grader().grade(path).problems


def test_a_sheet_that_was_left_empty_is_just_that(tmp_path: Path):
    path = tmp_path / "a.toml"
    path.write_text(write_sheet(grader().parts("node-way/a")))
    graded = grader().grade(path)
    assert graded.marks is not None and graded.problems == ("It is empty: nothing is answered in it.",)
    assert {row.outcome for row in graded.marks.blanks()} == {MarkOutcome.MISSING}


def test_an_option_may_be_written_out(tmp_path: Path):
    answers = correct(grader().marker("exam/one"))
    place = ("q1.choice", "p - q")
    path = tmp_path / "a.toml"
    path.write_text(sheet("exam/one", {**answers, place: " 6 and  -6 "}))
    graded = grader().grade(path)
    assert graded.marks is not None
    assert next(graded.marks.blanks()).earned == 1


def test_the_ending_of_the_file_says_the_form(handed: Path, tmp_path: Path):
    said("grade", str(handed), "-o", str(tmp_path / "g.csv"), code=1)
    assert (tmp_path / "g.csv").read_text().startswith("student,name,file")
    said("grade", str(handed), "--columns", "moodle", "-o", str(tmp_path / "moodle"), code=1)
    assert (tmp_path / "moodle").read_text().startswith("ID number,")
    said("report", str(handed), "-o", str(tmp_path / "r.html"))
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")


def test_who_of_a_class_is_missing_and_who_is_not_in_it_is_said(tmp_path: Path):
    answers = tmp_path / "answers"
    answers.mkdir()
    for student in ("s1", "s3", "s9"):
        (answers / f"{student}.toml").write_text(sheet("node-way/a", {}, student))
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name\ns1,One\ns2,Two\ns3,Three\n")
    told = said("grade", str(answers), "--class", str(roster))
    assert "Nothing handed in: s2." in told and "Not in the class: s9." in told
    assert "roster.csv" in said("grade", str(answers), "--class", str(tmp_path / "no" / "roster.csv"), code=2)


def test_a_gradebook_has_one_column_for_everyones_numbers(tmp_path: Path):
    for student, seed in (("s1", 7), ("s2", 8)):
        id = f"node-way/a@{seed}"
        text = sheet(id, correct(grader().marker(id)), student)
        (tmp_path / f"{student}.toml").write_text(text)
    said("grade", str(tmp_path), "-o", str(tmp_path / "plain.csv"))
    rows = list(csv.DictReader((tmp_path / "plain.csv").open()))
    assert [row["about"] for row in rows] == ["node-way/a@7", "node-way/a@8"]
    assert all(float(row["node-way/a 1 f"]) == float(row["earned"]) > 0 for row in rows)
    (tmp_path / "plain.csv").unlink()
    said("grade", str(tmp_path), "--csv", "--columns", "moodle", "-o", str(tmp_path / "moodle.csv"))
    assert (tmp_path / "moodle.csv").read_text().splitlines()[0] == "ID number,Full name,node-way/a"

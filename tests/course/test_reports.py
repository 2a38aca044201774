"""Reports: what learners on different numbers have in common, who is not counted, and differences between groups."""

from __future__ import annotations

import random
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.course.making import correct, grader, sheet
from tutor.cli.commands import verbs
from tutor.course.comparison import differences, fisher, sides
from tutor.course.graded import Effort, Graded
from tutor.course.report_page import as_html
from tutor.course.report_texts import as_text
from tutor.course.reports import in_common, report_of
from tutor.marking import BlankMarks, ExerciseMarks, MarkOutcome, PaperMarks, QuestionMarks, StepMarks


def test_labels_and_sentences_hold_no_students_numbers(tmp_path: Path):
    for seed in (1, 2, 3):
        id = f"exam/one@{seed}"
        answers = correct(grader().marker(id))
        answers["q7.value", "h"] = "b"
        (tmp_path / f"s{seed}.toml").write_text(sheet(id, answers, f"s{seed}"))
    report = report_of("in", [grader().grade(path) for path in sorted(tmp_path.iterdir())])
    labels = [blank.label for blank in report.blanks]
    assert not any(sign.isdigit() for label in labels for sign in label.partition(": ")[2] or label)
    assert "dy/dx at x = …" in labels and "… @ …" in labels
    assert len({blank.place for blank in report.blanks}) == len({(b.question, b.label) for b in report.blanks})
    (slip,) = next(blank for blank in report.blanks if blank.label == "h").slips
    assert (slip.count, slip.said) == (3, "This is b itself. What happens to b?")


def test_what_wordings_have_in_common():
    assert in_common(["-3 is u·x: the sign", "7 is u·x: the sign"]) == "… is u·x: the sign"
    assert in_common(["(2, 3) + (3,)", "(4, 5, 9) + (9,)"]) == "… + …"
    assert in_common(["same"]) == in_common(["same", "same"]) == "same"
    assert in_common([]) == ""


def test_blanks_on_own_equations_count_by_what_they_are(tmp_path: Path):
    """Four learners, four pairs of names, one of them with the products the other way round."""
    for number, (a, b) in enumerate((("a", "b"), ("p", "q"), ("u", "v"), ("w", "c"))):
        text = sheet("node-way/b", correct(grader().marker("node-way/b")), f"s{number}")
        head, _, _ = text.partition("[stage]")
        staging = f"{a} = x^2\n{b} = {'y*2' if number else '2 y'}\nd = {a} + {b}\ng = z^3\nh = g d"
        values = f'{a} = "7"\n{b} = "0"' if number == 2 else ""
        (tmp_path / f"s{number}.toml").write_text(
            f"{head}[stage]\nequations = '''\n{staging}\n'''\n[forward]\n{values}\n"
        )
    report = report_of("in", [grader().grade(path) for path in sorted(tmp_path.iterdir())])
    asked = {blank.label: blank.asked for blank in report.blanks}
    assert set(asked.values()) == {4}
    assert {"2·y", "x²", "d", "g", "∂h/∂(2·y)", "∂h/∂d", "h"} <= set(asked), asked
    assert next(blank for blank in report.blanks if blank.label == "x²").missing == 3


def test_every_wrong_answer_is_in_a_report_and_columns_add_up(tmp_path: Path):
    """Eight learners: two with a slip that has a name, three with answers that have none, one empty, two right."""
    for number, value in enumerate(("-8", "-8", "5.5", "5.5", "99", "", "8", "8")):
        answers = correct(grader().marker("node-way/a"))
        answers["forward", "f"] = value
        (tmp_path / f"s{number}.toml").write_text(sheet("node-way/a", answers, f"s{number}"))
    report = report_of("in", [grader().grade(path) for path in sorted(tmp_path.iterdir())])
    blank = next(blank for blank in report.blanks if blank.key.endswith("value:f") or blank.label == "f")
    assert (blank.asked, blank.right, blank.carried, blank.missing, blank.wrong) == (8, 2, 0, 1, 5)
    assert [(slip.title, slip.count) for slip in blank.slips] == [("sign lost", 2)]
    assert (blank.others, blank.other_texts) == (3, ("5.5", "99"))
    for text in (as_text([report]), as_html([report])):
        assert "3 others, not named: 5.5, 99" in text and "sign lost" in text


def test_mistakes_met_on_the_way_count():
    effort = Effort(2, 0, 1.0, (("sign_lost", "-8 has the wrong sign."), ("other", "It is another.")))
    row = BlankMarks("value:f", "f", "8", "8", 1.0, 1.0, MarkOutcome.RIGHT)
    marks = PaperMarks((ExerciseMarks("w/a", "A", (QuestionMarks("f", (StepMarks("forward", "Forward", (row,)),)),)),))
    (blank,) = report_of("in", [Graded("a", "s1", marks=marks, efforts={"w/a value:f": effort})]).blanks
    assert [(slip.name, slip.count, slip.met) for slip in blank.slips] == [("other", 0, 1), ("sign_lost", 0, 1)]
    assert "0 × at the end, met by 1: sign lost" in as_text([report_of("in", [
        Graded("a", "s1", marks=marks, efforts={"w/a value:f": effort})])])  # fmt: skip


def test_a_report_names_who_is_not_in_it(tmp_path: Path):
    (tmp_path / "a.toml").write_text(sheet("shapes/add", correct(grader().marker("shapes/add")), "s1"))
    (tmp_path / "b.toml").write_text(sheet("shapes/add", {}, "s1"))
    (tmp_path / "c.toml").write_text("")
    (tmp_path / "d.docx").write_text("")
    for ending in ("txt", "html"):
        out = tmp_path.parent / f"r.{ending}"
        assert CliRunner().invoke(verbs, ["report", str(tmp_path), "-o", str(out)]).exit_code == 0
        text = out.read_text()
        assert "1 graded, 1 not; mean 100 %" in text and "c.toml: It cannot be graded: it is empty." in text
        assert "s1 (a.toml, b.toml)" in text and "Passed over" in text and "d.docx" in text


def test_a_drawing_keeps_its_lines_and_all_equations_are_shown(tmp_path: Path):
    (tmp_path / "a.toml").write_text(
        sheet("shapes/add", {("shape", "1"): "(2, 3)"})
        .replace("[shape]", '["shape"]')
        .replace('"1"', '"(2,) + (2, 1)"')
    )
    done = CliRunner().invoke(verbs, ["grade", str(tmp_path / "a.toml"), "--detail"]).output
    lines = [line.strip() for line in done.splitlines()]
    assert "x      (1)        2" in lines and "stretch  stretch" in lines
    (tmp_path / "b.toml").write_text(sheet("node-way/a", correct(grader().marker("node-way/a"))))
    assert (
        "equations a = x + y; f = a*z"
        in CliRunner().invoke(verbs, ["grade", str(tmp_path / "b.toml"), "--detail"]).output
    )


@given(st.integers(0, 9), st.integers(1, 9), st.integers(0, 9), st.integers(1, 9))
def test_the_exact_test_counts_all_ways(count: int, more: int, other: int, other_more: int):
    """Against counting: how many ways to deal out who did it make a table no likelier than this."""
    from itertools import combinations

    of, other_of = min(6, count + more), min(5, other + other_more)
    count, other = min(count, of), min(other, other_of)
    ways = [sum(who < of for who in did) for did in combinations(range(of + other_of), count + other)]
    frequency = {own: ways.count(own) for own in set(ways)}
    expected = sum(many for many in frequency.values() if many <= frequency[count]) / len(ways)
    assert abs(fisher(count, of, other, other_of) - expected) < 1e-12


def test_the_sides_that_are_compared():
    names = [f"{year}/{section}" for year in (2025, 2026) for section in "abc"]
    assert set(sides(names)) == {*names, "2025", "a", "b", "c"}  # 2026 is all others of 2025
    assert set(sides(["one", "two"])) == {"one"}


def _group(name: str, shares: dict[str, float], slips: dict[str, float], rng: random.Random):
    """Thirty learners who get a blank with this probability; where not, they make its slip with that."""
    grades = []
    for number in range(30):
        rows = []
        for blank, share in shares.items():
            got = rng.random() < share
            slip = "slip" if not got and rng.random() < slips.get(blank, 0) else ""
            rows.append(
                BlankMarks(blank, blank, "1", "1", float(got), 1.0, MarkOutcome.RIGHT if got else MarkOutcome.WRONG,
                           "Said.", slip)
            )  # fmt: skip
        marks = PaperMarks((ExerciseMarks("t/a", "A", (QuestionMarks("", (StepMarks("s", "S", tuple(rows)),)),)),))
        grades.append(Graded(f"{name}/{number}", f"{number}", ids=("t/a",), marks=marks))
    return report_of(name, grades)


def test_differences_that_were_put_in_are_found_and_few_others():
    """Three sections in two years: one section that makes a slip, one year that is weak at a blank."""
    blanks, found, false = dict.fromkeys("abcdefghij", 0.7), 0, 0
    for round in range(8):
        rng = random.Random(round)
        groups = []
        for year in ("2025", "2026"):
            for section in "abc":
                shares = {**blanks, "c": 0.3 if year == "2026" else 0.8, "f": 0.15 if section == "b" else 0.7}
                groups.append(_group(f"{year}/{section}", shares, {"f": 1.0}, rng))
        told = {(one.side, one.what) for one in differences(groups)}
        true = {("2025", "t/a c: right"), ("b", "t/a f: right"), ("b", "t/a f: Said.")}
        found += len(true & told)
        false += len(told - true - {("b", "more than the median of all"), ("2025", "more than the median of all")})
    assert found == 24
    assert false <= 1

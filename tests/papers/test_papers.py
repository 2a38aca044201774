"""What papers there are: files, with all that is wrong with them; drawn ones, the same everywhere; single exercises."""

from __future__ import annotations

import pytest

from tests.shipped import LIBRARY
from tutor.library import BrokenExercise
from tutor.papers.drawn import drawn, paper_called
from tutor.papers.paper import Paper, PaperProblem, exercises_of, minutes_of, read_paper, shelf_of
from tutor.paths import shipped_folder

SHELF = shelf_of([shipped_folder()], LIBRARY)


def test_the_papers_that_ship_hold():
    assert not SHELF.broken and len(SHELF.papers) >= 3
    for paper in SHELF.papers.values():
        assert 10 <= paper.minutes <= 60
        exercises = exercises_of(paper, LIBRARY)
        assert [one.id for one in exercises] == [
            part.id if part.seed is None else f"{part.id}@{part.seed}" for part in paper.parts
        ]


@pytest.mark.parametrize(
    ("topics", "minutes", "seed", "ids"),
    [
        (["shapes"], 20, 7, ["shapes/derivatives", "shapes/unbroadcast"]),
        (["layers"], 30, 7, ["layers/complex"]),
    ],
)
def test_the_same_seed_draws_the_same_paper_everywhere(topics, minutes, seed, ids):
    paper = drawn(LIBRARY, topics, minutes, seed)
    assert sorted(part.id for part in paper.parts) == sorted(ids)
    assert paper_called(paper.id, SHELF, LIBRARY) == paper
    takes = minutes_of(exercises_of(paper, LIBRARY), [part.marks for part in paper.parts])
    assert takes <= 1.3 * minutes


def test_other_seeds_draw_other_papers():
    papers = {drawn(LIBRARY, [], 30, seed).parts[:2] for seed in range(8)}
    assert len(papers) >= 6


def test_a_paper_on_fresh_numbers_is_the_same_paper():
    fresh = paper_called("exam/one@7", SHELF, LIBRARY)
    assert fresh.id == "exam/one@7" and [part.seed for part in fresh.parts] == [7]
    assert fresh.with_seed(8).title == "Paper one: the foundations (seed 8)" and fresh.with_seed(8).id == "exam/one@8"
    assert paper_called("node-way/a", SHELF, LIBRARY).parts[0].id == "node-way/a"
    assert Paper.from_json(fresh.as_json()) == fresh


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: drawn(LIBRARY, ["shaeps"], 30, 1), "Did you mean shapes?"),
        (lambda: drawn(LIBRARY, ["shapes"], 2, 1), "5 to 240 minutes, not 2"),
        (lambda: drawn(LIBRARY, [], 1e9, 1), "5 to 240 minutes"),
        (lambda: paper_called("exam/won", SHELF, LIBRARY), "Did you mean exam/"),
        (lambda: paper_called("nothing", SHELF, LIBRARY), "exam --list"),
    ],
)
def test_what_cannot_be_sat_is_said(ask, said):
    with pytest.raises(PaperProblem) as problem:
        ask()
    assert said in str(problem.value)


BROKEN = [
    ('title = "A"', "exercise", "there are none"),
    ('title = ""\n[[exercise]]\nid = "node-way/a"', "title", "one line"),
    ('title = "A"\n[[exercise]]\nid = "node-way/z"', "exercise[1].id", "no exercise node-way/z"),
    ('title = "A"\n[[exercise]]\nid = "node-way/a"\nseed = -1', "exercise[1].seed", "from 0"),
    ('title = "A"\n[[exercise]]\nid = "node-way/a"\nseed = 7\n[[exercise]]\nid = "node-way/a"\nseed = 7',
     "exercise[2].id", "twice"),
    ('title = "A"\nminutes = 0\n[[exercise]]\nid = "node-way/a"', "minutes", "from 1 to 600"),
    ('title = "A"\n[[exercise]]\nid = "node-way/a"\nmarks = "ten"', "exercise[1].marks", "number"),
    ('title = "A"\n[[exercise]]\nid = "node-way/a"\nmark = 3', "exercise[1].mark", "did you mean marks"),
    ('title = "A"\n[[exercise]]\nid = "autograd/plus"\nseed = 3', "exercise[1].seed", "no seeds"),
    ("title = ", "title", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "said"), BROKEN)
def test_all_that_is_wrong_with_a_papers_file_is_said_with_its_key(tmp_path, text, key, said):
    path = tmp_path / "quiz.paper.toml"
    path.write_text(text, encoding="utf-8")
    read = read_paper(path, LIBRARY)
    assert isinstance(read, BrokenExercise)
    assert key in [fault.key for fault in read.faults]
    assert said in " ".join(fault.reason for fault in read.faults)


def test_an_instructors_paper_has_marks_of_its_own(tmp_path):
    path = tmp_path / "midterm.paper.toml"
    path.write_text(
        'title = "Midterm"\n[[exercise]]\nid = "shapes/add"\nmarks = 20\n[[exercise]]\nid = "node-way/a"\nseed = 4\n',
        encoding="utf-8",
    )
    paper = read_paper(path, LIBRARY)
    assert isinstance(paper, Paper) and paper.id == "midterm"
    assert paper.parts[0].marks == 20 and paper.minutes > 20

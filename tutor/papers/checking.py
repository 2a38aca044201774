"""Do the files of papers hold? For `check`, beside the exercises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tutor.files import walked
from tutor.library import BrokenExercise, load
from tutor.library.discovery import PAPER_ENDING
from tutor.papers.paper import PaperProblem, exercises_of, pack_of, read_paper
from tutor.paths import shipped_folder
from tutor.session.validation import Finding, Report


def is_paper(path: Path) -> bool:
    """Whether a file is one of a paper, by its name."""
    return path.name.endswith(PAPER_ENDING) and not path.is_dir()


def check_papers(path: Path) -> Iterator[Report]:
    """A report for the file of a paper, or for all in a folder: what it names is there, and can be worked."""
    files = [path] if is_paper(path) else sorted(Path(one) for one in walked(str(path), PAPER_ENDING))
    if not files:
        return
    folder = path if path.is_dir() else pack_of(path)
    library = load(list(dict.fromkeys([shipped_folder(), *([folder] if folder is not None else [])])))
    for file in files:
        read = read_paper(file, library)
        if isinstance(read, BrokenExercise):
            problems = [Finding(fault.key, fault.reason, fault.line) for fault in read.faults]
            yield Report(file, problems, is_pack=True)
            continue
        try:
            exercises_of(read, library)
            yield Report(file, is_pack=True)
        except PaperProblem as problem:
            yield Report(file, [Finding("", str(problem))], is_pack=True)

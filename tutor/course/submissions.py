"""Submissions: what a learner did in an exercise or several, packed from their own journal into one file to hand in.

It holds what grading again needs, and nothing else of the learner: what was typed, when, hints, what was shown, and the
name they give. The seal is a checksum of all of it: a file that was damaged or changed by hand is told from a whole
one. It is no signature; who wants to forge one can.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from tutor.learner import Entry
from tutor.learner.records import ACTIONS

FORMAT = 1
SUFFIX = ".submission"


class Act(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was done: a line of the journal."""

    at: float
    action: str = "answer"
    step: str = ""
    blank: str = ""
    text: str = ""
    verdict: str = ""


class Worked(msgspec.Struct, frozen=True):
    """An exercise, with all that was done in it since it was last begun again."""

    exercise: str
    asked: str
    """The digest of what was asked."""

    acts: tuple[Act, ...]


class Submission(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is handed in."""

    submission: int
    student: str
    name: str
    work: tuple[Worked, ...]
    paper: str = ""
    seal: str = ""


class NoSubmission(Exception):
    """The text is no submission, or a damaged one: why, as a clause."""


def packed(work: Sequence[Worked], student: str = "", name: str = "", paper: str = "") -> bytes:
    """The file to hand in: JSON, the same for the same work."""
    whole = Submission(FORMAT, student, name, tuple(work), paper)
    sealed = msgspec.structs.replace(whole, seal=_seal(whole))
    return msgspec.json.format(msgspec.json.encode(sealed), indent=1) + b"\n"


def worked(exercise: str, asked: str, journal: Sequence[Entry]) -> Worked:
    """An exercise's part, from its journal."""
    return Worked(
        exercise,
        asked,
        tuple(Act(round(one.at, 3), one.action, one.step, one.blank, one.text, one.verdict) for one in journal),
    )


def read_submission(data: bytes) -> tuple[Submission, str]:
    """What was handed in, and a sentence on it where its seal does not hold; "" where it does. Raises NoSubmission."""
    try:
        found = msgspec.json.decode(data, type=Submission)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoSubmission(f"it is not a submission, or it is damaged: {error}") from None
    if found.submission > FORMAT:
        raise NoSubmission(f"it is of format {found.submission}, and this version reads up to {FORMAT}")
    whole = msgspec.structs.replace(found, seal="")
    return found, "" if found.seal == _seal(whole) else "its seal is broken: it was changed after it was packed"


def journal_of(work: Worked) -> list[Entry]:
    """The journal that was packed. Actions that this version does not know are left out."""
    return [
        Entry(one.step, one.blank, one.action, one.text, one.verdict, one.at)  # type: ignore[arg-type]
        for one in work.acts
        if one.action in ACTIONS
    ]


def _seal(whole: Submission) -> str:
    return sha256(msgspec.json.encode(whole, order="sorted")).hexdigest()

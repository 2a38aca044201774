"""Text with colour. Every colour has a sign beside it; nothing from a learner or a file is read as markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.content import Content

from tutor.engine.values import Shape, show_shape
from tutor.judging import Kind, Verdict
from tutor.questions.typed_reading import TypedReading
from tutor.text import harmless

SIGNS: dict[Kind, tuple[str, str]] = {
    Kind.RIGHT: ("✓", "$right"),
    Kind.REMARK: ("✓", "$right"),
    Kind.WRONG: ("✗", "$wrong"),
    Kind.UNREADABLE: ("?", "$text-muted"),
    Kind.UNDECIDED: ("…", "$text-muted"),
}
"""For each kind of verdict a sign and a colour."""

CLASH = "≠"
"""Before shapes that cannot go together: no verdict, as nothing is handed in yet."""

Tone = Literal["plain", "right", "wrong", "open", "hint"]
"""What a paragraph is, as its bar at the left says."""

_TONES: dict[Kind, Tone] = {
    Kind.RIGHT: "right",
    Kind.REMARK: "right",
    Kind.WRONG: "wrong",
    Kind.UNREADABLE: "open",
    Kind.UNDECIDED: "open",
}


@dataclass(frozen=True)
class StyledParagraph:
    """Something that is said, and what it is."""

    text: Content
    tone: Tone = "plain"
    reading: str = ""
    """How the answer that it is about was read, said in a line of its own below it."""

    about: str = ""
    """The key of the blank whose answer it is about; "" where it is about none."""

    @property
    def whole(self) -> Content:
        """The text, and how the answer was read."""
        return Content("\n").join([self.text, read_as(self.reading)]) if self.reading else self.text


def read_as(reading: str) -> Content:
    """How an answer is read."""
    return Content.assemble(("Read as ", "$text-muted"), harmless(reading))


def echo(reading: TypedReading, needed: Shape) -> Content:
    """The shape of what is typed beside the one that is needed, and how it is read; a sign where they clash."""
    said = []
    if reading.clashes:
        shape = f"shape {show_shape(reading.shape)}" if reading.shape else "a number"
        what = reading.misfit or f"{shape}, needs {show_shape(needed)}"
        said.append(Content.styled(f"{CLASH} {harmless(what)}", "$wrong"))
    else:
        what = "needs" if reading.shape is None else "shape"
        said.append(Content.styled(f"{what} {show_shape(needed)}", "$text-muted"))
    if reading.text:
        said += [Content("   "), read_as(reading.text)]
    return Content("").join(said)


def verdict(said: Verdict, label: str = "", about: str = "", more: str = "") -> StyledParagraph:
    """A verdict on the answer to the blank `about`: sign, word, reason, and the caret where there is one.

    `more` is where there is more to be said of it: it stands behind the first line.
    """
    sign, colour = SIGNS[said.kind]
    parts: list[Content | str | tuple[str, str]] = [(f"{sign} {said.kind.said}", f"bold {colour}")]
    if label:
        parts.append((f" {harmless(label)}", "$text-muted"))
    if said.message:
        first, line_end, others = harmless(said.message).partition("\n")
        parts += [f" {first}", (f" {more}" if more else "", "$text-muted"), f"{line_end}{others}"]
    if said.caret:
        text, _, carets = harmless(said.caret).partition("\n")
        parts += [f"\n  {text}\n  ", (carets, colour)]
    return StyledParagraph(Content.assemble(*parts), _TONES[said.kind], said.echo, about)


def line_done(text: str, echo: str, is_part: bool, note: str) -> StyledParagraph:
    """A staged equation is one operation; `is_part` says whether its value is a part of the function as written.

    `note` is what to know for the next one.
    """
    read = f" Read as {harmless(echo)}." if echo else ""
    if is_part:
        done = (f"✓ {harmless(text)}: one operation.{read}", "$right")
        return StyledParagraph(Content.assemble(done, (f" Next line. {note}".rstrip(), "$text-muted")), "right")
    said = f": one operation, but no part of the function as it is written.{read}"
    return StyledParagraph(Content.assemble(("· ", "bold"), harmless(text), said), "open")


def hint(rung: int, text: str) -> StyledParagraph:
    """A hint, with the rung it is."""
    return StyledParagraph(Content.assemble((f"◆ Hint {rung + 1} ", "bold $hint"), harmless(text)), "hint")


def tried(text: str, said: str) -> StyledParagraph:
    """An earlier answer, and the heart of what was said to it."""
    answer = " ".join(harmless(text).split())
    return StyledParagraph(
        Content.assemble(("tried  ", "$text-muted"), (answer, "bold"), (f"   {harmless(said)}", "$text-muted"))
    )


def plain(text: str) -> StyledParagraph:
    """Text as it is."""
    return StyledParagraph(Content(harmless(text)))


def muted(text: str) -> StyledParagraph:
    """Text of less importance."""
    return StyledParagraph(Content.styled(harmless(text), "$text-muted"))


def strong(text: str) -> StyledParagraph:
    """Text that stands out."""
    return StyledParagraph(Content.styled(harmless(text), "bold"))

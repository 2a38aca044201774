"""Text with colour. Every colour has a sign beside it; nothing from a learner or a file is read as markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.content import Content

from tutor.judging import Kind, Verdict
from tutor.text import harmless

SIGNS: dict[Kind, tuple[str, str]] = {
    Kind.RIGHT: ("✓", "$right"),
    Kind.REMARK: ("✓", "$right"),
    Kind.WRONG: ("✗", "$wrong"),
    Kind.UNREADABLE: ("?", "$text-muted"),
    Kind.UNDECIDED: ("…", "$text-muted"),
}
"""For each kind of verdict a sign and a colour."""

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


def verdict(said: Verdict, label: str = "") -> StyledParagraph:
    """A verdict: sign, word, reason, and the caret where there is one."""
    sign, colour = SIGNS[said.kind]
    parts: list[Content | str | tuple[str, str]] = [(f"{sign} {said.kind.said}", f"bold {colour}")]
    if label:
        parts.append((f" {harmless(label)}", "$text-muted"))
    if said.message:
        parts.append(f" {harmless(said.message)}")
    if said.caret:
        text, _, carets = harmless(said.caret).partition("\n")
        parts += [f"\n  {text}\n  ", (carets, colour)]
    if said.echo:
        parts += [("\nRead as ", "$text-muted"), harmless(said.echo)]
    return StyledParagraph(Content.assemble(*parts), _TONES[said.kind])


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

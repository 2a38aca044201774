"""Text with colour. Every colour has a sign beside it; nothing from a learner or a file is read as markup."""

from __future__ import annotations

from textual.content import Content

from tutor.judging import Kind, Verdict
from tutor.text import harmless

SIGNS: dict[Kind, tuple[str, str]] = {
    Kind.RIGHT: ("✓", "$text-success"),
    Kind.REMARK: ("✓", "$text-success"),
    Kind.WRONG: ("✗", "$text-error"),
    Kind.UNREADABLE: ("?", "$text-warning"),
    Kind.UNDECIDED: ("…", "$text-warning"),
}
"""For each kind of verdict a sign and a colour."""


def verdict(said: Verdict, label: str = "") -> Content:
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
    return Content.assemble(*parts)


def hint(rung: int, text: str) -> Content:
    """A hint, with the rung it is."""
    return Content.assemble((f"Hint {rung + 1} ", "bold $text-accent"), harmless(text))


def muted(text: str) -> Content:
    """Text of less importance."""
    return Content.styled(harmless(text), "$text-muted")


def strong(text: str) -> Content:
    """Text that stands out."""
    return Content.styled(harmless(text), "bold")


def joined(*lines: Content) -> Content:
    """Paragraphs under each other."""
    return Content("\n").join(line for line in lines if line)

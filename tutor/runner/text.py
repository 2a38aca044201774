"""Text from the learner's process, made safe to show."""

from __future__ import annotations

import unicodedata

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def harmless(text: str) -> str:
    """The text with control characters shown instead of obeyed; line ends and tabs stay.

    Direction overrides, invisible characters and lone surrogates are shown too.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in UNSAFE:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def shown_output(data: bytes, more: bool, limit: int) -> tuple[str, bool]:
    """What was printed, up to `limit` characters, and whether it was cut; a last line says so then.

    Args:
        data: the bytes kept.
        more: whether there were others.
        limit: how many characters to show.
    """
    text = data.decode("utf-8", "replace")
    cut = more or len(text) > limit
    text = harmless(text[:limit])
    if cut:
        text = text.rstrip("\n") + f"\n... cut here, after {limit:,} characters\n"
    return text, cut

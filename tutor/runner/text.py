"""Text from the learner's process, made safe to show."""

from __future__ import annotations

import re
import unicodedata

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}

_EMOJI = "[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_SCRIPTS = (
    "\u0600-\u0604\u0606-\u061b\u061d-\u06dc\u06de-\u070e\u0710-\u085f\u08a0-\u08e1\u08e3-\u0dff"
    "\u1000-\u109f\u1780-\u17b3\u17b6-\u180d\u1810-\u18af\u1b00-\u1bff\ufb50-\ufdff\ufe70-\ufefc"
)
"""Arabic, Syriac, N'Ko, the scripts of India, Burmese, Khmer, Mongolian and some of their neighbours."""

_JOINED = re.compile(
    f"(?<={_EMOJI})\u200d(?={_EMOJI})"
    f"|(?<={_EMOJI}[\ufe0f\U0001f3fb-\U0001f3ff])\u200d(?={_EMOJI})"
    f"|(?<=[{_SCRIPTS}])[\u200c\u200d]"
    "|(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
)
"""Invisible characters that writing needs: between emoji, after a letter of these scripts, in a region's flag."""


def harmless(text: str) -> str:
    """The text with control characters shown instead of obeyed; line ends and tabs stay.

    Direction overrides, invisible characters and lone surrogates are shown too; joiners stay where they join.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    joined = {at for found in _JOINED.finditer(text) for at in range(*found.span())}
    return "".join(each if at in joined else _shown(each) for at, each in enumerate(text))


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

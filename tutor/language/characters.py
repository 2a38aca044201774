"""From characters as typed or pasted to the plain characters the scanner knows, with the way back.

Only what is listed here is changed. Everything else that is not plain is refused with a description, so that
two texts that look alike never mean different things.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.language.errors import TextEdit, Trouble
from tutor.language.tree import Span

RAISE, LOWER = "\ue000", "\ue001"
"""What stands before and after a superscript in clean text: private characters that nobody can type."""
TRANSPOSED = "\ue002"
"""A superscript T in clean text."""
FROM, SUBSCRIPT_COMMA, SUBSCRIPT_PLUS, SUBSCRIPT_MINUS = "\ue003", "\ue004", "\ue005", "\ue006"
"""What stands for the = of a sum's `i=1`, and for the signs of `A_{1,2}`, `x_{i+1}` and `x_{i-1}`, in clean text."""

_SPACES = dict.fromkeys(
    (
        "\t",
        "\u00a0",
        *map(chr, range(0x2000, 0x200B)),
        "\u202f",
        "\u205f",
        *map(chr, range(0x2061, 0x2065)),
        "\u3000",
    ),
    " ",
)
_MINUSES = dict.fromkeys("−–—‐‑‒―⁒﹣➖", "-")
_TIMES = {
    **dict.fromkeys("∗⁎", "*"),
    **dict.fromkeys("×✕✖⨯", "×"),
    **dict.fromkeys("·⋅∙•‧・", "·"),
    **dict.fromkeys("⊙∘", "⊙"),
    "⊗": "⊗",
}
"""Signs of products: they mean the same between numbers, but not between arrays."""
_DIVIDE = dict.fromkeys("÷⁄∕", "/")
_LETTERS = {"µ": "μ", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ", "ϱ": "ρ", "ϰ": "κ"}
_QUOTES = {"′": "'", "´": "'", "’": "'", "‘": "'", "″": "''", "“": '"', "”": '"'}
_OTHERS = {
    "‖": "||",
    "∥": "||",
    **dict.fromkeys("∣❘", "|"),
    "⊤": TRANSPOSED,
    "ᵀ": TRANSPOSED,
    "∑": "Σ",
    "∏": "Π",
    "₌": FROM,
    "➕": "+",
    "≔": ":=",
    "←": "<-",
    "∧": "&",
}
_ANGLES = {"〈": "⟨", "〉": "⟩", "⟨": "⟨", "⟩": "⟩"}
_COMPARISONS = {**dict.fromkeys("≤⩽≦", "<="), **dict.fromkeys("≥⩾≧", ">="), "≠": "!="}
_NOTHING = dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", "")
PLAIN = {
    **_SPACES, **_MINUSES, **_TIMES, **_DIVIDE, **_LETTERS, **_QUOTES, **_OTHERS, **_ANGLES, **_COMPARISONS, **_NOTHING,
}  # fmt: skip

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣʸᶻᵃᵇᶜᵈᵉᵏᵐᵗ", "0123456789+-()nixyzabcdekmt", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True))

_OTHER_WIDTHS = (range(0xFF01, 0xFF5F), range(0xFE62, 0xFE67))
"""Full-width characters, and small forms of + - * < >."""
_MATHEMATICAL = (range(0x2100, 0x2150), range(0x1D400, 0x1D800))
_SPECIAL_LETTERS = "∇∂"

_DECIMAL_AT_THE_END = re.compile(r"[.][0-9]+$")
_WHOLE_NUMBER_AT_THE_END = re.compile(r"(?<![0-9.])[0-9]+ *$")

_CYRILLIC = dict(zip("аеорсухіјѕАВЕКМНОРСТХІЈЅ", "aeopcyxijsABEKMHOPCTXIJS", strict=True))
_NAMED_CONTROLS = {"\x00": "A NUL character", "\x1b": "An escape character", "\x7f": "A delete character"}
LEAVE_OUT_DOTS = "Leave out the dots at the end: a number counts to the digits it has."
LARGEST_ENTRY = "The norm of the largest entry is written max(abs(x))."
OVER_ENTRIES = "The mean of all entries is written mean(x), their variance var(x); along an axis, mean(x, axis=0)."
_SENTENCES = {
    "∞": "There is no infinity here.",
    "∫": "Integrals are not supported.",
    "∛": "Write a cube root as a power: x^(1/3).",
    "∜": "Write a fourth root as a power: x^(1/4).",
    "°": "Angles are in radians. Leave out the °, and multiply by π/180 what is in degrees.",
    "…": "Write the formula out in full, without dots.",
    **dict.fromkeys("⌊⌋⌈⌉", "Nothing is rounded down or up here. Write what is inside the brackets."),
    **{sign: f"Give one side of the {sign} instead. Two values are compared with ==, >, >=, < or <=." for sign in "≈≡"},
    **dict.fromkeys("→⇒↦", "Arrows are not supported: give what the arrow leads to, or an equation with a single =."),
    "\u00ad": "A soft hyphen is invisible. Write - if it is a minus, and delete it otherwise.",
    "±": "Give one of the two values of ±, with its own sign.",
    "∓": "Give one of the two values of ∓, with its own sign.",
}

_ABOUT = frozenset("≈≃≅∼≐")
"""Signs of a number that is rounded; `~` too, which is plain."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text, its clean form, and for every clean character where it was typed."""

    text: str
    clean: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The part of the original text behind clean characters `start` up to `end`."""
        if start >= len(self.clean):
            return Span(len(self.text), len(self.text))
        last = max(start, min(end, len(self.clean)) - 1)
        return Span(self.starts[start], max(self.starts[start], self.ends[last]))


class Cleaned:
    """Collects clean characters and where each came from."""

    def __init__(self) -> None:
        self.clean: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, characters: str, start: int, end: int) -> None:
        """Clean characters that stand for the typed ones from `start` up to `end`."""
        for character in characters:
            self.clean.append(character)
            self.starts.append(start)
            self.ends.append(end)

    def drop_last(self) -> None:
        """Take back the last character."""
        for collected in (self.clean, self.starts, self.ends):
            collected.pop()

    def composed(self, accent: str) -> str:
        """The last character with this accent on it."""
        return unicodedata.normalize("NFC", self.clean[-1] + accent)

    def source(self, text: str) -> Source:
        """What was collected, as the clean form of `text`."""
        return Source(text, "".join(self.clean), self.starts, self.ends)


@lru_cache(maxsize=64)
def letters_of(names: frozenset[str]) -> frozenset[str]:
    """The letters and accents beyond plain Latin and Greek that these names are made of (ŷ, or x̂ with its accent)."""
    every = frozenset(letter for name in names if not name.isascii() for letter in name)
    return frozenset(letter for letter in every if letter.isalpha() or unicodedata.combining(letter))


def cleaned(text: str, letters: frozenset[str] = frozenset()) -> Source:
    """The text in plain characters. `letters` are further letters that declared names are made of.

    Raises Trouble for a character that has no place in a formula.
    """
    if text.isascii() and text.isprintable():
        return Source(text, text, range(len(text)), range(1, len(text) + 1))
    built = Cleaned()
    script = ""
    for offset, character in enumerate(text):
        now = _script_of(character)
        if script == "super" and now != "super":
            built.add(LOWER, offset - 1, offset)
        if script == "sub" and not now and character.isalpha():
            built.add(" ", offset, offset)  # xᵢy is x_i beside y
        if now and now != script and character != "₌":
            built.add(RAISE if now == "super" else "_", offset, offset + 1)
        script = now
        if built.clean and unicodedata.combining(character) and built.composed(character) in letters:
            whole, start = built.composed(character), built.starts[-1]
            built.drop_last()
            built.add(whole, start, offset + 1)
        elif character == "…" and not text[offset + 1 :].strip() and _DECIMAL_AT_THE_END.search(text[:offset][-20:]):
            span = Span(offset, offset + 1)
            raise Trouble(LEAVE_OUT_DOTS, span, edits=(TextEdit(span, ""),), certain=True)
        elif character in _ABOUT and not text[:offset].strip():
            raise leave_out_about(character, offset)
        elif character == "∞" and built.clean[-1:] == ["_"]:
            raise Trouble(LARGEST_ENTRY, Span(offset, offset + 1))
        else:
            plain = _plain(character, offset, letters)
            if len(plain) > 2 and plain[0] == "(":
                _refuse_mixed_number(text, offset, plain[1:-1])
            built.add(plain, offset, offset + 1)
    if script == "super":
        built.add(LOWER, len(text) - 1, len(text))
    return built.source(text)


def leave_out_about(sign: str, offset: int) -> Trouble:
    """What to say to `≈ 0.1`."""
    span = Span(offset, offset + 1)
    message = f"Leave out the {sign}: a number counts to the digits it has."
    return Trouble(message, span, edits=(TextEdit(span, ""),), certain=True)


def _refuse_mixed_number(text: str, offset: int, fraction: str) -> None:
    """Refuse `1½`, which is a sum on paper and would be a product here."""
    whole = _WHOLE_NUMBER_AT_THE_END.search(text[max(0, offset - 20) : offset])
    if whole:
        number = whole[0].strip()
        around = Span(offset - len(whole[0]), offset + 1)
        edits = (TextEdit(around, f"({number} + {fraction})"),)
        message = f"Write {number}{text[offset]} as a sum: {number} + {fraction}."
        raise Trouble(message, around, edits=edits, certain=whole[0][-1] != " ")


def _script_of(character: str) -> str:
    if character in SUPERSCRIPTS:
        return "super"
    return "sub" if character in SUBSCRIPTS or character == "₌" else ""


def _plain(character: str, offset: int, letters: frozenset[str]) -> str:
    """The plain characters for one that was typed."""
    for table in (SUPERSCRIPTS, SUBSCRIPTS, PLAIN):
        if character in table:
            return table[character]
    if character in "\r\n":
        return "\n"
    if " " <= character <= "~" or is_letter(character) or character in letters or character in "∇∂√":
        return character
    code = ord(character)
    folded = unicodedata.normalize("NFKC", character)
    if any(code in block for block in _OTHER_WIDTHS):
        return folded
    if any(code in block for block in _MATHEMATICAL):
        folded = PLAIN.get(folded, folded)
        if len(folded) == 1 and (is_letter(folded) or folded in "∇∂0123456789"):
            return folded
    if "⁄" in folded and unicodedata.category(character) == "No":
        return f"({folded.replace('⁄', '/')})"
    raise _no_place(character, offset)


def is_letter(character: str) -> bool:
    """Whether names may hold this letter: Latin or Greek, without accents."""
    return (character.isascii() and character.isalpha()) or "α" <= character <= "ω" or "Α" <= character <= "Ω"


def _no_place(character: str, offset: int) -> Trouble:
    span = Span(offset, offset + 1)
    if character in _SENTENCES:
        return Trouble(_SENTENCES[character], span)
    if character in _CYRILLIC:
        latin = _CYRILLIC[character]
        message = f"The letter {character} is Cyrillic (U+{ord(character):04X}). Type the Latin {latin}."
        return Trouble(message, span, edits=(TextEdit(span, latin),))
    digit = unicodedata.digit(character, None)
    if digit is not None:
        edit = TextEdit(span, str(digit))
        return Trouble(f"{described(character)} is not read as a digit. Type {digit}.", span, edits=(edit,))
    return Trouble(f"{described(character)} has no place in a formula.", span)


def described(character: str) -> str:
    """A character in words, with its code point: safe to show whatever it is."""
    code = f"U+{ord(character):04X}"
    kind = unicodedata.category(character)
    if kind == "Cc":
        return f"{_NAMED_CONTROLS.get(character, 'A control character')} ({code})"
    name = unicodedata.name(character, "").lower()
    where = f"{code}, {name}" if name else code
    if kind[0] in "CZ":
        return f"An invisible character ({where})"
    if kind[0] == "M":
        return f"An accent ({where})"
    if unicodedata.bidirectional(character) in ("R", "AL", "AN"):
        return f"A character ({where})"
    return f"The character {character} ({where})"


LETTERS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "omicron": "ο",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Xi": "Ξ",
    "Pi": "Π",
    "Sigma": "Σ",
    "Upsilon": "Υ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
}
_NAMES = str.maketrans({letter: name for name, letter in LETTERS.items()})

LOOKALIKES = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοχνκυ", "ABEZHIKMNOPTYXoxvku", strict=True))
"""Greek letters that look like Latin ones."""


def spelled(word: str) -> str:
    """The word with Greek letters written out."""
    return word if word.isascii() else word.translate(_NAMES)


IN_DOLLARS = re.compile(r" *(\$\$?)[^$]*\1 *")
"""A whole text in the signs that LaTeX puts around mathematics."""


def looks_like_latex(clean: str) -> bool:
    """Whether the text holds a command, a braced power or subscript such as `x^{2}`, or stands in $ signs."""
    return "\\" in clean or "^{" in clean or "_{" in clean or IN_DOLLARS.fullmatch(clean) is not None

"""Text in LaTeX: what its own signs are written as, and the letters and signs beyond ASCII that a formula may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma",
    "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega",
}  # fmt: skip
_NAMED = {
    "∂": "partial", "∇": "nabla", "×": "times", "·": "cdot", "⋅": "cdot", "÷": "div", "±": "pm", "≤": "le", "≥": "ge",
    "≠": "ne", "≈": "approx", "≡": "equiv", "∝": "propto", "∞": "infty", "∑": "sum", "∏": "prod", "∫": "int",
    "√": "surd", "‖": "Vert", "⊙": "odot", "∘": "circ", "⊗": "otimes", "⟨": "langle", "⟩": "rangle", "→": "to",
    "←": "leftarrow", "↔": "leftrightarrow", "⇒": "Rightarrow", "↦": "mapsto", "∈": "in", "∉": "notin", "∀": "forall",
    "∃": "exists", "∧": "wedge", "∨": "vee", "¬": "neg", "…": "ldots", "⋯": "cdots", "′": "prime", "ℓ": "ell",
    "⌊": "lfloor", "⌋": "rfloor", "⌈": "lceil", "⌉": "rceil", "∅": "emptyset", "⊤": "top", "●": "bullet", "•": "bullet",
    "↑": "uparrow", "↓": "downarrow", "↕": "updownarrow", "▶": "triangleright", "○": "circ", "□": "Box",
}  # fmt: skip

LATEX_SIGNS: Mapping[str, str] = {
    **{letter: f"\\{name} " for letter, name in {**_GREEK, **_NAMED}.items() if letter not in "□′"},
    "−": "-", "–": "-", "𝟙": r"\mathbf{1}", "ℝ": r"\mathbf{R}", "∎": r"\rule{1ex}{1ex}", "□": r"\rule{1ex}{1ex}",
    "′": "{}'", "⊥": r"\perp ", "░": r"\cdot ", "✓": r"\surd ",
}  # fmt: skip
"""A letter or sign -> what it is in a formula."""

_OWN: Mapping[str, str] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "'": r"{'}", "-": "{-}",
    "‘": "`", "’": "'", "“": "``", "”": "''", "—": "---", "–": "--", "\u00a0": "~", "€": "EUR",
}  # fmt: skip
_IN_MATHS: Mapping[str, str] = {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim ", "'": "'", "-": "{-}"}
_SMALL = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ₀₁₂₃₄₅₆₇₈₉", "0123456789-T0123456789", strict=True))


def latex_text(text: str, math: bool = False) -> str:
    """A text that LaTeX sets as it is; within a formula where `math`."""
    return "".join(_character(character, math) for character in text)


def _character(character: str, math: bool) -> str:
    own = _IN_MATHS.get(character) if math else None
    if own or (own := _OWN.get(character)):
        return own
    if character.isascii():
        return character
    if character in _SMALL:
        side = "^" if ord(character) < 0x2080 else "_"
        return _ensured(f"{{}}{side}{{{_SMALL[character]}}}")
    if character in LATEX_SIGNS:
        return _ensured(LATEX_SIGNS[character])
    if "À" <= character <= "ſ" and character.isalpha():
        return character  # known to every LaTeX
    plain = unicodedata.normalize("NFKD", character)
    if plain != character and plain.isascii():
        return "".join(_character(each, math) for each in plain)
    return f"[U+{ord(character):04X}]"


def _ensured(maths: str) -> str:
    return f"\\ensuremath{{{maths}}}"

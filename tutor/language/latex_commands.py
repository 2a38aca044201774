"""The LaTeX commands that are read, and what they stand for."""

from __future__ import annotations

from tutor.language.characters import TRANSPOSED
from tutor.language.greek import LETTERS

FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
FONTS = frozenset(("mathrm", "mathbf", "mathit", "mathsf", "text", "textbf", "boldsymbol", "bm", "operatorname"))
MATRICES = frozenset(("bmatrix", "pmatrix", "matrix"))
COMPARISONS = frozenset(("le", "leq", "ge", "geq", "ne", "neq", "lt", "gt", "approx", "equiv", "sim"))
SPACES = (",", ";", ":", "!", "quad", "qquad", "displaystyle", "(", ")", "[", "]", "left", "right")
SIGNS = {
    **dict.fromkeys(("cdot", "times", "ast", "odot", "circ"), "*"),
    **dict.fromkeys(("lVert", "rVert", "Vert", "|"), "||"),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("top", "intercal"), TRANSPOSED),
    **dict.fromkeys(SPACES, " "),
    **LETTERS,
    "div": "/",
    "prime": "'",
    "{": "(",
    "}": ")",
    "nabla": "∇",
    "partial": "∂",
    "varepsilon": "ε",
    "varphi": "φ",
    "vartheta": "θ",
    "varrho": "ρ",
}

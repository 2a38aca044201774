r"""The LaTeX people paste or type by habit, turned into plain characters before the scanner sees it.

Only the common commands are read. Every plain character remembers the characters it came from, so that an
error in `\frac{xy}{2}` still points at the `xy`.
"""

from __future__ import annotations

import re
import unicodedata

from tutor.language.characters import (
    FROM,
    IN_DOLLARS,
    LARGEST_ENTRY,
    LETTERS,
    SUBSCRIPT_COMMA,
    SUBSCRIPT_MINUS,
    SUBSCRIPT_PLUS,
    TRANSPOSED,
    Cleaned,
    Source,
)
from tutor.language.errors import TextEdit, Trouble
from tutor.language.tree import Span
from tutor.language.vocabulary import Vocabulary, nothing_like, of_elsewhere, split_word

_COMMAND = re.compile(r"\\([A-Za-z]+|.|$)", re.DOTALL)
_TRANSPOSE = re.compile(r"\{ *(T|\\top|\\intercal|\\(?:mathsf|mathrm|text|mathbf|mathit) *(?:\{ *T *\}|T)) *\}")
_ACCENTED = re.compile(r" *(?:\{ *(\\?)([A-Za-z]+) *\}|(\\?)([A-Za-z]))")
_SUBSCRIPT = re.compile(r"\{ *(?:\\(?:text|mathrm)\{ *([A-Za-z0-9]+) *\}|([A-Za-z0-9]+)) *\}")
_INDEX = r"(?:[a-z] *[+-] *[0-9]{1,3}|[A-Za-z0-9]+)"
_INDICES = re.compile(rf"\{{ *({_INDEX}(?: *, *{_INDEX})*) *\}}")
_IN_SUBSCRIPTS = str.maketrans({",": SUBSCRIPT_COMMA, "+": SUBSCRIPT_PLUS, "-": SUBSCRIPT_MINUS, " ": None})
_FIRST = re.compile(r"\{ *([a-z]) *= *([0-9]+) *\}")
_ROOT = re.compile(r" *\[ *([0-9]{1,3}) *\]")
_ENVIRONMENT = re.compile(r"\{ *([A-Za-z]+)\*? *\}(?: *\[[a-z]\])?")
_COLUMNS = re.compile(r" *\{[ lcr|]*\}")
_CLOSING_BRACKET = re.compile(r" *(?:\\right)? *(?:\]|\))")
_IF = re.compile(r" *(?:\\(?:text|mathrm) *\{ *(?:if|for|when|where) *\}|(?:if|for|when)\b)")
_LAST_CONDITION = re.compile(r"(&(?:(?!\\\\|&).)*?)\\end *\{ *cases *\}", re.DOTALL)
_END_OF_PIECE = re.compile(r"([,.;]) *(?:&|\\\\|\\end *\{)")
_SINGLE = re.compile(r" *[A-Za-z0-9]")
_LETTERS_RUN = re.compile(r"([A-Za-z]+)(?:_(?:\{ *([A-Za-z0-9]+) *\}|([A-Za-z0-9])))?(?![A-Za-z0-9_'])")
_PLAIN_WORD = re.compile(r"(?:[A-Za-z](?:_[A-Za-z0-9])?)+(?![\w'{])")
_MARK = re.compile(r"\{ *[(\[] *([a-z0-9]) *[)\]] *\}")
_MARKED = re.compile(r"([^\W\d]\w*)\^$")
_INDICATOR = re.compile(r"(?<![\w.])[1I]$")
_COMPARED = re.compile(r"[<>=]|\\(?:le|ge|lt|gt|ne|leq|geq|neq|leqslant|geqslant)\b")
_WORD_BEHIND = re.compile(r"([^\W\d]\w*'*|[)\]])$")
_OF_A_SUM = re.compile(r"\\(?:sum|prod)(?:\\limits)? *_ *$")
_LIST_SIGNS = (",", ";", "&", "\\\\")
_INDICATORS = ("1", "I")
_BETWEEN = ")/("


_ACCENTED_NAME = re.compile(r"\\([a-z]+)" + _ACCENTED.pattern)


def accented_name(text: str) -> str:
    r"""The letter with its accent that the whole text is, `\hat{y}` or `x̄`, as one name; "" for others."""
    match = _ACCENTED_NAME.fullmatch(text.strip())
    if match is not None and match[1] in ACCENTS:
        letter = match[3] or match[5]
        letter = LETTERS.get(letter, letter) if match[2] or match[4] else letter
        return unicodedata.normalize("NFC", letter + ACCENTS[match[1]])
    apart = unicodedata.normalize("NFD", text.strip())
    is_accented = apart[:1].isalpha() and len(apart) > 1 and all(map(unicodedata.combining, apart[1:]))
    return unicodedata.normalize("NFC", text.strip()) if is_accented else ""


def without_latex(source: Source, vocabulary: Vocabulary) -> Source:
    r"""The same text without LaTeX. Function words may be typed as commands (`\sigmoid`).

    Raises Trouble for a command that is not read here and for braces that do not pair up.
    """
    return _Translator(source, vocabulary).translated()


class _Translator:
    """Walks once over the clean text and writes plain characters."""

    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self.source = source
        self.clean = source.clean
        self.function_words = vocabulary.functions
        self.names = vocabulary.names
        self.open_names = vocabulary.open_names
        self.shapes = {} if vocabulary.arrays is None else vocabulary.arrays.of
        self.out = Cleaned()
        self.closing: list[tuple[str, int]] = []  # what each open brace becomes when it closes, and where it opened
        self.matrices = 0
        self.in_brackets: list[bool] = []  # whether brackets of its own were written about each open matrix
        self.cases: int | None = None  # rows of `cases` begun, where one is open
        self.group_ends: set[int] = set()  # where square brackets that only group are closed
        self.at = 0

    def translated(self) -> Source:
        while self.at < len(self.clean):
            self.step()
        if self.closing:
            end = len(self.source.text)
            edits = (TextEdit(Span(end, end), "}"),) if len(self.closing) == 1 else None
            raise self.trouble("This { is never closed.", self.closing[-1][1], 1, edits)
        return self.out.source(self.source.text)

    def step(self) -> None:
        """Translate what stands at the present place and go past it."""
        character = self.clean[self.at]
        if character == "\\":
            self.command()
        elif character == "{":
            self.open_brace()
        elif character == "}":
            self.close_brace()
        elif character == "$" and IN_DOLLARS.fullmatch(self.clean):
            self.write(" ", 1)
        elif self.cases is not None and (match := _END_OF_PIECE.match(self.clean, self.at)):
            self.at = match.end(1)
        elif character == "&" and self.cases is not None:
            self.condition()
        elif character == "&" and self.matrices:
            self.write(",", 1)
        elif character == "[" and (end := self.end_of_group()):
            self.group_ends.add(end)
            self.write("(", 1)
        elif self.at in self.group_ends:
            self.write(")", 1)
        elif character == "~":
            self.write(" ", 1)
        elif not (character.isalpha() and self.letters()):
            self.write(character, 1)

    def write(self, characters: str, length: int) -> None:
        """Write plain characters for the next `length` characters of the text."""
        span = self.source.span(self.at, self.at + length)
        self.out.add(characters, span.start, span.end)
        self.at += length

    def write_word(self, word: str, length: int) -> None:
        """Write a word or letter so that it does not run into its neighbours."""
        before = self.out.clean[-1] if self.out.clean else ""
        after = self.clean[self.at + length : self.at + length + 1]
        space_before = " " if before.isalnum() or before == "'" else ""
        self.write(f"{space_before}{word}{' ' if after.isalnum() else ''}", length)

    def letters(self) -> bool:
        """Go past letters that are names side by side: `Xw` is X times w, since LaTeX sets variables of one letter."""
        before = self.out.clean[-1] if self.out.clean else ""
        in_words = bool(self.closing) and self.closing[-1][0] == ""
        if before.isalnum() or before in ("_", "'") or in_words:
            return False
        if before == "^" and self.first_letter_raised():
            return True
        run = _LETTERS_RUN.match(self.clean, self.at)
        parts = self.subscripted() if run is None else self.side_by_side(run[1], run[2] or run[3] or "")
        for at, part in enumerate(parts or []):
            if at:
                self.out.add(" ", *self.place())
            self.write(part, len(part))
        return parts is not None

    def side_by_side(self, run: str, subscript: str) -> list[str] | None:
        """The names that the letters are, the last with the subscript; None where they are one word, or no names."""
        whole = f"{run}_{subscript}" if subscript else run
        known = frozenset((*self.names, "e"))
        if run[0] == "d" and run[1:] in known:  # rather a differential
            return None
        if len(run) < 2 or {whole, run, f"{run}{subscript}"} & (known | self.function_words.keys()):
            return None
        last = next((len(run) - n for n in range(len(run), 0, -1) if f"{run[-n:]}_{subscript}" in known), len(run))
        front = split_word(run[:last], known) if last else None
        return None if front is None or not last else [*front, *([run[last:]] if run[last:] else [])]

    def subscripted(self) -> list[str] | None:
        """The `w_0` and `x_0` of `w_0x_0`: without braces a subscript is one letter. None where they are no names."""
        word = _PLAIN_WORD.match(self.clean, self.at)
        parts = [] if word is None else re.findall("[A-Za-z](?:_[A-Za-z0-9])?", word[0])
        known = all(part in self.names or part[:1] in self.names for part in parts)
        return parts if word and known and len(parts) > 1 and word[0] not in self.names else None

    def first_letter_raised(self) -> bool:
        """Go past the one letter that is raised without braces: `X^TX` is X^T times X, and `e^xy` is e^x times y."""
        run = _LETTERS_RUN.match(self.clean, self.at)
        letter = self.clean[self.at]
        if run is None or len(run[1]) < 2 or run[1] in self.names or not (letter == "T" or letter in self.names):
            return False
        self.write(letter, 1)
        self.out.add(" ", *self.place())
        return True

    def place(self) -> tuple[int, int]:
        """The typed place right behind what has been read."""
        start = self.source.span(self.at, self.at + 1).start
        return start, start

    def end_of_group(self) -> int | None:
        r"""Where the `[` here is closed, if it only groups: it holds no list, no comparison and no position."""
        behind = _WORD_BEHIND.search("".join(self.out.clean))
        takes_brackets = behind is not None and behind[1] in (*self.function_words, "E", "Var")
        if behind is not None and (not takes_brackets or behind[1] in self.names):
            return None
        depth = 0
        for at in range(self.at, len(self.clean)):
            character = self.clean[at]
            depth += (character in "[({") - (character in "])}")
            if depth == 0:
                inside = self.clean[self.at + 1 : at]
                return at if any(map(str.isalpha, inside)) and not _COMPARED.search(inside) else None
            if depth == 1 and self.clean.startswith(_LIST_SIGNS, at) and self.clean[at - 1] != "\\":
                return None
        return None

    def trouble(self, message: str, at: int, length: int, edits: tuple[TextEdit, ...] | None = None) -> Trouble:
        return Trouble(message, self.source.span(at, at + length), edits=edits)

    def open_brace(self) -> None:
        before = self.out.clean[-1] if self.out.clean else ""
        transpose = _TRANSPOSE.match(self.clean, self.at)
        if before == "^" and transpose:
            self.write("T" if transpose[1] == "T" else TRANSPOSED, len(transpose[0]))
        elif before == "^" and self.mark():
            return
        elif before == "_":
            subscript = _SUBSCRIPT.match(self.clean, self.at)
            if subscript is None and "".join(self.out.clean[-2:-1]) in _INDICATORS:
                self.begin("(", ")")
                return
            if subscript is None and self.indices():
                return
            if subscript is None and _OF_A_SUM.search(self.clean[: self.at]):
                raise self.trouble(
                    "A sum goes over a letter, as in \\sum_{i} or \\sum_{i=1}^{n}. A condition is a factor: (i != 2).",
                    self.at,
                    1,
                )
            if subscript is None:
                raise self.trouble("Write the subscript without braces: x_1.", self.at, 1)
            runs_on = self.clean[subscript.end() : subscript.end() + 1].isalnum()
            self.write((subscript[1] or subscript[2]) + (" " if runs_on else ""), len(subscript[0]))
        else:
            self.begin("(", ")")

    def mark(self) -> bool:
        """Go past the `{(i)}` of `y^{(i)}` or the `{[1]}` of `W^{[1]}` where it is no power: an index, or a name's."""
        mark, base = _MARK.match(self.clean, self.at), _MARKED.search("".join(self.out.clean))
        if mark is None or base is None or self.clean[mark.end() : mark.end() + 1] == "_":
            return False
        spellings = [f"_{mark[1]}", mark[1]]
        known = next((each for each in spellings if base[1] + each in self.names), "")
        if not known and not (mark[1].isalpha() and self.shapes.get(base[1])):
            return False
        self.out.drop_last()
        self.write(f"{known or spellings[0]} ", len(mark[0]))
        return True

    def indices(self) -> bool:
        """Go past the `{1,2}` or `{i=1}` of a subscript, if there is one."""
        if (listed := _INDICES.match(self.clean, self.at)) is not None:
            parts = listed[1].translate(_IN_SUBSCRIPTS)
            runs_on = self.clean[listed.end() : listed.end() + 1].isalnum()
            self.write(parts + (" " if runs_on else ""), len(listed[0]))
        elif (first := _FIRST.match(self.clean, self.at)) is not None:
            self.write(f"{first[1]}{FROM}{first[2]}", len(first[0]))
        return bool(listed or first)

    def begin(self, written: str, closing: str) -> None:
        """Go past a { that becomes `written`; its } will become `closing`."""
        self.closing.append((closing, self.at))
        self.write(written, 1)

    def close_brace(self) -> None:
        if not self.closing:
            raise self.trouble("This } has no { before it.", self.at, 1)
        closing, _ = self.closing.pop()
        runs_on = not closing and self.clean[self.at + 1 : self.at + 2].isalnum()
        self.write(" " if runs_on else closing, 1)
        if closing == _BETWEEN:
            self.argument("", "))")

    def argument(self, written: str, closing: str) -> None:
        """The argument of a command: a braced group, or the single character that follows."""
        while self.clean[self.at : self.at + 1] == " ":
            self.at += 1
        following = self.clean[self.at : self.at + 1]
        if following == "{":
            self.begin(written, closing)
        elif following.isalnum():
            self.write(f"{written}{following}{closing}", 1)
            if closing == _BETWEEN:
                self.argument("", "))")
        else:
            raise self.trouble("Something in braces { } is missing here.", self.at, 1)

    def command(self) -> None:
        match = _COMMAND.match(self.clean, self.at)
        name = match[1] if match else ""
        length = len(name) + 1
        if name in FRACTIONS:
            self.write("(", length)
            self.argument("(", _BETWEEN)
        elif name == "sqrt":
            self.root(length)
        elif name in FONTS:
            self.font(length)
        elif name in ("limits", "nolimits"):
            self.at += length
        elif name in ("begin", "end"):
            self.environment(name, length)
        elif name == "\\" and (self.cases is not None or self.matrices):
            self.next_row(length)
        elif name == "\\" and not self.clean[self.at + length :].strip():
            self.write(" ", length)
        elif name in ("(", "[") and "".join(self.out.clean).strip():
            raise self.division(length)
        elif name in SIGNS:
            self.sign(SIGNS[name], length)
        elif name in self.function_words:
            self.write_word(name, length)
        elif not (name in ACCENTS and self.accent(name, length)):
            raise self.not_read(name, length)

    def sign(self, plain: str, length: int) -> None:
        if plain == " " and self.before_indicator(length):
            self.at += length
            return
        if plain == TRANSPOSED and self.out.clean and self.out.clean[-1] == "^":
            self.out.drop_last()
        if plain in "∇∂":
            while self.clean[self.at + length : self.at + length + 1] == " ":
                length += 1
            self.write(plain, length)
        elif plain.isalpha():
            self.write_word(plain, length)
        else:
            self.write(plain, length)

    def before_indicator(self, length: int) -> bool:
        r"""Whether the `\left` here stands between the 1 and the bracket of `\mathbb{1}\left[x > 0\right]`."""
        behind = _INDICATOR.search("".join(self.out.clean))
        return behind is not None and self.clean[self.at + length : self.at + length + 1] == "["

    def root(self, length: int) -> None:
        """A root: the square root as a function, another one as a power."""
        degree = _ROOT.match(self.clean, self.at + length)
        if degree is None or degree[1] == "2":
            self.write_word("sqrt", length + (len(degree[0]) if degree else 0))
            if self.clean[self.at : self.at + 1] != "(":
                self.argument("(", ")")
        else:
            self.write("(", length + len(degree[0]))
            self.argument("(", f")^(1/{degree[1]}))")

    def font(self, length: int) -> None:
        """`\\mathbf{W}`: the braces go, the content stays."""
        brace = self.at + length
        if _SINGLE.match(self.clean, brace):
            self.write(" ", length)
            return
        if self.clean[brace : brace + 1] != "{":
            raise self.trouble("Something in braces { } is missing here.", self.at, length)
        self.closing.append(("", brace))
        before = self.out.clean[-1] if self.out.clean else ""
        self.write(" " if before.isalnum() else "", length + 1)

    def accent(self, name: str, length: int) -> bool:
        r"""Go past `\hat{y}`, the name with that accent or spelled `y_hat`; whether a letter follows."""
        match = _ACCENTED.match(self.clean, self.at + length)
        if match is None:
            return False
        letter = match[2] or match[4]
        letter = LETTERS.get(letter, letter) if match[1] or match[3] else letter
        accented = unicodedata.normalize("NFC", letter + ACCENTS[name])
        spellings = (accented, f"{letter}_{name}", f"{letter}{name}", f"{name}_{letter}")
        known = next(
            (spelling for spelling in spellings if spelling in self.names), accented if self.open_names else ""
        )
        if not known:
            raise self.trouble(f"The name {accented} is not known here.", self.at, length + len(match[0]))
        self.write_word(known, length + len(match[0]))
        return True

    def next_row(self, length: int) -> None:
        r"""Go past the `\\` between rows of cases or of a matrix."""
        if self.cases is None:
            self.write(";", length)
        else:
            self.cases += 1
            self.write(") else (", length)

    def environment(self, name: str, length: int) -> None:
        kind = _ENVIRONMENT.match(self.clean, self.at + length)
        if kind is not None and kind[1] == "cases":
            self.open_or_close_cases(name, length + len(kind[0]))
            return
        if kind is None or kind[1] not in MATRICES:
            raise self.not_read(name, length)
        length += len(kind[0])
        if name == "begin":
            columns = _COLUMNS.match(self.clean, self.at + length) if kind[1] == "array" else None
            self.in_brackets.append(self.drop_opening_bracket())
            self.matrices += 1
            self.write("[", length + (len(columns[0]) if columns else 0))
            return
        self.matrices -= 1
        closing = _CLOSING_BRACKET.match(self.clean, self.at + length)
        if self.in_brackets and self.in_brackets.pop() and closing:
            length += len(closing[0])
        self.drop_last_row_break()
        self.write("]", length)

    def drop_opening_bracket(self) -> bool:
        r"""Take back the bracket of `\left[\begin{matrix}`; whether there was one."""
        written = "".join(self.out.clean).rstrip(" ")
        if not written.endswith(("(", "[")) or (self.in_brackets and written.endswith("[")):
            return False
        while len(self.out.clean) >= len(written):
            self.out.drop_last()
        return True

    def drop_last_row_break(self) -> None:
        r"""Take back the `\\` that ends the last row."""
        written = "".join(self.out.clean).rstrip(" ")
        if written.endswith(";"):
            while len(self.out.clean) >= len(written):
                self.out.drop_last()

    def open_or_close_cases(self, name: str, length: int) -> None:
        r"""`\begin{cases} a & c \\ b & \text{otherwise} \end{cases}` is `((a) if (c) else (b))`."""
        if name == "begin" and self.cases is not None:
            raise self.trouble(
                "Cases inside cases are not read. Write the inner ones with where(c, a, b).", self.at, length
            )
        if name == "end" and not self.cases:
            raise self.trouble("Cases need two rows: the last one says what holds otherwise.", self.at, length)
        self.cases = 0 if name == "begin" else None
        self.write("((" if name == "begin" else "))", length)

    def condition(self) -> None:
        """What follows & in a row of cases. That of the last row only says that nothing before it holds."""
        last = _LAST_CONDITION.match(self.clean, self.at)
        if last is not None and self.cases:
            self.at = last.end(1)
            return
        word = _IF.match(self.clean, self.at + 1)
        self.write(") if (", 1 + (len(word[0]) if word else 0))

    def division(self, length: int) -> Trouble:
        r"""What to say about `1\x`."""
        place = self.source.span(self.at, self.at + 1)
        return self.trouble("A quotient is written with /, not \\.", self.at, length, (TextEdit(place, "/"),))

    def not_read(self, name: str, length: int) -> Trouble:
        if name in self.names or name.isdigit() or name == " ":
            return self.division(length)
        edits = None
        commands = (*SIGNS, *FRACTIONS, *self.function_words, "sqrt")
        front = max((known for known in commands if len(known) > 1 and name.startswith(known)), key=len, default="")
        if name in COMPARISONS:
            message = f"The sign \\{name} is not read. Two values are compared with ==, >, >=, < or <=."
        elif name == "infty":
            of_a_norm = self.clean[self.at - 1 : self.at] == "_"
            message = LARGEST_ENTRY if of_a_norm else "There is no infinity here."
        elif name == "\\":
            message = "Write it on one line."
        elif not name.isalpha():
            message = "A backslash has no place in a formula."
        elif function := of_elsewhere(name, self.function_words):
            message = nothing_like(function)
        elif front:
            message = f"There is no command \\{name[:20]}. Did you mean \\{front} {name[len(front) :][:20]}?"
            behind = self.source.span(self.at + 1 + len(front), self.at + length)
            edits = (TextEdit(Span(behind.start, behind.start), " "),)
        else:
            message = f"The LaTeX command \\{name[:20]} is not supported. Type the formula plainly."
        return self.trouble(message, self.at, length, edits)


FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
FONTS = frozenset(("mathrm", "mathbf", "mathit", "mathsf", "text", "textbf", "textrm", "textit", "boldsymbol", "bm",
                   "operatorname", "mathbb", "mathbbm", "mathds", "mathcal", "mathscr", "mathfrak"))  # fmt: skip
_SIZES = tuple(f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "dot": "\u0307",
}
MATRICES = frozenset(("bmatrix", "pmatrix", "matrix", "smallmatrix", "Bmatrix", "array"))
COMPARISONS = frozenset(("approx", "equiv", "sim"))
SPACES = (",", ";", ":", "!", "quad", "qquad", "displaystyle", "textstyle", "hline", "(", ")", "[", "]", "left",
          "right", *_SIZES)  # fmt: skip
SIGNS = {
    **dict.fromkeys(("le", "leq", "leqslant"), "<="),
    **dict.fromkeys(("ge", "geq", "geqslant"), ">="),
    **dict.fromkeys(("ne", "neq"), "!="),
    **dict.fromkeys(("land", "wedge"), "&"),
    **dict.fromkeys(("lor", "vee"), " or "),
    "lt": "<",
    "gt": ">",
    **dict.fromkeys(("odot", "circ"), "⊙"),
    "ast": "*",
    "cdot": "·",
    "times": "×",
    "otimes": "⊗",
    "langle": "⟨",
    "rangle": "⟩",
    **dict.fromkeys(("lVert", "rVert", "Vert", "|"), "||"),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("top", "intercal"), TRANSPOSED),
    **dict.fromkeys(SPACES, " "),
    **LETTERS,
    "div": "/",
    "ell": "l",
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

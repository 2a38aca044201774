"""What is wrong with a file: the key at fault, why, its line; and gathering it, so that all of it is said at once.

`not_toml` says it of a text that is not TOML, for people who have never read what TOML is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import msgspec

A = TypeVar("A")
B = TypeVar("B")

_TABLES = {"question": "question", "ask": "ask", "options": "option"}
"""Lists of tables that are spoken of by number, and what one of them is called."""


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """One thing that is wrong: its key ("" for the whole file; `question[2].ask[1].formula`), why, its line."""

    key: str
    reason: str
    line: int | None = None

    @property
    def place(self) -> str:
        """The key in words, with a colon: `question 2, ask 1: formula: `; "" for the whole file."""
        return spoken(self.key)


class BadFile(Exception):
    """A file that cannot be used. `key`, `reason` and `line` are those of the first of its `faults`."""

    def __init__(self, key: str, reason: str, line: int | None = None, more: Sequence[Fault] = ()) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason
        self.line = line
        self.faults: tuple[Fault, ...] = (Fault(key, reason, line), *more)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> BadFile:
        """All of these, of which there is at least one; what is said twice is said once."""
        first, *more = dict.fromkeys(faults)
        return cls(first.key, first.reason, first.line, more)

    def within(self, prefix: str) -> BadFile:
        """The same with keys that begin with a prefix, such as `question[2].`."""
        return BadFile.of([Fault(f"{prefix}{one.key}".rstrip("."), one.reason, one.line) for one in self.faults])

    def placed(self, line_of: Callable[[str], int | None]) -> BadFile:
        """The same, with lines where they are known, in the order of the file; those without a line come last."""
        placed = [Fault(one.key, one.reason, one.line or line_of(one.key)) for one in self.faults]
        return BadFile.of(sorted(placed, key=lambda one: (one.line is None, one.line or 0)))


class FaultCollector:
    """Gathers what several checks find wrong: `with gathering.part(): ...` for each, then `raise_all()`."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    @contextmanager
    def part(self) -> Iterator[None]:
        """What goes wrong inside is kept, and ends only what is inside."""
        try:
            yield
        except BadFile as bad:
            self.faults += bad.faults

    def raise_all(self) -> None:
        """Raises BadFile with all that was gathered; does nothing where that is nothing."""
        if self.faults:
            raise BadFile.of(self.faults)


def each(make: Callable[[int, A], B], items: Iterable[A]) -> list[B]:
    """`make(number, item)` for all items, counted from 1. Raises BadFile with what is wrong with any of them."""
    gathering, made = FaultCollector(), list[B]()
    for number, item in enumerate(items, 1):
        with gathering.part():
            made.append(make(number, item))
    gathering.raise_all()
    return made


def spoken(key: str) -> str:
    """A key in words, with a colon: `question[2].ask[1].formula` is `question 2, ask 1: formula: `."""
    tables, rest = list[str](), list[str]()
    for part in key.split(".") if key else ():
        indexed = re.fullmatch(r"(.*)\[(\d+)\]", part)
        if indexed and indexed[1] in _TABLES and not rest:
            tables.append(f"{_TABLES[indexed[1]]} {indexed[2]}")
        else:
            rest.append(f"{indexed[1]}, entry {indexed[2]}" if indexed else part)
    return "".join(f"{part}: " for part in (", ".join(tables), ".".join(rest)) if part)


_KEY = re.compile(r"\s*([^\s=:\[\]{}\"'#]+|\"[^\"]*\"|'[^']*')\s*(=|:|$|\s)")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_CURLY = "“”‘’„«»"


@dataclass(frozen=True)
class _Spot:
    """Where the reader stopped: the lines of the text, the line (from 1) and the column (from 0)."""

    lines: list[str]
    number: int
    column: int

    @property
    def line(self) -> str:
        return self.lines[self.number - 1] if self.lines else ""

    @property
    def rest(self) -> str:
        """From the column on."""
        return self.line[self.column :].strip()

    @property
    def before(self) -> str:
        return self.line[: self.column]


def not_toml(text: str, error: tomllib.TOMLDecodeError) -> Fault:
    """The fault: the key in whose value it is where that can be seen, what to do, and the line to do it on."""
    text = text.replace("\r\n", "\n")
    place = _PLACE.search(str(error))
    reason = str(error)[: place.start()].strip() if place else str(error)
    lines = text.split("\n")
    if place and place[1]:
        spot = _Spot(lines, int(place[1]), int(place[2]) - 1)
    else:
        last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
        spot = _Spot(lines, last, len(lines[last - 1]))
    for about, found in _KNOWN:
        if re.search(about, reason, re.IGNORECASE) and (fault := found(spot)):
            return fault
    return Fault(_key(spot.line), f"this is not TOML: {reason[:1].lower()}{reason[1:]}", spot.number)


def _key(line: str) -> str:
    """The key that a line sets; "" where it sets none."""
    key = _KEY.match(line)
    return key[1].strip("\"'") if key else ""


def _at(spot: _Spot, reason: str, number: int | None = None) -> Fault:
    number = number or spot.number
    return Fault(_key(spot.lines[number - 1]), reason, number)


def _unclosed_text(spot: _Spot) -> Fault:
    if any(sign in spot.line for sign in _CURLY):
        return _curly(spot)
    return _at(spot, 'the text on this line is never closed: end it with a quotation mark, "')


def _unclosed_long_text(spot: _Spot) -> Fault:
    for quote in ('"""', "'''"):
        starts = [n for n, line in enumerate(spot.lines, 1) for _ in range(line.count(quote))]
        if len(starts) % 2:
            return _at(spot, f"the text that begins here is never closed: end it with {quote}", starts[-1])
    return _unclosed_text(spot)


def _backslash(spot: _Spot) -> Fault:
    return _at(
        spot,
        "a backslash in text has a meaning of its own: write it twice, \\\\, or put the text in single quotes, '...'",
    )


def _curly(spot: _Spot) -> Fault:
    return _at(spot, 'these are curly quotation marks, which a word processor makes: use straight quotes, "..."')


def _key_needs_quotes(word: str) -> str:
    return f'this name needs quotes as a key: write "{word}" = ...'


def _bad_key(spot: _Spot) -> Fault | None:
    """A key that begins with a letter TOML does not know, or a line break or comma inside { }."""
    word = re.match(r"\w+", spot.rest)
    if word and not word[0].isascii():
        return Fault(word[0], _key_needs_quotes(word[0]), spot.number)
    if any(sign in spot.rest[:1] for sign in _CURLY) and spot.rest:
        return _curly(spot)
    opened = spot.line.count("{") > spot.line.count("}")
    if opened and not spot.rest:
        key = _key(spot.line)
        return _at(spot, f"what is in {{ }} must be on one line; or use a table, [{key}], with a line for each name")
    if spot.rest.startswith("}"):
        return _at(spot, "there is a comma before }: leave it out")
    return None


def _twice(spot: _Spot) -> Fault | None:
    if heading := re.match(r"\s*\[+\s*([^\]]*?)\s*\]", spot.line):
        name = heading[1]
        if re.match(r"\s*\[\[", spot.line) or name.split(".")[0] == "question":
            reason = f"the table {name} is begun in two ways: write [[{name}]], with two brackets, each time"
        else:
            reason = f"the table [{name}] is there twice: put all of it in one place"
        return Fault(name, reason, spot.number)
    pairs = re.findall(r"([\w\-]+|\"[^\"]*\")\s*=", spot.before) or [_key(spot.line)]
    name = pairs[-1].strip('"') if pairs[-1] else ""
    return Fault(name, "this key has a value already: each key is set once, so it cannot be there twice", spot.number)


def _no_equals(spot: _Spot) -> Fault | None:
    key = _key(spot.line)
    word = re.search(r"[^\W\d]\w*$", (spot.before + spot.line[spot.column :]).strip())
    if (sign := re.match(r"\s*[\w\-]+\s*(:)", spot.line)) and key:
        value = spot.line[sign.end() :].strip()
        return _at(spot, f"a key and its value are joined by =, not by a colon: write {key} = {value}")
    for stranger in re.findall(r"[^\W\d_]+", spot.line.partition("=")[0]):
        if not stranger.isascii():
            return Fault(stranger, _key_needs_quotes(stranger), spot.number)
    if inner := re.search(r"[{,]\s*([^\W\d_]\w*)\s*:", spot.line):
        return Fault(
            inner[1], f"a name and its value are joined by =, not by a colon: write {inner[1]} = ...", spot.number
        )
    if word is None and not key:
        return None
    return _at(spot, f"after a key there must be = and a value: write {key or 'key'} = ...")


_MISSPELT = {"True": "true", "False": "false", "TRUE": "true", "FALSE": "false", "yes": "true", "no": "false"}


def _bad_value(spot: _Spot) -> Fault | None:
    named = re.findall(r"([^\W\d][\w\-]*|\"[^\"]*\")\s*=\s*[^=]*$", spot.before)
    key = named[-1].strip('"') if named else _key(spot.line)
    rest = spot.rest
    word = re.match(r"[^\s,}\]]+", rest)
    for opening, closing in ("[]", "{}"):
        if not rest and spot.before.rstrip().endswith((opening, ",")) and opening in spot.before:
            return _unclosed(opening, closing)(spot)
    if not rest or rest.startswith(("#", ",", "}")):
        return Fault(key, f"there is no value after {key} =", spot.number)
    if rest[0] in _CURLY:
        return Fault(key, _curly(spot).reason, spot.number)
    if word and word[0] in _MISSPELT:
        return Fault(key, f"write {_MISSPELT[word[0]]} in small letters, without quotes: {key} = {_MISSPELT[word[0]]}",
                     spot.number)  # fmt: skip
    if word and word[0] in ("None", "null", "nil"):
        return Fault(key, f"there is no {word[0]} in TOML: leave the key {key} out", spot.number)
    if re.match(r"[+-]?\.\d", rest):
        return Fault(key, "a decimal number begins with a digit: write 0.5, not .5", spot.number)
    shown = re.split(r"\s*[,}\]#]", rest)[0] if "{" in spot.before or "[" in spot.before else rest
    return Fault(key, f'text and formulas go in quotes: write {key} = "{shown[:40]}"', spot.number)


def _more_on_the_line(spot: _Spot) -> Fault | None:
    key = _key(spot.line)
    comma = re.match(r"\s*[\w\-]+\s*=\s*([+-]?\d+),(\d+)\s*$", spot.line)
    if comma:
        return _at(spot, f"a decimal number is written with a point: {key} = {comma[1]}.{comma[2]}")
    value = spot.line.partition("=")[2].strip()
    if value.startswith(('"', "'")):
        return _at(spot, "the text ends before the line does: a quotation mark inside text is written \\\", "
                         "or put the text in single quotes, '...'")  # fmt: skip
    if re.match(r"[+-]?0\d", value):
        return _at(spot, f"a number does not begin with 0: write {key} = {value.lstrip('0')}")
    if re.match(r"[+-]?[\d.]", value):
        return _at(spot, f'a formula goes in quotes: write {key} = "{value[:40]}"')
    return _at(spot, f"there is more on this line than one key and its value, from {spot.rest[:20]!r} on: "
                     "begin a new line there")  # fmt: skip


def _unclosed(opening: str, closing: str) -> Callable[[_Spot], Fault]:
    def found(spot: _Spot) -> Fault:
        number = _where_opened(spot, opening, closing)
        what = "list" if opening == "[" else "table"
        return _at(spot, f"the {what} that begins here is never closed: end it with {closing}", number)

    return found


def _where_opened(spot: _Spot, opening: str, closing: str) -> int:
    """The line of the last bracket that is open where the reader stopped."""
    opened: list[int] = []
    for number, line in enumerate(spot.lines[: spot.number], 1):
        plain = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*", "", line)
        if re.match(r"\s*\[[^,=]*\]\s*$", plain):
            continue
        for sign in plain:
            if sign == opening:
                opened.append(number)
            elif sign == closing and opened:
                opened.pop()
    return opened[0] if opened else spot.number


def _in_table(spot: _Spot) -> Fault | None:
    """After a value inside { }: a comma is missing, or the closing bracket."""
    rest = spot.rest
    key = _key(spot.line)
    if not rest:
        if spot.line.rstrip().endswith((",", "{")) or spot.line.count("{") > spot.line.count("}"):
            following = spot.lines[spot.number] if spot.number < len(spot.lines) else ""
            if re.match(r"\s*(}|[\w\"]+\s*=.*})", following):
                return _bad_key(spot)
        return _unclosed("{", "}")(spot)
    before = re.search(r"([+-]?\d+)$", spot.before)
    if rest.startswith("/") or (before and re.match(r"[*^+/-]", rest)):
        return _at(spot, f'a formula goes in quotes, such as "{before[1] if before else "1"}/3"')
    return Fault(key, "between the entries of { } there must be a comma", spot.number)


def _heading(spot: _Spot) -> Fault:
    name = spot.line.strip().strip("[] ")
    both = spot.line.strip().startswith("[[")
    shown = f"[[{name}]]" if both else f"[{name}]"
    return Fault(name, f"the line that begins a table is not closed: write {shown}", spot.number)


def _bad_statement(spot: _Spot) -> Fault | None:
    word = re.match(r"[^\W\d]\w*", spot.rest)
    if word and not word[0].isascii():
        return Fault(word[0], _key_needs_quotes(word[0]), spot.number)
    if spot.rest[:1] and spot.rest[0] in _CURLY:
        return _curly(spot)
    return Fault("", f"a line sets a key, such as level = 2, begins a table, or is a remark after #; this one begins "
                     f"with {spot.rest[:10]!r}", spot.number)  # fmt: skip


def _in_list(spot: _Spot) -> Fault | None:
    if not spot.rest or re.match(r"[\w\"-]+\s*=|\[", spot.rest):
        return _unclosed("[", "]")(spot)
    return Fault(_key(spot.line), "between the entries of a list there must be a comma, and ] at its end", spot.number)


_KNOWN: tuple[tuple[str, Callable[[_Spot], Fault | None]], ...] = (
    (r"illegal character '\\n'", _unclosed_text),
    (r"unterminated string|expected \"'''|expected '\"\"\"", _unclosed_long_text),
    (r"unescaped '\\'|invalid hex|hex value|escaped character", _backslash),
    (r"initial character for a key part", _bad_key),
    (r"cannot overwrite|cannot declare|cannot mutate|duplicate inline table key", _twice),
    (r"expected '=' after a key", _no_equals),
    (r"invalid value", _bad_value),
    (r"expected newline or end of document", _more_on_the_line),
    (r"unclosed inline table", _in_table),
    (r"unclosed array", _in_list),
    (r"at the end of a(n array)? (table )?declaration", _heading),
    (r"invalid statement", _bad_statement),
)
"""What the reader says -> what that means here; None where it does not tell."""

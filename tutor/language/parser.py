"""Pieces to a tree, by the grammar in grammar.lark. Importing this module imports Lark.

Lark compiles the grammar (LALR(1)) and says what is wrong with a text that does not fit; `ShiftReduce` runs its tables
over pieces, without Lark's own tokens and tree wrappers, which takes a third of the time; `TreeBuilder` makes the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.grammar import NonTerminal, Rule
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

from tutor.language.errors import Trouble
from tutor.language.tokenizer import Piece
from tutor.language.tree import Expression, Span
from tutor.language.tree_builder import TreeBuilder

_END = "$END"


class DoesNotFit(Exception):
    """The pieces are no text of the grammar."""


class _Repeated(list[Any]):
    """The values of a repetition, `(COMMA choice)*`, on their way into the rule that it is part of."""


class _Reduction(NamedTuple):
    """One rule: how many symbols it takes, what it makes, and what is made of them."""

    size: int
    origin: str
    make: Callable[..., Any]
    spreads: bool


class ShiftReduce:
    """A parser for one start rule of a grammar, with the builder of its trees.

    A builder has a method for each rule or alias of the grammar, which takes the values of the rule's symbols in order;
    a terminal's value is its piece. Rules marked `?` with one symbol stand for that symbol, and the repetitions that
    Lark makes rules of are spread out, as in Lark's trees.
    """

    def __init__(self, grammar: Lark, builder: object, start: str) -> None:
        table = grammar.parser.parser.parser.parse_table
        self._start, self._end = table.start_states[start], table.end_states[start]
        reductions: dict[Rule, _Reduction] = {}
        self._actions: dict[Any, dict[str, Any]] = {}
        self._gotos: dict[Any, dict[str, Any]] = {}
        self._after: dict[tuple[Any, str, str], Any] = {}
        for state, actions in table.states.items():
            terminals = self._actions[state] = {}
            self._gotos[state] = {}
            for name, (action, target) in actions.items():
                symbol = str(name)  # Lark's are tokens, which are slow to compare
                if action is not Shift:
                    if target not in reductions:
                        reductions[target] = _reduction(target, builder)
                    terminals[symbol] = reductions[target]
                else:
                    terminals[symbol] = self._gotos[state][symbol] = target

    def parse(self, pieces: Sequence[Piece]) -> Any:
        """What the builder makes of the pieces. Raises DoesNotFit, and whatever the builder raises."""
        states: list[Any] = [self._start]
        values: list[Any] = []
        for piece in pieces:
            self._reduce(piece.kind, states, values)
            states.append(self._actions[states[-1]][piece.kind])
            values.append(piece)
        self._reduce(_END, states, values)
        return values[-1]

    def _reduce(self, kind: str, states: list[Any], values: list[Any]) -> None:
        """Apply rules until a piece of this kind can be taken, or, at the end, until all is one value."""
        actions, after = self._actions, self._after
        while states[-1] != self._end or kind != _END:
            action = actions[states[-1]].get(kind)
            if type(action) is not _Reduction:
                if action is None:
                    raise DoesNotFit
                return
            size, origin, make, spreads = action
            children = values[-size:]
            del values[-size:], states[-size:]
            values.append(make(*(_spread(children) if spreads else children)))
            below = states[-1]
            state = after.get((below, origin, kind))
            states.append(self._through_units(below, origin, kind) if state is None else state)

    def _through_units(self, below: Any, origin: str, kind: str) -> Any:
        """The state in front of this piece once `origin` is read, past the rules that only rename it."""
        state = self._gotos[below][origin]
        while type(action := self._actions[state].get(kind)) is _Reduction and action.make is _itself:
            state = self._gotos[below][action.origin]
        self._after[below, origin, kind] = state
        return state


def _reduction(rule: Rule, builder: object) -> _Reduction:
    size, origin = len(rule.expansion), str(rule.origin.name)
    spreads = any(isinstance(symbol, NonTerminal) and symbol.name.startswith("__") for symbol in rule.expansion)
    if origin.startswith("__"):
        return _Reduction(size, origin, _repeated, spreads)
    if size == 1 and rule.options.expand1 and not rule.alias:
        return _Reduction(size, origin, _itself, False)
    return _Reduction(size, origin, getattr(builder, rule.alias or origin), spreads)


def _itself(value: Any) -> Any:
    return value


def _repeated(*values: Any) -> _Repeated:
    return _Repeated(values)


def _spread(values: Sequence[Any]) -> list[Any]:
    """The values, with those of repetitions in their places."""
    flat: list[Any] = []
    for value in values:
        if type(value) is _Repeated:
            flat += value
        else:
            flat.append(value)
    return flat


class PieceLexer(Lexer):
    """Hands the scanner's pieces to Lark, each as the value of a token of its kind."""

    def __init__(self, _configuration: object) -> None:
        pass

    def lex(self, data: Any, _parser_state: object = None) -> Iterator[Token]:
        """The pieces as Lark tokens."""
        for piece in cast("Sequence[Piece]", data):
            token = Token(piece.kind, piece.text)
            token.value = piece
            yield token


@cache
def _grammar() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=PieceLexer, start="whole")


@cache
def _parser() -> ShiftReduce:
    return ShiftReduce(_grammar(), TreeBuilder(), "whole")


def parsed(pieces: Sequence[Piece]) -> Expression:
    """The tree of these pieces. Raises Trouble when they do not fit together."""
    try:
        return cast(Expression, _parser().parse(pieces))
    except DoesNotFit:
        pass
    try:
        _grammar().parse(cast(Any, pieces))
    except UnexpectedToken as unexpected:
        raise _explained(unexpected, pieces) from None
    raise AssertionError("Lark reads what its tables do not.")


_WORDS = {"RPAR": ")", "RSQB": "]", "COMMA": "a comma", "LPAR": "(", "BAR_CLOSE": "|", "SEMICOLON": ";", "ELSE": "else"}


def _explained(unexpected: UnexpectedToken, pieces: Sequence[Piece]) -> Trouble:
    """What Lark found and what it could have used, as a sentence."""
    found = unexpected.token.value
    accepted = set(unexpected.accepts or unexpected.expected)
    if accepted >= {"NUMBER", "NAME"}:
        wanted = "a name or a number is missing"
    else:
        wanted = " or ".join(_WORDS[kind] for kind in sorted(accepted & _WORDS.keys())) or "something else"
        wanted = f"{wanted} is expected"
    if isinstance(found, Piece):
        place = found.text if found.text.isprintable() and found.text else "this"
        return Trouble(f"Before {place}, {wanted}.", found.span)
    end = pieces[-1].end if pieces else 0
    return Trouble(f"At the end, {wanted}.", Span(end, end))

"""Index notation to operations on whole arrays: `Σ_j A_ij x_j` is `A @ x`, `x_1` is `x[0]`.

An expression with free indices is an array with one axis an index. Products summed over an index that two factors
share are matrix products; other sums add up along the index's axis. Subscripts count from 1, as mathematics does,
unless one of the text is 0, or a sum starts there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard

from tutor.language.array_products import shape_of_tree
from tutor.language.characters import SUBSCRIPT_COMMA
from tutor.language.entries import COUNTED, vector_of
from tutor.language.errors import Trouble
from tutor.language.index_checks import IndexRange, check_entries, checked_range, entries, split_subscript
from tutor.language.index_rows import Indexed, matrix_of_outer_products, of_rows, transposed, weighted_rows
from tutor.language.subscripts import ENTRY, OVER
from tutor.language.tokenizer import MOST_POSITIONS
from tutor.language.tree import ENTRYWISE, Apply, Entry, Expression, Matrix, Name, Positions, Shape, Span, Stretch, walk
from tutor.language.vocabulary import Arrays

_WHOLE = Stretch()
_FREE = "ijkl"
"""Letters that may number the axes of an array without a sum over them; x_n is more often the last entry."""

_OF_ALL = frozenset(("sum", "mean", "prod", "largest", "smallest"))
"""Operations that make one number of all entries."""


def without_indices(tree: Expression, arrays: Arrays | None) -> tuple[Expression, list[str]]:
    """The tree on whole arrays, and what to say about how its subscripts were read.

    Its products have been read by shapes. Raises Trouble for indices that do not fit.
    """
    if arrays is None:
        return _counted_alone(tree), []
    notation = _Notation(arrays, _first_index(tree, arrays))
    lowered = notation.lower(tree, {})
    notes = notation.notes()
    if lowered.letters:
        notes.append(_said_of_free(lowered, tree, arrays))
    check_entries(lowered.tree, arrays)
    return lowered.tree, notes


def _counted_alone(tree: Expression) -> Expression:
    for node in walk(tree):
        if isinstance(node, Apply) and node.operation == COUNTED:
            raise Trouble("Write range(3) with the number of rows.", node.span)
    return tree


class _Notation:
    """Takes the indices out of one tree. `base` is where its subscripts count from."""

    def __init__(self, arrays: Arrays, base: int) -> None:
        self.arrays = arrays
        self.base = base
        self.rows: dict[str, str] = {}  # matrices with one subscript, and which it was
        self.counted = ""  # an array with a number for a subscript, for the note on where these count from
        self.sizes: dict[str, tuple[int, str]] = {}
        self.running: set[str] = set()  # indices of the sums around what is read

    def notes(self) -> list[str]:
        """How its numbers were read."""
        rows = [f"the {name}_{letter} are the rows of {name}" for name, letter in self.rows.items()]
        if not self.counted:
            return rows
        axes = len(self.arrays.of.get(self.counted) or (1,))
        first = f"{self.counted}_{str(self.base) * axes} is {self.counted}[{', '.join('0' * axes)}]"
        return [*rows, f"subscripts count from {self.base}: {first}"]

    def lower(self, node: Expression, ranges: Mapping[str, IndexRange]) -> Indexed:
        """The tree with its indices taken out."""
        match node:
            case Matrix():
                rows = tuple(tuple(self.alone(entry, ranges) for entry in row) for row in node.rows)
                return Indexed(replace(node, rows=rows))
            case Apply(operation=operation):
                if operation == ENTRY:
                    return self.entry(node, ranges)
                if operation == OVER:
                    return self.over(node, ranges)
                if operation == COUNTED:
                    return Indexed(self.count(node))
                return self.applied(node, [self.lower(argument, ranges) for argument in node.arguments], ranges)
        if isinstance(node, Name) and node.name in self.running:
            return self.number(node, ranges)
        return Indexed(node)

    def number(self, node: Name, ranges: Mapping[str, IndexRange]) -> Indexed:
        """An index that is a number itself, as in `Σ_k x^k`: all numbers that it goes through."""
        given = ranges.get(node.name)
        symbol, _, less = ("", "", "") if given is None else given.last.partition("-")
        if given is None or not symbol.isdecimal():
            letter = node.name
            raise Trouble(f"From where to where does {letter} go? Write \\sum_{{{letter}=1}}^{{3}}.", node.span)
        numbers = range(int(given.first), int(symbol) - int(less or 0) + 1)
        if not 0 < len(numbers) <= MOST_POSITIONS:
            raise Trouble(f"A sum goes over 1 to {MOST_POSITIONS:,} numbers.", node.span)
        known, other = self.sizes.setdefault(node.name, (len(numbers), node.name))
        if known != len(numbers):
            raise Trouble(f"The index {node.name} runs over {entries(known)} of {other}.", node.span)
        return Indexed(vector_of(numbers, node.span), (node.name,))

    def alone(self, node: Expression, ranges: Mapping[str, IndexRange]) -> Expression:
        lowered = self.lower(node, ranges)
        if lowered.letters:
            raise Trouble(f"The index {lowered.letters[0]} is free here: a list holds numbers.", node.span)
        return lowered.tree

    def applied(self, node: Apply, parts: list[Indexed], ranges: Mapping[str, IndexRange]) -> Indexed:
        """An operation, entry by entry where its arguments have indices; those of `sum(x_i)` end there."""
        if not any(part.letters for part in parts):
            trees = tuple(part.tree for part in parts)
            same = all(new is old for new, old in zip(trees, node.arguments, strict=True))
            return Indexed(node if same else replace(node, arguments=trees))
        if any(part.letters and part.rank for part in parts):
            made = of_rows(node, [self.with_rank(part) for part in parts])
            if made is not None:
                return made
        elif (
            node.operation in _OF_ALL and not node.options and not any(letter in ranges for letter in parts[0].letters)
        ):
            return Indexed(replace(node, arguments=(parts[0].tree,)))
        if not self.arrays.is_entrywise(node.operation):
            what = node.sign if node.sign.isalpha() else node.operation
            raise Trouble(f"{what} takes a whole array. Leave out the subscript inside it.", node.span)
        return self.entrywise(node, parts)

    def with_rank(self, part: Indexed) -> Indexed:
        """The part with the number of axes that it has without indices."""
        return part if part.letters else replace(part, rank=len(self.shape(part.tree) or ()))

    def entrywise(self, node: Apply, parts: list[Indexed]) -> Indexed:
        rank = max(part.rank for part in parts if part.letters)
        self.check_whole(node, parts, rank)
        widest_first = sorted(parts, key=lambda part: -len(part.letters))
        letters = tuple(dict.fromkeys(letter for part in widest_first for letter in part.letters))
        one_each = len(parts) == 2 and all(len(part.letters) == 1 for part in parts)
        if node.operation == "mul" and one_each and len(letters) == 2 and not rank:
            return Indexed(
                replace(node, operation="outer", arguments=tuple(p.tree for p in parts), sign="outer"), letters
            )
        trees = tuple(self.aligned(part, letters, rank, node.span) for part in parts)
        products = node.operation == "mul"
        sign = (ENTRYWISE if all(part.letters for part in parts) else "*") if products else node.sign
        return Indexed(replace(node, arguments=trees, sign=sign), letters, rank)

    def check_whole(self, node: Apply, parts: Sequence[Indexed], rank: int = 0) -> None:
        """Raise Trouble for an array without subscripts beside something that has them, and is no such array too."""
        for part, argument in zip(parts, node.arguments, strict=True):
            if not part.letters and len(self.shape(part.tree) or ()) > rank:
                named = part.tree.name if isinstance(part.tree, Name) else "This"
                letter = next(letter for other in parts for letter in other.letters)
                such = f", as in {named}_{letter}" if isinstance(part.tree, Name) else ""
                raise Trouble(f"{named} is an array. Beside an entry it needs a subscript{such}.", argument.span)

    def aligned(self, part: Indexed, letters: tuple[str, ...], rank: int, span: Span) -> Expression:
        """The part with an axis for each of the letters, of size 1 where it has none, but for leading ones.

        Behind them it has `rank` axes of its own.
        """
        missing = rank - part.rank
        if not part.letters or (part.letters == letters and not missing):
            return part.tree
        order = tuple(letter for letter in letters if letter in part.letters)
        tree = part.tree
        if order != part.letters:
            if part.rank or order != part.letters[:-2] + part.letters[-2:][::-1]:
                raise Trouble(
                    "These indices are in an order that no transpose brings about. Write it with arrays.", span
                )
            tree = transposed(tree)
        inner = letters[letters.index(order[0]) :]
        if inner == order and not missing:
            return tree
        at: Positions = (*(_WHOLE if letter in order else None for letter in inner), *(None,) * missing)
        return _index(tree, at, span)

    def entry(self, node: Apply, ranges: Mapping[str, IndexRange]) -> Indexed:
        """`x_i`, `A_12`, `(W x)_i`."""
        inner = self.alone(node.arguments[0], ranges)
        shape = self.shape(inner)
        name = inner.name if isinstance(inner, Name) else "This"
        if shape is None:
            raise Trouble(
                f"{name} has a subscript, but its shape is not known here. Write x[0] for an entry.", node.span
            )
        if not shape:
            raise Trouble(f"{name} is a number: it has no entries.", node.span)
        places = split_subscript(str(dict(node.options)["at"]), shape, name, node.span)
        at: list[Entry] = []
        letters: list[str] = []
        if len(places) < len(shape):
            self.rows[name] = places[0][0]
        for place, size in zip(places, shape, strict=False):
            if place.isdecimal():
                at.append(self.position(name, place, places, size, node.span))
            else:
                at.append(self.stretch(name, place, size, ranges, node.span))
                letters.append(place[0])
        if len(set(letters)) < len(letters):
            return self.diagonal(inner, at, letters, node.span)
        whole = all(entry == _WHOLE for entry in at)
        tree = inner if whole else _index(inner, tuple(at), node.span)
        return Indexed(tree, tuple(letters), len(shape) - len(places) if letters else 0)

    def position(self, name: str, place: str, places: Sequence[str], size: int, span: Span) -> int:
        at = int(place) - self.base
        if not 0 <= at < size:
            last = size - 1 + self.base
            base = f"Subscripts count from {self.base} here" + (", because one of them is 0" if not self.base else "")
            which = (
                f"{name}_{last} is the last entry of {name}"
                if len(places) == 1
                else f"{last} is the last along this axis"
            )
            raise Trouble(f"{base}: {which}.", span)
        self.counted = self.counted or name
        return at

    def stretch(self, name: str, place: str, size: int, ranges: Mapping[str, IndexRange], span: Span) -> Stretch:
        """The part of an axis that an index runs over; two axes with one index must have one length."""
        letter, shift = place[0], int(place[1:] or 0)
        if shift and letter not in ranges:
            raise Trouble(f"From where to where does {letter} go? Write \\sum_{{{letter}=1}}^{{n-1}}, or x[1:].", span)
        start, stop = self.bounds(ranges.get(letter), size, letter, shift, span)
        known, other = self.sizes.setdefault(letter, (stop - start, name))
        if known != stop - start:
            raise Trouble(
                f"The index {letter} runs over {entries(known)} of {other}, but over {stop - start} of {name}.",
                span,
            )
        return _WHOLE if (start, stop) == (0, size) else Stretch(start, stop)

    def bounds(self, given: IndexRange | None, size: int, letter: str, shift: int, span: Span) -> tuple[int, int]:
        """Where a stretch begins and ends, `shift` entries further on than the index says."""
        if given is None:
            return 0, size
        start = int(given.first) - self.base + shift
        symbol, minus, less = given.last.partition("-")
        if symbol.isdecimal():
            last = int(symbol) - int(less or 0)
        else:  # n, and the n - 1 of a sum from 0, are the last of all
            last = size - int(less) if minus else size - 1 + self.base
        stop = last - self.base + 1 + shift
        if not 0 <= start < stop <= size:
            run = f"from {given.first} to {given.last or 'the end'}"
            raise Trouble(
                f"The index {letter} cannot run {run}: there are {entries(size)}, counted from {self.base}.",
                span,
            )
        return start, stop

    def diagonal(self, inner: Expression, at: Sequence[Entry], letters: Sequence[str], span: Span) -> Indexed:
        """`A_ii`."""
        shape = self.shape(inner) or ()
        if len(letters) > 2 or len(shape) > 2 or any(entry != _WHOLE for entry in at):
            raise Trouble(
                f"An index twice on one array is read only for a whole matrix: A_{letters[0]}{letters[0]}.", span
            )
        every = tuple(range(shape[0]))
        return Indexed(_index(inner, (every, every), span), (letters[0],))

    def over(self, node: Apply, ranges: Mapping[str, IndexRange]) -> Indexed:
        """`Σ_i ...`, and maximum, minimum and mean over an index."""
        body: Expression = node
        letters: list[str] = []
        within, outside = dict(ranges), set(self.running)
        reduction = str(dict(node.options)["reduction"])
        while _is_sum(body) and (options := dict(body.options))["reduction"] == reduction:
            for letter in str(options["letters"]):
                if letter in letters:
                    raise Trouble(f"The index {letter} has two sums, one in the other.", body.span)
                letters.append(letter)
                self.running.add(letter)
                within.pop(letter, None)
                self.sizes.pop(letter, None)
                if "first" in options:
                    within[letter] = checked_range(str(options["first"]), str(options["last"]), body.span)
            body = body.arguments[0]
        terms = _factors_of(body) if reduction == "sum" else [body]
        factors = [self.lower(term, within) for term in terms]
        if reduction == "sum" and len(letters) == 1 and (whole := self.outer_products(body, within)) is not None:
            self.sizes.pop(letters[0], None)
            self.running = outside
            return whole
        self.running = outside
        self.check_factors(node, terms, factors)
        for letter in letters:
            if not any(letter in factor.letters for factor in factors):
                done = "multiplied" if reduction == "prod" else "summed"
                raise Trouble(f"This is {done} over {letter}, but nothing in it has the index {letter}.", node.span)
        for letter in reversed(letters):
            if any(letter in factor.letters for factor in factors):
                factors = self.contracted(factors, letter, letters, reduction, node)
            self.sizes.pop(letter, None)
        return self.multiplied(factors, node)

    def outer_products(self, body: Expression, ranges: Mapping[str, IndexRange]) -> Indexed | None:
        """The sum of `x_i y_i^T`; None for other terms."""
        if not isinstance(body, Apply) or body.operation != "outer":
            return None
        return matrix_of_outer_products([self.lower(argument, ranges) for argument in body.arguments], body.span)

    def check_factors(self, node: Apply, terms: Sequence[Expression], factors: Sequence[Indexed]) -> None:
        """Raise Trouble for a factor that is an array without subscripts, unless it may go with a row."""
        if len(terms) == 1 or any(factor.rank for factor in factors):
            return
        indexed = next((factor for factor in factors if factor.letters), Indexed(node, ("i",)))
        for factor, term in zip(factors, terms, strict=True):
            if not factor.letters and self.shape(factor.tree):
                self.check_whole(Apply("mul", (term, node)), [factor, indexed])

    def contracted(
        self, factors: list[Indexed], letter: str, letters: Sequence[str], reduction: str, node: Apply
    ) -> list[Indexed]:
        """The factors with the one index summed away."""
        having = [factor for factor in factors if letter in factor.letters]
        at = factors.index(having[0])
        rest = [factor for factor in factors if letter not in factor.letters]
        before = [factor for factor in factors[:at] if factor in rest]
        made = None
        if len(having) == 2 and reduction == "sum":
            made = _matrix_product(having, letter) or weighted_rows(having[0], having[1], letter, node.span)
        if made is None:
            whole = self.multiplied(having, node)
            gone = tuple(
                one for one in whole.letters if one == letter or (one in letters and not _elsewhere(one, rest))
            )
            everything = set(gone) == set(whole.letters) and not whole.rank
            gone = whole.letters if everything else (letter,)
            axis = () if everything else (("axis", whole.letters.index(letter)),)
            sign = {"largest": "max", "smallest": "min"}.get(reduction, reduction)
            tree = Apply(reduction, (whole.tree,), axis, node.span, sign)
            made = Indexed(tree, tuple(one for one in whole.letters if one not in gone), whole.rank)
        return [*before, made, *rest[len(before) :]]

    def multiplied(self, factors: Sequence[Indexed], node: Apply) -> Indexed:
        made = factors[0]
        for factor in factors[1:]:
            product = Apply("mul", (made.tree, factor.tree), (), node.span, "*")
            made = self.applied(product, [made, factor], {})
        return made

    def count(self, node: Apply) -> Expression:
        """`range(len(y))`."""
        counted = node.arguments[0]
        shape = self.shape(counted)
        if not shape:
            raise Trouble("Write range(3) with the number of rows.", node.span)
        return vector_of(range(shape[0]), node.span)

    def shape(self, tree: Expression) -> Shape | None:
        return shape_of_tree(tree, self.arrays)


def _factors_of(body: Expression) -> list[Expression]:
    """The factors of a product."""
    if isinstance(body, Apply) and body.operation == "mul":
        return [*_factors_of(body.arguments[0]), *_factors_of(body.arguments[1])]
    return [body]


def _matrix_product(factors: Sequence[Indexed], letter: str) -> Indexed | None:
    """Two factors that share this index alone, at most two axes each, as a product with @; None for others."""
    left, right = factors
    if left.rank or right.rank:
        return None
    kept = (*(one for one in left.letters if one != letter), *(one for one in right.letters if one != letter))
    if max(len(left.letters), len(right.letters)) != 2 or len(set(kept)) < len(kept):
        return None
    one = transposed(left.tree) if len(left.letters) == 2 and left.letters[0] == letter else left.tree
    other = transposed(right.tree) if len(right.letters) == 2 and right.letters[1] == letter else right.tree
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    return Indexed(Apply("matmul", (one, other), (), span, "@"), kept)


def _elsewhere(letter: str, factors: Sequence[Indexed]) -> bool:
    return any(letter in factor.letters for factor in factors)


def _index(tree: Expression, at: Positions, span: Span) -> Apply:
    return Apply("index", (tree,), (("at", at),), span, "[")


def _first_index(tree: Expression, arrays: Arrays) -> int:
    """0 where a subscript or the start of a sum is 0, else 1."""
    for node in walk(tree):
        if not isinstance(node, Apply) or node.operation not in (ENTRY, OVER):
            continue
        options = dict(node.options)
        if node.operation == OVER:
            if options.get("first") == "0":
                return 0
            continue
        text = str(options["at"])
        axes = len(shape_of_tree(node.arguments[0], arrays) or ())
        places = text.split(SUBSCRIPT_COMMA) if SUBSCRIPT_COMMA in text else [text] if axes == 1 else [*text]
        if "0" in places:
            return 0
    return 1


def _said_of_free(lowered: Indexed, tree: Expression, arrays: Arrays) -> str:
    """What the axes of an array with free indices are. Raises Trouble where their order is not the alphabet's."""
    letters, span = lowered.letters, tree.span
    summed = {letter for node in walk(tree) if _is_sum(node) for letter in str(dict(node.options)["letters"])}
    for letter in letters:
        if letter in summed:
            message = f"The index {letter} is in a sum and outside of it."
            raise Trouble(f"{message} Put brackets around what is summed, or use another letter.", span)
        if letter not in _FREE:
            entry = f"the entry that {letter} counts from 0 write x[{letter}]"
            entry = entry if letter in arrays.of else "the last entry write x[-1]"
            raise Trouble(f"No sum runs over {letter} here. For {entry}; Σ_{letter} sums.", span)
    if len(letters) == 1:
        return f"{letters[0]} numbers its {'rows' if lowered.rank else 'entries'}"
    if list(letters) != sorted(letters):
        message = f"The indices {', '.join(letters)} are free, and it is open which of them numbers the rows."
        raise Trouble(f"{message} Write it with arrays, as in outer(u, v).", span)
    return f"its axes are {', '.join(letters)}"


def _is_sum(node: Expression) -> TypeGuard[Apply]:
    return isinstance(node, Apply) and node.operation == OVER

"""Which names can be read where, and what kind of thing each holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tutor.diagnosis.child.edit import Names, is_module, number
from tutor.diagnosis.child.sites import (
    PARAMETER,
    TOTAL,
    CodeStatement,
    Part,
    names_of,
    spelled,
    targets_of,
)
from tutor.diagnosis.child.watch import Evidence, mark_of

_MOST = {"values": 16, "gradients": 12, "sizes": 4, "masks": 4}
"""How many names of each kind are tried in a statement, in the order of `Names`."""


class NamePools:
    """Which names can be read where, and what kind of thing each holds."""

    def __init__(self, found: Sequence[CodeStatement], evidence: Sequence[Evidence], log: Mapping[Part, list[Any]],
                 forward: set[Part] | None, constants: Sequence[float]) -> None:  # fmt: skip
        self._all = found
        self._constants = tuple(number(each) for each in constants)
        self._values: dict[tuple[int, str], tuple[Any, bool]] = {}
        self._since: dict[tuple[int, str], int] = {}
        self._made: dict[int, Names] = {}
        self._read: dict[int, tuple[frozenset[str], tuple[str, ...]]] = {}
        kept = {mark_of([log[part][-1]]) for part in forward or ()}
        ends: dict[int, int] = {}
        for at, _ in forward or ():
            if not isinstance(found[at].node, ast.Return):
                ends[id(found[at].function)] = max(at, ends.get(id(found[at].function), 0))
        for each in evidence:
            statement = found[each.part[0]]
            if each.part in (forward or ()):  # an array is of the forward pass if one of its entries is
                for target in targets_of(statement.node):
                    scope = self._scope(statement, statement, spelled(target))
                    if isinstance(target, ast.Subscript) and (scope, spelled(target)) in self._values:
                        self._values[scope, spelled(target)] = self._values[scope, spelled(target)][0], True
            for name, value in _named(statement.node, each.part[1], log[each.part][-1]):
                scope = self._scope(statement if each.part[1] < PARAMETER else None, statement, name)
                is_forward = not _looks_like_gradient(name)
                if forward is not None:  # what is kept of the forward pass, or computed amid it, is of it too
                    is_forward = each.part in forward or mark_of([value]) in kept
                    is_forward |= statement.number < ends.get(id(statement.function), 0)
                known = self._values.get((scope, name))
                self._since.setdefault((scope, name), -1 if each.part[1] >= PARAMETER else statement.number)
                self._values[scope, name] = value, is_forward or bool(known and known[1])

    def _scope(self, within: CodeStatement | None, statement: CodeStatement, name: str) -> int:
        """The function, or the class for an attribute or a key, that a name belongs to."""
        if statement.classes and ("." in name or "[" in name):
            return id(statement.classes[0])
        if within is None:
            return id(statement.node)
        return id(statement.function) if statement.function is not None else 0

    def names_at(self, statement: CodeStatement) -> Names:
        """The names that may stand in a statement: those that it reads already first; of equal values one."""
        where = statement.number
        if where not in self._made:
            self._made[where] = self._names(statement)
        return self._made[where]

    def _names(self, statement: CodeStatement) -> Names:
        scopes = [0, *(id(each) for each in reversed(statement.around))]
        known = {
            name: value for scope in scopes for (at, name), value in self._values.items() if at == scope
            and (statement.loops or at != id(statement.function) or self._since[at, name] < statement.number)
        }  # fmt: skip
        own = {spelled(each) for each in targets_of(statement.node) if isinstance(each, ast.Name)}
        # What is filled entry by entry was seen when it was made: that it was like another says nothing.
        filled = {
            spelled(target) for each in self._all if each.function is statement.function
            for target in targets_of(each.node) if isinstance(target, ast.Subscript)
        }  # fmt: skip
        read = {spelled(each) for each in ast.walk(statement.node) if isinstance(each, ast.expr)}
        pools: dict[str, list[tuple[str, Any]]] = {pool: [] for pool in _MOST}
        for name in sorted(known, key=lambda each: each not in read):
            value, is_forward = known[name]
            if not isinstance(value, np.ndarray) or (name in own and name not in read):
                continue
            chosen = pools[_pool_of(name, value, is_forward)]
            same = (other for old, other in chosen if {old, name}.isdisjoint(filled))
            if not any(mark_of([value]) == mark_of([other]) and np.shape(value) == np.shape(other) for other in same):
                chosen.append((name, value))
        for name in (*self._elements(statement), *self._attributes(statement)):
            value, is_forward = known.get(name) or _alike(name, known)
            if name not in known and (value is None or isinstance(value, np.ndarray)):
                pools["values" if is_forward else "gradients"].append((name, None))
        values, gradients, sizes, masks = (
            tuple(_expression(name) for name, _ in pools[pool][:most]) for pool, most in _MOST.items()
        )
        texts = frozenset(name for name, _ in pools["gradients"])
        indices = tuple(each.target for each in statement.loops if isinstance(each, ast.For))
        indices = tuple(_expression(each.id) for each in indices if isinstance(each, ast.Name))
        return Names(values, gradients, sizes, masks, self._constants, indices, texts)

    def _elements(self, statement: CodeStatement) -> list[str]:
        """`x[i]`, `dk[j]`: what the same function reads entry by entry, for a statement that does so too."""

        def read(node: ast.AST) -> list[str]:
            return [
                ast.unparse(part) for part in ast.walk(node)
                if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Load)
                and isinstance(part.slice, ast.Name | ast.Tuple) and isinstance(part.value, ast.Name)
            ]  # fmt: skip

        if isinstance(statement.node, ast.For | ast.While) or not read(statement.node) or statement.function is None:
            return []
        return list(dict.fromkeys(read(statement.function)))[:12]

    def _attributes(self, statement: CodeStatement) -> list[str]:
        """`out.grad`, `other.data`: what methods of the same class read of the objects that can be seen here."""
        functions = [each for each in statement.around if isinstance(each, ast.FunctionDef)]
        seen = {name for each in functions for name in self._read_in(each)[0]}
        read = self._read_in(statement.classes[0])[1] if statement.classes else ()
        return [each for each in read if each.partition(".")[0] in seen][:12]

    def _read_in(self, scope: ast.FunctionDef | ast.ClassDef) -> tuple[frozenset[str], tuple[str, ...]]:
        """The names in a scope, and the attributes of names that are read there and not called."""
        if id(scope) not in self._read:
            parts = list(ast.walk(scope))
            names = frozenset(
                part.id if isinstance(part, ast.Name) else part.arg
                for part in parts if isinstance(part, ast.Name | ast.arg)
            )  # fmt: skip
            called = {spelled(part.func) for part in parts if isinstance(part, ast.Call)}
            read = dict.fromkeys(
                spelled(part) for part in parts if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Load)
                and isinstance(part.value, ast.Name) and not is_module(part.value)
            )  # fmt: skip
            self._read[id(scope)] = names, tuple(each for each in read if each not in called)
        return self._read[id(scope)]


def _alike(name: str, known: Mapping[str, tuple[Any, bool]]) -> tuple[Any, bool]:
    """What is known of a name by another: `other.data` is to another object what `self.data` is to this one.

    The second is whether it is of the forward pass, by its spelling where nothing is known.
    """
    own = known.get(f"self.{name.partition('.')[2]}") or known.get(name.partition("[")[0])
    return (own[0], own[1] and "grad" not in name) if own is not None else (None, not _looks_like_gradient(name))


def _pool_of(name: str, value: Any, is_forward: bool) -> str:
    """What kind of thing an array is, as `Names` has them."""
    if value.dtype.kind == "b":
        return "masks"
    if value.dtype.kind in "iu" and value.ndim == 0:
        return "sizes"
    return "values" if is_forward and "grad" not in name else "gradients"


def _expression(name: str) -> ast.expr:
    return ast.parse(name, mode="eval").body


def _looks_like_gradient(name: str) -> bool:
    last = name.split("[")[0].split(".")[-1]
    return last.startswith(("d", "g", "delta", "up")) or "grad" in name


def _named(node: ast.stmt, at: int, value: Any) -> Iterator[tuple[str, Any]]:
    """The names that a value goes to, each with its own; what an array is after an entry was set is left out."""
    if isinstance(node, ast.Return) or (at == TOTAL and not isinstance(node, ast.AugAssign)):
        return
    names = names_of(node, at)
    if len(names) < 2 or not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple | ast.List):
        yield from ((name, value) for name in names if name)
    elif isinstance(value, tuple) and len(value) == len(names):
        each_own = zip(names, value, strict=True)
        yield from ((name, part) for name, part in each_own if name and isinstance(part, np.ndarray))

"""Which line of an operation's class is wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tutor.engine.values import Value
from tutor.questions.code.comparing import received, same
from tutor.questions.code.lines.blaming import blamed, heads_in
from tutor.questions.code.lines.in_place import line_changing
from tutor.questions.code.lines.known import KnownAtCall, parts_of, seen_of
from tutor.questions.code.lines.mending import worked_out
from tutor.questions.code.lines.reading import Definition, ProgramReading, class_in, dotted, function_in, parsed, read
from tutor.questions.code.lines.saying import Doubt
from tutor.questions.code.lines.sources import names_a_slope
from tutor.questions.code.op_text import starter_text
from tutor.questions.code.op_uses import OperationUse, OpSpec, gradients_of
from tutor.questions.code.operations import wrong_ways
from tutor.questions.code.slips import CodeMistake
from tutor.runner import Call
from tutor.runner import Value as Sent

_SIGNS = frozenset({"sub_lost_sign", "sign_flipped", "div_den_sign"})
_OF_SHAPE = frozenset({"bias_no_sum", "bias_keepdims", "bias_sum_all", "grad_transposed", "stale_cache", "wrong_order"})


@dataclass(frozen=True)
class OpLines:
    """The class's two methods, read; None for what cannot be."""

    spec: OpSpec
    forward: ProgramReading | None
    backward: ProgramReading | None
    tree: ast.Module | None

    @classmethod
    def of(cls, text: str, spec: OpSpec) -> OpLines:
        """Read the learner's program. Raises nothing."""
        tree = parsed(text)
        owner = class_in(tree, spec.name) if tree else None
        if tree is None or owner is None:
            return cls(spec, None, None, tree)
        methods = [function_in(owner.body, name) for name in ("forward", "backward")]
        readings = [read(tree, method) if method is not None else None for method in methods]
        return cls(spec, readings[0], readings[1], tree)

    def of_forward(self, call: Call, use: OperationUse) -> tuple[int, ...]:
        """The lines among which is the one that makes forward's value wrong."""
        if self.forward is None:
            return ()
        known = KnownAtCall({"out": use.output}, parts_of(forward_parts(use)), claims_out, self._given())
        return blamed(self.forward, call, known, Doubt(0, (), ("out",)))

    def of_gradient(
        self, call: Call, use: OperationUse, name: str, right: tuple[str, ...], slip: CodeMistake | None
    ) -> tuple[int, ...]:
        """The lines among which is the one that makes a gradient wrong, given those that are right."""
        if self.forward is None or self.backward is None:
            return ()
        if slip is not None and slip.mistake == "stale_cache":
            return self._kept_elsewhere()
        names = tuple(use.gradients)
        known = KnownAtCall(use.gradients, parts_of(backward_parts(self.spec, use)), claims_of(names), self._given())
        kept = _contents(call, self.backward)
        stored = self._wrongly_stored(kept, known, use, names.index(name))
        if stored is None:
            return ()
        if stored:
            return stored
        told = slip is not None and slip.mistake not in _OF_SHAPE
        doubt = Doubt(
            names.index(name),
            tuple(map(names.index, right)),
            names,
            loops_hold=told,
            reads={self.backward_context: _as_values(kept)},
            clears=lambda each: self._is_fetch(each, use),
        )
        lines = blamed(self.backward, call, known, doubt)
        if len(lines) > 1 and slip is not None:
            return self._narrowed(lines, call, use, name, slip) or lines
        return lines

    def changing(self, method: str, name: str) -> tuple[int, ...]:
        """The line of a method that changes an argument in place."""
        reading = self.forward if method == "forward" else self.backward
        return line_changing(reading, name) if reading else ()

    def returning(self) -> tuple[int, ...]:
        """The line on which backward returns."""
        return self.backward.returning if self.backward else ()

    def returns_in_order(self, name: str) -> bool:
        """Whether what is returned in this gradient's place is a variable that is called so."""
        names = tuple(f"g{each}" for each in self.spec.entry.arguments)
        value = self.backward.returns[0][0].value if self.backward and len(self.backward.returns) == 1 else None
        if not isinstance(value, ast.Tuple) or len(value.elts) != len(names):
            return False
        element = value.elts[names.index(name)]
        return isinstance(element, ast.Name) and claims_of(names)(element.id) == name

    @property
    def backward_context(self) -> str:
        """What backward calls its context."""
        return _context_name(self.backward) if self.backward else ""

    def _given(self) -> frozenset[str]:
        return heads_in(
            starter_text(self.spec.entry, self.spec.name, self.spec.broadcast).replace("\n        \n", "\n")
        )

    def _kept_elsewhere(self) -> tuple[int, ...]:
        """Where forward keeps what backward reads, if not in its context."""
        assert self.forward is not None
        lines = set()
        for each in self.forward.definitions:
            if isinstance(each.target, ast.Attribute) and not each.name.startswith(self.forward.parameters[0] + "."):
                lines.add(each.line)
        outer = {
            name
            for node in ast.walk(self.tree or ast.Module([], []))
            if isinstance(node, ast.Global)
            for name in node.names
        }
        lines |= {each.line for each in self.forward.definitions if each.name in outer}
        return tuple(sorted(lines)) if len(lines) == 1 else ()

    def _is_fetch(self, definition: Definition, use: OperationUse) -> bool:
        """Whether a line of backward takes the right thing out of context."""
        if not _keys_in(definition.value, self.backward):
            return False
        if not isinstance(definition.value, ast.Subscript):
            return False
        key = definition.value.slice
        meant = isinstance(key, ast.Constant) and key.value in use.arguments and definition.name in use.arguments
        return not meant or (isinstance(key, ast.Constant) and key.value == definition.name)

    def _wrongly_stored(
        self, kept: Mapping[object, Sent], known: KnownAtCall, use: OperationUse, position: int
    ) -> tuple[int, ...] | None:
        """The line of forward that put something wrong into context; () for none, None where it is unclear."""
        assert self.forward is not None and self.backward is not None
        twice = self._kept_twice(kept, use)
        if twice:
            return twice
        keys = [key for each in self._expressions() for key in _keys_in(each, self.backward)]
        for key in dict.fromkeys(keys):
            if key not in kept:
                return None
            stores = [each for each in self.forward.definitions if key in _key_of(each, self.forward)]
            claimed = key in use.arguments or key == "out"
            if _stored_right(key, kept[key], known, use):
                if claimed or not self._is_read_rightly(key, kept, known, position):
                    continue
                # Right as something: it may be meant to be something else, or be taken up wrongly.
                return (stores[0].line,) if len(stores) == 1 and names_a_slope(str(key)) else None
            if len(stores) != 1 or not (claimed or self._is_read_rightly(key, kept, known, position)):
                return None
            made = self.forward.of(stores[0].value.id) if isinstance(stores[0].value, ast.Name) else []
            return (made[0].line if len(made) == 1 and not claimed else stores[0].line,)
        return ()

    def _kept_twice(self, kept: Mapping[object, Sent], use: OperationUse) -> tuple[int, ...]:
        """The lines that keep one argument twice, where another is not kept at all."""
        assert self.forward is not None
        leaves = [leaf for sent in kept.values() for leaf in _leaves(sent)]
        count = {name: sum(same(leaf, value) for leaf in leaves) for name, value in use.arguments.items()}
        if any(key in use.arguments for key in kept) or sorted(count.values()) != [0, 2]:
            return ()
        stores = [each for each in self.forward.definitions if each.name == _context_name(self.forward)]
        return tuple(sorted({each.line for each in stores}))

    def _is_read_rightly(self, key: object, kept: Mapping[object, Sent], known: KnownAtCall, position: int) -> bool:
        """Whether what is returned would be right, were something else kept under this key."""
        assert self.backward is not None
        truth = list(known.names.values())[position]
        now = received(kept[key])
        for each in (*known.names.values(), *known.parts):
            if now is None or not same(each, now):
                made = self._returned({**_as_values(kept), key: each}, known, position)
                if made is not None and same(made, truth):
                    return True
        return False

    def _returned(self, kept: Mapping[object, object], known: KnownAtCall, position: int) -> Value | None:
        """What backward returns at a position with these values in context; None where that cannot be worked out."""
        assert self.backward is not None
        at: dict[str, object] = {**self._upstream(known), self.backward_context: kept}
        for each in self.backward.definitions:
            made = None if each.controls or not isinstance(each.target, ast.Name) else worked_out(each.value, at)
            if made is None:
                return None
            at[each.name] = made
        value = self.backward.returns[0][0].value if len(self.backward.returns) == 1 else None
        parts = value.elts if isinstance(value, ast.Tuple) else [value]
        part = parts[position] if len(parts) == len(known.names) else None
        return worked_out(part, at) if part is not None else None

    def _upstream(self, known: KnownAtCall) -> dict[str, Value]:
        """goutput, by the name it has in backward."""
        assert self.backward is not None
        return {self.backward.parameters[-1]: known.parts[0]}

    def _expressions(self) -> Iterator[ast.expr]:
        assert self.backward is not None
        yield from (each.value for each in self.backward.definitions)
        yield from (each[0].value for each in self.backward.returns if each[0].value is not None)

    def _narrowed(
        self, lines: tuple[int, ...], call: Call, use: OperationUse, name: str, slip: CodeMistake
    ) -> tuple[int, ...]:
        """Of several lines the one whose own value shows the slip already."""
        assert self.backward is not None
        definitions = sorted((each for each in self.backward.definitions if each.line in lines), key=lambda d: d.order)
        shown = list(shown_by(self.spec, use, name, slip))
        for each in definitions:
            values = [received(sent) for sent in seen_of(call, each)]
            if any(value is not None and same(value, other) for value in values for other in shown):
                later = [other for other in definitions if other.order > each.order]
                pure = all(isinstance(other.value, ast.Call | ast.Name) for other in later)
                return (each.line,) if pure or slip.mistake not in _SIGNS else ()
        return ()


def _as_values(kept: Mapping[object, Sent]) -> dict[object, object]:
    values = {key: received(sent) for key, sent in kept.items()}
    return {key: value for key, value in values.items() if value is not None}


def _contents(call: Call, backward: ProgramReading) -> Mapping[object, Sent]:
    local = call.locals.get(backward.parameters[0]) if backward.parameters else None
    if local is None and len(backward.parameters) > 1:
        local = call.locals.get(backward.parameters[1])
    return local.value if local is not None and isinstance(local.value, dict) else {}


def _context_name(reading: ProgramReading) -> str:
    names = [name for name in reading.parameters if name not in ("self", "cls")]
    return names[0] if names else ""


def _keys_in(value: ast.AST, reading: ProgramReading | None) -> list[object]:
    """The keys that an expression reads from context."""
    if reading is None:
        return []
    return [
        part.slice.value for part in ast.walk(value)
        if isinstance(part, ast.Subscript) and dotted(part.value) == _context_name(reading)
        and isinstance(part.slice, ast.Constant)
    ]  # fmt: skip


def _key_of(definition: Definition, reading: ProgramReading) -> list[object]:
    return _keys_in(definition.target, reading) if definition.target is not None else []


def _stored_right(key: object, sent: Sent, known: KnownAtCall, use: OperationUse) -> bool:
    if key in use.arguments:
        value = received(sent)
        return value is not None and same(value, use.arguments[str(key)])
    if key == "out":
        value = received(sent)
        return value is not None and same(value, use.output)
    if isinstance(sent, (tuple, list)):
        if all(isinstance(each, int) for each in sent):
            return tuple(sent) in _shapes(use)
        return all(_stored_right("", each, known, use) for each in sent)
    if isinstance(sent, int) and sent in (*use.keywords.values(), *(size for shape in _shapes(use) for size in shape)):
        return True
    return known.right("", sent)


def _shapes(use: OperationUse) -> list[tuple[int, ...]]:
    return [np.shape(each) for each in (*use.arguments.values(), use.output)]


def _leaves(sent: Sent) -> Iterator[Value]:
    """The arrays and numbers in what is kept."""
    if isinstance(sent, (tuple, list)):
        for each in sent:
            yield from _leaves(each)
    elif (value := received(sent)) is not None:
        yield value


def forward_parts(use: OperationUse) -> Iterator[object]:
    """Values that may come up in forward."""
    yield from use.arguments.values()
    yield from (np.asarray(np.shape(each)) for each in use.arguments.values())
    yield from use.keywords.values()
    for each in use.arguments.values():
        yield from (-np.asarray(each), np.exp(-np.asarray(each)), 1 + np.exp(-np.asarray(each)), 1 / np.asarray(each))


def backward_parts(spec: OpSpec, use: OperationUse) -> Iterator[object]:
    """Values that may come up in backward: goutput first."""
    arguments = tuple(use.arguments.values())
    u, out = np.asarray(use.upstream), np.asarray(use.output)
    yield from (u, out, -u, 1 - out, out * (1 - out))
    yield from forward_parts(use)
    yield from spec.entry.vjps(use.upstream, *arguments, **use.keywords)
    yield from spec.entry.vjps(np.ones_like(u), *arguments, **use.keywords)
    for each in (*arguments, u):
        yield from (np.transpose(each), np.asarray(np.shape(each)), np.ndim(each))
        if np.ndim(each) > 1:
            yield np.swapaxes(each, -1, -2)
    if spec.op == "div":
        a, b = map(np.asarray, arguments)
        yield from (np.square(b), a / b, u * a, np.ones_like(u))
    if spec.op == "row-sum":
        yield from (u[:, None], np.ones(np.shape(arguments[0])))


def claims_out(name: str) -> str:
    """The claim to be what forward returns, by a name."""
    return "out" if name in ("out", "output", "result") else ""


def claims_of(names: tuple[str, ...]) -> Callable[[str], str]:
    """Which of these gradients a name claims to be: `ga` is `da`, `grad_a`, `a_grad` as well; "" for none."""

    def claimed(name: str) -> str:
        plain = name.lower().removesuffix("_grad").removesuffix("grad").removesuffix("_gradient")
        for start in ("grad_", "gradient_", "dl_d", "dl", "grad", "g_", "d_", "g", "d", ""):
            rest = plain.removeprefix(start)
            if plain.startswith(start) and rest != name.lower() and f"g{rest}" in names:
                return f"g{rest}"
        return ""

    return claimed


def shown_by(spec: OpSpec, use: OperationUse, name: str, slip: CodeMistake) -> Iterator[Value]:
    """The values on the way that show the slip: before it is summed back, and without the upstream."""
    arguments = tuple(use.arguments.values())
    for upstream in (use.upstream, np.ones_like(np.asarray(use.upstream))):
        for about, mistake, value, _ in wrong_ways(spec.op, upstream, arguments, use.keywords):
            if f"g{about}" == name and mistake == slip.mistake:
                yield from parts_of([value])
        if slip.mistake == "sign_flipped":
            yield from parts_of([-gradients_of(spec.entry, upstream, arguments, use.keywords)[name]])

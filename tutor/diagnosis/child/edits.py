"""Single changes to a statement, the likeliest first: each is one way in which a line may have gone wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tutor.diagnosis.child.bookkeeping import is_seed, of_bookkeeping
from tutor.diagnosis.child.edit import FACTOR, OF_ALIASES, RISES, Edit, Names, number, written
from tutor.diagnosis.child.expressions import of_expressions
from tutor.diagnosis.child.sites import FUNCTIONS, CodeStatement, Replacing, spelled, with_

_OF_TESTS = frozenset({"comparison", "constant", "index", "missing_term", "test_turned", "wrong_cache"})
"""Kinds of changes that are tried in a test."""

_ANOTHER_WAY = 0.8


def edits_of(statement: CodeStatement, names: Names, ceiling: float = 9.0) -> list[Edit]:
    """The single changes to a statement, the likeliest first; none that cost more than the ceiling."""
    found = [*_of_statement(statement, names), *of_expressions(statement.node, replace(names, ceiling=ceiling))]
    if isinstance(statement.node, ast.If | ast.While):  # another way through the program mends nothing by itself
        found = [replace(edit, cost=edit.cost + _ANOTHER_WAY) for edit in found if edit.kind in _OF_TESTS]
    found = [edit for edit in found if edit.cost <= ceiling and edit.kind not in OF_ALIASES]
    return sorted(found, key=lambda edit: edit.cost)


OF_SIGNS = frozenset({"extra_sign", "sign_flipped"})
"""Changes to lines whose value may be right all the same: a square loses the sign."""


def alias_edits(statement: CodeStatement) -> list[Edit]:
    """The changes to what a statement does to other names for the same array."""
    return [edit for edit in _of_statement(statement, Names()) if edit.kind in OF_ALIASES]


def _of_statement(statement: CodeStatement, names: Names) -> Iterator[Edit]:
    node = statement.node
    if isinstance(node, ast.Assign):
        yield from _of_assignment(node)
    elif isinstance(node, ast.AugAssign):
        yield from _of_augmented(node)
    elif isinstance(node, ast.For | ast.While):
        yield from _of_loop(statement)
    elif isinstance(node, ast.If):
        turned = with_(node, test=ast.UnaryOp(ast.Not(), node.test))
        says = "the test {0} is the wrong way round"
        yield Edit("test_turned", 2, says, "When is it true?", node.test, made=(turned,))
    elif isinstance(node, ast.Expr):
        yield from _of_call_alone(node)
    if isinstance(node, ast.Assign | ast.AugAssign):
        yield from _more_to_do(node, names)
        yield from _overwritten(statement)


def _of_assignment(node: ast.Assign) -> Iterator[Edit]:
    target = node.targets[0]
    if len(node.targets) > 1 and not isinstance(node.value, ast.Constant):
        apart = tuple(ast.Assign([each], node.value) for each in node.targets)
        said = "after it {0} and {1} are one array: what changes one changes the other"
        yield Edit("changed_through_alias", 0, said, "How does each get an array of its own?",
                   node, shown=(node.targets[0], node.targets[-1]), made=apart)  # fmt: skip
    elif isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
        yield added_to(node)
        less = (ast.AugAssign(target, ast.Sub(), node.value),)
        says, asks = "= replaces what was in {0}; -= subtracts from it", "What is there already?"
        yield Edit("overwrote_branch", 1.2, says, asks, node, shown=(target,), made=less)
        if isinstance(node.value, ast.Call) and not node.value.args and isinstance(node.value.func, ast.Name):
            says = "it calls {0} at once and keeps what comes of it, not the function"
            made = with_(node, value=node.value.func)
            yield Edit("called_for_function", 0.4, says, "What do the brackets do?", node, shown=(node.value.func,),
                       made=(made,))  # fmt: skip
        if isinstance(node.value, ast.Name | ast.Attribute | ast.Subscript):
            copied = ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "array", ast.Load()), [node.value], [])
            says = "after it {0} and {1} are one array: what changes one changes the other"
            yield Edit("changed_through_alias", 0.8, says, "How does each get an array of its own?", node,
                       shown=(target, node.value), made=(with_(node, value=copied),))  # fmt: skip
    if isinstance(target, ast.Tuple) and len(target.elts) == 2:
        swapped = with_(target, elts=target.elts[::-1])
        yield Edit("swapped", 1, "{0} and {1} are the wrong way round", "In which order do they come?", node,
                   shown=tuple(target.elts), made=(with_(node, targets=[swapped, *node.targets[1:]]),))  # fmt: skip


def added_to(node: ast.stmt) -> Edit:
    """`+=` for `=`."""
    assert isinstance(node, ast.Assign)
    target = node.targets[0]
    assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
    says, asks = "= takes the place of what was in {0}; += keeps it", "What is there already, and what arrives as well?"
    made = ast.AugAssign(target, ast.Add(), node.value)
    return Edit("overwrote_branch", 0.5, says, asks, node, shown=(target,), made=(made,))


_AUGMENTED: dict[type[ast.operator], str] = {
    ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/=", ast.MatMult: "@=", ast.Pow: "**=",
}  # fmt: skip


def _of_augmented(node: ast.AugAssign) -> Iterator[Edit]:
    target, sign = node.target, _AUGMENTED.get(type(node.op), "")
    loaded = with_(target, ctx=ast.Load())
    if isinstance(target, ast.Subscript) and isinstance(node.op, ast.Add):
        added = ast.Attribute(ast.Attribute(ast.Name("np", ast.Load()), "add", ast.Load()), "at", ast.Load())
        one = ast.Expr(ast.Call(added, [target.value, target.slice, node.value], []))
        says = "{0} keeps only the last of the rows that an index names twice"
        asks = "np.add.at adds every one: what does a value used twice get?"
        yield Edit("repeated_rows", 0, says, asks, node, shown=(node,), made=(one,))
    made = ast.Assign([target], ast.BinOp(loaded, node.op, node.value))
    says = "{0} changes the array in place, and with it every other name for it"
    asks = f"{written(target)} = {written(target)} {sign[:-1]} ... makes a new one."
    yield Edit("changed_through_alias", 0.2, says, asks, node, shown=(node,), made=(made,))
    plain = ast.Assign([target], node.value)
    yield Edit("added_for_set", 1.5, "it has " + sign + " where = sets {0}", "What was in it before?", node,
               shown=(target,), made=(plain,))  # fmt: skip
    for op, other in _AUGMENTED.items():
        if other != sign and {sign, other} & {"+=", "-=", "/=", "*="} and "@" not in other and "**" not in other:
            near = {sign, other} in ({"+=", "-="}, {"*=", "/="})
            kind = "sign_flipped" if {sign, other} == {"+=", "-="} else "operator"
            yield Edit(kind, 1 if near else 2.2, f"it has {sign} instead of {other}", RISES if near else "", node,
                       made=(with_(node, op=op()),))  # fmt: skip
    yield Edit("extra_statement", 2.5, "{0} should not be there", "Where does it come from?", node, shown=(node,),
               made=(ast.Pass(),))  # fmt: skip


def _overwritten(statement: CodeStatement) -> Iterator[Edit]:
    """A variable that is given another value, where a later line needs the one before."""
    node, block = statement.node, statement.block
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    if not isinstance(target, ast.Name) or not isinstance(block[-1], ast.Return):
        return
    at = block.index(node)
    before = {part.id for each in block[:at] for part in ast.walk(each) if isinstance(part, ast.Name)}
    given = {each.arg for each in statement.function.args.args} if isinstance(statement.function, FUNCTIONS) else set()
    reads = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}  # type: ignore[attr-defined]
    if target.id not in given and (target.id not in before or target.id in reads):
        return  # `g = g * ...` goes on with what it has: nothing is lost
    kept, later = ast.Name(f"{target.id}_before_", ast.Load()), block[at + 1 :]
    save = ast.Assign([with_(kept, ctx=ast.Store())], ast.Name(target.id, ast.Load()))
    changed = [_with_before(each, target.id, kept) for each in later]
    readers = [number for number, each in enumerate(changed) if each is not later[number]]
    tried = [{one} for one in readers] + [set(readers[number:]) for number in range(len(readers) - 1)]
    for chosen in tried:
        made = [changed[number] if number in chosen else each for number, each in enumerate(later)]
        line = ast.Constant(min(later[number].lineno for number in chosen))
        says = "it takes the place of the {0} that line {1} needs"
        yield Edit("overwritten_input", 0.4, says, "Which name could the new value have?", node,
                   shown=(ast.Name(target.id, ast.Load()), line), made=(save, node, *made))  # fmt: skip


def _with_before(node: ast.stmt, name: str, kept: ast.expr) -> ast.stmt:
    places = {
        id(part): kept for part in ast.walk(node)
        if isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load)
    }  # fmt: skip
    made = Replacing(places).visit(node) if places else node
    assert isinstance(made, ast.stmt)
    return made


def _of_loop(statement: CodeStatement) -> Iterator[Edit]:
    node = statement.node
    assert isinstance(node, ast.For | ast.While)
    if isinstance(node.body[-1], ast.Return) and len(node.body) > 1:
        made = with_(node, body=node.body[:-1])
        says = "it is inside the loop: the function ends after the first turn"
        yield Edit("return_in_loop", 0, says, "Where does it go?", node.body[-1], made=(made, node.body[-1]))
    if isinstance(node, ast.For):
        call, says = node.iter, "it goes through {0} in the wrong order"
        if isinstance(call, ast.Call) and spelled(call.func) == "reversed":
            made = with_(node, iter=call.args[0])
            yield Edit("walk_reversed", 1, says, "Which comes first?", call, made=(made,))
        else:
            listed = ast.Call(ast.Name("list", ast.Load()), [call], [])
            turned = ast.Call(ast.Name("reversed", ast.Load()), [listed], [])
            asks = "Which of them has to be visited first, and why?"
            yield Edit("not_reversed", 0.8, says, asks, call, made=(with_(node, iter=turned),))


def _of_call_alone(node: ast.Expr) -> Iterator[Edit]:
    call = node.value
    if not isinstance(call, ast.Call):
        return
    says = "{0} should not be there"
    yield Edit("extra_statement", 2.5, says, "Where does it come from?", node, shown=(call,), made=(ast.Pass(),))
    if isinstance(call.func, ast.Attribute) and call.func.attr == "append" and len(call.args) == 1:
        new = ast.Compare(call.args[0], [ast.NotIn()], [call.func.value])
        says = "{0} adds a value again for every path that leads to it"
        asks = "How is a value known that has been visited?"
        yield Edit("visited_again", 0.9, says, asks, node, shown=(call,), made=(ast.If(new, [node], []),))


def of_several(found: Sequence[CodeStatement], executed: set[int]) -> Iterator[tuple[CodeStatement, Edit]]:
    """The changes to several statements that are one mistake."""
    yield from _sent_with_equals(found, executed)
    yield from of_bookkeeping(found, executed)
    numbers = {id(each.node): each.number for each in found}
    for each in found:
        if each.number not in executed:
            continue
        if (isinstance(each.node, ast.Expr) and isinstance(each.node.value, ast.Call)) or is_seed(each):
            yield from ((each, edit) for edit in _too_early(each, numbers))
        yield from ((each, edit) for edit in _of_windows(each, found))
        if each.classes:
            yield from ((each, edit) for edit in _of_walks(each.node, found))


def _of_windows(statement: CodeStatement, found: Sequence[CodeStatement]) -> Iterator[Edit]:
    """The place of the largest entry in a window, `a[2 * i : 2 * i + 2]`, where its place in the whole is needed."""
    for call in ast.walk(statement.node):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr in ("argmax", "argmin"):
            start = _start_of(call.args[0] if call.args else call.func.value, statement, found)
            if start is not None:
                made = Replacing({id(call): ast.BinOp(start, ast.Add(), call)}).visit(statement.node)
                says = "{0} counts from where the window begins, not from the start of the whole array"
                yield Edit("place_in_window", 0.8, says, "Where does the window begin?", call, shown=(call,),
                           made=(made,))  # type: ignore[arg-type]  # fmt: skip


def _start_of(window: ast.expr, statement: CodeStatement, found: Sequence[CodeStatement]) -> ast.expr | None:
    """Where a slice begins, or one with a name; None for anything else, and for one that begins at the start."""
    if isinstance(window, ast.Name):
        name = window.id
        slices = [
            each.node.value for each in found
            if isinstance(each.node, ast.Assign) and each.function is statement.function
            and spelled(each.node.targets[0]) == name and isinstance(each.node.value, ast.Subscript)
        ]  # fmt: skip
        window = slices[0] if len(slices) == 1 else window
    at = window.slice if isinstance(window, ast.Subscript) else None
    return at.lower if isinstance(at, ast.Slice) else None


def _sent_with_equals(found: Sequence[CodeStatement], executed: set[int]) -> Iterator[tuple[CodeStatement, Edit]]:
    """`=` in the place of `+=` at every gradient that a function sends to."""
    groups: dict[tuple[int, str], list[CodeStatement]] = {}
    for each in found:
        node = each.node
        if each.number in executed and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            groups.setdefault((id(each.function), node.targets[0].attr), []).append(each)
    for first, *others in groups.values():
        if others:
            also = tuple((each.number, added_to(each.node).made) for each in others)
            yield first, replace(added_to(first.node), cost=0.6, also=also)


def _too_early(statement: CodeStatement, numbers: Mapping[int, int]) -> Iterator[Edit]:
    """What belongs after a loop below it, as where a value is put in order before what it was computed from."""
    block = statement.block
    for loop in block[block.index(statement.node) + 1 :]:
        if isinstance(loop, ast.For | ast.While):
            line = ast.Constant(loop.lineno)
            says, asks = "{0} comes too early: the loop on line {1} has to be done before", "Which has to be first?"
            kind = "seeded_early" if is_seed(statement) else "visited_early"
            yield Edit(kind, 0.9, says, asks, statement.node, shown=(statement.node, line), made=(ast.Pass(),),
                       also=((numbers[id(loop)], (loop, statement.node)),))  # fmt: skip


def _of_walks(node: ast.stmt, found: Sequence[CodeStatement]) -> Iterator[Edit]:
    """Objects visited in the order of what they feed, whatever the learner's own order is."""
    if isinstance(node, ast.For) and not isinstance(node.iter, ast.Constant):
        says = "some value comes before one that it feeds, or comes again"
        made = with_(node, iter=ast.Call(ast.Name("sorted_", ast.Load()), [node.iter], []))
        asks = "When may a value be put in that order?"
        yield Edit("visited_early", 2.2, says, asks, node.iter, made=(made,), line=_ordering_line(node, found))
    value = node.value if isinstance(node, ast.Assign) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in ("pop", "popleft"):
        says = "{0} does not wait for all that the value feeds: what arrives later is not sent on"
        call = ast.Call(ast.Name("popped_", ast.Load()), [value.func.value], [])
        yield Edit("visited_early", 1.3, says, "When may a value be visited?", value, shown=(value,),
                   made=(with_(node, value=call),))  # fmt: skip


def _ordering_line(node: ast.For, found: Sequence[CodeStatement]) -> int:
    """Where the list that a loop goes through is filled: the line of the loop there, or of the function around it."""
    names = {part.id for part in ast.walk(node.iter) if isinstance(part, ast.Name)}
    made = [each.node for each in found if isinstance(each.node, ast.Assign)]
    sources = [node.iter, *(each.value for each in made if spelled(each.targets[0]) in names)]
    called = {spelled(part).split(".")[-1] for each in sources for part in ast.walk(each) if isinstance(part, ast.expr)}
    names |= {
        spelled(each.node.value) for each in found if isinstance(each.node, ast.Return) and each.node.value is not None
        and getattr(each.function, "name", None) in called
    }  # fmt: skip
    for each in found:
        call = each.node.value if isinstance(each.node, ast.Expr) else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
            continue
        if call.func.attr in ("append", "insert", "appendleft") and spelled(call.func.value) in names - {""}:
            within = each.around[: each.around.index(each.function)] if each.function in each.around else ()
            loops = [around for around in within if isinstance(around, ast.For | ast.While)]
            return (loops[-1] if loops else each.function or each.node).lineno
    return node.lineno


def _more_to_do(node: ast.Assign | ast.AugAssign, names: Names) -> Iterator[Edit]:
    """What should be done with the whole array after some of its entries were set."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if not isinstance(target, ast.Subscript | ast.Name) or (
        isinstance(target, ast.Name) and isinstance(node, ast.Assign)
    ):
        return
    root: ast.expr = target
    while isinstance(root, ast.Subscript):
        root = root.value
    stored = with_(root, ctx=ast.Store())
    if not isinstance(stored, ast.Name | ast.Attribute):
        return
    numbers: list[ast.expr] = [number(each) for each in (2, 3, 4, 5)]
    for each in (*names.sizes, *numbers):
        more = ast.AugAssign(stored, ast.Div(), each)
        yield Edit("constant_dropped", 2, "after it {0} is not divided by {1}", FACTOR, node, shown=(root, each),
                   made=(node, more))  # fmt: skip
    for each in names.values:
        more = ast.AugAssign(stored, ast.Mult(), each)
        yield Edit("missing_factor", 2.5, "after it {0} is not multiplied by {1}", FACTOR, node, shown=(root, each),
                   made=(node, more))  # fmt: skip

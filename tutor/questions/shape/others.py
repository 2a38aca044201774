"""Shapes of sums, transposes and reshapes: what decides them, and the slips people make."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from tutor.engine.values import Shape, show_shape
from tutor.language import Apply
from tutor.questions.shape.broadcasting import of_result
from tutor.questions.shape.slip import Slip

REDUCTIONS = frozenset(("sum", "mean", "squared_norm"))


def explained(part: Apply, shape: Shape, result: Shape | None) -> str:
    """The sentence of the rule for an operation on one array of this shape."""
    match part.operation:
        case "sum" | "mean":
            return _summed(part, shape, result)
        case "squared_norm":
            return "All entries are summed: one number is left."
        case "transpose":
            return f"A transpose reverses the order of the axes: {show_shape(shape)} read backwards."
        case "permute" | "swapaxes":
            return f"The axes swap places; each keeps its size. They were {show_shape(shape)}."
        case "reshape":
            return _reshaped(part, shape, result)
        case "ravel":
            return f"All {prod(shape)} entries in one row."
        case _:
            return f"Each entry separately: the shape {show_shape(shape)} stays."


def _axes(part: Apply, shape: Shape) -> tuple[int, ...]:
    """The axes that are summed, counted from the front."""
    axis = dict(part.options).get("axis")
    if axis is None:
        return tuple(range(len(shape)))
    chosen = axis if isinstance(axis, tuple) else (int(axis),)
    return tuple(one % len(shape) for one in chosen) if shape else ()


def _summed(part: Apply, shape: Shape, result: Shape | None) -> str:
    axes = _axes(part, shape)
    if result is None:
        return f"{show_shape(shape)} has no such axis: axes are counted from 0."
    if len(axes) == len(shape) and not dict(part.options).get("keepdims"):
        return "All entries are taken together: one number is left."
    sizes = " and ".join(f"axis {axis}, of size {shape[axis]}," for axis in axes)
    becomes = "becomes 1 (keepdims)" if dict(part.options).get("keepdims") else "goes"
    return f"Of {show_shape(shape)}, {sizes} {becomes}."


def _reshaped(part: Apply, shape: Shape, result: Shape | None) -> str:
    wanted = dict(part.options)["shape"]
    assert isinstance(wanted, tuple)
    count, known = prod(shape), prod(size for size in wanted if size != -1)
    if result is None:
        return f"{show_shape(shape)} holds {count} numbers, but the new sizes multiply to {known}: that cannot be done."
    left = f"; the -1 stands for what is left, {count} / {known}" if -1 in wanted else ""
    return f"A reshape keeps all {count} numbers{left}."


def slips_of(part: Apply, shape: Shape, result: Shape | None) -> Iterator[Slip]:
    """Wrong shapes and the ways that lead to them."""
    if part.operation in ("sum", "mean") and result is not None:
        yield from _slips_of_sums(part, shape, result)
    if part.operation in ("transpose", "permute", "swapaxes", "reshape") and result != shape:
        yield Slip("unchanged", shape, "That is the shape it had before.", sure=False)
    if part.operation in ("permute", "swapaxes") and shape[::-1] != result:
        yield Slip("all axes turned", shape[::-1], "That reverses all axes. Which axes swap places here?")
    if part.operation == "reshape" and result is None:
        wanted = dict(part.options)["shape"]
        assert isinstance(wanted, tuple)
        yield Slip(
            "reshape to another count",
            wanted,
            f"That is what is asked for, but {show_shape(shape)} holds {prod(shape)} numbers. How many would there be?",
        )
    if result is not None:
        yield from of_result(result)


def _slips_of_sums(part: Apply, shape: Shape, result: Shape) -> Iterator[Slip]:
    axes, kept = _axes(part, shape), bool(dict(part.options).get("keepdims"))
    gone = tuple(size for axis, size in enumerate(shape) if axis not in axes)
    ones = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    if kept:
        yield Slip("summed axis dropped", gone, "With keepdims the summed axis stays, with what size?")
    else:
        yield Slip("summed axis kept", ones, "The summed axis disappears: only keepdims=True leaves a 1.")
    if len(axes) < len(shape):
        others = tuple(shape[axis] for axis in axes)
        says = "That is what is summed over. The other axes stay: which are they?"
        yield Slip("the wrong axis kept", others, says)
        if dict(part.options).get("axis") is not None:
            yield Slip("summed over everything", (), "Only the axis that is named is summed. What stays?")
    if not result:
        yield Slip("the last axis only", shape[:-1], "Without an axis, all entries are summed. What is left?")

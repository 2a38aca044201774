"""Right programs for the harnesses beside `passes`, in at least five styles each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tutor.questions.code.engine import EngineSpec
from tutor.questions.code.loops import LoopsSpec
from tutor.questions.code.op import OpSpec
from tutor.questions.code.question import HARNESSES
from tutor.questions.code.unbroadcast import UnbroadcastSpec


def right_programs() -> Iterator[tuple[str, Any, str]]:
    """The harness, its spec, and the text."""
    from . import corpus, test_engine, test_loops, test_op, test_unbroadcast

    for op, texts in test_op.STYLES.items():
        yield from (("op", OpSpec(op), text) for text in texts)
    for style in (*test_loops.STYLES.values(), test_loops.VECTORS, *corpus.LOOPS_STYLES.values()):
        yield "loops", LoopsSpec(), test_loops.network(style)
    for body in test_unbroadcast.STYLES.values():
        yield "unbroadcast", UnbroadcastSpec(), test_unbroadcast.function(body)
    for text in test_engine.STYLES.values():
        yield "engine", EngineSpec(), text
    for harness, spec in (("unbroadcast", UnbroadcastSpec()), ("engine", EngineSpec()), ("loops", LoopsSpec())):
        yield harness, spec, HARNESSES[harness].worked(spec)
    for op in test_op.UNSUMMED:
        yield "op", OpSpec(op, broadcast=True), HARNESSES["op"].worked(OpSpec(op, broadcast=True))
    for op in test_op.STYLES:
        yield "op", OpSpec(op), HARNESSES["op"].worked(OpSpec(op))

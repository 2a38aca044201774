"""The list of mistakes: each once at each place, in few words."""

from __future__ import annotations

from dataclasses import replace

from tutor.judging.verdict import wrong
from tutor.session.tries import MistakeMet, Tries


def test_a_mistake_is_counted_at_each_place():
    tries = Tries()
    for blank, label in (("down:f.1", "downstream ∂f/∂z"), ("code", "Code"), ("down:f.1", "downstream ∂f/∂z")):
        tries.note("backward", blank, label, "z", wrong("z is z itself. What does z multiply?", "mul_unswapped"))
    assert [(met.label, met.times, met.last) for met in tries.mistakes] == [("downstream ∂f/∂z", 2, 2), ("Code", 1, 1)]
    assert tries.knows("mul_unswapped") and not tries.knows("sign_flipped")


def test_of_a_program_it_says_what_was_done_and_not_what_is_right():
    tries = Tries()
    verdict = wrong("fx and fy are right; fz on line 9 is not: z itself was used. Hold a fixed.", "mul_unswapped", (9,))
    tries.note("code", "code", "Code", "...", replace(verdict, brief="z itself was used (fz)"))
    assert tries.mistakes == (MistakeMet("Code", "z itself was used (fz)"),)

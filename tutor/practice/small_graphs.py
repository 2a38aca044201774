"""Small functions about one gate, or one fork, on numbers drawn for it: what single blanks are asked of.

They come from the grammar of functions made for practice (`generated.py`). Quick, since a review may not be waited
for: instead of trying all mistakes, the first is taken whose numbers are kept apart from one another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from msgspec import structs

from tutor.engine.gates import GATES
from tutor.library.format import BackpropTable
from tutor.library.problem import Problem
from tutor.practice.draws import Draws
from tutor.practice.gate_request import GateRequest, drawable_gates
from tutor.practice.generated import fit_functions
from tutor.practice.skills import FORK, Skill

Key = tuple[str | int, ...]
"""Names what is drawn: the same key gives the same function everywhere."""

_TREES = 40
"""Functions drawn at most."""
_MET_AS = {"pow": ("power", "pow")}
"""Gates that are met as a special case as often as not: x² rather than x^y."""
_LEVELS = 3
"""Of functions to be staged or programmed: two to four operations."""


def can_make(skill: Skill) -> bool:
    """Whether there is a small function about a skill."""
    return skill == Skill(FORK) or (not skill.is_idea and skill.gate in drawable_gates())


def small_graph(skill: Skill, key: Key, met: Sequence[str] = ()) -> BackpropTable | None:
    """A function in which a skill is wanted, that asks the pass it belongs to; None where none was found.

    A fork is among gates that were `met`.
    """
    if not can_make(skill):
        return None
    draws = Draws(*key)
    if skill.gate == FORK:
        gates, fits = _one_of(met, draws), _forks_tellingly
    else:
        gates, fits = (draws.choice(_MET_AS.get(skill.gate, (skill.gate,))),), partial(_is_telling, skill)
    step = "forward" if skill.part == "forward" else "backward"
    return _first(GateRequest(gates, skill.gate == FORK, 1), key, fits, step)


def small_function(key: Key, step: str, met: Sequence[str] = ()) -> BackpropTable | None:
    """A function of a few operations, with a gate that was `met`, to be staged or to be written as a program."""
    draws = Draws(*key)
    return _first(GateRequest(_one_of(met, draws), False, draws.between(1, _LEVELS)), key, _is_any, step)


def _first(request: GateRequest, key: Key, fits: Callable[[Problem], bool], step: str) -> BackpropTable | None:
    found = next(fit_functions(request, key, fits, _TREES), None)
    return structs.replace(found[0], steps=(step,)) if found is not None else None


def _one_of(met: Sequence[str], draws: Draws) -> tuple[str, ...]:
    """A gate for numbers that was met, as it is met mostly; none where none was."""
    able = [gate for gate in met if gate in drawable_gates() and GATES[gate].elementwise]
    return (_MET_AS.get(gate := draws.choice(able), (gate,))[0],) if able else ()


def _is_any(_problem: Problem) -> bool:
    return True


def _forks_tellingly(problem: Problem) -> bool:
    """Whether a value that is used twice is sent something other than 1: else its gradient is a count of its uses."""
    uses, shares = problem.graph.uses, problem.gradients.shares
    every = [shares[use.gate][use.port] for at in range(len(uses)) if len(uses[at]) > 1 for use in uses[at]]
    return any(share is not None and np.any(share != 1) for share in every)


def _is_telling(skill: Skill, problem: Problem) -> bool:
    """Whether something other than 1 arrives at the gate: else what it sends down is its local derivative alone."""
    totals = problem.gradients.totals
    return skill.part == "forward" or any(
        totals[at] is not None and np.any(totals[at] != 1) and np.any(totals[at])
        for at in problem.graph.gates
        if (gate := problem.graph.nodes[at].gate) is not None and skill.gate in (gate.key, gate.specialises)
    )

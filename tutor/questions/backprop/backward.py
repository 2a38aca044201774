"""The step `backward`: upstream, local and downstream at every gate, sums at forks; or each gradient at once.

What it asks is in `backward_blanks.py`, its hints in `backward_hints.py`; here answers are judged.
"""

from __future__ import annotations

from tutor.engine.graph import Use
from tutor.engine.values import shape_of
from tutor.judging import Kind, Verdict
from tutor.language import names_in
from tutor.questions.backprop.backward_blanks import blanks_of, place_of
from tutor.questions.backprop.backward_hints import down_hints, local_hints, total_hints
from tutor.questions.backprop.carried_forward import (
    LearnerValues,
    carried,
    judge_at_kinks,
    judge_at_tie,
    judge_value,
    shares_at_kink,
    span_at_kinks,
    worked_text,
)
from tutor.questions.backprop.explain import explain_down, explain_local, explain_total
from tutor.questions.backprop.reference import Reference, References, down_key, local_key, total_key, value_key
from tutor.questions.backprop.spurious_match import by_chance, coincidence, right_in_form
from tutor.questions.blank import BACKWARD, Answers, AnswersBeside, Blank


class BackwardStep:
    """The gates from the output back; at each the upstream, then local and downstream a wire."""

    key = BACKWARD
    title = "Backward"

    def __init__(self, references: References) -> None:
        self._references = references

    def about(self, answers: Answers) -> str:
        """What is asked."""
        if answers.quick:
            return "Give each value's gradient. A wrong one opens into its pieces."
        return (
            "From the output back: downstream = upstream × local; at a fork, add. What one gate sends fills itself in."
        )

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The blanks, from the output back to the inputs."""
        reference = self._references.of(answers)
        return blanks_of(reference, answers) if reference is not None else ()

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """Against the truth, and against what follows from the learner's own earlier numbers."""
        answers = AnswersBeside.of(answers, blank)
        reference = self._reference(answers)
        kind, place = place_of(reference, blank)
        if not isinstance(place, Use):
            return explain_total(reference, place, text, _judge_total(reference, place, text, answers), answers)
        if kind == "local":
            verdict = explain_local(reference, place, text, _judge_local(reference, place, text, answers), answers)
        else:
            verdict = explain_down(reference, place, text, _judge_down(reference, place, text, answers), answers)
        if answers.quick:  # also where it is right: where 1 arrives they are the same
            return _unless_the_whole(reference, reference.source(place), text, answers) or verdict
        return verdict

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The principle; this gate's numbers; the line."""
        reference = self._reference(answers)
        kind, place = place_of(reference, blank)
        if isinstance(place, Use):
            return local_hints(reference, place) if kind == "local" else down_hints(reference, place)
        return total_hints(reference, place)

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The true number."""
        reference = self._reference(answers)
        kind, place = place_of(reference, blank)
        if isinstance(place, Use):
            return worked_text(reference.local(place) if kind == "local" else reference.share(place))
        return worked_text(reference.gradient(place))

    def _reference(self, answers: Answers) -> Reference:
        reference = self._references.of(answers)
        assert reference is not None, "this step has blanks only when there is a graph"
        return reference


def _unless_the_whole(reference: Reference, position: int, text: str, answers: Answers) -> Verdict | None:
    """What is said where a piece is asked for and the gradient that opened it is given, rightly: it costs nothing."""
    name = reference.name(position)
    before = answers.answers.get(total_key(name))
    if name not in answers.opened or before is None or before.verdict.accepted:
        return None
    if not _judge_total(reference, position, text, answers).accepted:
        return None
    whole = f"∂{reference.output_name}/∂{name}"
    return Verdict(
        Kind.UNDECIDED,
        f"That is all of {whole}, and it is right: give it at {whole}. Here a part of it is asked for.",
        answers=total_key(name),
    )


def _keys_of_uses(reference: Reference, position: int, answers: Answers) -> list[str]:
    """The blanks that a sum at a fork follows from; without them (quick), the gradients above."""
    downs = [down_key(reference.name(use.gate), use.port) for use in reference.graph.uses[position]]
    if any(key in answers.answers for key in downs):
        return downs
    return list(dict.fromkeys(total_key(reference.name(use.gate)) for use in reference.graph.uses[position]))


def _keys_of_upstream(reference: Reference, gate: int, answers: Answers) -> list[str]:
    """The blank in which a gate's upstream was answered: its own, or that of the one gate which sent it."""
    own, uses = total_key(reference.name(gate)), reference.graph.uses[gate]
    sent = [down_key(reference.name(use.gate), use.port) for use in uses]
    return sent if len(sent) == 1 and own not in answers.answers else [own]


def _judge_total(reference: Reference, position: int, text: str, answers: Answers) -> Verdict:
    own, truth = LearnerValues(reference, answers), reference.gradient(position)
    at = own.names(total_key(reference.name(position)))
    others = carried(
        LearnerValues(reference, answers).follows_for_total(position),
        truth,
        _keys_of_uses(reference, position, answers),
        answers,
    )
    verdict = judge_value(text, truth, at, others)
    if not verdict.accepted and (span := span_at_kinks(reference, position, answers)) is not None:
        at_kink = judge_value(text, truth, at, interval=span)
        return at_kink if at_kink.accepted else verdict
    uses = reference.graph.uses[position]
    return judge_at_tie(reference, uses[0], text, at, verdict) if len(uses) == 1 else verdict


def _judge_down(reference: Reference, use: Use, text: str, answers: Answers) -> Verdict:
    truth, gate = reference.share(use), reference.name(use.gate)
    keys = [*_keys_of_upstream(reference, use.gate, answers), local_key(gate, use.port)]
    keys += [value_key(reference.name(reference.source(other))) for other in reference.wires(use.gate)]
    others = carried(LearnerValues(reference, answers).follows_for_down(use), truth, keys, answers)
    at = LearnerValues(reference, answers).names(down_key(gate, use.port))
    verdict = judge_value(text, truth, at, others, shares_at_kink(reference, use, answers))
    if verdict.kind is Kind.RIGHT and not right_in_form(reference, use, at.read(text).tree):
        return by_chance(reference, use, at.read(text).tree)
    return judge_at_tie(reference, use, text, at, verdict)


def _judge_local(reference: Reference, use: Use, text: str, answers: Answers) -> Verdict:
    truth, gate = reference.local(use), reference.name(use.gate)
    keys = [
        value_key(name)
        for name in (gate, *(reference.name(reference.source(other)) for other in reference.wires(use.gate)))
    ]
    others = carried(LearnerValues(reference, answers).follows_for_local(use), truth, keys, answers)
    at, kinks = LearnerValues(reference, answers).names(local_key(gate, use.port)), reference.kinks(use)
    if kinks and shape_of(truth):
        verdict = judge_at_kinks(text, truth, at, others, kinks)
    else:
        verdict = judge_value(text, truth, at, others, kinks.get(()), may_broadcast=True)
    return _checked_nearby(reference, use, text, verdict) if verdict.accepted else verdict


def _checked_nearby(reference: Reference, use: Use, text: str, verdict: Verdict) -> Verdict:
    """A formula must be the local derivative at other numbers too: `z` is not `y`, though both are 2 here."""
    key = local_key(reference.name(use.gate), use.port)
    answer = reference.names_on(reference.here, key).read(text).tree
    if not names_in(answer):
        return verdict
    for near in reference.near:
        truth, at = reference.local(use, near), reference.names_on(near, key)
        if judge_value(text, truth, at, may_broadcast=True).charged:
            return coincidence(reference, use, answer)
    return verdict

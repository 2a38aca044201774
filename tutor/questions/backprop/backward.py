"""The step `backward`: upstream, local and downstream at every gate, sums at forks; or each gradient at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tutor.engine.graph import Use
from tutor.engine.values import plain, shape_of, show_shape
from tutor.judging import Kind, Verdict
from tutor.judging.precision import WANTED_DIGITS
from tutor.judging.shapes import asked_for
from tutor.language import Name, names_in
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
from tutor.questions.backprop.gate_arithmetic import down_words, local_text, source_name
from tutor.questions.backprop.open_pieces import open_wires
from tutor.questions.backprop.reference import (
    Reference,
    References,
    down_key,
    key_parts,
    local_key,
    total_key,
    value_key,
)
from tutor.questions.backprop.spurious_match import by_chance, coincidence, right_in_form
from tutor.questions.blank import BACKWARD, Answers, AnswersBeside, Blank, FilledIn
from tutor.questions.inflect import listed
from tutor.questions.labels import without_left_side
from tutor.questions.printed import equated

Hints = tuple[str, str, str]


def total_hints(reference: Reference, position: int) -> Hints:
    """For a value's gradient."""
    f, name, uses = reference.output_name, reference.name(position), reference.graph.uses[position]
    line = f"∂{f}/∂{name} = {worked_text(reference.gradient(position))}"
    if position == reference.graph.output:
        return (
            "The backward pass begins with the gradient of the output with respect to itself.",
            f"If {f} grows by 0.01, how much does {f} grow?",
            line,
        )
    if not uses:
        return (
            "A gradient says how much the output moves when this value moves a little.",
            f"If {name} grows by 0.01, what happens to {f}, which never uses it?",
            line,
        )
    shares = [worked_text(reference.share(use)) for use in uses]
    sends = [f"{reference.name(use.gate)} sends {share}" for use, share in zip(uses, shares, strict=True)]
    if len(uses) == 1:
        return (
            "A gate's upstream is the gradient of its output: what the gate after it sent down.",
            f"{name} feeds {reference.name(uses[0].gate)} only. What did that gate send down to {name}?",
            f"{sends[0]}, so {line}",
        )
    summed = " + ".join([shares[0], *map(_bracketed, shares[1:])])
    return (
        "A value that forks moves the output along every branch. Add what arrives along the branches.",
        f"To {name}, {listed(sends)}. What is the sum?",
        f"{summed}, so {line}",
    )


def local_hints(reference: Reference, use: Use) -> Hints:
    """For the local derivative at a wire."""
    node, source, gate = reference.gate_node(use.gate), source_name(reference, use), reference.name(use.gate)
    assert node.gate is not None
    here = worked_text(reference.value(reference.source(use)))
    others = [source_name(reference, other) for other in reference.wires(use.gate) if other != use]
    still = f"Hold {listed(others)} fixed. " if others else ""
    return (
        f"{node.gate.pattern} The local derivative is only the factor that the upstream is multiplied by.",
        f"{still}{reference.equation(use.gate)}, and {source} is {here}. If {source} moves by a tiny "
        f"amount, how many times that does {gate} move?",
        _local_line(reference, use, f"∂{gate}/∂{source}"),
    )


def _local_line(reference: Reference, use: Use, slope: str) -> str:
    formula, value = local_text(reference, use), worked_text(reference.local(use))
    kink = reference.kinks(use).get(())
    if kink is not None:
        low, high = plain(kink.low), plain(kink.high)
        return f"This is a kink: any slope from {low} to {high} is right, such as {slope} = {value}"
    gate = reference.gate_node(use.gate).gate
    assert gate is not None
    if gate.cases:
        return f"{slope} is {formula}; here {slope} = {value}"
    if shape_of(reference.local(use)) and _is_number(formula):
        formula = ""  # 1 in every entry: the array says it
    return " = ".join({part.replace("−", "-"): part for part in (slope, formula, value) if part}.values())


def _is_number(formula: str) -> bool:
    return formula.replace("−", "").replace(".", "").isdigit()


def down_hints(reference: Reference, use: Use) -> Hints:
    """For what a gate sends down a wire."""
    gate = reference.gate_node(use.gate).gate
    assert gate is not None
    return _product_hints(reference, use) if gate.elementwise else _tensor_hints(reference, use)


def _product_hints(reference: Reference, use: Use) -> Hints:
    """Upstream times local, summed back where the gate stretched its argument."""
    node, source, gate = reference.gate_node(use.gate), source_name(reference, use), reference.name(use.gate)
    assert node.gate is not None
    local, upstream, share = reference.local(use), reference.gradient(use.gate), reference.share(use)
    product = f"{worked_text(upstream)} × {_bracketed(worked_text(local))}"
    question, line = "What is the product?", equated(product, worked_text(share))
    if shape_of(share) != shape_of(upstream):
        back = f"summed back to {show_shape(shape_of(share))}" if shape_of(share) else "summed up"
        question = f"{source} was stretched to {show_shape(shape_of(upstream))}. What is the product, {back}?"
        line = f"{product}, {back}, = {worked_text(share)}"
    return (
        "downstream = upstream × local. " + node.gate.pattern,
        f"{worked_text(upstream)} arrives at {gate}, and ∂{gate}/∂{source} is {worked_text(local)}. {question}",
        line,
    )


def _tensor_hints(reference: Reference, use: Use) -> Hints:
    """For gates that mix entries: by their rule, and by the shape that is wanted."""
    node, source, gate = reference.gate_node(use.gate), source_name(reference, use), reference.name(use.gate)
    assert node.gate is not None
    upstream, share = reference.gradient(use.gate), worked_text(reference.share(use))
    own, above = show_shape(shape_of(reference.share(use))), show_shape(shape_of(upstream))
    arrives = f"The upstream of {gate} is {worked_text(upstream)}"
    if np.ndim(upstream):
        arrives += f", of shape {above}"
    formula = down_words(reference, use)
    named = [part.name for part in reference.own_arguments(use.gate).values() if isinstance(part, Name)]
    others = [name for name in dict.fromkeys(named) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", formula)]
    if own != above:
        question = f"The answer must have the shape of {source}, {own}. How do you get there?"
    elif others:
        question = f"{source} has that shape too. What does the rule do with {listed(others)} and the upstream?"
    else:
        question = f"{source} has that shape too. Which of its entries does the upstream reach, and where?"
    return (
        node.gate.pattern,
        f"{arrives}. {question}",
        f"{gate} sends {source} {f'{formula} = ' if formula not in ('', 'upstream') else ''}{share}",
    )


def _bracketed(number: str) -> str:
    """A negative number in brackets, as it stands after a sign."""
    return f"({number})" if number.startswith(("-", "−")) else number


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
        if reference is None:
            return ()
        # They are asked for many times an answer.
        filled_in = None if answers.quick else tuple(_filled_in(reference, answers))
        key = "blanks", filled_in, frozenset(_wrong_wholes(reference, answers).items() if answers.quick else ())
        if key not in reference.kept:
            made = _quick_blanks(reference, answers) if filled_in is None else _full_blanks(reference, filled_in)
            reference.kept[key] = tuple(made)
        blanks: tuple[Blank, ...] = reference.kept[key]
        return blanks

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """Against the truth, and against what follows from the learner's own earlier numbers."""
        answers = AnswersBeside.of(answers, blank)
        reference = self._reference(answers)
        kind, place = _parsed(reference, blank)
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
        kind, place = _parsed(reference, blank)
        if isinstance(place, Use):
            return local_hints(reference, place) if kind == "local" else down_hints(reference, place)
        return total_hints(reference, place)

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The true number."""
        reference = self._reference(answers)
        kind, place = _parsed(reference, blank)
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


def _parsed(reference: Reference, blank: Blank) -> tuple[str, Use | int]:
    """What kind of number a blank asks for, and where: a wire into a gate, or a value."""
    at = key_parts(blank.key)
    position = reference.graph.positions[at.name]
    return at.kind, position if at.port is None else Use(position, at.port)


# Blanks


def _full_blanks(reference: Reference, filled_in: Sequence[FilledIn | None]) -> Iterator[Blank]:
    """Every local derivative, every downstream, and where several downstreams meet their sum.

    `filled_in` is the upstream of each gate in which it is not asked.
    """
    for gate, upstream in zip(reference.backward_gates, filled_in, strict=True):
        pieces = [blank for use in reference.branches(gate) for blank in _wire_blanks(reference, use)]
        if upstream is None:
            yield _total_blank(reference, gate)
        elif pieces:
            pieces[0] = replace(pieces[0], filled_in=(upstream,))
        yield from pieces
    for position in reference.variables:
        if len(reference.graph.uses[position]) != 1:
            yield _total_blank(reference, position)


def _filled_in(reference: Reference, answers: Answers) -> Iterator[FilledIn | None]:
    """The upstream of every gate, from the output back; None where it is asked."""
    for gate in reference.backward_gates:
        yield _upstream(reference, gate, answers) if len(reference.graph.uses[gate]) == 1 else None


def _upstream(reference: Reference, gate: int, answers: Answers) -> FilledIn:
    """The gradient of a gate that one other uses: what that one sent down, or what was answered in quick mode."""
    (use,) = reference.graph.uses[gate]
    sender, name = reference.name(use.gate), reference.name(gate)
    given = (answers.answers.get(key) for key in (down_key(sender, use.port), total_key(name)))
    text = next((answer.text for answer in given if answer is not None and answer.verdict.accepted), "")
    label, text = f"∂{reference.output_name}/∂{name}", without_left_side(text).strip()
    return FilledIn("upstream", label, sender, text, total_key(name))


def _wrong_wholes(reference: Reference, answers: Answers) -> dict[str, str]:
    """The values that are opened, and what was given for their gradients; a gradient that is right closes its value."""
    opened = {}
    for name in answers.opened:
        given = answers.answers.get(total_key(name))
        if name in reference.graph.positions and not (given is not None and given.verdict.accepted):
            opened[name] = given.text if given is not None else ""
    return opened


def _quick_blanks(reference: Reference, answers: Answers) -> Iterator[Blank]:
    """Every gradient; for one that is opened, its pieces first, without that which would be the same number again."""
    opened = _wrong_wholes(reference, answers)
    for position in (*reference.backward_gates, *reference.variables):
        name = reference.name(position)
        if name in opened:
            yield from _pieces(reference, position, opened[name], answers)
        yield _quick_blank(reference, position)


def _quick_blank(reference: Reference, position: int) -> Blank:
    """The whole gradient of a value, beside the equations it is found from: those of the gates that use it."""
    asked, name, uses = _total_blank(reference, position), reference.name(position), reference.graph.uses[position]
    called = f"∂{reference.output_name}/∂{name}"
    if position == reference.graph.output:
        return replace(asked, row=called)
    equations = dict.fromkeys(reference.equation(use.gate) for use in uses)
    beside = ", ".join(equations) or asked.group
    if len(uses) != 1:
        return replace(asked, label=f"{called} =", row=called, group="", beside=beside)
    shaped = f", of shape {show_shape(asked.shape)}" if asked.shape else ""
    gate = reference.gate_node(uses[0].gate).gate
    how = " Upstream × local." if gate is not None and gate.elementwise else ""
    prompt = f"What does {reference.name(uses[0].gate)} send down to {name}{shaped}?{how}"
    return replace(asked, label=f"{called} =", prompt=prompt, row=called, group="", beside=beside)


def _pieces(reference: Reference, position: int, given: str, answers: Answers) -> Iterator[Blank]:
    """The pieces of a gradient for which `given` is wrong; without those that it shows to be known."""
    forks = len(reference.graph.uses[position]) > 1
    at = LearnerValues(reference, answers).names(total_key(reference.name(position)))
    for wire in open_wires(reference, position, given, at):
        for piece in _wire_blanks(reference, wire.use):
            kind, _ = _parsed(reference, piece)
            if forks if kind == "down" else wire.local:
                yield piece


def _wire_blanks(reference: Reference, use: Use) -> Iterator[Blank]:
    gate, source = reference.name(use.gate), source_name(reference, use)
    equation, node = reference.equation(use.gate), reference.gate_node(use.gate)
    assert node.gate is not None
    if node.gate.elementwise:
        yield Blank(
            local_key(gate, use.port),
            f"local ∂{gate}/∂{source} =",
            f"Local: how fast does {equation} move with {source}? A formula or a number.",
            group=equation,
            example=asked_for(shape_of(reference.local(use))),
            digits=WANTED_DIGITS,
            shape=shape_of(reference.local(use)),
            row=f"local {source}",
        )
    f, bare = reference.output_name, reference.name(reference.source(use))
    single = len(reference.graph.uses[reference.source(use)]) == 1
    what = f"Downstream to {source}, upstream × local" if node.gate.elementwise else f"Downstream to {source}"
    shape = shape_of(reference.value(reference.source(use)))
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    yield Blank(
        down_key(gate, use.port),
        f"downstream ∂{f}/∂{bare} =" if single else f"downstream {gate} → {source} =",
        f"{what}{shaped}: what does {gate} send down?",
        group=equation,
        example=asked_for(shape),
        digits=WANTED_DIGITS,
        shape=shape,
        row=f"downstream {source}",
        same_as=total_key(bare) if single else "",
    )


def _total_blank(reference: Reference, position: int) -> Blank:
    f, name = reference.output_name, reference.name(position)
    uses = reference.graph.uses[position]
    shape = shape_of(reference.value(position))
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    if position == reference.graph.output:
        prompt = f"Begin at the output: what is the gradient of {f} with respect to itself?"
    elif not uses:
        prompt = f"No path leads from {name} to {f}. What is its gradient{shaped}?"
    elif len(uses) == 1:
        prompt = f"Upstream: what arrives at {name} from {reference.name(uses[0].gate)}{shaped}?"
    else:
        gates = listed(list(dict.fromkeys(reference.name(use.gate) for use in uses)))
        prompt = f"{name} forks to {gates}: what is the sum of what they send{shaped}?"
    is_gate = reference.gate_node(position).gate is not None
    group = reference.equation(position) if is_gate else f"input {name}"
    kind = "sum " if len(uses) > 1 else "upstream " if is_gate else ""
    return Blank(
        total_key(name),
        f"{kind}∂{f}/∂{name} =",
        prompt,
        group=group,
        example=asked_for(shape),
        digits=WANTED_DIGITS,
        shape=shape,
        row="upstream" if kind == "upstream " else f"∂{f}/∂{name}",
        same_as=down_key(reference.name(uses[0].gate), uses[0].port) if len(uses) == 1 else "",
    )


# Judging


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

"""What is said of one gate's derivatives, in the learner's own names."""

from __future__ import annotations

from tutor.engine.gates import vocabulary
from tutor.engine.graph import Use
from tutor.engine.passes import arguments_at
from tutor.engine.tidying import tidied
from tutor.engine.values import shape_of
from tutor.language import Expression, Name, read_expression, show
from tutor.questions.backprop.worksheet import Worksheet

_PORTS = ("first", "second", "third", "fourth")


def source_name(sheet: Worksheet, use: Use) -> str:
    """The source of a wire, and which argument it is where a gate takes the same value twice."""
    source = sheet.source(use)
    name = sheet.name(source)
    twice = sum(sheet.source(other) == source for other in sheet.wires(use.gate)) > 1
    return f"{name} ({_PORTS[use.port]})" if twice else name


def local_formula(sheet: Worksheet, use: Use) -> Expression | None:
    """The local derivative as an expression; None where only words say it."""
    gate = sheet.gate_node(use.gate).gate
    assert gate is not None
    if gate.locals:
        formula = read_expression(gate.locals[use.port], vocabulary(*gate.arguments)).tree
        return tidied(sheet.in_own_names(use.gate, formula))
    if gate.form is not None and not gate.cases:
        # A gate made of several operations; SymPy is slow to load, and needed for its hints only.
        from tutor.engine.sympy_bridge import from_sympy, local_derivative

        try:
            return sheet.in_own_names(use.gate, from_sympy(local_derivative(gate, use.port)))
        except ValueError:
            return None
    return None


def local_text(sheet: Worksheet, use: Use) -> str:
    """The local derivative as a formula or in words; "" where nothing short says it."""
    gate = sheet.gate_node(use.gate).gate
    assert gate is not None
    if gate.cases:
        own = {name: show(part) for name, part in sheet.own_arguments(use.gate).items()}
        return gate.cases[use.port].format(**own)
    formula = local_formula(sheet, use)
    return "" if formula is None else show(formula)


def down_text(sheet: Worksheet, use: Use) -> str:
    """What a tensor gate sends down a wire, as a formula in `upstream`; "" where no one formula says it."""
    node = sheet.gate_node(use.gate)
    assert node.gate is not None
    shapes = tuple(shape_of(argument) for argument in arguments_at(node, sheet.here.values))
    texts = node.gate.downstreams_for(shapes, node.options)
    if not texts or not texts[use.port]:
        return ""
    formula = read_expression(texts[use.port], vocabulary("u", *node.gate.arguments)).tree
    return show(tidied(sheet.in_own_names(use.gate, formula, u=Name("upstream"))))

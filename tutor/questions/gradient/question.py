"""The table of the kind `gradient`, and the question made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from msgspec import field
from msgspec.structs import replace

from tutor.drawing import GraphEdge, GraphNode, GraphSpec
from tutor.drawing import Kind as NodeKind
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import Shape, Value, shape_of, show_shape
from tutor.judging import Kind, Verdict
from tutor.language import names_in, show, typed
from tutor.library import BadFile
from tutor.library.decoding import FaultCollector, meant
from tutor.library.format import Said
from tutor.questions.blank import Answers, Blank
from tutor.questions.gradient.backward import in_symbols, prime
from tutor.questions.gradient.context import GradientQuery as Wanted
from tutor.questions.gradient.judge import GradientJudge, same
from tutor.questions.gradient.reading import GradientReading
from tutor.questions.gradient.spec import GradientSpec, setting_of
from tutor.questions.inflect import listed
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, Item, QuestionContext, ShortAnswerQuestion, rungs
from tutor.questions.typed_reading import TypedReading, reading_of


class GradientAsk(AskTable, frozen=True, kw_only=True):
    """One blank."""

    of: Said
    """The value whose gradient is asked."""

    given: tuple[str, ...] | None = None
    """The values whose gradients may be used; those asked before in this question when absent."""

    form: str = ""
    """A right answer as it is best written; put together by the program when absent."""

    slips: dict[str, str] = field(default_factory=dict)
    """Expression of a wrong way -> what is said to one who goes it."""


class GradientTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "gradient"`: equations, and gradients of the last one's left side."""

    kind: Literal["gradient"] = "gradient"
    equations: tuple[str, ...]
    """In order, such as "k = W @ x + b"; the last one is what is differentiated."""

    shapes: dict[str, tuple[int, ...]]
    """The shape of each input; [] for a number."""

    given: tuple[str, ...] = ()
    """The values whose gradients are given from the start."""

    positive: tuple[str, ...] = ()
    """Inputs that hold positive numbers only."""

    onehot: tuple[str, ...] = ()
    """Inputs whose rows hold a single 1."""

    ask: tuple[GradientAsk, ...]
    """Its blanks, each a table [[question.ask]]."""


_SPELLED = "{y}' means ∂{l}/∂{y}. You may also type it as d{y}, {y}∇, ∇{y} or grad_{y}."


def make_gradient(table: GradientTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for equations that do not fit and gradients that do not follow."""
    setting = setting_of(table.equations, table.shapes, table.positive, table.onehot)
    if not table.ask:
        raise BadFile("ask", "nothing is asked")
    _refuse_strangers("given", table.given, setting)
    before, asked, nodes, faults = list(table.given), list[Item](), dict[str, str](), FaultCollector()
    judges: dict[str, GradientJudge] = {}
    for number, ask in enumerate(table.ask, 1):
        key = f"ask[{number}]"
        with faults.part():
            _refuse_strangers(f"{key}.of", (ask.of,), setting)
            _refuse_strangers(f"{key}.given", ask.given or (), setting)
            chosen = before if ask.given is None else ask.given
            given = tuple(dict.fromkeys(name for name in chosen if name != ask.of))
            later = [one.of for one in table.ask[number:] if one.of in setting.names]
            asked.append(_asked(setting, ask, number, given, later, judges))
        if ask.of in setting.names:
            nodes[str(number)] = ask.of
            before.append(ask.of)
    faults.raise_all()
    marked = next((name for name in (*table.given, *before) if name in setting.names), "")
    about = f"{table.prompt} {_SPELLED.format(y=marked, l=setting.loss)}".strip()
    known = vocabulary(*setting.names, *map(prime, before))
    return GradientQuestion(
        replace(table, prompt=about), asked, setting, QuestionContext(picture_of(setting), known, nodes)
    )


class GradientQuestion(ShortAnswerQuestion):
    """The question, with its equations as the statement."""

    def __init__(
        self, table: GradientTable, asked: Sequence[Item], setting: GradientSpec, shown: QuestionContext
    ) -> None:
        super().__init__(table, asked, "Write each gradient as a matrix expression.", _statement(setting), shown)
        self._setting = setting
        self._judges = {one.blank.key: one.judge for one in asked if isinstance(one.judge, GradientJudge)}

    def reading(self, blank: Blank, text: str, answers: Answers) -> TypedReading:
        """What is read of an answer, in the spellings of gradients that its judge knows."""
        judge = self._judges[blank.key]
        return reading_of(blank, text, judge.spelled, judge.passes[0].at)

    def notes(self) -> Iterable[tuple[str, str]]:
        """Square matrices, which hide what is transposed."""
        for name, shape in self._setting.shapes.items():
            if len(shape) == 2 and shape[0] == shape[1] > 1:
                yield f"shapes.{name}", f"{name} is square: an answer that is transposed has the right shape"


def _refuse_strangers(key: str, names: Iterable[str], setting: GradientSpec) -> None:
    for name in names:
        if not name:
            raise BadFile(key, f"it is empty: name one of the values {listed(setting.names)}")
        if name not in setting.names:
            raise BadFile(key, f"there is no {name} here; {meant(name, setting.names, 'values')}")


def _statement(setting: GradientSpec) -> str:
    return ",  ".join(f"{one.target.name} = {show(one.expression)}" for one in setting.equations)


def _asked(
    setting: GradientSpec,
    ask: GradientAsk,
    number: int,
    given: tuple[str, ...],
    later: Sequence[str],
    judges: dict[str, GradientJudge],
) -> Item:
    key, of = f"ask[{number}]", ask.of
    if not given and setting.node_shapes[setting.output]:
        raise BadFile(f"{key}.given", f"{setting.output} is not a number: say whose gradients are given")
    judge = GradientJudge(Wanted(setting, of, given), tuple(ask.slips.items()))
    if not judge.follows:
        raise BadFile(*_does_not_follow(setting, ask, key, given, later))
    worked = _worked(judge, ask, key)
    for text, says in ask.slips.items():
        if not says.strip():
            raise BadFile(f"{key}.slips.{text}", "the message is empty: say what is wrong with this way")
        if judge(text).kind not in (Kind.WRONG, Kind.UNREADABLE) or isinstance(judge.read(text), Verdict):
            raise BadFile(f"{key}.slips.{text}", f"{text} is right, so this is never said; or it cannot be read")
    read = judge.read(worked)
    assert isinstance(read, GradientReading), "it has been judged right"
    used = names_in(read.tree)
    blank = Blank(
        str(number),
        ask.label or f"{prime(of)} =",
        _prompt(setting, ask, [prime(name) for name in given if prime(name) in used]),
        example=f"a formula, such as 2 {prime(given[0])} or A @ B.T" if given else "a formula, such as 2 a or A @ B.T",
        shape=judge.shape,
    )
    made = (_principle(setting, of), _question(setting, of, judge, used), f"{prime(of)} = {worked}")
    told = f"{prime(of)} = {show(read.tree)}"
    if judge.shape:
        told = f"{told}   {show_shape(judge.shape)}, as {of}"
    judges[blank.key] = judge
    return Item(
        blank,
        judge,
        rungs(ask.hints, made, f"{key}.hints"),
        worked,
        told=told,
        after=ask.after,
        follow=lambda text, earlier: judge.follow(text, earlier, judges),
    )


def _does_not_follow(
    setting: GradientSpec, ask: GradientAsk, key: str, given: tuple[str, ...], later: Sequence[str]
) -> tuple[str, str]:
    """The key at fault where a gradient does not follow from those given, and how to mend it."""

    def follows(names: tuple[str, ...]) -> bool:
        if not names and setting.node_shapes[setting.output]:
            return False  # from an array nothing goes back of itself
        return GradientJudge(Wanted(setting, ask.of, names), ()).follows

    first = next((name for name in later if name != ask.of and follows((*given, name))), "")
    if not first and ask.given is None and follows(()):
        first = ask.of
    mends = [f"ask for {first} first"] if first else []
    if not setting.node_shapes[setting.output] and follows(()):
        mends.append("write given = [], so that it is asked for from the loss on")
    mends = mends or ["say in given whose gradients it follows from"]
    known = listed(list(map(prime, given)))
    own = ask.given is not None
    return f"{key}.{'given' if own else 'of'}", (
        f"the gradient of {ask.of} does not follow from {known}, {'given here' if own else 'asked for before'}: "
        f"{' or '.join(mends)}"
    )


def _prompt(setting: GradientSpec, ask: GradientAsk, used: Sequence[str]) -> str:
    shape = setting.node_shapes[ask.of]
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    comma = "," if shape and used else ""
    from_ = f"{comma} from {listed(used)} and values" if used else ""
    return ask.prompt.strip() or f"What is the gradient with respect to {ask.of}{shaped}{from_}?"


def _worked(judge: GradientJudge, ask: GradientAsk, key: str) -> str:
    """The right answer as typed: the file's, which must be right, or the one that the gates say."""
    asked = judge.asked
    if ask.form:
        verdict = judge(ask.form)
        if not verdict.accepted:
            raise BadFile(f"{key}.form", f"this is not the gradient of {asked.of}. {verdict.message}")
        return ask.form
    tree = in_symbols(asked.setting, asked.of, asked.given, judge.passes[0].at)
    passes = judge.passes
    if tree is None or not all(same(_value(tree, passed.at), passed.totals[asked.position]) for passed in passes):
        raise BadFile(f"{key}.form", f"no expression for the gradient of {asked.of} is known: say one here")
    return typed(tree)


def _value(tree: Any, at: Mapping[str, Value]) -> Value:
    try:
        return evaluate(tree, at)
    except ValueError:
        return float("nan")


def _principle(setting: GradientSpec, of: str) -> str:
    shape = setting.node_shapes[of]
    uses = setting.graph.uses[setting.graph.positions[of]]
    shaped = f"The gradient with respect to {of} has the shape of {of}, {show_shape(shape)}. " if shape else ""
    if not uses:
        return f"{of} is the end of the graph. What is its gradient with respect to itself?"
    gates = list(dict.fromkeys(setting.in_words(setting.graph.nodes[use.gate].name) for use in uses))
    adds = " What its branches send back adds up." if len(uses) > 1 else ""
    return f"{shaped}{of} goes into {listed(gates)}: begin there, with what arrives.{adds}"


def _question(setting: GradientSpec, of: str, judge: GradientJudge, used: Sequence[str]) -> str:
    uses = setting.graph.uses[setting.graph.positions[of]]
    patterns = list(dict.fromkeys(gate.pattern for use in uses if (gate := setting.graph.nodes[use.gate].gate)))
    shapes = {name: shape_of(judge.passes[0].at[name]) for name in used}
    steps, wanted = _steps_from(setting, of), setting.node_shapes[of]
    if len(steps) > 2 and all(shape == wanted for shape in shapes.values()):
        way = " → ".join(map(setting.in_words, steps))
        return f"Forward it goes {way}. In the backward pass, what does each of these steps multiply the gradient by?"
    have = [f"{name} {show_shape(shape) if shape else '(a number)'}" for name, shape in shapes.items()]
    return " ".join(
        [*patterns[:2], f"It takes {listed(have)}. {_combined(setting, of, shapes)}" if have else ""]
    ).strip()


def _combined(setting: GradientSpec, of: str, shapes: Mapping[str, Shape]) -> str:
    """The question that leads from what there is to the gradient's shape; equal shapes say nothing of the order."""
    wanted = setting.node_shapes[of]
    if len(shapes) == 1:
        return f"What has to be done to it to make {_shape_text(setting, of)}, if anything?"
    if wanted and all(shape == wanted for shape in shapes.values()):
        return "All have the shape of the answer, so they meet entry by entry. What happens to one entry?"
    return f"How do they make {_shape_text(setting, of)}?" if wanted else "How do they combine?"


def _steps_from(setting: GradientSpec, of: str) -> list[str]:
    """A value and what comes of it, as far as each is used once and has no name of its own; with the first that has."""
    steps = [of]
    while len(uses := setting.graph.uses[setting.graph.positions[steps[-1]]]) == 1:
        steps.append(setting.graph.nodes[uses[0].gate].name)
        if steps[-1] not in setting.parts:
            break
    return steps


def _shape_text(setting: GradientSpec, name: str) -> str:
    shape = setting.node_shapes[name]
    return show_shape(shape) if shape else "(a number)"


def picture_of(setting: GradientSpec) -> GraphSpec:
    """The graph with the shape of every value, one operation a gate."""
    graph = setting.graph
    nodes = [
        GraphNode(node.name, node.symbol, shape=show_shape(shape) if (shape := setting.node_shapes[node.name]) else "",
             kind=_kind(setting, position))
        for position, node in enumerate(graph.nodes)
    ]  # fmt: skip
    wires = [
        GraphEdge(source, gate, port)
        for gate, node in enumerate(graph.nodes)
        for port, source in enumerate(node.arguments)
        if isinstance(source, int)
    ]
    return GraphSpec(tuple(nodes), tuple(wires))


def _kind(setting: GradientSpec, position: int) -> NodeKind:
    if setting.graph.nodes[position].gate is None:
        return "input"
    return "output" if position == setting.graph.output else "gate"

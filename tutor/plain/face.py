"""The conversation: which step and blank is asked next, the commands, and what is said in between."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_lowercase

from tutor.drawing import STYLES, Figure, choose, draw, draw_figure
from tutor.judging.precision import ROUNDING_RULE
from tutor.papers import PAPERS_TOPIC
from tutor.plain.commands import BARE, PlainCommand, as_command, help_text, is_bare, unknown
from tutor.plain.console import Console, Leaving
from tutor.plain.entries import CodeEntry, EquationsEntry
from tutor.plain.feedback import filled_in_words, say_finished, say_hint, say_verdict, shapes_in_words, steps_in_words
from tutor.practice.seeds import NoVariant
from tutor.questions import CODE, Blank, InputKind, Step
from tutor.session.following import offer
from tutor.session.session import PIECES_CLOSED, PIECES_OPEN, Session
from tutor.text import WIDTH, clipped

_HEIGHT = 40
_GRAPH_AFTER = ("stage", "forward", "backward")
_OF_OWN_GRAPH = (*_GRAPH_AFTER, CODE, "descend")
"""Steps on the graph of one's own equations; the graph beside the others is given with all its shapes."""


class Plain:
    """A session on a console. `run` works through it; the entries call back for commands."""

    def __init__(self, session: Session, console: Console, renew: Callable[[], Session] | None = None) -> None:
        """`renew` opens the exercise on new numbers; None where it has none."""
        self.session = session
        self.console = console
        self._renew = renew
        self._visiting: Step | None = None
        """A finished step that the learner has gone back to."""
        self._seen_on_visit: set[str] = set()
        self._announced = ""
        self._asked = ""
        self._figure: tuple[Figure, bool] | None = None
        """The figure that was drawn last, and whether all of it."""
        self._reviewing = session.finished
        """Whether there was nothing left to ask from the beginning: then only a command ends it."""

    def run(self, program: str | None = None) -> bool:
        """Ask for blank after blank; whether the exercise is solved in the end. `program` was brought along."""
        try:
            self._open()
            if program is not None:
                self._take(program)
            while self._visiting is not None or not self.session.finished:
                self._work_on(self._visiting or self.session.current_step)
                if self._reviewing and self._visiting is None:
                    self._idle()
            say_finished(self.console, self.session)
        except (Leaving, KeyboardInterrupt):
            self._leave()
        return self.session.solved

    # From step to step

    def _open(self) -> None:
        session, say = self.session, self.console.say
        say(clipped(session.exercise.file.title, WIDTH))
        if session.statement:
            say(session.statement)
        if session.exercise.file.prompt:
            say()
            say(session.exercise.file.prompt)
        if session.exercise.topic == PAPERS_TOPIC:
            say(f"`backprop-tutor exam {session.exercise.id} --plain` sits it as an exam, with a clock.")
        say()
        if session.changed:
            say("This exercise has changed since you solved it.")
        if session.finished:
            say(self._about_finished())
            self._idle()
        elif session.begun:
            if session.changed:
                say("Your answers that still hold are kept; the others are asked again. :again begins from nothing.")
            say("Picking up where you left off:")
            self._list_steps()
        else:
            say("Type an answer and press Enter. :help lists the commands, such as :hint and :quit.")
            if digits := max((blank.digits for step in session.steps for blank in session.blanks(step)), default=0):
                say(ROUNDING_RULE.format(digits))

    def _about_finished(self) -> str:
        if not self._offers_again:
            return (
                "You have finished this one. :go STEP visits a step, :again starts over, :new draws new numbers, "
                ":quit leaves."
            )
        why = "" if self.session.changed else "You have finished this one, and it is worth another look. "
        return f"{why}Enter does it again, from nothing; :go STEP looks at an answer you gave, :quit leaves."

    @property
    def _offers_again(self) -> bool:
        """Whether Enter alone is enough to begin a finished exercise again."""
        return self.session.due or self.session.changed

    def _take(self, program: str) -> None:
        """Put a program into the step for code, and run it where that step is open."""
        step = self.session.take_code(program)
        if step is None:
            self.console.say("This exercise asks for no code, so your program is not used.")
        elif not self.session.state(step).open:
            self.console.say(f"Your program is in the step {step.title}, which opens when those before it are done.")
        else:
            blank = self.session.blanks(step)[0]
            before = self.session.state(step).finished
            self.console.say(f"Your program in the step {step.title}:")
            verdict = self.session.answer(step, blank, program)
            say_verdict(self.console, self.session.as_said(blank, verdict))
            self._close_step(step, before)

    def _idle(self) -> None:
        """Nothing is left to ask; take commands until one of them changes that."""
        while self.session.finished and self._visiting is None:
            line = self.console.ask("command: ")
            command = as_command(line)
            if command is not None:
                self.command(command, None, None)
            elif is_bare(line):
                self.console.say(BARE)
            elif line.strip():
                self.console.say("Everything here is answered. :go STEP visits a step.")
            elif self._offers_again:
                self._begin_again()

    def _work_on(self, step: Step) -> None:
        self._announce(step)
        before = self.session.state(step).finished
        self._work(step)
        self._close_step(step, before)

    def _announce(self, step: Step) -> None:
        if self._announced == step.key:
            return
        self._announced, self._asked = step.key, ""
        session, what = self.session, "Question" if self.session.several_questions else "Step"
        numeral = session.view.numerals()[session.steps.index(step)]
        self.console.say()
        self.console.say(f"{what} {numeral} of {len(session.view.parts())}: {step.title}")
        if not self.session.statement and (given := self.session.view.statement(step)):
            self.console.say(given)
        about = step.about(self.session)
        self._say_shapes(step, about)
        self.console.say(about)

    def _say_shapes(self, step: Step, told: str) -> None:
        """The shapes in a graph that is given: what is asked may not be answered without them."""
        picture = self.session.view.picture(step)
        if step.key.rpartition("/")[2] in _OF_OWN_GRAPH or picture is None:
            return
        if shapes := shapes_in_words(picture, told):
            self.console.say(f"{shapes} :graph draws them.")

    def _work(self, step: Step) -> None:
        """Ask for the step's blanks, until it is done or a command leads elsewhere."""
        blank = self._next_blank(step)
        if blank is None:
            self._visiting = None
        elif blank.wants is InputKind.EQUATIONS:
            self._visited(blank, EquationsEntry(self, step, blank).run())
        elif blank.wants is InputKind.CODE:
            self._visited(blank, CodeEntry(self, step, blank).run())
        else:
            self._ask_value(step, blank)

    def _close_step(self, step: Step, before: bool) -> None:
        """After a step's last blank: say so, and draw what is known now."""
        if before or not self.session.state(step).finished:
            return
        self.console.say(f"{step.title} is done.")
        if step.key.rpartition("/")[2] in _GRAPH_AFTER:
            self._draw(step)

    # Blanks

    def _next_blank(self, step: Step) -> Blank | None:
        if self._visiting is None:
            return self.session.current_blank(step)
        return next((b for b in self.session.blanks(step) if b.key not in self._seen_on_visit), None)

    def _visited(self, blank: Blank, done: bool) -> None:
        if done:
            self._seen_on_visit.add(blank.key)

    def _ask_value(self, step: Step, blank: Blank) -> None:
        """One try at one blank."""
        answered = self.session.answers.get(blank.key) if self._visiting is not None else None
        if self._asked != blank.key:
            self._asked = blank.key
            self.console.say()
            self._show_figure(step, blank)
            for one in blank.filled_in:
                self.console.say(filled_in_words(one))
            self.console.say(blank.prompt)
            for letter, option in zip(ascii_lowercase, blank.options, strict=False):
                self.console.say(f"{letter}) {option}", indent="  ")
            if blank.several:
                self.console.say("To choose more than one letter, type for example: a c")
            if answered is not None:
                self.console.say(f"Your answer is {answered.text}. Enter alone keeps it.")
        line = self.console.ask(f"{blank.label} ")
        command = as_command(line)
        if command is not None:
            self.command(command, step, blank)
        elif is_bare(line):
            self.console.say(BARE)
        elif line.strip():
            before = {one.key for one in self.session.blanks(step)}
            judged = self.session.judge(step, blank, line.strip())
            verdict = self.session.record(judged)
            say_verdict(self.console, self.session.as_said(judged.blank, verdict))
            if judged.given_at is not None:
                self.console.say(PIECES_CLOSED)
            elif any(one.key not in before for one in self.session.blanks(step)):
                self.console.say(PIECES_OPEN)
            if verdict.accepted and (many := len(self.session.to_put_right)):
                self.console.say(f"{offer(many)} :fix does so.")
            self._visited(blank, verdict.accepted)
        else:
            self._visited(blank, answered is not None)

    def _show_figure(self, step: Step, blank: Blank) -> None:
        """What is drawn beside a blank, once; all of it after a try."""
        figure = self.session.view.figure(step, blank)
        revealed = self.session.accepted(blank) or self.session.tries(blank) > 0
        if figure is None or (figure, revealed) == self._figure:
            return
        self._figure = figure, revealed
        drawing = draw_figure(figure, WIDTH, _HEIGHT, revealed, self.console.ascii)
        if drawing is not None:
            self.console.show(drawing.text)

    # Commands

    def command(self, command: PlainCommand, step: Step | None, blank: Blank | None, typed: str = "") -> bool:
        """Do what a command says; whether it may have led elsewhere. `typed` is what stands in the blank.

        Raises Leaving.
        """
        if not command.known:
            self.console.say(unknown(command))
            return False
        match command.word:
            case "quit":
                raise Leaving
            case "help":
                self.console.show(help_text())
            case "graph":
                staging = typed if blank is not None and blank.wants is InputKind.EQUATIONS else None
                self._draw(step or self.session.current_step, staging, command.rest)
            case "go":
                return self._go(command.rest)
            case "again":
                return self._again()
            case "new":
                return self._new()
            case "fix":
                return self._fix()
            case "quick" | "full":
                return self._set_quick(command.word == "quick")
            case word if step is not None and blank is not None:
                return self._at_blank(word, step, blank, typed)
            case _:
                self.console.say("There is no blank open here. :go STEP visits a step.")
        return False

    def _at_blank(self, word: str, step: Step, blank: Blank, typed: str) -> bool:
        match word:
            case "hint":
                hint = self.session.hint(step, blank, typed)
                say_hint(self.console, hint, self.session.hints_seen(blank), self.session.hint_waits(blank))
                return False
            case "show":
                self._say_shown(blank, self.session.show(step, blank))
                self._visited(blank, done=True)
            case "skip":
                left = [one for one in self.session.blanks(step) if not self.session.accepted(one)]
                self.session.skip(step)
                for one in left:
                    self._say_shown(one, self.session.answers[one.key].text)
                self._visiting = None
            case _:
                self.console.say(f":{word} is for equations and code.")
                return False
        return True

    def _say_shown(self, blank: Blank, text: str) -> None:
        if blank.wants in (InputKind.VALUE, InputKind.CHOICE):
            self.console.say(f"{blank.label} {text}")
        else:
            self.console.show(text.rstrip("\n"))

    def _go(self, where: str) -> bool:
        step = self._step_called(where)
        if step is None:
            if where:
                self.console.say(f"There is no step {where}.")
            self._list_steps()
            return False
        if not self.session.state(step).open:
            self.console.say(f"{step.title} opens when {self.session.current_step.title} is done.")
            return False
        self._visiting = step if self.session.state(step).finished else None
        if self._visiting is None and step is not self.session.current_step:
            self.console.say(f"{self.session.current_step.title} comes first.")
        self._seen_on_visit, self._announced = set(), ""
        return True

    def _step_called(self, where: str) -> Step | None:
        steps = self.session.steps
        if where.isdecimal():
            return steps[int(where) - 1] if 1 <= int(where) <= len(steps) else None
        wanted = where.casefold()
        return next((step for step in steps if wanted and step.title.casefold().startswith(wanted)), None)

    def _again(self) -> bool:
        self.console.say("All blanks will be empty again. Your answers stay in the journal.")
        answer = self.console.ask("Type yes to begin again: ")
        if answer.strip().casefold() != "yes":
            self.console.say("Nothing is changed.")
            return False
        self._begin_again()
        return True

    def _new(self) -> bool:
        """Go on with the same exercise on new numbers; this one is kept as it is."""
        if self._renew is None:
            self.console.say("There are no other numbers for this one.")
            return False
        if self.session.begun and not self.session.finished:
            self.console.say("This one stays as it is, half done; it opens again under its own name.")
            if self.console.ask("Type yes for new numbers: ").strip().casefold() != "yes":
                self.console.say("Nothing is changed.")
                return False
        try:
            self.session = self._renew()
        except NoVariant as why:
            self.console.say(str(why))
            return False
        self._visiting, self._seen_on_visit, self._announced, self._asked = None, set(), "", ""
        self._reviewing = False
        self.console.say()
        self._open()
        return True

    def _begin_again(self) -> None:
        self.session.reset()
        self._visiting, self._seen_on_visit, self._announced = None, set(), ""
        self._reviewing = False

    def _fix(self) -> bool:
        """Put right what followed from numbers that are right by now; whether there was anything."""
        mended = self.session.put_right()
        for blank in mended:
            self._say_shown(blank, self.session.answers[blank.key].text)
        if not mended:
            self.console.say("No answer is left that followed from a number you have corrected.")
        self._asked = ""
        return bool(mended)

    def _set_quick(self, quick: bool) -> bool:
        self.session.set_quick(quick)
        asks = "each value's gradient only" if quick else "upstream, local and downstream at every gate"
        self.console.say(f"Backward asks for {asks}.")
        self._asked = ""
        return True

    # What is shown

    def _list_steps(self) -> None:
        for line in steps_in_words(self.session):
            self.console.say(line, indent="  ")

    def _draw(self, step: Step, staging: str | None = None, wanted: str = "") -> None:
        """The graph; of these equations while they are typed; in the wanted style, or the first that fits."""
        picture = self.session.view.picture(step, staging)
        if picture is None:
            self.console.say("There is no graph here.")
            return
        ascii = self.console.ascii
        style = next((one for one in STYLES if one == wanted.casefold()), None)
        self.console.say()
        self.console.show(draw(picture, style or choose(picture, WIDTH, _HEIGHT, ascii), ascii).text)

    def _leave(self) -> None:
        if self.session.finished:
            return
        self.console.say("Your work is kept. Start the exercise again to continue.")

"""Where the current step is worked: blanks with one field and its question, equations, or code."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static, TextArea

from tutor.language import Vocabulary
from tutor.questions import Blank, InputKind
from tutor.questions.typed_reading import TypedReading
from tutor.text import clipped_at_word, harmless
from tutor.tui import content
from tutor.tui.line_breaks import BrokenText
from tutor.tui.save_errors import trouble_said
from tutor.tui.typed_ahead import PastedOn
from tutor.tui.widgets.blank_list import BlankList, ListedBlanks
from tutor.tui.widgets.choice_row import ChoiceRow
from tutor.tui.widgets.close_up_view import CloseUpView, StripView
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.pasting import first_answer, left_out
from tutor.tui.widgets.syntax import EntryHighlighter, entry_styles
from tutor.tui.widgets.text_panels import FeedbackPanel

_GOES_ON = frozenset("+*/^·×÷")
"""No answer begins with one of these: it is typed behind the one that stands there. A minus may be its new sign."""


class AnswerField(Input):
    """Enter calls `hand_in`. It is a call and no message, so that what is typed on meanwhile comes after it."""

    def __init__(self, hand_in: Callable[[], bool], highlighter: EntryHighlighter) -> None:
        super().__init__(
            id="answer",
            compact=True,
            highlighter=highlighter,
            select_on_focus=False,
        )
        self._hand_in = hand_in

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._hand_in()
            return
        if event.key == "question_mark" and not self.value:
            event.stop()
            event.prevent_default()
            await self.run_action("screen.help")
            return
        if event.character in _GOES_ON and self.value and self.selected_text == self.value:
            self.action_end()
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        """What is pasted behind the first answer goes to the next blank."""
        found = first_answer(event.text)
        if found is None:
            return
        event.stop()
        event.prevent_default()
        answer, rest = found
        self.replace(answer, *self.selection)
        if self._hand_in():
            self.post_message(PastedOn(rest))
        elif rest.strip():
            self.notify(left_out(rest), severity="warning", markup=False, timeout=15)


class AnswerRow(Vertical):
    """The question, its label and the field; below it, for an array, the shape of what is typed."""

    class Typed(Message):
        """The text in the field changed by typing."""

    def __init__(self, hand_in: Callable[[], bool]) -> None:
        super().__init__()
        self.enter_does = "checks"
        self._hand_in = hand_in
        self._highlighter = EntryHighlighter(None)
        self._blank: Blank | None = None

    def compose(self) -> ComposeResult:
        """The question above, or the equation in its place; label and field below."""
        yield BrokenText(id="question")
        yield StripView()
        with Horizontal():
            yield Label(id="label", markup=False)
            yield AnswerField(self._hand_in, self._highlighter)
        yield Static(id="echo", markup=False)

    def on_mount(self) -> None:
        """Follow the colours of the app."""
        self.watch(self.app, "theme", self._take_colours)

    def _take_colours(self) -> None:
        self._highlighter.styles = entry_styles(self.app.get_css_variables())
        self.query(Input).refresh()  # none is there any more while the screen goes

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value

    def show(self, blank: Blank, text: str, vocabulary: Vocabulary | None) -> None:
        """Ask for a blank; `text` is what is typed already."""
        self._blank = blank
        self._highlighter.vocabulary = vocabulary
        self.query_one("#question", BrokenText).write(question_in_words(blank))
        self.query_one("#label", Label).update(harmless(blank.label))
        self.query_one("#echo").display = self.has_echo
        self.query_one("#echo", Static).update("", layout=False)
        field = self.query_one(Input)
        self._show_example()
        with field.prevent(Input.Changed):
            field.value = text
            field.cursor_position = len(text)

    @property
    def has_echo(self) -> bool:
        """Whether a row below the field is kept for the shape of what is typed: where an array is asked for."""
        return self._blank is not None and bool(self._blank.shape)

    def say_echo(self, text: str, reading: TypedReading) -> None:
        """Say in that row how `text`, as typed so far, is read."""
        if self._blank is not None and self._blank.shape:
            said = content.echo(reading, self._blank.shape) if text.strip() else ""
            self.query_one("#echo", Static).update(said, layout=False)

    def on_resize(self) -> None:
        """Fit the example into the new width."""
        self._show_example()

    def _show_example(self) -> None:
        """What an answer looks like, with the key that checks it where there is room for both."""
        if self._blank is None:
            return
        example = harmless(self._blank.example)
        room = (self.size.width or self.app.size.width) - cell_len(self._blank.label) - 1
        both = f"{example}; Enter {self.enter_does}"
        fits = cell_len(both) <= room - 3
        self.query_one(Input).placeholder = both if fits else clipped_at_word(example, max(1, room))

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self.query_one(Input).focus()

    def select_field(self) -> None:
        """Select what stands in the field."""
        self.query_one(Input).select_all()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what was typed."""
        event.stop()
        self.post_message(self.Typed())


def question_in_words(blank: Blank) -> str:
    """The question above a field, without the equation that is its title."""
    return harmless(blank.prompt.removeprefix(f"{blank.group}. "))


class Desk(Vertical):
    """Where the blank at hand is worked: its question, its field, what is said of it."""

    _at_hand = ""

    def entitle(self, title: str) -> None:
        """Say what is at hand."""
        self._at_hand = title
        self.border_title = title

    def count(self, number: int, of: int) -> None:
        """Say which blank it is of how many, where no list does."""
        self.entitle(f"{self._at_hand}   blank {number} of {of}")

    def on_feedback_panel_cut(self, event: FeedbackPanel.Cut) -> None:
        """Name the key to what is not in sight."""
        event.stop()
        self.border_title = "   ".join(filter(None, (self._at_hand, event.key)))


class WorkPane(Container):
    """Blanks or an editor on the left, on the right the blank at hand, and below its field what is said of it."""

    def __init__(
        self, hand_in: Callable[[], bool], line_done: Callable[[str, int], bool], on_typed: Callable[[], None]
    ) -> None:
        """`hand_in` is called when Enter is pressed on an answer, `line_done` when it is pressed on an equation.

        Both say whether the answer was accepted, so that what is pasted behind it goes to the next blank. `on_typed`
        is called when what stands in the current blank, `typed`, may have changed by typing.
        """
        super().__init__()
        self._hand_in = hand_in
        self._line_done = line_done
        self._on_typed = on_typed
        self._blank: Blank | None = None

    def compose(self) -> ComposeResult:
        """The list, the editors, and the desk, of which a blank needs some."""
        for part in (BlankList(), EquationsEditor(self._line_done, self._tell_typed), CodeEditor()):
            part.add_class("part", update=False)  # it is styled when it is mounted
            yield part
        with Desk(id="desk", classes="part"):
            yield BrokenText(id="about")
            yield CloseUpView()
            yield AnswerRow(self._hand_in)
            yield ChoiceRow(self._hand_in)
            yield FeedbackPanel()

    @property
    def text(self) -> str:
        """What stands in the current blank."""
        if self._blank is None:
            return ""
        match self._blank.wants:
            case InputKind.VALUE:
                return self.query_one(AnswerRow).text
            case InputKind.CHOICE:
                return self.query_one(ChoiceRow).text
            case InputKind.EQUATIONS:
                return self.query_one(EquationsEditor).text
            case InputKind.CODE:
                return self.query_one(CodeEditor).text

    @property
    def typed(self) -> tuple[Blank, str] | None:
        """The current blank, and what stands in it; None where there is no blank."""
        return (self._blank, self.text) if self._blank is not None else None

    def show_reading(self, text: str, reading: TypedReading) -> None:
        """Say how `text`, as typed so far in the field, is read: below it, or in the row of the verdict."""
        row = self.query_one(AnswerRow)
        if row.has_echo:
            row.say_echo(text, reading)
        else:
            self.query_one(FeedbackPanel).read(text, reading.text)

    def show_about(self, text: str) -> None:
        """Say what the step asks."""
        self.query_one("#about", BrokenText).write(harmless(text))

    def show_list(self, listed: ListedBlanks) -> None:
        """List the blanks of a step or of several questions."""
        sections, answers, judged = listed.sections, listed.answers, listed.judged
        blanks = [blank for section in sections for blank in section.blanks]
        done = sum(blank.key in answers and (not judged or answers[blank.key].verdict.accepted) for blank in blanks)
        rows = self.query_one(BlankList)
        rows.set_class(len(blanks) == 1, "-single")
        rows.border_title = f"Blanks   {done} of {len(blanks)}"
        rows.show(listed)

    def show_blank(self, blank: Blank, text: str, vocabulary: Vocabulary | None) -> None:
        """Make a blank the current one; `text` is what stands in it."""
        self._blank = blank
        others = [f"-{kind.value}" for kind in InputKind if kind is not blank.wants]
        self.remove_class(*others, update=self.has_class(f"-{blank.wants.value}"))  # styled once: here, or by the next
        self.add_class(f"-{blank.wants.value}")
        self.query_one(EquationsEditor).border_title = "Your equations"
        self.query_one(CodeEditor).border_title = blank.label
        short = blank.wants in (InputKind.VALUE, InputKind.CHOICE)
        called = blank.beside or blank.group or blank.row or blank.label.rstrip(" =:←")
        self.query_one(Desk).entitle(harmless(called) if short and called else "Tutor")
        match blank.wants:
            case InputKind.VALUE:
                self.query_one(AnswerRow).show(blank, text, vocabulary)
            case InputKind.CHOICE:
                self.query_one(ChoiceRow).show(blank, text)
            case InputKind.EQUATIONS:
                editor = self.query_one(EquationsEditor)
                editor.vocabulary = vocabulary
                editor.show(text)
            case InputKind.CODE:
                self.query_one(CodeEditor).show(text)

    def focus_field(self) -> None:
        """Put the cursor where the answer is typed."""
        match self._blank:
            case Blank(wants=InputKind.EQUATIONS):
                self.query_one(EquationsEditor).focus()
            case Blank(wants=InputKind.CODE):
                self.query_one(CodeEditor).focus()
            case Blank(wants=InputKind.CHOICE):
                self.query_one(ChoiceRow).focus_field()
            case _:
                self.query_one(AnswerRow).focus_field()

    def type_on(self, text: str) -> None:
        """Type into the field of a short answer, as if it had the focus already."""
        self.query_one(AnswerField).insert_text_at_cursor(text)

    def select_field(self) -> None:
        """Select a short answer, so that typing takes its place."""
        if self._blank is not None and self._blank.wants is InputKind.VALUE:
            self.query_one(AnswerRow).select_field()

    def _tell_typed(self) -> None:
        with trouble_said(self.app):
            self._on_typed()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell that something was typed."""
        event.stop()
        self._tell_typed()

    def on_choice_row_typed(self, event: ChoiceRow.Typed) -> None:
        """Tell that something was chosen."""
        event.stop()
        self._tell_typed()

    def on_answer_row_typed(self, event: AnswerRow.Typed) -> None:
        """Tell that something was typed."""
        event.stop()
        self._tell_typed()

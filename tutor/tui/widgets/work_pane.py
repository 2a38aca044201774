"""Where the current step is worked: blanks with one field, equations, or code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import ContentSwitcher, Static, TextArea

from tutor.language import Vocabulary
from tutor.questions import Answer, Blank, InputKind
from tutor.text import harmless
from tutor.tui.widgets.answer_row import AnswerRow
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.choice_row import ChoiceRow
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor


class WorkPane(Vertical):
    """Shows the part that the current blank needs."""

    class Typed(Message):
        """What stands in the current blank, `typed`, may have changed by typing."""

    def __init__(self, hand_in: Callable[[], bool], line_done: Callable[[str, int], bool]) -> None:
        """`hand_in` is called when Enter is pressed on an answer, `line_done` when it is pressed on an equation.

        Both say whether the answer was accepted, so that what is pasted behind it goes to the next blank.
        """
        super().__init__()
        self._hand_in = hand_in
        self._line_done = line_done
        self._blank: Blank | None = None

    def compose(self) -> ComposeResult:
        """A line on what is asked, and the three parts."""
        yield Static(id="about", markup=False)
        with ContentSwitcher(initial=InputKind.VALUE.value):
            with Vertical(id=InputKind.VALUE.value):
                yield BlankList()
                yield AnswerRow(self._hand_in)
                yield ChoiceRow(self._hand_in)
            with Vertical(id=InputKind.EQUATIONS.value):
                yield EquationsEditor(self._line_done)
            with Vertical(id=InputKind.CODE.value):
                yield CodeEditor()

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

    def show_about(self, text: str) -> None:
        """Say what the step asks."""
        self.query_one("#about", Static).update(harmless(text))

    def show_list(self, blanks: Sequence[Blank], answers: Mapping[str, Answer], current: Blank | None) -> None:
        """List the blanks of a step of values."""
        rows = self.query_one(BlankList)
        rows.set_class(len(blanks) == 1, "-single")
        rows.show(blanks, answers, current)

    def show_blank(self, blank: Blank, text: str, vocabulary: Vocabulary | None) -> None:
        """Make a blank the current one; `text` is what stands in it."""
        self._blank = blank
        part = InputKind.VALUE if blank.wants is InputKind.CHOICE else blank.wants
        self.query_one(ContentSwitcher).current = part.value
        self.query_one(AnswerRow).display = blank.wants is InputKind.VALUE
        self.query_one(ChoiceRow).display = blank.wants is InputKind.CHOICE
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

    def select_field(self) -> None:
        """Select a short answer, so that typing takes its place."""
        if self._blank is not None and self._blank.wants is InputKind.VALUE:
            self.query_one(AnswerRow).select_field()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell that something was typed."""
        event.stop()
        self.post_message(self.Typed())

    def on_choice_row_typed(self, event: ChoiceRow.Typed) -> None:
        """Tell that something was chosen."""
        event.stop()
        self.post_message(self.Typed())

    def on_answer_row_typed(self, event: AnswerRow.Typed) -> None:
        """Tell that something was typed."""
        event.stop()
        self.post_message(self.Typed())

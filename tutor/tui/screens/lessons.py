"""Lessons and words to read: a card for a lesson, a card for a word, and the list of all of them, to be searched.

Each can lead to the others. `show_word`, `show_lesson` and `show_list` open them on whatever screen is on top.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from tutor.lessons import Lesson, Word, find_lesson, find_word, lessons, matching, words
from tutor.lessons.texts import FIGURE, paragraphs
from tutor.text import harmless
from tutor.tui import content
from tutor.tui.clipboard import copy
from tutor.tui.commands import bindings
from tutor.tui.keys import PRESSES, line_of_keys, with_keys
from tutor.tui.line_breaks import BrokenText, InOneLine, broken
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.paged_list import PagedList

_LIST = "list"
"""What a card is dismissed with for the list of all; else with the id of a lesson, or nothing."""

_HEADING = 8
"""Columns of the heading of a row."""

_CARD = 54
"""Columns of the card of a word before it is there."""

_WIDTH = 74
"""Columns of text as it is copied."""


def show_list(app: App[Any], search: str = "") -> None:
    """List all there is to read."""

    def chosen(one: Lesson | Word | None) -> None:
        if isinstance(one, Lesson):
            show_lesson(app, one)
        elif one is not None:
            show_word(app, one, words())

    app.push_screen(ReadingList(search), chosen)


def show_lesson(app: App[Any], lesson: Lesson) -> None:
    """Open a lesson, in the card that is open where one is."""
    card = next((screen for screen in app.screen_stack if isinstance(screen, LessonScreen)), None)
    if card is not None:
        card.show(lesson)
    else:
        app.push_screen(LessonScreen(lesson), lambda chosen: show_list(app) if chosen == _LIST else None)


def show_word(app: App[Any], word: Word, among: Sequence[Word], lesson: str = "", here: str = "") -> None:
    """Say what a word means.

    `among` are those that the arrow keys lead to, `lesson` the one to go on with in place of its own, `here` what the
    word is at the place where it was asked for.
    """

    def chosen(where: str | None) -> None:
        if where == _LIST:
            show_list(app)
        elif where:
            show_lesson(app, find_lesson(where))

    app.push_screen(WordScreen(word, among, lesson, here), chosen)


class LessonScreen(Dialog[str]):
    """One lesson after the other, each with a question that costs nothing."""

    CSS_PATH = "lessons.tcss"
    AUTO_FOCUS = "#lesson"

    BINDINGS: ClassVar[list[BindingType]] = bindings("lesson")

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self._lesson = lesson
        self._right = False
        """Whether the question is answered."""
        self._is_judged = False
        """Whether what stands in the field was judged: what is typed then takes its place."""

    def compose(self) -> ComposeResult:
        """The text, the question with its field, what is said to the answer."""
        with Vertical() as card:
            card.border_subtitle = self._keys_here()
            with VerticalScroll(id="lesson"):
                yield BrokenText(id="text")
                yield BrokenText(id="asked")
                with Horizontal(id="entry"):
                    yield Label("answer ", markup=False)
                    yield Input(compact=True, select_on_focus=False)
                yield BrokenText(id="said")

    def _keys_here(self) -> Content:
        if isinstance(self.focused, Input):
            does = "next lesson" if self._right else "check"
            return line_of_keys(self.app, ("{lesson.try}", does), ("{lesson.close}", "back"))
        words = {"before next": "lessons", "try": "try it", "words": "words", "find": "all"}
        return _keys(self.app, "lesson", words)

    def _tell_keys(self) -> None:
        self.query_one(Vertical).border_subtitle = self._keys_here()

    def on_descendant_focus(self) -> None:
        """The keys do something else in the field."""
        self._tell_keys()

    def on_mount(self) -> None:
        """Begin with the lesson that was asked for."""
        self.show(self._lesson)

    def show(self, lesson: Lesson) -> None:
        """Another lesson, from its top."""
        self._lesson, self._right, self._is_judged = lesson, False, False
        self.query_one(Vertical).border_title = f"Lesson {lesson.number} of {len(lessons())}: {lesson.title}"
        self.query_one("#text", BrokenText).write(Content("\n\n").join([*_typeset(lesson), _explains(lesson)]))
        self.query_one("#asked", BrokenText).write(_asked(lesson))
        self.query_one("#said", BrokenText).write("")
        with self.prevent(Input.Changed):
            self.query_one(Input).value = ""
        text = self.query_one("#lesson", VerticalScroll)
        text.focus()
        text.scroll_home(animate=False)

    def action_go(self, by: int) -> None:
        """The lesson before or after; the first follows the last."""
        self.show(lessons()[(self._lesson.number - 1 + by) % len(lessons())])

    def action_try(self) -> None:
        """Into the field; an answer that was judged is there to be replaced."""
        field = self.query_one(Input)
        field.focus()
        if self._is_judged:
            field.action_select_all()
        self.query_one("#lesson", VerticalScroll).scroll_end(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge the answer; once it is right, on to the next lesson."""
        event.stop()
        if self._right:
            self.action_go(1)
            return
        from tutor.lessons.trial import trial_of  # NumPy and the grammar, for which reading does not wait

        if not event.value.strip():
            return
        verdict = trial_of(self._lesson).judge(event.value)
        self._right, self._is_judged = verdict.accepted, True
        self._tell_keys()
        event.input.action_select_all()
        said = content.verdict(verdict)
        more = with_keys(self.app, "\n{lesson.try} goes on to the next lesson.") if self._right else ""
        row = self.query_one("#said", BrokenText)
        row.set_classes(f"-{said.tone}")
        row.write(Content.assemble(said.text, (more, "$text-muted")))
        self.call_after_refresh(self.query_one("#lesson", VerticalScroll).scroll_end, animate=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another answer is judged again."""
        event.stop()
        self._right = self._is_judged = False
        self._tell_keys()

    def action_words(self) -> None:
        """The words that it explains."""
        among = [find_word(term) for term in self._lesson.words]
        show_word(self.app, among[0], among)

    def action_list(self) -> None:
        """All lessons and words."""
        self.dismiss(_LIST)

    def action_copy(self) -> None:
        """Copy it as text."""
        self.notify(copy(self.app, self._lesson.as_text(_WIDTH), "The lesson is copied."), markup=False)

    def action_close(self) -> None:
        """From the field to the text, from the text to where one came from."""
        if isinstance(self.focused, Input):
            self.query_one("#lesson", VerticalScroll).focus()
        else:
            self.dismiss(None)


class WordScreen(Dialog[str]):
    """What a word means, in a few lines; the blank that it was asked at stays in sight."""

    CSS_PATH = "lessons.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("word")

    def __init__(self, word: Word, among: Sequence[Word], lesson: str = "", here: str = "") -> None:
        """As `show_word` has it."""
        super().__init__()
        self._among = list(among)
        self._at = self._among.index(word)
        self._first = word
        self._leads = lesson
        self._here = here

    def compose(self) -> ComposeResult:
        """A small card."""
        with Vertical() as card:
            card.border_subtitle = _keys(
                self.app, "word", {"before next": "words", "lesson": "its lesson", "find": "all"}
            )
            yield Static(markup=False)

    def on_mount(self) -> None:
        """Begin with the word that was asked for."""
        self.action_go(0)

    @property
    def _word(self) -> Word:
        return self._among[self._at]

    @property
    def _lesson(self) -> str:
        """The lesson to go on with: that of the place, as long as the word is the place's too."""
        return self._leads if self._leads and self._word is self._first else self._word.lesson

    def on_resize(self) -> None:
        """Lines as wide as the card is by then."""
        self.call_after_refresh(self._tell)

    def action_go(self, by: int) -> None:
        """The word before or after."""
        self._at = (self._at + by) % len(self._among)
        self._tell()

    def _tell(self) -> None:
        """What it means, and what belongs to it: further lines of a row begin where its text does."""
        word, card = self._word, self.query_one(Static)
        width = card.content_size.width or _CARD
        self.query_one(Vertical).border_title = word.term
        lines = [broken(Content(word.says), width)]
        here = (("here", self._here),) if self._here and word is self._first else ()
        rows = (*here, *((heading, text) for heading, text in word.rows() if heading))
        rows = (*rows, ("lesson", find_lesson(self._lesson).heading))
        lines += [broken(_row(heading, text), width, _HEADING) for heading, text in rows]
        card.update(Content("\n").join(lines))

    def action_lesson(self) -> None:
        """On to the lesson that explains it."""
        self.dismiss(self._lesson)

    def action_list(self) -> None:
        """All lessons and words."""
        self.dismiss(_LIST)

    def action_close(self) -> None:
        """Back to the blank."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click has read it, where it is on no key."""
        if PRESSES not in event.style.meta:
            self.action_close()


class ReadingList(Dialog[Lesson | Word]):
    """All lessons and words, to be searched; dismissed with the one that was chosen."""

    CSS_PATH = "lessons.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("reading")

    def __init__(self, search: str = "") -> None:
        super().__init__()
        self._search = search
        self._shown: list[Lesson | Word | None] = []
        """What each line is; None for a heading."""

    def compose(self) -> ComposeResult:
        """A field for words, and what has them."""
        with Vertical() as page:
            page.border_title = "Lessons and words"
            yield Input(self._search, placeholder="type a word to search for", compact=True)
            yield PagedList(markup=False)

    def on_mount(self) -> None:
        """All of it, until something is searched for."""
        self._list(self._search)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as it is typed."""
        event.stop()
        self._list(event.value)

    def _list(self, search: str) -> None:
        page = self.query_one(PagedList)
        self._shown, options = [], []
        lessons, words = matching(search)
        groups: tuple[tuple[str, tuple[Lesson | Word, ...]], ...] = (
            ("Lessons", tuple(lessons)),
            ("Words", tuple(words)),
        )
        for heading, found in groups:
            if found:
                self._shown += [None, *found]
                options += [Option(Text(heading, style="bold underline"), disabled=True), *map(_option, found)]
        page.set_options(options or [Option("Nothing here has these words.", disabled=True)])
        page.highlighted = 1 if options else None
        does = {"up down": "choose", "open": "open"} if options else {}
        self.query_one(Vertical).border_subtitle = _keys(self.app, "reading", does)
        page.scroll_home(animate=False)

    def action_move(self, action: str) -> None:
        """Move the cursor in the list."""
        page = self.query_one(PagedList)
        if page.highlighted is not None:
            getattr(page, f"action_{action}")()

    def action_open(self) -> None:
        """Open what the cursor is on."""
        at = self.query_one(PagedList).highlighted
        if at is not None and at < len(self._shown) and (one := self._shown[at]) is not None:
            self.dismiss(one)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click does it too."""
        event.stop()
        self.action_open()

    def action_close(self) -> None:
        """Back to what was below."""
        self.dismiss(None)


def _typeset(lesson: Lesson) -> Iterator[Content]:
    """The paragraphs, each word of the glossary that the lesson explains marked where it is first used."""
    left = list(lesson.words)
    for figure, lines in paragraphs(lesson.text):
        if figure:
            yield Content.styled(
                "\n".join(f"  {line[len(FIGURE) :]}" for line in lines.split("\n")), "$foreground bold"
            )
            continue
        text = Content(lines)
        for term in list(left):
            if found := re.search(rf"\b{re.escape(term)}s?\b", lines, re.IGNORECASE):
                text = text.stylize("$hint underline", *found.span())
                left.remove(term)
        yield text


def _explains(lesson: Lesson) -> Content:
    return Content.assemble(("Words  ", "$text-muted"), (", ".join(lesson.words), "$hint"))


def _asked(lesson: Lesson) -> Content:
    """Its question, as the file has it."""
    (ask,) = lesson.question["ask"]
    options = ask.get("options", ())
    lines: list[str | tuple[str, str]] = [("Try it. ", "bold $current"), ask["prompt"]]
    for letter, option in zip(ascii_lowercase, options, strict=False):
        lines += [("\n  ", ""), (f"{letter})", "bold $key"), f" {option['text']}"]
    return Content.assemble(*lines)


def _keys(app: App[Any], place: str, does: Mapping[str, str]) -> Content:
    """What some keys of a card do, and last the one that closes it."""
    named = {ids: "+".join(f"{place}.{id}" for id in ids.split()) for ids in (*does, "close")}
    return line_of_keys(app, *((f"{{{named[ids]}}}", words) for ids, words in {**does, "close": "close"}.items()))


def _row(heading: str, text: str) -> Content:
    return Content.assemble((f"{heading:<{_HEADING}}", "$text-muted"), harmless(text))


def _option(one: Lesson | Word) -> Option:
    if isinstance(one, Lesson):
        line = Content.assemble((f"{one.number:>2}  ", "bold"), one.title)
    else:
        line = Content.assemble("    ", (f"{one.term:<19}", "bold"), one.says)
    return Option(InOneLine(line))

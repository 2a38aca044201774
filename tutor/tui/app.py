"""The app: it shows the home screen at once, reads the exercises meanwhile, and opens one when asked."""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import replace
from textual import constants, events, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import Monochrome, NoColor
from textual.keys import key_to_character
from textual.screen import Screen
from textual.worker import Worker, WorkerFailed, get_current_worker

from tutor.catalogue.search import Shelf
from tutor.learner import LOST, Progress, SteadyStore, StoreProblem
from tutor.library import BadFile, BrokenExercise, Exercise, Library, load
from tutor.paths import code_is_run, home, own_folder
from tutor.practice.seeds import PRACTICE, NoVariant, fresh_seed, split_id, variant_id, variants_begun
from tutor.settings.schema import KnownBindings, Settings, read_settings
from tutor.tui.commands import BY_ID, bindings
from tutor.tui.drafts import KeepsTyped
from tutor.tui.keys import key_name, with_keys
from tutor.tui.layout_budget import TALL, WIDE
from tutor.tui.palette import ExerciseCommands, Palette, ReadingCommands
from tutor.tui.rounds import Rounds
from tutor.tui.save_errors import SaysTrouble, say_trouble, trouble_said
from tutor.tui.screens.home import ROOMY, HomeScreen
from tutor.tui.terminal import cover, heed_signals, of_terminal, too_small
from tutor.tui.themes import OURS, THEMES, legible
from tutor.tui.typed_ahead import PastedOn, TypedAhead

if TYPE_CHECKING:
    from datetime import date

    from tutor.marking import Marker
    from tutor.papers.paper import Paper, PaperShelf
    from tutor.papers.sitting import SittingRecord
    from tutor.practice.own_function import OwnFunction
    from tutor.practice.review_round import RoundWish
    from tutor.practice.summary import UnreadJournal
    from tutor.runner import Runner
    from tutor.tui.papers import Papers
    from tutor.tui.saved_files import SavedFiles
    from tutor.tui.screens.exercise import ExerciseScreen
    from tutor.tui.screens.paper import PaperScreen
    from tutor.tui.screens.paper_result import PaperResultScreen
    from tutor.tui.screens.papers import PapersScreen

LIBRARY = "library.msgpack"
"""What the exercise files came to, in the learner's folder. It may be deleted at any time."""

_SLOW = 0.3
"""Seconds after which it is said what takes so long."""

_KEY_NAMES = {"esc": "Esc", "escape": "Esc", "⏎": "Enter", "enter": "Enter"}
_PLAIN_KEY = re.compile(r"f\d+|\^[a-z]")


class TutorApp(SaysTrouble, App[None]):
    """Holds what all screens share: the exercises, the settings, the store and the runner."""

    TITLE = "backprop-tutor"
    CSS_PATH: ClassVar[list[Path]] = [  # type: ignore[assignment]  # the other screens bring their own
        Path(__file__).parent / name for name in ("terminal.tcss", "widgets/bars.tcss", "screens/home.tcss")
    ]
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012 - Textual declares it so
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual declares it so

    COMMANDS = App.COMMANDS | {ExerciseCommands, ReadingCommands}

    def __init__(
        self,
        folders: Sequence[Path],
        start: str | None = None,
        code: str | None = None,
        greet: bool = True,
        wish: RoundWish | None = None,
        paper: Paper | None = None,
    ) -> None:
        """`code` is a program for the exercise to start with; `greet` whether newcomers are welcomed.

        `wish` is the round of review to start with, `paper` one to be sat at once.

        Raises StoreProblem where progress cannot be kept.
        """
        super().__init__()
        self._folders = folders
        self._start = start
        self._code = code
        self._paper = paper
        self._following: str | None = None
        """What comes after the exercise that is open, as its solved card says."""
        self._greet = greet
        self._saved_files: SavedFiles | None = None
        self._is_prepared = False
        """Whether what takes long to load is loaded."""
        self._wish = wish
        self._rounds = Rounds(self)
        self._library = Library()
        self._home = HomeScreen()
        self._typed_ahead = TypedAhead(self, self._quits)
        self.store = SteadyStore(lambda sentence: say_trouble(self, sentence))
        self._runner: Runner | None = None
        self._heed_no_more: Callable[[], None] = lambda: None
        self.failure: Exception | None = None
        """What the app ended by, where it should not have."""
        for theme in OURS:
            self.register_theme(theme)
        read = read_settings(KnownBindings(themes=THEMES))
        self._settings_path = read.path
        self._warnings = read.faults
        """What is wrong with the settings."""
        self._take(read.settings)

    @property
    def library(self) -> Library:
        """The exercises."""
        return self._library

    @property
    def runner(self) -> Runner:
        """What runs the learner's code; loaded when it is first wanted, after the first paint."""
        if self._runner is None:
            from tutor.runner import Runner

            self._runner = Runner(allowed=code_is_run())
        return self._runner

    def get_default_screen(self) -> Screen[None]:
        """Home lies below all other screens, with nothing below itself that would be drawn first."""
        width, height = self.size
        self._home.set_classes(["-wide" if width >= WIDE else "-narrow", "-tall" if height >= ROOMY else "-short"])
        return self._home  # with the classes it would get a moment later, when all would be styled anew

    def on_mount(self) -> None:
        """Paint first, read then."""
        if not self.is_headless:
            self._heed_no_more = heed_signals(lambda code: self.exit(return_code=code))
        self.screen_change_signal.subscribe(self, lambda screen: cover(screen, too_small(self.size)), immediate=True)
        self._warn(self._warnings)
        self._read(self.store.owners())

    @work(thread=True)
    def _read(self, owners: Mapping[str, str]) -> None:
        """Read the exercises."""
        self.call_from_thread(self._show, load(self._folders, home() / LIBRARY, owners))

    @work(thread=True)
    def _prepare(self) -> None:
        """Load what working on an exercise takes: NumPy, the grammar, the runner."""
        from tutor import language
        from tutor.engine import enclosure as precise
        from tutor.learner.transfer import keep_backup
        from tutor.tui.screens import exercise

        assert exercise
        language.prepare()
        precise.prepare()
        self.runner.warm()
        with suppress(StoreProblem):  # what cannot be written is said where it is typed
            keep_backup(home())
        self.call_from_thread(self._prepared)
        self._check_settings()
        gc.freeze()  # what is loaded stays: going through it for garbage stops the app for three frames, now and then

    def _show(self, library: Library) -> None:
        self._library = library
        self._refresh_home()
        if self._start is not None:
            start, self._start = self._start, None
            self._open(start, self._code)
        elif self._wish is not None:
            wish, self._wish = self._wish, None
            self.begin_round(wish)
        elif self._paper is not None:
            paper, self._paper = self._paper, None
            self._sit(paper)
            self.call_after_refresh(self._prepare)
            return  # what is typed meanwhile is for the paper
        elif self._greet and library.exercises and self.store.last_opened() is None and not self.store.summary():
            from tutor.tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(), self._welcomed)
        self._typed_ahead.begin()
        self.call_after_refresh(self._prepare)  # the threads of a Python program share one core: paint first

    def _prepared(self) -> None:
        """What is loaded now lets the rest of home be found out."""
        from tutor.tui.saved_files import SavedFiles

        self._is_prepared = True
        self._saved_files = SavedFiles(self, list(self._folders), LIBRARY)
        self._saved_files.watch()
        self._list_variants()
        self._find_today()

    def call_from_thread(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """As Textual's; a thread that ends while the app does has nobody left to tell."""

        def unless_ending(*given: Any, **named: Any) -> Any:
            return None if self._exit else callback(*given, **named)

        return super().call_from_thread(unless_ending, *args, **kwargs)

    # Today

    def _find_today(self) -> None:
        """Find out what today holds, as soon as what that takes is loaded."""
        if not self._is_prepared:
            return
        from tutor.practice.plan import exam_date
        from tutor.practice.summary import unread

        with trouble_said(self):
            store = self.store
            self._sum_up(unread(store), store.summary(), store.last_opened(), exam_date(store))

    @work(thread=True, exclusive=True, group="today")
    def _sum_up(
        self, unread: UnreadJournal, progress: Mapping[str, Progress], last: str | None, exam: date | None
    ) -> None:
        from tutor.practice.summary import keep_summary, summed_up
        from tutor.practice.today import SECONDS_A_BLANK, today_of

        library = self._library
        summary, worth_keeping = summed_up(unread, library)
        pace = summary.pace or SECONDS_A_BLANK
        today = today_of(library, progress, summary.skills, time.time(), last=last, exam=exam, pace=pace)
        if not get_current_worker().is_cancelled:
            self.call_from_thread(self._home.take_today, today, summary)
            if worth_keeping:
                self.call_from_thread(keep_summary, self.store, worth_keeping)

    # On fresh numbers

    def _list_variants(self) -> None:
        """List what lies half done on fresh numbers; drawing it again takes a moment each."""
        progress = self.store.summary()
        if variants_begun(id for id, state in progress.items() if state.state == "started"):
            self._draw_begun(progress)

    @work(thread=True)
    def _draw_begun(self, progress: Mapping[str, Progress]) -> None:
        from tutor.practice.variants import with_begun

        listed = with_begun(self._library, progress)
        if not get_current_worker().is_cancelled:
            self.call_from_thread(self.take_library, listed)

    def take_library(self, library: Library) -> None:
        """Show these exercises from now on."""
        self._library = library
        if self.screen is self._home:
            self._refresh_home()

    @work(thread=True)
    def _draw(self, id: str, seed: int, code: str | None = None) -> None:
        """Draw an exercise's numbers, then open it."""
        from tutor.practice.variants import find

        try:
            variant = find(self._library, variant_id(id, seed))
        except NoVariant as why:
            self.call_from_thread(self.notify, str(why), markup=False, timeout=10)
        except BadFile as error:
            path = self._library.exercises[id].path
            self.call_from_thread(self._home.explain, BrokenExercise(id, path, error.faults))
        else:
            assert variant is not None, "its exercise is in the library, or it is made for practice"
            self.call_from_thread(self._open_variant, variant, code)

    def _open_variant(self, variant: Exercise, code: str | None) -> None:
        from tutor.practice.variants import listing

        self._library = listing(self._library, variant)
        self._close_exercise()
        self._open(variant.id, code)

    def on_exercise_screen_fresh_wanted(self, event: ExerciseScreen.FreshWanted) -> None:
        """Once more, on new numbers."""
        self._open_fresh(event.id)

    def on_home_screen_fresh_wanted(self, event: HomeScreen.FreshWanted) -> None:
        """The same from home."""
        self._open_fresh(event.id)

    def _open_fresh(self, id: str) -> None:
        base, _ = split_id(id)
        if base in self._library.exercises or base.startswith(f"{PRACTICE}/"):
            work = self._draw(base, fresh_seed(base, [*self.store.summary(), id]))
            self._say_if_slow(work, "Drawing new numbers …")

    def on_home_screen_made_wanted(self) -> None:
        """A new function, made of gates that are asked for."""
        from tutor.tui.screens.made_function import MadeFunctionScreen

        if self.screen is self._home:
            self.push_screen(MadeFunctionScreen(self.store), self._begin_made)

    def _begin_made(self, id: str | None) -> None:
        """Draw the next function of this request, and open it."""
        if id is not None:
            self._open_fresh(id)

    def _say_if_slow(self, work: Worker[None], says: str) -> None:
        """Say what is being done, where it is still being done after a moment."""
        self.set_timer(_SLOW, lambda: None if work.is_finished else self.notify(says, markup=False, timeout=2))

    # A function of the learner's own

    def on_home_screen_own_wanted(self) -> None:
        """Let them type it."""
        from tutor.tui.screens.own_function import OwnFunctionScreen

        if self.screen is self._home:
            self.push_screen(OwnFunctionScreen(self.store, self.settings.ascii, self.settings.digits), self._begin_own)

    def _begin_own(self, own: OwnFunction | None) -> None:
        """Keep it as a file, and open it."""
        if own is None:
            return
        from tutor.practice.own_function import keep

        try:
            id, _ = keep(own)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            self.notify(f"The function cannot be kept: {why}.", severity="error", markup=False, timeout=15)
            return
        self._start, self._folders = id, list(dict.fromkeys([*self._folders, own_folder()]))
        self._say_if_slow(self._read(self.store.owners()), "Reading the exercises …")

    def _welcomed(self, at_once: bool | None) -> None:
        if at_once:
            self._home.action_next()

    def _refresh_home(self) -> None:
        notice = "\n".join((*filter(None, [self.store.notice, self.store.trouble]), *self._warnings))
        self._home.draw_with(self.settings.ascii)
        store = self.store
        self._home.show(self._library, store.summary(), store.last_opened(), notice, store.solved())
        self._find_today()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is no room."""
        if self.screen_stack:
            cover(self.screen, too_small(event.size))

    def _taken_apart(self, event: events.Key) -> tuple[events.Key, ...]:
        """Alt and a key as Escape and that key, which is how many terminals send it; () where it has a use of its own.

        Who is fast, or far away, has pressed Escape and then a letter.
        """
        held, _, key = event.key.rpartition("+")
        if held not in ("alt", "alt+shift") or event.key in ",".join(self.settings.keys.values()).split(","):
            return ()
        if key_to_character(key) is None and key not in ("left", "right", "up", "down", "enter"):
            return ()
        key = key.upper() if held.endswith("shift") else key
        character = key if len(key) == 1 else key_to_character(key)
        return events.Key("escape", "\x1b"), events.Key(key, character)

    def _quits(self, key: str) -> bool:
        return key in self.settings.keys.get("quit", BY_ID["quit"].every_key).split(",")

    def push_screen(self, *args: Any, **options: Any) -> Any:
        """As Textual's; the palette makes way for what opens above it."""
        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        return super().push_screen(*args, **options)

    def get_key_display(self, binding: Binding) -> str:
        """Keys by the names they have in the texts: F1, Esc, Enter, ^G."""
        shown = super().get_key_display(binding)
        name = _KEY_NAMES.get(shown.lower(), shown)
        return name.upper() if _PLAIN_KEY.fullmatch(name) else name

    def on_home_screen_opened(self, event: HomeScreen.Opened) -> None:
        """Open an exercise, unless something else was opened meanwhile."""
        if self.screen is self._home:
            self._open(event.id, again=event.again)

    def open_exercise(self, id: str) -> None:
        """Leave what is open and go to an exercise."""
        self._close_exercise()
        self._open(id)

    def _open(self, id: str, code: str | None = None, again: bool = False) -> None:
        from tutor.session.session import Session
        from tutor.tui.screens.exercise import ExerciseScreen

        exercise = self._library.exercises.get(id)
        if exercise is None:
            base, seed = split_id(id)
            self._draw(base, seed or 0, code)
            return
        try:
            self._following = self._after(id)
            session = Session(exercise, self.store, self.runner)
            if again:
                session.reset()
            step = session.take_code(code) if code is not None else None
        except BadFile as error:
            self._home.explain(BrokenExercise(id, exercise.path, error.faults))
            return
        except StoreProblem as problem:
            self.notify(str(problem), severity="error", markup=False, timeout=15)
            return
        drawn_with = self.settings.ascii, self.settings.digits
        title = self._library.exercises[self._following].file.title if self._following is not None else None
        self.push_screen(ExerciseScreen(session, title, step, *drawn_with))

    def _after(self, id: str) -> str | None:
        """What comes after this exercise; None where all else is done and nothing is due."""
        shelf = Shelf(self._library, self.store.summary(), time.time())
        following = shelf.next_up(id, but=id)
        return following[0] if following is not None else None

    def on_home_screen_gates_wanted(self) -> None:
        """Show the gate cards."""
        self._show_gates(None)

    def on_exercise_screen_gates_wanted(self, event: ExerciseScreen.GatesWanted) -> None:
        """Show the gate cards, beginning with the gate at hand."""
        self._show_gates(event.here)

    def _show_gates(self, here: str | None) -> None:
        from tutor.tui.screens.gates import GatesScreen

        self.push_screen(GatesScreen(self.store, self._library, here))

    # Review

    def action_review(self) -> None:
        """A round of what is due."""
        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        self._rounds.begin()

    def on_home_screen_review_wanted(self) -> None:
        """The same from what today holds."""
        self.action_review()

    def on_review_screen_next_wanted(self) -> None:
        """On to the round's next item."""
        self._rounds.ask_next()

    def begin_round(self, wish: RoundWish) -> None:
        """Leave what is open, and begin a round."""
        self._rounds.begin(wish)

    def close_all(self) -> None:
        """Back to the exercises, as they are by now."""
        self._close_exercise()

    def action_progress(self) -> None:
        """What is known, shaky and new."""
        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        self._rounds.show_progress()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Lessons, jumping, review are for home and exercises: on a paper nobody helps; cards have their own ways."""
        if action in ("lesson", "jump", "review", "progress"):
            return isinstance(self.screen, HomeScreen) or self._in_exercise
        return super().check_action(action, parameters)

    @property
    def _in_exercise(self) -> bool:
        """Whether an exercise is on top. What it needs is loaded after the first paint, or it cannot be.

        While a thread loads it the module is there and its class is not.
        """
        kind = getattr(sys.modules.get("tutor.tui.screens.exercise"), "ExerciseScreen", None)
        return kind is not None and isinstance(self.screen, kind)

    def action_jump(self) -> None:
        """Put a letter on everything there is to go to."""
        from tutor.tui.screens.exercise import ExerciseScreen
        from tutor.tui.screens.jump import jump_at_home, jump_in_exercise

        if isinstance(self.screen, HomeScreen):
            jump_at_home(self.screen)
        elif isinstance(self.screen, ExerciseScreen):
            jump_in_exercise(self.screen, len(self.screen.session.steps))

    # What there is to read

    def action_lesson(self) -> None:
        """The word that the blank is about; where no blank is, all lessons and words."""
        from tutor.lessons import find_word, words
        from tutor.lessons.subjects import subject_of
        from tutor.tui.screens.exercise import ExerciseScreen
        from tutor.tui.screens.lessons import show_list, show_word
        from tutor.tui.widgets.work_pane import WorkPane

        if isinstance(self.screen, HomeScreen):
            show_list(self)
        elif isinstance(self.screen, ExerciseScreen):
            session, typed = self.screen.session, self.screen.query_one(WorkPane).typed
            place = session.find(typed[0].key) if typed is not None else None
            step, blank = place if place is not None else (session.current_step, None)
            subject = subject_of(session, step, blank)
            show_word(self, find_word(subject.word), words(), subject.lesson, subject.here)

    def action_reading(self) -> None:
        """All lessons and words."""
        from tutor.tui.screens.lessons import show_list

        show_list(self)

    def action_read(self, id: str) -> None:
        """A lesson."""
        from tutor.lessons import find_lesson
        from tutor.tui.screens.lessons import show_lesson

        show_lesson(self, find_lesson(id))

    def action_word(self, term: str) -> None:
        """What a word means."""
        from tutor.lessons import find_word, words
        from tutor.tui.screens.lessons import show_word
        from tutor.tui.screens.paper import PaperScreen

        if not isinstance(self.screen, PaperScreen):
            show_word(self, find_word(term), words())

    def on_exercise_screen_left(self) -> None:
        """Back to the exercises."""
        self._close_exercise()

    def on_exercise_screen_next_wanted(self) -> None:
        """On to the next exercise."""
        self._close_exercise()
        if self._following is not None:
            self._open(self._following)

    def _close_exercise(self) -> None:
        self._rounds.leave()
        while self.screen is not self._home:
            self.pop_screen()
        self._refresh_home()

    # Papers

    @property
    def _papers(self) -> Papers:
        from tutor.tui.papers import Papers

        return Papers(self, list(self._folders))

    def on_home_screen_papers_wanted(self) -> None:
        """List the papers."""
        if self.screen is self._home:
            self._find_papers()

    @work(thread=True, exclusive=True, group="papers")
    def _find_papers(self) -> None:
        self.call_from_thread(self._list_papers, self._papers.shelf())

    def _list_papers(self, shelf: PaperShelf) -> None:
        if self.screen is self._home:
            self.push_screen(self._papers.chooser(shelf))

    def on_papers_screen_chosen(self, event: PapersScreen.Chosen) -> None:
        """Sit a paper, or go on with it."""
        self._draw_paper(event.paper)

    def on_papers_screen_result_wanted(self, event: PapersScreen.ResultWanted) -> None:
        """Show how a paper went."""
        self._show_result(event.key)

    def on_paper_result_screen_once_more(self, event: PaperResultScreen.OnceMore) -> None:
        """The same paper on new numbers."""
        from tutor.papers.paper import PaperProblem
        from tutor.tui.papers import tell

        try:
            self._sit(self._papers.once_more(event.paper))
        except PaperProblem as problem:
            tell(self, problem)

    @work(thread=True, exclusive=True, group="papers")
    def _draw_paper(self, id: str) -> None:
        from tutor.papers.paper import PaperProblem
        from tutor.tui.papers import tell

        try:
            paper = self._papers.called(id)
        except PaperProblem as problem:
            self.call_from_thread(tell, self, problem)
        else:
            self.call_from_thread(self._sit, paper)

    def _sit(self, paper: Paper) -> None:
        """Open a paper; working out what it asks takes a second."""
        self.notify("The paper is being prepared …", markup=False, timeout=3)
        kept, before = self._papers.as_kept(paper)
        self._prepare_paper(kept, before)

    @work(thread=True, exclusive=True, group="papers")
    def _prepare_paper(self, paper: Paper, before: SittingRecord | None) -> None:
        from tutor.papers.paper import PaperProblem
        from tutor.tui.papers import tell

        try:
            markers = self._papers.markers(paper)
        except PaperProblem as problem:
            self.call_from_thread(tell, self, problem)
            self.call_from_thread(self._typed_ahead.begin)
        else:
            self.call_from_thread(self._open_paper, paper, markers, before)

    def _open_paper(self, paper: Paper, markers: list[Marker], before: SittingRecord | None) -> None:
        from tutor.tui.screens.exercise import ExerciseScreen
        from tutor.tui.screens.paper import PaperScreen

        if any(isinstance(one, PaperScreen | ExerciseScreen) for one in self.screen_stack):
            return  # something else was opened meanwhile
        with trouble_said(self):
            screen = self._papers.screen(paper, markers, before)
            self._close_exercise()
            self.push_screen(screen)
        self._typed_ahead.begin()

    def on_paper_screen_handed_in(self, event: PaperScreen.HandedIn) -> None:
        """Show how it went."""
        self._close_exercise()
        self._show_result(event.key)

    def _show_result(self, key: str) -> None:
        screen = self._papers.result(key)
        if screen is not None:
            self.push_screen(screen)

    def on_paper_screen_left(self) -> None:
        """Back to the exercises."""
        self._close_exercise()

    def on_papers_screen_left(self) -> None:
        """Back to the exercises."""
        self._close_exercise()

    def on_paper_result_screen_review_wanted(self, event: PaperResultScreen.ReviewWanted) -> None:
        """A round of what went wrong."""
        from tutor.practice.review_round import RoundWish

        self._close_exercise()
        self.begin_round(RoundWish(skills=event.skills))

    def on_paper_result_screen_left(self) -> None:
        """Back to the exercises."""
        self._close_exercise()

    # What is typed

    async def on_event(self, event: events.Event) -> None:
        """Keys and pasted text go on one after the other; where nothing can be seen, only quitting is possible."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if too_small(self.size) and not (isinstance(event, events.Key) and self._quits(event.key)):
                return
            if isinstance(event, events.Key) and (apart := self._taken_apart(event)):
                for one in apart:
                    self.post_message(one)
                return
            due = self._typed_ahead.take(event)
            if due is None:
                return
            event = due
        await super().on_event(event)

    def on_pasted_on(self, event: PastedOn) -> None:
        """The rest of what was pasted comes before what was typed since."""
        self._typed_ahead.first(event.text)

    async def on_exit_app(self) -> None:
        """Keep what is typed, however the app ends."""
        await self._typed_ahead.finish(super().on_event)
        with trouble_said(self):
            self._keep_typed()

    def action_help_quit(self) -> None:
        """What Ctrl+C does where there is nothing to copy: say what it does not."""
        self.notify(with_keys(self, "Ctrl+C copies what is selected. {exercise.home} leaves."), markup=False)

    async def action_quit(self) -> None:
        """End the app; what is typed after that is not for it."""
        self._typed_ahead.drop()
        await super().action_quit()

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        with trouble_said(self):
            return await super()._dispatch_action(namespace, action_name, params)
        return True

    # Settings

    def _take(self, settings: Settings) -> None:
        """Let these settings hold from now on."""
        self.settings = settings
        self.theme = settings.theme
        self.animation_level = "none" if settings.reduced_motion else constants.TEXTUAL_ANIMATIONS
        self.set_keymap(settings.keys)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, with text that can be read."""
        return legible(super().get_css_variables())

    def watch_theme(self) -> None:
        """NO_COLOR means greys; where a theme has the terminal's own colours, which turn black in grey, none at all."""
        if self.no_color:
            others = [one for one in self._filters if not isinstance(one, Monochrome | NoColor)]
            self._filters = [*others, NoColor() if self.native_ansi_color else Monochrome()]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A cursor's blinking is motion too."""
        if hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = not self.settings.reduced_motion

    def _check_settings(self) -> None:
        """Look for keys that are not known or do two things; every screen is loaded for it. Runs in a thread."""
        from tutor.tui import keys

        reading = read_settings(keys.known())
        found = (*reading.faults, *keys.doubled(reading.settings.keys))
        if not get_current_worker().is_cancelled:
            self.call_from_thread(self._checked, reading.settings.keys, found)

    def _checked(self, own_keys: dict[str, str], found: tuple[str, ...]) -> None:
        """Only keys that can be used hold."""
        self.settings = replace(self.settings, keys=own_keys)
        self.set_keymap(own_keys)
        self._warn(fault for fault in found if fault not in self._warnings)
        self._warnings = found

    def _warn(self, faults: Iterable[str]) -> None:
        if sentences := "\n".join(faults):
            self.notify(sentences, title="Settings", severity="warning", markup=False, timeout=15)

    def action_settings(self) -> None:
        """Open the settings, or close them; there is one at most."""
        from tutor.tui.screens.settings import SettingsScreen

        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        if isinstance(self.screen, SettingsScreen):
            self.screen.action_close()
        elif not any(isinstance(screen, SettingsScreen) for screen in self.screen_stack):
            self.push_screen(SettingsScreen(self.settings, THEMES, self._settings_path, self._keep_setting))

    def search_themes(self) -> None:
        """Choose a theme where it is saved too."""
        self.action_settings()

    def _keep_setting(self, name: str, value: str | int | bool) -> str:
        """Let a setting hold and save it; "" or what went wrong."""
        from tutor.settings.file import SettingsProblem, keep
        from tutor.tui.screens.exercise import ExerciseScreen

        self._take(replace(self.settings, **{name: value}))
        for screen in self.screen_stack:
            if isinstance(screen, ExerciseScreen):
                screen.draw_with(self.settings.ascii, self.settings.digits)
        self._home.draw_with(self.settings.ascii)
        try:
            keep({name: value}, self._settings_path)
        except SettingsProblem as problem:
            return str(problem)
        return ""

    def action_command_palette(self) -> None:
        """Open the palette; there is one at most."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key of the screen, by name; Textual's own commands are among them or are of no use here."""
        yield SystemCommand("Theme", "Colours, in the settings", self.action_change_theme)
        seen = set[str]()
        for node, binding, enabled, _ in screen.active_bindings.values():
            if enabled and binding.description and binding.id in BY_ID and binding.description not in seen:
                seen.add(binding.description)
                yield _command(self, node, binding)

    # The end

    def get_driver_class(self) -> type[Driver]:
        """Textual's, able to cope with more."""
        return of_terminal(super().get_driver_class())

    def _keep_typed(self) -> None:
        """Keep even what the last key typed, which no message has told of yet."""
        for screen in self.screen_stack:
            if isinstance(screen, KeepsTyped) and screen.is_mounted:
                screen.keep_typed()

    def _handle_exception(self, error: Exception) -> None:
        """End without Textual's page of traceback; `run` raises the error again when the terminal is restored."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.failure = self.failure or (cause if isinstance(cause, Exception) else error)
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def _fatal_error(self) -> None:
        with suppress(Exception):  # a screen that failed may have nothing to keep, or no way to
            self._keep_typed()
        self._close_messages_no_wait()

    def on_unmount(self) -> None:
        """Stop what runs, close the file."""
        self._heed_no_more()
        gc.unfreeze()
        if self._runner is not None:
            self._runner.close()
        self.store.close()


def _command(app: TutorApp, node: DOMNode, binding: Binding) -> SystemCommand:
    async def carry_out() -> None:
        await app.run_action(binding.action, node)

    assert binding.id is not None
    return SystemCommand(binding.description, f"Key: {key_name(BY_ID[binding.id], app.settings.keys)}", carry_out)


def run(
    folders: Sequence[Path],
    start: str | None = None,
    code: str | None = None,
    wish: RoundWish | None = None,
    paper: Paper | None = None,
) -> int:
    """Run the app until the learner quits; `code` is a program for the exercise to start with.

    `wish` is a round to begin with, `paper` one to be sat.

    Gives the exit code: 0, or what the signal that ended it makes it. Raises StoreProblem where progress cannot be
    kept, and any error by which the app ended; the terminal is restored by then.
    """
    app = TutorApp(folders, start, code, wish=wish, paper=paper)
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.store.unwritten:
        raise StoreProblem(f"{app.store.trouble} {LOST}")
    return app.return_code or 0

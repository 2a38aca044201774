"""The app: it shows the home screen at once and hands what is asked for to the part of it whose work it is.

`loading` reads the exercises, `opening` opens one, `papers` and `rounds` do so with papers and rounds of review;
`steady_app` sees to keys, settings and failures. Here are what all screens share and the messages of the screens.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import Worker

from tutor.learner import LOST, SteadyStore, StoreProblem
from tutor.library import Library
from tutor.paths import code_is_run
from tutor.practice.next_new import placement_in
from tutor.tui.commands import bindings
from tutor.tui.layout_budget import TALL, WIDE
from tutor.tui.loading import Loading, exercise_screen
from tutor.tui.opening import Opening
from tutor.tui.palette import ExerciseCommands, Palette, ReadingCommands, key_commands
from tutor.tui.rounds import Rounds
from tutor.tui.save_errors import say_trouble
from tutor.tui.screens.home import ROOMY, HomeScreen
from tutor.tui.steady_app import SteadyApp

if TYPE_CHECKING:
    from tutor.papers.paper import Paper
    from tutor.practice.review_round import RoundWish
    from tutor.runner import Runner
    from tutor.tui.papers import Papers
    from tutor.tui.screens.exercise import ExerciseScreen
    from tutor.tui.screens.paper import PaperScreen
    from tutor.tui.screens.paper_result import PaperResultScreen
    from tutor.tui.screens.papers import PapersScreen


class TutorApp(SteadyApp):
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
        self.folders = list(folders)
        """Where the exercises are."""
        self.library = Library()
        """The exercises; empty until they are read."""
        self.home_screen = HomeScreen()
        self._start = start
        self._code = code
        self._wish = wish
        self._paper = paper
        self._greet = greet
        self.loading = Loading(self)
        self._opening = Opening(self)
        self._rounds = Rounds(self)
        self.store = SteadyStore(lambda sentence: say_trouble(self, sentence))
        self._runner: Runner | None = None

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
        self.home_screen.set_classes(
            ["-wide" if width >= WIDE else "-narrow", "-tall" if height >= ROOMY else "-short"]
        )
        return self.home_screen  # with the classes it would get a moment later, when all would be styled anew

    def on_mount(self) -> None:
        """Paint first, read then."""
        self.call_after_refresh(self.loading.read_exercises)

    def take_exercises(self, library: Library) -> None:
        """Show the exercises that were read, and open what the app was started for."""
        self.library = library
        self._refresh_home()
        start, code, wish, paper = self._start, self._code, self._wish, self._paper
        self._start = self._code = self._wish = self._paper = None
        if paper is None:  # else what is typed meanwhile is for the paper
            self.typed_ahead.begin()
        if start is not None:
            self._opening.open(start, code)
        elif wish is not None:
            self.begin_round(wish)
        elif paper is not None:
            self._papers.sit(paper)
        elif self._greet and library.exercises and self.store.last_opened() is None and not self.store.summary():
            from tutor.tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(), self._welcomed)
        self.call_after_refresh(self.loading.prepare)  # the threads of a Python program share one core: paint first

    def read_again(self, folder: Path, start: str) -> Worker[None]:
        """Read the exercises again, with a folder that may be new, and open one of them."""
        self.folders = list(dict.fromkeys([*self.folders, folder]))
        self._start = start
        return self.loading.read_exercises()

    def take_library(self, library: Library) -> None:
        """Show these exercises from now on."""
        self.library = library
        if self.screen is self.home_screen:
            self._refresh_home()

    # Exercises

    def on_exercise_screen_fresh_wanted(self, event: ExerciseScreen.FreshWanted) -> None:
        """Once more, on new numbers."""
        self._opening.open_fresh(event.id)

    def on_home_screen_fresh_wanted(self, event: HomeScreen.FreshWanted) -> None:
        """The same from home."""
        self._opening.open_fresh(event.id)

    def on_home_screen_made_wanted(self) -> None:
        """A new function, made of gates that are asked for."""
        from tutor.tui.screens.made_function import MadeFunctionScreen

        if self.screen is self.home_screen:
            self.push_screen(MadeFunctionScreen(self.store), self._opening.open_made)

    def on_home_screen_own_wanted(self) -> None:
        """Let them type it."""
        from tutor.tui.screens.own_function import OwnFunctionScreen

        if self.screen is self.home_screen:
            screen = OwnFunctionScreen(self.store, self.settings.ascii, self.settings.digits)
            self.push_screen(screen, self._opening.open_own)

    def _welcomed(self, at_once: bool | None) -> None:
        if at_once:
            self.home_screen.action_next()

    def _refresh_home(self) -> None:
        notice = "\n".join((*filter(None, [self.store.notice, self.store.trouble]), *self.live_settings.faults))
        store, home = self.store, self.home_screen
        home.draw_with(self.settings.ascii)
        placed = placement_in(store)
        home.show(self.library, store.summary(), store.last_opened(), notice, store.solved(), placed)
        self.loading.find_today()

    def push_screen(self, *args: Any, **options: Any) -> Any:
        """As Textual's; the palette makes way for what opens above it."""
        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        return super().push_screen(*args, **options)

    def on_home_screen_opened(self, event: HomeScreen.Opened) -> None:
        """Open an exercise, unless something else was opened meanwhile."""
        if self.screen is self.home_screen:
            self._opening.open(event.id, again=event.again)

    def open_exercise(self, id: str) -> None:
        """Leave what is open and go to an exercise."""
        self.close_all()
        self._opening.open(id)

    def on_home_screen_gates_wanted(self) -> None:
        """Show the gate cards."""
        self._show_gates(None)

    def on_exercise_screen_gates_wanted(self, event: ExerciseScreen.GatesWanted) -> None:
        """Show the gate cards, beginning with the gate at hand."""
        self._show_gates(event.here)

    def _show_gates(self, here: str | None) -> None:
        from tutor.tui.screens.gates import GatesScreen

        self.push_screen(GatesScreen(self.store, self.library, here))

    # Review

    def action_review(self) -> None:
        """A round of what is due."""
        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        self.loading.when_loaded(self._rounds.begin)

    def on_home_screen_review_wanted(self) -> None:
        """The same from what today holds."""
        self.action_review()

    def on_review_screen_next_wanted(self) -> None:
        """On to the round's next item."""
        self._rounds.ask_next()

    def begin_round(self, wish: RoundWish) -> None:
        """Leave what is open, and begin a round."""
        self.loading.when_loaded(partial(self._rounds.begin, wish))

    def action_progress(self) -> None:
        """What is known, shaky and new."""
        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        self.loading.when_loaded(self._rounds.show_progress)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Lessons, jumping, review are for home and exercises: on a paper nobody helps; cards have their own ways."""
        if action in ("lesson", "jump", "review", "progress"):
            return isinstance(self.screen, HomeScreen) or self._in_exercise
        return super().check_action(action, parameters)

    @property
    def _in_exercise(self) -> bool:
        """Whether an exercise is on top."""
        kind = exercise_screen()
        return kind is not None and isinstance(self.screen, kind)

    def action_jump(self) -> None:
        """Put a letter on everything there is to go to."""
        from tutor.tui.screens.exercise import ExerciseScreen
        from tutor.tui.screens.jump import jump_at_home, jump_in_exercise

        if isinstance(self.screen, HomeScreen):
            jump_at_home(self.screen)
        elif isinstance(self.screen, ExerciseScreen):
            jump_in_exercise(self.screen, len(self.screen.session.view.parts()))

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
        self.close_all()

    def on_exercise_screen_next_wanted(self) -> None:
        """On to the next exercise."""
        self.close_all()
        self._opening.open_next()

    def close_all(self) -> None:
        """Back to the exercises, as they are by now."""
        self._rounds.leave()
        if not self.screen_stack:
            return  # the app ends
        while self.screen is not self.home_screen:
            self.pop_screen()
        self._refresh_home()

    # Papers

    @cached_property
    def _papers(self) -> Papers:
        """Loaded when one is first wanted, after the first paint."""
        from tutor.tui.papers import Papers

        return Papers(self, self.typed_ahead.begin)

    def on_home_screen_papers_wanted(self, event: HomeScreen.PapersWanted) -> None:
        """List the papers."""
        if self.screen is self.home_screen:
            self._papers.list_all(event.here)

    def on_exercise_screen_exam_wanted(self, event: ExerciseScreen.ExamWanted) -> None:
        """Sit an exercise as a paper, which it makes way for when that begins."""
        from tutor.tui.screens.exercise import ExerciseScreen

        if isinstance(self.screen, ExerciseScreen):
            self._papers.open(event.id, over=self.screen)

    def on_home_screen_paper_wanted(self, event: HomeScreen.PaperWanted) -> None:
        """Go on with a paper."""
        if self.screen is self.home_screen:
            self._papers.open(event.id)

    def on_papers_screen_chosen(self, event: PapersScreen.Chosen) -> None:
        """Sit a paper, or go on with it."""
        self._papers.open(event.paper)

    def on_papers_screen_result_wanted(self, event: PapersScreen.ResultWanted) -> None:
        """Show how a paper went."""
        self._papers.show_result(event.key)

    def on_paper_result_screen_once_more(self, event: PaperResultScreen.OnceMore) -> None:
        """The same paper on new numbers."""
        self._papers.open_once_more(event.paper)

    def on_paper_screen_handed_in(self, event: PaperScreen.HandedIn) -> None:
        """Show how it went."""
        self.close_all()
        self._papers.show_result(event.key)

    def on_paper_screen_left(self) -> None:
        """Back to the exercises."""
        self.close_all()

    def on_papers_screen_left(self) -> None:
        """Back to the exercises."""
        self.close_all()

    def on_paper_result_screen_review_wanted(self, event: PaperResultScreen.ReviewWanted) -> None:
        """A round of what went wrong."""
        from tutor.practice.review_round import RoundWish

        self.close_all()
        self.begin_round(RoundWish(skills=event.skills))

    def on_paper_result_screen_left(self) -> None:
        """Back to the exercises."""
        self.close_all()

    # Settings

    def action_settings(self) -> None:
        """Open the settings, or close them; there is one at most."""
        if isinstance(self.screen, Palette):
            self.screen.dismiss()
        self.live_settings.open_screen()

    def search_themes(self) -> None:
        """Choose a theme where it is saved too."""
        self.action_settings()

    def action_command_palette(self) -> None:
        """Open the palette; there is one at most."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key of the screen, by name; Textual's own commands are among them or are of no use here."""
        yield SystemCommand("Theme", "Colours, in the settings", self.action_change_theme)
        yield from key_commands(self, screen)

    # The end

    def on_unmount(self) -> None:
        """Stop what runs, close the file."""
        gc.unfreeze()
        if self._runner is not None:
            self._runner.close()
        self.store.close()


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

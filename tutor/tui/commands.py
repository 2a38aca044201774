"""The table of all that keys do. Textual's bindings, the bottom bar, the palette, the help and README come from it.

`COMMANDS` holds, for each screen or part of one, its commands in the order of the bottom bar. A screen or widget takes
its bindings from here: `BINDINGS = bindings("home")`. Sentences name a key by its command, `{exercise.hint} gives a
hint.`, and `tutor.tui.keys` puts in the key that does it now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from textual.binding import Binding, BindingType
from textual.keys import key_to_character

from tutor.tui.key_command import Command

COMMANDS: dict[str, tuple[Command, ...]] = {
    "app": (
        Command("lesson", "ctrl+l", "lesson", "Lessons and words", letter="l", short="lesson", priority=True,
                help="the word that this blank is about, and its lesson; among the exercises all lessons and words"),
        Command("review", "", "review", "Review", letter="d", short="review",
                help="a round of review: single blanks of what is due, with new numbers, each with the reason why it "
                     "is asked", leaves=True),
        Command("progress", "", "progress", "Progress", letter="p", short="progress",
                help="progress: what is known, begun, shaky and new; Enter on a row practises it"),
        Command("jump", "", "jump", "Jump", letter="j", short="jump",
                help="jump: to a value or a blank by its letter, to a step by its number, to another screen by a "
                     "capital; among the exercises to one by its number"),
        Command("settings", "", "settings", "Settings", letter="comma", also="f11", short="settings", priority=True,
                help="settings: colours, the graph in ASCII, digits, motion"),
        Command("commands", "", "command_palette", "Commands", letter="colon", also="ctrl+p", short="commands",
                priority=True,
                help="all commands and exercises by name"),
        Command("quit", "", "quit", "Quit", letter="q", also="ctrl+q", priority=True,
                help="leave the exercise; in the list of exercises quit. Everything is kept", leaves=True),
    ),
    "home": (
        Command("home.first", "1", "today(1)", "The first of today", leaves=True,
                help="open what today holds, by its number"),
        Command("home.second", "2", "today(2)", "The second of today", paired=True, leaves=True),
        Command("home.third", "3", "today(3)", "The third of today", paired=True, leaves=True),
        Command("home.next", "", "next", "Next", letter="n", short="next", bar=12,
                help="begin the first thing that today holds", leaves=True),
        Command("", "up", words="Up",
                help="from line to line (also {home.down} and {home.up}); {home.open} opens an exercise, or folds a "
                     "topic"),
        Command("", "down", words="Down", paired=True),
        # Priority: it moves the focus before the keys behind it are sent to where the focus is.
        Command("home.search", "slash", "search", "Search", letter="slash", short="find", bar=2, priority=True,
                help="search titles, topics and texts; {home.found} opens what the words name best, {home.to_found} "
                     "leads to the other exercises found"),
        Command("home.filter", "", "filter", "Filter", letter="f", short="filter", bar=11,
                help="list all, to do, begun, solved, or worth another look"),
        Command("home.begun", "", "begun", "Begun", letter="b", short="begun", bar=18,
                help="list what was begun; again lists all"),
        Command("home.own", "", "own", "My function", letter="m", short="my function", bar=5,
                help="a function of your own: type it, and work on it"),
        Command("home.made", "", "made", "Made function", letter="g", short="made function",
                bar=17, help="a function made for you, of the gates you name; each time another"),
        Command("home.again", "ctrl+n", "again", "Begin again", letter="o", short="begin again", bar=13,
                help="begin the exercise under the cursor again from nothing; asks first"),
        Command("home.fresh", "", "fresh", "New numbers", letter="v", also="ctrl+o", short="new numbers", bar=14,
                help="the exercise under the cursor on new numbers", leaves=True),
        Command("home.lesson", "", "app.lesson", "Lessons and words", letter="l", short="lessons", bar=8,
                help="ten lessons, and what the words mean"),
        Command("home.review", "", "app.review", "Review", letter="d", short="review", bar=4, leaves=True),
        Command("home.progress", "", "app.progress", "Progress", letter="p", short="progress", bar=9),
        Command("home.exam", "", "exam", "Sit an exam paper", letter="x", short="papers", bar=10,
                help="exam papers: sit one against the clock, or see how one went"),
        Command("home.gates", "", "gates", "Gate cards", letter="c", also="ctrl+g", short="gate cards", bar=15,
                help="the gate cards, with room for notes of your own"),
        Command("home.help", "", "help", "Help", letter="question_mark", also="f1", short="help", bar=6,
                help="help: what the keys do, what you may type, what the signs say"),
        Command("home.settings", "", "app.settings", "Settings", letters="s", short="settings", bar=16),
        Command("home.all", "escape", "all", "Show all", short="show all", bar=3,
                help="end search and filter; else the letters of all that can be done here",
                turns=(("menu", "More", "more"),)),
        Command("home.preview_up", "pageup", "preview(-1)", "Preview up", help="scroll the preview"),
        Command("home.preview_down", "pagedown", "preview(1)", "Preview down", paired=True),
        Command("home.quit", "", "app.quit", "Quit", letter="q", short="quit", bar=7, leaves=True),
    ),
    "home search": (
        Command("home.found", "enter", "submit", "Open", short="open", bar=1),
        Command("home.to_found", "down", "leave", "To what was found", short="to the list", bar=2),
    ),
    "home today": (
        Command("home.begin", "enter", "select", "Begin", short="begin", bar=1, turns=(("go_on", "Go on", "go on"),)),
        Command("home.today_down", "", "cursor_down", "Down", letters="j"),
        Command("home.today_up", "", "cursor_up", "Up", letters="k"),
    ),
    "home list": (
        Command("home.open", "enter", "select_exercise", "Open", short="open", bar=1,
                turns=(("unfold", "Unfold", "unfold"), ("fold", "Fold away", "fold away"))),
        Command("home.down", "", "cursor_down", "Down", letters="j"),
        Command("home.up", "", "cursor_up", "Up", letters="k"),
    ),
    # What Enter does in the fields of an exercise; these keys are the fields' own.
    "exercise value": (Command("", "enter", words="Check", short="check", bar=1),),
    "exercise equations": (Command("", "enter", words="Check the line", short="check line", bar=1),),
    "exercise code": (),
    # Priority on the exercise screen: the editors have uses of their own for some of these keys.
    "exercise": (
        Command("", "enter", words="Check", help="check the line or the answer, and go on"),
        Command("exercise.menu", "escape", "menu", "More", short="more", priority=True,
                help="the letters of all commands here: this key and then a letter does it while you type; where "
                     "nothing is typed the letter alone does. Pressed again, this key leads back to the field; a "
                     "number goes to that step"),
        Command("exercise.up", "up", "blank(-1)", "Previous blank", short="blank", bar=2, help="previous blank"),
        Command("exercise.down", "down", "blank(1)", "Next blank", paired=True, help="next blank"),
        Command("exercise.hint", "f2", "hint", "Hint", letter="h", short="hint", bar=4, priority=True,
                help="a hint: the principle, then a question with this gate's numbers, then the line; "
                     "the next one comes after a try or 20 seconds",
                idle="hints are about a blank, and there is none here"),
        Command("exercise.show", "f9", "show", "Show the answer", letter="a", short="answer", bar=6, priority=True,
                help="twice: show the answer to this blank, marked as shown", leaves=True,
                idle="there is no blank here whose answer it could show"),
        Command("exercise.fix", "", "fix", "Put right what followed", letter="u", short="put right",
                help="when you have corrected a number: put right the answers that followed from it",
                idle="no answer follows from a number you have corrected"),
        Command("exercise.worked", "", "worked", "Worked solution", letter="w", also="f6", short="solution",
                priority=True,
                help="the worked solution of this question, for your own equations; before you finish it, "
                     "press twice, and its rest is marked as shown", leaves=True),
        Command("exercise.quick", "f8", "quick", "Fewer blanks", letter="f", short="fewer", bar=3, priority=True,
                turns=(("full", "All blanks", "all blanks"), ("run", "Run", "run"),
                       ("check", "Check all", "check all")),
                help="backward step: each gradient only, or upstream, local and downstream; equations: check all of "
                     "them; code: run it",
                idle="it checks equations, asks for fewer or all blanks of a backward pass, and runs code"),
        Command("exercise.later", "", "quick_later", "Fewer blanks later", letter="b", short="fewer",
                turns=(("full_later", "All blanks later", "all blanks"),),
                help="before the backward step: each gradient only there, or upstream, local and downstream",
                idle="it says before the backward step how much is asked there"),
        Command("exercise.check", "", "run", "Run", also="f5", shares="exercise.quick", priority=True,
                turns=(("check", "Check all", "check all"),), idle="it checks equations and runs code"),
        Command("exercise.graph", "f7", "graph", "Graph", letter="g", short="graph", bar=7, bar_turned=3, priority=True,
                turns=(("leave_graph", "Back", "back"),), idle="there is no graph in this step",
                help="to the graph and back; there {graph.up+graph.down+graph.left+graph.right} choose a gate and "
                     "show its card, and {graph.choose} goes to its blank"),
        Command("graph.style", "", "graph_style", "Graph in another size", letter="z", also="s", short="graph size",
                help="draw the graph another way: boxes, compact, from top to bottom, a row per gate",
                idle="there is no graph in this step"),
        Command("graph.copy", "", "copy", "Copy the graph", letter="y", short="copy", help="copy the graph as text",
                idle="there is no graph in this step"),
        Command("exercise.replay", "ctrl+r", "replay", "Replay", letter="r", short="replay", priority=True,
                help="replay: both passes gate by gate with their arithmetic, as far as you have found them",
                idle="there is no graph in this step"),
        Command("exercise.gates", "", "gates", "Gate card", letter="c", also="ctrl+g", short="gate card",
                help="the gate cards: sign, local derivatives, pattern, shapes and kinks of every gate, with room for "
                     "your own notes"),
        Command("exercise.statement", "ctrl+t", "statement", "Text in full", letter="t", short="text in full", bar=9,
                priority=True,
                help="all of the text: what is given, what is asked, the introduction"),
        Command("exercise.outside", "", "outside", "Own editor", letter="e", also="f10", short="editor",
                priority=True,
                help="code: open it in the editor that VISUAL or EDITOR names; what you leave there is taken back",
                idle="only code is taken to another editor"),
        Command("exercise.back", "", "step(-1)", "Previous step", letter="left", also="f3", short="step before",
                priority=True, help="previous step", idle="this exercise has one step"),
        Command("exercise.on", "f4", "step(1)", "Next step", letter="right", short="next step", bar=5, priority=True,
                paired=True, help="next step; those that are still locked are passed over, and after the last comes "
                                  "the first", idle="this exercise has one step"),
        Command("exercise.following", "", "following", "Next exercise", letter="n", short="next exercise",
                help="on to the next exercise; this one is kept as it is", leaves=True),
        Command("exercise.exam", "", "exam", "Sit it as an exam paper", letter="x", short="sit as an exam",
                help="sit this exercise as an exam paper: a clock, no hints, marks at the end; asks first, and what is "
                     "done here is kept", leaves=True),
        Command("exercise.fresh", "ctrl+o", "fresh", "New numbers", letter="v", short="new numbers", priority=True,
                help="the same on new numbers; asks first where this one is half done, and keeps it", leaves=True),
        Command("exercise.again", "ctrl+n", "again", "Begin again", letter="o", short="begin again", priority=True,
                help="begin the exercise again from nothing; asks first, and your answers stay in the journal"),
        Command("exercise.help", "", "help", "Help", letter="question_mark", also="f1", short="help", priority=True,
                help="help: what the keys do, what you may type, what the signs say; in an empty field the sign alone "
                     "is enough"),
        Command("exercise.home", "", "home", "Leave", letter="q", short="leave",
                help="leave: home; everything is kept, even text not checked yet", leaves=True),
        Command("exercise.said_up", "pageup", "said(-1)", "Scroll up what was said", priority=True,
                help="scroll what was said; at its end the equations, code, graph or introduction. The cursor stays"),
        Command("exercise.said_down", "pagedown", "said(1)", "Scroll down what was said", priority=True, paired=True),
        Command("", "tab", words="Next part",
                help="indents in the code editor, and Shift+Tab takes it back; elsewhere moves to the next part"),
    ),
    "exercise choice": (
        Command("choice.check", "enter", "hand_in", "Check", short="check", bar=1),
        Command("choice.mark", "space", "mark", "Mark", short="mark"),
        Command("choice.up", "up", "move(-1)", "Up", short="option", bar=2, letters="k"),
        Command("choice.down", "down", "move(1)", "Down", letters="j", paired=True),
    ),
    "exercise finished": (
        Command("finished.on", "enter", "go_on", "Go on", short="go on", bar=1),
    ),
    "exercise graph": (
        Command("graph.up", "up", "go('up')", "Up", short="gates", bar=2),
        Command("graph.down", "down", "go('down')", "Down", paired=True),
        Command("graph.left", "left", "go('left')", "Against the flow", paired=True),
        Command("graph.right", "right", "go('right')", "With the flow", paired=True),
        Command("graph.choose", "enter", "choose", "Go to its blank", short="its blank", bar=1),
    ),
    "jump": (Command("jump.close", "escape", "close", "Close", priority=True),),
    "lesson": (
        Command("lesson.close", "escape", "close", "Close", letters="q"),
        Command("lesson.try", "enter", "try", "Try it"),
        Command("lesson.next", "right", "go(1)", "Next lesson", letters="n"),
        Command("lesson.before", "left", "go(-1)", "Lesson before", letters="p"),
        Command("lesson.words", "", "words", "Its words", letters="w"),
        Command("lesson.find", "slash", "list", "All lessons and words"),
        Command("lesson.copy", "", "copy", "Copy", letters="y"),
    ),
    "word": (
        Command("word.close", "escape,enter,space", "close", "Close", letters="q"),
        Command("word.lesson", "", "lesson", "Its lesson", letters="l"),
        Command("word.next", "right,down", "go(1)", "Next word", letters="nj"),
        Command("word.before", "left,up", "go(-1)", "Word before", letters="pk"),
        Command("word.find", "slash", "list", "All lessons and words"),
    ),
    "reading": (
        Command("reading.close", "escape", "close", "Close", priority=True),
        Command("reading.open", "enter", "open", "Open", priority=True),
        Command("reading.down", "down", "move('cursor_down')", "Down", priority=True),
        Command("reading.up", "up", "move('cursor_up')", "Up", priority=True),
        Command("reading.page_down", "pagedown", "move('page_down')", "Page down", priority=True),
        Command("reading.page_up", "pageup", "move('page_up')", "Page up", priority=True),
    ),
    "menu": (
        Command("menu.close", "escape", "leave", "Back to typing", priority=True),
        Command("menu.check", "enter", "check", "Check", priority=True),
    ),
    # On a paper: no hints, no verdicts. Priority as on the exercise screen.
    "paper value": (Command("", "enter", words="Next", short="next", bar=1),),
    "paper choice": (
        Command("", "enter", words="Next", short="next", bar=1, shares="choice.check"),
        Command("", "up", words="Up", short="option", bar=2),
        Command("", "down", words="Down", paired=True),
    ),
    "paper equations": (Command("", "enter", words="Next line", short="next line", bar=1),),
    "paper code": (),
    "paper": (
        Command("paper.menu", "escape", "menu", "More", short="more", bar=7, priority=True,
                help="the letters of all commands here: this key and then a letter does it while you type; a number "
                     "goes to that question"),
        Command("paper.up", "up", "blank(-1)", "Previous blank", short="blank", bar=2, help="previous blank"),
        Command("paper.down", "down", "blank(1)", "Next blank", paired=True, help="next blank"),
        Command("paper.on", "f4", "question(1)", "Next question", letter="right", short="next question", bar=3,
                priority=True, help="next question"),
        Command("paper.back", "", "question(-1)", "Question before", letter="left", short="question before",
                help="the question before"),
        Command("paper.next_blank", "", "go_on(1)", "On to the next blank", letter="n", short="next blank",
                help="on to the next blank, also from equations and code"),
        Command("paper.blank_before", "", "go_on(-1)", "Back to the blank before", letter="b", short="blank before",
                help="back to the blank before"),
        Command("paper.flag", "f8", "flag", "Flag", letter="f", short="flag", bar=4, priority=True,
                turns=(("unflag", "No flag", "no flag"),),
                help="flag a question to come back to, or take the flag back"),
        Command("paper.hand_in", "", "hand_in", "Hand in", letter="x", short="hand in", bar=5,
                help="hand the paper in; asks first"),
        Command("paper.clock", "", "hide_clock", "Hide the clock", letter="k", short="hide the clock", bar=6,
                turns=(("show_clock", "Show the clock", "show the clock"),),
                help="hide the clock, or show it"),
        Command("paper.graph", "f7", "graph", "Graph", letter="g", short="graph", bar=8, priority=True,
                turns=(("leave_graph", "Back", "back"),), help="to the graph and back",
                idle="there is no graph at this question"),
        Command("paper.style", "", "graph_style", "Graph in another size", letter="z", short="graph size",
                help="draw the graph another way"),
        Command("paper.statement", "ctrl+t", "statement", "Text in full", letter="t", short="text in full",
                priority=True, help="all of the text: what is given and what is asked"),
        Command("paper.help", "", "help", "Help", letter="question_mark", also="f1", short="help", priority=True,
                help="help: what the keys do and what you may type"),
        Command("paper.said_up", "pageup", "said(-1)", "Scroll up", priority=True,
                help="scroll the text below the field; at its end the equations, code or graph. The cursor stays"),
        Command("paper.said_down", "pagedown", "said(1)", "Scroll down", priority=True, paired=True),
        Command("paper.home", "", "home", "Leave", letter="q", short="leave",
                help="leave: home; text and time are kept, and the clock stops", leaves=True),
    ),
    "beginning": (
        Command("beginning.yes", "enter", "agree(True)", "Begin", bar=1),
        Command("beginning.no", "escape", "agree(False)", "Go back", letters="qn", bar=2),
    ),
    "handing": (
        Command("handing.yes", "enter", "agree(True)", "Hand in", bar=1),
        Command("handing.no", "escape", "agree(False)", "Go back", letters="n", bar=2),
    ),
    "papers": (
        Command("papers.home", "escape", "home", "Home", letters="q", short="home", bar=3, leaves=True),
        Command("papers.result", "", "result", "How it went", letters="r", short="how it went", bar=2),
    ),
    "papers list": (
        Command("papers.sit", "enter", "select", "Sit this paper", short="sit this paper", bar=1),
        Command("papers.down", "down", "cursor_down", "Down", letters="j"),
        Command("papers.up", "up", "cursor_up", "Up", letters="k"),
    ),
    "result": (
        Command("result.home", "escape", "home", "Home", letters="q", short="home", bar=5, leaves=True),
        Command("result.review", "", "review", "Drill what went wrong", letters="d", short="review", bar=2,
                leaves=True),
        Command("result.solution", "", "solution", "Worked solution", letters="w", short="solution", bar=1),
        Command("result.again", "ctrl+o", "again", "New numbers", letters="v", short="new numbers", bar=3,
                leaves=True),
        Command("result.copy", "", "copy", "Copy as text", letters="y", short="copy", bar=4),
        Command("result.blanks_up", "pageup", "detail(-1)", "Scroll the blanks up", priority=True),
        Command("result.blanks_down", "pagedown", "detail(1)", "Scroll the blanks down", priority=True),
    ),
    "solution": (
        Command("solution.close", "escape,enter", "dismiss", "Close", letters="qw", bar=1),
        Command("solution.down", "down", "scroll(1)", "Down", letters="j"),
        Command("solution.up", "up", "scroll(-1)", "Up", letters="k"),
        Command("solution.page_down", "pagedown,space", "scroll(10)", "Page down"),
        Command("solution.page_up", "pageup", "scroll(-10)", "Page up"),
    ),
    "again": (
        Command("again.yes", "enter", "again", "Begin again", bar=1),
        Command("again.surely", "", "surely", "Begin again", letters="y"),
        Command("again.no", "escape", "leave", "Leave it as it is", letters="n", bar=2),
    ),
    "gates": (Command("gates.close", "escape", "close", "Close", also="ctrl+g", priority=True),),
    "help": (
        Command("help.close", "escape", "close", "Close", also="f1", priority=True),
        Command("help.run", "enter", "run", "Do it", priority=True),
        Command("help.down", "down", "move('cursor_down')", "Down", priority=True),
        Command("help.up", "up", "move('cursor_up')", "Up", priority=True),
        Command("help.page_down", "pagedown", "move('page_down')", "Page down", priority=True),
        Command("help.page_up", "pageup", "move('page_up')", "Page up", priority=True),
    ),
    "made": (
        Command("made.close", "escape", "close", "Home", short="home", bar=2, priority=True),
    ),
    "own": (
        Command("own.close", "escape", "close", "Home", short="home", bar=2, priority=True),
    ),
    "replay": (
        Command("replay.before", "left,up", "go(-1)", "Before", letters="hk", short="step", bar=1, priority=True,
                help="a step back, a step on"),
        Command("replay.next", "right,down,enter", "go(1)", "Next", letters="lj", paired=True, priority=True),
        Command("replay.first", "home", "go(-10000)", "First", priority=True),
        Command("replay.last", "end", "go(10000)", "Last", priority=True),
        Command("replay.play", "space", "play", "Play", short="play", bar=2, priority=True,
                turns=(("stop", "Stop", "stop"),)),
        Command("replay.faster", "plus,equals_sign", "pace(1)", "Faster", short="faster", bar=4, priority=True),
        Command("replay.slower", "minus", "pace(-1)", "Slower", short="slower", bar=5, priority=True),
        Command("replay.copy", "", "copy", "Copy the graph", letters="y", short="copy", bar=6, priority=True),
        Command("replay.close", "escape", "close", "Close", letters="qr", short="close", bar=3, priority=True),
    ),
    "review": (
        Command("review.on", "enter", "on", "Go on", short="go on", bar=1),
        Command("review.later", "f4", "later", "Later", letter="s", short="later", bar=5, priority=True, leaves=True),
    ),
    "over": (
        Command("over.home", "enter,escape", "choose('home')", "Home", letters="qh", bar=1, leaves=True),
        Command("over.again", "", "choose('again')", "Another round", letters="do", bar=2, leaves=True),
        Command("over.progress", "", "choose('progress')", "Progress", letters="p", bar=3, leaves=True),
    ),
    "progress": (
        Command("progress.close", "escape", "close", "Back", letters="q", short="back", bar=6),
        Command("progress.drill", "enter", "drill", "Practise this", short="practise this", bar=1,
                turns=(("unfold", "Unfold", "unfold"), ("fold", "Fold away", "fold away"))),
        Command("progress.right", "right", "other", "To the mistakes", short="mistakes", bar=2, priority=True,
                turns=(("back", "To the gates", "gates"),)),
        Command("progress.left", "left", "back", "To the gates"),
        Command("progress.words", "", "words", "What the words mean", letter="question_mark", also="f1",
                short="what the words mean", bar=3),
        Command("progress.copy", "", "copy", "Copy", letters="y", short="copy", bar=4),
    ),
    "settings": (Command("settings.close", "escape", "close", "Close"),),
    "settings themes": (
        Command("settings.keep", "enter", "select", "Keep the theme"),
        Command("settings.theme_down", "down", "cursor_down", "Next theme", letters="j"),
        Command("settings.theme_up", "up", "cursor_up", "Previous theme", letters="k"),
    ),
    "settings row": (
        Command("settings.more", "right,space,enter", "turn(1)", "Next choice", letters="l"),
        Command("settings.less", "left", "turn(-1)", "Previous choice", letters="h"),
        Command("settings.next", "down", "app.focus_next", "Next setting", letters="j"),
        Command("settings.before", "up", "app.focus_previous", "Previous setting", letters="k"),
    ),
    "solved": (
        Command("solved.next", "enter", "choose('next')", "Next exercise", bar=1),
        Command("solved.again", "ctrl+n", "choose('again')", "Begin again", short="begin again", bar=2),
        Command("solved.fresh", "ctrl+o", "choose('fresh')", "New numbers", short="new numbers", bar=5),
        Command("solved.home", "", "choose('home')", "Home", letters="h", bar=3, leaves=True),
        Command("solved.stay", "escape", "choose('stay')", "Look at it again", bar=4),
    ),
    "welcome": (
        Command("welcome.begin", "enter", "begin(True)", "Begin", bar=1),
        Command("welcome.look", "escape", "begin(False)", "Look around", letters="q", bar=2),
    ),
    "worked": (
        Command("worked.close", "escape,enter", "dismiss", "Close", letters="q", also="f6", bar=1),
        Command("worked.copy", "", "copy", "Copy", letters="yc", bar=2),
        Command("worked.down", "down", "scroll(1)", "Down", letters="j"),
        Command("worked.up", "up", "scroll(-1)", "Up", letters="k"),
        Command("worked.page_down", "pagedown,space", "scroll(10)", "Page down"),
        Command("worked.page_up", "pageup", "scroll(-10)", "Page up"),
    ),
}  # fmt: skip
"""Place -> what keys do there. A place is a screen, by its name, or a part of one, by the screen's name and its own."""

LEAVES = frozenset(
    action.removeprefix("app.")
    for commands in COMMANDS.values()
    for command in commands
    if command.leaves
    for action, _, _ in command.ways
)
"""The actions that lead away."""

BY_ID = {command.id: command for commands in COMMANDS.values() for command in commands if command.id}
"""Id -> the command."""


def bindings(place: str) -> list[BindingType]:
    """What Textual wants to know of the keys of a place."""
    return [each for command in COMMANDS[place] if command.id for each in _bindings_of(command)]


def nobodys_key(command: Command) -> str:
    """A key that no keyboard has: where a command has none, there is a place for another."""
    return f"({command.id})"


def _bindings_of(command: Command) -> Iterator[Binding]:
    """Its keys, by its id, and its letter, which has none: in a field it is text, and `settings.toml` leaves it.

    Where it has a letter alone there is a key that nobody has, for `settings.toml` to put another in its place; and
    where all its keys are text in a field: Textual leaves them out there before it puts others in their place.
    """
    keys = command.every_key if command.keys or command.letters or command.also else ""
    if all(key_to_character(key) for key in keys.split(",") if key):
        keys = ",".join(filter(None, (keys, nobodys_key(command))))
    for action, words, _ in command.ways:
        yield Binding(keys, action, words, show=False, priority=command.priority, id=command.id)
        if command.letter not in ("", "left", "right", *command.keys.split(",")):
            yield Binding(command.letter, action, words, show=False)


_NOT_ON_PAPERS = ("lesson", "review", "progress")
"""What the app offers elsewhere and no paper does."""


def lettered(screen: str) -> list[Command]:
    """The commands that have a letter on a screen, those of the app behind its own; one for each letter and more
    where they take turns."""
    here = [command for command in COMMANDS[screen] if command.letter]
    taken = {command.letter for command in here}
    of_app = [
        command
        for command in COMMANDS["app"]
        if command.letter and command.letter not in taken and not (screen == "paper" and command.id in _NOT_ON_PAPERS)
    ]
    return [*here, *(replace(command, action=f"app.{command.action}") for command in of_app)]


def help_lines(place: str) -> list[tuple[tuple[Command, ...], str]]:
    """The lines of help on a place: the commands that share a line, and what it says."""
    lines: list[tuple[tuple[Command, ...], str]] = []
    for command in COMMANDS[place]:
        if not command.paired:
            lines.append(((command,), command.help))
        else:
            before, said = lines[-1]
            lines[-1] = ((*before, command), ", ".join(filter(None, (said, command.help))))
    return [line for line in lines if line[1]]

"""The verbs of the command line, gathered: those who learn, practise and write have a module each.

Each loads what it needs when it runs: NumPy, SymPy and Textual take longer to load than the shorter verbs take.
"""

from __future__ import annotations

from pathlib import Path

import click

from tutor.cli import authoring, converting, grading, learning, moving, papers, practice, printing, serving, submitting
from tutor.cli.opening import folders_of, open_app, with_folders


class _Verbs(click.Group):
    """The group; a verb that Ctrl+C ends is said to be, with the exit code that shells give for it."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb of a line; `help grade` is `grade --help`."""
        if args[0] == "help" and not args[1:]:
            click.echo(context.get_help())
            context.exit()
        return super().resolve_command(context, [args[1], "--help"] if args[0] == "help" else args)

    def invoke(self, context: click.Context) -> object:
        """Carry out the verb."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("\nInterrupted.", err=True)
            context.exit(130)


@click.group(cls=_Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backprop-tutor", message="%(prog)s %(version)s")
@with_folders
@click.pass_context
def verbs(context: click.Context, more: tuple[Path, ...]) -> None:
    """Learn backpropagation by doing it: stage a function, run it forward, carry the gradient back.

    Without a command the app opens and shows all exercises.

    \b
    Examples:
      backprop-tutor                            choose in the app
      backprop-tutor start node-way/a           open an exercise
      backprop-tutor start node-way/a --plain   line by line, also in pipes
      backprop-tutor check my-exercises/        try your own exercise files

    Name more exercise folders in BACKPROP_TUTOR_EXERCISES. Progress is kept in the folder named by
    BACKPROP_TUTOR_HOME, or in the platform's usual place for such data.
    """
    context.obj = more
    if context.invoked_subcommand is None:
        open_app(folders_of(context, ()), None)


for one in (
    learning.start,
    learning.try_,
    learning.list_,
    practice.practice_,
    practice.review,
    practice.progress,
    practice.plan,
    practice.place,
    papers.exam,
    moving.export,
    moving.import_,
    learning.reset,
    learning.show,
    printing.worksheet,
    printing.sheet,
    submitting.submit,
    grading.grade,
    grading.report,
    converting.convert,
    serving.serve,
    authoring.new,
    authoring.packs,
    authoring.check,
    authoring.schema,
    learning.gates,
    learning.lesson,
    learning.glossary,
    authoring.settings,
):
    verbs.add_command(one)

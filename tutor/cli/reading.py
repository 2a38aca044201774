"""The verbs for those who read: lessons, and what words mean."""

from __future__ import annotations

import click

from tutor.cli.opening import CommandError, say
from tutor.cli.standard_output import write
from tutor.text import WIDTH


@click.command()
@click.argument("id", required=False)
@click.option("--answer", metavar="TEXT", help="Your answer to the question at the end of the lesson.")
def lesson(id: str | None, answer: str | None) -> None:
    """Read a lesson: ten of two minutes each, with a question at the end. Without ID, list them.

    ID is a lesson's name or its number. With --answer, the exit code is 0 when it is right, 1 when not.

    \b
    Examples:
      backprop-tutor lesson
      backprop-tutor lesson forks
      backprop-tutor lesson forks --answer 8
    """
    from tutor.lessons import find_lesson, lessons

    if id is None:
        write("\n".join(f"{one.number:>2}  {one.id:<14} {one.title}" for one in lessons()))
        return
    try:
        found = find_lesson(id)
    except KeyError:
        raise CommandError(f"There is no lesson {id}. `backprop-tutor lesson` lists them all.") from None
    from tutor.lessons.trial import trial_of

    trial = trial_of(found)
    if answer is not None:
        verdict = trial.judge(answer)
        parts = (
            f"{verdict.kind.said} {verdict.message}".strip(),
            verdict.caret,
            verdict.echo and f"Read as {verdict.echo}",
        )
        say("\n".join(filter(None, parts)))
        raise SystemExit(0 if verdict.accepted else 1)
    options = (f"  {letter}  {text}" for letter, text in zip("abcdefghi", trial.blank.options, strict=False))
    asked = "\n".join((f"Try it. {trial.blank.prompt}", *options))
    say(f"{found.as_text(WIDTH)}\n\n{asked}\n`backprop-tutor lesson {found.id} --answer TEXT` judges your answer.")


@click.command()
@click.argument("words", metavar="[WORD]...", nargs=-1)
def glossary(words: tuple[str, ...]) -> None:
    """Say what a word means: gate, upstream, fork, broadcasting, ... Without WORD, all of them.

    A word that is no term is looked for in the explanations.

    \b
    Examples:
      backprop-tutor glossary
      backprop-tutor glossary upstream
      backprop-tutor glossary dout
    """
    from tutor.lessons import find_word, matching
    from tutor.lessons import words as all_words

    wanted = " ".join(words)
    try:
        found = (find_word(wanted),) if wanted else all_words()
    except KeyError:
        found = matching(wanted)[1]
    if not found:
        raise CommandError(f"The glossary has no word {wanted}. `backprop-tutor glossary` shows them all.")
    say("\n\n".join(one.as_text(WIDTH) for one in found))

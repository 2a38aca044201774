"""The verb that carries exercises over to other systems, as questions for Moodle or a QTI package."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from tutor.cli.opening import CommandError, folders_of, say, with_folders
from tutor.cli.output_files import refuse_twice, refuse_two_seeds, write_whole
from tutor.text import one_line

_TAKE_QTI = ("canvas", "blackboard", "brightspace", "d2l", "sakai", "ilias", "openolat", "zip")
"""Systems that import QTI, as someone may name them."""
_QUESTIONS = {"moodle": ".xml", "qti": ".zip"}
"""What is written as what."""


def _system(_context: click.Context, _option: click.Parameter, form: str) -> str:
    """What questions are written as. Raises CommandError, with what a system takes that is named instead."""
    if (written := form.strip().lower()) in _QUESTIONS:
        return written
    if written in _TAKE_QTI:
        raise CommandError(f"{form} imports a QTI package: write --to qti -o NAME.zip.")
    raise CommandError(f"--to is moodle, or qti for Canvas and others; this is {form or 'empty'}.")


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--to", "form", metavar="[moodle|qti]", required=True, callback=_system, help="Moodle XML, or a QTI 1.2 zip."
)
@click.option("--seeds", metavar="N", type=click.IntRange(1, 50), help="N variants of each question, on fresh numbers.")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True, help="Write it to this file.")
@with_folders
@click.pass_context
def convert(
    context: click.Context, ids: tuple[str, ...], form: str, seeds: int | None, out: Path, more: tuple[Path, ...]
) -> None:
    """Write exercises as questions for Moodle, or as a QTI package for Canvas and others.

    ID is an exercise or a paper. Each blank becomes a question with its marks; the mistakes that the tutor names are
    wrong answers, each with its sentence. Code, equations of one's own and formulas cannot be judged there: such blanks
    are left out, and listed. With --seeds the variants of a question stand together, to be drawn from at random.

    \b
    Examples:
      backprop-tutor convert node-way/a shapes/add --to moodle -o week1.xml
      backprop-tutor convert exam/one --to qti --seeds 5 -o exam.zip
    """
    from tutor.course.grading import Grader, NotGraded, in_a_sentence
    from tutor.course.lms_questions import CarriedOver, carried_over
    from tutor.course.moodle import as_moodle
    from tutor.course.qti import as_qti
    from tutor.practice.seeds import NoVariant, is_practice, on_seed, split_id, variant_id

    if out.suffix.lower() != _QUESTIONS[form]:
        better = out.with_suffix(_QUESTIONS[form]).name
        raise CommandError(f"--to {form} writes a {_QUESTIONS[form]} file: name it {better}, say.")
    refuse_twice(ids)
    if seeds is not None:
        refuse_two_seeds(ids, "--seeds")
    over, fixed = CarriedOver(), []
    with closing(Grader(folders_of(context, more))) as grader:
        try:
            # a function made for practice is none without a seed
            first = {id: on_seed(id, 1) for id in ids} if seeds else {}
            named = [first[id] if id in first and is_practice(id) else id for id in ids]
            for part in [part for id in named for part in grader.parts(id)]:
                base, own = split_id(part.exercise.id)
                for seed in range(1, seeds + 1) if seeds and (own is None or base in first) else [own]:
                    try:
                        marker = part.marker if seed == own else grader.marker(variant_id(base, seed or 0))
                    except NotGraded:  # it has no numbers that can change
                        over.add(carried_over(part.marker, own))
                        fixed.append(base)
                        break
                    over.add(carried_over(marker, seed))
        except NoVariant as why:
            raise CommandError(str(why)) from None
        except NotGraded as why:
            raise CommandError(in_a_sentence(why)) from None
    if not over.questions:
        raise CommandError(f"Nothing in {', '.join(ids)} can be judged there: {over.left_out[0].why}.")
    variants = seeds is not None
    whole = (
        as_moodle(over.questions, variants) if form == "moodle" else as_qti(over.questions, ", ".join(ids), variants)
    )
    write_whole(out, whole)
    for left in dict.fromkeys(over.left_out):
        say(f"Left out: {left.blank}, as {left.why}.")
    for id in dict.fromkeys(fixed):
        say(f"{id} has no numbers that can change, and is there once.")
    many = len(over.questions)
    say(f"{many} question{'' if many == 1 else 's'} are in {one_line(str(out))}.")

"""The command `backprop-tutor`: words of a command line go in, text on standard output and an exit code come out.

Open `commands.py` first: it gathers the verbs. `learning`, `practice` and `authoring` hold them, by whom they serve;
`opening` finds what they name, `reports` says what they found. The two that must be quickest go round Click, here.
"""

from __future__ import annotations

import sys

from tutor.cli.standard_output import whole_output
from tutor.garbage import collect_no_more, collect_seldom


def main() -> None:
    """Carry out the command line.

    Ends the process: 0 well, 1 not solved or not sound, 2 could not be done, 3 failed for a reason nobody expected.
    """
    collect_seldom()
    try:
        with whole_output():
            _carry_out(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - whatever it is, a learner is told in sentences
        from tutor.crash_report import tell

        sys.exit(tell(error))
    finally:
        collect_no_more()


def _carry_out(words: list[str]) -> None:
    if words == ["--version"]:
        _write_version()
    elif words in (["list"], ["list", "--json"]):
        _write_list(as_json="--json" in words)
    else:
        from tutor.cli.commands import verbs

        verbs(prog_name="backprop-tutor")


def _write_version() -> None:
    from tutor import __version__

    sys.stdout.write(f"backprop-tutor {__version__}\n")


def _write_list(as_json: bool) -> None:
    from tutor.catalogue.listing import write_list
    from tutor.learner import StoreProblem
    from tutor.paths import exercise_folders

    try:
        write_list(exercise_folders(), sys.stdout, as_json)
    except LookupError as unknown:
        sys.stderr.write(f"There is no pack {unknown.args[0]}, which BACKPROP_TUTOR_ONLY names.\n")
        sys.exit(2)
    except StoreProblem as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(2)

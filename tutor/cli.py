"""The command `backprop-tutor`. Its verbs are in `tutor.verbs`; the two that must be quickest go round Click."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Carry out the command line.

    Ends the process: 0 well, 1 not solved or not sound, 2 could not be done, 3 failed for a reason nobody expected.
    """
    try:
        _carry_out(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - whatever it is, a learner is told in sentences
        from tutor.mishap import tell

        sys.exit(tell(error))


def _carry_out(words: list[str]) -> None:
    if words not in (["--version"], ["list"], ["list", "--json"]):
        from tutor.verbs import verbs

        verbs(prog_name="backprop-tutor")
    try:
        _write_version() if words == ["--version"] else _write_list(as_json="--json" in words)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on, as in `list | head`; Python must not flush again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _write_version() -> None:
    from tutor import __version__

    sys.stdout.write(f"backprop-tutor {__version__}\n")


def _write_list(as_json: bool) -> None:
    from tutor.folders import exercise_folders
    from tutor.learner import StoreProblem
    from tutor.listing import write_list

    try:
        write_list(exercise_folders(), sys.stdout, as_json)
    except StoreProblem as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(2)

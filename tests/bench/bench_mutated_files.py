"""Exercise files with one thing wrong, through every verb that reads them: no traceback, each fault with key and line.

    python -m tests.bench.bench_mutated_files [HOW_MANY] [SEED]

Each file is put through `check`, `list`, `show`, `worksheet` and `start --plain`. Printed: how many `check` refuses,
what any verb came to that it should not, and faults that name no line, or no key though the file is TOML.
"""

from __future__ import annotations

import os
import random
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from tests.library.mutating import mutated
from tutor.cli.commands import verbs
from tutor.paths import shipped_folder
from tutor.runner import Runner
from tutor.session.validation import Report, check_path

VERBS = (
    ("list",),
    ("show", "w/mutant"),
    ("show", "w/mutant", "--solution"),
    ("worksheet", "w/mutant"),
    ("worksheet", "w/mutant", "--key", "--format", "html"),
    ("start", "w/mutant", "--plain"),
)


def mutants(many: int, seed: int) -> Iterator[bytes]:
    """Shipped files, each with one thing wrong; one in eight with a byte cut out or put in."""
    rng = random.Random(seed)
    files = [one for one in sorted(shipped_folder().rglob("*.toml")) if one.name.count(".") == 1 and one.stem != "pack"]
    for _ in range(many):
        data = mutated(rng.choice(files).read_text(encoding="utf-8"), rng).encode()
        if rng.random() < 1 / 8 and data:
            at = rng.randrange(len(data))
            data = data[:at] + bytes(rng.choice(([], [255], [0], [27]))) + data[at + 1 :]
        yield data


def wrong_with(report: Report, data: bytes) -> Iterator[str]:
    """What is amiss in what `check` says of a file."""
    try:
        tomllib.loads(data.decode())
        is_toml = True
    except ValueError:
        is_toml = False
    for one in report.problems:
        if "cannot solve this exercise" in one.reason:
            yield f"an error nobody thought of: {one.reason}"
        elif "own answer is not accepted" in one.reason:
            yield f"an answer of its own: {one.key}: {one.reason}"
        elif one.line is None:
            yield f"no line: {one.key}: {one.reason}"
        elif is_toml and not one.key:
            yield f"no key: {one.reason}"


def amiss(data: bytes, folder: Path, runner: Runner) -> tuple[bool, list[str]]:
    """Whether `check` takes a file for sound, and what any verb does with it that it should not."""
    place = folder / "w" / "mutant.toml"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)
    (report,) = check_path(folder, runner)
    found = [f"check: {one}" for one in wrong_with(report, data)]
    for words in VERBS:
        done = CliRunner().invoke(verbs, [*words, "--only", str(folder)], input="")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            found.append(f"{words[0]}: {done.exception!r}")
        elif report.sound and done.exit_code == 2:
            found.append(f"{' '.join(words)}: refused, though check takes it: {done.output[-200:]}")
        elif not report.sound and words[0] != "list" and done.exit_code != 2:
            found.append(f"{' '.join(words)}: taken, though check refuses it: {report.problems[0]}")
        elif not report.sound and words[0] == "list" and "mutant" not in done.output:
            found.append("list: it is not named")
    return report.sound, found


def main() -> None:
    """Count, and print what is amiss."""
    many, seed = (int(word) for word in (*sys.argv[1:3], *("300", "1")[len(sys.argv) - 1 :]))
    sound = bad = 0
    began = time.process_time()
    with TemporaryDirectory() as name:
        os.environ["BACKPROP_TUTOR_HOME"] = str(Path(name) / "home")
        folder = Path(name) / "pack"
        folder.mkdir()
        runner = Runner()
        try:
            for number, data in enumerate(mutants(many, seed)):
                fine, found = amiss(data, folder, runner)
                sound += fine
                bad += bool(found)
                for line in found:
                    print(f"{number}: {line}")
        finally:
            runner.close()
    spent = time.process_time() - began
    print(f"{many} files: {sound} sound, {many - sound} refused; {bad} with something amiss; {spent:.0f} s")


if __name__ == "__main__":
    main()

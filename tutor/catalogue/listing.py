"""The verb `list`, quick enough for shells that complete ids.

What the exercise files came to is kept beside the learner's progress; they are read again only when one has changed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from tutor.files import NotText, bytes_of, walked
from tutor.learner import Progress, asides, looking
from tutor.learner.store import FILE as STORE_FILE
from tutor.learner.store import owners_in
from tutor.paths import home
from tutor.practice.seeds import PRACTICE, variants_begun
from tutor.text import WIDTH, clipped, columns, harmless, in_ascii, needs_ascii, one_line, padded, wrapped

KEPT = "listing.json"
"""What the last listings found, by their folders. It may be deleted at any time."""

_MOST_KEPT = 8

_LARGEST_KEPT = 50_000_000
"""Bytes."""

_TITLE, _ID, _REASON = 48, 40, 300
"""Columns at most: of a title, of the room kept for ids, of a line of a reason."""

_YOUNGEST = 2.0
"""Seconds. A file younger than this may change again without its time of change showing it."""

_SIGNS = {"new": "○", "started": "◐", "shown": "◎", "solved": "✓"}
_ASCII_SIGNS = {"new": "-", "started": "~", "shown": "@", "solved": "*"}

Listing = dict[str, Any]
"""`exercises` and `broken`, each a list of tables of plain data; `titles` of the topics, in order."""


def write_list(
    folders: list[Path], writer: TextIO, as_json: bool = False, clock: Callable[[], float] = time.time
) -> str:
    """Write the exercises, with how far each has come and whether it is due, and the files that are broken.

    Gives a sentence on what is wrong with the store though it can be read; "" where nothing is.
    Raises StoreProblem where the learner's progress is there but cannot be read.
    """
    listing = listed(folders)
    (progress, solved, notice), now = _progress(), clock()
    variants = variants_begun(progress)
    for exercise in listing["exercises"]:
        state = progress.get(exercise["id"])
        exercise["state"] = state.standing if state else "new"
        exercise["done"] = state.done if state else 0
        exercise["due"] = _iso(state.due) if state and state.due is not None else None
        ended, asked = exercise["state"] == "solved", exercise.pop("digest")
        exercise["solved_before"] = not ended and exercise["id"] in solved
        exercise["changed"] = ended and solved.get(exercise["id"], "") not in ("", asked)
        exercise["variants"] = _variants(variants.pop(exercise["id"], ()), progress)
    made = [seeds for base, seeds in variants.items() if base.startswith(f"{PRACTICE}/")]
    listing["made"] = [one for seeds in made for one in _variants(seeds, progress)]
    due = {id for id, state in progress.items() if state.due is not None and state.due <= now}
    writer.write(_as_json(listing) if as_json else _as_text(listing, due, needs_ascii(writer)))
    return notice


def _variants(seeds: Iterable[tuple[int, str]], progress: Mapping[str, Progress]) -> list[dict[str, Any]]:
    return [
        {"id": id, "seed": seed, "state": progress[id].standing, "due": _iso(due) if due is not None else None}
        for seed, id in seeds
        for due in (progress[id].due,)
    ]


def listed(folders: list[Path]) -> Listing:
    """The exercises of these folders and the broken files, as plain data."""
    had = owners()
    files, key = [*_files(folders), [json.dumps(had), 0, 0, 0]], os.pathsep.join(map(str, folders))
    kept = _kept()
    if key in kept and kept[key]["files"] == files:
        listing: Listing = kept[key]["listing"]
        return listing
    listing = _read(folders, had)
    if all(changed < time.time_ns() - _YOUNGEST * 1e9 for _, changed, *_ in files):
        kept.pop(key, None)
        latest = list(kept.items())[-_MOST_KEPT + 1 :]
        _keep({**dict(latest), key: {"files": files, "listing": listing}})
    return listing


def _read(folders: list[Path], had: Mapping[str, str]) -> Listing:
    from tutor.catalogue.soundness import unusable_in  # slow to load, and needed only when a file has changed
    from tutor.library import load

    library = load(folders, owners=had)
    unusable = {broken.id: broken for broken in unusable_in(library)}
    every = [exercise for exercises in library.topics.values() for exercise in exercises]
    ordered = [exercise for exercise in every if exercise.id not in unusable]
    return {
        "packs": [{"name": name, "title": pack.title, "about": pack.about} for name, pack in library.packs.items()],
        "titles": {topic: library.title_of(topic) for topic in dict.fromkeys(exercise.topic for exercise in ordered)},
        "exercises": [
            {
                "id": exercise.id,
                "title": exercise.file.title,
                "topic": exercise.topic,
                "pack": exercise.pack,
                "level": exercise.file.level,
                "steps": list(exercise.steps),
                "digest": exercise.digest,
            }
            for exercise in ordered
        ],
        "broken": [
            {
                "id": broken.id,
                "path": str(broken.path),
                "line": broken.line,
                "key": broken.key,
                "reason": broken.reason,
                "faults": [{"line": one.line, "key": one.key, "reason": one.reason} for one in broken.faults],
            }
            for broken in (*library.broken, *unusable.values())
        ],
        "clashes": [clash.sentence for clash in library.clashes],
    }


def _progress() -> tuple[dict[str, Progress], dict[str, str], str]:
    """How far the exercises have come that were ever opened, what those asked that were ever solved; a notice."""
    if not begun():
        return {}, {}, ""
    with looking() as store:
        return store.summary(), store.solved(), store.notice or ""


def owners() -> dict[str, str]:
    """The files that the progress in packs belongs to: id -> path."""
    return owners_in(home() / STORE_FILE) if begun() else {}


def _iso(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def begun() -> bool:
    """Whether there is any progress: looking should not make a store."""
    return (home() / STORE_FILE).exists()


# What is kept


def _files(folders: list[Path]) -> list[list[Any]]:
    """Every file that a listing depends on, the program's own among them: path, times of change, size."""
    own = Path(__file__).parents[1] / "library"
    return [[str(folder), 0, 0, int(folder.is_dir())] for folder in folders] + sorted(
        _stamp(path) for folder in (own, *folders) for path in walked(str(folder), ".py" if folder is own else ".toml")
    )


def _stamp(path: str) -> list[Any]:
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return [path, 0, 0, 0]
    return [path, status.st_mtime_ns, status.st_ctime_ns, status.st_size]


def _kept() -> dict[str, Any]:
    try:
        kept = json.loads(bytes_of(home() / KEPT, _LARGEST_KEPT))
    except (OSError, ValueError, RecursionError, NotText):
        return {}
    whole = isinstance(kept, dict) and all(
        isinstance(one, dict) and {"files", "listing"} <= set(one) for one in kept.values()
    )
    return kept if whole else {}


def _keep(found: dict[str, Any]) -> None:
    """Keep a listing where that can be done; it is only there to be quick."""
    path = home() / KEPT
    beside = path.with_name(f"{KEPT}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(found), encoding="utf-8")
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()


# How it looks


def _as_json(listing: Listing) -> str:
    shown = {key: listing[key] for key in ("packs", "exercises", "made", "broken", "clashes")}
    return json.dumps(shown, indent=2) + "\n"


def _as_text(listing: Listing, due: Collection[str], ascii: bool) -> str:
    lines: list[str] = []
    exercises = listing["exercises"]
    ids = {exercise["id"]: one_line(exercise["id"]) for exercise in exercises}  # whole: they are to be copied
    titles = {exercise["id"]: clipped(one_line(exercise["title"]), _TITLE) for exercise in exercises}
    wide = min(_ID, max(map(columns, ids.values()), default=0))
    title_wide = max(map(columns, titles.values()), default=0)
    signs = _ASCII_SIGNS if ascii else _SIGNS
    packs = {pack["name"]: pack for pack in listing["packs"]}
    told = ""
    for topic, title in listing["titles"].items():
        pack = next(exercise["pack"] for exercise in exercises if exercise["topic"] == topic)
        if pack != told and (packs[pack]["about"] or len(packs) > 1):
            lines += _pack_as_text(packs[pack])
        told = pack
        lines += ["", clipped(one_line(title), WIDTH)]
        for exercise in exercises:
            if exercise["topic"] == topic:
                name = f"{padded(ids[exercise['id']], wide)}  {padded(titles[exercise['id']], title_wide)}"
                notes = asides(exercise["id"] in due, exercise["solved_before"], exercise["changed"])
                lines.append("  ".join([f"  {signs[exercise['state']]} {name}", f"level {exercise['level']}", *notes]))
                lines += [f"  {line}" for line in _variant_lines(exercise["variants"], due, signs)]
    if listing["made"]:
        lines += ["", "Made for practice", *_variant_lines(listing["made"], due, signs)]
    if listing["broken"]:
        lines += ["", "Files that cannot be used"]
        lines += [f"  {broken_in_words(broken)}" for broken in listing["broken"]]
    if listing["clashes"]:
        lines += ["", "Ids that two files have", *(f"  {one_line(clash)}" for clash in listing["clashes"])]
    if not exercises and not listing["broken"]:
        lines += ["", "There are no exercises here."]
    lines += ["", "   ".join(f"{sign} {state}" for state, sign in signs.items())]
    text = "\n".join(lines[1:]) + "\n"
    return in_ascii(text) if ascii else text


def _variant_lines(variants: list[dict[str, Any]], due: Collection[str], signs: Mapping[str, str]) -> list[str]:
    return [
        "  ".join([f"  {signs[one['state']]} {one_line(one['id'])}", *asides(one["id"] in due, False, False)])
        for one in variants
    ]


def _pack_as_text(pack: dict[str, str]) -> list[str]:
    title = clipped(one_line(pack["title"]).upper(), WIDTH)
    return ["", title, *wrapped(one_line(pack["about"])).splitlines()] if pack["title"] else []


def broken_in_words(broken: dict[str, Any]) -> str:
    """A line for each fault: file, line, key and reason."""
    lines = [f"{one_line(broken['path'])}{fault_in_words(**fault)}" for fault in broken["faults"]]
    return "\n".join(lines).replace("\n", "\n  ")


def fault_in_words(line: int | None, key: str, reason: str) -> str:
    """`, line 3: question 1, ask 2: formula: why`; a reason of several lines (a caret) stays indented."""
    from tutor.library.faults import spoken

    place = f", line {line}" if line else ""
    told = "\n    ".join(clipped(part, _REASON) for part in harmless(reason).split("\n"))
    return f"{place}: {f'{clipped(one_line(spoken(key)), WIDTH)} ' if key else ''}{told}"

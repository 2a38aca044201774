"""Which answers were worked out from mistakes, so that they can be put right together once these are mended."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from tutor.judging import Verdict


class Following:
    """The blanks whose answers followed rightly from mistakes in others, until they are right themselves."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[str, ...]] = {}

    def note(self, key: str, verdict: Verdict, prefix: str, *, again: bool) -> None:
        """Keep what an answer was worked out from; one that is found wrong when judged `again` still was.

        `prefix` is what the keys of its question begin with.
        """
        if verdict.carried:
            self._sources[key] = tuple(f"{prefix}{source}" for source in verdict.carried)
        elif verdict.accepted or not again:
            self.forget(key)

    def forget(self, key: str) -> None:
        """A blank is answered in another way."""
        self._sources.pop(key, None)

    def keep_only(self, keys: Container[str]) -> None:
        """Blanks with other keys are no longer there."""
        self._sources = {key: sources for key, sources in self._sources.items() if key in keys}

    def ready(self, keys: Iterable[str], is_right: Callable[[str], bool]) -> tuple[str, ...]:
        """Of these blanks, in order, those whose mistakes are mended by now, or follow from such."""
        found: dict[str, None] = {}
        for key in keys if self._sources else ():
            sources = self._sources.get(key)
            if sources and all(source in found or is_right(source) for source in sources):
                found[key] = None
        return tuple(found)


def offer(many: int) -> str:
    """What is said when so many answers can be put right; how is for the face to say."""
    if many == 1:
        return "One answer followed from the number you corrected, and can be put right with it."
    return f"{many} answers followed from the number you corrected, and can be put right with it."

"""One slip of a learner and all that is said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tutor.language import Unreadable

SUCH = " There are sqrt, exp, ln, sin, max, sigmoid for σ, and others."
"""Behind a function that no other is near to."""


@dataclass(frozen=True)
class Slip:
    """A text that is not read, what is said, where the carets stand, and the text that is offered instead."""

    text: str
    message: str
    carets: str
    repair: str | None = None

    def check(self, read: Callable[[str], object]) -> None:
        """Read the text and compare everything that is said."""
        with pytest.raises(Unreadable) as caught:
            read(self.text)
        unreadable = caught.value
        carets = unreadable.caret().split("\n")[1]
        assert (unreadable.message, carets, unreadable.repair) == (self.message, self.carets, self.repair)
        assert unreadable.text == self.text
        if unreadable.repair is not None:
            read(unreadable.repair)

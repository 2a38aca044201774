"""A list of options that can be paged at any size."""

from __future__ import annotations

from contextlib import suppress

from textual.widgets import OptionList


class PagedList(OptionList):
    """Textual's list, which fails to find a page while it has no room to show an option, or has none yet."""

    def action_page_up(self) -> None:
        """A page up, where there is a page."""
        with suppress(LookupError):  # options have no line then
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down, where there is a page."""
        with suppress(LookupError):
            super().action_page_down()  # type: ignore[no-untyped-call]

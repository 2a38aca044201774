"""A list of options that can be paged at any size."""

from __future__ import annotations

from textual.widgets import OptionList


class PagedList(OptionList):
    """Textual's list, which does not know where its options are while it has no room to show one."""

    def action_page_up(self) -> None:
        """A page up, where there is a page."""
        if self.scrollable_content_region.area:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down, where there is a page."""
        if self.scrollable_content_region.area:
            super().action_page_down()  # type: ignore[no-untyped-call]

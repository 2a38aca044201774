"""A text that scrolls, and says so where there is more of it."""

from __future__ import annotations

from textual.containers import VerticalScroll


class Reading(VerticalScroll, can_focus=False):
    """Names the key that scrolls it while it does not fit."""

    def watch_show_vertical_scrollbar(self) -> None:
        """Name the key, or no longer."""
        more = "   Page Down: more" if self.show_vertical_scrollbar else ""
        self.border_title = f"{self.BORDER_TITLE}{more}"

    def turn(self, by: int) -> bool:
        """Scroll by so many lines; whether there was anything to scroll."""
        before = self.scroll_target_y
        self.scroll_relative(y=by, animate=False)
        return self.scroll_target_y != before

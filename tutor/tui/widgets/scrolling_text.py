"""A text that scrolls, and says so where there is more of it."""

from __future__ import annotations

from textual.containers import VerticalScroll

from tutor.tui.keys import with_keys


class ScrollingText(VerticalScroll, can_focus=False):
    """Names the key that leads to what is not in sight."""

    def watch_show_vertical_scrollbar(self) -> None:
        """Name the key, or no longer."""
        self._name_key()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """At the end the other key leads on."""
        super().watch_scroll_y(old_value, new_value)
        self._name_key()

    def _name_key(self) -> None:
        if not self.show_vertical_scrollbar:
            key = ""
        else:
            at_end = self.scroll_y >= self.max_scroll_y
            key = with_keys(self.app, f"   {{exercise.said_{'up' if at_end else 'down'}}}: more")
        self.border_title = f"{self.BORDER_TITLE}{key}"

    def turn(self, by: int) -> bool:
        """Scroll by so many lines; whether there was anything to scroll."""
        before = self.scroll_target_y
        self.scroll_relative(y=by, animate=False)
        return self.scroll_target_y != before

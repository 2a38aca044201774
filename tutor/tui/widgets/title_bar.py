"""The first line of a screen: where one is."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.text import harmless


class TitleBar(Static):
    """A title, and a lesser text after it."""

    def __init__(self, title: str, aside: str = "") -> None:
        super().__init__(
            Content.assemble((harmless(title), "bold"), (f"   {harmless(aside)}", "$text-muted")), markup=False
        )

"""The keys of Textual's text editor, less those that this app uses for itself."""

from __future__ import annotations

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

_OURS = frozenset({"f6", "f7"})

EDITOR_KEYS: list[BindingType] = [
    binding for binding in TextArea.BINDINGS if not (isinstance(binding, Binding) and binding.key in _OURS)
]
"""For a subclass of TextArea that is made with `inherit_bindings=False`."""

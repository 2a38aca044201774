"""Copying text: through the terminal, which may sit on another machine, and through the system's own clipboard."""

from __future__ import annotations

from typing import Any

from textual.app import App


def copy(app: App[Any], text: str, copied: str = "Copied.") -> str:
    """Copy a text; what to say of it, `copied` where it worked.

    A terminal does not tell whether it took the text, the system does.
    """
    import pyperclip  # looks for the system's clipboard when it is loaded

    app.copy_to_clipboard(text)
    if app.is_web:  # the system's clipboard is another person's
        return "Sent to your browser's clipboard. If it is not there, this browser does not take copies."
    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return "Sent to your terminal's clipboard. If it is not there, this terminal does not take copies."
    return copied

"""Signs that several screens share, free of all that takes long to load."""

from __future__ import annotations

SHOWN = "◎"
"""What is done, but with answers shown."""

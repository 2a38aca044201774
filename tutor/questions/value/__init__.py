"""The kind `value`: a number or an array from a formula, or from its gradient."""

from __future__ import annotations

from tutor.questions.value.question import ValueTable, make_value

__all__ = ["ValueTable", "make_value"]

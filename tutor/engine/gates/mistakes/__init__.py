"""The mistakes people make at each gate; the gates' entries hold them."""

from __future__ import annotations

from tutor.engine.gates.mistakes.mistake import Formula, Likelihood, Mistake, begins_with_a_name

__all__ = ["Formula", "Likelihood", "Mistake", "begins_with_a_name"]

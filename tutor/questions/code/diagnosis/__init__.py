"""Which line of a wrong NumPy function is wrong, and what the mistake is. The code is read, never run here."""

from __future__ import annotations

from tutor.questions.code.diagnosis.diagnosing import Diagnosis, diagnose
from tutor.questions.code.diagnosis.manner import manner

__all__ = ["Diagnosis", "diagnose", "manner"]

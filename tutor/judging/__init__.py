"""What is said to an answer, and why: verdicts, numbers, equivalence, shapes, misconceptions.

An expression and the truth go in, a `Verdict` comes out. Open `verdict.py` first. What people get wrong is one record,
`misconceptions.Misconception`: kinds of question contribute candidates, `recognise` finds those that an answer shows
(`typed_answers`), `mistake_texts` says them. `arithmetic_slips` are those of the pen, `product_repairs` what a matrix
product needs.
"""

from __future__ import annotations

from tutor.judging.equivalence import Comparison, Equivalence, compare, difference_at, judge_expression
from tutor.judging.numbers import Carried, agrees, judge_number
from tutor.judging.verdict import (
    Kind,
    Verdict,
    from_language,
    in_any_reading,
    remark,
    right,
    undecided,
    unless_entrywise,
    unreadable,
    wrong,
)

__all__ = [
    "Carried",
    "Comparison",
    "Equivalence",
    "Kind",
    "Verdict",
    "agrees",
    "compare",
    "difference_at",
    "from_language",
    "in_any_reading",
    "judge_expression",
    "judge_number",
    "remark",
    "right",
    "undecided",
    "unless_entrywise",
    "unreadable",
    "wrong",
]

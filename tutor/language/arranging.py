"""Pieces as scanned to pieces as the grammar wants them, one pass after the other."""

from __future__ import annotations

from tutor.language.bars import pair_bars
from tutor.language.brackets import check_brackets
from tutor.language.commas import check_commas
from tutor.language.draft import Draft
from tutor.language.functions import mark_functions, take_powers_of_functions
from tutor.language.operands import check_operands
from tutor.language.products import (
    close_squared_norms,
    note_powers_before_quotients,
    write_negative_numbers,
    write_products,
)
from tutor.language.rows import separate_entries
from tutor.language.scanner import Piece
from tutor.language.words import look_up_words


def arranged(draft: Draft) -> list[Piece]:
    """The pieces ready for the grammar. Raises Trouble with a sentence wherever one can be found here."""
    look_up_words(draft)
    check_brackets(draft.pieces)
    take_powers_of_functions(draft)
    check_operands(draft)
    check_commas(draft)
    mark_functions(draft)
    pair_bars(draft)
    close_squared_norms(draft)
    separate_entries(draft)
    write_negative_numbers(draft)
    note_powers_before_quotients(draft)
    write_products(draft)
    return draft.pieces

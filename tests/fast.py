"""The tests for daily work, `pytest -m fast`: modules of every room that take a second or two each.

Paths are relative to this folder. `tests/test_fast.py` holds that they are there and that each room has some.
"""

from __future__ import annotations

FAST = {
    "language": (
        "test_echo", "test_equations", "test_names", "test_precedence", "test_printing", "test_readings",
        "test_slips_of_signs", "test_unreadable",
    ),
    "engine": (
        "test_gates", "test_graph", "test_operation", "test_passes", "test_showing",
        "test_templates", "test_tidying",
    ),
    "judging": ("test_numbers", "test_said", "test_same", "test_tensors", "test_verdict"),
    "library": ("test_asked", "test_broken", "test_folders", "test_schema", "test_three_lines"),
    "drawing": ("test_choose",),
    "course": ("test_sheets",),
    "diagnosis": ("test_programs",),
    "learner": ("test_learner_model", "test_learner_store", "test_learner_transfer"),
    "lessons": ("test_lessons",),
    "runner": ("test_runner_values", "test_runner_faults"),
    "questions": (
        "test_chain", "test_gradient", "test_kinds_contract", "test_order", "test_shape",
        "test_staging_accepted", "test_staging_refused", "test_trace", "test_value", "code/test_unbroadcast",
    ),
    "marking": ("test_marking",),
    "papers": ("test_sitting",),
    "session": ("test_hints", "test_again", "test_so_far", "test_store_problem"),
    "practice": ("test_own_function", "test_skills"),
    "faces": ("test_kinds_contract", "test_listing", "test_settings", "test_text", "test_typesetting"),
    "tui": ("test_kinds_contract", "test_welcome"),
}  # fmt: skip
"""Room -> its modules."""

PATHS = frozenset(f"{room}/{module}.py" for room, modules in FAST.items() for module in modules) | {"test_fast.py"}

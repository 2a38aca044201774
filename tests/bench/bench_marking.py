"""All attacks with easy values on error carried forward, and how long marking takes."""

from __future__ import annotations

from time import perf_counter

from tests.marking.test_easy_values import attacks, try_attacks
from tests.marking.working import marker_of, right_answers
from tutor.marking import Work


def test_none_of_all_attacks_earns_marks_for_following_an_easy_value():
    every = list(attacks())
    assert len(every) >= 200
    try_attacks(every)
    print(f"\n{len(every)} attacks")


def test_a_sheet_of_a_large_graph_is_marked_in_a_fraction_of_a_second():
    right = right_answers("layers/complex")
    marker = marker_of("layers/complex")
    begin = perf_counter()
    for number in range(30):
        answers = {**right, "value:d": f"{number / 7:.3f}"}
        marker.mark(Work(answers))
    each = (perf_counter() - begin) / 30
    print(f"\n{1000 * each:.0f} ms a sheet")
    assert each < 2 * 20 / 300  # 300 sheets on two cores in 20 s

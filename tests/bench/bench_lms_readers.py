"""Every exercise that ships as Moodle XML and QTI, the former read back by a library of others.

    python -m tests.bench.bench_lms_readers

That library knows multiple choice and embedded answers; numbers and short answers, and all of QTI, are read by the
tests of this project, from the published rules. Printed: how many questions there are, of which kind, how many wrong
answers have a sentence, and what the library reads differently.
"""

from __future__ import annotations

import time
from collections import Counter

from moodle_xml_parser.parser import parse_bytes

from tests.shipped import LIBRARY
from tutor.course.grading import Grader
from tutor.course.lms_questions import CarriedOver, carried_over
from tutor.course.moodle import as_moodle
from tutor.course.qti import as_qti
from tutor.paths import shipped_folder


def main() -> None:
    """Convert, read back, count."""
    grader, over, began = Grader([shipped_folder()]), CarriedOver(), time.process_time()
    for id in LIBRARY.exercises:
        over.add(carried_over(grader.marker(id)))
    spent = time.process_time() - began
    forms = Counter(one.form for one in over.questions)
    answers = [answer for one in over.questions for answer in one.answers]
    answers += [answer for one in over.questions for row in one.cells for cell in row for answer in cell]
    told = sum(bool(answer.says) and not answer.right for answer in answers)
    print(f"{len(over.questions)} questions {dict(forms)}, {len(over.left_out)} left out, in {spent:.0f} s")
    print(f"{told} wrong answers with a sentence")
    read = parse_bytes(as_moodle(over.questions))
    choices = {one.name: one for one in over.questions if one.form == "choice"}
    arrays = {one.name: one for one in over.questions if one.form == "array"}
    differ = {one.name for one in read["multichoice"] if len(one.options) != len(choices[one.name].answers)}
    differ |= {one.name for one in read["multichoice"] if one.single == choices[one.name].several}
    for one in read["cloze"]:
        cells = [cell for row in arrays[one.name].cells for cell in row]
        if [len(gap.options) for gap in one.gaps] != list(map(len, cells)):
            differ.add(one.name)
        if [sum(part.score == 100 for part in gap.options) for gap in one.gaps] != [
            sum(part.right for part in cell) for cell in cells
        ]:
            differ.add(one.name)
    missing = len(choices) + len(arrays) - len(read["multichoice"]) - len(read["cloze"])
    print(f"read by the library: {len(read['multichoice'])} choices, {len(read['cloze'])} arrays; {missing} missing")
    print(f"read differently: {sorted(differ) or 'none'}")
    print(f"QTI: {len(as_qti(over.questions, 'All')):,} bytes")


if __name__ == "__main__":
    main()

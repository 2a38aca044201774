"""A class: answer sheets and submissions go out and come back, are marked, and come out as gradebooks and reports.

Ids of exercises, files and folders go in; `Graded`, one for each file handed in, comes out, and texts made of it. Open
`grading.py` first. `blank_sheets.py` writes answer files, `sheets.py` reads them, `submissions.py` a learner's own
journal, `handed_in.py` finds the files of both, `graded_json.py` keeps grades as JSON and `gradebooks.py` makes tables
of them. `reports.py` says how a class fared, `comparison.py` in what groups differ; `worksheets/` is what is handed
out. Marks are `tutor.marking`'s; nothing here judges.
"""

from __future__ import annotations

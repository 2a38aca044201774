"""A class: answer sheets and submissions go out and come back, are marked, and come out as gradebooks and reports.

Ids of exercises, files and folders go in; `Graded`, one for each file handed in, comes out, and texts made of it. Open
`grading.py` first. `blank_sheets.py` writes answer files, `sheets.py` reads them, `submissions.py` a learner's own
journal, `gradebooks.py` makes tables of grades, `reports.py` says how a class fared; `worksheets/` is what is handed
out. Marks are `tutor.marking`'s; nothing here judges.
"""

from __future__ import annotations

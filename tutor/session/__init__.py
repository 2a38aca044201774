"""One learner at one exercise: the only thing the faces talk to.

An `Exercise` of the library goes in, with the store that keeps its journal and the runner for code; verdicts, hints,
pictures and worked solutions come out. Open `session.py` first: `Session.judge` and `Session.record` are the road of
one answer, `answer_book.py` what the answers come to. `asked_steps.py` has the steps as they are asked here,
`exercise_view.py` what is shown beside them and the worked solution, `hint_policy.py` when the next hint is given,
`tries.py` the wrong answers; `validation.py` solves a file from end to end for `check`.
"""

"""Judging a Python function or class: one harness for each of the things that can be asked for.

A program goes in as text; it runs in another process, what it returns is compared with the truth (`comparing.py`,
`returned.py`), and a verdict comes out that names the line and the mistake where they can be told. Open `question.py`
first: `Harness` is what a harness has to be, `HARNESSES` lists them: `passes`, `op`, `loops`, `unbroadcast`, `engine`.
Beside them: `pasted` reads what was copied from a page or a notebook, `faults` says what an error of Python means,
`return_form` looks at what came back as a whole, `remarks` at how a right program came to be right.
"""

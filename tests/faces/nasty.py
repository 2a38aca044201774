"""Exercise files that would leave a mark if anything in them were run."""

from __future__ import annotations

from pathlib import Path


def files(folder: Path, mark: Path) -> list[Path]:
    """Write files in which every text is a program that makes the file `mark`; those that can be opened, and others."""
    run = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    texts = {"given": _GIVEN, "starter": _STARTER, "python": _PYTHON, "helper": _HELPER, "name": _NAME, "plain": _PLAIN}
    for id, text in texts.items():
        (folder / f"{id}.toml").write_text(
            text.replace("RUN", run).replace("SHORT", "open('mark','w')"), encoding="utf-8"
        )
    return [folder / f"{id}.toml" for id in texts]


OPENED = ("given", "starter", "plain")

_HEAD = """title = "SHORT"
prompt = "RUN {RUN} %s $(RUN)"
remark = "RUN"
"""
_FUNCTION = 'function = "f(x, y) = x sin(y)"\nat = { x = 1.3, y = 0.7 }\n'
_GIVEN = (
    _HEAD
    + _FUNCTION
    + '''
[hints]
code = ["RUN", "RUN", "RUN"]
[code]
given = """
a = RUN
"""
'''
)
_STARTER = (
    _HEAD
    + '''
[[question]]
kind = "code"
title = "SHORT"
prompt = "RUN"
harness = "op"
op = "plus"
hints = ["RUN", "RUN", "RUN"]
after = "RUN"
starter = """
RUN
class Plus:
    x = RUN
"""
'''
)
_PYTHON = _HEAD + _FUNCTION + '[code]\nhelpers = """\nRUN\n"""\n'
_HELPER = _HEAD + _FUNCTION + '[code]\nhelpers = ["g(x) = RUN", "RUN"]\n'
_NAME = (
    _HEAD
    + """
[[question]]
kind = "code"
harness = "loops"
name = "f(a=RUN): pass\\ndef g"
"""
)
_PLAIN = (
    _HEAD
    + """
[[question]]
kind = "choice"
title = "SHORT"
prompt = "RUN"
[[question.ask]]
prompt = "RUN"
label = "RUN"
hints = ["RUN", "RUN", "RUN"]
after = "RUN"
options = [{ text = "RUN", right = true, why = "RUN" }, { text = "RUN ", why = "RUN" }, { text = "no", why = "RUN" }]
""".replace('{ text = "RUN ", why = "RUN" }, ', "")
)

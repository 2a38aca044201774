"""What was typed without brackets and may be meant with them: `y^-1/2`, `sin π/2`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"\d+(?:\.\d+)?"
_EXPONENT = re.compile(rf"([\w.]*)(\^|\*\*)[ ]*([-−+]?[ ]*{_NUMBER})[ ]*/[ ]*({_NUMBER})")
_PART = rf"{_NUMBER}|[^\W\d]\w*"
_ARGUMENT = re.compile(rf"\b(sin|cos|tan|tanh|ln|log|exp|sqrt)[ ]+({_PART})[ ]*/[ ]*({_PART})")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The whole text with brackets that may be meant; the part they are in as it is read, and as it may be meant."""

    text: str
    read: str
    meant: str
    part: str
    """What goes into the brackets: `the exponent`, `what ln applies to`; "" for a product entry by entry."""

    @property
    def said(self) -> str:
        """How to write what may be meant."""
        if not self.part:
            return f"{self.read} is how this is read. If a product entry by entry is meant, write {self.meant}."
        return f"{self.read} is how this is read. If {self.meant} is meant, put {self.part} in brackets."


def in_brackets(text: str) -> Otherwise | None:
    """The text with brackets about a fraction that may be one exponent, or one argument; None where there is none."""
    if len(text) > _LONGEST:
        return None
    if found := _EXPONENT.search(text):
        base, sign, top, bottom = (part.replace(" ", "") for part in found.groups())
        meant = f"{sign}({top}/{bottom})"
        whole = f"{text[: found.start()]}{base}{meant}{text[found.end() :]}"
        return Otherwise(whole, f"({base}{sign}{top})/{bottom}", f"{base}{meant}", "the exponent")
    if found := _ARGUMENT.search(text):
        function, top, bottom = found.groups()
        meant = f"{function}({top}/{bottom})"
        whole = f"{text[: found.start()]}{meant}{text[found.end() :]}"
        return Otherwise(whole, f"({function} {top})/{bottom}", meant, f"what {function} applies to")
    return None

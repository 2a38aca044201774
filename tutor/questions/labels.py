"""The label of a blank, typed again with its = in front of an answer: `∂f/∂x = 0.105`, `V' = y' @ h.T`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LONGEST = 2000
_LEFT = re.compile(
    r"\s*([^=()\[\]{}<>!:,;←]{1,60}(?:\([^()=]{0,40}\)\s*){0,2}(?:/[^=()\[\]{}<>!:,;←]{1,60})?"
    r"|\\[^:=←]{1,120}|\([^:=]{1,40}\))\s*(?::?=(?!=)|←)"
)
_KIND = re.compile(r"^(upstream|local|downstream|sum)\s+")
_NAME = r"[^\W\d_]\w*'*"
_NOT_D = rf"(?!d_){_NAME}"
_INPUTS = r"(?:\([\w, ]*\))?"
_QUOTIENT = re.compile(rf"\(?[∂d] ?(?P<of>{_NAME}){_INPUTS}\)?/\(?[∂d] ?(?P<by>{_NAME})\)?")
_OPERATOR = re.compile(rf"\(?[∂d]\)?/\(?[∂d] ?(?P<by>{_NAME})\)? ?\(?(?P<of>{_NAME}){_INPUTS}\)?")
"""`d/dx f(x)`"""
_NABLA = re.compile(rf"∇_?(?P<by>{_NAME})(?: (?P<of>{_NAME}))?")
_PRIMED = re.compile(r"(?P<by>[^\W\d_]\w*)'(?:\((?P<of>[^\W\d]\w*)\))?")
_PREFIXED = re.compile(rf"(?:grad_|grad |d_|[d∂])(?P<by>{_NAME})|(?P<whole>{_NAME})(?:_grad|\.grad|\^∇|∇)")
_CALLED = re.compile(rf"(?P<name>{_NAME})(?:\([\w, ]*\))?")


@dataclass(frozen=True, slots=True)
class Label:
    """What a label stands for: a value's name, or the gradient of `of` (None where it is not said) by `by`."""

    text: str
    name: str = ""
    by: str = ""
    of: str | None = None
    prime: str = ""
    """The name with a prime, which may be the function or the variable."""

    def is_same(self, other: Label, *, local: bool = False) -> bool:
        """Whether the other one, as a learner typed it, stands for the same; a local derivative says of what."""
        if self.text == other.text:
            return True
        if self.by and other.by:
            of = (self.of, other.of)
            if self.by == other.by and (self.of == other.of or (None in of and not local)):
                return True
        if self.by and self.of and other.name == f"{self.of}_{self.by}":
            return True
        if self.by and other.prime:
            return self.of == other.prime
        return bool(self.name) and self.name == other.name


def label_in(text: str) -> Label | None:
    """What a left-hand side stands for; None where it is no label."""
    plain = _plain(text)
    if found := _QUOTIENT.fullmatch(plain) or _OPERATOR.fullmatch(plain):
        return Label(plain, by=found["by"], of=found["of"])
    if found := _NABLA.fullmatch(plain):
        return Label(plain, by=found["by"], of=found["of"])
    if found := _PRIMED.fullmatch(plain):
        return Label(plain, by=found["by"], prime=found["by"])
    name = _CALLED.fullmatch(plain)
    if found := _PREFIXED.fullmatch(plain):
        return Label(plain, name["name"] if name else "", by=found["by"] or found["whole"])
    if name:
        return Label(plain, name["name"])
    return Label(plain) if "→" in plain else None


def _plain(text: str) -> str:
    """A label without LaTeX, spaces that do not count, and letters of other alphabets for mathematics."""
    text = unicodedata.normalize("NFKC", text).replace("′", "'").replace("’", "'")
    text = re.sub(r"\\(?:mathrm|text|operatorname)\s*\{\s*(\w*)\s*\}\s*", r"\1", text)
    text = re.sub(r"\\[dtc]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1)/(\2)", text)
    text = re.sub(r"\\partial\s*", "∂", re.sub(r"\\nabla\s*", "∇", text))
    text = re.sub(r"[{}$]", "", text)
    text = re.sub(r"\s*([/(),^_])\s*", r"\1", " ".join(text.split()))
    return re.sub(r"([∂∇]) ", r"\1", text)


def left_side(text: str) -> str:
    """What is in front of the first = or ←, with that sign; "" where there is nothing that may be a label."""
    found = _LEFT.match(text[:_LONGEST])
    return found[0] if found else ""


def without_left_side(text: str) -> str:
    """The text with spaces in place of such a left-hand side, so that places stay where they are."""
    left = left_side(text)
    return " " * len(left) + text[len(left) :]


def without_this(text: str, label: str) -> str:
    """The text with spaces for this very label before an =, whatever it is made of; the same text where it has none."""
    bare = _plain(label.strip().rstrip("=←:").strip())
    for sign in re.finditer(r"=(?!=)|←", text[:_LONGEST]):
        left = _plain(text[: sign.start()].strip())
        if left == bare and bare:
            return " " * sign.end() + text[sign.end() :]
        if len(left) > len(bare):
            break
    return text


def own_label(label: str) -> tuple[Label | None, bool]:
    """What a blank's label stands for, and whether it is that of a local derivative."""
    bare = label.strip().rstrip("=←:").strip()
    kind = _KIND.match(bare)
    return label_in(_KIND.sub("", bare)), bool(kind) and bare.startswith("local")

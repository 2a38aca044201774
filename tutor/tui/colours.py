"""What can be told of colours by computing: contrast, difference, and how they look to those who see fewer of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import dist

from textual.color import Color

Lab = tuple[float, float, float]
Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]

DEUTAN: Matrix = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTAN: Matrix = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
"""How one sees who has no cones for green, or for red, in linear light: Machado, Oliveira and Fernandes, "A
physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009, severity 1.0."""


def seen_by(kind: Matrix, color: Color) -> Color:
    """An opaque colour as somebody sees it."""
    linear = _linear(color)
    red, green, blue = (sum(share * part for share, part in zip(row, linear, strict=True)) for row in kind)
    return Color(_byte(red), _byte(green), _byte(blue))


def contrast(text: Color, behind: Color) -> float:
    """The contrast of two opaque colours, from 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(text), _luminance(behind)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def difference(one: Color, other: Color) -> float:
    """How far apart two opaque colours are (CIE 1976, in Lab): 2 can just be told, black and white are 100 apart."""
    return dist(_lab(one), _lab(other))


@dataclass(frozen=True, slots=True)
class Seen:
    """An opaque colour as it is seen by those who see all colours, and by those who see no green, or no red."""

    color: Color
    labs: tuple[Lab, ...]

    @classmethod
    def by_all(cls, color: Color) -> Seen:
        """As each of them sees it."""
        return cls(color, tuple(map(_lab, (color, *(seen_by(kind, color) for kind in (DEUTAN, PROTAN))))))

    def apart(self, other: Seen) -> float:
        """How far apart two colours are for whoever can tell them least."""
        return min(map(dist, self.labs, other.labs))


def _lab(color: Color) -> Lab:
    """A colour of the screen (sRGB, white point D65) in CIE Lab."""
    red, green, blue = _linear(color)
    x, y, z = (
        _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505),
        _root(0.2126 * red + 0.7152 * green + 0.0722 * blue),
        _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089),
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(share: float) -> float:
    return share ** (1 / 3) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116


def _linear(color: Color) -> tuple[float, float, float]:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return red, green, blue


def _byte(linear: float) -> int:
    """A part of a colour, from linear light to what the screen is sent."""
    part = min(1.0, max(0.0, linear))
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))

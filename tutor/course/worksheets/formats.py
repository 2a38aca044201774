"""The formats of sheets by name, and what is missing where one cannot be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tutor.course.worksheets.document import Document

_EXTRA = "pip install 'backprop-tutor[print]'"
_PACKAGES = {"pdf": "typst", "ipynb": "nbformat"}


class FormatMissing(Exception):
    """A package that a format needs is not installed. The text is a sentence with the command that installs it."""


def _html(document: Document) -> bytes:
    from tutor.course.worksheets.html import html

    return html(document).encode()


def _markdown(document: Document) -> bytes:
    from tutor.course.worksheets.markdown import markdown

    return markdown(document).encode()


def _latex(document: Document) -> bytes:
    from tutor.course.worksheets.latex import latex

    return latex(document).encode()


def _pdf(document: Document) -> bytes:
    from tutor.course.worksheets.typst import pdf

    return pdf(document)


def _notebook(document: Document) -> bytes:
    from tutor.course.worksheets.notebook import notebook

    return notebook(document).encode()


FORMATS: Mapping[str, Callable[[Document], bytes]] = {
    "md": _markdown, "html": _html, "tex": _latex, "pdf": _pdf, "ipynb": _notebook,
}  # fmt: skip
"""Ending of the file -> what writes it."""


def written(document: Document, format: str) -> bytes:
    """The sheet as a file of this format, one of FORMATS. Raises FormatMissing, and NotTypeset for a PDF."""
    with _needing_its_package(format):
        return FORMATS[format](document)


def all_in_one(documents: Sequence[Document]) -> bytes:
    """Several sheets as one PDF. Raises FormatMissing, NotTypeset."""
    with _needing_its_package("pdf"):
        from tutor.course.worksheets.typst import pdf_of_all

        return pdf_of_all(documents)


def without_letters(texts: Iterable[str], format: str) -> list[str]:
    """Those of the texts that this format has no letters for. Raises FormatMissing."""
    if format != "pdf":
        return []
    with _needing_its_package(format):
        from tutor.course.worksheets.typst import without_letters

        return without_letters(texts)


@contextmanager
def _needing_its_package(format: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        package = _PACKAGES.get(format)
        if package is None or (missing.name or "").partition(".")[0] != package:
            raise
        raise FormatMissing(f"{format} needs the package {package}. This installs it: {_EXTRA}") from None

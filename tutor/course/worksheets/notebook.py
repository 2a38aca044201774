"""Sheets as Jupyter notebooks, by the package nbformat: what is asked as text, what is to be written as cells.

Pictures are attached as SVG; nothing in a notebook runs by itself.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from tutor.course.worksheets.document import Block, Code, Document, GraphFigure, Heading, SheetTask
from tutor.course.worksheets.markdown import block_text, escaped, whose
from tutor.drawing.svg import graph_svg

_HELD = (SheetTask, Code, GraphFigure)


def notebook(document: Document) -> str:
    """The sheet as an .ipynb file. Raises ModuleNotFoundError without the package nbformat."""
    from nbformat import v4, validate, writes

    cells = [*_cells(document)]
    for number, cell in enumerate(cells):
        cell["id"] = sha256(f"{number} {cell['source']}".encode()).hexdigest()[:12]  # the same sheet is the same file
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    validate(made)
    return str(writes(made))


def _cells(document: Document) -> Iterator[Any]:
    from nbformat import v4

    head = [f"# {escaped(document.title)}{' — key' if document.key else ''}", escaped(document.about)]
    if document.student:
        head.append(whose(document))
    yield v4.new_markdown_cell("\n\n".join(head))
    gathered: list[str] = []
    for block in document.blocks:
        if isinstance(block, (Heading, *_HELD)) and gathered and not all(text.startswith("#") for text in gathered):
            yield v4.new_markdown_cell("\n\n".join(gathered))
            gathered = []
        match block:
            case GraphFigure():
                yield _picture(gathered, block)
                gathered = []
            case Code(lines, numbered=True) if _is_program(lines):
                if gathered:
                    yield v4.new_markdown_cell("\n\n".join(gathered))
                    gathered = []
                yield v4.new_code_cell("\n".join(line or "" for line in lines))
            case SheetTask(blocks):
                yield from _task(gathered, block, blocks)
                gathered = []
            case _:
                gathered += block_text(block)
    if gathered:
        yield v4.new_markdown_cell("\n\n".join(gathered))


def _task(before: list[str], task: SheetTask, blocks: tuple[Block, ...]) -> Iterator[Any]:
    from nbformat import v4

    pictures = [block for block in blocks if isinstance(block, GraphFigure)]
    others = tuple(block for block in blocks if not isinstance(block, GraphFigure))
    for picture in pictures:
        yield _picture(before, picture)
        before = []
    yield v4.new_markdown_cell("\n\n".join([*before, *block_text(SheetTask(others, task.number, task.marks))]))


def _picture(before: list[str], figure: GraphFigure) -> Any:
    from nbformat import v4

    cell = v4.new_markdown_cell("\n\n".join([*before, "![the graph](attachment:graph.svg)"]))
    data = b64encode(graph_svg(figure.picture).encode()).decode()
    cell["attachments"] = {"graph.svg": {"image/svg+xml": data}}
    return cell


def _is_program(lines: Sequence[str | None]) -> bool:
    return any(line is not None and line.startswith(("def ", "class ", "import ")) for line in lines)

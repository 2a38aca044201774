"""Reading a file that someone has named: it may be anything, or change while it is read."""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

_OPENING = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)  # not every system has all of these
LARGEST_PROGRAM = 100_000
"""Bytes of a program of the learner's."""

_LARGEST_NOTEBOOK = 20_000_000
"""Bytes; outputs and pictures are in it, and passed over."""

_AT_ONCE = 1 << 20
_IN_NO_TEXT = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\f\r\x1b") + "\ufffd"
"""What more than a few of make no text; a byte that was damaged on its way is no such many."""

_PYTHON_MAGICS = frozenset({"%%time", "%%timeit", "%%capture", "%%prun"})
"""Of a cell that is Python all the same."""
_IPYTHON_LINE = re.compile(r"^(\s*)([%!?].*)$")

_MADE_FOLDERS = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist"})
_MADE = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
"""Files by which the folder of an environment, or of what can be made again, is known."""


class NotText(Exception):
    """The file cannot be used; why, as a clause: `it is not a file`; the line where that shows, where there is one."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


def text_of(path: Path, most: int, *, own_line_ends: bool = False) -> str:
    """The UTF-8 text of a file of at most `most` bytes, without a byte order mark; line ends are `\\n`.

    With `own_line_ends` these stay as they are. Nothing but a regular file is read, so that a pipe or a device cannot
    keep the program waiting or reading without end. Raises FileNotFoundError, and NotText.
    """
    try:
        data = bytes_of(path, most)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise
    except UnicodeDecodeError as error:
        raise NotText("it is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None
    except OSError as error:
        raise NotText(f"it cannot be read: {(error.strerror or str(error)).lower()}") from None
    return text if own_line_ends else text.replace("\r\n", "\n").replace("\r", "\n")


def text_in_any_encoding(path: Path, most: int) -> str:
    """The text of a file of at most `most` bytes that some program of somebody's wrote; line ends are `\\n`.

    UTF-8, or UTF-16 with its mark or without; bytes that are neither are taken as what Windows writes in the west.
    Raises FileNotFoundError, and NotText for what is no text in any of these.
    """
    try:
        data = bytes_of(path, most)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NotText(f"it cannot be read: {(error.strerror or str(error)).lower()}") from None
    text = data.decode(_encoding(data), errors="as windows")
    if sum(map(text.count, _IN_NO_TEXT)) > len(text) // 100:
        raise NotText("it is not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str:
    """The encoding of a text, by its mark, or by where its zero bytes are."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) > len(data) // 4:
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8-sig"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error("as windows", _as_windows)


def program_text(path: Path) -> str:
    """The text of a Python program of the learner's; of a Jupyter notebook its code cells, an empty line between.

    Lines that are for IPython alone (`%matplotlib inline`, `!pip`) become comments, and cells in another language
    (`%%bash`) are left out. Raises FileNotFoundError, and NotText.
    """
    if path.suffix.lower() != ".ipynb":
        return text_of(path, LARGEST_PROGRAM)
    text = text_of(path, _LARGEST_NOTEBOOK)
    if not text.strip():
        raise NotText("it is empty")
    program = "\n\n".join(filter(None, map(_python_in, _code_cells(text))))
    if not program.strip():
        raise NotText("it is a notebook without code cells")
    if len(program.encode()) > LARGEST_PROGRAM:
        raise NotText(f"the code in it is larger than {_size(LARGEST_PROGRAM)}")
    return f"{program}\n"


def _code_cells(text: str) -> list[str]:
    """The sources of a notebook's code cells. Raises NotText for what is no notebook."""
    try:
        cells = json.loads(text)["cells"]
        sources = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        return [source if isinstance(source, str) else "".join(source) for source in sources]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotText("it is not a Jupyter notebook; copy the function into a .py file") from None


def _python_in(cell: str) -> str:
    """A code cell as Python reads it; "" where it is in another language."""
    lines = cell.strip("\n").splitlines()
    if lines and lines[0].startswith("%%"):
        if lines[0].split()[0] not in _PYTHON_MAGICS:
            return ""
        lines = lines[1:]
    return "\n".join(_IPYTHON_LINE.sub(r"\1# \2", line) for line in lines)


def bytes_of(path: Path, most: int) -> bytes:
    """All bytes of a regular file. Raises NotText where it is none or has more than `most`, and OSError."""
    number = os.open(path, _OPENING)
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise NotText("it is not a file")
        parts, left = [], most + 1
        while left and (part := os.read(number, min(left, _AT_ONCE))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(number)
    if not left:
        raise NotText(f"it is larger than {_size(most)}")
    return b"".join(parts)


def walked(folder: str, suffix: str, unread: Callable[[str], object] | None = None) -> Iterator[str]:
    """The files below a folder whose names end so, without those in folders that people do not write in.

    These are hidden ones, and what programs make: environments, packages, builds, caches. `unread` is called with
    each folder that cannot be read.
    """
    for where, folders, names in os.walk(folder, onerror=unread and (lambda error: unread(error.filename))):
        if where != folder and not _MADE.isdisjoint(names):
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _MADE_FOLDERS]
        for name in (*names, *folders):  # a folder of such a name is no file, which is to be said
            if name.endswith(suffix) and not name.startswith("."):
                yield os.path.join(where, name)  # noqa: PTH118 - Path takes ten times as long


def _size(count: int) -> str:
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count // 1000} kB"

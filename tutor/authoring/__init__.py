"""What instructors write with: files to begin from.

An id, a kind and perhaps a function go in; the text of a valid, commented exercise file comes out. Open `new.py` first;
`templates/` holds a file for every kind.
"""

from __future__ import annotations

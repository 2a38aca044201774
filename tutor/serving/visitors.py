"""Who a visitor is: a cookie with a random token, which names the folder where their progress is kept.

The token is a secret: whoever has it works as that visitor. Folders are named by its digest, so that nobody who sees
the folders can take a visitor's place.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256
from os import pathsep
from pathlib import Path
from urllib.parse import urlsplit

from tutor.paths import CODE, EXERCISES, ONLY, VARIABLE

COOKIE = "backprop_tutor_visitor"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_OF_THE_SERVER = ("VISUAL", "EDITOR")
"""Programs that would be started on the server, for the server's own user."""


def new_token() -> str:
    """A token that nobody has: 192 random bits."""
    return secrets.token_urlsafe(24)


def is_token(text: str) -> bool:
    """Whether a cookie holds a token, of this server or another."""
    return _TOKEN.fullmatch(text) is not None


def folder_of(visitors: Path, token: str) -> Path:
    """Where the progress of a visitor is kept. Raises ValueError for what is no token."""
    if not is_token(token):
        raise ValueError("this is no token")
    return visitors / sha256(token.encode()).hexdigest()[:32]


def environment_of(
    environment: Mapping[str, str], home: Path, folders: Iterable[Path], only: Path | None, runs_code: bool
) -> dict[str, str]:
    """What the app of a visitor is started with: their own folder for progress, the server's exercises."""
    own = {name: text for name, text in environment.items() if name not in (*_OF_THE_SERVER, ONLY)}
    own[VARIABLE] = str(home)
    own[EXERCISES] = pathsep.join(str(folder) for folder in folders)
    if only is not None:
        own[ONLY] = str(only)
    own[CODE] = "on" if runs_code else "off"
    return own


def is_from_here(host: str, origin: str | None, loopback: bool) -> bool:
    """Whether a request comes from a page of this server, and by a name that it has.

    A page of another site can open a websocket to this machine, and a name of its own can lead here; neither is let in.
    """
    name = urlsplit(f"//{host}").hostname or ""
    if loopback and name not in LOOPBACK:
        return False
    return origin is None or urlsplit(origin).netloc == host

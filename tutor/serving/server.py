"""The server: textual-serve's, with a cookie for each visitor and the app started with that visitor's folder.

Needs the extra `[serve]`. A page that is loaded again finds its visitor's progress, as the app keeps it: each has a
process of its own, which ends, after saving, when its page is closed.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from tutor.serving.visitors import COOKIE, LOOPBACK, environment_of, folder_of, is_from_here, is_token, new_token

_A_YEAR = 365 * 24 * 3600
_MOST_OPEN = 60
"""Pages that may be open at once: each is a process of about 150 MB."""
_LONGEST_MESSAGE = 1 << 20
_LONGEST_ENDING = 15.0
_LONGEST_FAREWELL = 2.0
"""Seconds that an app may take to save and end, and a page to agree that it is closed."""


@dataclass(frozen=True)
class ServedApp:
    """What is served: the folders of exercises, the one pack to show alone, and whether code is run."""

    visitors: Path
    """The folder with a folder for each visitor."""

    folders: Sequence[Path]
    only: Path | None
    runs_code: bool


class _VisitorApp(AppService):  # type: ignore[misc]  # the extra may be absent
    """The app of one page, with its visitor's environment."""

    def __init__(self, served: ServedApp, home: Path, **how: Any) -> None:
        super().__init__("backprop-tutor", **how)
        self._served, self._home = served, home

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        """Start the app without a shell, and out of reach of a Ctrl+C for the server, which tells it to end itself."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tutor"),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def stop(self) -> None:
        """Have the app save and end, and wait until it has; one that does not is killed."""
        process = self._process
        if process is None:
            return
        try:
            async with asyncio.timeout(_LONGEST_ENDING):
                await super().stop()
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        served = self._served
        whole = super()._build_environment(width, height)
        return environment_of(whole, self._home, served.folders, served.only, served.runs_code)


class TutorServer(Server):  # type: ignore[misc]
    """Serves the app; `serve` runs until it is interrupted."""

    def __init__(self, served: ServedApp, host: str, port: int) -> None:
        templates = Path(__file__).resolve().parent / "templates"
        super().__init__("backprop-tutor", host, port, title="backprop-tutor", templates_path=str(templates))
        self._served = served
        self.is_local = host in LOOPBACK
        """Whether only this machine can reach it."""
        self._open: set[web.WebSocketResponse] = set()

    def initialize_logging(self) -> None:
        """Only what goes wrong is said."""
        logging.basicConfig(level=logging.WARNING, format="%(message)s")

    async def on_startup(self, app: web.Application) -> None:
        """Nothing: the command has said where it serves."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - as textual-serve calls it
        """Close all pages, which ends their apps; else the server would wait for them."""
        await asyncio.gather(*(websocket.close() for websocket in self._open))

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page, with a cookie for who has none."""
        if not is_from_here(request.host, None, self.is_local):
            raise web.HTTPForbidden(text="This server is not reached by that name.")
        context = {"font_size": to_int(request.query.get("fontsize", "16"), 16), "title": self.title}
        response = aiohttp_jinja2.render_template("app_index.html", request, context)
        token = request.cookies.get(COOKIE, "")
        if not is_token(token):
            token = new_token()
        response.set_cookie(
            COOKIE, token, max_age=_A_YEAR, httponly=True, samesite="Strict", secure=request.scheme == "https"
        )
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """The terminal of a page: starts the app for its visitor, and ends it with the page."""
        token = request.cookies.get(COOKIE, "")
        if not is_token(token) or not is_from_here(request.host, request.headers.get("Origin"), self.is_local):
            raise web.HTTPForbidden(text="Open the page of this server first, with cookies allowed.")
        if len(self._open) >= _MOST_OPEN:
            raise web.HTTPServiceUnavailable(text="Too many pages are open. Try again in a while.")
        websocket = web.WebSocketResponse(timeout=_LONGEST_FAREWELL, heartbeat=15, max_msg_size=_LONGEST_MESSAGE)
        await websocket.prepare(request)
        home = folder_of(self._served.visitors, token)
        service = _VisitorApp(
            self._served,
            home,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=websocket.close,
            download_manager=self.download_manager,
        )
        self._open.add(websocket)
        try:
            await service.start(
                to_int(request.query.get("width", "80"), 80), to_int(request.query.get("height", "24"), 24)
            )
            await self._process_messages(websocket, service)
        except (ConnectionError, AssertionError, ValueError, LookupError, TypeError) as error:
            logging.getLogger("textual-serve").warning("A page sent what cannot be read: %s", error)
        except asyncio.CancelledError:
            await websocket.close()
        finally:
            self._open.discard(websocket)
            await service.stop()
        return websocket

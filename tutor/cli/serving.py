"""The verb that serves the app to browsers."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import click

from tutor.cli.opening import CommandError, folders_of, only_of, say, with_folders
from tutor.paths import home

_RISK = (
    "The code step is on: what a visitor types there is run on this machine as you, with your permissions, in a "
    "process with limits that is no sandbox. Allow it only to people whom you would give your account."
)
_OPEN = "Whoever can reach this machine can open it: there is no password. Stop it when the class is over."


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens; 0.0.0.0 is everywhere.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--allow-code", is_flag=True, help="Run the code that visitors write. It is run as you: read the warning."
)
@with_folders
@click.pass_context
def serve(context: click.Context, host: str, port: int, allow_code: bool, more: tuple[Path, ...]) -> None:
    """Serve the app to browsers, each visitor with progress of their own.

    It needs the extra [serve]. Without --host only this machine can open it. Visitors are known by a cookie; their
    progress is kept in the folder "visitors" beside yours, and a page that is loaded again goes on. Code is not run
    unless you allow it: exercises are finished without it then. Ctrl+C ends it.

    \b
    Examples:
      backprop-tutor serve
      backprop-tutor serve --only my-course --host 0.0.0.0 --port 8080
    """
    try:
        from tutor.serving.server import ServedApp, TutorServer
    except ModuleNotFoundError:
        raise CommandError(
            'This needs the extra [serve]. From the folder of the tutor: pip install ".[serve]"'
        ) from None
    folders = folders_of(context, more)
    only = folders[0] if only_of(context) else None
    served = ServedApp(home() / "visitors", folders, only, allow_code)
    server = TutorServer(served, host, port)
    _refuse_taken(host, port)
    say(f"The tutor is served at http://{'localhost' if host == '0.0.0.0' else host}:{port}. Ctrl+C ends it.")
    if not server.is_local:
        say(_OPEN)
    say(_RISK if allow_code else "Code is not run; exercises are finished without that step.")
    try:
        server.serve()
    except OSError as error:
        raise CommandError(_refused(host, port, error)) from None


def _refuse_taken(host: str, port: int) -> None:
    """Raises CommandError where nothing can be served there; said before it is said that something is."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise CommandError(_refused(host, port, error)) from None


def _refused(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Something is served at {host}:{port} already: --port names another."
    if error.errno == errno.EACCES:
        return f"You may not serve at port {port}: --port names another, such as 8000."
    reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
    return f"It cannot be served at {host}:{port}: {str(reason).lower()}. --host and --port name another place."

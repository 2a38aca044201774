"""The app in a real browser: solve an exercise with a reload in it; visitors keep apart; intruders are refused.

    pip install ".[serve]" playwright; python -m tests.bench.bench_serve [CHROMIUM]

CHROMIUM is the browser's program (`/usr/bin/chromium` when absent). What a learner would see is drawn on a canvas, so
that what happened is read from the journals of the visitors.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import aiohttp
from playwright.sync_api import Page, sync_playwright

from tutor.learner import Store

PORT = 8769
PAGE = f"http://127.0.0.1:{PORT}/"


def until(met: Callable[[], bool], what: str, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < ends, f"not within {seconds} s: {what}"
        time.sleep(0.2)


def journals(home: Path) -> dict[str, list[tuple[str, str]]]:
    """Visitor -> exercise and state, of those begun."""
    found = {}
    for folder in sorted((home / "visitors").glob("*")):
        if (folder / "progress.sqlite3").exists():
            with Store(folder) as store:
                found[folder.name] = [(id, one.state) for id, one in store.summary().items()]
    return found


def last_opened(home: Path) -> list[str | None]:
    """The exercise that each visitor opened last."""
    found = []
    for folder in (home / "visitors").glob("*"):
        with Store(folder) as store:
            found.append(store.last_opened())
    return found


def focus(page: Page) -> None:
    page.evaluate("document.querySelector('.xterm-helper-textarea').focus()")


def work(page: Page, home: Path) -> None:
    page.goto(PAGE)
    until(lambda: page.evaluate("document.body.classList.contains('-first-byte')"), "the app's first paint")
    until(lambda: len(journals(home)) == 1, "a folder for the visitor")
    time.sleep(8)
    page.screenshot(path=home / "welcome.png")
    focus(page)
    page.keyboard.press("Enter")  # the welcome: to the first exercise
    until(lambda: last_opened(home) == ["staging/f"], "the first exercise is open")
    time.sleep(6)
    page.keyboard.type("a = x + y", delay=80)
    page.keyboard.press("Enter")
    time.sleep(2)
    page.keyboard.type("f = a z", delay=80)
    time.sleep(3)
    page.screenshot(path=home / "half.png")
    page.reload()  # half done, and the last line only typed
    until(lambda: page.evaluate("document.body.classList.contains('-first-byte')"), "the app is back")
    time.sleep(8)
    focus(page)
    page.keyboard.press("Enter")  # Today begins with what is half done
    time.sleep(6)
    page.screenshot(path=home / "again.png")
    page.keyboard.press("Enter")
    until(lambda: ("staging/f", "solved") in chain(*journals(home).values()), "the exercise is solved after the reload")
    print("solved staging/f, with a reload in the middle: what was only typed was still there")


async def refused() -> None:
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {"Cookie": f"backprop_tutor_visitor={'a' * 32}", "Origin": "http://evil.example"},
                        {"Cookie": "backprop_tutor_visitor=../../x"},
                        {"Cookie": f"backprop_tutor_visitor={'a' * 32}", "Host": f"evil.example:{PORT}"}):  # fmt: skip
            try:
                await session.ws_connect(f"{PAGE}ws", headers=headers)
            except aiohttp.WSServerHandshakeError as error:
                assert error.status == 403, error.status
            else:
                raise AssertionError(f"let in: {headers}")
    print("no cookie, another site's page, a forged folder and another host's name: all refused")


def main(chromium: str) -> int:
    home = Path(tempfile.mkdtemp(prefix="serve-"))
    served = subprocess.Popen(
        [sys.executable, "-m", "tutor", "serve", "--port", str(PORT)],
        env={**os.environ, "BACKPROP_TUTOR_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    try:
        with sync_playwright() as browsers:
            browser = browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            first = browser.new_context(viewport={"width": 1200, "height": 800})
            page = first.new_page()
            until(lambda: _reached(page), "the server answers")
            work(page, home)
            page.screenshot(path=home / "solved.png")
            other = browser.new_context().new_page()
            other.goto(PAGE)
            until(lambda: len(journals(home)) == 2, "a second visitor has a folder of their own")
            assert sorted(map(len, journals(home).values())) == [0, 1]
            print("a second visitor begins with nothing")
            browser.close()
        asyncio.run(refused())
    finally:
        served.terminate()
        served.wait(10)
    print(f"screenshots are in {home}")
    return 0


def _reached(page: Page) -> bool:
    from playwright.sync_api import Error

    try:
        page.goto(PAGE)
    except Error:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if sys.argv[1:] else "/usr/bin/chromium"))

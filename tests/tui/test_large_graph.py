"""A graph that takes a while to draw."""

from __future__ import annotations

from pathlib import Path

from tests.tui.conftest import Open
from tutor.tui.widgets.graph_view import GraphView

MANY = 90


async def test_a_large_graph_is_drawn_beside_and_can_be_walked(open_app: Open, tmp_path: Path) -> None:
    function = " + ".join(f"x^{n}" for n in range(2, MANY + 2))
    text = f'title = "Large"\nfunction = "f(x) = {function}"\nat = {{ x = 0.9 }}\nsteps = ["forward"]\n'
    (tmp_path / "large.toml").write_text(text, encoding="utf-8")
    async with open_app("large", folders=(tmp_path,)) as driver:
        graph = driver.app.screen.query_one(GraphView)
        await driver.until(lambda: graph._drawing is not None and len(graph._drawing.places) > MANY, "the drawing")
        await driver.press("f7", "left", "left")
        assert graph._selected is not None
        await driver.press("s")
        await driver.until(lambda: graph._fitting.style is not None, "another style")

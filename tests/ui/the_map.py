"""The map of a page in a real browser: what it lights, what it says."""

from typing import Any

from playwright.sync_api import Frame, Page


class TheMap:
    """The map of a page in a real browser: its frame, what it lights, what it says.

    Args:
        page: The page.
    """

    DRAWN = (
        "window.landmap && landmap.ground.specs.length && landmap.ground.tiles().length"
        " && landmap.ground.tiles().every("
        "(one) => one.data.size >= landmap.ground.specs.length)"
    )

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def frame(self) -> Frame:
        """Its frame, with every tile of the view drawn."""
        found = self.page.wait_for_selector(".st-key-site_map iframe")
        inner = found.content_frame() if found else None
        assert inner is not None
        inner.wait_for_function(self.DRAWN)
        return inner

    def ask(self, script: str) -> Any:
        """Run a script in the frame once all is drawn."""
        return self.frame.evaluate(script)

    def lit(self) -> int:
        """Count the candidates on it."""
        return int(self.ask("landmap.lit.order.length"))

    def middle(self) -> tuple[float, float]:
        """Return its middle on the screen, in pixels."""
        box = self.page.locator(".st-key-site_map iframe").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def look_at(self, number: int = 0, *, zoom: int = 16) -> None:
        """Bring a candidate into its middle."""
        self.ask(
            f"() => {{ const one = landmap.lit.order[{number}];"
            f" map.setView([one.lat, one.lng], {zoom}, {{ animate: false }}); }}"
        )
        self.page.wait_for_timeout(300)
        assert self.frame

    def hover(self, right: float = 0.0, down: float = 0.0) -> str:
        """Move the pointer beside its middle; return the tooltip as it is read."""
        x, y = self.middle()
        self.page.mouse.move(x + right - 9, y + down - 9)
        self.page.mouse.move(x + right, y + down)
        shown = self.frame.locator(".lm-tip")
        shown.wait_for(state="visible")
        return shown.inner_text()

    def click(self, right: float = 0.0, down: float = 0.0) -> None:
        """Click beside its middle."""
        x, y = self.middle()
        self.page.mouse.click(x + right, y + down)

"""The map in a real browser: its frame, what it lights, what its tooltip says."""

from playwright.sync_api import Frame, Page

DRAWN = (
    "window.landmap && landmap.ground.tiles().length"
    " && landmap.ground.tiles().every("
    "(one) => one.data.size >= landmap.ground.specs.length)"
)


def map_frame(page: Page) -> Frame:
    """Return the frame of the map, with every tile of the view drawn."""
    inner = page.locator(".st-key-site_map iframe").element_handle().content_frame()
    assert inner is not None
    inner.wait_for_function(DRAWN)
    return inner


def lit(page: Page) -> int:
    """Count the candidates on the map."""
    return int(map_frame(page).evaluate("landmap.lit.order.length"))


def middle(page: Page) -> tuple[float, float]:
    """Return the middle of the map on the screen, in pixels."""
    box = page.locator(".st-key-site_map iframe").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def look_at(page: Page, number: int = 0, *, zoom: int = 16) -> None:
    """Bring a candidate into the middle of the map."""
    map_frame(page).evaluate(
        f"() => {{ const one = landmap.lit.order[{number}];"
        f" map.setView([one.lat, one.lng], {zoom}, {{ animate: false }}); }}"
    )
    map_frame(page)


def tip(page: Page) -> str:
    """Return what the tooltip says, as a reader sees it."""
    shown = map_frame(page).locator(".lm-tip")
    shown.wait_for(state="visible")
    return shown.inner_text()


def hover(page: Page, right: float = 0.0, down: float = 0.0) -> str:
    """Move the pointer to a place beside the middle; return the tooltip."""
    x, y = middle(page)
    page.mouse.move(x + right - 9, y + down - 9)
    page.mouse.move(x + right, y + down)
    return tip(page)

"""The main job in a real browser: a project, its need, candidates, a card, a claim."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
from geopandas import GeoDataFrame
from pandas import concat
from playwright.sync_api import Browser, BrowserContext, Page, expect
from the_map import TheMap

from ui.share_link import View, query

pytestmark = pytest.mark.browser

HOSTILE = "地块{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"
PICTURES = Path(__file__).parents[1] / "screenshots"
ROWS = "tr[data-parcel]"
SLOW_MS = 90_000


@pytest.fixture(scope="module")
def odd_server(
    small_sample: Path,
    running: Callable[..., AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Start the app on parcels with a hostile name and ids alike up to a `_001`."""
    file = small_sample / "layers" / "parcels.parquet"
    parcels = geopandas.read_parquet(file)
    chosen = parcels["land_use_code"].str.startswith("1001").idxmax()
    odd = [
        _like(parcels, chosen, "GZ_odd_001", "同一块地", "net_land"),
        _like(parcels, chosen, "GZ_odd_002", "同一块地", "standard_land"),
        _like(parcels, chosen, "GZ_odd_003", HOSTILE, "inefficient"),
    ]
    concat([parcels, *odd], ignore_index=True).to_parquet(file)
    home = tmp_path_factory.mktemp("odd")
    with running(home, LANDMAP_SAMPLE=str(small_sample)) as address:
        yield address
    parcels.to_parquet(file)


def _like(
    parcels: GeoDataFrame, row: Any, parcel_id: str, name: str, status: str
) -> GeoDataFrame:
    copied = parcels.loc[[row]].copy()
    copied["parcel_id"], copied["name"] = parcel_id, name
    copied["stock_status"], copied["publish"] = status, "public"
    copied["price_cny_m2"] = 0.5
    return copied


def _open(page: Page, address: str, **view: Any) -> None:
    page.goto(f"{address}/?{query(View(**view))}")
    page.wait_for_selector(".st-key-site_answer", timeout=SLOW_MS)
    _rest(page)


def _rest(page: Page) -> None:
    """Wait until nothing is being computed or drawn any more."""
    page.wait_for_timeout(500)
    page.wait_for_function(
        "!document.querySelector('[data-test-script-state=running]')"
    )
    page.wait_for_timeout(1_000)


def _ids(page: Page) -> list[str]:
    return page.locator(ROWS).evaluate_all("all => all.map(one => one.dataset.parcel)")


def test_a_project_is_sited_from_its_need_to_a_claim_and_the_link_reopens_it(
    page: Page, context: BrowserContext, server: str, tmp_path: Path
) -> None:
    PICTURES.mkdir(exist_ok=True)
    _open(page, server)
    page.screenshot(path=PICTURES / "find-site.png")
    first = _choose_project(page, "磷系阻燃剂")
    more = _change_greatest_area(page, "5000 亩")
    assert set(first) < set(more)
    _open_best_from_themap_frame(page, more[0])
    page.screenshot(path=PICTURES / "find-site-card.png")
    _shortlist_and_claim(page, "磷系阻燃剂")
    assert more[0] in _cells(page, tmp_path)
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator(".answer-count")).to_contain_text("eligible")
    _rest(page)
    page.screenshot(path=PICTURES / "find-site-en.png")
    _reopen(page, context, more)


def _choose_project(page: Page, title: str) -> list[str]:
    """Choose a project; its need fills the form, map and table show one answer."""
    expect(page.locator(".st-key-site_projects")).to_contain_text("项目台账")
    page.get_by_placeholder("搜索项目").fill(title)
    page.keyboard.press("Enter")
    page.locator(".one", has_text=title).first.click()
    _rest(page)
    found = _ids(page)
    assert found
    assert TheMap(page).lit() == len(found)
    return found


def _change_greatest_area(page: Page, area: str) -> list[str]:
    """Change a criterion; candidates change in the table and on the map."""
    page.get_by_role("button", name="面积").first.click()
    asked = page.get_by_role("textbox", name="不高于")
    asked.fill(area)
    asked.press("Enter")
    _rest(page)
    page.keyboard.press("Escape")
    found = _ids(page)
    assert TheMap(page).lit() == len(found)
    return found


def _open_best_from_themap_frame(page: Page, parcel_id: str) -> None:
    TheMap(page).frame.locator(".lm-rank", has_text="1").first.click(force=True)
    expect(page.locator(".card-head")).to_contain_text(parcel_id)
    expect(page.locator(f'{ROWS}[aria-selected="true"]')).to_have_count(1)
    expect(page.locator(".reasons")).to_contain_text("永久基本农田")
    _rest(page)


def _shortlist_and_claim(page: Page, holder: str) -> None:
    page.get_by_role("button", name="加入备选").click()
    expect(page.get_by_text("已加入备选清单。")).to_be_visible()
    page.locator(".st-key-site_actions").get_by_role("button", name="锁地").click()
    page.get_by_role("textbox", name="依据").fill("专题会议纪要")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(page.get_by_text("已为本项目锁定该地块。")).to_be_visible()
    expect(page.locator(".card-held")).to_contain_text(holder)


def _cells(page: Page, folder: Path) -> list[str]:
    """Take the candidates away as a workbook and read it."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="xlsx").click()
    waiting.value.save_as(folder / "candidates.xlsx")
    book = openpyxl.load_workbook(folder / "candidates.xlsx")
    return [str(cell.value) for sheet in book for row in sheet for cell in row]


def _reopen(page: Page, context: BrowserContext, found: list[str]) -> None:
    """Open the page's address in another tab: everything is as it was."""
    assert "view=" in page.url
    again = context.new_page()
    again.goto(page.url)
    again.wait_for_selector(".card-head", timeout=SLOW_MS)
    _rest(again)
    assert _ids(again) == found
    expect(again.locator(".card-head")).to_contain_text(found[0])
    expect(again.locator(".answer-count")).to_contain_text("eligible")
    was, now = (TheMap(one).ask("map.getZoom()") for one in (page, again))
    assert now == was


def test_moving_the_map_sends_nothing_to_the_server(page: Page, server: str) -> None:
    sent: list[int] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda _: sent.append(1)),
    )
    _open(page, server)
    _rest(page)
    before, link = len(sent), page.url
    TheMap(page).ask("map.setZoom(map.getZoom() + 1, { animate: false })")
    TheMap(page).ask("map.panBy([120, 60], { animate: false })")
    page.wait_for_timeout(1_500)
    assert len(sent) == before
    assert page.url != link


def test_a_criterion_that_cannot_be_read_is_told_and_the_answer_stays(
    page: Page, server: str
) -> None:
    _open(page, server)
    before = _ids(page)
    page.get_by_role("button", name="面积").first.click()
    asked = page.get_by_role("textbox", name="不低于")
    asked.fill("很多")
    asked.press("Enter")
    expect(page.locator(".st-key-site_need")).to_contain_text("很多")
    expect(page.locator(".st-key-site_answer")).to_contain_text("上一次有效需求")
    expect(page.locator(ROWS)).to_have_count(len(before))
    assert _ids(page) == before


def test_where_nothing_is_eligible_a_button_relaxes_one_condition(
    page: Page, server: str
) -> None:
    need = {
        "constraints": [
            {"use": "area_between", "minimum": "90000 mu"},
            {"use": "clear_of", "layer": "farmland"},
        ]
    }
    _open(page, server, changes=need)
    expect(page.locator(".nothing")).to_be_visible()
    expect(page.locator(".st-key-site_nothing")).to_contain_text("控制线不予放宽")
    page.screenshot(path=PICTURES / "find-site-nothing.png")
    page.locator(".st-key-site_nothing button").first.click()
    expect(page.locator(".nothing")).to_have_count(0)
    _rest(page)
    assert len(_ids(page)) >= 1


def test_a_phone_reads_list_then_map_then_table_without_scrolling_sideways(
    browser: Browser, server: str, asking: Callable[..., Any]
) -> None:
    with asking(browser, server, viewport={"width": 390, "height": 844}) as profile:
        page = profile.new_page()
        _open(page, server)
        keys = ("site_projects", "site_map", "site_answer", "site_need")
        tops = [
            page.locator(f".st-key-{key}").evaluate(
                "e => e.getBoundingClientRect().top"
            )
            for key in keys
        ]
        assert tops == sorted(tops)
        wide = page.evaluate(
            "[...document.querySelectorAll('[data-testid=stMain], html')]"
            ".map(e => e.scrollWidth)"
        )
        assert max(wide) <= 390
        page.screenshot(path=PICTURES / "find-site-390.png")


def test_the_answer_stands_on_a_small_screen_without_scrolling(
    page: Page, server: str
) -> None:
    _open(page, server)
    frame = page.locator(".st-key-site_map iframe").bounding_box()
    third = page.locator(ROWS).nth(2).bounding_box()
    assert frame is not None
    assert third is not None
    assert frame["width"] >= 0.6 * 1366
    assert frame["height"] >= 0.55 * 768
    assert third["y"] + third["height"] <= 768
    assert (
        page.evaluate(
            "(e => e.scrollHeight - e.clientHeight)"
            "(document.querySelector('[data-testid=stMain]'))"
        )
        <= 1
    )


def test_a_hostile_name_is_shown_as_that_text_everywhere(
    browser: Browser, odd_server: str, asking: Callable[..., Any], tmp_path: Path
) -> None:
    need = {
        "constraints": [
            {"use": "stock_status_in", "statuses": ["inefficient"]},
            {"use": "price_at_most", "price": "1 cny/m2"},
        ]
    }
    with asking(browser, odd_server) as profile:
        page = profile.new_page()
        page.on("dialog", lambda _: pytest.fail("a name was run as a script"))
        _open(page, odd_server, changes=need, parcel_id="GZ_odd_003")
        expect(page.locator(".card-head h2")).to_have_text(HOSTILE)
        named = page.locator(f'{ROWS}[data-parcel="GZ_odd_003"] td.name')
        expect(named).to_have_text(HOSTILE)
        TheMap(page).look_at(_ids(page).index("GZ_odd_003"))
        assert HOSTILE in TheMap(page).hover()
        assert HOSTILE in _cells(page, tmp_path)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="gpkg").click()
        waiting.value.save_as(tmp_path / "candidates.gpkg")
        layer = geopandas.read_file(tmp_path / "candidates.gpkg", layer="candidates")
        assert HOSTILE in layer.to_numpy().ravel().tolist()


def test_a_parcel_that_differs_only_behind_an_underscore_is_never_shown_stale(
    browser: Browser, odd_server: str, asking: Callable[..., Any]
) -> None:
    need = {
        "constraints": [
            {"use": "stock_status_in", "statuses": ["net_land"]},
            {"use": "price_at_most", "price": "1 cny/m2"},
        ]
    }
    with asking(browser, odd_server) as profile:
        page = profile.new_page()
        _open(page, odd_server, changes=need)
        page.locator(f'{ROWS}[data-parcel="GZ_odd_001"]').click()
        _rest(page)
        TheMap(page).look_at(_ids(page).index("GZ_odd_001"))
        assert "GZ_odd_001" in TheMap(page).hover()
        page.get_by_role("button", name="存量类型").first.click()
        page.get_by_test_id("stMultiSelect").get_by_role("combobox").click()
        page.get_by_role("option", name="标准地").click()
        _rest(page)
        page.get_by_label("Remove 净地").or_(
            page.get_by_test_id("stMultiSelect").get_by_role("button").first
        ).first.click()
        _rest(page)
        page.locator(f'{ROWS}[data-parcel="GZ_odd_002"]').click()
        _rest(page)
        TheMap(page).look_at(_ids(page).index("GZ_odd_002"))
        assert "GZ_odd_002" in TheMap(page).hover()

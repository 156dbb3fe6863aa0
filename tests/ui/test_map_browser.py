"""The map in a real browser: it stands still, and its tools do what they say."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pyproj import Geod
from the_map import TheMap

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[1] / "screenshots"
SLOW_MS = 90_000
DRAWN = {"length", "surface", "polygon", "rectangle", "circle", "pick"}
GEOD = Geod(a=6378137.0, rf=298.257222101)  # CGCS2000


@pytest.fixture
def the_map(page: Page, server: str) -> TheMap:
    """Open the first screen."""
    return opened(page, server)


def opened(page: Page, server: str, query: str = "") -> TheMap:
    page.goto(f"{server}/{query}")
    page.wait_for_selector(".st-key-site_answer", timeout=SLOW_MS)
    rest(page)
    return TheMap(page)


def rest(page: Page) -> None:
    page.wait_for_timeout(500)
    page.wait_for_function(
        "!document.querySelector('[data-test-script-state=running]')"
    )
    page.wait_for_timeout(700)


def told(the_map: TheMap) -> str:
    """Return what the map's box of figures says."""
    box = the_map.frame.locator(".lm-told")
    box.wait_for(state="visible")
    return box.inner_text()


def use(the_map: TheMap, tool: str) -> None:
    the_map.frame.locator(f"[data-tool={tool}]").click()
    if tool in DRAWN:
        the_map.frame.wait_for_selector(".leaflet-container.lm-drawing")


def draw_a_box(the_map: TheMap, half: float = 90) -> None:
    """Draw a rectangle around the middle."""
    the_map.click(-half, -half)
    x, y = the_map.middle()
    the_map.page.mouse.move(x, y, steps=3)
    the_map.click(half, half)


def measure_a_length(the_map: TheMap) -> None:
    use(the_map, "length")
    for right in (-60, 60, 60):  # the last point again ends it
        the_map.click(right, 0)


def test_the_map_stands_still_whatever_else_changes(the_map: TheMap) -> None:
    page = the_map.page
    the_map.look_at(zoom=13)
    view = "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]"
    was = the_map.ask(view)
    the_map.ask("() => { window.marked = true; }")
    lit = the_map.lit()
    page.get_by_role("button", name="面积").first.click()
    asked = page.get_by_role("textbox", name="不高于")
    asked.fill("9000 亩")
    asked.press("Enter")
    rest(page)
    page.keyboard.press("Escape")
    assert the_map.ask("window.marked === true")
    assert the_map.lit() != lit
    assert the_map.ask(view) == was
    page.get_by_role("button", name="English").click()
    expect(page.locator(".answer-count")).to_contain_text("eligible")
    rest(page)
    assert the_map.ask("window.marked === true")
    assert the_map.ask(view) == was
    expect(the_map.frame.locator(".lg")).to_contain_text("Legend")
    page.locator("tr[data-parcel]").nth(3).click()
    page.wait_for_selector(".card-head")
    rest(page)
    assert the_map.ask("window.marked === true")


def test_a_click_on_any_parcel_opens_its_card_and_hovering_names_it(
    the_map: TheMap,
) -> None:
    page = the_map.page
    the_map.look_at(zoom=16)
    # A parcel that is no candidate, as the tiles have it.
    place, lat, lng = the_map.ask(
        """() => { for (const tile of landmap.ground.tiles()) {
        for (const one of tile.data.get(landmap.ground.specs
            .find((spec) => spec.role === "parcel").source).features) {
          if (landmap.lit.candidate(one.id)) continue;
          const x = tile.coords.x * 512 + (one.west + one.east) / 2;
          const y = tile.coords.y * 512 + (one.north + one.south) / 2;
          const at = map.unproject([x, y], tile.coords.z);
          const hit = landmap.ground.pick(at);
          const near = map.getBounds().pad(-0.3).contains(at);
          if (near && hit && hit.feature.id === one.id) return [one.id, at.lat, at.lng];
        } } return null; }"""
    )
    the_map.ask(f"map.setView([{lat}, {lng}], 16, {{ animate: false }})")
    said = the_map.hover()
    assert re.search(r"[\d.,]+ 亩", said)
    name = said.split("\n")[0]
    the_map.click()
    expect(page.locator(".card-head h2")).to_have_text(name)
    rest(page)
    assert the_map.ask("landmap.lit.chosen().place") == place


def test_a_click_counts_after_the_page_was_left_and_opened_again(
    the_map: TheMap,
) -> None:
    page = the_map.page
    for number in (0, 1, 0):
        the_map.look_at(number, zoom=16)
        place = the_map.ask(f"landmap.lit.order[{number}].place")
        the_map.click()
        the_map.frame.wait_for_function(f"landmap.lit.chosen()?.place === {place}")
        rest(page)
        page.get_by_role("link", name="数据底数").click()
        page.get_by_role("columnheader", name="许可").first.wait_for(timeout=SLOW_MS)
        rest(page)
        page.get_by_test_id("stPageLink-NavLink").nth(0).click()
        page.wait_for_selector(".st-key-site_answer", timeout=SLOW_MS)
        rest(page)


def test_a_drawn_area_holds_the_search_until_it_is_lifted(the_map: TheMap) -> None:
    page = the_map.page
    the_map.look_at(zoom=11)
    everywhere = page.locator(".answer-count").inner_text()
    use(the_map, "rectangle")
    draw_a_box(the_map)
    assert "亩" in told(the_map)
    the_map.frame.get_by_role("button", name="只看范围内的备选地块").click()
    limit = page.locator(".st-key-site_limits")
    expect(limit).to_contain_text("仅限所绘范围内")
    rest(page)
    inside = page.locator(".answer-count").inner_text()
    assert inside != everywhere
    box = "map.getBounds()"
    assert the_map.ask(f"landmap.lit.order.every((one) => {box}.contains(one))")
    limit.get_by_role("button").first.click()
    expect(page.locator(".answer-count")).to_have_text(everywhere)


def taken(page: Page, kind: str, folder: Path) -> Path:
    """Take the candidates away as a file."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=kind).click()
    file = folder / f"candidates.{kind}"
    waiting.value.save_as(file)
    return file


def listed(page: Page) -> list[str | None]:
    """Return the parcels of the table."""
    lines = page.locator("tr[data-parcel]")
    return [one.get_attribute("data-parcel") for one in lines.all()]


def test_files_of_a_search_in_an_area_tell_of_its_parcels(
    the_map: TheMap, tmp_path: Path
) -> None:
    page = the_map.page
    the_map.look_at(zoom=11)
    use(the_map, "rectangle")
    draw_a_box(the_map)
    assert "亩" in told(the_map)
    the_map.frame.get_by_role("button", name="只看范围内的备选地块").click()
    expect(page.locator(".st-key-site_limits")).to_contain_text("仅限所绘范围内")
    rest(page)
    inside = listed(page)
    assert inside
    drawn = geopandas.read_file(taken(page, "gpkg", tmp_path), layer="candidates")
    assert drawn["parcel_id"].tolist()[: len(inside)] == inside
    for row in drawn.itertuples():
        shape_m2 = abs(GEOD.geometry_area_perimeter(row.geometry)[0])
        assert row.area_m2 == pytest.approx(shape_m2, rel=1e-6)
    book = openpyxl.load_workbook(taken(page, "xlsx", tmp_path))
    head, *lines = book.worksheets[0].iter_rows(values_only=True)
    column = [str(title) for title in head].index
    written = [(line[column("地块编号")], line[column("名称")]) for line in lines]
    assert written == list(zip(drawn["parcel_id"], drawn["name"], strict=True))
    notes = [str(cell.value) for row in book.worksheets[1] for cell in row]
    assert any("仅限所绘范围内" in note for note in notes)


def test_the_table_lists_what_the_map_shows_on_demand(
    the_map: TheMap, tmp_path: Path
) -> None:
    page = the_map.page
    the_map.look_at(number=2, zoom=15)
    rows = page.locator("tr[data-parcel]").count()
    use(the_map, "view")
    expect(page.locator(".st-key-site_limits")).to_contain_text("仅列出图内地块")
    rest(page)
    inside = listed(page)
    assert 0 < len(inside) < rows
    sheet = openpyxl.load_workbook(taken(page, "xlsx", tmp_path)).worksheets[0]
    head, *lines = sheet.iter_rows(values_only=True)
    at = [str(title) for title in head].index("地块编号")
    assert [line[at] for line in lines] == inside


def test_lengths_and_areas_are_measured_by_the_server(the_map: TheMap) -> None:
    the_map.look_at(zoom=15)
    use(the_map, "length")
    the_map.click(-80, 0)
    the_map.click(80, 0)
    the_map.click(80, 0)
    expect(the_map.frame.locator(".lm-told")).to_contain_text(" 米")
    found = re.search(r"([\d,.]+) 米", told(the_map))
    assert found
    length = float(found[1].replace(",", ""))
    west, east = the_map.ask(
        "() => { const c = map.latLngToContainerPoint(map.getCenter());"
        " return [-80, 80].map((x) => {"
        " const p = map.containerPointToLatLng([c.x + x, c.y]);"
        " return [p.lng, p.lat]; }); }"
    )
    _, _, away_m = GEOD.inv(*west, *east)
    assert length == pytest.approx(away_m, rel=0.02)


def test_picked_parcels_are_added_up(the_map: TheMap) -> None:
    the_map.look_at(zoom=15)
    use(the_map, "pick")
    draw_a_box(the_map, 60)
    expect(the_map.frame.locator(".lm-told")).to_contain_text("宗")
    assert "公顷" in told(the_map)


def test_two_sites_stand_side_by_side_and_move_together(the_map: TheMap) -> None:
    the_map.look_at(zoom=15)
    use(the_map, "compare")
    the_map.click()  # the badge of the best
    the_map.look_at(1, zoom=16)
    the_map.click()
    frame = the_map.frame
    expect(frame.locator(".lm-side-map")).to_have_count(2)
    expect(frame.locator(".lm-side-head").first).to_contain_text("亩")
    centres = (
        "landmap.tools.compared().map((one) => [one.getZoom(), one.getCenter().lng])"
    )
    before = the_map.ask(centres)
    the_map.ask("landmap.tools.compared()[0].panBy([60, 0], { animate: false })")
    after = the_map.ask(centres)
    moved = [b[1] - a[1] for a, b in zip(before, after, strict=True)]
    assert moved[0] > 0
    assert moved[1] == pytest.approx(moved[0], rel=0.02)
    frame.locator(".lm-compare > .lm-close").click()
    expect(frame.locator(".lm-compare")).to_have_count(0)


def test_the_view_is_printed_as_a_sheet(the_map: TheMap, tmp_path: Path) -> None:
    the_map.look_at(zoom=13)
    use(the_map, "print")
    for kind, head in (("PDF", b"%PDF-"), ("PNG", b"\x89PNG")):
        if kind == "PNG":
            use(the_map, "print")
        with the_map.page.expect_download(timeout=60_000) as waiting:
            the_map.frame.get_by_role("button", name=kind).click()
        waiting.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(head)


def test_a_place_is_found_by_its_pinyin(the_map: TheMap) -> None:
    field = the_map.frame.locator(".lm-search input")
    field.fill("huaxi")
    expect(the_map.frame.locator("#lm-found li").first).to_contain_text("花溪")
    field.press("Enter")
    the_map.page.wait_for_timeout(1_800)
    centre = the_map.ask("[map.getCenter().lng, map.getCenter().lat]")
    assert centre == pytest.approx([106.67, 26.4], abs=0.2)


def test_a_county_is_reached_without_typing(the_map: TheMap) -> None:
    field = the_map.frame.locator(".lm-search input")
    field.click()
    lines = the_map.frame.locator("#lm-found li")
    expect(lines).to_have_count(9)  # the prefectures of Guizhou
    lines.filter(has_text="遵义市").click()
    county = lines.filter(has_text="桐梓县").first
    expect(county).to_be_visible()
    the_map.page.wait_for_timeout(500)
    assert the_map.ask("map.getBounds().contains([28.13, 106.83])")
    field.press("ArrowDown")
    field.press("Enter")  # the first of the list is opened in its turn
    the_map.page.wait_for_timeout(800)
    assert the_map.ask("map.getZoom()") >= 9
    field.press("Escape")
    expect(the_map.frame.locator("#lm-found")).to_be_hidden()


def test_a_layer_that_cannot_be_had_is_named_and_the_rest_works(
    page: Page, server: str
) -> None:
    page.route(
        "**/tiles/redline/**",
        lambda route: route.fulfill(status=410, body='{"error":"gone"}'),
    )
    page.goto(server)
    page.wait_for_selector(".st-key-site_answer", timeout=SLOW_MS)
    rest(page)
    the_map = TheMap(page)
    frame = page.frame_locator(".st-key-site_map iframe")
    expect(frame.locator(".lg")).to_contain_text("暂时无法获取")
    expect(frame.locator(".lg")).to_contain_text("生态保护红线")
    assert the_map.page.evaluate("true")


def test_a_picture_of_nothing_is_no_failure_and_a_failed_one_is(
    page: Page, server: str
) -> None:
    status = {"now": 204}
    page.route("**/tiles/relief/**", lambda one: one.fulfill(status=status["now"]))
    page.goto(server)
    page.wait_for_selector(".st-key-site_answer", timeout=SLOW_MS)
    rest(page)
    the_map = TheMap(page)
    legend, tree = (the_map.frame.locator(one) for one in (".lg", ".lm-tree"))
    expect(legend).to_contain_text("地貌晕渲")
    expect(legend).not_to_contain_text("暂时无法获取")
    status["now"] = 503
    the_map.ask("map.setView([26.6, 106.7], 9, { animate: false })")
    expect(legend).to_contain_text("地貌晕渲 · 暂时无法获取")
    expect(tree).to_be_hidden()  # it says so and does not cover the map


def test_a_server_that_was_away_is_asked_again_and_the_map_recovers(
    page: Page, server: str
) -> None:
    away = {"/map/": 1, "/tiles/redline/": 1_000}

    def answer(route: Route) -> None:
        part = next(part for part in away if part in route.request.url)
        away[part] -= 1
        if away[part] >= 0:
            route.fulfill(status=502, body="<h1>Bad Gateway</h1>")
        else:
            route.continue_()

    for part in away:
        page.route(f"**{part}**", answer)
    page.goto(server)
    frame = page.frame_locator(".st-key-site_map iframe")
    sentence = frame.locator(".lm-refused")
    expect(sentence).to_have_text("图层暂时无法读取，稍后自动重试。", timeout=SLOW_MS)
    legend = frame.locator(".lg")
    expect(legend).to_contain_text("生态保护红线 · 暂时无法获取")
    expect(sentence).to_be_hidden()
    away["/tiles/redline/"] = 0
    expect(legend).not_to_contain_text("暂时无法获取", timeout=SLOW_MS)
    expect(legend).to_contain_text("生态保护红线")


def test_nothing_is_lit_before_its_colours_are_there(page: Page, server: str) -> None:
    def late(route: Route) -> None:
        page.wait_for_timeout(1_000)
        route.continue_()

    page.route("**/assets/site_map.css", late)
    page.goto(server)
    handle = page.wait_for_selector(".st-key-site_map iframe", timeout=SLOW_MS)
    frame = handle.content_frame() if handle else None
    assert frame is not None
    lit = "window.landmap && landmap.lit.order.length"
    frame.wait_for_function(lit, timeout=SLOW_MS)
    accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    assert frame.evaluate(accent)


def test_what_draws_is_brought_when_somebody_reaches_for_it(
    page: Page, server: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    the_map = opened(page, server)
    assert the_map.frame
    assert not any("geoman" in url for url in asked)
    page.route("**/leaflet-geoman.js", lambda route: route.abort())
    the_map.frame.locator("[data-tool=length]").click()
    assert "服务器没有响应" in told(the_map)
    page.unroute("**/leaflet-geoman.js")
    measure_a_length(the_map)
    assert "长度" in told(the_map)


def test_what_the_server_cannot_answer_is_said_and_not_left_open(
    the_map: TheMap,
) -> None:
    the_map.page.route("**/measure?*", lambda route: route.abort())
    measure_a_length(the_map)
    assert "服务器没有响应" in told(the_map)


def test_the_legend_tells_the_ground_and_every_class_that_is_drawn(
    the_map: TheMap,
) -> None:
    frame = the_map.frame
    ground = frame.locator(".lg-ground")
    expect(ground).to_contain_text("河流")  # as the page opened, without a move
    expect(ground).to_contain_text("市（州）级行政区")
    the_map.look_at(zoom=17)
    # Its edge is far away, though the ground of one covers all that is seen.
    expect(frame.locator(".lg")).not_to_contain_text("市（州）级行政区")
    the_map.look_at(zoom=14)
    expect(ground).to_contain_text("河流")
    frame.locator(".lm-panel > button").click()
    frame.locator('[data-layer="river"]').uncheck()
    expect(ground).not_to_contain_text("河流")
    frame.locator('.lm-layer:has([data-layer="parcels"]) select').select_option(
        "land_use"
    )
    drawn = the_map.ask(
        "(() => { const spec = landmap.ground.specs.find((one) => one.by); return [..."
        "new Set(landmap.ground.tiles().flatMap((tile) => (tile.data.get(spec.source)"
        "?.features ?? []).map((one) => L.LandTiles.colourOf(spec, one.of))))]; })()"
    )
    shown = frame.locator(".lg rect").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('fill'))"
    )
    assert len(drawn) > 1
    assert set(drawn) <= set(shown)
    date = frame.locator('.lm-layer:has([data-layer="parcels"]) .lm-date')
    assert "合成数据" in (date.get_attribute("title") or "")


def test_layers_are_switched_without_asking_the_page_again(the_map: TheMap) -> None:
    page = the_map.page
    sent: list[int] = []
    page.on("websocket", lambda one: one.on("framesent", lambda _: sent.append(1)))
    page.reload()
    page.wait_for_selector(".st-key-site_answer", timeout=SLOW_MS)
    rest(page)
    the_map.look_at(zoom=13)
    before = len(sent)
    frame = the_map.frame
    frame.locator(".lm-panel > button").click()
    frame.locator('[data-layer="zoning"]').check()
    frame.locator('[data-layer="redline"]').uncheck()
    page.wait_for_timeout(800)
    legend = frame.locator(".lg")
    expect(legend).to_contain_text("规划用途")
    expect(legend).not_to_contain_text("生态保护红线")
    assert "zoning" in page.url
    assert len(sent) == before


def test_guests_ask_for_public_tiles_only(
    browser: Browser, server: str, asking: Callable[..., Any]
) -> None:
    with asking(browser, server) as profile:
        page = profile.new_page()
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        opened(page, server)
        page.locator(".st-key-lm_actor button").click()
        page.get_by_role("button", name="社会公众").or_(
            page.locator('button[value="public"]')
        ).first.click()
        page.wait_for_selector(".st-key-site_answer", timeout=SLOW_MS)
        rest(page)
        asked.clear()
        page.reload()
        the_map = opened(page, server)
        assert the_map.ask("landmap.ground.tiles().length")
        tiles = [one for one in asked if "/tiles/" in one]
        assert tiles
        assert not [one for one in tiles if "for=staff" in one]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_is_drawn_from_afar_to_near(
    browser: Browser, server: str, asking: Callable[..., Any], theme: str
) -> None:
    PICTURES.mkdir(exist_ok=True)
    for width, height in ((1366, 768), (390, 844)):
        with asking(
            browser,
            server,
            viewport={"width": width, "height": height},
            color_scheme=theme,
        ) as profile:
            page = profile.new_page()
            the_map = opened(page, server)
            for zoom in (7, 10, 13, 16):
                the_map.look_at(zoom=zoom)
                page.wait_for_timeout(400)
                drawn = the_map.ask(
                    "landmap.ground.tiles().some((tile) => [...tile.data.values()]"
                    ".some((one) => one.features.length || one.cells.length))"
                )
                assert drawn
                shown = page.locator(".st-key-site_map")
                shown.screenshot(path=PICTURES / f"map-{width}-{theme}-{zoom}.png")


def test_nothing_is_asked_of_another_host(context: BrowserContext, server: str) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    the_map = opened(page, server)
    the_map.look_at(zoom=16)
    the_map.hover()
    foreign = [one for one in asked if not one.startswith((server, "data:", "blob:"))]
    assert len(asked) > 50
    assert [one for one in foreign if not one.startswith("ws://127.0.0.1")] == []


def test_a_boundary_from_a_file_holds_the_search(
    the_map: TheMap, tmp_path: Path
) -> None:
    page = the_map.page
    lng, lat = the_map.ask("[landmap.lit.order[0].lng, landmap.lit.order[0].lat]")
    ring = [[lng + x, lat + y] for x, y in ((-0.1, -0.1), (0.1, -0.1), (0, 0.1))]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    file = tmp_path / "边界.geojson"
    file.write_text(json.dumps({"type": "Feature", "geometry": shape}), "utf-8")
    bar = the_map.frame.locator(".lm-tools input[type=file]")
    bar.set_input_files(file)
    expect(the_map.frame.locator(".lm-told")).to_contain_text("边界.geojson")
    the_map.frame.get_by_role("button", name="只看范围内的备选地块").click()
    expect(page.locator(".st-key-site_limits")).to_contain_text("仅限所绘范围内")
    (tmp_path / "none.json").write_text("no json", "utf-8")
    bar.set_input_files(tmp_path / "none.json")
    expect(the_map.frame.locator(".lm-told")).to_contain_text("没有 GeoJSON 面")


def test_held_land_is_hatched_and_told(the_map: TheMap) -> None:
    page = the_map.page
    page.locator("tr[data-parcel]").nth(2).click()
    page.wait_for_selector(".card-head")
    rest(page)
    page.locator(".st-key-site_actions").get_by_role("button", name="锁地").click()
    page.get_by_role("textbox", name="依据").fill("专题会议纪要")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(page.get_by_text("已为本项目锁定该地块。")).to_be_visible()
    rest(page)
    assert the_map.ask("landmap.lit.claim(landmap.lit.chosen().place)") == "intent"
    at = the_map.ask("landmap.lit.chosen().at")
    the_map.ask(f"map.setView({at}, 16, {{ animate: false }})")
    expect(the_map.frame.locator(".lg")).to_contain_text("意向")
    assert "意向" in the_map.hover()

"""The land check in a real browser: drop a file, confirm, overrule, take the report."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pypdf
import pytest
import shapely
from docx import Document
from geopandas import GeoDataFrame, GeoSeries
from playwright.sync_api import Page, expect
from pyproj import Transformer

pytestmark = pytest.mark.browser

LAYERS = Path(__file__).parents[2] / "sample_data" / "layers"
SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
MARKDOWN = "www.evil.example http://evil.example a@evil.example :material/home: -> *b*"
UNSEEN = "\u2060"
HEAD = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=36
精度=0.05
转换参数=,,,,,,
[地块坐标]
"""


def on_farmland(east_of: float, west_of: float) -> tuple[float, float]:
    """Find a place well inside permanent basic farmland, between two meridians."""
    farmland = geopandas.read_parquet(LAYERS / "farmland.parquet").geometry
    some = farmland.cx[east_of:west_of, :].to_numpy()
    inside = shapely.buffer(some, -0.003)
    at = inside[~shapely.is_empty(inside)][0].representative_point()
    return float(at.x), float(at.y)


def square(lng: float, lat: float, size: float = 0.001) -> list[tuple[float, float]]:
    return [
        (lng, lat),
        (lng, lat + size),
        (lng + size, lat + size),
        (lng + size, lat),
        (lng, lat),
    ]


def boundary_text() -> bytes:
    """Write two parcels on farmland, one in each zone, in GBK."""
    text = HEAD
    for number, (zone, east_of, west_of) in enumerate(
        [(35, 105.0, 106.3), (36, 106.8, 108.0)], start=1
    ):
        to_plane = Transformer.from_crs(4490, 4513 + zone - 25, always_xy=True)
        ring = square(*on_farmland(east_of, west_of))
        text += f"5,1.1,DK-{number},第{number}宗试验地块,面,,工业用地,1001,@\n"
        for at, point in enumerate(ring):
            east, north = to_plane.transform(*point)
            text += f"J{at % 4 + 1},1,{north:.3f},{east:.3f}\n"
    return text.encode("gb18030")


def gbk_shapefile(folder: Path) -> bytes:
    """Pack a shapefile whose names are in GBK, and which does not say so."""
    shape = shapely.Polygon(square(*on_farmland(106.8, 108.0)))
    frame = GeoDataFrame(
        {"DKBH": ["S-1"], "DKMC": ["压缩包地块"]},
        geometry=GeoSeries([shape], crs="EPSG:4490"),
    )
    pyogrio.write_dataframe(frame, folder / "land.shp", encoding="GBK")
    (folder / "land.cpg").unlink(missing_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(folder.glob("land.*")):
            archive.write(file, file.name)
    return packed.getvalue()


@pytest.fixture
def desk(page: Page, server: str) -> Page:
    page.goto(f"{server}/check")
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    return page


def drop(page: Page, name: str, data: bytes, kind: str) -> None:
    page.locator("input[type=file]").set_input_files({
        "name": name,
        "mimeType": kind,
        "buffer": data,
    })


def confirm(page: Page) -> None:
    page.get_by_role("button", name="确认并核查").click()
    expect(page.locator(".check-line")).to_be_visible(timeout=60_000)


def download(page: Page, key: str) -> bytes:
    with page.expect_download(timeout=60_000) as taken:
        page.locator(f".st-key-check-report-{key} button").first.click()
    file = taken.value.path()
    return Path(file).read_bytes()


def test_a_text_with_two_zones_is_checked_overruled_and_reported(desk: Page) -> None:
    drop(desk, "界址点.txt", boundary_text(), "text/plain")
    understood = desk.locator(".check-understood")
    expect(understood).to_contain_text("第 35 带")
    expect(understood).to_contain_text("第 36 带")
    expect(understood).to_contain_text("GB18030")
    expect(understood).to_contain_text("第1宗试验地块")
    confirm(desk)
    expect(desk.locator(".check-line")).to_contain_text("存在冲突 2")

    row = desk.locator("tr[data-id]", has_text="永久基本农田").first
    expect(row).to_contain_text("实占")
    row.click()
    finding = desk.locator(".st-key-check_finding")
    expect(finding).to_contain_text("国务院批准")
    finding.get_by_label("改判理由").fill("经现场核实，为设施农用地 {{7*7}} <b>")
    finding.get_by_role("button", name="改判该项结果").click()
    expect(desk.locator(".st-key-ledger_outcome")).to_contain_text("已改判")
    expect(row).to_contain_text("认定不冲突")
    expect(row).to_contain_text("实占")
    expect(finding).to_contain_text("经现场核实，为设施农用地 {{7*7}} <b>")
    desk.screenshot(path=SCREENSHOTS / "check-land.png")
    area = row.locator("td.figure").first.inner_text()
    the_report_says(desk, area)


def the_report_says(desk: Page, area: str) -> None:
    """Take DOCX and PDF away, and find the figures and the words in both."""
    told = words_of(Document(io.BytesIO(download(desk, "docx"))))
    for words in ("用地合规性核查报告", area, "{{7*7}} <b>", "实占"):
        assert words in told
    pages = pypdf.PdfReader(io.BytesIO(download(desk, "pdf"))).pages
    printed = "".join(page.extract_text() for page in pages).replace("\n", "")
    for words in ("用地合规性核查报告", area, "经现场核实"):
        assert words in printed


def words_of(document: Any) -> str:
    """Return all that a document says, tables too."""
    parts = [one.text for one in document.paragraphs]
    parts += [
        cell.text
        for table in document.tables
        for row in table.rows
        for cell in row.cells
    ]
    return "\n".join(parts)


def test_a_zipped_shapefile_in_gbk_is_read_with_its_names(
    desk: Page, tmp_path: Path
) -> None:
    drop(desk, "land.zip", gbk_shapefile(tmp_path), "application/zip")
    expect(desk.locator(".check-understood")).to_contain_text("压缩包地块")
    expect(desk.locator(".check-understood")).to_contain_text("GB")
    confirm(desk)
    expect(desk.locator("tr[data-id]").first).to_contain_text("S-1")


def test_what_cannot_be_read_is_told_in_a_sentence(desk: Page) -> None:
    drop(desk, "boundary.gpkg", b"<OGRVRTDataSource></OGRVRTDataSource>", "x/y")
    fault = desk.locator(".fault")
    expect(fault).to_be_visible()
    expect(fault).not_to_contain_text("Traceback")
    expect(desk.get_by_role("button", name="确认并核查")).to_have_count(0)


def test_pasted_coordinates_without_a_zone_ask_for_it(desk: Page) -> None:
    lng, lat = on_farmland(106.8, 108.0)
    to_plane = Transformer.from_crs(4490, 4545, always_xy=True)
    lines = []
    for point in square(lng, lat):
        east, north = to_plane.transform(*point)
        lines.append(f"{north:.3f},{east:.3f}")
    desk.get_by_role("button", name="粘贴坐标").click()
    desk.get_by_label("坐标，每行一点").fill("\n".join(lines))
    desk.get_by_role("button", name="读取").click()
    expect(desk.locator(".fault")).to_contain_text("请选择其一")
    desk.locator("[class*=st-key-check-crs] input").click()
    desk.get_by_role("option", name="第 36 带").click()
    expect(desk.get_by_role("button", name="确认并核查")).to_be_visible()
    expect(desk.locator(".check-understood")).to_contain_text("人工选定")


def test_a_parcel_called_like_markdown_is_called_so_on_the_page(desk: Page) -> None:
    ring = [list(point) for point in square(*on_farmland(106.8, 108.0))]
    shapes = [
        {
            "type": "Feature",
            "properties": {"DKBH": name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for name in (MARKDOWN, "2")
    ]
    file = json.dumps({"type": "FeatureCollection", "features": shapes})
    drop(desk, "land.geojson", file.encode(), "application/json")
    confirm(desk)
    desk.get_by_role("radio", name="核查结论").click()
    row = desk.locator(f"tr[data-id='{MARKDOWN}']")
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    desk.get_by_role("radio", name="核查结果").click()
    label = desk.locator(".st-key-check-all_parcels")
    expect(label).to_contain_text("evil.example")
    assert label.inner_text().replace(UNSEEN, "").count(MARKDOWN) == 1
    expect(desk.locator("a[href*='evil']")).to_have_count(0)


def test_guests_are_told_that_the_desk_is_for_offices(page: Page, server: str) -> None:
    page.goto(f"{server}/check")
    page.locator(".st-key-lm_actor button").click()
    page.locator(".lm-actors button[value=investor]").click()
    expect(page.locator(".lm-error")).to_contain_text("投资")
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)

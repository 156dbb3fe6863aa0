"""A printed sheet read back: what its text says, what its pixels show."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import shapely
from PIL import Image
from pypdf import PdfReader

from gis.errors import SettingsError
from layers.layer import Style
from reports import sheet_font
from reports.map_sheet import PAPER_MM, layout, map_sheet
from reports.sheet_content import (
    Density,
    Sheet,
    SheetCandidate,
    SheetLayer,
    SheetName,
    SheetWords,
    Swatch,
)
from reports.sheet_font import printable
from reports.sheet_margin import legend, text_ems, wrapped

WORDS = SheetWords(
    legend="图例",
    north="北",
    ranked="备选地块",
    further="其他备选地块",
    flagged="有未核查项",
    chosen="当前地块",
    scale_at="以北纬 {lat} 为准",
    reference="CGCS2000",
    kilometres="km",
    metres="m",
)
RED = Style(colour="#ff0000", weight=1, fill_opacity=1)
SQUARE = shapely.box(106.69, 26.54, 106.71, 26.56)
LAYER = SheetLayer("红色图层", "area", RED, np.array([SQUARE], dtype=object))
SHEET = Sheet(
    title="遵义市 $x_1$ 选址图 \\alpha {x}",
    made="制图 2026-11-26 16:55",
    box=(106.6, 26.5, 106.8, 26.6),
    words=WORDS,
    layers=[LAYER],
    warning="合成数据",
    notes=["资料来源：甲。"],
)


def text_of(sheet: Sheet) -> str:
    pages = PdfReader(BytesIO(map_sheet(sheet, "pdf"))).pages
    assert len(pages) == 1
    return pages[0].extract_text()


def pixels_of(sheet: Sheet) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(map_sheet(sheet, "png"))).convert("RGB"))


def test_a_pdf_says_title_maker_legend_scale_and_sources_as_they_are() -> None:
    told = text_of(SHEET)
    for words in (
        "遵义市 $x_1$ 选址图 \\alpha {x}",
        "制图 2026-11-26 16:55",
        "图例",
        "红色图层",
        "合成数据",
        "资料来源：甲。",
        "北",
        "以北纬 26.55° 为准",
        "26°32′N",
        "106°40′E",
    ):
        assert words in told
    frame = layout(SHEET)[2]
    assert f"1:{float(f'{frame.ratio:.3g}'):,.0f}" in told


@pytest.mark.parametrize("size", ["A4", "A3"])
def test_paper_has_its_size_and_lies_as_the_view_does(size) -> None:
    long, short = PAPER_MM[size]
    for box, expected in (
        (SHEET.box, (long, short)),
        ((106.6, 26.4, 106.7, 26.7), (short, long)),
    ):
        sheet = replace(SHEET, size=size, box=box)
        page = PdfReader(BytesIO(map_sheet(sheet, "pdf"))).pages[0].mediabox
        assert (page.width, page.height) == pytest.approx(
            [part / 25.4 * 72 for part in expected], abs=0.01
        )
        image = Image.open(BytesIO(map_sheet(sheet, "png")))
        assert image.size == tuple(int(part / 25.4 * 200) for part in expected)


def test_a_shape_stands_where_it_lies() -> None:
    pixels = pixels_of(SHEET)
    width, height, frame, _, (left, bottom, right, top) = layout(SHEET)
    red = (pixels[..., 0] > 240) & (pixels[..., 1] < 15) & (pixels[..., 2] < 15)
    rows, columns = np.nonzero(red[:, : int(right / width * pixels.shape[1])])
    west, south, east, north = frame.degrees
    x = (columns.min() + columns.max() + 1) / 2 / pixels.shape[1] * width
    y = height - (rows.min() + rows.max() + 1) / 2 / pixels.shape[0] * height
    assert west + (x - left) / (right - left) * (east - west) == pytest.approx(
        106.70, abs=1e-3
    )
    assert south + (y - bottom) / (top - bottom) * (north - south) == pytest.approx(
        26.55, abs=1e-3
    )


def test_a_hole_stays_open() -> None:
    hole = SQUARE.difference(shapely.box(106.695, 26.545, 106.705, 26.555))
    whole = pixels_of(SHEET)
    open_ = pixels_of(
        replace(SHEET, layers=[replace(LAYER, shapes=np.array([hole], dtype=object))])
    )

    def red(pixels):
        return int(((pixels[..., 0] > 240) & (pixels[..., 1] < 15)).sum())

    assert red(open_) < 0.85 * red(whole)


def test_candidates_carry_their_numbers_and_the_legend_tells_them() -> None:
    lit = [
        SheetCandidate(7, shapely.box(106.65, 26.53, 106.66, 26.54), (106.655, 26.535)),
        SheetCandidate(
            42,
            shapely.box(106.75, 26.57, 106.76, 26.58),
            (106.755, 26.575),
            flagged=True,
            chosen=True,
        ),
        SheetCandidate(4711, shapely.box(120, 26, 121, 27), (120.5, 26.5)),
    ]
    told = text_of(replace(SHEET, candidates=lit))
    words = told.split()
    assert "7" in words
    assert "42" in words
    assert "4711" not in told
    for title in (WORDS.ranked, WORDS.flagged, WORDS.chosen):
        assert title in told
    assert WORDS.further not in told


def test_a_crowded_candidate_is_a_dot_and_the_legend_says_so() -> None:
    shape = shapely.box(106.70, 26.55, 106.7001, 26.5501)
    lit = [SheetCandidate(rank, shape, (106.70005, 26.55005)) for rank in (31, 57)]
    told = text_of(replace(SHEET, candidates=lit))
    assert "31" in told.split()
    assert "57" not in told.split()
    assert WORDS.further in told


def test_the_legend_tells_what_is_drawn_and_nothing_else() -> None:
    density = Density(np.array([106.7]), np.array([26.55]), np.array([1e5]), "占地比例")
    layers = [
        LAYER,
        replace(
            LAYER,
            title="规划",
            swatches=[Swatch("07 居住", "#f4d35e")],
            colours=["#f4d35e"],
        ),
        SheetLayer(
            "线",
            "line",
            RED,
            np.array([shapely.LineString([(106.6, 26.5), (106.8, 26.6)])]),
        ),
        SheetLayer(
            "点", "point", RED, np.array([shapely.Point(106.7, 26.52)]), glyph="货"
        ),
        SheetLayer("密", "area", RED, np.zeros(0, dtype=object), density=density),
    ]
    sheet = replace(SHEET, layers=layers)
    frame = layout(sheet)[2]
    titles = [entry.title for entry in legend(sheet, frame)]
    assert titles[0] == "占地比例"
    assert titles[-1] == "红色图层"
    assert {"点", "线", "规划", "07 居住"} <= set(titles)
    assert not {WORDS.ranked, WORDS.further, WORDS.flagged, WORDS.chosen} & set(titles)
    assert "密" not in titles  # none of its shapes is drawn singly
    told = text_of(sheet)
    assert all(title in told for title in titles)


def test_the_legend_tells_a_layer_drawn_both_singly_and_as_shares() -> None:
    density = Density(np.array([106.7]), np.array([26.55]), np.array([1e5]), "占地比例")
    sheet = replace(SHEET, layers=[replace(LAYER, density=density)])
    titles = [entry.title for entry in legend(sheet, layout(sheet)[2])]
    assert titles[:2] == [LAYER.title, "占地比例"]


def test_shares_of_the_ground_are_shaded() -> None:
    density = Density(np.array([106.7]), np.array([26.55]), np.array([9e9]), "占地比例")
    bare = replace(SHEET, layers=[])
    shaded = replace(
        bare, layers=[replace(LAYER, shapes=np.zeros(0, dtype=object), density=density)]
    )
    width, _, _, _, (_, _, right, _) = layout(bare)
    changed = (pixels_of(shaded) != pixels_of(bare)).any(axis=2)
    changed = changed[:, : int(right / width * changed.shape[1])]  # not the legend
    cell = 2.5 / 25.4 * 200
    assert changed.sum() == pytest.approx(cell**2, rel=0.2)


def test_names_do_not_stand_on_each_other() -> None:
    names = [
        SheetName("大地方", (106.7, 26.52), 9),
        SheetName("小地方", (106.7001, 26.5201), 6),
        SheetName("远地方", (106.65, 26.58), 6),
        SheetName("外地方", (120.0, 26.5), 9),
    ]
    told = text_of(replace(SHEET, names=names))
    assert "大地方" in told
    assert "远地方" in told
    assert "小地方" not in told
    assert "外地方" not in told


def test_a_sign_without_a_glyph_is_never_a_box() -> None:
    assert printable("贵州🙂\U0001f9ff$\n龘") == "贵州〓〓$ 龘"
    assert "〓" in text_of(replace(SHEET, title="图🙂"))


def test_without_a_chinese_font_nothing_is_printed(monkeypatch) -> None:
    monkeypatch.setattr(sheet_font, "CHINESE", ())
    sheet_font.families.cache_clear()
    try:
        with pytest.raises(SettingsError, match="no font with Chinese characters"):
            map_sheet(SHEET, "png")
    finally:
        sheet_font.families.cache_clear()


def test_lines_are_broken_to_their_room_and_nothing_is_lost() -> None:
    text = "资料来源：县级行政区、市级行政区。Sources of everything, " * 4 + "x" * 400
    lines = wrapped(text, 60, 6)
    room = 60 / (6 * 25.4 / 72)
    assert all(text_ems(line) <= room + 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrapped("", 60) == []


def test_an_empty_sheet_is_a_sheet() -> None:
    empty = replace(SHEET, layers=[], warning="", notes=[], title="")
    assert map_sheet(empty, "pdf").startswith(b"%PDF")


def test_a_long_title_is_cut_beside_the_maker() -> None:
    assert "…" in text_of(replace(SHEET, title="很长的标题" * 40))

"""Leaflets: every figure with its date, every parcel with its code, in one file."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from gis.errors import RequestError
from reports.leaflet import (
    Leaflet,
    LeafletGroup,
    LeafletLine,
    LeafletParcel,
    leaflet_pdf,
)

HOSTILE = '#panic("x") $1/0$ @ref <label> \\ [地块{{7*7}}]'


def dot() -> bytes:
    """Draw a map of one white pixel."""
    drawn = BytesIO()
    Image.new("RGB", (1, 1), "white").save(drawn, "png")
    return drawn.getvalue()


def parcel(number: int, **fields: Any) -> LeafletParcel:
    told: dict[str, Any] = {
        "title": f"地块 {number}",
        "about": f"GZ-{number}",
        "place": "贵阳市 修文县",
        "address": f"https://example.org/land/GZ-{number}",
        "groups": [
            LeafletGroup(
                "土地",
                [
                    LeafletLine("面积", f"约 {number}00 亩", "数据时间 2026-06-30"),
                    LeafletLine("供水", "已通", "截至 2025-01-01", "good"),
                ],
            )
        ],
    }
    return LeafletParcel(**(told | fields))


def leaflet(*parcels: LeafletParcel, **fields: Any) -> Leaflet:
    told: dict[str, Any] = {
        "title": "在推地块对比",
        "made": "制作时间：2026-11-27",
        "warning": "合成数据",
        "language": "zh",
        "picture": dot(),
        "parcels": parcels,
        "notes": ["距离为直线距离"],
        "labels": {"page": "页", "scan": "扫码"},
    }
    return Leaflet(**(told | fields))


def words_of(made: bytes) -> tuple[int, str]:
    pages = PdfReader(BytesIO(made)).pages
    return len(pages), "".join("".join(one.extract_text().split()) for one in pages)


def test_a_leaflet_of_one_parcel_is_one_page_with_a_date_beside_each_figure() -> None:
    pages, text = words_of(leaflet_pdf(leaflet(parcel(1))))
    assert pages == 1
    for said in ("地块1", "GZ-1", "约100亩", "数据时间2026-06-30", "截至2025-01-01"):
        assert said in text
    assert "合成数据" in text
    assert "距离为直线距离" in text


def test_parcels_side_by_side_share_a_line_for_each_figure() -> None:
    bare = parcel(4, groups=[LeafletGroup("土地", [LeafletLine("面积", "不详")])])
    made = leaflet_pdf(leaflet(parcel(1), parcel(2), parcel(3), bare))
    _, text = words_of(made)
    assert text.index("约100亩") < text.index("约200亩") < text.index("约300亩")
    assert text.count("面积") == text.count("供水") == 1
    assert "—" in text  # nothing is told of the fourth one's water


def test_words_are_data_and_no_markup() -> None:
    odd = parcel(1, title=HOSTILE, place=HOSTILE, about="GZ|1")
    _, text = words_of(leaflet_pdf(leaflet(odd, notes=[HOSTILE], title=HOSTILE)))
    assert '#panic("x")$1/0$@ref<label>\\[地块{{7*7}}]' in text


@pytest.mark.parametrize("count", [0, 5])
def test_a_leaflet_has_one_to_four_parcels(count: int) -> None:
    with pytest.raises(RequestError, match=f"{count} were asked for"):
        leaflet_pdf(leaflet(*map(parcel, range(count))))

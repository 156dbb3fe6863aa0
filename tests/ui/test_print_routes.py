"""Sheets asked for of the real server: their words, their limits, by role."""

import json
from io import BytesIO
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

LAYERS = ["province", "county", "expressway", "redline", "parcels"]


def order(desk, box, **more):
    given = {
        "view": {"box": list(box), "zoom": 14},
        "layers": [{"name": name, "opacity": 0.8} for name in LAYERS],
        "candidates": [],
        "chosen": None,
        "title": "选址图 $x_1$",
        "format": "pdf",
        "theme": "light",
        "size": "A4",
        "lang": "en",
        "version": desk.version,
    }
    return {**given, **more}


def send(desk, body, *, actor="province", lang="en"):
    return desk.raw(
        f"/print?lang={lang}",
        actor=actor,
        body=json.dumps(body),
        Origin=desk.address,
        **{"Content-Type": "application/json"},
    )


def printed(desk, body, **options):
    status, headers, read = send(desk, body, **options)
    assert status == 200, read
    assert headers["content-type"] == "application/pdf"
    return PdfReader(BytesIO(read)).pages[0].extract_text()


def around(desk, row, room=0.004):
    table = desk.facts.table
    west, south, east, north = (
        float(table[name].iloc[row]) for name in ("minx", "miny", "maxx", "maxy")
    )
    return west - room, south - room, east + room, north + room


def test_a_sheet_says_title_legend_sources_date_and_that_data_are_made_up(desk) -> None:
    told = printed(desk, order(desk, around(desk, 3)))
    for words in (
        "选址图 $x_1$",
        "Legend",
        "Construction-land parcels",
        "Synthetic data: made up for the demonstration",
        "data of 2026-06-30",
        "Made by Provincial investment office",
        "CGCS2000",
        "(UTC",
    ):
        assert words in told


def test_a_sheet_is_told_in_chinese(desk) -> None:
    told = printed(desk, order(desk, around(desk, 3)), lang="zh_CN")
    for words in ("图例", "建设用地地块", "资料来源", "制图", "北", "合成数据"):
        assert words in told


def test_a_png_has_its_size_and_the_file_a_safe_name(desk) -> None:
    title = 'a/../b "c"\r\nX: y 选址'
    body = order(desk, around(desk, 3), format="png", title=title, size="A3")
    status, headers, read = send(desk, body)
    assert status == 200
    assert headers["content-type"] == "image/png"
    assert headers["cache-control"] == "no-store"
    assert "x" not in headers
    named = headers["content-disposition"]
    assert named.startswith('attachment; filename="LandMap.png"; filename*=')
    assert named.endswith(f"{quote('a b c X y 选址')}.png")
    assert sorted(Image.open(BytesIO(read)).size) == [2338, 3307]


def test_candidates_are_numbered(desk) -> None:
    lit = [{"place": 3, "rank": 42, "flagged": True}]
    told = printed(desk, order(desk, around(desk, 3), candidates=lit, chosen=3))
    assert "42" in told.split()
    assert "Candidate, with its rank" in told
    assert "Something was not checked" in told
    assert "Parcel of the card" in told


def test_the_legend_tells_no_layer_that_is_not_seen(desk) -> None:
    table = desk.facts.table
    x, y = float(table["lon"].iloc[3]), float(table["lat"].iloc[3])
    tiny = (x - 2e-5, y - 2e-5, x + 2e-5, y + 2e-5)
    told = printed(desk, order(desk, tiny))
    assert "Construction-land parcels" in told
    assert "Counties" not in told
    assert "Expressways" not in told


def test_too_many_parcels_are_shaded_and_the_sheet_says_so(desk) -> None:
    told = printed(desk, order(desk, (104, 25, 109, 29)))
    assert "share of the ground" in told
    assert "Too many or too small to be drawn singly" in told


def test_what_was_looked_for_in_a_part_only_is_told(desk) -> None:
    body = order(desk, (104, 25, 109, 29), layers=[{"name": "zoning"}])
    told = printed(desk, body)
    assert "not checked beyond it: Zoning" in told
    assert "Zoning: looked for inside" in told


def test_a_guest_gets_no_parcel_that_nobody_published(desk) -> None:
    table = desk.facts.table
    hidden = np.flatnonzero(table["publish"] != "public")
    public = int(np.flatnonzero(table["publish"] == "public")[4])
    for row in hidden[:: len(hidden) // 4].tolist():
        x, y = float(table["lon"].iloc[row]), float(table["lat"].iloc[row])
        inside = (x - 2e-5, y - 2e-5, x + 2e-5, y + 2e-5)
        lit = [
            {"place": row, "rank": 4711, "flagged": False},
            {"place": public, "rank": 815, "flagged": False},
        ]
        body = order(desk, inside, candidates=lit, chosen=row)
        told = printed(desk, body)
        assert "4711" in told
        assert "Construction-land parcels" in told
        assert "Parcel of the card" in told
        for guest in ("public", "investor"):
            told = printed(desk, body, actor=guest)
            assert "4711" not in told
            assert "Construction-land parcels" not in told
            assert "Parcel of the card" not in told
    body = order(
        desk,
        around(desk, public),
        candidates=[{"place": public, "rank": 815, "flagged": False}],
    )
    assert "815" in printed(desk, body, actor="public").split()


@pytest.mark.parametrize(
    "wrong",
    [
        {"view": None},
        {"view": {"box": [1, 2, 3]}},
        {"view": {"box": [107, 26, 106, 27]}},
        {"view": {"box": [106, 26, 106, 26]}},
        {"view": {"box": [-999, 26, 999, 27]}},
        {"view": {"box": ["a", 26, 107, 27]}},
        {"layers": "parcels"},
        {"layers": [{"name": "../../etc"}]},
        {"layers": [{"name": "parcels", "opacity": 7}]},
        {"layers": [{"name": "parcels"}] * 65},
        {"candidates": [{"place": -1, "rank": 1}]},
        {"candidates": [{"place": 1.5, "rank": 1}]},
        {"candidates": [{"place": 1, "rank": 1}] * 501},
        {"chosen": "x"},
        {"title": "x" * 201},
        {"format": "exe"},
        {"theme": "dark"},
        {"size": "A0"},
    ],
)
def test_a_wrong_order_is_refused_in_a_sentence(desk, wrong) -> None:
    status, _, read = send(desk, order(desk, around(desk, 3), **wrong))
    assert status == 400
    assert next(iter(wrong)) in json.loads(read)["error"]


def test_a_layer_that_is_not_there_is_not_found(desk) -> None:
    body = order(desk, around(desk, 3), layers=[{"name": "gold_mines"}])
    status, _, read = send(desk, body)
    assert status == 404
    assert json.loads(read)["error"] == "There is no layer gold_mines."


def test_candidates_of_another_version_are_not_printed(desk) -> None:
    lit = [{"place": 3, "rank": 1, "flagged": False}]
    body = order(desk, around(desk, 3), candidates=lit, version="0123abcd")
    assert send(desk, body)[0] == 410


def test_another_site_prints_nothing(desk) -> None:
    body = order(desk, around(desk, 3))
    assert desk.post("/print", body, Origin="https://evil.example")[0] == 403

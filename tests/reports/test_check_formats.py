"""Formats of a report: QGIS finds styles, figures keep digits, scales hold."""

import importlib.util
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gis.errors import SettingsError
from gis.units import shown
from layers.check import Check
from reports import check_cells
from reports.check_bundle import bundled
from reports.check_docx import WIDE_MM, check_docx
from reports.check_docx_tables import ROOM_MM, widths_mm
from reports.check_gpkg import check_gpkg
from reports.check_maps import Maps, check_maps
from reports.check_told import as_data, printable, told_of
from reports.check_xlsx import check_xlsx
from reports.map_sheet import DPI, PAPER_MM
from reports.sheet_plane import INCH_MM

spec = importlib.util.spec_from_file_location(
    "check_fixture", Path(__file__).with_name("check_fixture.py")
)
assert spec is not None
assert spec.loader is not None
fixture: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixture)


def say(msgid: str) -> str:
    return msgid


@pytest.fixture(scope="module")
def check() -> Check:
    made: Check = fixture.made_check()
    return made


@pytest.fixture(scope="module")
def maps(check: Check) -> Maps:
    return check_maps(check, say=say, most=1)


def docx(check: Check, maps: Maps, **told: Any) -> Any:
    given = {"number": "N-1", "dossier": "D-1", "say": say, "maps": maps} | told
    return Document(io.BytesIO(check_docx(check, **given)))


def sheets(check: Check) -> dict[str, Any]:
    book = openpyxl.load_workbook(
        io.BytesIO(check_xlsx(check, number="1", dossier="1", say=say))
    )
    return {sheet.title.partition(" ")[2]: sheet for sheet in book.worksheets}


def test_styles_stand_among_the_contents_where_qgis_looks_for_them(
    check: Check, tmp_path: Path
) -> None:
    file = tmp_path / "check.gpkg"
    file.write_bytes(check_gpkg(check, say=say))
    assert "layer_styles" in {name for name, _ in pyogrio.list_layers(file)}
    styles = pyogrio.read_dataframe(file, layer="layer_styles", read_geometry=False)
    assert styles["f_geometry_column"].tolist() == ["geom", "geom"]
    assert styles["useAsDefault"].astype(bool).all()


def test_the_geopackage_says_of_each_parcel_what_is_not_known(
    check: Check, tmp_path: Path
) -> None:
    file = tmp_path / "check.gpkg"
    file.write_bytes(check_gpkg(check, say=say))
    parcels = pyogrio.read_dataframe(file, layer="parcels")
    assert parcels["partly_covered"].fillna("").tolist() == [
        *("", "Geological hazard zones", ""),
    ]
    assert parcels["not_checked"].tolist() == ["Ecological protection redline"] * 3
    findings = pyogrio.read_dataframe(file, layer="findings", read_geometry=False)
    assert fixture.HOSTILE in findings["overruled"][0]


def test_a_check_without_conflicts_is_a_geopackage_too(
    check: Check, tmp_path: Path
) -> None:
    found = check.findings[check.findings["class"] == ""]
    file = tmp_path / "check.gpkg"
    file.write_bytes(check_gpkg(replace(check, findings=found), say=say))
    assert len(pyogrio.read_dataframe(file, layer="conflicts")) == 0


def test_figures_of_a_workbook_keep_the_digits_they_were_told_with(
    check: Check,
) -> None:
    outlines = sheets(check)["Outlines"]
    longitude = outlines.cell(2, 4)
    assert (longitude.value, longitude.number_format) == (106.8, "#,##0.0000000")
    zone = sheets(check)["Verdicts"].cell(2, 9)
    assert (zone.value, zone.number_format) == (35, "#,##0")


def test_shares_and_bounds_of_a_workbook_are_figures(check: Check) -> None:
    rows = list(sheets(check)["All findings"].iter_rows())
    heads = [cell.value for cell in rows[0]]
    first = dict(zip(heads, rows[1], strict=True))
    assert first["Share"].value == pytest.approx(0.5)
    assert first["Share"].number_format == "#,##0.00%"
    assert first["At least (m2)"].value == pytest.approx(5_400.11)
    assert first["At most (m2)"].value == pytest.approx(5_620.22)
    clear = dict(zip(heads, rows[2], strict=True))
    assert clear["At least (m2)"].value == "—"


def test_a_map_is_drawn_as_large_as_it_is_printed(maps: Maps, check: Check) -> None:
    wide = Image.open(io.BytesIO(maps.whole)).size[0] / DPI * INCH_MM
    assert wide == pytest.approx(WIDE_MM, abs=0.1)
    assert PAPER_MM["figure"][0] == WIDE_MM
    shapes = docx(check, maps).inline_shapes
    assert {shape.width for shape in shapes if shape.width > Mm(100)} == {Mm(WIDE_MM)}


def test_tables_of_a_document_fill_the_page_and_figures_stand_to_the_right(
    check: Check, maps: Maps
) -> None:
    told = as_data(told_of(check, number="1", dossier="1", say=say))
    by_heads = {tuple(one["heads"]): one for one in told["sections"]}
    dressed = 0
    for table in docx(check, maps).tables:
        heads = tuple(cell.text for cell in table.rows[0].cells)
        if heads not in by_heads:
            continue
        dressed += 1
        widths = [cell.width for cell in table.rows[0].cells]
        assert sum(widths) == pytest.approx(Mm(ROOM_MM), rel=0.002)
        at_right = {
            at
            for at, cell in enumerate(table.rows[1].cells)
            if cell.paragraphs[0].alignment is not None
        }
        assert at_right == set(by_heads[heads]["figures"])
    assert dressed == len(told["sections"])


@given(
    st.lists(st.tuples(st.floats(3.4, 60.0), st.booleans()), min_size=1, max_size=14)
)
def test_columns_always_fill_the_page(columns: list[tuple[float, bool]]) -> None:
    section = {
        "heads": [""] * len(columns),
        "widths": [width for width, _ in columns],
        "fixed": [at for at, (_, fixed) in enumerate(columns) if fixed],
    }
    widths = widths_mm(section)
    assert sum(widths) == pytest.approx(ROOM_MM)
    assert min(widths) > 0


def test_heads_of_tables_are_repeated_on_the_next_page(
    check: Check, maps: Maps
) -> None:
    body = docx(check, maps).element.body
    heads = list(body.iter(qn("w:tblHeader")))
    told = told_of(check, number="1", dossier="1", say=say)
    assert len(heads) == len(told.sections)


def test_a_document_says_in_its_properties_what_it_is(check: Check, maps: Maps) -> None:
    about = docx(check, maps).core_properties
    assert about.title == "Land-use compliance check report N-1"
    assert about.author == "LandMap 0.1.0"
    assert about.created.replace(tzinfo=UTC) == datetime(
        2026, 11, 27, 0, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "words",
    [
        "{% for %}",
        "{{ number",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ code._insert_image.__globals__ }}",
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_by_name(
    check: Check, maps: Maps, tmp_path: Path, words: str
) -> None:
    document = Document()
    document.add_paragraph(words)
    document.save(str(tmp_path / "own.docx"))
    with pytest.raises(SettingsError, match=r"own\.docx, cannot be filled"):
        docx(check, maps, template=tmp_path / "own.docx")


def test_a_template_that_is_no_document_is_refused(
    check: Check, maps: Maps, tmp_path: Path
) -> None:
    (tmp_path / "own.docx").write_bytes(b"no document")
    with pytest.raises(SettingsError, match="cannot be filled"):
        docx(check, maps, template=tmp_path / "own.docx")
    with pytest.raises(SettingsError, match="cannot be filled"):
        docx(check, maps, template=tmp_path / "lost.docx")


@given(st.text())
def test_signs_that_no_document_holds_are_left_out(text: str) -> None:
    plain = printable(text)
    assert not {*map(chr, range(9)), "\x0b", "\x1b", "\x7f", "\ufffe"} & set(plain)
    assert printable(plain) == plain


def test_control_signs_in_names_lose_no_row(check: Check, maps: Maps) -> None:
    parcels = check.parcels.assign(name=["a\x00b", "c\x0bd", "e\nf"])
    tables = docx(replace(check, parcels=parcels), maps).tables
    texts = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert {"ab", "cd", "e\nf"} <= set(texts)


@given(st.floats(0, 1e9))
def test_mu_are_rounded_as_everywhere_else(area_m2: float) -> None:
    assert float(check_cells.mu(area_m2).text.replace(",", "")) == shown(area_m2, "mu")


def test_halves_of_a_cent_round_up_as_offices_round() -> None:
    assert check_cells.figure(0.125).text == "0.13"
    assert check_cells.figure(2.675).text == "2.68"


def test_names_of_a_bundle_hold_no_control_signs(check: Check) -> None:
    parcels = check.parcels.rename(index={fixture.IDS[0]: "a\nb/..\x1b"})
    given = check.submission
    named = given.parcels.rename(index={fixture.IDS[0]: "a\nb/..\x1b"})
    told = replace(check, parcels=parcels, submission=replace(given, parcels=named))
    *_, (_, packed) = bundled(told, "txt", lambda *_: b"")
    assert b"a_b_.._" in packed

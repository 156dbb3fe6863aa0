"""The report of a land check: the same words in every format, and data stays data."""

import importlib.util
import io
import json
import socket
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pypdf
import pytest
from docx import Document
from PIL import Image

from layers.check import Check
from reports.check_bundle import bundled, only
from reports.check_docx import check_docx
from reports.check_gpkg import check_gpkg
from reports.check_json import check_json
from reports.check_maps import Maps, check_maps
from reports.check_pdf import check_pdf
from reports.check_told import told_of
from reports.check_xlsx import check_xlsx

spec = importlib.util.spec_from_file_location(
    "check_fixture", Path(__file__).with_name("check_fixture.py")
)
assert spec is not None
assert spec.loader is not None
fixture: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixture)
HOSTILE: str = fixture.HOSTILE

CHINESE = {
    "Land-use compliance check report": "用地合规性核查报告",
    "partly covered": "部分覆盖",
    "not checked": "未核查",
    "Occupied for certain": "实占",
    "Conflict": "存在冲突",
    "Permanent basic farmland": "永久基本农田",
}
NUMBER, DOSSIER = "黔核〔2026〕1号", "HC-20261127-4CE558CC"


def say(msgid: str) -> str:
    return CHINESE.get(msgid, msgid)


@pytest.fixture(scope="module")
def check() -> Check:
    made: Check = fixture.made_check()
    return made


@pytest.fixture(scope="module")
def maps(check: Check) -> Maps:
    return check_maps(check, say=say)


@pytest.fixture(scope="module")
def said(check: Check, maps: Maps) -> dict[str, str]:
    """Return all that each format says, as one text."""
    told = {"number": NUMBER, "dossier": DOSSIER, "say": say}
    document = Document(io.BytesIO(check_docx(check, maps=maps, **told)))  # type: ignore[arg-type]
    pages = pypdf.PdfReader(io.BytesIO(check_pdf(check, maps=maps, **told))).pages  # type: ignore[arg-type]
    book = openpyxl.load_workbook(io.BytesIO(check_xlsx(check, **told)))  # type: ignore[arg-type]
    return {
        "docx": words_of(document),
        "pdf": "".join(page.extract_text() for page in pages).replace("\n", ""),
        "xlsx": "\n".join(
            str(cell.value)
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ),
    }


def words_of(document: Any) -> str:
    parts = [one.text for one in document.paragraphs]
    parts += [
        cell.text
        for table in document.tables
        for row in table.rows
        for cell in row.cells
    ]
    return "\n".join(parts)


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
@pytest.mark.parametrize(
    "words",
    [
        "用地合规性核查报告",
        "部分覆盖",
        "未核查",
        "实占",
        "5,400.11 – 5,620.22",
        DOSSIER,
        "ab" * 32,
        "Clause of farmland",
        "规划 赵",
        "The layer is not loaded.",
        "4ce558cc",
    ],
)
def test_every_format_says_what_a_reader_must_know(
    said: dict[str, str], kind: str, words: str
) -> None:
    assert words.replace(" ", "") in said[kind].replace(" ", "")


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_text_of_data_stands_as_it_is_and_is_never_run(
    said: dict[str, str], kind: str
) -> None:
    assert HOSTILE in said[kind]
    assert "1337" not in said[kind]


def test_text_of_data_stands_in_the_pdf_as_it_is(said: dict[str, str]) -> None:
    plain = said["pdf"].replace(" ", "")
    assert "{{7*191}}<script>alert(1)</script>*粗*#import" in plain


def test_a_formula_of_data_is_no_formula_of_the_workbook(check: Check) -> None:
    written = check_xlsx(check, number=NUMBER, dossier=DOSSIER, say=say)
    book = openpyxl.load_workbook(io.BytesIO(written))
    kinds = {
        cell.data_type
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }
    assert kinds <= {"s", "n"}


def test_figures_of_the_workbook_are_figures(check: Check) -> None:
    written = check_xlsx(check, number=NUMBER, dossier=DOSSIER, say=say)
    book = openpyxl.load_workbook(io.BytesIO(written))
    values = [
        cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert 5_512.34 in values


def test_synthetic_data_comes_first_in_every_format(
    said: dict[str, str], check: Check
) -> None:
    told = told_of(check, number=NUMBER, dossier=DOSSIER, say=say)
    assert told.warning.startswith("Synthetic data")
    for text in said.values():
        assert "Synthetic data: made up" in text


def test_what_is_not_known_is_a_dash_and_never_nought(check: Check) -> None:
    told = told_of(check, number=NUMBER, dossier=DOSSIER, say=say)
    verdicts = next(one for one in told.sections if one.title == "Verdicts")
    declared = [row[6].text for row in verdicts.rows]
    assert declared == ["11,000.00", "—", "11,030.00"]


def test_a_state_is_told_by_words_and_sign_not_by_colour_alone(
    said: dict[str, str],
) -> None:
    assert "✕ 实占" in said["docx"]
    assert "! 部分覆盖" in said["docx"]
    assert "✕实占" in said["pdf"].replace(" ", "")


def test_the_geopackage_holds_conflicts_and_their_styles(
    check: Check, tmp_path: Path
) -> None:
    file = tmp_path / "check.gpkg"
    file.write_bytes(check_gpkg(check, say=say))
    assert {name for name, _ in pyogrio.list_layers(file)} >= {
        *("parcels", "conflicts", "findings", "about"),
    }
    conflicts = pyogrio.read_dataframe(file, layer="conflicts")
    assert conflicts["class_text"].tolist() == ["实占"]
    assert conflicts["overlap_m2"].tolist() == [5_512.34]
    findings = pyogrio.read_dataframe(file, layer="findings", read_geometry=False)
    assert "部分覆盖" in findings["state_text"].tolist()
    with sqlite3.connect(file) as connection:
        styles = dict(
            connection.execute("SELECT f_table_name, styleQML FROM layer_styles")
        )
    assert set(styles) == {"parcels", "conflicts"}
    assert 'attr="class"' in styles["conflicts"]


def test_json_has_the_shape_that_scripts_rely_on(check: Check) -> None:
    told = json.loads(json.dumps(check_json(check), allow_nan=False))
    assert {"file", "crs", "mended", "parcels", "not_checked", "result_hash"} <= set(
        told
    )
    first = told["parcels"][0]
    assert {"id", "area_m2", "plane_m2", "declared_m2", "findings"} <= set(first)
    assert first["findings"][0] == {
        "layer": "farmland",
        "rule": "avoid",
        "state": "hit",
        "class": "certain",
        "overlap_m2": 5_512.34,
        "share": 0.5,
        "low_m2": 5_400.11,
        "high_m2": 5_620.22,
        "covered_share": 1.0,
        "distance_m": None,
        "features": ["YJ-1 永久基本农田"],
        "clause": "Clause of farmland",
        "effect": "approval",
    }
    assert told["parcels"][1]["declared_m2"] is None
    assert {"id": "乙-2", "layer": "geohazard", "state": "partly_covered"} in told[
        "not_checked"
    ]


def test_each_conflict_has_a_map_and_the_rest_are_named(check: Check) -> None:
    drawn = check_maps(check, say=say, most=0)
    assert drawn.insets == []
    assert drawn.not_drawn == ["1 · 甲-1 · 永久基本农田"]
    whole = Image.open(io.BytesIO(drawn.whole))
    assert whole.format == "PNG"
    assert whole.size[0] > whole.size[1]


def test_the_map_draws_the_conflict_in_its_colour(maps: Maps) -> None:
    (inset,) = maps.insets
    picture = Image.open(io.BytesIO(inset.png)).convert("RGB").resize((400, 280))
    red, green, blue = np.moveaxis(np.asarray(picture), -1, 0)
    assert ((red > 150) & (green < 150) & (blue < 150)).sum() > 1_000


def test_a_check_is_narrowed_to_one_parcel(check: Check) -> None:
    one = only(check, "乙-2")
    assert one.parcels.index.tolist() == ["乙-2"]
    assert set(one.findings["parcel_id"]) == {"乙-2"}
    assert one.overrules == ()
    assert one.result_hash == check.result_hash


def test_a_report_a_parcel_is_packed_and_can_be_stopped(check: Check) -> None:
    def write(narrowed: Check, parcel: str) -> bytes:
        assert narrowed.parcels.index.tolist() == [parcel]
        return parcel.encode()

    steps = list(bundled(check, "txt", write))
    assert [count for count, _ in steps] == [1, 2, 3, 3]
    with zipfile.ZipFile(io.BytesIO(steps[-1][1])) as archive:
        assert archive.namelist() == ["甲-1.txt", "乙-2.txt", "丙-3.txt"]
        assert archive.read("乙-2.txt").decode() == "乙-2"
    halfway = bundled(check, "txt", write)
    assert next(halfway) == (1, b"")
    halfway.close()


def test_an_office_may_bring_its_own_template(
    check: Check, maps: Maps, tmp_path: Path
) -> None:
    document = Document()
    document.add_paragraph("某某市自然资源局 {{ number }} {{ verdicts }}")
    document.save(str(tmp_path / "own.docx"))
    written = check_docx(
        check,
        number=NUMBER,
        dossier=DOSSIER,
        say=say,
        maps=maps,
        template=tmp_path / "own.docx",
    )
    told = words_of(Document(io.BytesIO(written)))
    assert f"某某市自然资源局 {NUMBER} 存在冲突 1" in told


def test_the_shipped_template_is_what_its_maker_makes(tmp_path: Path) -> None:
    from reports import check_template  # noqa: PLC0415 - only here

    shipped = check_template.TEMPLATE
    made = tmp_path / "made.docx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check_template, "TEMPLATE", made)
        check_template.main()
    assert words_of(Document(str(made))) == words_of(Document(str(shipped)))


ALONE = """
import json, runpy, socket, sys
from layers.sandbox_walls import cut_network

cut = cut_network()
try:
    socket.create_connection(json.loads(sys.argv[2]), 2).close()
    reached = True
except OSError:
    reached = False
from reports.check_docx import check_docx
from reports.check_gpkg import check_gpkg
from reports.check_maps import check_maps
from reports.check_pdf import check_pdf
from reports.check_xlsx import check_xlsx

check = runpy.run_path(sys.argv[1])["made_check"]()
told = {"number": "1", "dossier": "2", "say": str}
maps = check_maps(check, say=str)
files = (
    check_pdf(check, maps=maps, **told),
    check_docx(check, maps=maps, **told),
    check_xlsx(check, **told),
    check_gpkg(check, say=str),
)
print(json.dumps([cut, reached, [file[:4].decode("latin-1") for file in files]]))
"""
"""Writes every report in a process that left the network before anything else."""


def test_reports_are_written_in_a_process_without_a_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = json.dumps(server.getsockname())
        done = subprocess.run(
            [sys.executable, "-c", ALONE, fixture.__file__, address],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    cut, reached, begun = json.loads(done.stdout.splitlines()[-1])
    assert reached is not cut  # a system that knows no namespaces proves nothing
    assert begun == ["%PDF", "PK\x03\x04", "PK\x03\x04", "SQLi"]

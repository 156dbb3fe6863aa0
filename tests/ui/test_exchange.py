"""Workbooks both ways: one changed cell comes back as one change."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from casework_pages import MAIN, PROVINCE
from streamlit.testing.v1 import AppTest

from gis.errors import LayerError, LedgerError
from ledger import audit, projects
from ledger.model import Actor, Project, Role
from ledger.unit_of_work import Ledger
from ui import i18n
from ui.handed_workbook import MOST_BYTES, read
from ui.i18n import speaking
from ui.intake_form import HANDED
from ui.ledger_files import ledger_xlsx, monthly_xlsx, template_xlsx
from ui.state import LANGUAGE

READ_IN = i18n.language
FORMULA = '=HYPERLINK("http://x","甲")'


@pytest.fixture
def ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return the ledger with two projects; files are written in their own language."""
    monkeypatch.setattr(i18n, "language", READ_IN)
    with ledger.begin(PROVINCE) as work:
        projects.create(work, code="XM-1", title=FORMULA, region="520304", jobs=300)
        projects.create(work, code="XM-2", title="乙", region="520304", jobs=20)
        work.commit()
    return ledger


@pytest.fixture
def page(
    ledger: Ledger,  # noqa: ARG001 - the page reads it
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[bytes], AppTest]:
    """Return what opens the page with a workbook handed in."""
    monkeypatch.setattr(i18n, "language", lambda: "en")

    def open_page(data: bytes) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        app.session_state[HANDED.key] = read("台账.xlsx", data)
        app.run().switch_page("screens/exchange.py").run()
        assert not app.exception
        return app

    return open_page


def edited(data: bytes, **cells: Any) -> bytes:
    """Change cells of a workbook's first sheet, as a person in a spreadsheet does."""
    book = openpyxl.load_workbook(BytesIO(data))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def heads(data: bytes) -> list[str]:
    sheet = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    return [cell.value for cell in sheet[1]]


def found(ledger: Ledger, code: str) -> Project:
    with ledger.read(PROVINCE) as work:
        project = projects.by_code(work, code)
    assert project is not None
    return project


def take_in(app: AppTest) -> str:
    (button,) = [one for one in app.button if one.label.startswith("Take in")]
    button.click().run()
    assert not app.exception
    return "\n".join(one.value for one in [*app.success, *app.error])


@pytest.mark.parametrize("spoken", ["zh_CN", "en"])
def test_an_export_changed_in_one_cell_is_one_change_in_the_history(
    page: Callable[[bytes], AppTest], ledger: Ledger, spoken: str
) -> None:
    data = ledger_xlsx(spoken, PROVINCE)
    jobs = heads(data).index({"zh_CN": "就业人数", "en": "Jobs"}[spoken])
    row = 2 if found(ledger, "XM-1").id == 1 else 3
    app = page(edited(data, **{f"{chr(65 + jobs)}{row}": 320}))
    with ledger.read(PROVINCE) as work:
        before = audit.verify(work).rows
    assert "1** changed, 1 without a change" in app.markdown[0].value
    assert "taken in" in take_in(app)
    first, second = found(ledger, "XM-1"), found(ledger, "XM-2")
    assert (first.jobs, first.version, second.version) == (320, 2, 1)
    with ledger.read(PROVINCE) as work:
        newest, *_ = audit.history(work, "project", first.id)
        assert (newest.verb, json.loads(newest.after)) == (
            "project.edit",
            {"jobs": 320},
        )
        chain = audit.verify(work)
    assert chain.broken is None
    # The change, and that the columns are remembered for the next file.
    assert chain.rows == before + 2


def test_a_faulty_row_is_told_and_nothing_can_be_taken_in(
    page: Callable[[bytes], AppTest], ledger: Ledger
) -> None:
    data = ledger_xlsx("en", PROVINCE)
    jobs = chr(65 + heads(data).index("Jobs"))
    app = page(edited(data, **{f"{jobs}2": "many", f"{jobs}3": 5}))
    assert "**1** faulty" in app.markdown[0].value
    (button,) = [one for one in app.button if one.label.startswith("Take in")]
    assert button.disabled
    assert found(ledger, "XM-2").jobs == 20


def test_a_mapping_is_remembered_for_the_next_file(
    page: Callable[[bytes], AppTest],
) -> None:
    data = edited(ledger_xlsx("en", PROVINCE), B1="Vorhaben", N2=301)
    app = page(data)
    (column,) = [one for one in app.selectbox if one.label == "Vorhaben"]
    assert column.value == ""
    column.select("title").run()
    assert "taken in" in take_in(app)
    again = page(edited(data, N2=302))
    (column,) = [one for one in again.selectbox if one.label == "Vorhaben"]
    assert column.value == "title"


def test_a_file_holds_what_its_taker_may_see(ledger: Ledger) -> None:
    with ledger.begin(PROVINCE) as work:
        projects.create(work, code="XM-3", title="别县", region="520303")
        work.commit()
    county = Actor("汇川投促局", Role.COUNTY, "520303")
    sheet = openpyxl.load_workbook(BytesIO(ledger_xlsx("en", county))).worksheets[0]
    titles = heads(ledger_xlsx("en", county)).index("Project title")
    assert [row[titles] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        "别县"
    ]
    report = openpyxl.load_workbook(BytesIO(monthly_xlsx("zh_CN", county)))
    assert report["按地区"]["B4"].value == 1


@pytest.mark.usefixtures("ledger")
def test_text_of_data_never_becomes_a_formula() -> None:
    book = openpyxl.load_workbook(BytesIO(ledger_xlsx("zh_CN", PROVINCE)))
    (cell,) = [
        cell
        for row in book.worksheets[0].iter_rows()
        for cell in row
        if cell.value == FORMULA
    ]
    assert cell.data_type == "s"


@pytest.mark.usefixtures("ledger")
def test_the_template_names_every_column_and_offers_the_words() -> None:
    book = openpyxl.load_workbook(BytesIO(template_xlsx("zh_CN")))
    sheet = book.worksheets[0]
    assert sheet.max_row == 1
    assert "项目名称" in [cell.value for cell in sheet[1]]
    assert len(sheet.data_validations.dataValidation) == 2
    assert "播州区" in [cell.value for cell in book.worksheets[1]["B"]]


@pytest.mark.usefixtures("ledger")
def test_the_monthly_report_totals_what_the_ledger_holds() -> None:
    with speaking("zh_CN"):
        book = openpyxl.load_workbook(BytesIO(monthly_xlsx("zh_CN", PROVINCE)))
    assert book.sheetnames == ["按地区", "按行业", "超期问题", "超期未兑现"]
    rows = list(book["按地区"].iter_rows(min_row=4, values_only=True))
    assert [(row[0], row[1]) for row in rows] == [
        ("合计", 2),
        ("遵义市", 2),
        ("播州区", 2),
    ]


def test_what_is_no_workbook_is_refused_in_a_sentence() -> None:
    with pytest.raises(LayerError):
        read("x.xlsx", b"no workbook")


def test_a_workbook_that_is_too_large_or_blank_is_refused_in_a_sentence() -> None:
    with pytest.raises(LedgerError, match="at most 20 MB are taken"):
        read("x.xlsx", bytes(MOST_BYTES + 1))
    book = openpyxl.Workbook()
    book.active["A1"] = "  "
    written = BytesIO()
    book.save(written)
    with pytest.raises(LedgerError, match="only blanks"):
        read("x.xlsx", written.getvalue())

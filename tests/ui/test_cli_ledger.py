"""The operator's commands: accounts, the chain, backups put back elsewhere."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from ledger import audit, projects
from ledger.model import Actor, Role
from ui import start
from ui.cli import app
from ui.settings import Settings

PROVINCE = Actor("省投促局", Role.PROVINCE, "520000")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return an empty home with one project in its ledger."""
    monkeypatch.setenv("LANDMAP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LANDMAP_LANGUAGE", "en")
    chosen = Settings(home=tmp_path / "home")
    start.make_home(chosen)
    with start.open_ledger(chosen).begin(PROVINCE) as work:
        projects.create(work, title="电池", region="520304")
        work.commit()
    return chosen


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words: object) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.usefixtures("home")
def test_an_account_is_added_listed_and_locked_out() -> None:
    given = ("--role", "county", "--issuer", "https://id.cn", "--region", "520304")
    made = told("account", "add", "李", *given, "--subject", "u-1")
    assert (made["name"], made["region"], made["disabled"]) == ("李", "520304", False)
    assert told("account", "list") == [made]
    assert told("account", "disable", made["id"])["disabled"]
    assert "locked out" in run("account", "list").stdout


@pytest.mark.usefixtures("home")
def test_a_faulty_account_is_refused_with_every_fault() -> None:
    result = run("account", "add", "李", "--role", "county", "--issuer", "x")
    assert result.exit_code == 1
    assert "subject or address" in result.stderr
    assert "not a region code" in result.stderr


@pytest.mark.usefixtures("home")
def test_the_chain_is_verified_and_its_head_told() -> None:
    whole = told("ledger", "verify")
    assert (whole["rows"], whole["broken"], len(whole["head"])) == (1, None, 64)
    assert whole["head"] in run("ledger", "verify").stdout.replace("\n", "")


def test_a_broken_chain_exits_with_1_and_names_the_row(home: Settings) -> None:
    with sqlite3.connect(home.ledger_file) as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET who = 'nobody'")
    result = run("ledger", "verify")
    assert result.exit_code == 1
    assert "broken at row 1" in result.stdout


def test_the_drill_a_backup_is_put_back_on_an_empty_machine(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ledger.backup"
    written = told("ledger", "backup", file)
    assert told("ledger", "inspect", file) == written
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(home.secret_file, elsewhere)
    monkeypatch.setenv("LANDMAP_HOME", str(elsewhere))
    assert told("ledger", "restore", file) == written
    assert told("ledger", "verify")["head"] == written["head"]
    again = run("ledger", "restore", file)
    assert again.exit_code == 1
    assert "holds rows already" in again.stderr


@pytest.mark.usefixtures("home")
def test_a_file_that_is_no_backup_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_text("nothing")
    result = run("ledger", "inspect", file)
    assert result.exit_code == 1
    assert "no backup of a ledger" in result.stderr


def test_a_workbook_goes_out_is_changed_and_comes_in_as_one_change(
    home: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "ledger.xlsx"
    of_county = ("--role", "county", "--region", "520304")
    assert told("ledger", "export", file, *of_county)["count"] == 1
    assert "name another file" in run("ledger", "export", file, *of_county).stderr
    book = openpyxl.load_workbook(file)
    (title,) = [cell for cell in book.worksheets[0][2] if cell.value == "电池"]
    title.value = "电池二期"
    book.save(file)
    before = told("ledger", "verify")["rows"]
    looked = told("ledger", "import", file, *of_county)
    assert (looked["changed"], looked["written"]) == (1, 0)
    assert "--apply" in run("ledger", "import", file, *of_county).stdout
    assert told("ledger", "verify")["rows"] == before
    assert told("ledger", "import", file, *of_county, "--apply")["written"] == 1
    assert told("ledger", "verify")["rows"] == before + 1
    with start.open_ledger(home).read(PROVINCE) as work:
        assert [one.title for one in projects.find(work)] == ["电池二期"]
        row, _created = audit.history(work, "project", 1)
    assert (row.who, row.role) == ("Operator of the server", Role.COUNTY)
    title.value = "电池三期"  # on the version that was changed since
    book.save(file)
    late = run("ledger", "import", file, *of_county, "--apply")
    assert (late.exit_code, "Faulty row" in late.stdout) == (1, True)


@pytest.mark.usefixtures("home")
def test_a_workbook_that_cannot_be_taken_in_says_why(tmp_path: Path) -> None:
    there = ("--region", "520000")
    assert "cannot be read" in run("ledger", "import", tmp_path / "no", *there).stderr
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    book.active.append(["1", "2"])
    book.save(tmp_path / "odd.xlsx")
    result = run("ledger", "import", tmp_path / "odd.xlsx", *there)
    assert (result.exit_code, "Read were: 甲, 乙" in result.stderr) == (1, True)


def test_the_documents_of_the_desk_are_listed_on_a_day(home: Settings) -> None:
    start.fill_policies(home, say=lambda *_: None)
    for day, standing in (("2025-12-31", "undated"), ("2026-01-01", "ended")):
        (one,) = told("policies", "list", "用地用海要素保障", "--on", day)
        assert (one["code"], one["standing"]) == ("mnr-guarantee-2023", standing)
    assert "闲置土地处置办法" in run("policies", "list", "闲置").output

"""What was checked is kept, byte by byte, beside what was read from it."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import geopandas
import pytest

from gis.errors import StoreError
from layers.boundary import Boundary, Remark, parcels_frame
from layers.check import Check
from layers.check_files import CheckFiles
from layers.checking import Checker
from layers.placing import place
from layers.region import Region

DATA = "界址点".encode("gb18030")
DOSSIER = "HC-20261127-4CE558CC"


@pytest.fixture
def check(world: SimpleNamespace, hand: SimpleNamespace, region: Region) -> Check:
    from datetime import UTC, datetime  # noqa: PLC0415 - one moment

    rows: list[dict[str, object]] = [{"parcel_id": "甲", "crs": "EPSG:4490"}]
    shapes = hand.ground(hand.rectangle(200, 400)).to_numpy()
    remark = Remark("The file is empty.", {}, kind="noticed", line=7)
    given = Boundary(
        parcels_frame(rows, shapes), kind="txt", encoding="gb18030", remarks=(remark,)
    )
    submission = place(given, name="界址点.TXT", data=DATA, region=region)
    return Checker(world.store, world.catalog, region).check(
        submission, now=datetime(2026, 11, 27, tzinfo=UTC)
    )


def test_the_file_is_kept_as_it_was_sent(check: Check, tmp_path: Path) -> None:
    files = CheckFiles(tmp_path)
    files.keep(DOSSIER, "界址点.TXT", DATA, check)
    name, data = files.original(DOSSIER)
    assert (name, data) == ("original.txt", DATA)
    read = json.loads((files.folder(DOSSIER) / "read.json").read_text("utf-8"))
    assert read["sha256"] == hashlib.sha256(DATA).hexdigest()
    assert read["encoding"] == "gb18030"
    assert read["result_hash"] == check.result_hash
    assert read["layers"]["flood"] == check.layers[0].version
    assert read["remarks"] == [
        {"kind": "noticed", "line": 7, "parcel": "", "what": "The file is empty."}
    ]
    kept = geopandas.read_parquet(files.folder(DOSSIER) / "findings.parquet")
    assert kept["overlap_m2"].tolist() == check.findings["overlap_m2"].tolist()


def test_a_check_that_is_there_stays_as_it_is(check: Check, tmp_path: Path) -> None:
    files = CheckFiles(tmp_path)
    files.keep(DOSSIER, "a.txt", DATA, check)
    files.keep(DOSSIER, "a.txt", b"another", check)
    assert files.original(DOSSIER)[1] == DATA
    assert [one.name for one in tmp_path.iterdir()] == [DOSSIER]


@pytest.mark.parametrize("name", ["a.tar.gz/../../x", "..", "a.<script>", "a"])
def test_a_name_leads_nowhere_else(check: Check, tmp_path: Path, name: str) -> None:
    files = CheckFiles(tmp_path)
    files.keep(DOSSIER, name, DATA, check)
    assert files.original(DOSSIER)[0] == "original.bin"


@pytest.mark.parametrize("dossier", ["", "../x", "HC", "hc-20261127-4ce558cc"])
def test_a_number_that_is_none_is_refused(tmp_path: Path, dossier: str) -> None:
    with pytest.raises(StoreError, match="no number of a check"):
        CheckFiles(tmp_path).original(dossier)


def test_files_that_are_gone_are_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="are gone"):
        CheckFiles(tmp_path).original(DOSSIER)


def test_nothing_half_written_is_left_where_it_cannot_be_kept(
    check: Check, tmp_path: Path
) -> None:
    blocked = tmp_path / "checks"
    blocked.write_text("a file where the folder should be", "utf-8")
    with pytest.raises(StoreError, match="cannot be kept"):
        CheckFiles(blocked).keep(DOSSIER, "a.txt", DATA, check)
    assert [one.name for one in tmp_path.iterdir()] == ["checks"]

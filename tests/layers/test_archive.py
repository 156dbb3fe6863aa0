"""Archives of strangers: unpacked within bounds, nothing in them believed."""

import io
import zipfile
from dataclasses import replace

import pytest
from hostile_files import (
    bomb,
    encrypted,
    linked,
    lying,
    overlapping,
    zipped,
)
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import LayerError
from layers.archive import one_dataset, require_fair, unpack
from layers.sandbox_limits import Limits

LIMITS = Limits()
PARTS = {"a.shp": b"1", "a.shx": b"2", "a.dbf": b"3"}


def refused(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(LayerError) as error:
        one_dataset(unpack(data, limits))
    return str(error.value)


@given(
    st.dictionaries(
        st.sampled_from(["a.txt", "b/c.csv", "地块.shp", "d.kml", "e.dbf"]),
        st.binary(max_size=300),
    )
)
def test_what_was_packed_comes_out(files: dict[str, bytes]) -> None:
    entries = unpack(zipped(files), LIMITS)

    assert [one.data for one in entries] == list(files.values())
    assert [one.said for one in entries] == list(files)


def test_parts_of_a_shapefile_are_found_by_name_whatever_their_case() -> None:
    files = {"d/A.SHP": b"1", "d/a.dbf": b"3", "d/a.Shx": b"2", "d/a.sbn": b"x"}
    parts = one_dataset(unpack(zipped(files), LIMITS))

    assert [(one.suffix, one.data) for one in parts] == [
        (".shp", b"1"),
        (".shx", b"2"),
        (".dbf", b"3"),
    ]


def test_names_become_our_own() -> None:
    files = {"../../etc/a.geojson": b"{}", "/abs/b.txt": b"x", r"..\c.kml": b"y"}
    entries = unpack(zipped(files), LIMITS)

    assert [one.name for one in entries] == [
        "entry000.geojson",
        "entry001.txt",
        "entry002.kml",
    ]


def test_a_name_in_gbk_is_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("XXXX.geojson", b"{}")
    data = packed.getvalue().replace(b"XXXX", "地块".encode("gbk"))

    assert unpack(data, LIMITS)[0].said == "地块.geojson"


def test_what_systems_leave_behind_is_no_file() -> None:
    litter = {"__MACOSX/._a.shp": b"x", ".DS_Store": b"y", "sub/.DS_Store": b"z"}

    assert len(one_dataset(unpack(zipped({**PARTS, **litter}), LIMITS))) == 3


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is no ZIP archive"),
        (b"PK\x03\x04 and no more", "is no ZIP archive"),
        (zipped(PARTS)[:-30], "is no ZIP archive"),
        (zipped({f"{i}.txt": b"" for i in range(1000)}), "1000 files; 200 are"),
        (zipped({"a.zip": zipped(PARTS)}), "holds another archive"),
        (zipped({"a.kmz": b""}), "holds another archive"),
        (linked(), "holds a link, a.geojson"),
        (encrypted(zipped(PARTS)), "is encrypted"),
        (overlapping(), "overlap each other"),
        (zipped({"a.txt": b"x"}, zipfile.ZIP_BZIP2), "packed in a way"),
        (zipped({**PARTS, "b.shp": b"4"}), "several files"),
        (zipped({**PARTS, "b.txt": b"4"}), "several files"),
        (zipped({"a.exe": b"4", "a.pdf": b"5"}), "found a.exe, a.pdf"),
        (zipped({}), "nothing that LandMap reads"),
        (zipped({"a.shp": b"1", "a.dbf": b"2"}), "found .shp, .dbf"),
        (zipped({**PARTS, "A.DBF": b"4"}), "each once"),
        (lying(zipped({"a.txt": b"x" * 5000}), 10), "is no ZIP archive"),
    ],
)
def test_a_trap_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    assert why in refused(data)


def test_a_directory_that_boasts_changes_nothing() -> None:
    data = lying(zipped({"a.txt": b"x" * 5000}), 10**9)

    assert unpack(data, LIMITS)[0].data == b"x" * 5000


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    assert "500 MB, and no more than 100 times" in refused(bomb(200_000_000))


def test_sizes_are_counted_over_all_files() -> None:
    data = zipped({f"{i}.txt": bytes(1000) for i in range(10)}, zipfile.ZIP_STORED)
    unpack(data, replace(LIMITS, unpacked=10_000))

    with pytest.raises(LayerError, match="unpacks to more"):
        unpack(data, replace(LIMITS, unpacked=9_999))


def test_a_bomb_of_a_workbook_is_refused_and_a_fair_one_is_not() -> None:
    require_fair(zipped({"xl/a.xml": b"<a/>" * 100}), LIMITS)

    with pytest.raises(LayerError, match="unpacks to more"):
        require_fair(zipped({"xl/a.xml": bytes(50_000_000)}), LIMITS)
    with pytest.raises(LayerError, match="workbook is damaged"):
        require_fair(b"PK\x03\x04", LIMITS)


@given(st.data())
def test_a_damaged_archive_gives_its_files_or_a_sentence(data: st.DataObject) -> None:
    told = bytearray(zipped(PARTS))
    for _ in range(data.draw(st.integers(1, 6))):
        told[data.draw(st.integers(0, len(told) - 1))] = data.draw(st.integers(0, 255))

    try:
        entries = unpack(bytes(told), LIMITS)
    except LayerError:
        return
    assert len(entries) <= 3


def test_an_entry_without_a_name_is_no_crash() -> None:
    nameless = zipped({"qqq.shp": b"1"}).replace(b"qqq", b"\x00qq")
    assert "damaged" in refused(nameless)

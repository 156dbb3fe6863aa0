"""A report for each parcel of a check, in one archive."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Final

from geopandas import GeoDataFrame

from layers.check import Check

Write = Callable[[Check, str], bytes]
_FORBIDDEN: Final = str.maketrans(dict.fromkeys('<>:"/\\|?*\0', "_"))
LONGEST_NAME: Final = 80


def only(check: Check, parcel_id: str) -> Check:
    """Narrow a check to one parcel.

    Args:
        check: The check.
        parcel_id: The parcel.

    Returns:
        The same check, telling of that parcel alone; its hash stays that of the whole.
    """
    given = check.submission
    return replace(
        check,
        submission=replace(
            given,
            parcels=given.parcels.loc[[parcel_id]],
            remarks=tuple(
                one for one in given.remarks if one.parcel in {"", parcel_id}
            ),
        ),
        parcels=check.parcels.loc[[parcel_id]],
        findings=_of(check.findings, parcel_id),
        compositions={
            name: frame[frame["parcel_id"] == parcel_id]
            for name, frame in check.compositions.items()
        },
        neighbours=_of(check.neighbours, parcel_id),
        outline_faults=check.outline_faults[
            check.outline_faults["parcel_id"] == parcel_id
        ],
        changes=check.changes[check.changes["parcel_id"] == parcel_id],
        overrules=tuple(one for one in check.overrules if one.parcel_id == parcel_id),
    )


def bundled(check: Check, kind: str, write: Write) -> Iterator[tuple[int, bytes]]:
    """Write a report for each parcel, one after the other.

    Args:
        check: The check.
        kind: Suffix of the reports.
        write: Writes the report of a narrowed check under a number.

    Yields:
        How many reports are written and the archive so far, b"" until the last: who
        stops asking stops the writing.
    """
    packed = BytesIO()
    taken: set[str] = set()
    keys = [str(key) for key in check.parcels.index]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for count, key in enumerate(keys, start=1):
            name = _file_name(key, taken)
            archive.writestr(f"{name}.{kind}", write(only(check, key), key))
            yield count, b""
    yield len(keys), packed.getvalue()


def _of(frame: GeoDataFrame, parcel_id: str) -> GeoDataFrame:
    return frame.iloc[(frame["parcel_id"] == parcel_id).to_numpy().nonzero()[0]]


def _file_name(key: str, taken: set[str]) -> str:
    """Name a file after a parcel; no two alike, no way out of the folder."""
    plain = "".join(sign if sign.isprintable() else "_" for sign in key)
    stem = plain.translate(_FORBIDDEN).strip(". ")[:LONGEST_NAME] or "parcel"
    name, count = stem, 1
    while name.casefold() in taken:
        count += 1
        name = f"{stem}-{count}"
    taken.add(name.casefold())
    return name

"""Parts: written whole or not at all, swept when no version is made of them."""

from pathlib import Path
from typing import Never

import pyarrow as pa
import pytest
from pandas import DataFrame, Series
from pandas.testing import assert_frame_equal

from layers.facts_parts import Parts

TABLE = DataFrame({
    "overlap_m2": [1.5, float("nan")],
    "evidence": Series(["hit", "clear"], dtype="category"),
    "code": Series(["100102", ""], dtype="str"),
})


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "parts")
    assert not parts.has("layer", "chunk")

    parts.write("layer", "chunk", dict(TABLE.items()))

    assert parts.has("layer", "chunk")
    read = DataFrame(parts.read("layer", "chunk"))
    assert_frame_equal(read, TABLE, check_dtype=False, check_categorical=False)


def test_a_write_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Never:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pa.ipc, "new_file", fail)
    with pytest.raises(OSError, match="No space"):
        Parts(tmp_path).write("layer", "chunk", dict(TABLE.items()))

    assert not Parts(tmp_path).has("layer", "chunk")
    assert not list(tmp_path.rglob(".*"))


def test_parts_of_no_version_are_swept(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    for what in ("old", "both", "new"):
        for chunk in ("1", "2", "3"):
            parts.write(what, chunk, dict(TABLE.items()))

    parts.sweep([(["both"], ["1"]), (["both", "new"], ["1", "2"])])

    left = {(file.parent.name, file.stem) for file in tmp_path.rglob("*.arrow")}
    assert left == {("both", "1"), ("both", "2"), ("new", "1"), ("new", "2")}

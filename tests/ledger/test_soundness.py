"""A ledger's file is looked at and left as it is."""

from pathlib import Path

import pytest

from gis.errors import StoreError
from ledger.soundness import require_sound
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"


@pytest.mark.parametrize("folder", ["h?x=1", "50% #1", "昨 天"])
def test_a_ledger_lies_where_it_was_asked_for(folder: str, tmp_path: Path) -> None:
    file = tmp_path / folder / "ledger.db"
    file.parent.mkdir()
    Ledger.at(file, KEY)
    assert file.exists()
    assert [path.name for path in tmp_path.iterdir()] == [folder]
    require_sound(file)


@pytest.mark.parametrize("content", [b"", b"no ledger at all" * 100])
def test_a_damaged_ledger_is_told_and_not_touched(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "ledger.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"ledger\.db"):
        require_sound(file)
    assert file.read_bytes() == content


def test_a_ledger_that_is_gone_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        require_sound(tmp_path / "ledger.db")
    assert list(tmp_path.iterdir()) == []

"""A ledger is looked at and left as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gis.errors import StoreError
from ledger import schema
from ledger.engines import address
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
    require_sound(address(file))


@pytest.mark.usefixtures("ledger")
def test_a_ledger_in_use_is_sound(url: str) -> None:
    require_sound(sa.make_url(url))


@pytest.mark.usefixtures("ledger")
def test_a_ledger_of_an_older_landmap_is_told(url: str, raw: Callable[[], Any]) -> None:
    with raw() as connection:
        schema.downgrade(connection, "-1")
    with pytest.raises(StoreError, match="restart LandMap to bring it up to date"):
        require_sound(sa.make_url(url))
    with raw() as connection:
        assert not schema.is_current(connection)


def test_a_database_without_a_ledger_is_left_bare(fresh: Any) -> None:
    with fresh("postgresql", bare=True) as url:
        with pytest.raises(StoreError, match="restart LandMap"):
            require_sound(sa.make_url(url))
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            assert sa.inspect(connection).get_table_names() == []


@pytest.mark.parametrize("content", [b"", b"no ledger at all" * 100])
def test_a_damaged_ledger_is_told_and_not_touched(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "ledger.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"ledger\.db"):
        require_sound(address(file))
    assert file.read_bytes() == content


def test_a_ledger_that_is_gone_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        require_sound(address(tmp_path / "ledger.db"))
    assert list(tmp_path.iterdir()) == []

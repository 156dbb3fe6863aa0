"""The key is whole or not there, and nothing is signed with less."""

import os
import stat
from pathlib import Path

import pytest

from gis.errors import SettingsError
from ui import start
from ui.secret_key import make_key, read_key
from ui.settings import read_settings


def test_a_key_is_made_once_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    make_key(file)
    made = read_key(file)
    make_key(file)
    assert read_key(file) == made
    assert len(made) == 32
    assert list(tmp_path.iterdir()) == [file]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_the_disk_knows_no_links_the_key_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_aside: Path, _path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    make_key(tmp_path / "secret.key")
    assert len(read_key(tmp_path / "secret.key")) == 32
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"x" * 31])
def test_a_start_refuses_a_key_that_is_too_short(
    content: bytes, tmp_path: Path
) -> None:
    chosen = read_settings(home=tmp_path)
    chosen.secret_file.write_bytes(content)
    with pytest.raises(SettingsError, match=f"{len(content)} bytes"):
        start.make_home(chosen)
    assert chosen.secret_file.read_bytes() == content


def test_a_key_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_key(tmp_path / "secret.key")

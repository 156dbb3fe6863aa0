"""A start builds what is missing, once, and keeps what is there."""

import os
import shutil
import stat
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from gis.errors import LayerError, SettingsError
from layers.store import LayerStore
from layers.tile_build import tiles_folder
from ledger import policies
from ledger.model import Actor, Role
from ledger.projects import find
from ui import start
from ui.settings import Settings, read_settings

CLERK = Actor(name="Clerk", role=Role.PROVINCE, region="520000")


class Heard:
    """Collect the steps that are told."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def say(self, msgid: str, values: Mapping[str, object]) -> None:
        self.steps.append(msgid.format_map(values))


def files(home: Path) -> dict[str, int]:
    """Tell every file under a folder and when it was written."""
    return {
        path.relative_to(home).as_posix(): path.stat().st_mtime_ns
        for path in home.rglob("*")
        if path.is_file()
    }


def test_a_second_start_builds_nothing(prepared: Settings) -> None:
    before, heard = files(prepared.home), Heard()
    start.prepare(prepared, say=heard.say)
    assert heard.steps == []
    assert files(prepared.home) == before


def test_all_that_is_needed_is_there_after_a_start(prepared: Settings) -> None:
    assert start.missing(prepared) == []
    assert (prepared.home / "layers" / "parcels").is_dir()
    assert any((prepared.home / "facts").glob("*.parquet"))
    with start.open_ledger(prepared).read(CLERK) as work:
        assert len(find(work)) == 120
        assert policies.on_day(work)


def test_a_ledger_that_cannot_be_opened_keeps_nobody_from_starting(
    tmp_path: Path,
) -> None:
    chosen, heard = read_settings(home=tmp_path / "home"), Heard()
    start.make_home(chosen)
    chosen.ledger_file.write_text("no database, whatever it is called" * 99)
    start.fill_policies(chosen, say=heard.say)
    assert len(heard.steps) == 1
    assert str(chosen.ledger_file) in heard.steps[0]


def test_the_key_is_long_and_only_its_owner_may_read_it(prepared: Settings) -> None:
    assert len(prepared.secret_file.read_bytes()) == 32
    if os.name == "posix":
        assert stat.S_IMODE(prepared.secret_file.stat().st_mode) == 0o600


def test_lost_facts_are_measured_again_and_nothing_else(
    prepared: Settings, tmp_path: Path
) -> None:
    copy = prepared.model_copy(update={"home": tmp_path / "home"})
    shutil.copytree(prepared.home, copy.home)
    shutil.rmtree(copy.home / "facts")
    assert start.missing(copy) == ["facts"]
    before, heard = files(copy.home), Heard()
    start.prepare(copy, say=heard.say)
    assert start.missing(copy) == []
    assert any("measured" in step for step in heard.steps)
    after = files(copy.home)
    changed = {name for name in after if after[name] != before.get(name)}
    assert all(name.startswith(("facts/", "prepare.lock", "ready")) for name in changed)


def test_tiles_laid_out_in_an_older_way_are_laid_out_anew_before_anybody_asks(
    prepared: Settings, tmp_path: Path
) -> None:
    copy = prepared.model_copy(update={"home": tmp_path / "home"})
    shutil.copytree(prepared.home, copy.home)
    layer = LayerStore(copy.home / "layers").folder("geohazard")
    now = tiles_folder(layer)
    older = now.rename(layer / "tiles-0")
    (copy.home / "ready").unlink()  # as any other code than the stamped one does
    assert start.missing(copy) == ["tiles of geohazard"]
    heard = Heard()
    start.prepare(copy, say=heard.say)
    assert heard.steps == ["Tiles 1 of 1: Geological hazard zones"]
    assert now.is_dir()
    assert not older.exists()
    assert start.missing(copy) == []


def test_a_ledger_that_is_there_is_never_touched(
    prepared: Settings, tmp_path: Path
) -> None:
    copy = prepared.model_copy(update={"home": tmp_path / "home"})
    start.make_home(copy)
    copy.ledger_file.write_bytes(b"a ledger of somebody")
    start.fill_ledger(copy, say=lambda _msgid, _values: None)
    assert copy.ledger_file.read_bytes() == b"a ledger of somebody"


def test_a_ledger_that_was_cut_off_is_made_again_whole(
    prepared: Settings, tmp_path: Path
) -> None:
    copy = prepared.model_copy(update={"home": tmp_path / "home"})
    start.make_home(copy)
    (copy.home / "ledger.new.db").write_bytes(b"half a ledger")
    start.fill_ledger(copy, say=lambda _msgid, _values: None)
    assert list(copy.home.glob("ledger.new.db*")) == []
    with start.open_ledger(copy).read(CLERK) as work:
        assert len(find(work)) == 120


def test_of_two_starts_at_once_the_second_waits(tmp_path: Path) -> None:
    lock, order = tmp_path / "prepare.lock", []
    inside, waiting = threading.Event(), threading.Event()

    def second() -> None:
        inside.wait()
        with start.only_one(lock, say=lambda _msgid, _values: waiting.set()):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with start.only_one(lock, say=lambda _msgid, _values: None):
        inside.set()
        assert waiting.wait(timeout=10)
        order.append("first")
    thread.join(timeout=10)
    assert order == ["first", "second"]


def test_without_parcels_the_sentence_says_where_to_put_them(tmp_path: Path) -> None:
    chosen = read_settings(home=tmp_path / "home", sample=tmp_path / "nothing")
    with pytest.raises(LayerError) as caught:
        start.prepare(chosen)
    assert str(tmp_path / "nothing" / "layers") in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such folder")
def test_a_home_that_cannot_be_made_is_told_with_the_variable() -> None:
    chosen = read_settings(home=Path("/dev/null/home"))
    with pytest.raises(SettingsError, match="LANDMAP_HOME"):
        start.make_home(chosen)

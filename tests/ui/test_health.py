"""`/healthz` tells the state of now, and nobody waits for a thread that died."""

import asyncio
import json
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gis.errors import LandMapError, StoreError
from ui import preparing, start
from ui.preparing import PREPARATION, Preparation
from ui.settings import Settings

health: Any = import_module("ui.routes.health")  # its package names the route so


def asked() -> tuple[int, Any]:
    # In a thread of its own: the browser's tests keep a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(asyncio.run, health.health(None)).result()
    return answer.status_code, json.loads(bytes(answer.body))


@pytest.fixture
def copied(
    prepared: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    chosen = prepared.model_copy(update={"home": tmp_path / "home"})
    shutil.copytree(prepared.home, chosen.home)
    monkeypatch.setattr(health, "settings", lambda: chosen)
    return chosen


def test_a_damaged_ledger_is_unhealthy_until_it_is_mended(copied: Settings) -> None:
    assert asked() == (200, {"status": "ok"})
    good = copied.ledger_file.read_bytes()
    copied.ledger_file.write_bytes(b"no ledger at all" * 100)
    status, said = asked()
    assert status == 503
    assert "damaged" in said["missing"][0]
    copied.ledger_file.write_bytes(good)
    assert asked()[0] == 200


@pytest.mark.usefixtures("copied")
def test_an_old_refusal_is_forgotten_once_all_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PREPARATION, "error", StoreError("It was damaged."))
    assert asked()[0] == 200


def test_visitors_are_sent_only_to_a_process_whose_pages_are_ready(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PREPARATION, "working", True)
    assert asked()[0] == 200
    public = copied.model_copy(update={"public": True})
    monkeypatch.setattr(health, "settings", lambda: public)
    assert asked() == (503, {"status": "starting"})


def test_preparing_ends_whatever_becomes_of_it(
    prepared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise StoreError("It is damaged.")

    monkeypatch.setattr(preparing, "settings", lambda: prepared)
    monkeypatch.setattr(start, "prepare", refused)
    preparation = Preparation()
    preparation.working = True
    preparation.run()
    assert not preparation.working


def test_a_short_key_is_unhealthy(copied: Settings) -> None:
    copied.secret_file.write_bytes(b"")
    status, said = asked()
    assert status == 503
    assert "0 bytes" in said["missing"][0]


def test_an_unexpected_fault_is_kept_as_a_sentence_and_logged(
    prepared: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        message = "a bug"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(preparing, "settings", lambda: prepared)
    monkeypatch.setattr(start, "prepare", broken)
    preparation = Preparation()
    with caplog.at_level(logging.ERROR):
        preparation.run()
    assert isinstance(preparation.error, LandMapError)
    assert "a bug" in str(preparation.error)
    assert "Traceback" in caplog.text

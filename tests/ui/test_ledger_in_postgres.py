"""The app with its ledger in PostgreSQL: a start, its health, a page that writes."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.own_postgres import OwnPostgres
from gis.errors import SettingsError, StoreError
from ledger import audit, policy_shipped, projects
from ledger.model import Actor, Role
from ui import access, doctor, i18n, resources, start
from ui.settings import Settings, settings
from ui.state import LANGUAGE

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"
CLERK = Actor("省投促局", Role.PROVINCE, "520000")
NUMBERS = count(1)
health: Any = import_module("ui.routes.health")  # its package names the route so


@pytest.fixture
def chosen(
    at_home: Settings,
    postgres: OwnPostgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """Return settings that name an empty database, in a home without a ledger."""
    home, name = tmp_path / "home", f"app_{next(NUMBERS)}"
    shutil.copytree(at_home.home, home)
    at_home.model_copy(update={"home": home}).ledger_file.unlink()
    monkeypatch.setenv("LANDMAP_HOME", str(home))
    monkeypatch.setenv("LANDMAP_DATABASE_URL", postgres.make(name))
    settings.cache_clear()
    st.cache_resource.clear()
    i18n.speak("en")
    yield settings()
    i18n.speak(i18n.DEFAULT)
    settings.cache_clear()
    st.cache_resource.clear()
    postgres.drop(name)


def elsewhere(chosen: Settings, url: str) -> Settings:
    """Return settings that name another database."""
    return Settings(**{**chosen.model_dump(), "database_url": url})


def asked() -> tuple[int, Any]:
    """Ask for the app's health, in a thread of its own: browsers keep a loop here."""
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(asyncio.run, health.health(None)).result()
    return answer.status_code, json.loads(bytes(answer.body))


def test_a_start_makes_the_ledger_and_the_next_one_finds_it(chosen: Settings) -> None:
    steps = []
    assert start.missing(chosen) == ["ledger"]
    start.prepare(chosen, say=lambda msgid, _values: steps.append(msgid))
    assert steps == [
        "Filling the ledger with the demo's projects",
        "Filling the policy desk with the documents known so far",
    ]
    start.prepare(chosen, say=lambda msgid, _values: steps.append(msgid))
    assert len(steps) == 2
    assert not chosen.ledger_file.exists()
    assert start.missing(chosen) == []
    assert asked() == (200, {"status": "ok"})
    ledger = start.open_ledger(chosen)
    with ledger.read(CLERK) as work:
        assert len(projects.find(work)) == 120
    ledger.close()


def test_another_start_than_the_demo_s_begins_empty(chosen: Settings) -> None:
    real = chosen.model_copy(update={"demo": False})
    assert not start.has_ledger(real)
    start.prepare(real)
    assert start.has_ledger(real)
    ledger = start.open_ledger(real)
    with ledger.read(CLERK) as work:
        assert projects.find(work) == []
    ledger.close()


def test_what_doctor_finds_in_a_database(chosen: Settings) -> None:
    def told() -> doctor.Finding:
        (found,) = [one for one in doctor.examine(chosen) if one.check == "Ledger"]
        return found

    assert not told().good
    start.prepare(chosen)
    assert told().good
    # A document is drafted with an edition, published with it, and marked as shipped.
    documents = policy_shipped.entries()
    repealed = sum(one.ended_on is not None for one in documents)
    assert told().values["rows"] == 658 + 5 * len(documents) + repealed


def test_a_database_that_is_away_is_told_to_all_who_ask(
    chosen: Settings, postgres: OwnPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    start.prepare(chosen)
    away = elsewhere(
        chosen, postgres.url("nowhere").replace("postgres:", "postgres:pw")
    )
    with pytest.raises(StoreError, match='database "nowhere" does not exist'):
        start.prepare(away)
    monkeypatch.setattr(health, "settings", lambda: away)
    status, said = asked()
    assert status == 503
    assert "nowhere cannot be reached" in said["missing"][0]
    (found,) = [one for one in doctor.examine(away) if not one.good]
    assert "nowhere cannot be reached" in str(found.told()["finding"])


def test_an_address_that_is_none_stops_the_start(chosen: Settings) -> None:
    wrong = elsewhere(chosen, "postgresql://me:pw@ss@host/ledger")
    with pytest.raises(SettingsError, match="LANDMAP_DATABASE_URL") as refused:
        start.prepare(wrong)
    assert "ss@" not in str(refused.value)


def test_the_settings_never_show_the_address(chosen: Settings) -> None:
    url = chosen.database_url.get_secret_value()
    assert url not in repr(chosen)
    assert url not in str(chosen.model_dump())


def test_a_page_reads_the_database_and_writes_to_it(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    start.prepare(chosen)
    monkeypatch.setattr(access, "current_actor", lambda: CLERK)
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.session_state[LANGUAGE.key] = "en"
    app.run().switch_page("screens/project_ledger.py").run()
    assert not app.exception
    assert "67/94" in "".join(one.proto.body for one in app.get("html"))
    press(app, "New project")
    (title,) = [one for one in app.text_input if one.label == "Project title"]
    title.set_value("白酒包装二期")
    (region,) = [
        one for one in app.selectbox if one.label == "Region" and "form" in one.key
    ]
    region.set_value("520304")
    press(app, "Save")
    assert [one.value for one in app.success] == ["The project was added."]
    with resources.ledger().read(CLERK) as work:
        (made,) = projects.find(work, "白酒包装二期")
        assert made.region == "520304"
        assert audit.history(work, "project", made.id)[0].who == CLERK.name
        assert audit.verify(work).broken is None


def press(app: AppTest, label: str) -> None:
    (button,) = [one for one in app.button if one.label == label]
    button.click().run()

"""What tests of pages and routes share: a ledger of its own, a small home, a desk."""

import http.client
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import geopandas
import pytest
from casework_pages import KEY, NAMES, PROVINCE

from layers.facts import Facts
from layers.facts_store import FactStore
from layers.store import LayerStore
from ledger.model import Actor
from ledger.unit_of_work import Ledger
from ui import access, i18n, resources, site_page, start
from ui.settings import ROOT, Settings, read_settings, settings

TENTH = 10


@pytest.fixture(autouse=True)
def settings_read_anew() -> Iterator[None]:
    """Let no test see the settings that another one read."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return a ledger of its own, which the pages read instead of the app's.

    The provincial office looks at them, in English; there is no home beside it.
    """
    kept = Ledger.at(tmp_path / "ledger.db", KEY)
    monkeypatch.setattr(resources, "ledger", lambda: kept)
    monkeypatch.setattr(resources, "place_names", lambda _: NAMES)
    monkeypatch.setattr(resources, "synthetic_layers", list)
    monkeypatch.setattr(start, "missing", lambda _: [])
    monkeypatch.setattr(access, "actor_name", lambda *_: "province")
    monkeypatch.setattr(access, "current_actor", lambda: PROVINCE)
    monkeypatch.setattr(site_page, "site_page", lambda: None)
    # AppTest writes options outside of the page, where there is no session.
    monkeypatch.setattr(i18n, "language", lambda: "en")
    return kept


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Return what sets who looks at the pages."""

    def set_actor(actor: Actor) -> None:
        monkeypatch.setattr(access, "current_actor", lambda: actor)

    return set_actor


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the sample with every tenth parcel."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(ROOT / "sample_data" / "layers", folder / "layers")
    shutil.copy(ROOT / "sample_data" / "ledger.json", folder)
    file = folder / "layers" / "parcels.parquet"
    geopandas.read_parquet(file).iloc[::TENTH].to_parquet(file)
    return folder


@pytest.fixture(scope="session")
def prepared(small_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Build a home on the small sample, once for all tests; they leave it as it is."""
    home = tmp_path_factory.mktemp("small") / "home"
    chosen = read_settings(home=home, sample=small_sample)
    start.prepare(chosen)
    return chosen


@pytest.fixture
def at_home(prepared: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Make the small home the one that the environment names."""
    for name in [name for name in os.environ if name.startswith("LANDMAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANDMAP_HOME", str(prepared.home))
    monkeypatch.setenv("LANDMAP_SAMPLE", str(prepared.sample))
    monkeypatch.setenv("LANDMAP_LANGUAGE", "en")
    return prepared


@dataclass(frozen=True)
class Desk:
    """The map's questions, asked of a running app.

    Attributes:
        address: Its address.
        settings: Its home.
    """

    address: str
    settings: Settings

    @cached_property
    def store(self) -> LayerStore:
        return LayerStore(self.settings.home / "layers")

    @cached_property
    def facts(self) -> Facts:
        return FactStore(self.settings.home / "facts").read()

    @property
    def version(self) -> str:
        return self.facts.layers["parcels"]

    def named(self, places: list[int]) -> dict[str, Any]:
        return {"places": places, "version": self.version}

    def raw(
        self,
        path: str,
        *,
        actor: str = "province",
        body: str | bytes | None = None,
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(
            urlsplit(self.address).netloc, timeout=60
        )
        cookie = f"{access.COOKIE}={access.sign(actor, self.settings)}"
        connection.request(
            "GET" if body is None else "POST",
            path,
            body=body.encode() if isinstance(body, str) else body,
            headers={"Cookie": cookie, **headers},
        )
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        read = answer.status, told, answer.read()
        connection.close()
        return read

    def ask(self, path: str, *, actor: str = "province") -> tuple[int, Any]:
        status, _, body = self.raw(path, actor=actor)
        return status, json.loads(body) if body[:1] in b"{[" else body

    def get(self, path: str, *, actor: str = "province", **query: object) -> Any:
        status, told = self.ask(f"{path}?{urlencode(query)}", actor=actor)
        assert status == 200, told
        return told

    def post(
        self, path: str, body: object, *, actor: str = "province", **headers: str
    ) -> tuple[int, Any]:
        given = {"Origin": self.address, "Content-Type": "application/json"}
        status, _, answer = self.raw(
            f"{path}?lang=en",
            actor=actor,
            body=body if isinstance(body, str) else json.dumps(body),
            **{**given, **headers},
        )
        return status, json.loads(answer)


@pytest.fixture(scope="session")
def desk(prepared: Settings, running, tmp_path_factory) -> Iterator[Desk]:
    """Start the real app in a copy of the small home."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(prepared.home, home)
    with running(home, LANDMAP_SAMPLE=str(prepared.sample)) as address:
        yield Desk(address, prepared.model_copy(update={"home": home}))

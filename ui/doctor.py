"""Examine an installation: data, store, ledger, versions, fonts, browser."""

import os
import platform
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from gis.errors import LandMapError
from gis.words import Title
from ui import start
from ui.i18n import t, tell
from ui.settings import Settings

PACKAGES = ("streamlit", "folium", "streamlit-folium", "geopandas", "shapely", "pyproj")
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "microsoft-edge", "chrome")
SECRET_MODE = 0o600


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: What was looked at, an English msgid.
        msgid: What was found, an English msgid.
        values: What fills its holes.
        good: Whether nothing has to be done.
    """

    check: str
    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)
    good: bool = True

    def told(self) -> dict[str, object]:
        """Return the finding in the reader's language."""
        return {
            "check": t(self.check),
            "good": self.good,
            "finding": t(self.msgid, **self.values),
        }


def examine(chosen: Settings) -> list[Finding]:
    """Look at everything the app stands on; nothing is changed.

    Args:
        chosen: Settings of the app.

    Returns:
        A finding for each check; a refusal is a finding too.
    """
    checks = (_versions, _home, _layers, _facts, _ledger, _fonts, _browser)
    return [finding for check in checks for finding in _safely(check, chosen)]


def _safely(
    check: Callable[[Settings], Iterator[Finding]], chosen: Settings
) -> Iterator[Finding]:
    """Run a check; what it refuses is what it found."""
    try:
        yield from check(chosen)
    except LandMapError as error:
        yield Finding(Title("State"), "{why}", {"why": tell(error)}, good=False)


def _versions(_chosen: Settings) -> Iterator[Finding]:
    """Name the versions that matter when something is reported."""
    said = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    told = (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {said}"
    )
    yield Finding(Title("Versions"), "{versions}", {"versions": told})


def _home(chosen: Settings) -> Iterator[Finding]:
    """Look at the folder of the state and the key in it."""
    key = chosen.secret_file
    values: Mapping[str, object] = {"home": chosen.home}
    if not key.exists():
        said = Title("{home} is not made yet: start the app once.")
        yield Finding(Title("Home folder"), said, values, good=False)
    elif os.name == "posix" and stat.S_IMODE(key.stat().st_mode) != SECRET_MODE:
        said = Title("Others may read {file}: `chmod 600` it.")
        yield Finding(Title("Home folder"), said, {"file": key}, good=False)
    else:
        yield Finding(Title("Home folder"), "{home}", values)


def _layers(chosen: Settings) -> Iterator[Finding]:
    """Compare every loaded layer with what was written, byte for byte."""
    store = start.layers_of(chosen)
    loaded = store.versions()
    for name, known in loaded.items():
        if not store.is_intact(name, known):
            said = Title("The layer {layer} is damaged: `landmap ingest {layer}`.")
            yield Finding(Title("Layers"), said, {"layer": name}, good=False)
    absent = [name for name in start.catalog_of(chosen) if name not in loaded]
    if absent:
        said = Title("Not loaded, so not checked: {layers}")
        yield Finding(Title("Layers"), said, {"layers": ", ".join(absent)}, good=False)
    said = Title("{count} layers are loaded.")
    yield Finding(Title("Layers"), said, {"count": len(loaded)}, good=bool(loaded))


def _facts(chosen: Settings) -> Iterator[Finding]:
    """Tell whether the facts can be read and belong to the loaded layers."""
    from layers.facts_store import FactStore  # noqa: PLC0415 - heavy

    kept = FactStore(chosen.home / "facts")
    kept.check()
    measured = kept.read()
    current = kept.is_current(start.layers_of(chosen))
    said = (
        Title("{parcels} parcels are measured, version {version}.")
        if current
        else Title("The facts are older than the layers: `landmap ingest`.")
    )
    values = {"parcels": f"{len(measured.table):,}", "version": measured.version}
    yield Finding(Title("Facts"), said, values, good=current)


def _ledger(chosen: Settings) -> Iterator[Finding]:
    """Check the ledger's history from the first row to the last."""
    if not start.has_ledger(chosen):
        said = Title("There is no ledger yet: start the app once.")
        yield Finding(Title("Ledger"), said, good=False)
        return
    from ledger import audit  # noqa: PLC0415 - heavy
    from ui.terminal import OPERATOR  # noqa: PLC0415 - heavy

    ledger = start.open_ledger(chosen)
    with ledger.read(OPERATOR) as work:
        found = audit.verify(work)
    ledger.close()
    said = (
        Title("{rows} rows of history, none altered.")
        if found.broken is None
        else Title("The history is broken at row {broken}, after {rows} good ones.")
    )
    yield Finding(
        Title("Ledger"),
        said,
        {"rows": found.rows, "broken": found.broken},
        good=found.broken is None,
    )


def _fonts(_chosen: Settings) -> Iterator[Finding]:
    """Look for a font with Chinese signs, where the system can be asked."""
    program = shutil.which("fc-list")
    if program is None:
        said = Title("Cannot be asked on this system; readers' own fonts are used.")
        yield Finding(Title("Fonts"), said)
        return
    listed = subprocess.run(  # noqa: S603 - a program of the system, no input
        [program, ":lang=zh", "family"], capture_output=True, text=True, check=False
    ).stdout.splitlines()
    said = (
        Title("{count} fonts with Chinese signs")
        if listed
        else Title("No font with Chinese signs: install fonts-noto-cjk.")
    )
    yield Finding(Title("Fonts"), said, {"count": len(listed)}, good=bool(listed))


def _browser(_chosen: Settings) -> Iterator[Finding]:
    """Look for a browser; only the browser tests need one here."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    said = (
        "{program}"
        if found
        else Title("None here; the browser tests would install Chromium.")
    )
    yield Finding(Title("Browser"), said, {"program": found})

"""Fixtures for all rooms: the folder beside the repository, a browser, the app."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Route,
    expect,
    sync_playwright,
)

from benchmarks.own_postgis import ABSENT, OwnPostgis, own_postgis, programs
from benchmarks.own_postgres import OwnPostgres, own_postgres

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
STARTS_WITHIN_S = 300
ANSWERS_WITHIN_MS = 30_000  # a busy machine is no failure
# The tests start a hundred processes; each would compile all it imports anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
COUNTED = ("gis", "layers", "ledger", "siting")
EARLY = pytest.StashKey[ExitStack]()
SERVER = pytest.StashKey["Future[str]"]()
NOT_RUN = pytest.StashKey[int]()
WITHOUT_POSTGIS = pytest.StashKey[Counter[str]]()

# How long an example takes tells of the machine, not of the code.
hypothesis_settings.register_profile(
    "unhurried", parent=hypothesis_settings.default, deadline=None
)
hypothesis_settings.load_profile("unhurried")

BROWSERS = (
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
NO_BROWSER = (
    "No Chrome, Chromium or Edge was found and none could be installed. Install one"
    " (Debian: `apt-get install chromium fonts-noto-cjk`; elsewhere:"
    " `uv run playwright install --with-deps chromium`), or leave these tests out on"
    ' purpose with `-m "not browser"`.'
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.hookimpl(trylast=True)  # after -k and -m have chosen
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what needs the folder beside the repository where it is absent.

    So it is with PostGIS. The long runs on damaged files are for who asks for them.
    Which lines of a room run is counted in the tests of the rooms that are counted: a
    page that happens to pass proves nothing, and pages are drawn far faster uncounted.
    """
    for item in items:
        room = item.path.relative_to(ROOT / "tests").parts[0]
        if room not in COUNTED:
            item.add_marker("no_cover")
    if "fuzz" not in str(config.option.markexpr):
        long = [item for item in items if item.get_closest_marker("fuzz")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    if programs() is None:
        unmet = [item for item in items if item.get_closest_marker("postgis")]
        config.stash[WITHOUT_POSTGIS] = Counter(
            item.nodeid.partition("::")[0] for item in unmet
        )
        config.hook.pytest_deselected(items=unmet)
        items[:] = [item for item in items if item not in unmet]
    away = [item for item in items if item.get_closest_marker("shared")]
    if SHARED.is_dir() or not away:
        return
    config.stash[NOT_RUN] = len(away)
    config.hook.pytest_deselected(items=away)
    items[:] = [item for item in items if item not in away]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the app on its sample data early: that takes a minute of another core."""
    stack = session.config.stash[EARLY] = ExitStack()
    if session.config.option.collectonly or not asked_for(session, "server"):
        return
    home = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
    starting = stack.enter_context(ThreadPoolExecutor(1))
    entering = starting.submit(stack.enter_context, running_app(home))
    session.config.stash[SERVER] = entering


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop what was started early."""
    if starting := session.config.stash.get(SERVER, None):
        starting.exception()  # it may still be starting; who asked for it was told
    if EARLY in session.config.stash:
        session.config.stash[EARLY].close()


def asked_for(session: pytest.Session, fixture: str) -> bool:
    """Tell whether a test that will run asks for a fixture."""
    return any(fixture in getattr(item, "fixturenames", ()) for item in session.items)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many additional checks were not run."""
    unmet = config.stash.get(WITHOUT_POSTGIS, Counter())
    if unmet:
        told = ", ".join(f"{number} of {file}" for file, number in unmet.items())
        terminalreporter.write_line(
            f"{unmet.total()} tests were not run, because {ABSENT}: {told}"
        )
    left_out = config.stash.get(NOT_RUN, 0)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} additional checks were not run: there is no {SHARED}."
        )


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of oracles and real data beside the repository."""
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnPostgres]:
    """Start a PostgreSQL that is gone with the tests, so it never waits for a disk."""
    with own_postgres() as server:
        server.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server


@pytest.fixture(scope="session")
def postgis() -> Iterator[OwnPostgis]:
    """Start a PostGIS that is gone with the tests."""
    with own_postgis() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a browser; without one try to install it; without luck fail."""
    expect.set_options(timeout=ANSWERS_WITHIN_MS)
    with sync_playwright() as playwright:
        program = find_browser(playwright.chromium.executable_path)
        if program is None:
            pytest.fail(NO_BROWSER, pytrace=False)
        chromium = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield chromium
        chromium.close()


def find_browser(playwrights_own: str) -> str | None:
    """Find a browser, or install one and find it then."""
    for install in (None, *installers()):
        if install is not None:
            subprocess.run(install, check=False)
        found = [shutil.which(name) for name in (*BROWSERS, playwrights_own)]
        if any(found):
            return next(name for name in found if name)
    return None


def installers() -> list[list[str]]:
    """List the commands that may bring a browser, in the order they are tried."""
    commands = [
        [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    ]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        commands.append(["apt-get", "update"])
        commands.append(["apt-get", "install", "-y", "chromium", "fonts-noto-cjk"])
    return commands


@contextmanager
def only_asking(
    browser: Browser, address: str, **options: Any
) -> Iterator[BrowserContext]:
    """Open a browser profile that reads Chinese and may ask nobody but one server.

    A request to another host fails the test, and so does an uncaught error in a page.
    """
    profile = browser.new_context(**{
        "locale": "zh-CN",
        "viewport": {"width": 1366, "height": 768},
        **options,
    })
    profile.set_default_timeout(30_000)
    foreign: list[str] = []
    errors: list[str] = []
    ours = urlsplit(address).netloc

    def only_ours(route: Route) -> None:
        if urlsplit(route.request.url).netloc == ours:
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    profile.route(lambda url: urlsplit(url).scheme in {"http", "https"}, only_ours)
    profile.on("weberror", lambda error: errors.append(str(error.error)))
    yield profile
    profile.close()
    assert foreign == []
    assert errors == []


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """Open a profile that asks the app on its sample data, and nobody else."""
    with only_asking(browser, server) as profile:
        yield profile


@pytest.fixture(scope="session")
def asking() -> Callable[..., AbstractContextManager[BrowserContext]]:
    """Return what opens a profile that may ask one server only."""
    return only_asking


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Open an empty page."""
    return context.new_page()


@contextmanager
def running_app(home: Path, **settings: str) -> Iterator[str]:
    """Start the real app in a home; stop it in the end.

    Args:
        home: Folder of its state.
        **settings: Further settings, by the name of their variable.

    Yields:
        Its address.
    """
    port = free_port()
    log = home / "server.log"
    ours = {name: value for name, value in os.environ.items() if "LANDMAP" not in name}
    environment = ours | {"LANDMAP_HOME": str(home)} | settings
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        base = settings.get("LANDMAP_BASE_PATH", "")
        wait_until_healthy(f"{address}/{base}".rstrip("/"), process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """Return the address of the real app on its sample data, in a home of its own."""
    return request.config.stash[SERVER].result()


@pytest.fixture(scope="session")
def running() -> Callable[..., AbstractContextManager[str]]:
    """Return what starts the app in another home."""
    return running_app


def wait_until_healthy(
    address: str, process: subprocess.Popen[bytes], log: Path
) -> None:
    """Wait for the app's own word that it is ready."""
    last = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < last and process.poll() is None:
        asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
        try:
            asked.request("GET", f"{urlsplit(address).path}/healthz")
            if asked.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass  # not there yet, as one that says it is not ready
        finally:
            asked.close()
        time.sleep(0.2)  # who asks without a pause uses up the quota of its visitors
    pytest.fail(f"The app did not start:\n{log.read_text('utf-8')}", pytrace=False)


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

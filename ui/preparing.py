"""Build what is missing behind a server that already answers (`streamlit run`)."""

import ast
import gc
import inspect
import logging
from asyncio import get_running_loop
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from threading import Thread
from typing import Final

from streamlit.web.server.starlette.starlette_app import App

from gis.errors import LandMapError, StoreError
from ui import start
from ui.i18n import LANGUAGES, t
from ui.page_list import pages_of
from ui.settings import ROOT, settings

LOOK_FOR_GARBAGE: Final = (20_000, 15, 50)
"""Garbage in cycles is looked for seldom: a whole look takes 100 ms, amid an answer.

A page leaves 20,000 things behind, so the young are gone through once a page and all
of them once in some hundred pages.
"""
IMPORTED_BY_PAGES: Final = (
    "ui.resources",
    "ui.offline_map",
    "folium.plugins",
    "PIL.PngImagePlugin",
    "streamlit.emojis",
)
"""What the first page would wait for, up to half a second each."""
FIRST_ANSWER_S = 0.5  # the page itself goes first; importing would hold it up


class Preparation:
    """How far the building is: the step at work, or why it failed."""

    def __init__(self) -> None:
        """Begin before the first step."""
        self.error: LandMapError | None = None
        self.working = False
        self._step: tuple[str, Mapping[str, object]] | None = None

    def run(self) -> None:
        """Build what is missing; a refusal is kept for those who wait."""
        try:
            start.prepare(settings(), say=self._say)
            warm_up()
        except LandMapError as error:
            self.error = error
        except Exception as error:  # a thread that dies silently keeps all waiting
            logging.getLogger(__name__).exception("Preparing failed")
            self.error = StoreError(
                "Preparing stopped on a fault of LandMap ({why}): its log tells more;"
                " restart LandMap.",
                why=f"{type(error).__name__}: {error}",
            )
        finally:
            self.working = False

    def told(self) -> str:
        """Return the step at work in the reader's language, empty before the first."""
        return t(self._step[0], **self._step[1]) if self._step else ""

    def _say(self, msgid: str, values: Mapping[str, object]) -> None:
        self._step = (msgid, values)


def warm_up() -> None:
    """Import what every page needs before the first reader comes."""
    for name in IMPORTED_BY_PAGES:
        import_module(name)
    _open_ledger()
    _draw_a_tile()
    if settings().public:
        _make_ready_for_visitors()
    # Streamlit asks once where it was called from; finding all modules takes 0.5 s.
    inspect.stack()
    # What stands now stays: a look for garbage amid an answer need not go through it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LOOK_FOR_GARBAGE)


def _make_ready_for_visitors() -> None:
    """Import the public pages and read what they show: nobody knows who comes first."""
    from siting.measures import MANY  # noqa: PLC0415 - heavy
    from siting.tally import warm  # noqa: PLC0415 - the same
    from ui import resources  # noqa: PLC0415 - the same

    for entry in pages_of(public=True):
        screen = ast.parse((ROOT / "ui" / "screens" / entry.file).read_text("utf-8"))
        for found in ast.walk(screen):
            if isinstance(found, ast.ImportFrom) and found.module:
                import_module(found.module)
    if len(resources.board(internal=False)) >= MANY:
        warm()  # else a thread would, beside the first visitor's page
    resources.directory(internal=False)
    resources.open_frame()
    for code in LANGUAGES:
        resources.map_setting(code, internal=False)


def _open_ledger() -> None:
    """Bring a ledger of before to the newest schema; its readers tell what is wrong."""
    from ui import resources  # noqa: PLC0415 - heavy

    with suppress(LandMapError):
        resources.ledger()


def _draw_a_tile() -> None:
    """Draw a tile before somebody waits for it: its loops may need compiling."""
    from layers.tiles import tile_source  # noqa: PLC0415 - heavy
    from ui import resources  # noqa: PLC0415 - heavy

    for name in resources.store().versions():
        if resources.catalog()[name].role == "parcel":
            # Not through the cache of the app: that is a session's to fill.
            tile_source(resources.store(), name).draw_any()


PREPARATION = Preparation()


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[None]:
    """Build in a thread of its own while the server starts.

    Yields:
        Nothing; the server runs meanwhile.
    """
    PREPARATION.working = True
    thread = Thread(target=PREPARATION.run, name="prepare", daemon=True)
    get_running_loop().call_later(FIRST_ANSWER_S, thread.start)
    yield

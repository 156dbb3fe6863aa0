"""Build what is missing behind a server that already answers (`streamlit run`)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from threading import Thread

from streamlit.web.server.starlette.starlette_app import App

from gis.errors import LandMapError
from ui import start
from ui.i18n import t
from ui.settings import settings


class Preparation:
    """How far the building is: the step at work, or why it failed."""

    def __init__(self) -> None:
        """Begin before the first step."""
        self.error: LandMapError | None = None
        self._step: tuple[str, Mapping[str, object]] | None = None

    def run(self) -> None:
        """Build what is missing; a refusal is kept for those who wait."""
        try:
            start.prepare(settings(), say=self._say)
        except LandMapError as error:
            self.error = error

    def told(self) -> str:
        """Return the step at work in the reader's language, empty before the first."""
        return t(self._step[0], **self._step[1]) if self._step else ""

    def _say(self, msgid: str, values: Mapping[str, object]) -> None:
        self._step = (msgid, values)


PREPARATION = Preparation()


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[None]:
    """Build in a thread of its own while the server starts.

    Yields:
        Nothing; the server runs meanwhile.
    """
    Thread(target=PREPARATION.run, name="prepare", daemon=True).start()
    yield

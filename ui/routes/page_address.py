"""The addresses of pages: Streamlit's own document, told where the server is.

Streamlit's document asks for the server under the address of the page first, then under
each folder above it: opened at `/ledger` it asks for `/ledger/_stcore/health`, is told
404, and shows an error in the console before it has begun. The server is where the
document's own scripts are.
"""

from functools import cache
from pathlib import Path
from typing import Final

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse

DOCUMENT: Final = Path(streamlit.__file__).parent / "static" / "index.html"
BEFORE: Final = '<script type="module"'
TOLD: Final = (
    "<script>window.__streamlit ="
    ' {BACKEND_BASE_URL: new URL(".", location.href).href}</script>\n    '
)


async def page_address(_: Request) -> HTMLResponse:
    """Answer the address of a page with the document that draws it."""
    return HTMLResponse(_document(), headers={"Cache-Control": "no-cache"})


@cache
def _document() -> str:
    return DOCUMENT.read_text("utf-8").replace(BEFORE, TOLD + BEFORE, 1)

"""`/assets/map.js`: the scripts of the map as one file.

The component loads scripts one after another, each before it asks for the next, and one
that fails to load leaves the map blank: one file is one question.
"""

from hashlib import sha256
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ui.routes.assets import ASK_AGAIN, ASSETS, TYPES

MAP_SCRIPT: Final = "map.js"
# In this order: each uses only what stands before it.
PARTS: Final = (
    "map_page.js",
    "map_tiles.js",
    "map_pens.js",
    "map_lit.js",
    "map_check.js",
    "map_names.js",
    "map_panel.js",
    "map_search.js",
    "map_readout.js",
    "map_compare.js",
    "map_tools.js",
    "site_map.js",
)


async def map_script(request: Request) -> Response:
    """Answer `GET /assets/map.js`.

    Returns:
        200 with the script; 304 where the browser has it as it is.
    """
    text = await run_in_threadpool(_joined)
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {
        "Cache-Control": ASK_AGAIN,
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
    }
    # A proxy that packs an answer marks its tag as weak.
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=TYPES[".js"], headers=headers)


def _joined() -> str:
    parts = ((name, (ASSETS / name).read_text("utf-8")) for name in PARTS)
    return "\n".join(f"/* {name} */\n{text}" for name, text in parts)

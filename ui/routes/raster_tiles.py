"""`/tiles/{layer}/{version}/{z}/{x}/{y}.png`: one's own pictures of the ground."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ui import resources
from ui.routes.tiles import Shelf, TileDesk, Wanted, answer

JPEG: Final = b"\xff\xd8"


async def raster_tile(request: Request) -> Response:
    """Answer with a tile of a picture.

    Returns:
        200 with PNG or JPEG; else as `ui.routes.tiles.tile`.
    """

    def published(name: str) -> str | None:
        declared = resources.rasters()
        return declared[name].publish if name in declared else None

    shelf = Shelf(published, lambda name: resources.raster_store().version(name))
    return await answer(request, DESK, shelf, _as_picture)


def _drawn(wanted: Wanted) -> bytes:
    """Draw a tile of the version that is asked for, whichever is current."""
    source = resources.raster_source(wanted.layer, wanted.version)
    if source.declared.publish != "public" and not wanted.internal:
        # What is public today was not when this version was taken in.
        raise HTTPException(404, "There is no such layer.")
    return source.tile(wanted.z, wanted.x, wanted.y) or b""


def _as_picture(made: bytes, _request: Request, headers: dict[str, str]) -> Response:
    kind = "image/jpeg" if made.startswith(JPEG) else "image/png"
    return Response(made, media_type=kind, headers=headers)


DESK: Final = TileDesk(_drawn)

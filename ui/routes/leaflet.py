"""`/leaflet.pdf?list=A,B`: parcels on offer as a leaflet to print, for anybody."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gis.errors import RequestError
from ui.base_path import base_path
from ui.land_link import APART, MOST_COMPARED, tidy
from ui.routes.desk import NOT_KEPT, Asked, Desk
from ui.settings import settings

LEAFLET: Final = "/leaflet.pdf"
DRAWING: Final = Desk("leaflet", threads=1, waiting=6)


async def leaflet(request: Request) -> Response:
    """Answer `GET /leaflet.pdf`."""
    here = f"{request.url.scheme}://{request.url.netloc}{base_path()}"
    base = settings().public_url.rstrip("/") or here

    def made(asked: Asked) -> Response:
        return _made(asked, base)

    return await DRAWING.answer(request, made)


def _made(asked: Asked, base: str) -> Response:
    from reports.leaflet import leaflet_pdf  # noqa: PLC0415 - typst is heavy
    from ui.leaflet_content import leaflet_of  # noqa: PLC0415 - matplotlib is heavy

    ids = tidy(asked.query.get("list", "").split(APART))
    if not 0 < len(ids) <= MOST_COMPARED:
        raise RequestError(
            "A leaflet is made of 1 to {most} parcels; {count} were asked for.",
            most=MOST_COMPARED,
            count=len(ids),
        )
    told = leaflet_of(ids, actor=asked.actor, base=base)
    return Response(
        leaflet_pdf(told),
        media_type="application/pdf",
        headers={
            **NOT_KEPT,
            "Content-Disposition": 'inline; filename="LandMap-leaflet.pdf"',
        },
    )

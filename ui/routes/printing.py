"""`/print`: the view of the map as a sheet of paper, PDF or PNG."""

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from reports.sheet_content import Sheet
from ui.print_order import read_order
from ui.print_sheet import Reader, sheet_of
from ui.routes.desk import NOT_KEPT, Asked, Desk

TYPES: Final = {"pdf": "application/pdf", "png": "image/png"}
DRAWING: Final = Desk("print", threads=1, waiting=6)


async def print_view(request: Request) -> Response:
    """Answer `POST /print`; the body is told in `ui.print_order`."""
    return await DRAWING.answer(request, _printed)


def _printed(asked: Asked) -> Response:
    from reports.map_sheet import map_sheet  # noqa: PLC0415 - matplotlib is heavy

    order = read_order(asked.body)
    sheet = sheet_of(order, Reader(asked.actor, asked.internal))
    return Response(
        map_sheet(sheet, order.format),
        media_type=TYPES[order.format],
        headers={**NOT_KEPT, "Content-Disposition": _named(sheet, order.format)},
    )


def _named(sheet: Sheet, kind: str) -> str:
    """Name the file: plain for old browsers, and in any language, never a path."""
    kept = (one if one.isalnum() or one in "-_ " else " " for one in sheet.title)
    name = quote(" ".join("".join(kept).split())[:80] or "LandMap")
    return f"attachment; filename=\"LandMap.{kind}\"; filename*=UTF-8''{name}.{kind}"

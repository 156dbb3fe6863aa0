"""`/open`: the published parcels as files, and a page that tells what is in them."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gis.errors import LayerMissingError
from layers.open_data import FOLDER, FORMATS, open_columns
from ui import resources
from ui.i18n import t
from ui.light_page import POLICY, root_of, written
from ui.routes.light import answered, page_of

TYPES: Final = {
    "parcels.parquet": "application/vnd.apache.parquet",
    "parcels.geojson": "application/geo+json",
    "parcels.csv": "text/csv; charset=utf-8",
}


async def open_page(request: Request) -> Response:
    """Answer `/open`: which files there are and what their columns tell."""
    return await answered(request, _page)


async def open_file(request: Request) -> Response:
    """Answer `/open/{file}`: one of the files."""
    name = request.path_params["file"]
    if name not in FORMATS:
        return await answered(request, _nothing)
    version = await run_in_threadpool(resources.data_home)
    return FileResponse(
        version / FOLDER / name,
        media_type=TYPES[name],
        filename=f"landmap-{name}",
        headers={
            "Cache-Control": "public, max-age=300",
            "Content-Security-Policy": POLICY,
        },
    )


def _page(request: Request) -> str:
    columns = [
        {
            "name": one.name,
            "title": _title(one.title, one.layer),
            "unit": one.unit,
            "note": "" if one.step is None else t("in steps of {step}", step=one.step),
        }
        for one in open_columns(resources.data_home())
    ]
    page = page_of(
        request,
        t("Open data"),
        t("The published parcels as GeoParquet, GeoJSON and CSV."),
    )
    return written(
        "open.html",
        page,
        count=f"{resources.published().count:,}",
        files=FORMATS,
        columns=columns,
        ogc=f"{root_of(request)}/ogc",
    )


def _title(title: str, layer: str) -> str:
    declared = resources.catalog()
    about = t(declared[layer].title) if layer in declared else ""
    return " · ".join(filter(None, (about, t(title))))


def _nothing(_request: Request) -> str:
    raise LayerMissingError("There is no such file.")

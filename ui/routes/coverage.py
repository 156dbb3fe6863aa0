"""`/coverage/{layer}/{version}.json`: how far a layer was looked for."""

import shapely
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ui import access, resources
from ui.settings import settings

SIMPLER_DEG = 0.0003


async def coverage(request: Request) -> Response:
    """Tell the outline of the ground a layer covers, for the map.

    Returns:
        GeoJSON in degrees, EPSG:4490, simplified for the eye.

    Raises:
        HTTPException: 404 where there is no such layer for this reader, 410 where the
            version is not the one in force.
    """
    name = request.path_params["layer"]
    catalog = resources.catalog()
    internal = access.sees_internal(access.actor_of(request.cookies, settings()))
    versions = resources.store().versions()
    if name not in catalog or name not in versions:
        raise HTTPException(404, "There is no such layer.")
    declared = catalog[name]
    if declared.publish != "public" and not internal:
        raise HTTPException(404, "There is no such layer.")
    if request.path_params["version"] != versions[name]:
        raise HTTPException(410, "There is a newer version.")
    text = await run_in_threadpool(_outline, name)
    kept = "public" if declared.publish == "public" else "private"
    return Response(
        text,
        media_type="application/geo+json",
        headers={"Cache-Control": f"{kept}, max-age=31536000, immutable"},
    )


def _outline(name: str) -> str:
    area = shapely.simplify(resources.layer_coverage(name), SIMPLER_DEG)
    return str(shapely.to_geojson(shapely.set_precision(area, 1e-5)))

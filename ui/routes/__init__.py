"""Our own addresses beside Streamlit's pages: assets, health, the actor switch."""

from starlette.routing import BaseRoute, Mount, Route

from ui.base_path import base_path
from ui.page_list import PAGES
from ui.routes import ogc
from ui.routes.actor import switch_actor
from ui.routes.assets import Assets
from ui.routes.coverage import coverage
from ui.routes.health import health
from ui.routes.leaflet import LEAFLET, leaflet
from ui.routes.light import land, land_list, zone, zone_list
from ui.routes.map_script import MAP_SCRIPT, map_script
from ui.routes.map_setting import map_setting
from ui.routes.measures import coordinates, measure
from ui.routes.names import names
from ui.routes.open_data import open_file, open_page
from ui.routes.page_address import page_address
from ui.routes.parcels import parcel, parcel_at, parcel_totals
from ui.routes.places import places
from ui.routes.printing import print_view
from ui.routes.raster_tiles import raster_tile
from ui.routes.robots import robots, sitemap
from ui.routes.tiles import tile


def routes() -> list[BaseRoute]:
    """List our routes; Streamlit does not put its base path before them, so we do."""
    return [*public_routes(), *office_routes(), *page_routes()]


def office_routes() -> list[BaseRoute]:
    """List the routes that a public process does not answer."""
    return [Route(f"{base_path()}/actor", switch_actor, methods=["POST"])]


def page_routes() -> list[BaseRoute]:
    """List the addresses of pages; which of them a process has, its world tells."""
    base = base_path()
    return [Route(f"{base}/{page.path}", page_address) for page in PAGES[1:]]


def public_routes() -> list[BaseRoute]:
    """List the routes that a public process answers too, from what is published."""
    base = base_path()
    return [
        Route(f"{base}/assets/{MAP_SCRIPT}", map_script),
        Mount(f"{base}/assets", Assets()),
        Route(f"{base}/healthz", health),
        Route(f"{base}/tiles/{{layer}}/{{version}}/{{z}}/{{x}}/{{y}}.mvt", tile),
        Route(f"{base}/tiles/{{layer}}/{{version}}/{{z}}/{{x}}/{{y}}.png", raster_tile),
        Route(f"{base}/map/{{digest}}.json", map_setting),
        Route(f"{base}/names/{{version}}.json", names),
        Route(f"{base}/coverage/{{layer}}/{{version}}.json", coverage),
        Route(f"{base}/parcels/at", parcel_at),
        Route(f"{base}/parcels/totals", parcel_totals, methods=["POST"]),
        Route(f"{base}/parcels/{{place}}", parcel),
        Route(f"{base}/measure", measure, methods=["POST"]),
        Route(f"{base}/coordinates", coordinates),
        Route(f"{base}/places", places),
        Route(f"{base}/print", print_view, methods=["POST"]),
        *visitors_routes(),
    ]


def visitors_routes() -> list[BaseRoute]:
    """List the routes that nobody but a public process answers."""
    base = base_path()
    features = f"{base}/ogc/collections/{{name}}"
    told = (
        Route(f"{base}/land", land_list),
        Route(f"{base}/land/{{parcel_id}}", land),
        Route(f"{base}/zone", zone_list),
        Route(f"{base}/zone/{{code}}", zone),
        Route(f"{base}{LEAFLET}", leaflet),
        Route(f"{base}/open", open_page),
        Route(f"{base}/open/{{file}}", open_file),
        Route(f"{base}/robots.txt", robots),
        Route(f"{base}/sitemap.xml", sitemap),
        Route(f"{base}/ogc", ogc.landing),
        Route(f"{base}/ogc/conformance", ogc.conformance),
        Route(f"{base}/ogc/openapi", ogc.openapi),
        Route(f"{base}/ogc/collections", ogc.collections),
        Route(features, ogc.collections),
        Route(f"{features}/schema", ogc.schema),
        Route(f"{features}/queryables", ogc.queryables),
        Route(f"{features}/items", ogc.items),
        Route(f"{features}/items/{{parcel_id}}", ogc.item),
    )
    return list(told)

"""Who may ask which address: every route and every role, written by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.model import Role
from ui import access
from ui.page_list import PAGES
from ui.routes import routes

OFFICES = set(Role) - {Role.INVESTOR, Role.PUBLIC}
EVERYBODY = set(Role)
SENDERS = {Role.PROVINCE, Role.CITY, Role.COUNTY, Role.PLANNER}

# A route without a role's difference is here too: a new one fails until it is listed.
ROUTES: dict[str, set[Role]] = {
    "/assets/map.js": EVERYBODY,
    "/assets": EVERYBODY,
    "/healthz": EVERYBODY,
    "/actor": EVERYBODY,
    "/tiles/{layer}/{version}/{z}/{x}/{y}.mvt": OFFICES,  # with ?for=staff
    "/tiles/{layer}/{version}/{z}/{x}/{y}.png": EVERYBODY,
    "/map/{digest}.json": EVERYBODY,
    "/names/{version}.json": EVERYBODY,
    "/coverage/{layer}/{version}.json": EVERYBODY,
    "/parcels/at": EVERYBODY,
    "/parcels/totals": EVERYBODY,
    "/parcels/{place}": EVERYBODY,
    "/measure": EVERYBODY,
    "/coordinates": EVERYBODY,
    "/places": EVERYBODY,
    "/print": EVERYBODY,
    # Answered by a public process alone, where everybody is the public.
    "/land": {Role.PUBLIC},
    "/land/{parcel_id}": {Role.PUBLIC},
    "/zone": {Role.PUBLIC},
    "/zone/{code}": {Role.PUBLIC},
    "/leaflet.pdf": {Role.PUBLIC},
    "/open": {Role.PUBLIC},
    "/open/{file}": {Role.PUBLIC},
    "/robots.txt": {Role.PUBLIC},
    "/sitemap.xml": {Role.PUBLIC},
    "/ogc": {Role.PUBLIC},
    "/ogc/conformance": {Role.PUBLIC},
    "/ogc/openapi": {Role.PUBLIC},
    "/ogc/collections": {Role.PUBLIC},
    "/ogc/collections/{name}": {Role.PUBLIC},
    "/ogc/collections/{name}/schema": {Role.PUBLIC},
    "/ogc/collections/{name}/queryables": {Role.PUBLIC},
    "/ogc/collections/{name}/items": {Role.PUBLIC},
    "/ogc/collections/{name}/items/{parcel_id}": {Role.PUBLIC},
    # The empty document of each page; the page itself says who it is for.
    **{f"/{page.path}": EVERYBODY for page in PAGES[1:]},
}
UPLOAD = "/_stcore/upload_file/s/f"


def actor_named(role: Role) -> str:
    """Return the demo's actor of a role."""
    return next(name for name, one in access.DEMO_ACTORS.items() if one.role is role)


def test_every_route_is_in_the_table_of_this_test() -> None:
    there = {str(route.path) for route in routes()}  # type: ignore[attr-defined]
    known = {path.replace("/assets/map.js", "") for path in ROUTES}
    scripts = {path for path in there if path.startswith("/assets/")}
    assert len(scripts) == 1
    assert there - scripts == known - {""}


def test_the_demo_has_an_actor_of_every_role() -> None:
    assert {one.role for one in access.DEMO_ACTORS.values()} == EVERYBODY


@pytest.mark.parametrize("role", list(Role))
def test_tiles_of_offices_are_for_offices(desk: Any, role: Role) -> None:
    path = f"/tiles/parcels/{desk.version}/12/3262/1735.mvt?for=staff"
    status, _, _ = desk.raw(path, actor=actor_named(role))
    allowed = role in ROUTES["/tiles/{layer}/{version}/{z}/{x}/{y}.mvt"]
    assert (status != 403) is allowed
    if allowed:
        assert status in {200, 204}


@pytest.mark.parametrize("role", list(Role))
def test_files_are_taken_from_who_checks_land_or_hands_ledgers_in(
    desk: Any, role: Role
) -> None:
    status, _, body = desk.raw(
        UPLOAD, actor=actor_named(role), body="x", **{"Content-Length": "1"}
    )
    refused = status == 403 and b"offices" in body  # Streamlit's own 403 says less
    assert refused is (role not in SENDERS)


@pytest.mark.parametrize("role", list(Role))
def test_what_is_public_is_answered_to_everybody(desk: Any, role: Role) -> None:
    actor = actor_named(role)
    for path in (
        "/healthz",
        f"/tiles/parcels/{desk.version}/12/3262/1735.mvt",
        f"/names/{desk.version}.json",
        f"/coverage/parcels/{desk.version}.json",
        "/parcels/at?lng=106.7&lat=26.6",
        f"/parcels/0?version={desk.version}",
        "/coordinates?lng=106.7&lat=26.6",
        "/places?q=gy",
        "/map/none.json",
    ):
        status, _, _ = desk.raw(path, actor=actor)
        assert status not in {401, 403, 500}, (path, status)


def test_the_offices_process_does_not_answer_what_is_made_for_visitors(
    desk: Any,
) -> None:
    for path, roles in ROUTES.items():
        if roles == {Role.PUBLIC}:
            asked = path.replace("{file}", "parcels.csv").replace("{name}", "parcels")
            status, _, body = desk.raw(asked.replace("{parcel_id}", "GZ-1"))
            assert (status, b"nothing at this address" in body) == (404, True), path


@pytest.mark.parametrize("role", sorted(EVERYBODY - OFFICES))
def test_guests_read_no_more_of_a_parcel_than_is_published(
    desk: Any, role: Role
) -> None:
    own: Callable[..., Any] = desk.get
    office = own("/parcels/0", version=desk.version, actor="province")
    guest = own("/parcels/0", version=desk.version, actor=actor_named(role))
    assert guest["id"] == office["id"]
    assert set(guest) <= set(office)

"""Our addresses beside Streamlit's pages, asked of the real server."""

import hashlib
import http.client
import json
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from ui.routes.assets import ASSETS, VENDOR
from ui.routes.map_script import PARTS

Reply = tuple[int, dict[str, str], bytes]


def ask(
    server: str,
    path: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: str | None = None,
) -> Reply:
    """Send one request as it is, without a client's tidying up of the path."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    read = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    connection.close()
    return read


def switch(server: str, actor: str, **headers: str) -> Reply:
    """Press the switch of the demo's actors."""
    return ask(
        server,
        "/actor",
        method="POST",
        body=urlencode({"actor": actor}),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": server,
            "Referer": f"{server}/data?lang=en",
            **headers,
        },
    )


def test_the_server_is_healthy_once_data_and_ledger_are_ready(server: str) -> None:
    status, _, body = ask(server, "/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})


def test_every_vendored_file_is_as_published() -> None:
    told = dict(
        reversed(line.split("  ", 1))
        for line in (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines()
    )
    own = {"SHA256SUMS", "README.md"}
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in own
    }
    assert there == told
    assert "leaflet/leaflet.js" in told
    assert all(any(VENDOR.glob(f"{name.split('/')[0]}/LICENSE*")) for name in told)


def test_a_vendored_file_is_sent_as_it_is_and_may_be_kept_for_ever(
    server: str,
) -> None:
    status, headers, body = ask(server, "/assets/vendor/leaflet/leaflet.js")
    assert status == 200
    assert body == (VENDOR / "leaflet/leaflet.js").read_bytes()
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"


def test_our_own_asset_is_asked_for_again_and_answered_unchanged(server: str) -> None:
    _, headers, _ = ask(server, "/assets/shell.css")
    assert headers["cache-control"] == "no-cache"
    status, _, body = ask(
        server, "/assets/shell.css", headers={"If-None-Match": headers["etag"]}
    )
    assert (status, body) == (304, b"")


def test_the_map_s_scripts_are_one_file_asked_for_again(server: str) -> None:
    """The component loads scripts one by one: each would be a way there and back."""
    status, headers, body = ask(server, "/assets/map.js")
    assert status == 200
    at = [body.index(f"/* {name} */".encode()) for name in PARTS]
    assert at == sorted(at)
    ours = {path.name for path in ASSETS.glob("map_*.js")} | {"site_map.js"}
    assert set(PARTS) == ours
    assert headers["content-type"].startswith("text/javascript")
    assert headers["cache-control"] == "no-cache"
    for tag in (headers["etag"], f"W/{headers['etag'].removeprefix('W/')}"):
        again = ask(server, "/assets/map.js", headers={"If-None-Match": tag})
        assert (again[0], again[2]) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/..%2fsettings.py",
        "/assets/%2e%2e/settings.py",
        "/assets/vendor/../../settings.py",
        "/assets//etc/passwd",
        "/assets/absent.js",
    ],
)
def test_no_path_leads_out_of_the_assets(server: str, path: str) -> None:
    status, _, body = ask(server, path)
    assert status in {400, 404}
    assert b"LANDMAP" not in body


def test_every_answer_carries_the_headers_that_keep_a_page_to_itself(
    server: str,
) -> None:
    for path in ("/", "/healthz", "/assets/shell.css", "/_stcore/health"):
        _, headers, _ = ask(server, path)
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "object-src 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_the_policy_allows_no_host_but_ours(server: str) -> None:
    _, headers, _ = ask(server, "/")
    words = headers["content-security-policy"].replace(";", " ").split()
    hosts = {urlsplit(word).netloc for word in words if "://" in word}
    assert hosts == {urlsplit(server).netloc}


def test_a_strange_host_header_never_enters_the_policy(server: str) -> None:
    strange = "x; script-src *"
    _, headers, _ = ask(server, "/healthz", headers={"Host": strange})
    assert "script-src *" not in headers["content-security-policy"]
    assert "ws:" not in headers["content-security-policy"]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("role", ["public", "investor"])
def test_guests_leave_no_file_in_our_memory(
    server: str, method: str, role: str
) -> None:
    _, given, _ = switch(server, role)
    cookie = given["set-cookie"].split(";")[0]
    path = "/_stcore/upload_file/any-session/any-file"
    status, _, body = ask(
        server, path, method=method, body="x" * 100, headers={"Cookie": cookie}
    )
    assert status == 403
    assert body == b"Files are taken from offices only."


def test_an_office_leaves_no_file_without_a_page_of_its_own(server: str) -> None:
    path = "/_stcore/upload_file/any-session/any-file"
    status, _, _ = ask(server, path, method="PUT", body="x" * 100)
    assert status in {400, 403}  # Streamlit's own check of its token and session


def test_the_switch_sets_a_cookie_that_scripts_cannot_read(server: str) -> None:
    status, headers, _ = switch(server, "planner")
    assert status == 303
    assert headers["location"] == "/data?lang=en"
    cookie = headers["set-cookie"]
    assert cookie.startswith("landmap_actor=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_the_switch_never_leads_to_another_site(server: str) -> None:
    for referer in ("//evil.example/x", "https://evil.example//evil.example/x"):
        _, headers, _ = switch(server, "public", Referer=referer)
        assert not headers["location"].startswith("//")
        assert "evil.example" not in urlsplit(headers["location"]).netloc


def test_another_site_cannot_press_the_switch(server: str) -> None:
    assert switch(server, "county", Origin="https://evil.example")[0] == 403
    assert switch(server, "county", Origin="null")[0] == 403
    assert switch(server, "county", Origin="")[0] == 403


def test_there_is_no_actor_but_those_of_the_demo(server: str) -> None:
    status, headers, _ = switch(server, "emperor")
    assert status == 400
    assert "set-cookie" not in headers


def test_the_switch_is_a_button_not_a_link(server: str) -> None:
    _, headers, _ = ask(server, "/actor?actor=county")
    assert "landmap_actor" not in headers.get("set-cookie", "")


def test_the_key_and_the_ledger_are_not_served(server: str) -> None:
    for path in ("/assets/secret.key", "/secret.key", "/var/ledger.db", "/ledger.db"):
        _, _, body = ask(server, path)
        assert body == b"Not Found" or b"<!doctype html>" in body.lower()


def test_assets_hold_nothing_that_is_no_asset() -> None:
    suffixes = {path.suffix for path in Path(ASSETS).rglob("*") if path.is_file()}
    assert suffixes <= {".css", ".js", ".png", ".svg", ".md", "", ".txt", ".woff2"}

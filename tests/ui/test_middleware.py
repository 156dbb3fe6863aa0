"""The demo answers this machine only, whatever server it runs under."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from gis.errors import SettingsError
from ui import access, middleware
from ui.middleware import DemoStaysHome, OfficeUploads
from ui.settings import Settings


def call(
    kind: str, client: tuple[str, int] | None, **headers: str
) -> list[dict[str, Any]]:
    """Call an application behind the middleware, and collect what it sends."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await PlainTextResponse("inside")(scope, receive, send)

    scope = {"type": kind, "client": client, "path": "/", "method": "GET"}
    said = [
        (name.replace("_", "-").encode(), value.encode())
        for name, value in headers.items()
    ]
    called = DemoStaysHome(behind)({**scope, "headers": said}, receive, send)
    with ThreadPoolExecutor(1) as aside:  # the browser's own loop runs in this thread
        aside.submit(asyncio.run, called).result()
    return sent


def use(monkeypatch: pytest.MonkeyPatch, *, demo: bool) -> None:
    chosen = Settings.model_construct(demo=demo)
    monkeypatch.setattr(middleware, "settings", lambda: chosen)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_answered(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    use(monkeypatch, demo=True)
    assert call("http", (host, 1))[0]["status"] == 200
    assert call("websocket", (host, 1)) == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("host", ["192.168.1.4", "::ffff:10.0.0.1", "2001:db8::1"])
def test_another_machine_is_refused_by_the_demo(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    use(monkeypatch, demo=True)
    answer = call("http", (host, 1))
    assert answer[0]["status"] == 403
    assert b"LANDMAP_DEMO=false" in answer[1]["body"]
    assert call("websocket", (host, 1))[0]["type"] == "websocket.close"


@pytest.mark.parametrize("name", ["x_forwarded_for", "x_real_ip"])
@pytest.mark.parametrize(
    "said", ["192.168.1.4", "127.0.0.1, 192.168.1.4", "192.168.1.4, 127.0.0.1", "?"]
)
def test_a_proxy_on_this_machine_opens_no_door_to_others(
    monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    use(monkeypatch, demo=True)
    assert call("http", ("127.0.0.1", 1), **{name: said})[0]["status"] == 403
    assert call("websocket", ("127.0.0.1", 1), **{name: said})[0]["type"] == (
        "websocket.close"
    )


def test_who_comes_through_a_proxy_from_this_machine_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, demo=True)
    answer = call("http", ("127.0.0.1", 1), x_forwarded_for="127.0.0.1, ::1")
    assert answer[0]["status"] == 200


def test_another_machine_is_answered_outside_the_demo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, demo=False)
    assert call("http", ("192.168.1.4", 1))[0]["status"] == 200


def test_settings_that_cannot_be_read_open_no_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Settings:
        raise SettingsError("Settings cannot be used:")

    monkeypatch.setattr(middleware, "settings", broken)
    answer = call("http", ("127.0.0.1", 1))
    assert answer[0]["status"] == 403
    assert b"Settings cannot be used" in answer[1]["body"]


def send_file(
    monkeypatch: pytest.MonkeyPatch, role: str, **headers: str
) -> tuple[int, bytes]:
    """Send a file to the upload address as a role."""
    chosen = Settings.model_construct(demo=True)
    monkeypatch.setattr(middleware, "settings", lambda: chosen)
    monkeypatch.setattr(
        middleware.access, "actor_of", lambda *_: access.DEMO_ACTORS[role]
    )
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/_stcore/upload_file/session/file",
        "headers": [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in headers.items()
        ],
    }
    called = OfficeUploads(PlainTextResponse("taken"))(scope, receive, send)
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, called).result()
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize("role", ["province", "city", "county", "planner"])
def test_offices_send_files(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    assert send_file(monkeypatch, role, content_length="100") == (200, b"taken")


@pytest.mark.parametrize("role", ["investor", "public"])
def test_guests_send_none(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    assert send_file(monkeypatch, role, content_length="100")[0] == 403


@pytest.mark.parametrize(
    ("length", "status"),
    [(str(middleware.MOST_UPLOADED + 1), 413), ("", 411), ("-1", 411), ("1e3", 411)],
)
def test_a_file_says_its_length_and_is_not_too_long(
    monkeypatch: pytest.MonkeyPatch, length: str, status: int
) -> None:
    assert send_file(monkeypatch, "planner", content_length=length)[0] == status

"""One address may ask only so much of a public process."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from ui import quotas
from ui.quotas import Allowance, Quotas, household
from ui.settings import Settings


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_was_used_comes_back_little_by_little() -> None:
    clock = Clock()
    allowance = Allowance(60.0, now=clock)
    assert [allowance.take("a", 3) for _ in range(4)] == [True, True, True, False]
    clock.now = 19.9  # a third of the minute is a third of three
    assert not allowance.take("a", 3)
    clock.now = 40.0
    assert allowance.take("a", 3)


def test_addresses_do_not_use_each_other_up() -> None:
    allowance = Allowance(60.0, now=Clock())
    assert allowance.take("a", 1)
    assert allowance.take("b", 1)
    assert not allowance.take("a", 1)


def test_a_refusal_costs_nothing() -> None:
    clock = Clock()
    allowance = Allowance(60.0, now=clock)
    for _ in range(100):
        allowance.take("a", 1)
    clock.now = 60.0
    assert allowance.take("a", 1)


def test_addresses_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quotas, "MOST_ADDRESSES", 2)
    allowance = Allowance(60.0, now=Clock())
    for one in "abc":
        allowance.take(one, 1)
    assert not allowance.take("c", 1)
    assert allowance.take("a", 1)  # forgotten, and so allowed


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_a_household_is_counted_as_one(address: str, counted: str) -> None:
    assert household(address) == counted


def chosen(monkeypatch: pytest.MonkeyPatch, **told: Any) -> None:
    given = Settings.model_construct(**{"public": True, "quota_requests": 2, **told})
    monkeypatch.setattr(quotas, "settings", lambda: given)
    monkeypatch.setattr(quotas, "REQUESTS", Allowance(60.0, now=Clock()))


async def ask(app: Quotas, kind: str, host: str, path: str = "/") -> str | int:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "client": (host, 1), "path": path, "method": "GET"}
    await app({**scope, "headers": []}, receive, send)
    return sent[0].get("status") or sent[0]["type"]


def run(coroutine: Any) -> Any:
    with ThreadPoolExecutor(1) as aside:  # the browser's own loop runs in this thread
        return aside.submit(asyncio.run, coroutine).result()


def test_too_many_requests_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen(monkeypatch)
    app = Quotas(PlainTextResponse("here"))

    async def several() -> list[str | int]:
        hosts = ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")
        return [await ask(app, "http", host) for host in hosts]

    assert run(several()) == [200, 200, 429, 200]


def test_the_files_of_a_page_use_up_little(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen(monkeypatch)
    app = Quotas(PlainTextResponse("here"))

    async def several(host: str, path: str, count: int) -> list[str | int]:
        return [await ask(app, "http", host, path) for _ in range(count)]

    for host, path in (("192.0.2.2", "/static/a.js"), ("192.0.2.3", "/assets/a.js")):
        assert run(several(host, path, 17)).index(429) == 16
    assert run(several("192.0.2.1", "/land/static/", 3)) == [200, 200, 429]


def test_offices_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen(monkeypatch, public=False)
    app = Quotas(PlainTextResponse("here"))

    async def several() -> list[str | int]:
        return [await ask(app, "http", "192.0.2.1") for _ in range(9)]

    assert set(run(several())) == {200}


def test_a_page_too_many_is_not_opened_until_another_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen(monkeypatch, quota_requests=100, quota_sessions=1)
    closed = asyncio.Event()

    async def page(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await closed.wait()

    app = Quotas(page)

    async def several() -> list[str | int]:
        first = asyncio.create_task(ask(app, "websocket", "192.0.2.1"))
        await asyncio.sleep(0)
        second = await ask(app, "websocket", "192.0.2.1")
        closed.set()
        return [await first, second, await ask(app, "websocket", "192.0.2.1")]

    assert run(several()) == ["websocket.accept", "websocket.close", "websocket.accept"]


def test_inquiries_are_counted_by_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen(monkeypatch, quota_inquiries=2)
    monkeypatch.setattr(quotas, "INQUIRIES", Allowance(3_600.0, now=Clock()))
    assert [quotas.may_inquire("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert quotas.may_inquire(None)

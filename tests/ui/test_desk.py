"""The desk behind the map's questions: nobody may hold a place for ever."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.requests import Request

from ui.routes import desk
from ui.routes.desk import Asked, Desk
from ui.settings import Settings, settings

HEADERS = [
    (b"host", b"land.example"),
    (b"origin", b"https://land.example"),
    (b"content-type", b"application/json"),
]


@pytest.fixture(autouse=True)
def _home(at_home: Settings) -> Iterator[None]:
    del at_home
    settings.cache_clear()
    yield
    settings.cache_clear()


def posted(receive: Callable[..., Any]) -> Request:
    return Request(
        {
            "type": "http",
            "method": "POST",
            "headers": HEADERS,
            "query_string": b"lang=en",
            "path_params": {},
        },
        receive,
    )


def answered(request: Request, asked_of: Desk) -> tuple[int, Any]:
    """Ask in a thread: browser tests keep a loop in this one."""

    def echo(asked: Asked) -> dict[str, Any]:
        return {"read": asked.body}

    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(asyncio.run, asked_of.answer(request, echo)).result()
    return told.status_code, json.loads(told.body)


async def _whole() -> dict[str, Any]:
    return {"type": "http.request", "body": b"[1]", "more_body": False}


async def _endless() -> dict[str, Any]:
    await asyncio.sleep(0.01)
    return {"type": "http.request", "body": b" ", "more_body": True}


def test_a_body_that_never_ends_gives_its_place_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk, "SENT_WITHIN_S", 0.1)
    small = Desk("small", threads=1, waiting=1)
    status, told = answered(posted(_endless), small)
    assert (status, told) == (400, {"error": "What was sent took too long."})
    assert answered(posted(_whole), small) == (200, {"read": [1]})


def test_more_than_may_wait_are_sent_away_and_told_so() -> None:
    full = Desk("full", threads=1, waiting=0)
    status, told = answered(posted(_whole), full)
    assert status == 503
    assert "Too much is asked for at once" in told["error"]

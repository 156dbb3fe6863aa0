"""What landed firms of the sample ledger ask for, and how far each request came."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from numpy.random import Generator

from sample_data.generator.casework import Row
from sample_data.generator.draw import stream
from sample_data.generator.facts import read_facts
from sample_data.generator.projects import AS_OF, STARTED

COUNT = 28
CHANNELS = ("hotline", "portal", "visit", "agency")
STATES = ("raised", "routed", "answered", "confirmed", "closed")
SAID = "企业负责人表示认可（示例）"
HALF = 0.5


def draw_requests(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Draw requests of firms whose construction has started.

    Args:
        projects: The projects of the sample ledger, as drawn.
        seed: Seed of the province.

    Returns:
        One entry a request; the office is the one that the rules propose.
    """
    rng = stream(seed, "requests of firms")
    landed = [one for one in projects if one["stage"] in STARTED]
    kinds = list(read_facts("request_kinds").itertuples(index=False))
    order = rng.permutation(len(landed))
    return [
        _request(rng, landed[int(order[number])], kinds[number % len(kinds)])
        for number in range(COUNT)
    ]


def _request(rng: Generator, project: Row, kind: Any) -> Row:  # noqa: ANN401 - a row of a table
    """Draw one request and the days of its course, none after the ledger's day."""
    state = STATES[int(rng.integers(len(STATES)))]
    came = STATES.index(state)
    started = date.fromisoformat(project["started_on"])
    raised = max(started, AS_OF - timedelta(days=int(rng.integers(4, 60))))
    answered = min(raised + timedelta(days=int(rng.integers(1, 12))), AS_OF)
    confirmed = min(answered + timedelta(days=int(rng.integers(0, 6))), AS_OF)
    return {
        "project": project["code"],
        "title": f"{kind.title}（示例）",
        "channel": CHANNELS[int(rng.integers(len(CHANNELS)))],
        "category": kind.category,
        "raised_on": raised.isoformat(),
        "routed": came >= STATES.index("routed"),
        "due_on": (raised + timedelta(days=int(rng.integers(10, 60)))).isoformat(),
        "handed_up": "超过办理时限（示例）"
        if state == "routed" and rng.uniform() < HALF
        else "",
        "answer": f"{kind.answer}（示例）" if came >= STATES.index("answered") else "",
        "answered_on": answered.isoformat(),
        "said": SAID if came >= STATES.index("confirmed") else "",
        "confirmed_on": confirmed.isoformat(),
        "evidence": "企业诉求办结单（示例）" if state == "closed" else "",
    }

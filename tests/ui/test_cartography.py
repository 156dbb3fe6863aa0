"""The map that stays, and the message that redraws what varies on it."""

import base64
import json
import zlib
from collections.abc import Sequence

import numpy as np
from folium import FeatureGroup
from streamlit_folium import generate_js_hash, generate_leaflet_string

from ui.cartography import site_map, varying
from ui.map_message import Claimed, Focus, Lit, Message
from ui.offline_map import assert_offline

HOSTILE = "地块{{7*7}}${alert(1)}</script><img src=x onerror=alert(1)>"
BOX = (103.6, 24.6, 109.6, 29.2)


def _lit(places: Sequence[int] = (7, 3), *, flagged: bool = False) -> Lit:
    count = len(places)
    return Lit(
        places=np.array(places),
        at=np.array([[106.7 + number, 26.5] for number in range(count)]),
        flagged=np.full(count, flagged),
        scores=np.array([86.25, *[np.nan] * (count - 1)])[:count],
    )


def _message(lit: Lit | None = None, **more: object) -> Message:
    return Message("v1", "parcels/v1", _lit() if lit is None else lit, more=more)


def _sent(message: Message) -> str:
    drawn = site_map(BOX)
    drawn.render()
    group: FeatureGroup = varying(message)
    group.add_to(drawn)
    group.render()
    return str(generate_leaflet_string(group, base_id="feature_group_0"))


def _ints(packed: str, kind: str) -> list[int]:
    numbers: list[int] = np.frombuffer(base64.b64decode(packed), dtype=kind).tolist()
    return numbers


def test_the_stock_hash_takes_two_parcels_for_one_map() -> None:
    # The trap itself: without it the next test would prove nothing.
    assert generate_js_hash("draw('520100_001')") == generate_js_hash(
        "draw('520100_002')"
    )


def test_the_map_itself_never_varies_in_a_session() -> None:
    hashes = {
        generate_js_hash(str(generate_leaflet_string(site_map(BOX)))) for _ in range(3)
    }
    assert len(hashes) == 1


def test_messages_that_differ_only_behind_an_underscore_are_sent_apart() -> None:
    first, second = (_sent(_message(title=f"520100_{n}")) for n in ("001", "002"))
    assert first != second
    assert "520100_001" in first
    assert "520100_002" in second


def test_a_hostile_name_ends_no_script_and_the_server_runs_nothing() -> None:
    sent = _sent(_message(title=HOSTILE))
    assert "地块49" not in sent
    assert "<img" not in sent
    assert "</script" not in sent
    told = sent[sent.index("landmap.draw(") + len("landmap.draw(") :]
    assert json.loads(told[: told.index(");")])["title"] == HOSTILE


def test_a_map_asks_no_other_host_for_anything() -> None:
    drawn = site_map(BOX)
    varying(_message()).add_to(drawn)
    assert_offline(drawn)


def test_a_message_is_json_that_the_page_can_read() -> None:
    message = Message(
        "v1",
        "parcels/v1",
        _lit(),
        claimed=Claimed([5, 9, 2], ["locked", "intent", "locked"]),
        chosen=(7, (26.5, 106.7)),
        focus=Focus("A", (106.0, 26.0, 107.0, 27.0)),
        link="project=A&need=x",
    )
    told = json.loads(message.text())
    assert told["link"] == "project=A&need=x"
    assert told["focus"]["box"] == [[26.0, 106.0], [27.0, 107.0]]
    assert told["chosen"] == {"place": 7, "at": [26.5, 106.7]}
    assert told["parcels"] == {"version": "v1"}
    kinds = told["claims"]["kinds"]
    states = [kinds[state] for state in _ints(told["claims"]["states"], "u1")]
    places = _ints(told["claims"]["places"], "<i4")
    assert dict(zip(places, states, strict=True)) == {
        5: "locked",
        9: "intent",
        2: "locked",
    }


def test_candidates_travel_as_numbers_best_first() -> None:
    packed = _lit(flagged=True).packed("parcels/v1")
    assert packed["box"] == [106.7, 26.5, 107.7, 26.5]
    assert packed["count"] == 2
    flat = zlib.decompress(base64.b64decode(packed["packed"]))
    assert len(flat) == 2 * 4 + 2 * 4 + 2 * 2
    places, at, scores = (
        np
        .frombuffer(flat[start:stop], dtype="u1")
        .reshape(size, -1)
        .T.copy()
        .view(kind)
        .ravel()
        .tolist()
        for start, stop, size, kind in (
            (0, 8, 4, "<i4"),
            (8, 16, 2, "<u2"),
            (16, 20, 2, "<u2"),
        )
    )
    assert places == [7, 3]
    assert at == [0, 0, 65_535, 0]
    # Tenths of a point and a bit; a need without factors has no scores.
    assert scores == [0x4000 + 862, 0x4000 + 0x3FFF]


def test_two_thousand_candidates_take_less_than_thirty_kilobytes() -> None:
    many = np.arange(2_000)
    lit = Lit(
        places=many + 900_000,
        at=np.column_stack([106 + many / 1e4, 26 + many / 1e4]),
        flagged=many % 2 == 0,
        scores=many / 20.0,
    )
    assert len(_message(lit).text()) < 30_000

"""Parts of parcels, queue, hand-over, refused claims: nobody holds land twice."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
import sqlalchemy as sa
from geopandas import GeoSeries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Polygon, from_wkb

from gis.errors import AccessError, ClaimConflictError, LedgerError, StaleError
from ledger import attempts, audit, claims, ground, projects, queue
from ledger.casework import QueueState
from ledger.ground import SLIVER_M2, overlaps
from ledger.model import Actor, ClaimKind, Project, Role, Stage
from ledger.unit_of_work import Ledger, Work

TODAY = date(2026, 5, 20)


def terms(project: Project, parcel_id: str, geometry: Polygon, **more: Any) -> Any:
    return {
        "project_id": project.id,
        "parcel_id": parcel_id,
        "geometry": geometry,
        "area_m2": 1_000.0,
    } | more


@pytest.fixture
def run(ledger: Ledger, province: Actor) -> Any:
    """Return what runs one verb in a unit of its own and commits it."""

    def one(verb: Callable[..., Any], *args: Any, **named: Any) -> Any:
        with ledger.begin(province) as work:
            done = verb(work, *args, **named)
            work.commit()
        return done

    return one


@pytest.fixture
def three(add: Callable[..., Project]) -> Any:
    return [add(title=name) for name in ("电池", "铝加工", "白酒")]


def test_parts_of_one_parcel_are_held_by_different_projects(
    run: Any, three: Any, square: Callable[..., Polygon]
) -> None:
    west, east = square(0), square(100)
    one = run(claims.claim, **terms(three[0], "GZ-1", west, part=True))
    two = run(claims.claim, **terms(three[1], "GZ-1", east, part=True))
    assert (one.part, two.part) == (True, True)
    with pytest.raises(ClaimConflictError, match="held by"):
        run(claims.claim, **terms(three[2], "GZ-1", square(50), part=True))


def test_the_whole_and_a_part_of_one_parcel_exclude_each_other_both_ways(
    run: Any, three: Any, square: Callable[..., Polygon]
) -> None:
    run(claims.claim, **terms(three[0], "GZ-1", square(0), part=True))
    # Even where the outline that is kept today has moved away from the part.
    with pytest.raises(ClaimConflictError, match="held by 电池"):
        run(claims.claim, **terms(three[1], "GZ-1", square(5_000)))
    run(claims.claim, **terms(three[0], "GZ-2", square(1_000)))
    with pytest.raises(ClaimConflictError, match="held by 电池"):
        run(claims.claim, **terms(three[1], "GZ-2", square(6_000), part=True))


def test_who_waits_stands_in_line_by_ground(
    run: Any, ledger: Ledger, province: Actor, three: Any, square: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0, size=200)))
    second = run(queue.join, **terms(three[1], "GZ-1", square(0), part=True))
    third = run(queue.join, **terms(three[2], "GZ-9", square(50)))
    with ledger.read(province) as work:
        assert queue.behind(work, held) == [second, third]
        lines = queue.lines(work, claims.active(work))
    assert lines.behind == {held.id: [second, third]}
    assert lines.places == {second.id: 1, third.id: 2}
    apart = run(queue.join, **terms(three[2], "GZ-1", square(100, 100), part=True))
    with ledger.read(province) as work:
        assert queue.lines(work, []).places[apart.id] == 1
        assert queue.of(work, three[2].id) == [apart, third]


def test_only_land_that_is_held_is_queued_for_and_once(
    run: Any, three: Any, square: Any, now: Any
) -> None:
    with pytest.raises(LedgerError, match="The land is free"):
        run(queue.join, **terms(three[1], "GZ-1", square(0)))
    run(claims.claim, **terms(three[0], "GZ-1", square(0), expires_on=TODAY))
    with pytest.raises(LedgerError, match="already"):
        run(queue.join, **terms(three[0], "GZ-1", square(0)))
    run(queue.join, **terms(three[1], "GZ-1", square(0)))
    with pytest.raises(LedgerError, match="waits for this land already"):
        run(queue.join, **terms(three[1], "GZ-1", square(0)))
    now.pass_days(1)
    # The holder's time is over; still somebody is before the third.
    assert run(queue.join, **terms(three[2], "GZ-1", square(0))).version == 1


def test_free_land_goes_to_the_first_who_waited(
    run: Any, ledger: Ledger, province: Actor, three: Any, square: Any, now: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0), expires_on=TODAY))
    entry = run(queue.join, **terms(three[1], "GZ-1", square(0), kind=ClaimKind.LOCKED))
    with pytest.raises(ClaimConflictError):
        run(queue.take, entry.id, version=1)
    now.pass_days(1)
    with pytest.raises(ClaimConflictError, match=r"waited for by 铝加工 .* first in"):
        run(claims.claim, **terms(three[2], "GZ-1", square(0)))
    with pytest.raises(ClaimConflictError, match="waited for by 铝加工"):
        run(claims.amend, held.id, version=1, expires_on=None)
    taken = run(queue.take, entry.id, version=1, expires_on=date(2026, 8, 1))
    assert (taken.kind, taken.expires_on) == (ClaimKind.LOCKED, date(2026, 8, 1))
    with ledger.read(province) as work:
        assert queue.of(work, three[1].id)[0].state is QueueState.TAKEN
        assert claims.active(work) == [taken]
    with pytest.raises(LedgerError, match="settled: Took the land over"):
        run(queue.leave, entry.id, why="x", version=2)


def test_who_leaves_the_queue_says_why_and_makes_way(
    run: Any, three: Any, square: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    entry = run(queue.join, **terms(three[1], "GZ-1", square(0), note="园区会议"))
    with pytest.raises(LedgerError, match="Say why"):
        run(queue.leave, entry.id, why=" ", version=1)
    left = run(queue.leave, entry.id, why="另选地块", version=1)
    assert (left.state, left.note) == (QueueState.LEFT, "另选地块\n园区会议")
    run(claims.release, held.id, reason="退地")
    assert run(claims.claim, **terms(three[2], "GZ-1", square(0))).version == 1


def test_an_ended_project_waits_no_more(run: Any, three: Any, square: Any) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    run(queue.join, **terms(three[1], "GZ-1", square(0)))
    run(projects.move, three[1].id, to=Stage.ENDED, version=1, why="撤资")
    with pytest.raises(LedgerError, match="Nobody waits"):
        run(claims.hand_over, held.id, version=1)
    run(claims.release, held.id, reason="退地")
    assert run(claims.claim, **terms(three[2], "GZ-1", square(0))).version == 1


def test_land_is_handed_over_in_one_step(
    run: Any, ledger: Ledger, province: Actor, three: Any, square: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    run(
        queue.join,
        **terms(three[1], "GZ-1", square(0), kind=ClaimKind.RESERVED, note="纪要"),
    )
    taken = run(claims.hand_over, held.id, version=1, expires_on=date(2026, 12, 1))
    assert (taken.project_id, taken.kind, taken.note) == (
        three[1].id,
        ClaimKind.RESERVED,
        "纪要",
    )
    with ledger.read(province) as work:
        (old,) = claims.of(work, three[0].id)
        assert claims.active(work) == [taken]
        verbs = [row.verb for row in audit.history(work, "project", three[1].id)]
        told = audit.history(work, "claim", held.id)[0]
    assert (old.kind, old.release_reason) == (ClaimKind.RELEASED, claims.HANDED_OVER)
    assert told.verb == "claim.hand_over"
    assert verbs[:3] == ["queue.taken", "claim.take_over", "queue.join"]


def test_what_was_not_asked_for_stays_with_the_holder(
    run: Any, ledger: Ledger, province: Actor, three: Any, square: Any
) -> None:
    until = date(2026, 12, 1)
    held = run(
        claims.claim,
        **terms(three[0], "GZ-1", square(0, size=200), note="纪要", expires_on=until),
    )
    run(queue.join, **terms(three[1], "GZ-1", square(0), part=True))
    last = run(queue.join, **terms(three[2], "GZ-1", square(100), part=True))
    taken = run(claims.hand_over, held.id, version=1)
    with ledger.read(province) as work:
        rest, now = sorted(claims.active(work), key=lambda one: one.project_id)
        (waits,) = queue.behind(work, rest)
    assert (now, waits) == (taken, last)
    assert (rest.project_id, rest.kind, rest.part) == (three[0].id, held.kind, True)
    assert (rest.note, rest.expires_on) == ("纪要", until)
    # Three of the four squares, and none of the one that was handed over.
    assert rest.area_m2 == pytest.approx(3 * ground.area_m2(square(0)), rel=1e-4)
    shapes = [
        GeoSeries([from_wkb(one.geometry)], crs="EPSG:4490") for one in (rest, taken)
    ]
    assert overlaps(*shapes)[0] < SLIVER_M2


def test_the_holder_may_choose_whom_and_then_says_why(
    run: Any, three: Any, square: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    run(queue.join, **terms(three[1], "GZ-1", square(0)))
    third = run(queue.join, **terms(three[2], "GZ-1", square(0)))
    with pytest.raises(LedgerError, match="passed over"):
        run(claims.hand_over, held.id, version=1, to=third.id)
    with pytest.raises(LedgerError, match="does not wait"):
        run(claims.hand_over, held.id, version=1, to=99)
    with pytest.raises(StaleError):
        run(claims.hand_over, held.id, version=2)
    taken = run(claims.hand_over, held.id, version=1, to=third.id, why="市级调度")
    assert taken.project_id == three[2].id


def test_a_hand_over_that_meets_a_third_holder_changes_nothing(
    run: Any, ledger: Ledger, province: Actor, three: Any, square: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    third = run(claims.claim, **terms(three[2], "GZ-2", square(100)))
    run(queue.join, **terms(three[1], "GZ-3", square(50)))
    with pytest.raises(ClaimConflictError, match="held by 白酒"):
        run(claims.hand_over, held.id, version=1)
    with ledger.read(province) as work:
        assert claims.active(work) == [held, third]


def test_the_holder_s_office_hands_over_and_no_other(
    ledger: Ledger, run: Any, three: Any, square: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    entry = run(queue.join, **terms(three[1], "GZ-1", square(0)))
    with ledger.begin(Actor("赤水", Role.COUNTY, "520381")) as work:
        for deed in (
            lambda: claims.hand_over(work, held.id, version=1),
            lambda: queue.take(work, entry.id, version=1),
            lambda: queue.leave(work, entry.id, why="x", version=1),
            lambda: queue.join(work, **terms(three[2], "GZ-1", square(0))),
            lambda: queue.of(work, three[1].id),
        ):
            with pytest.raises(AccessError):
                deed()


def test_a_refused_claim_is_remembered_for_ever(
    run: Any, ledger: Ledger, province: Actor, three: Any, square: Any
) -> None:
    held = run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    with pytest.raises(ClaimConflictError) as refused:
        run(claims.claim, **terms(three[1], "GZ-7", square(50)))
    kept = run(attempts.remember, refused.value)
    assert (kept.project_id, kept.parcel_id, kept.held_claim_id, kept.who) == (
        three[1].id,
        "GZ-7",
        held.id,
        province.name,
    )
    assert kept.overlap_m2 == pytest.approx(5_000, rel=0.01)
    with ledger.read(province) as work:
        (seen,) = attempts.newest(work)
        assert attempts.count(work) == 1
    assert seen.attempt == kept
    assert seen.held_by.startswith("电池 (")
    assert seen.wanted_by.startswith("铝加工 (")
    with ledger.begin(province) as work, pytest.raises(sa.exc.DBAPIError):
        work.connection.execute(sa.text("UPDATE claim_attempt SET who = 'x'"))


def test_a_project_that_meets_its_own_claim_is_no_double_booking(
    run: Any, ledger: Ledger, province: Actor, three: Any, square: Any
) -> None:
    run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    with pytest.raises(ClaimConflictError) as refused:
        run(claims.claim, **terms(three[0], "GZ-1", square(0)))
    assert run(attempts.remember, refused.value) is None
    with ledger.read(province) as work:
        assert attempts.newest(work) == []


DEEDS: dict[str, Callable[..., Any]] = {
    "claim": lambda work, asked, until: claims.claim(work, **asked, expires_on=until),
    "join": lambda work, asked, _: queue.join(work, **asked),
    "take": lambda work, asked, _: [
        queue.take(work, one.id, version=one.version)
        for one in queue.of(work, asked["project_id"])[:1]
    ],
    "hand_over": lambda work, *_: [
        claims.hand_over(work, one.id, version=one.version)
        for one in claims.active(work)[:1]
    ],
    "release": lambda work, *_: [
        claims.release(work, one.id, reason="换地") for one in claims.active(work)[-1:]
    ],
    "amend": lambda work, asked, until: [
        claims.amend(work, one.id, version=one.version, expires_on=until)
        for one in claims.of(work, asked["project_id"])
    ],
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*DEEDS, "day"]),
        st.integers(0, 2),
        st.integers(0, 3),
        st.booleans(),
    ),
    min_size=4,
    max_size=14,
)


def require_exclusive(work: Work) -> None:
    for one, other in combinations(claims.active(work), 2):
        shapes = [
            GeoSeries([from_wkb(each.geometry)], crs="EPSG:4490")
            for each in (one, other)
        ]
        assert overlaps(*shapes)[0] <= SLIVER_M2
        assert (one.part and other.part) or one.parcel_id != other.parcel_id


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_two_claims_overlap_after_any_sequence_of_verbs(
    ledger: Ledger,
    province: Actor,
    three: Any,
    square: Any,
    now: Any,
    steps: list[tuple[str, int, int, bool]],
) -> None:
    started = now.moment
    with ledger.begin(province) as work:  # never committed: each example begins empty
        for deed, who, where, part in steps:
            asked = terms(three[who], f"GZ-{where // 2}", square(60 * where), part=part)
            until = work.today() + timedelta(days=1) if part else None
            savepoint = work.connection.begin_nested()
            try:
                if deed == "day":
                    now.pass_days(1)
                else:
                    DEEDS[deed](work, asked, until)
                savepoint.commit()
            except LedgerError:
                savepoint.rollback()
            require_exclusive(work)
    now.moment = started


def test_a_holder_gives_away_no_ground_that_others_wait_for_beside_its_own(
    run: Any, three: Any, square: Any
) -> None:
    holder, first, both = three
    held = run(claims.claim, **terms(holder, "GZ-1", square(0)))
    beside = run(claims.claim, **terms(holder, "GZ-2", square(100)))
    waits = run(queue.join, **terms(first, "GZ-2", square(100)))
    run(claims.release, beside.id, reason="退地")
    run(queue.join, **terms(both, "GZ-12", square(0, size=200)))
    with pytest.raises(ClaimConflictError, match="waited for by 铝加工"):
        run(claims.hand_over, held.id, version=1)
    run(queue.take, waits.id, version=1)

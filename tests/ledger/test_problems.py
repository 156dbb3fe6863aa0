"""Problems: opened, changed, closed with evidence, reopened."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gis.errors import LedgerError, StaleError
from ledger import problems
from ledger.model import Actor, Problem, ProblemKind, Project
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)


@pytest.fixture
def raised(ledger: Ledger, province: Actor, add: Callable[..., Project]) -> Any:
    """Return an open problem."""
    project = add()
    with ledger.begin(province) as work:
        problem = problems.open(
            work,
            project_id=project.id,
            kind=ProblemKind.FACTOR,
            title=" 110kV 变电站未建 ",
            category="用电",
            opened_on=date(2026, 5, 1),
            due_on=date(2026, 6, 30),
        )
        work.commit()
    return problem


def test_a_problem_is_open_until_it_is_closed_with_evidence(
    ledger: Ledger, province: Actor, raised: Problem
) -> None:
    assert (raised.title, raised.closed_on) == ("110kV 变电站未建", None)
    with ledger.begin(province) as work:
        closed = problems.close(
            work, raised.id, evidence=" 通电验收单 ", version=1, on=date(2026, 5, 19)
        )
        assert problems.of(work, raised.project_id) == [closed]
        assert problems.open_ones(work) == []
    assert (closed.closed_on, closed.evidence) == (date(2026, 5, 19), "通电验收单")
    assert closed.version == 2


@pytest.mark.parametrize(
    ("evidence", "on", "sentence"),
    [
        (" ", None, "closed with evidence"),
        ("单", date(2026, 4, 30), "opened on 2026-05-01 cannot be closed on 2026-04"),
        ("单", date(2026, 5, 21), "cannot be closed on 2026-05-21"),
    ],
)
def test_it_is_not_closed_without_evidence_nor_on_a_day_that_cannot_be(
    ledger: Ledger,
    province: Actor,
    raised: Problem,
    evidence: Any,
    on: Any,
    sentence: Any,
) -> None:
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match=sentence):
            problems.close(work, raised.id, evidence=evidence, version=1, on=on)
        assert problems.open_ones(work) == [raised]


def test_a_closed_problem_can_be_opened_again_with_a_reason(
    ledger: Ledger, province: Actor, raised: Problem
) -> None:
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="open already"):
            problems.reopen(work, raised.id, why="又停", version=1)
        problems.close(work, raised.id, evidence="验收单", version=1)
        with pytest.raises(LedgerError, match="was closed on 2026-05-20"):
            problems.close(work, raised.id, evidence="验收单", version=2)
        with pytest.raises(LedgerError, match="Say why"):
            problems.reopen(work, raised.id, why=" ", version=2)
        again = problems.reopen(work, raised.id, why="又停电", version=2)
    assert (again.closed_on, again.evidence) == (None, "又停电\n验收单")


def test_a_problem_is_changed_with_the_version_it_was_read_at(
    ledger: Ledger, province: Actor, raised: Problem
) -> None:
    change = {
        "kind": ProblemKind.COMPREHENSIVE,
        "title": "电、水",
        "category": "要素",
        "due_on": None,
    }
    with ledger.begin(province) as work:
        changed = problems.edit(work, raised.id, version=1, **change)
        assert {name: getattr(changed, name) for name in change} == change
        for stale in (
            lambda: problems.edit(work, raised.id, version=1, **change),
            lambda: problems.close(work, raised.id, evidence="单", version=1),
            lambda: problems.reopen(work, raised.id, why="又", version=1),
        ):
            with pytest.raises(StaleError, match="changed this problem at"):
                stale()


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"title": " "}, "Say what the problem is"),
        ({"opened_on": date(2026, 5, 21)}, "opened on 2026-05-21, in the future"),
        ({"due_on": date(2026, 5, 19)}, "due on 2026-05-19, before it was opened"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    terms: Any,
    sentence: Any,
) -> None:
    asked = {"kind": ProblemKind.SINGLE, "title": "缺水"} | terms
    project = add()
    with ledger.begin(province) as work, pytest.raises(LedgerError, match=sentence):
        problems.open(work, project_id=project.id, **asked)


def test_open_ones_come_first_then_the_newest(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(province) as work:
        for title, day in (("A", 1), ("B", 2), ("C", 3)):
            problems.open(
                work,
                project_id=project.id,
                kind=ProblemKind.SINGLE,
                title=title,
                opened_on=date(2026, 5, day),
            )
        newest = problems.of(work, project.id)[0]
        problems.close(work, newest.id, evidence="单", version=1)
        assert [p.title for p in problems.of(work, project.id)] == ["B", "A", "C"]
        assert [p.title for p in problems.open_ones(work)] == ["A", "B"]

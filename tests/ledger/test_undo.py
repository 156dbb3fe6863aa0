"""Taking back one's own last change: a new change, refused where others went on."""

from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import audit, problems, projects, undo
from ledger.model import Actor, Level, ProblemKind, Role, Stage
from ledger.unit_of_work import Ledger


def edit(ledger: Ledger, who: Actor, project: Any, **fields: Any) -> Any:
    with ledger.begin(who) as work:
        now = projects.get(work, project.id)
        changed = projects.edit(work, project.id, version=now.version, **fields)
        work.commit()
    return changed


def last(ledger: Ledger, who: Actor, project: Any) -> Any:
    with ledger.read(who) as work:
        return undo.last_own(work, project.id)


def take_back(ledger: Ledger, who: Actor, project: Any) -> None:
    found = last(ledger, who, project)
    with ledger.begin(who) as work:
        undo.take_back(work, project.id, seq=found.row.seq, version=found.version)
        work.commit()


def row(ledger: Ledger, who: Actor, project: Any) -> Any:
    with ledger.read(who) as work:
        return projects.get(work, project.id)


def test_the_last_edit_is_taken_back_as_a_new_change(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add(jobs=300, level=Level.COUNTY)
    edit(ledger, county, project, jobs=320, level=Level.CITY, note="核实")
    take_back(ledger, county, project)
    now = row(ledger, county, project)
    assert (now.jobs, now.level, now.note) == (300, Level.COUNTY, "")
    assert now.version == 3
    with ledger.read(province) as work:
        assert [x.verb for x in audit.history(work, "project", project.id)] == [
            "project.undo",
            "project.edit",
            "project.create",
        ]
        assert audit.verify(work).broken is None


def test_days_come_back_as_days(ledger: Ledger, county: Actor, add: Any) -> None:
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 1, 5))
    edit(ledger, county, project, signed_on=date(2026, 1, 8))
    take_back(ledger, county, project)
    assert row(ledger, county, project).signed_on == date(2026, 1, 5)


def test_what_was_taken_back_is_restored_the_same_way(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add(jobs=300)
    edit(ledger, county, project, jobs=320)
    take_back(ledger, county, project)
    take_back(ledger, county, project)
    assert row(ledger, county, project).jobs == 320


def test_a_field_that_another_changed_since_stays(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add(jobs=300)
    edit(ledger, county, project, jobs=320, note="核实")
    edit(ledger, province, project, jobs=330)
    found = last(ledger, county, project)
    assert "省投促局 王 has changed the same fields since" in str(found.refusal)
    with ledger.begin(county) as work, pytest.raises(LedgerError, match="by hand"):
        undo.take_back(work, project.id, seq=found.row.seq, version=found.version)
    assert row(ledger, county, project).jobs == 330


def test_other_fields_that_another_changed_since_stay_changed(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add(jobs=300)
    edit(ledger, county, project, jobs=320)
    edit(ledger, province, project, note="省级核实")
    take_back(ledger, county, project)
    now = row(ledger, county, project)
    assert (now.jobs, now.note) == (300, "省级核实")


def test_an_outdated_version_or_row_is_refused(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add(jobs=300)
    edit(ledger, county, project, jobs=320)
    found = last(ledger, county, project)
    edit(ledger, province, project, note="省级核实")
    with ledger.begin(county) as work, pytest.raises(StaleError, match="省投促局 王"):
        undo.take_back(work, project.id, seq=found.row.seq, version=found.version)
    edit(ledger, county, project, jobs=340)
    with (
        ledger.begin(county) as work,
        pytest.raises(LedgerError, match="not your last"),
    ):
        undo.take_back(work, project.id, seq=found.row.seq, version=4)


def test_a_stage_is_never_taken_back(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add()
    with ledger.begin(county) as work:
        projects.move(work, project.id, to=Stage.NEGOTIATION, version=1)
        work.commit()
    found = last(ledger, county, project)
    assert "no edit of fields" in str(found.refusal)
    with ledger.begin(county) as work, pytest.raises(LedgerError, match="no edit"):
        undo.take_back(work, project.id, seq=found.row.seq, version=2)
    assert row(ledger, county, project).stage is Stage.NEGOTIATION
    assert "no edit" in str(last(ledger, province, project).refusal)  # it was added


def test_a_restored_value_still_has_to_be_good(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 3, 5))
    edit(ledger, county, project, signed_on=date(2026, 1, 5))
    with ledger.begin(province) as work:
        projects.move(
            work, project.id, to=Stage.STARTED, version=2, on=date(2026, 2, 1)
        )
        work.commit()
    found = last(ledger, county, project)
    with ledger.begin(county) as work, pytest.raises(LedgerError, match="lies before"):
        undo.take_back(work, project.id, seq=found.row.seq, version=found.version)


def test_the_edit_of_a_problem_is_taken_back_until_it_is_closed(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    due = date(2026, 6, 1)
    with ledger.begin(county) as work:
        problem = problems.open(
            work,
            project_id=project.id,
            kind=ProblemKind.SINGLE,
            title="缺电",
            due_on=due,
        )
        problem = problems.edit(
            work,
            problem.id,
            version=problem.version,
            kind=ProblemKind.FACTOR,
            title="缺水",
            category="water",
            due_on=None,
        )
        work.commit()
    take_back(ledger, county, project)
    with ledger.begin(county) as work:
        (now,) = problems.of(work, project.id)
        assert (now.kind, now.title, now.due_on) == (ProblemKind.SINGLE, "缺电", due)
        problems.close(work, now.id, evidence="通电单", version=now.version)
        work.commit()
    assert "no edit" in str(last(ledger, county, project).refusal)


def test_a_problem_that_another_closed_since_stays(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add()
    with ledger.begin(county) as work:
        made = problems.open(
            work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺电"
        )
        problems.edit(
            work,
            made.id,
            version=made.version,
            kind=made.kind,
            title="缺水",
            category="",
            due_on=None,
        )
        work.commit()
    with ledger.begin(province) as work:
        problems.close(work, made.id, evidence="通水单", version=2)
        work.commit()
    assert "closed since" in str(last(ledger, county, project).refusal)


def test_only_one_s_own_change_is_found_and_only_where_one_may_look(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project, other = add(), add(region="520303")
    assert last(ledger, county, project) is None
    namesake = Actor(county.name, Role.PLANNER, county.region)
    edit(ledger, county, project, jobs=1)
    assert last(ledger, namesake, project) is None
    with ledger.read(county) as work, pytest.raises(AccessError):
        undo.last_own(work, other.id)


def test_who_may_no_longer_change_a_project_takes_nothing_back(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add(jobs=300)
    edit(ledger, county, project, jobs=320)
    with ledger.begin(province) as work:
        work.connection.exec_driver_sql("UPDATE project SET managed_by = '52M001'")
        work.commit()
    assert "no longer change" in str(last(ledger, county, project).refusal)


def test_a_code_that_went_to_another_project_is_not_taken_back(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    one, other = add("甲", code="GZ-1"), add("乙", code="GZ-2")
    edit(ledger, county, one, code="GZ-3")
    edit(ledger, county, other, code="GZ-1")
    with pytest.raises(LedgerError, match="GZ-1 is taken"):
        take_back(ledger, county, one)

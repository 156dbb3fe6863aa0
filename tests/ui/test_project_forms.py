"""Forms of the project ledger: plan, checklist, kept filters, one's own undo."""

from datetime import date

import pytest
from casework_pages import COUNTY, PROVINCE, field, html, labels, opened, outcome, press

from ledger import plans, projects, service
from ledger.model import Project, Stage
from ledger.unit_of_work import Ledger
from ui import access
from ui.ledger_filters import REGION, STAGES, TEXT
from ui.state import PROJECT

STARTS = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def project(ledger: Ledger) -> Project:
    """Return a project of a county."""
    with ledger.begin(PROVINCE) as work:
        made = projects.create(work, code="XM-1", title="电池", region="520304")
        work.commit()
    return made


def test_a_stage_is_planned_and_the_course_tells_how_it_stands(
    ledger: Ledger, project: Project
) -> None:
    app = opened("project_ledger", ledger__tabs="Stages")
    day = next(one for one in app.date_input if str(one.key).endswith(".started"))
    day.set_value(STARTS)
    press(app, "Save the plan")
    assert outcome(app) == "The plan was saved."
    with ledger.read(PROVINCE) as work:
        assert plans.of(work, project.id)[Stage.STARTED].planned_on == STARTS
    assert "<td>2027-03-01</td>" in html(app)
    assert "Ahead" in html(app)


def test_a_line_of_the_checklist_is_settled(ledger: Ledger, project: Project) -> None:
    app = opened("project_ledger")
    assert "Service checklist: 0 of 5" in html(app)
    with ledger.read(PROVINCE) as work:
        first, *_ = service.checklist(work, project.id)
    line = next(
        one for one in app.text_input if str(one.key).endswith(f"{first.code}.text")
    )
    line.set_value("张副县长<b>")
    day = next(
        one for one in app.date_input if str(one.key).endswith(f"{first.code}.on")
    )
    day.set_value(date(2026, 1, 5))
    press(app, "Save the checklist")
    assert outcome(app) == "The checklist was saved."
    assert "Service checklist: 1 of 5" in html(app)
    assert "张副县长&lt;b&gt;" in html(app)


def test_filters_are_kept_chosen_again_and_deleted() -> None:
    app = opened("project_ledger")
    field(app, "Search projects").set_value("铝").run()
    field(app, "Name of the filter").set_value("我的铝*项目*")
    press(app, "Keep these filters")
    assert outcome(app) == "The filter was kept."
    field(app, "Search projects").set_value("").run()
    app.session_state[STAGES.key] = (Stage.SIGNED,)
    kept = next(one for one in app.button if ".choose." in str(one.key))
    assert kept.label == r"我的铝\*项目\*"
    kept.click().run()
    assert app.session_state[TEXT.key] == "铝"
    assert app.session_state[STAGES.key] == ()
    assert app.session_state[REGION.key] == ""
    press(app, "Delete")
    assert outcome(app) == "The filter was deleted."
    assert not [one for one in app.button if ".choose." in str(one.key)]


def test_one_s_own_last_change_is_shown_and_taken_back(
    ledger: Ledger, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger.begin(PROVINCE) as work:
        projects.edit(work, project.id, version=1, investor="错<b>")
        work.commit()
    monkeypatch.setattr(access, "current_actor", lambda: COUNTY)
    state = {PROJECT.key: "XM-1", "ledger__tabs": "History"}
    assert "Take it back" not in labels(opened("project_ledger", **state))
    monkeypatch.setattr(access, "current_actor", lambda: PROVINCE)
    app = opened("project_ledger", **state)
    assert "<del>错&lt;b&gt;</del>" in html(app)
    press(app, "Take it back")
    assert outcome(app) == "Your last change was taken back."
    with ledger.read(PROVINCE) as work:
        now = projects.get(work, project.id)
    assert (now.investor, now.version) == ("", 3)

"""The ledger's page: its wiring, and that it refuses what the verbs refuse."""

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
import streamlit as st
from casework_pages import COUNTY, HOSTILE, MAIN, PROVINCE, html, outcome
from shapely import box
from streamlit.testing.v1 import AppTest

from gis.errors import LedgerError
from ledger import claims, problems, projects, shortlist, tables
from ledger.model import Actor, ClaimKind, ProblemKind, Project, Role, Stage
from ledger.project_list import Asked
from ledger.unit_of_work import Ledger
from ui import case_table, project_table, site_page, table_part
from ui.ledger_deeds import OUTCOME
from ui.need_draft import DRAFT
from ui.state import LANGUAGE, PARCEL, PROJECT
from ui.table_part import Place, Shown


@pytest.fixture
def project(ledger: Ledger) -> Project:
    """Return a signed project with land, a problem and a shortlist."""
    with ledger.begin(PROVINCE) as work:
        made = projects.create(
            work,
            code="XM-1",
            title=HOSTILE,
            investor="示例新能源",
            region="520304",
            stage=Stage.SIGNED,
            signed_on=date(2026, 1, 5),
            land_demand_mu=182.4,
            need=json.dumps({
                "title": "电池",
                "constraints": [
                    {"use": "area_between", "minimum": "150 mu", "maximum": "220 mu"}
                ],
                "factors": [{"use": "compact", "weight": 2}],
            }),
        )
        projects.create(work, code="XM-2", title="铝精深加工", region="520303")
        shortlist.add(work, project_id=made.id, parcel_id="GZ-9", note=HOSTILE)
        claims.claim(
            work,
            project_id=made.id,
            parcel_id="GZ-7",
            geometry=box(106.7, 27.5, 106.703, 27.503),
            area_m2=100_000.0,
            note=HOSTILE,
        )
        problems.open(work, project_id=made.id, kind=ProblemKind.FACTOR, title=HOSTILE)
        work.commit()
    return made


@pytest.fixture
def page(
    ledger: Ledger,  # noqa: ARG001 - the page reads it
    ask: Callable[[Actor], None],  # noqa: ARG001 - the page asks it
) -> Callable[..., AppTest]:
    """Return what opens the page, at a project and a tab."""

    def open_page(code: str = "XM-1", tab: str | None = None) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        app.session_state[PROJECT.key] = code
        if tab:
            app.session_state["ledger.tabs"] = tab
        app.run().switch_page("screens/project_ledger.py").run()
        assert not app.exception
        return app

    return open_page


def row(ledger: Ledger, code: str = "XM-1") -> Project:
    """Return a project as it stands in the ledger."""
    with ledger.read(PROVINCE) as work:
        found = projects.by_code(work, code)
    assert found is not None
    return found


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def field(app: AppTest, label: str, kind: str = "text_input") -> Any:
    """Return the input of that name."""
    (found,) = [one for one in app.get(kind) if one.label == label]
    return found


@pytest.mark.usefixtures("project")
def test_the_figures_show_their_denominators(page: Callable[..., AppTest]) -> None:
    said = html(page())
    assert "Start rate" in said
    assert "0/1" in said
    assert "182 mu" in said
    assert "Construction started or later / signed or later = 0/1 = 0.0%" in said


@pytest.mark.usefixtures("project")
def test_the_table_gets_what_it_draws_as_data(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(
        case_table, "part", lambda _: lambda **given: drawn.append(given["data"])
    )
    page()
    (data,) = drawn
    assert [row["id"] for row in data["rows"]] == ["XM-2", "XM-1"]
    assert data["chosen"] == "XM-1"
    assert data["rows"][1]["texts"] == [
        HOSTILE,
        "Signed",
        "播州区",
        "",
        "182.4",
        "150.0",
        "1",
        "2026-01-05",
    ]
    assert [row["marks"][4] for row in data["rows"]] == ["", "amber"]  # land wanted
    assert data["part"] is None
    assert len(data["columns"]) == len(data["rows"][0]["texts"])
    assert data["count"] == "2 of 2 projects"


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("Overview", ("182.40 mu · not met yet", "播州区", "示例新能源")),
        ("Stages", ("2026-01-05", "aria-current", "Construction started")),
        ("Need", ("150 mu – 220 mu", "weight 2")),
        ("Shortlist and land", ("GZ-9", "GZ-7", "150.00 mu", "Intent", "open end")),
        ("Problems", ("Not routed", "Production-factor problem", "County level")),
        ("History", ("Claimed land", "Opened a problem", "Added the project")),
    ],
)
@pytest.mark.usefixtures("project")
def test_every_tab_tells_its_part(
    page: Callable[..., AppTest], tab: str, words: tuple[str, ...]
) -> None:
    said = html(page(tab=tab))
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(
    "tab",
    ["Overview", "Stages", "Need", "Shortlist and land", "Problems", "History"],
)
@pytest.mark.usefixtures("project")
def test_text_of_the_data_stays_text(page: Callable[..., AppTest], tab: str) -> None:
    said = html(page(tab=tab))
    assert "<img src=x" not in said
    assert "&lt;img src=x onerror=alert(1)&gt;" in said


@pytest.mark.usefixtures("project")
def test_only_the_open_tab_is_drawn(page: Callable[..., AppTest]) -> None:
    assert "Claimed land" not in html(page(tab="Overview"))


@pytest.mark.usefixtures("project")
def test_a_project_is_changed_with_the_form(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = press(page(), "Edit")
    field(app, "Investor").set_value("另一家")
    field(app, "Jobs", "number_input").set_value(300)
    press(app, "Save")
    assert outcome(app) == "The project was saved."
    kept = row(ledger)
    assert (kept.investor, kept.jobs, kept.version) == ("另一家", 300, 2)
    assert kept.title == HOSTILE
    assert not [one for one in app.button if one.label == "Save"]


def test_a_refused_save_keeps_what_was_typed_and_tells_every_fault(
    page: Callable[..., AppTest], project: Project, ledger: Ledger
) -> None:
    app = press(page(), "Edit")
    field(app, "Project title").set_value("")
    field(app, "Signed on", "date_input").set_value(None)
    field(app, "Owner").set_value("张工")
    press(app, "Save")
    said = outcome(app)
    assert "Project title\\: fill this in." in said
    assert "a project at stage Signed needs this date." in said
    assert field(app, "Owner").value == "张工"
    assert row(ledger) == project


def test_a_stale_save_is_refused_and_offers_to_reload(
    page: Callable[..., AppTest], project: Project, ledger: Ledger
) -> None:
    app = press(page(), "Edit")
    with ledger.begin(COUNTY) as work:
        projects.edit(work, project.id, version=1, leader="李县长")
        work.commit()
    field(app, "Owner").set_value("张工")
    press(app, "Save")
    assert "播州投促局 changed this project" in outcome(app)
    assert field(app, "Owner").value == "张工"
    assert row(ledger).owner == ""
    press(app, "Reload what is in the ledger now")
    assert field(app, "Responsible leader").value == "李县长"
    field(app, "Owner").set_value("张工")
    press(app, "Save")
    assert outcome(app) == "The project was saved."
    assert (row(ledger).owner, row(ledger).leader) == ("张工", "李县长")


def test_a_form_that_is_cancelled_changes_nothing(
    page: Callable[..., AppTest], project: Project, ledger: Ledger
) -> None:
    app = press(page(), "Edit")
    field(app, "Owner").set_value("张工")
    press(app, "Cancel")
    assert not [one for one in app.button if one.label == "Save"]
    assert row(ledger) == project


@pytest.mark.usefixtures("project")
def test_a_new_project_is_added_and_opened(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = press(page(), "New project")
    field(app, "Project title").set_value("白酒包装")
    field(app, "Code").set_value("XM-9")
    (region,) = [
        one for one in app.selectbox if one.label == "Region" and "form" in one.key
    ]
    assert region.options == ["汇川区", "播州区"]
    region.set_value("520304")
    press(app, "Save")
    assert outcome(app) == "The project was added."
    added = row(ledger, "XM-9")
    assert (added.title, added.region, added.stage) == (
        "白酒包装",
        "520304",
        Stage.LEAD,
    )
    assert app.session_state[PROJECT.key] == "XM-9"
    assert "白酒包装" in html(app)


@pytest.mark.usefixtures("project")
def test_a_project_moves_and_says_so(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page()
    field(app, "New stage", "selectbox").set_value(Stage.STARTED)
    field(app, "Reached on", "date_input").set_value(date(2026, 2, 1))
    press(app, "Move")
    assert outcome(app) == "The project was moved to its new stage."
    assert row(ledger).stage is Stage.STARTED
    assert row(ledger).started_on == date(2026, 2, 1)


@pytest.mark.usefixtures("project")
def test_a_step_back_without_a_reason_is_refused(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page()
    field(app, "New stage", "selectbox").set_value(Stage.ENDED)
    press(app, "Move")
    assert "Say why" in outcome(app)
    assert row(ledger).stage is Stage.SIGNED


@pytest.mark.usefixtures("project")
def test_land_is_released_with_a_reason(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = press(page(tab="Shortlist and land"), "Release the land")
    assert "Say why the land is released" in outcome(app)
    (why,) = [one for one in app.text_input if one.key.endswith("release.1.1.why")]
    why.set_value("换地")
    press(app, "Release the land")
    assert outcome(app) == "The land was released."
    with ledger.read(PROVINCE) as work:
        assert claims.active(work) == []
    assert "换地" in html(app)


@pytest.mark.usefixtures("project")
def test_a_claim_is_made_firmer(page: Callable[..., AppTest], ledger: Ledger) -> None:
    app = page(tab="Shortlist and land")
    field(app, "Kind of claim", "selectbox").set_value(ClaimKind.LOCKED)
    press(app, "Save")
    assert outcome(app) == "The claim was changed."
    with ledger.read(PROVINCE) as work:
        assert [held.kind for held in claims.active(work)] == [ClaimKind.LOCKED]


def test_a_parcel_is_taken_off_the_shortlist(
    page: Callable[..., AppTest], project: Project, ledger: Ledger
) -> None:
    app = press(page(tab="Shortlist and land"), "Remove")
    assert outcome(app) == "Taken off the shortlist."
    with ledger.read(PROVINCE) as work:
        assert shortlist.of(work, project.id) == []


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("draft_of", "kept"), [("XM-1", "XM-1"), ("XM-2", None)], ids=["same", "another"]
)
def test_a_parcel_opens_on_the_map_without_losing_the_need_being_changed(
    page: Callable[..., AppTest], draft_of: str, kept: str | None
) -> None:
    app = page(tab="Shortlist and land")
    app.session_state[site_page.DRAFT_OF.key] = draft_of
    buttons = [one for one in app.button if one.label == "Map"]
    buttons[0].click().run()
    assert not app.exception
    assert app.session_state[PARCEL.key] == "GZ-9"
    assert app.session_state[PROJECT.key] == "XM-1"
    assert app.session_state[site_page.DRAFT_OF.key] == kept
    assert "GZ-9" not in html(app)


def test_a_problem_is_written_down_closed_and_opened_again(
    page: Callable[..., AppTest], project: Project, ledger: Ledger
) -> None:
    app = page(tab="Problems")
    field(app, "What is the problem").set_value("缺水")
    field(app, "Category", "selectbox").set_value("water")
    press(app, "Add")
    assert outcome(app) == "It was written down. Route it now."

    def titles(*, closed: bool) -> list[str]:
        with ledger.read(PROVINCE) as work:
            found = problems.of(work, project.id)
        return [one.title for one in found if bool(one.closed_on) is closed]

    assert "缺水" in titles(closed=False)
    assert "Water supply" in html(app)
    closers = [one for one in app.button if one.label == "Strike it off"]
    closers[0].click().run()
    assert "closed with evidence" in outcome(app)
    (evidence,) = [
        one for one in app.text_input if one.key.endswith("1.1.close.evidence")
    ]
    evidence.set_value("验收单")
    (closer,) = [
        one
        for one in app.button
        if one.label == "Strike it off" and ".problems.1.1.close" in one.key
    ]
    closer.click().run()
    assert outcome(app) == "It was struck off."
    assert titles(closed=True) == [HOSTILE]
    (why,) = [one for one in app.text_input if ".reopen." in one.key]
    why.set_value("又停")
    press(app, "Open it again")
    assert outcome(app) == "It is open again."
    assert titles(closed=True) == []


@pytest.mark.usefixtures("project", "ledger")
def test_a_milestone_is_planned(page: Callable[..., AppTest]) -> None:
    app = page(tab="Stages")
    field(app, "Milestone").set_value("封顶")
    field(app, "Planned for", "date_input").set_value(date(2026, 3, 1))
    press(app, "Add")
    assert outcome(app) == "The milestone is in the plan."
    assert "封顶" in html(app)
    assert "Overdue" in html(app)


@pytest.mark.usefixtures("project")
def test_filters_narrow_the_table_and_survive_another_page(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(
        case_table, "part", lambda _: lambda **given: drawn.append(given["data"])
    )
    app = page()

    def shown() -> list[str]:
        return [one["id"] for one in drawn[-1]["rows"]]

    field(app, "Search projects").set_value("铝").run()
    assert shown() == ["XM-2"]
    field(app, "Search projects").set_value("").run()
    field(app, "Region", "selectbox").set_value("520304").run()
    assert shown() == ["XM-1"]
    field(app, "Region", "selectbox").set_value("").run()
    field(app, "Level", "selectbox").set_value("city").run()
    assert shown() == []
    assert "No project matches" in drawn[-1]["empty"]
    field(app, "Level", "selectbox").set_value("").run()
    app.session_state[project_table.STAGES.key] = (Stage.SIGNED,)
    app.run()
    assert shown() == ["XM-1"]


def test_an_empty_ledger_says_what_to_do(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(
        case_table, "part", lambda _: lambda **given: drawn.append(given["data"])
    )
    app = page(code="")
    assert "add the first project" in drawn[-1]["empty"]
    assert "—" in html(app)


@pytest.mark.parametrize("role", [Role.INVESTOR, Role.PUBLIC])
@pytest.mark.usefixtures("project")
def test_who_is_no_office_sees_nothing_of_the_ledger(
    page: Callable[..., AppTest],
    ask: Callable[[Actor], None],
    role: Role,
) -> None:
    ask(Actor("visitor", role))
    app = page()
    assert "XM-1" not in html(app)
    assert "may not" in app.info[0].value


@pytest.mark.usefixtures("project")
def test_a_county_office_sees_its_own_county_alone(
    page: Callable[..., AppTest],
    ask: Callable[[Actor], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(Actor("汇川投促局", Role.COUNTY, "520303"))
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(
        case_table, "part", lambda _: lambda **given: drawn.append(given["data"])
    )
    app = page()
    assert [one["id"] for one in drawn[-1]["rows"]] == ["XM-2"]
    assert app.session_state[PROJECT.key] == "XM-2"
    assert "XM-1" not in html(app)


@pytest.mark.usefixtures("project")
def test_a_planner_reads_and_is_offered_no_button_that_writes(
    page: Callable[..., AppTest], ask: Callable[[Actor], None]
) -> None:
    ask(Actor("规划", Role.PLANNER, "520000"))
    for tab in ("Overview", "Stages", "Problems"):
        labels = {one.label for one in page(tab=tab).button}
        assert not labels & {"Edit", "Move", "New project", "Add", "Save"}
    assert "Remove" in {one.label for one in page(tab="Shortlist and land").button}


def test_a_button_that_should_not_be_there_is_refused_by_the_verb(
    page: Callable[..., AppTest],
    ask: Callable[[Actor], None],
    project: Project,
    ledger: Ledger,
) -> None:
    app = press(page(), "Edit")
    ask(Actor("汇川投促局", Role.COUNTY, "520303"))
    press(app, "Save")
    assert "汇川投促局 works for 汇川区" in outcome(app)
    assert row(ledger) == project


@pytest.mark.usefixtures("project")
def test_a_change_that_is_lost_between_two_runs_leaves_no_outcome_behind(
    page: Callable[..., AppTest],
) -> None:
    app = press(press(page(), "Edit"), "Save")
    assert outcome(app) == "The project was saved."
    app.run()
    assert outcome(app) == ""
    assert app.session_state[OUTCOME.key] is None


def test_the_changed_need_of_the_other_page_is_saved(
    page: Callable[..., AppTest], project: Project, ledger: Ledger
) -> None:
    app = page(tab="Need")
    assert "Save the changed need" not in str([one.label for one in app.button])
    need = json.loads(project.need)
    need["constraints"][0]["maximum"] = "250 mu"
    app.session_state[site_page.DRAFT_OF.key] = "XM-1"
    app.session_state[DRAFT.key] = need
    app.run()
    press(app, "Save the changed need of “Find a site”")
    assert outcome(app) == "The need was saved to the project."
    assert json.loads(row(ledger).need)["constraints"][0]["maximum"] == "250 mu"
    assert "250 mu" in html(app)


def test_a_need_that_cannot_be_screened_is_told(
    page: Callable[..., AppTest], project: Project, ledger: Ledger
) -> None:
    with ledger.begin(PROVINCE) as work:
        faulty = '{"constraints": [{"use": "no such criterion"}]}'
        with pytest.raises(LedgerError, match="no such criterion"):
            projects.edit(work, project.id, version=1, need=faulty)
        work.connection.execute(  # as an older LandMap may have written it
            tables.project.update().values(need=faulty)
        )
        work.commit()
    app = page(tab="Need")
    assert "no such criterion" in outcome(app)


def test_many_projects_are_sent_in_parts_and_all_are_found(
    page: Callable[..., AppTest], ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_part, "SIZE", 2)
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(
        case_table, "part", lambda _: lambda **given: drawn.append(given["data"])
    )
    with ledger.begin(PROVINCE) as work:
        for title in ("甲", "丙", "乙"):  # by pinyin: bing, jia, yi
            projects.create(work, title=title, region="520304")
        work.commit()
    app = page(code="")

    def shown(say: Callable[[Place], None] | None = None) -> tuple[list[str], str]:
        if say is not None:
            session: dict[str, Any] = {}
            with monkeypatch.context() as patched:
                patched.setattr(st, "session_state", session)
                say(Place(project_table.TABLE_KEY, Asked()))
            for key, value in session.items():
                app.session_state[key] = value
            app.run()
        told = drawn[-1]
        return [row["texts"][0] for row in told["rows"]], told["part"]["text"]

    def clicks(name: str, value: str) -> Callable[[Place], None]:
        def said(asked: str) -> str | None:
            return value if asked == name else None

        shown = partial(Shown, first=0, total=3)
        return lambda place: shown(place).takers(said)[f"on_{name}_change"]()

    assert shown() == (["乙", "丙"], "1 to 2 of 3")  # the last code first
    assert shown(clicks("turned", "2")) == (["甲"], "3 to 3 of 3")
    assert shown(clicks("sorted", "title/up")) == (["丙", "甲"], "1 to 2 of 3")
    assert shown(clicks("sorted", "title/down")) == (["乙", "甲"], "1 to 2 of 3")
    field(app, "Search projects").set_value("丙").run()
    assert [row["texts"][0] for row in drawn[-1]["rows"]] == ["丙"]

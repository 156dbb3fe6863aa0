"""The policy desk's page: what is read, asked, written and told where people work."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from casework_pages import COUNTY, HOSTILE, KEY, PROVINCE, html, opened, outcome, press
from streamlit.testing.v1 import AppTest

from gis.errors import LedgerError
from ledger import policies, policy_making, policy_uses, projects, promises
from ledger.applicability import FactAsked
from ledger.model import Actor, Role
from ledger.policy import Confidence, Origin, Policy, Terms
from ledger.unit_of_work import Ledger
from ui import (
    access,
    i18n,
    policies_page,
    policy_condition_form,
    policy_export,
    policy_matches,
    policy_words,
    resources,
    screening_rules,
    site_page,
    start,
)
from ui.policy_state import CHOSEN, VIEW
from ui.settings import Settings
from ui.zone_rows import ZoneRow

PUBLIC = Actor("Visitor", Role.PUBLIC)
LEADER = Actor("Leader", Role.LEADER, "520304")
BATTERIES = '{"about": ["project"], "industries": ["C38"]}'
TERMS = Terms(
    title=HOSTILE,
    document_number="播府发〔2026〕1号",
    source="门户网站",
    confidence=Confidence.SOURCE,
    applies=BATTERIES,
    to_do="向投促局申请",
    ask="investment",
)


@pytest.fixture
def ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_home: Settings
) -> Ledger:
    """Return an empty ledger, which the pages read beside the small home's land."""
    del at_home
    kept = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", KEY)
    monkeypatch.setattr(resources, "ledger", lambda: kept)
    monkeypatch.setattr(access, "actor_name", lambda *_: "province")
    monkeypatch.setattr(access, "current_actor", lambda: PROVINCE)
    monkeypatch.setattr(start, "missing", lambda _: [])
    monkeypatch.setattr(site_page, "site_page", lambda: None)
    for one in (i18n, policies_page, policy_words):
        monkeypatch.setattr(one, "language", lambda: "en", raising=False)
    return kept


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Return what sets who looks at the page."""

    def set_actor(actor: Actor) -> None:
        monkeypatch.setattr(access, "current_actor", lambda: actor)

    return set_actor


@pytest.fixture
def policy(ledger: Ledger) -> Policy:
    """Put a document on the desk, with an end of its text that means mischief."""
    with ledger.begin(PROVINCE) as work:
        made = policies.draft(work, TERMS, keeper="520304", origin=Origin.RECORDED)
        (draft,) = policies.editions(work, made.id)
        made = policies.publish(work, draft.id, version=1)
        work.commit()
    return made


def desk(**state: Any) -> AppTest:
    return opened("policies", **state)


def test_a_visitor_reads_what_is_published_and_finds_no_deed(
    policy: Policy, ask: Any
) -> None:
    ask(PUBLIC)
    app = desk()
    shown = html(app)
    assert "&lt;img" in shown
    assert "<img" not in shown
    assert "The text is not at hand: nothing is made up." in shown
    assert "not known" in shown
    assert not {one.label for one in app.button} & {"New edition", "Begin the draft"}
    assert [tab.label for tab in app.tabs] == ["Document", "Editions", "Files"]
    assert policy.code == "520304-0001"


def test_an_office_writes_checks_off_and_a_leader_publishes(  # noqa: PLR0915 - one story
    ledger: Ledger, ask: Any
) -> None:
    ask(COUNTY)
    app = desk()
    app.text_input(key="policy.new.0.title").input("用地办法")
    app.radio(key="policy.new.0.origin").set_value(Origin.MADE)
    app = press(app, "Begin the draft")
    assert "The draft was begun." in outcome(app)
    with ledger.read(COUNTY) as work:
        ((_, draft),) = policies.drafts(work)
        codes = [one.code for one in policy_making.points(work)]
    key = f"policy.{draft.id}.1.edit"
    app.multiselect(key=f"{key}.about").set_value(["project"])
    app.multiselect(key=f"{key}.industry").set_value(["C38"])
    app.text_area(key=f"{key}.facts").input("farmland_evidence = hit")
    app.text_area(key=f"{key}.told").input("列入目录\n")
    app.number_input(key=f"{key}.least").set_value(1_000.0)
    app = press(app, "Save")
    assert "The draft was saved." in outcome(app)
    for code in codes:
        for name in ("answer", "evidence"):
            app.text_input(key=f"policy.{draft.id}.2.checklist.{code}.{name}").input(
                "纪要"
            )
    app = press(app, "Save the answers")
    assert "The answers were saved." in outcome(app)
    assert "Publish" not in {one.label for one in app.button}
    with ledger.begin(PROVINCE) as work:
        projects.create(work, title="甲", region="520304", industry="C38")
        work.commit()
    ask(LEADER)
    app = press(app.run(), "Publish")
    assert "The document is published" in outcome(app)
    assert "Since edition 1: 0 projects" not in html(app)
    assert "<dt>Projects it may apply to</dt><dd>1</dd>" in html(app)
    with ledger.read(LEADER) as work:
        (held,) = policies.on_day(work)
    assert held.edition.applies == (
        '{"about": ["project"], "facts": [{"column": "farmland_evidence", "words": '
        '["hit"]}], "industries": ["C38"], "investment": {"least": 1000.0, "most": '
        'null}, "told": ["列入目录"]}'
    )
    assert held.policy.edition == 1


def test_the_desk_s_office_revises_repeals_and_adds_a_file(
    ledger: Ledger, policy: Policy
) -> None:
    app = desk()
    key = f"policy.{policy.id}.{policy.version}"
    app.text_input(key=f"{key}.revise.why").input("延期")
    app = press(app, "New edition")
    assert "A new edition was begun" in outcome(app)
    draft_id = chosen_draft(app)
    app.text_input(key=f"policy.{draft_id}.1.why").input("不改了")
    app = press(app, "Drop the draft")
    assert "The draft was dropped." in outcome(app)
    app.text_input(key=f"{key}.repeal.why").input("新法")
    app = press(app, "Write the repeal down")
    assert "The repeal was written down." in outcome(app)
    assert "It applies no more." in html(app)
    with ledger.read(PROVINCE) as work:
        assert policies.get(work, policy.id).state.value == "repealed"


def chosen_draft(app: AppTest) -> str:
    return str(app.session_state[CHOSEN.key]).removeprefix("draft/")


def test_the_uses_list_projects_and_parcels_and_go_into_a_workbook(
    ledger: Ledger, policy: Policy
) -> None:
    with ledger.begin(PROVINCE) as work:
        projects.create(work, title="=甲", region="520304", industry="C3841")
        projects.create(work, title="乙", region="520304")
        work.commit()
    app = desk(policies__tabs="Uses")
    shown = html(app)
    assert "<dt>Projects it may apply to</dt><dd>2</dd>" in shown
    with ledger.read(PROVINCE) as work:
        (held,) = policies.on_day(work)
    made = policy_export.workbook(
        held,
        ledger=ledger,
        actor=PROVINCE,
        places={},
        parcels=policy_export.parcels_touched(held),
        spoken="en",
    )
    sheet = openpyxl.load_workbook(BytesIO(made))["Projects"]
    assert [[cell.value for cell in row][1:2] for row in sheet.rows] == [
        ["Project"],
        ["=甲"],
        ["乙"],
    ]
    assert policy.code == held.policy.code


def test_four_answers_tell_what_applies_and_what_may(
    ledger: Ledger, policy: Policy
) -> None:
    del ledger, policy
    app = desk(**{VIEW.key: "mine"})
    assert "1 more may apply" in html(app)
    app.selectbox(key="policy.industry").set_value("C39").run()
    assert "No policy on the desk applies here." in html(app)
    app.selectbox(key="policy.industry").set_value("C384").run()
    shown = html(app)
    assert "C384" in shown
    assert "The first day it holds is not known." in shown
    assert "向投促局申请" in shown


def test_the_rules_and_who_does_what_are_read_by_a_visitor(
    ledger: Ledger, ask: Any
) -> None:
    with ledger.begin(PROVINCE) as work:
        for title, industry in (("甲", "C38"), ("乙", "")):
            projects.create(work, title=title, region="520304", industry=industry)
        work.commit()
    shown = html(desk(**{VIEW.key: "rules"}))
    assert "1 projects name an industry it knows" in shown
    ask(PUBLIC)
    shown = html(desk(**{VIEW.key: "rules"}))
    assert "LandMap 2026-1" in shown
    assert "name an industry" not in shown
    assert "Rule tables of casework" not in shown
    shown = html(desk(**{VIEW.key: "map"}))
    assert "not entered: an administrator fills it in" in shown
    assert "(example, not confirmed)" in shown


def test_a_promise_is_put_under_a_policy_on_the_project_s_sheet(
    ledger: Ledger, policy: Policy
) -> None:
    with ledger.begin(PROVINCE) as work:
        project = projects.create(work, title="甲", region="520304", industry="C38")
        promise = promises.write(
            work, project_id=project.id, title="用电补贴", basis="协议"
        )
        work.commit()
    app = opened(
        "project_ledger",
        **{"landmap.project": project.code, "ledger.tabs": "Promises"},
    )
    key = f"promise.{promise.id}.policy.0"
    app.selectbox(key=f"{key}.policy").set_value(policy.id)
    app = press(app, "Save the policy")
    assert "The policy of the promise was saved." in outcome(app)
    assert "Under the policy: 地块" in html(app)
    with ledger.read(PROVINCE) as work:
        (under,) = policy_uses.under(work, policy.id)
    assert under.promise.id == promise.id


def test_a_project_a_parcel_and_a_zone_tell_their_policies(
    ledger: Ledger, policy: Policy
) -> None:
    del policy
    with ledger.begin(PROVINCE) as work:
        project = projects.create(work, title="甲", region="520304", industry="C38")
        for title, applies in (
            ("地块办法", '{"about": ["parcel"], "land_classes": ["10"]}'),
            ("园区办法", '{"about": ["zone"], "regions": ["520300"]}'),
        ):
            made = policies.draft(
                work,
                Terms(title=title, source="x", applies=applies),
                keeper="520304",
                origin=Origin.RECORDED,
            )
            (draft,) = policies.editions(work, made.id)
            policies.publish(work, draft.id, version=1)
        work.commit()
    table = resources.facts().table
    industrial = table.index[table["land_use_code"].astype("str").str.startswith("10")]
    shown = policy_matches.parcel_html(industrial[0], None)
    assert "地块办法" in shown
    assert "地块{{" not in shown
    assert "地块{{" in policy_matches.parcel_html(industrial[0], project)
    zone = ZoneRow("52201028", "园区", "520304")
    found = policy_matches.found_for(policy_matches.zone_subject(zone))
    assert [held.edition.title for held, _, _ in found] == ["园区办法"]


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("farmland_evidence = hit, clear", {"words": ["hit", "clear"]}),
        ("area_m2 >= 10000", {"least": 10_000.0}),
        ("far_max<=2.5", {"most": 2.5}),
    ],
)
def test_a_line_of_facts_is_read_and_written_back(line: str, fact: Any) -> None:
    read = policy_condition_form.fact_of(line)
    assert read == fact | {"column": read["column"]}
    again = policy_condition_form.fact_line(
        FactAsked(**(read | {"words": tuple(read.get("words", ()))}))
    )
    assert policy_condition_form.fact_of(again) == read


@pytest.mark.parametrize("line", ["far_max", "far max = 1", "far_max >= 1.1.1", "=x"])
def test_a_line_that_is_no_fact_is_refused(line: str) -> None:
    with pytest.raises(LedgerError):
        policy_condition_form.fact_of(line)


def test_a_card_cites_the_rule_of_planned_land_use() -> None:
    assert "LandMap 2026-1" in screening_rules.cited_html()
    assert policy_words.none_html("<") == '<p class="policies-none">&lt;</p>'

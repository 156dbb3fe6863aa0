"""Visitors' pages on a small published home: what each shows, keeps and refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
from casework_pages import HOSTILE, KEY, MAIN, html, lock
from streamlit.testing.v1 import AppTest

from ledger import inquiries, projects, saved_searches
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger
from siting.four_questions import Answers
from ui import access, i18n, land_words, quotas, resources, visitor_quota
from ui.access import PUBLIC
from ui.compare_land_page import table_html
from ui.land_state import ANSWERS, LISTED
from ui.leaflet_content import leaflet_of
from ui.save_search import SAVED
from ui.settings import Settings, settings
from ui.state import LANGUAGE, PARCEL
from ui.zone_land import land_by_zone, zone_land

PROVINCE = Actor("省投促局", Role.PROVINCE, "520000")


@pytest.fixture
def ledger(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Return a ledger of its own, which the pages write instead of the home's."""
    kept = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", KEY)
    monkeypatch.setattr(resources, "ledger", lambda: kept)
    yield kept
    kept.close()


@pytest.fixture
def public(
    at_home: Settings, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> Settings:
    """Make this process a public one, with quotas that nobody has used."""
    monkeypatch.setenv("LANDMAP_PUBLIC", "true")
    monkeypatch.setenv("LANDMAP_QUOTA_INQUIRIES", "2")
    settings.cache_clear()
    assert resources.ledger() is ledger
    for told in (i18n, land_words):  # choices are told outside of the session too
        monkeypatch.setattr(told, "language", lambda: "en")
    monkeypatch.setattr(quotas, "INQUIRIES", quotas.Allowance(3_600))
    monkeypatch.setattr(visitor_quota, "_FOLLOWED", quotas.Allowance(3_600))
    return at_home


def opened(screen: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.session_state[LANGUAGE.key] = "en"
    for name, value in query.items():
        app.query_params[name] = value
    app.run().switch_page(f"screens/{screen}.py")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("public")
def test_a_question_about_a_parcel_reaches_the_office_of_its_county_once_agreed_to(
    ledger: Ledger,
) -> None:
    table = resources.facts().table
    parcel_id, county = str(table.index[0]), str(table["county_code"].iloc[0])
    app = opened("land_parcel", parcel=parcel_id, when="year")
    assert parcel_id in html(app)
    key = f"land.asking.{parcel_id}"
    app.text_input(key=f"{key}.person").set_value("王先生")
    app.text_input(key=f"{key}.contact").set_value("a@b.cn")
    app.text_area(key=f"{key}.text").set_value(HOSTILE)
    app.button(key=f"{key}.send").click().run()
    assert "Without consent" in app.error[0].value
    app.checkbox(key=f"{key}.consents").check()
    app.text_input(key=f"{key}.website").set_value("http://spam.example")
    app.button(key=f"{key}.send").click().run()
    with ledger.read(PROVINCE) as work:
        assert inquiries.listed(work).rows == []
    app.text_input(key=f"{key}.website").set_value("")
    app.button(key=f"{key}.send").click().run()
    with ledger.read(PROVINCE) as work:
        (made,) = inquiries.listed(work).rows
    assert (made.parcel_id, made.region, made.text) == (parcel_id, county, HOSTILE)
    assert '"use": "available_by"' in made.need
    assert made.number in app.success[0].value


@pytest.mark.usefixtures("public")
def test_a_question_is_followed_by_its_number_and_the_contact(ledger: Ledger) -> None:
    with ledger.begin(Actor("公众", Role.PUBLIC)) as work:
        made = inquiries.receive(
            work,
            region="520304",
            person="王先生",
            contact="a@b.cn",
            text="有净地吗？",
            consents=True,
        )
        work.commit()
    follow = opened("ask_land")
    follow.text_input(key="land.follow.number").set_value(made.number)
    follow.text_input(key="land.follow.contact").set_value("other@b.cn")
    follow.button(key="land.look").click().run()
    assert "no inquiry with this number and contact" in follow.error[0].value
    follow.text_input(key="land.follow.contact").set_value("a@b.cn")
    follow.button(key="land.look").click().run()
    assert "has not answered yet" in html(follow)


@pytest.mark.usefixtures("public")
def test_an_address_that_asks_too_often_is_sent_away(ledger: Ledger) -> None:
    app = opened("ask_land")
    key = "land.asking.general"
    for _ in range(3):
        app.selectbox(key=f"{key}.region").select("520304")
        app.text_input(key=f"{key}.person").set_value("王先生")
        app.text_input(key=f"{key}.contact").set_value("a@b.cn")
        app.text_area(key=f"{key}.text").set_value("有净地吗？")
        app.checkbox(key=f"{key}.consents").check()
        app.button(key=f"{key}.send").click().run()
        if not app.error:
            app.button(key="land.ask.again").click().run()
    assert "too often from your address" in app.error[0].value
    with ledger.read(PROVINCE) as work:
        assert inquiries.listed(work).total == 2


@pytest.mark.usefixtures("public")
def test_a_saved_search_tells_what_is_new_and_is_forgotten_when_asked(
    ledger: Ledger,
) -> None:
    county = str(resources.facts().table["county_code"].iloc[0])
    app = opened("find_land", where=county)
    app.button(key="land.save").click().run()
    _, secret = app.session_state[SAVED.key]
    assert secret in app.code[0].value
    assert secret not in str(dict(app.query_params))
    with ledger.begin(PROVINCE) as work:
        search = saved_searches.opened(work, secret)
        fits = search.parcel_ids
        saved_searches.mark_seen(
            work,
            secret,
            data_version="older",
            parcel_ids=(*fits[1:], "GZ-gone"),
            version=search.version,
        )
        work.commit()
    again = opened("saved_search", key=secret)
    assert "1 new, 1 gone since" in html(again)
    again.button(key="land.saved.seen").click().run()
    assert "0 new, 0 gone since" in html(again)
    again.button(key="land.saved.forget").click().run()
    assert "no saved search behind this link" in again.error[0].value


@pytest.mark.usefixtures("public")
def test_a_link_brings_answers_and_list_and_what_is_gone_is_told() -> None:
    ids = [str(one) for one in resources.facts().table.index[:5]]
    app = opened("compare_land", list=",".join([*ids, "GZ-gone"]), area="20-400")
    said = html(app)
    assert app.session_state[LISTED.key] == (*ids, "GZ-gone")
    assert app.session_state[ANSWERS.key] == Answers(least_mu=20, most_mu=400)
    assert "1 of your list are no longer on offer" in said
    assert "The first 4 of your list are compared" in said
    assert said.count("scope='col'") == 4
    hidden = opened("land_parcel", parcel="GZ-hidden")
    assert "This parcel is not on offer" in html(hidden)
    assert hidden.session_state[PARCEL.key] == "GZ-hidden"


@pytest.mark.usefixtures("public")
def test_land_that_a_project_holds_is_told_to_be_held_wherever_it_is_shown(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, free = (str(one) for one in resources.facts().table.index[:2])
    with ledger.begin(PROVINCE) as work:
        lock(work, projects.create(work, title="保密项目", region="520304"), held)
        work.commit()
    page = html(opened("land_parcel", parcel=held))
    assert "This land is held at present." in page
    assert "held for a project" in page
    other = html(opened("land_parcel", parcel=free))
    assert "This land is held at present." not in other
    assert "held by nobody" in other
    both = html(opened("compare_land", list=f"{held},{free}"))
    assert "held for a project" in both
    assert "held by nobody" in both
    assert "保密项目" not in page + both
    monkeypatch.delattr(access, "current_actor")  # there is no page around a leaflet
    with i18n.speaking("en"):
        told = leaflet_of([held, "GZ-gone"], actor=PUBLIC, base="https://land.example")
    (parcel,) = told.parcels
    assert parcel.groups[0].lines[0].value == "held for a project"
    assert "1 of your list are no longer on offer." in told.notes


@pytest.mark.usefixtures("public")
def test_a_zone_sums_up_the_land_that_is_on_offer_in_it() -> None:
    table = resources.facts().table
    counted = land_by_zone(table)
    code = max(counted, key=lambda one: counted[one][0])
    own = table[(table["zone_code"] == code).to_numpy(bool)]
    land = zone_land(table, code)
    assert counted[code] == (len(own), own["area_m2"].sum())
    assert sum(size.count for size in land.sizes) == land.count == len(own)
    assert land.prices == (own["price_cny_m2"].min(), own["price_cny_m2"].max())
    ready, known = land.services["road"]
    assert known == (own["service_road"].astype(str) != "unknown").sum()
    assert ready <= known
    assert zone_land(table, "nowhere").count == 0
    app = opened("zone_land", zone=code)
    assert f"{len(own)} parcels" in html(app)
    assert "Policies that apply" in html(app)
    assert "No contact is on record yet" in html(app)


@pytest.mark.usefixtures("public")
def test_text_of_the_data_is_never_markup() -> None:
    row = dict(resources.facts().table.iloc[0]) | {"name": HOSTILE}
    opened("compare_land")  # words are told in a page's language
    said = table_html([("<b>id</b>", row)])
    assert "<img" not in said
    assert "<b>id" not in said

"""The life of a project at the pages, clicked and typed; rates move as arithmetic says.

What one verb refuses stands in `tests/ledger/`; here people of four offices hand one
project on, from an inquiry to production and a kept promise, and read what it says.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from officer import Officer
from playwright.sync_api import Browser, BrowserContext, Response, expect
from typer.testing import CliRunner

from ledger import accounts, audit, projects
from ledger.approval_batches import week_of
from ledger.model import AuditRow
from ledger.unit_of_work import CHINA, Ledger
from ui import access, cli, start
from ui.settings import Settings

pytestmark = pytest.mark.browser

COUNTY = ("county", "Tongzi investment bureau")
CITY = ("city", "Zunyi investment bureau")
PROVINCE = ("province", "Provincial investment office")
LAND_OFFICE = ("factor", "Provincial department of natural resources")
LEADER = ("leader", "Leader in charge")
LEDGER = "Ledger"
FIRM = "示例新能源"
TITLE = "示例电池材料项目"
RIVAL = "示例铝精深加工项目"
DOCUMENT = "黔府用地函〔2026〕示例1号"


@dataclass
class Life:
    """A project on its way, and who has it in hand.

    Attributes:
        officer: Who works at the pages.
        settings: The home of the app.
        parcel: The land that was chosen.
        until: Last day of the claim on it.
        rates: Signed, started and in production, each time they were read.
    """

    officer: Officer
    settings: Settings
    parcel: str = ""
    until: str = ""
    rates: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """The ledger of the app."""
        return start.open_ledger(self.settings)


@pytest.fixture
def life(
    prepared: Settings,
    browser: Browser,
    running: Callable[..., AbstractContextManager[str]],
    asking: Callable[..., AbstractContextManager[BrowserContext]],
    tmp_path: Path,
) -> Iterator[Life]:
    """Start the app in a home of its own, with somebody of the county before it."""
    home = tmp_path / "home"
    shutil.copytree(prepared.home, home)
    chosen = prepared.model_copy(update={"home": home})
    failed: list[str] = []
    with (
        running(home, LANDMAP_SAMPLE=str(prepared.sample)) as address,
        asking(browser, address) as profile,
    ):
        page = profile.new_page()
        page.on("response", lambda one: failed.append(one.url) if bad(one) else None)
        yield Life(Officer(page, address), chosen)
    assert failed == []


def test_from_an_inquiry_to_production_and_a_kept_promise(life: Life) -> None:
    a_lead_comes_in(life)
    land_is_looked_for(life)
    it_is_appraised_before_signing(life)
    it_is_signed(life)
    land_is_claimed(life)
    a_rival_is_refused(life)
    it_waits_in_the_queue(life)
    a_problem_is_handed_up(life)
    it_is_answered_and_closed(life)
    land_is_applied_for(life)
    the_week_s_batch_goes_up(life)
    it_goes_into_production(life)
    the_promise_is_paid(life)
    one_cell_of_the_workbook_is_one_change(life)
    the_chain_is_whole(life)


def a_lead_comes_in(life: Life) -> None:
    officer = life.officer
    officer.visit("ledger")
    officer.become(*COUNTY)
    life.rates.append(rates(officer))
    officer.go("Inquiries", LEDGER)
    officer.press("Write an inquiry down")
    officer.pick("Region that answers", "桐梓县")
    officer.fill("Firm", FIRM)
    officer.fill("Contact person", "王先生")
    officer.fill("Phone or e-mail", "138 0000 0000")
    officer.fill("Inquiry text", "想建电池材料厂，要一百亩净地。")
    officer.tick("The person agrees that name and contact are kept for the answer.")
    officer.press("Take it in")
    officer.told("The inquiry was taken in.")
    officer.press("Make it a lead")
    officer.press("Open the project")
    officer.sees(FIRM)
    officer.press("Edit")
    officer.fill("Project title", TITLE)
    officer.fill("Industry", "C3985")
    for name, value in (
        ("Investment", "52000"),
        ("Yearly output", "90000"),
        ("Yearly tax", "4200"),
        ("Jobs", "300"),
        ("Land demand", "100"),
    ):
        officer.fill(name, value, "spinbutton")
    officer.press("Save")
    officer.told("The project was saved.")
    assert rates(officer) == life.rates[0]


def land_is_looked_for(life: Life) -> None:
    officer, page = life.officer, life.officer.page
    officer.link("Find a site for it")
    officer.pick("Add a constraint", officer.words("Region"))
    officer.rest()
    page.locator("[class*=st-key-site-row-constraints] button").last.click()
    places = page.get_by_test_id("stMultiSelect").get_by_role("combobox")
    places.press("Backspace")
    officer.rest()
    officer.choose_in(places, "桐梓县")
    officer.rest()
    page.keyboard.press("Escape")
    best = page.locator("tr[data-parcel]", has_text="桐梓县").first
    expect(best).to_be_visible()
    life.parcel = str(best.get_attribute("data-parcel"))
    best.click()
    expect(page.locator(".card-head")).to_contain_text(life.parcel)
    officer.rest()
    officer.press("Add to shortlist")
    officer.sees(officer.words("On the shortlist."))
    officer.picture("1-candidates")
    officer.go("Project ledger", LEDGER)
    officer.open_tab("Need")
    officer.press("Save the changed need of “Find a site”")
    officer.told("The need was saved to the project.")


def it_is_appraised_before_signing(life: Life) -> None:
    officer = life.officer
    officer.open_tab("Appraisal")
    officer.press("Begin an appraisal")
    officer.press("Open the appraisal")
    officer.does(
        "Screen and keep",
        "Screen and keep the result",
        "The screening stands under the appraisal.",
    )
    officer.sees(life.parcel)
    fine = officer.words("In order")
    # By its text: while a list is open, all around it is hidden from roles.
    form = officer.page.get_by_test_id("stForm").filter(
        has_text=officer.words("Save the draft")
    )
    for box in form.get_by_test_id("stSelectbox").locator("input").all():
        officer.choose_in(box, fine)
    officer.fill("Summary", "链条互补，用地可落实。")
    officer.press("Save the draft")
    officer.told("The draft was saved.")
    officer.press("Submit for a decision")
    officer.press("Submit")
    officer.told("The appraisal waits for a decision.")

    officer.become(*LAND_OFFICE)
    officer.choose(TITLE)
    officer.does(
        "Give an opinion",
        "Give the opinion",
        "The opinion was given.",
        Reason="先落实用地指标",
    )
    officer.become(*LEADER)
    officer.choose(TITLE)
    officer.sees("先落实用地指标")
    officer.does(
        "Decide",
        "Decide and freeze",
        "The appraisal is decided and frozen.",
        Reason="会商同意引进",
    )
    officer.picture("2-appraisal")
    assert officer.page.get_by_role("button", name=officer.words("Decide")).count() == 0


def it_is_signed(life: Life) -> None:
    officer = life.officer
    officer.become(*COUNTY)
    in_the_ledger(officer)
    for stage in ("Negotiation", "Signed"):
        move(officer, stage)
    signed, started, producing = life.rates[0]
    life.rates.append(rates(officer))
    assert life.rates[-1] == (signed + 1, started, producing)
    officer.open_tab("Shortlist and land")
    officer.does(
        "New land demand",
        "Add",
        "The land demand was written down.",
        What_the_land_is_for="一期用地",
    )


def land_is_claimed(life: Life) -> None:
    officer = life.officer
    life.until = str(today() + timedelta(days=90))
    on_the_card(life)
    officer.press("Claim")
    officer.pick("Kind of claim", officer.words("Locked"))
    officer.set_day("Last day", life.until)
    officer.fill("What it rests on", "会议纪要第3号")
    officer.press_last("Claim")
    officer.sees(officer.words("Claimed for this project."))


def a_rival_is_refused(life: Life) -> None:
    officer, page = life.officer, life.officer.page
    officer.go("Project ledger", LEDGER)
    officer.press("New project")
    officer.fill("Project title", RIVAL)
    officer.pick("Region", "桐梓县")
    officer.press("Save")
    officer.told("The project was added.")
    on_the_card(life)
    card = page.locator(".st-key-site_card")
    held = officer.words(
        "Held by {who}: {kind}, until {until}.",
        who=TITLE,
        kind=officer.words("Locked"),
        until=life.until,
    )
    expect(card.locator(".card-held")).to_have_text(held)
    officer.press("Claim or queue")
    officer.press_last("Claim")
    refusal = page.locator("[data-testid=stAlert]").first
    expect(refusal).to_contain_text(TITLE)
    expect(refusal).to_contain_text(life.until)
    officer.sees(officer.words("Similar parcels that are free"))
    similar = card.locator("[class*=st-key-site-similar] button")
    assert similar.count() > 0
    assert life.parcel not in similar.first.inner_text()
    officer.picture("3-refused")


def it_waits_in_the_queue(life: Life) -> None:
    officer = life.officer
    officer.press("Claim or queue")
    officer.press_last("Join the queue")
    officer.sees(officer.words("This project waits in the queue."))
    officer.go("Land claims", LEDGER)
    officer.choose(life.parcel)
    officer.sees(RIVAL)
    officer.picture("4-claims")

    in_the_ledger(officer)
    officer.open_tab("Shortlist and land")
    officer.does("Match land", "Match", "Land was matched to the demand.")


def a_problem_is_handed_up(life: Life) -> None:
    officer = life.officer
    officer.open_tab("Problems")
    officer.does(
        "New problem",
        "Add",
        "It was written down. Route it now.",
        What_is_the_problem="一期用地指标未下达",
    )
    officer.press("Go on with it")
    officer.press("Edit")
    officer.fill("What is the problem", "一期一百亩用地指标未下达")
    officer.press("Save")
    officer.told("The change was saved.")
    officer.press("Route")
    officer.pick("Office", "自然资源")
    officer.press("Route it")
    officer.told("It was routed.")
    officer.does("Hand up", "Hand it up", "It was handed up.", Reason="县级无指标")
    officer.become(*CITY)
    officer.seek("一百亩用地指标")
    officer.choose("一百亩用地指标")
    officer.does("Hand up", "Hand it up", "It was handed up.", Reason="市级无指标")


def it_is_answered_and_closed(life: Life) -> None:
    officer = life.officer
    officer.become(*LAND_OFFICE)
    officer.seek("一百亩用地指标")
    officer.choose("一百亩用地指标")
    officer.does(
        "Answer", "Save the answer", "The answer was saved.", What_is_answered="已下达"
    )
    officer.picture("5-problem")
    officer.become(*COUNTY)
    officer.seek("一百亩用地指标")
    officer.choose("一百亩用地指标")
    officer.does(
        "Close with evidence",
        "Strike it off",
        "It was struck off.",
        Evidence_of_closing="指标下达文",
    )


def land_is_applied_for(life: Life) -> None:
    officer, page = life.officer, life.officer.page
    in_the_ledger(officer)
    move(officer, "Siting")
    officer.open_tab("Land approval")
    officer.press("Apply for land")
    officer.pick("Land demand it serves", "一期用地")
    officer.press("Apply")
    officer.told("The application is under way.")
    officer.press("Open in land approvals")
    officer.press("Take the land demand into approval")
    officer.told("The land demand was taken on.")
    officer.press("Move the project to “{stage}”", stage=officer.words("Land approval"))
    officer.told("The project was moved to its new stage.")
    officer.does(
        "Weekly batch", "Put into this batch", "It goes up with the batch of that week."
    )
    while (on := page.locator("[class*=st-key-approval-on] button")).count():
        on.first.click()
        officer.rest()
        despite = page.locator("[class*=-despite] input")
        if despite.count():
            despite.fill("容缺受理，三日内补齐")
        officer.press("Take it on")
        officer.told("The application went a step on.")


def the_week_s_batch_goes_up(life: Life) -> None:
    officer = life.officer
    officer.become(*PROVINCE)
    officer.turn_to("Weekly batch")
    officer.sees(week_of(today()))
    officer.picture("6-batch")
    officer.press("Submit this batch")
    officer.press_last("Submit")
    officer.sees(TITLE)
    officer.become(*COUNTY)
    officer.choose(TITLE)
    officer.does(
        "Approved",
        "Write the approval down",
        "The approval is written down.",
        Document_number=DOCUMENT,
    )
    officer.press("Strike the land demand off, on {number}", number=DOCUMENT)
    officer.told("The land demand was taken on.")


def it_goes_into_production(life: Life) -> None:
    officer = life.officer
    signed, started, producing = life.rates[-1]
    in_the_ledger(officer)
    move(officer, "Construction started")
    assert rates(officer) == (signed, started + 1, producing)
    move(officer, "In production")
    assert rates(officer) == (signed, started + 1, producing + 1)
    assert officer.figure("Start rate") == f"{(started + 1) / signed:.1%}"
    assert officer.figure("Production rate") == f"{(producing + 1) / signed:.1%}"
    officer.open_tab("Stages")
    officer.picture("7-stages")


def the_promise_is_paid(life: Life) -> None:
    officer = life.officer
    officer.open_tab("Promises")
    officer.press("New promise")
    officer.fill("What was promised", "固定资产投资奖补")
    officer.fill("Basis of the promise", "投资协议第六条")
    officer.fill("Amount (10,000 CNY)", "100", "spinbutton")
    officer.press("Add")
    officer.told("The promise was written down.")
    officer.press("Book a payment")
    officer.fill("Paid (10,000 CNY)", "40", "spinbutton")
    officer.fill("Evidence of payment", "拨付凭证1号")
    officer.press("Book")
    officer.told("The payment was booked.")
    officer.does(  # what is left stands in the form
        "Book a payment", "Book", "The payment was booked.", Evidence_of_payment="凭证2"
    )
    officer.sees(officer.words("Kept"))
    officer.picture("8-promise")


def one_cell_of_the_workbook_is_one_change(life: Life) -> None:
    officer, page = life.officer, life.officer.page
    officer.go("Import and export", LEDGER)
    with page.expect_download() as coming:
        officer.press("All projects")
    file = life.settings.home / "台账.xlsx"
    coming.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    (row,) = [
        row for row in sheet.iter_rows(min_row=2) if TITLE in [one.value for one in row]
    ]
    row[heads.index(officer.words("Jobs"))].value = 320
    book.save(file)
    before = written(life)
    page.locator("input[type=file]").set_input_files(file)
    officer.rest()
    officer.press("Take in {count} rows", count=1)
    officer.told("The table was taken in.")
    (change,) = [row for row in written(life)[len(before) :] if row.entity == "project"]
    assert (change.verb, json.loads(change.after)) == ("project.edit", {"jobs": 320})


def the_chain_is_whole(life: Life) -> None:
    told = CliRunner().invoke(
        cli.app, ["ledger", "verify"], env={"LANDMAP_HOME": str(life.settings.home)}
    )
    assert told.exit_code == 0, told.output
    with life.ledger.read(accounts.OPERATOR) as work:
        assert audit.verify(work).broken is None


def written(life: Life) -> list[AuditRow]:
    """Read the history of the project, the oldest first."""
    with life.ledger.read(access.DEMO_ACTORS["province"]) as work:
        (project,) = projects.find(work, TITLE)
        return audit.history(work, "project", project.id)[::-1]


def bad(response: Response) -> bool:
    """Tell whether an answer is an error, which the console would show in red."""
    return response.status >= 400


def today() -> date:
    """Return the day in China."""
    return datetime.now(tz=CHINA).date()


def rates(officer: Officer) -> tuple[int, int, int]:
    """Read the figures above the ledger: signed, started, in production."""
    signed, started, producing = (
        int(officer.figure(name))
        for name in ("Signed", "Construction started", "In production")
    )
    return signed, started, producing


def in_the_ledger(officer: Officer) -> None:
    """Open the project's sheet in the ledger."""
    officer.go("Project ledger", LEDGER)
    officer.page.get_by_placeholder(
        officer.words("Search project, investor, code or industry")
    ).fill(TITLE)
    officer.page.keyboard.press("Enter")
    officer.rest()
    officer.choose(TITLE)
    expect(officer.page.locator(".sheet-head h2")).to_have_text(TITLE)


def move(officer: Officer, stage: str) -> None:
    """Move the chosen project on."""
    officer.press("Move stage")
    officer.pick("New stage", officer.words(stage))
    officer.press("Move")
    officer.told("The project was moved to its new stage.")


def on_the_card(life: Life) -> None:
    """Open the parcel's card for the project that the ledger shows."""
    officer, page = life.officer, life.officer.page
    officer.link("Find a site for it")
    page.get_by_text(officer.words("Parcel card"), exact=True).first.click()
    officer.rest()
    search = page.get_by_placeholder(
        officer.words("Parcel id or name: why is it in or out?")
    )
    search.fill(life.parcel)
    search.press("Enter")
    expect(page.locator(".card-head")).to_contain_text(life.parcel)
    officer.rest()

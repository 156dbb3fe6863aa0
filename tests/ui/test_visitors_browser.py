"""Visitors in a real browser: from four questions to an inquiry that becomes a lead.

One public process and one of an office serve all tests from the same home.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect
from pypdf import PdfReader

from ui.i18n import say_in
from ui.settings import Settings

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
PICTURES = HERE.parent / "screenshots"
AXE = (HERE / "axe" / "axe.min.js").read_text("utf-8")
# What axe finds in elements of Streamlit itself, by rule: it may only become less.
BASELINE: dict[str, int] = json.loads((HERE / "axe" / "baseline.json").read_text())
SERIOUS = {"serious", "critical"}
SLOW_MS = 90_000
CONTACT = "visitor@example.com"
PHONE, DESK = (390, 844), (1366, 768)
THUMB_PX = 44
ANSWERED = "area=20-400&near=interchange&km=20&when=two_years"
LANGUAGES = {"zh_CN": "zh-CN", "en": "en-GB"}
ALL_SCREENS = [(screen, spoken) for screen in (PHONE, DESK) for spoken in LANGUAGES]


@dataclass(frozen=True)
class Served:
    """Addresses of the two processes of one home."""

    public: str
    office: str


@pytest.fixture(scope="module")
def served(
    prepared: Settings,
    running: Callable[..., AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("visitors") / "home"
    shutil.copytree(prepared.home, home)
    sample = str(prepared.sample)
    # Four people ask from one address, some twice: more than one may in an hour.
    public_one = {"LANDMAP_PUBLIC": "true", "LANDMAP_QUOTA_INQUIRIES": "20"}
    with (
        running(home, LANDMAP_SAMPLE=sample) as office,
        running(home, LANDMAP_SAMPLE=sample, **public_one) as public,
    ):
        yield Served(public, office)


@dataclass(frozen=True)
class Visitor:
    """A visitor with a screen and a language."""

    page: Page
    address: str
    spoken: str
    name: str

    def say(self, msgid: str, **values: object) -> str:
        return say_in(self.spoken, msgid, values)

    def open(self, path: str = "", query: str = "") -> None:
        told = "&".join(filter(None, (query, f"lang={self.spoken}")))
        self.page.goto(f"{self.address}/{path}?{told}")
        self.page.wait_for_selector(".land-foot", timeout=SLOW_MS)
        self.rest()

    def rest(self) -> None:
        self.page.wait_for_timeout(300)
        running = self.page.locator("[data-test-script-state=running]")
        running.first.wait_for(state="detached")
        self.page.wait_for_timeout(300)

    def press(self, msgid: str) -> None:
        self.page.get_by_role("button", name=self.say(msgid)).first.click()
        self.rest()

    def fill(self, msgid: str, text: str) -> None:
        self.page.get_by_label(self.say(msgid)).first.fill(text)

    def picture(self, what: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"visitor-{what}-{self.name}.png")


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest,
    browser: Browser,
    served: Served,
    asking: Callable[..., AbstractContextManager[BrowserContext]],
) -> Iterator[Visitor]:
    (width, height), spoken = request.param
    screen = {"width": width, "height": height}
    locale = LANGUAGES[spoken]
    with asking(browser, served.public, viewport=screen, locale=locale) as profile:
        page = profile.new_page()
        yield Visitor(page, served.public, spoken, f"{width}-{spoken}")


def as_seen(*screens: tuple[tuple[int, int], str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "visitor", screens, indirect=True, ids=lambda one: f"{one[0][0]}-{one[1]}"
    )


@as_seen(*ALL_SCREENS)
def test_four_answers_lead_to_an_inquiry_that_staff_makes_a_lead_of(
    visitor: Visitor,
    served: Served,
    browser: Browser,
    asking: Callable[..., AbstractContextManager[BrowserContext]],
) -> None:
    answer_four_questions(visitor)
    parcel_id = open_the_best(visitor)
    number = ask_about_it(visitor)
    with asking(browser, served.office) as office:
        staff = office.new_page()
        staff.goto(f"{served.office}/inquiries?lang=zh_CN")
        staff.get_by_text(f"Firm {visitor.name}").first.click(timeout=SLOW_MS)
        staff.get_by_text(number).first.wait_for()
        assert parcel_id in staff.locator(".lm-facts").first.inner_text()
        staff.get_by_role("button", name=say_in("zh_CN", "Make it a lead")).click()
        staff.get_by_role("button", name=say_in("zh_CN", "Open the project")).wait_for()

    visitor.open("ask")
    visitor.fill("Number", number)
    visitor.fill("Phone or e-mail, as you gave it", CONTACT)
    visitor.press("What became of it?")
    expect(visitor.page.locator(".land-followed")).to_contain_text(
        visitor.say("The office works on it with you as a project.")
    )


def answer_four_questions(visitor: Visitor) -> None:
    page, say = visitor.page, visitor.say
    visitor.open()
    visitor.picture("questions")
    visitor.fill("From (mu)", "20")
    visitor.fill("To (mu)", "400")
    for msgid in ("Expressway interchanges", "Within two years"):
        page.locator("button[data-variant=pills]", has_text=say(msgid)).click()
    visitor.press("Show land")
    expect(page.locator(".land-answer")).to_contain_text(
        say("{least} to {most} mu", least="20", most="400")
    )


def open_the_best(visitor: Visitor) -> str:
    """Open the page of the first parcel of the list, which stands above the map."""
    page = visitor.page
    card = page.locator("li.card").first
    expect(card.locator(".why li").first).to_be_visible()
    visitor.picture("cards")
    if visitor.name.startswith(str(PHONE[0])):
        button, listed, drawn = (
            one.bounding_box() or {}
            for one in (
                card.locator("button.open"),
                card,
                page.locator(".st-key-land_map"),
            )
        )
        assert button["height"] >= THUMB_PX
        assert listed["y"] < drawn["y"]
    parcel_id = str(card.get_attribute("data-parcel"))
    card.locator("button.open").click()
    page.wait_for_selector("#ask")
    visitor.rest()
    page.frame_locator(".st-key-land_map iframe").locator(".lm-pin").first.wait_for(
        state="attached"
    )
    expect(page).to_have_url(re.compile(f"parcel={parcel_id}"))
    visitor.picture("parcel")
    return parcel_id


def ask_about_it(visitor: Visitor) -> str:
    """Ask about the parcel of the page; without consent nothing is sent."""
    page, say = visitor.page, visitor.say
    visitor.press("Send the question")
    told = page.locator("[data-testid=stAlert]")
    expect(told).to_contain_text(
        say("Without consent nothing of the inquiry may be kept.")
    )
    visitor.fill("Firm", f"Firm {visitor.name}")
    visitor.fill("Contact person", "王先生")
    visitor.fill("Phone or e-mail", CONTACT)
    visitor.fill("Inquiry text", "有净地吗？")
    page.locator(".st-key-land_page [data-testid=stCheckbox] label").click()
    visitor.press("Send the question")
    expect(told).to_contain_text("ZX-")
    number = re.search(r"ZX-\d{8}-\w+", told.inner_text())
    assert number is not None
    visitor.picture("sent")
    return number.group()


@as_seen(*ALL_SCREENS)
def test_a_list_lives_in_its_link_and_prints_as_a_leaflet(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(query=ANSWERED)
    cards = page.locator("li.card")
    ids = [cards.nth(at).get_attribute("data-parcel") for at in range(2)]
    for at in range(2):
        cards.nth(at).locator("button.list").click()
        visitor.rest()
    page.locator(".st-key-land_list_bar a").click()
    page.wait_for_selector(".land-table")
    visitor.rest()
    visitor.picture("compare")
    page.goto(page.url)  # as somebody else who was sent the link
    page.wait_for_selector(".land-table", timeout=SLOW_MS)
    heads = page.locator(".land-table thead small").all_inner_texts()
    assert heads == ids
    leaflet = page.locator(".st-key-land_deeds a").first.get_attribute("href")
    answer = page.request.get(f"{visitor.address}/{leaflet}")
    assert answer.ok
    text = "".join(
        one.extract_text() for one in PdfReader(BytesIO(answer.body())).pages
    )
    assert all(str(one) in text for one in ids)


@as_seen((PHONE, "zh_CN"), (DESK, "en"))
def test_no_page_for_visitors_has_a_serious_fault_of_ours(visitor: Visitor) -> None:
    visitor.open(query=ANSWERED)
    parcel_id = visitor.page.locator("li.card").first.get_attribute("data-parcel")
    zone = "52101001"
    ours: list[str] = []
    theirs: dict[str, int] = {}
    for path, query in (
        ("", ""),
        ("parcel", f"parcel={parcel_id}&{ANSWERED}&list={parcel_id}"),
        ("list", f"list={parcel_id}"),
        ("development-zones", ""),
        ("development-zones", f"zone={zone}"),
        ("ask", ""),
        ("saved", "key=nobody"),
    ):
        visitor.open(path, query)
        visitor.page.wait_for_timeout(700)  # the map and the cards are drawn
        visitor.picture(f"{path or 'find'}{'-one' if 'zone=' in query else ''}")
        for frame in visitor.page.frames:
            for rule, html in faults_in(frame):
                if is_streamlits(html):
                    theirs[rule] = theirs.get(rule, 0) + 1
                else:
                    ours.append(f"{path} {rule}: {html}")
    assert ours == []
    more = {rule: n for rule, n in theirs.items() if n > BASELINE.get(rule, 0)}
    assert more == {}


def faults_in(frame: Frame) -> Iterator[tuple[str, str]]:
    """List what axe finds serious in a frame: the rule, and the element."""
    frame.evaluate(AXE)
    found: dict[str, Any] = frame.evaluate(
        "axe.run(document, {iframes: false, resultTypes: ['violations']})"
    )
    for fault in found["violations"]:
        if fault["impact"] in SERIOUS:
            for node in fault["nodes"]:
                yield fault["id"], node["html"][:300]


def is_streamlits(html: str) -> bool:
    """Tell whether an element is one that Streamlit draws by itself."""
    return bool(re.match(r'<\w+[^>]*(data-testid="st|st-emotion-cache|data-rac)', html))

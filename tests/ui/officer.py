"""A person at the pages in a real browser: opens, presses, fills in, reads.

Words are given in English, as they stand in the code, and looked for in the language
of the page: what a test asks for is what an officer reads.
"""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as Slow

from ui.i18n import say_in

PICTURES = Path(__file__).parents[1] / "screenshots"
STARTS_MS = 150  # until the page tells that it runs
DRAWS_MS = 50
OPENS_WITHIN_MS = (2_000, 4_000)


class Officer:
    """Somebody who works at the pages of a running app.

    Args:
        page: The page of a browser.
        address: Address of the app.
        language: What the page is read in.
    """

    def __init__(self, page: Page, address: str, language: str = "zh_CN") -> None:
        self.page = page
        self.address = address
        self.language = language

    def words(self, english: str, **holes: object) -> str:
        """Return words of the code as the page says them."""
        return say_in(self.language, english, holes)

    def rest(self) -> None:
        """Wait until the page has run and stands still."""
        self.page.wait_for_timeout(STARTS_MS)
        self.page.wait_for_function(
            "!document.querySelector('[data-test-script-state=running]')"
        )
        self.page.wait_for_timeout(DRAWS_MS)

    def visit(self, path: str) -> None:
        """Open an address, as from a bookmark."""
        self.page.goto(f"{self.address}/{path}")
        expect(self.page.locator(".st-key-lm_actor")).to_be_visible()
        self.rest()

    def go(self, title: str, menu: str = "") -> None:
        """Go to a page by the header."""
        if menu:
            self.page.locator(f"[class*=st-key-lm_menu_{menu}] button").first.click()
        link = self.page.get_by_role("link", name=self.words(title), exact=True)
        link.last.click()
        self.rest()
        if menu:  # one stays open that led to where one is already
            self.page.keyboard.press("Escape")

    def become(self, actor: str, name: str) -> None:
        """Look through another office's eyes, by the switch in the header."""
        switch = self.page.locator(".st-key-lm_actor")
        switch.locator("button").first.click()
        self.page.locator(f"form.lm-actors button[value={actor}]").click()
        expect(switch).to_contain_text(self.words(name))
        self.rest()

    def press(self, name: str, at: int = 0, **holes: object) -> None:
        """Press a button."""
        said = self.words(name, **holes)
        self.page.get_by_role("button", name=said, exact=True).nth(at).click()
        self.rest()

    def press_last(self, name: str) -> None:
        """Press the button of a form that bears the name of what opened it."""
        said = self.words(name)
        self.page.get_by_role("button", name=said, exact=True).last.click()
        self.rest()

    def link(self, name: str) -> None:
        """Follow a link of the page."""
        self.page.get_by_role("link", name=self.words(name), exact=True).first.click()
        self.rest()

    def turn_to(self, name: str) -> None:
        """Turn to another view of the page."""
        said = self.words(name)
        self.page.get_by_test_id("stButtonGroup").get_by_text(said, exact=True).click()
        self.rest()

    def open_tab(self, name: str) -> None:
        """Turn to a tab of the sheet."""
        self.page.get_by_role("tab", name=self.words(name), exact=True).click()
        self.rest()

    def fill(self, label: str, value: str, kind: str = "textbox") -> None:
        """Fill in a field."""
        # Streamlit names a field's unit and help beside its label.
        name = re.compile(f"^{re.escape(self.words(label))}")
        self.page.get_by_role(kind, name=name).last.fill(value)  # type: ignore[arg-type]

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.page.get_by_text(self.words(label), exact=True).last.click()

    def seek(self, text: str) -> None:
        """Search the list of the page."""
        field = self.page.get_by_role("textbox", name=self.words("Search"), exact=True)
        field.fill(text)
        field.press("Enter")
        self.rest()

    def pick(self, label: str, option: str) -> None:
        """Choose from a list by typing what is wanted."""
        box = self.page.get_by_role(
            "combobox", name=re.compile(re.escape(self.words(label)))
        ).last
        self.choose_in(box, option)

    def choose_in(self, box: Locator, option: str) -> None:
        """Choose in one list; it closes where the page still moves, and is asked anew.

        A box that shows the option already is left alone: typing it opens nothing.
        """
        if box.input_value() == option:
            return
        item = self.page.get_by_role("option", name=option).first
        for wait_ms in OPENS_WITHIN_MS:
            box.evaluate("one => one.scrollIntoView({ block: 'center' })")
            box.fill("")
            box.fill(option)
            try:
                item.click(timeout=wait_ms)
            except Slow:
                continue
            return
        item.click()

    def set_day(self, label: str, day: str) -> None:
        """Type a day; its calendar closes when the next field is filled in."""
        field = self.page.locator("[data-testid=stDateInput]").filter(
            has_text=self.words(label)
        )
        field.locator("input").last.fill(day)

    def row(self, text: str) -> Locator:
        """Find a row of the page's table."""
        return self.page.locator("tbody tr", has_text=text).first

    def choose(self, text: str) -> None:
        """Choose a row of the page's table."""
        self.row(text).click()
        self.rest()

    def told(self, sentence: str, **holes: object) -> None:
        """Expect that the page says what became of the last deed."""
        alert = self.page.locator("[data-testid=stAlert]").filter(
            has_text=self.words(sentence, **holes)
        )
        expect(alert.first).to_be_visible()

    def sees(self, text: str) -> None:
        """Expect words anywhere on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def does(self, opens: str, press: str, then: str, **fields: str) -> None:
        """Open a form, fill it in, press its button, expect what is told.

        Args:
            opens: The button that opens the form.
            press: The button of the form.
            then: What the page says when it is done.
            **fields: Values by the label of the field, `_` for a space.
        """
        self.press(opens)
        for label, value in fields.items():
            self.fill(label.replace("_", " "), value)
        self.press(press)
        self.told(then)

    def figure(self, title: str) -> str:
        """Read a figure above the table."""
        box = self.page.locator(".kpi", has_text=self.words(title)).first
        return box.locator("b").inner_text()

    def picture(self, name: str) -> None:
        """Keep how the page looks, as a desk and as a phone show it."""
        PICTURES.mkdir(exist_ok=True)
        for width, height in ((390, 844), (1366, 768)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(400)
            self.page.screenshot(path=PICTURES / f"life-{name}-{width}.png")

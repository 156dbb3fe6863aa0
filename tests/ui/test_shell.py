"""The shell around every page, in a real browser: words, actor, notice, size."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser


def visit(page: Page, address: str) -> None:
    """Open a page and wait until its header is drawn."""
    page.goto(address)
    expect(page.locator(".lm-brand")).to_be_visible()


def header(page: Page) -> str:
    return page.locator(".st-key-lm_header").inner_text()


def test_a_chinese_reader_is_met_in_chinese(page: Page, server: str) -> None:
    visit(page, f"{server}/data")
    expect(page.locator(".st-key-lm_header")).to_contain_text("数据底数")
    expect(page.get_by_role("columnheader", name="许可").first).to_be_visible()


def test_an_english_reader_is_met_in_english(browser: Browser, server: str) -> None:
    reader = browser.new_context(locale="en-GB")
    page = reader.new_page()
    visit(page, f"{server}/data")
    expect(page.get_by_role("columnheader", name="Licence").first).to_be_visible()
    reader.close()


def test_the_chosen_language_holds_on_every_page_and_in_the_link(
    page: Page, server: str
) -> None:
    visit(page, f"{server}/data")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("columnheader", name="Licence").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"lang=en"))
    page.reload()
    expect(page.get_by_role("columnheader", name="Licence").first).to_be_visible()
    page.get_by_role("link", name="Find a site").click()
    # While the new page comes, the header of the old one stands beside its own.
    other = page.get_by_role("button", name="简体中文")
    expect(other).to_have_count(1)
    expect(other).to_be_visible()


def test_synthetic_data_says_so_on_every_page(page: Page, server: str) -> None:
    for path in ("/", "/data"):
        visit(page, f"{server}{path}")
        notice = page.locator(".st-key-lm_header .lm-synthetic")
        expect(notice).to_have_text("合成数据")
        assert "不得用于决策" in str(notice.get_attribute("title"))


def test_the_actor_is_switched_for_pages_and_routes_alike(
    page: Page, server: str
) -> None:
    visit(page, f"{server}/data?lang=en")
    expect(page.locator(".st-key-lm_actor")).to_contain_text("Provincial")
    page.locator(".st-key-lm_actor button").first.click()
    page.locator("form.lm-actors button[value=public]").click()
    expect(page.locator(".st-key-lm_actor")).to_contain_text("Public visitor")
    expect(page).to_have_url(re.compile(r"/data\?lang=en"))
    cookie = next(
        one for one in page.context.cookies() if one["name"] == "landmap_actor"
    )
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert "landmap_actor" not in page.evaluate("document.cookie")


def test_a_guest_is_not_shown_single_records(page: Page, server: str) -> None:
    visit(page, f"{server}/data?lang=en")
    mended = page.get_by_text("Mended on loading")
    expect(mended).to_be_visible()
    page.locator(".st-key-lm_actor button").first.click()
    page.locator("form.lm-actors button[value=investor]").click()
    expect(page.locator(".st-key-lm_actor")).to_contain_text("Investor")
    expect(page.get_by_text("Rule that applies")).to_be_visible()
    assert mended.count() == 0


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_header_is_slim_and_no_page_is_wider_than_the_screen(
    page: Page, server: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for path in ("/data", "/data?lang=en", "/"):
        visit(page, f"{server}{path}")
        expect(page.locator(".st-key-lm_actor")).to_be_visible()
        box = page.locator(".st-key-lm_header").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height * 0.12
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_layer_is_told_with_source_licence_and_count(
    page: Page, server: str
) -> None:
    visit(page, f"{server}/data?lang=en")
    rows = page.locator(".lm-table").first.locator("tbody tr")
    expect(rows).to_have_count(21)
    for cells in rows.all():
        words = [cell.inner_text().strip() for cell in cells.locator("th, td").all()]
        assert len(words) == 10
        assert all(words)
    parcels = page.locator(".lm-table tr", has_text="Construction-land parcels")
    expect(parcels).to_contain_text("20,000")


def test_a_cookie_that_was_tampered_with_is_nobodys(
    context: BrowserContext, server: str
) -> None:
    forged = {
        "name": "landmap_actor",
        "value": "ImNvdW50eSI.aaaaaa.bbbb",
        "url": server,
    }
    context.add_cookies([forged])
    page = context.new_page()
    visit(page, f"{server}/data?lang=en")
    expect(page.locator(".st-key-lm_actor")).to_contain_text("Provincial")

"""The ledger's page in a real browser: the table, the way to the map, a phone."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

PROJECTS = 120


def visit(page: Page, address: str) -> Locator:
    """Open the ledger and wait until its table is drawn."""
    page.goto(f"{address}/ledger")
    rows = page.locator("tbody tr[data-project]")
    expect(rows.first).to_be_visible()
    return rows


def test_the_figures_and_the_table_are_drawn_without_scrolling(
    page: Page, server: str
) -> None:
    rows = visit(page, server)
    expect(page.locator(".kpis")).to_contain_text("67/94")
    expect(page.locator(".kpis")).to_contain_text("22/94")
    table = page.locator("table[role=grid]")
    assert table.get_attribute("aria-rowcount") == str(PROJECTS + 1)
    # Only what is in sight is in the page.
    assert 10 < rows.count() < PROJECTS
    box = page.locator(".st-key-ledger_left").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 768


def test_a_head_sorts_and_sorts_back(page: Page, server: str) -> None:
    rows = visit(page, server)
    first = rows.first.get_attribute("data-project")
    head = page.locator("th.demand button")
    head.click()
    expect(page.locator("th.demand")).to_have_attribute("aria-sort", "descending")
    wanted = [
        float(text.replace(",", ""))
        for text in page.locator("td.demand span").all_inner_texts()
        if text
    ]
    assert wanted == sorted(wanted, reverse=True)
    head.click()
    expect(page.locator("th.demand")).to_have_attribute("aria-sort", "ascending")
    head.click()
    expect(page.locator("th.demand")).to_have_attribute("aria-sort", "none")
    assert rows.first.get_attribute("data-project") == first


def test_the_last_project_is_reached_by_scrolling(page: Page, server: str) -> None:
    visit(page, server)
    box = page.locator(".box:has(table[role=grid])")
    last = page.locator("tbody tr[data-project]").last
    before = last.get_attribute("data-project")
    box.evaluate("box => { box.scrollTop = box.scrollHeight; }")
    expect(last).not_to_have_attribute("data-project", str(before))
    expect(last).to_be_in_viewport()
    expect(page.locator(".count")).to_contain_text(str(PROJECTS))


def test_a_row_is_chosen_with_the_mouse_and_with_the_keys(
    page: Page, server: str
) -> None:
    rows = visit(page, server)
    title = page.locator(".sheet-head h2")
    rows.nth(2).click()
    expect(title).to_have_text(rows.nth(2).locator("td.title span").inner_text())
    expect(rows.nth(2)).to_have_attribute("aria-selected", "true")
    rows.nth(2).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(rows.nth(3)).to_have_attribute("aria-selected", "true")
    expect(title).to_have_text(rows.nth(3).locator("td.title span").inner_text())


def test_the_chosen_project_opens_on_the_page_with_the_map(
    page: Page, server: str
) -> None:
    rows = visit(page, server)
    rows.nth(2).click()
    code = rows.nth(2).get_attribute("data-project")
    expect(rows.nth(2)).to_have_attribute("aria-selected", "true")
    page.get_by_role("link", name="为其选址").click()
    chosen = page.locator('[role=option][aria-selected="true"]')
    expect(chosen).to_have_attribute("data-project", str(code))


def test_a_phone_shows_it_without_scrolling_sideways(
    browser: Browser, server: str
) -> None:
    phone = browser.new_context(
        locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = phone.new_page()
    rows = visit(page, server)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    rows.nth(1).click()
    expect(page.locator(".sheet-head h2")).to_be_in_viewport()
    expect(page.get_by_role("tab", name=re.compile("变更记录"))).to_be_visible()
    phone.close()

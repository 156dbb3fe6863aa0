"""Plain pages: readable without scripts, linked in both languages, all text escaped."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gis.errors import StoreError
from ui import light_land, resources
from ui.parcel_facts import public_area
from ui.routes import public_routes
from ui.settings import Settings, settings

EVIL = """<script>alert(1)</script>"'{{ 7 * 7 }}{% raw %}&amp;"""


@pytest.fixture
def client(at_home: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("LANDMAP_PUBLIC", "true")
    settings.cache_clear()
    st.cache_resource.clear()
    assert at_home.home.exists()
    yield TestClient(Starlette(routes=public_routes()), base_url="http://land.example")
    settings.cache_clear()
    st.cache_resource.clear()


def parcel(row: int = 3) -> str:
    return str(resources.facts().table.index[row])


class Page(HTMLParser):
    """A page as a browser without scripts sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            told
            for name, told in self.tags
            if name == tag
            and all(told.get(key) == value for key, value in wanted.items())
        ]


def test_a_parcel_has_title_description_and_its_address_in_both_languages(
    client: TestClient,
) -> None:
    one = parcel()
    answer = client.get(f"/land/{one}")
    page = Page(answer.text)
    row = resources.facts().table.loc[one]
    assert page.all("html") == [{"lang": "zh-CN"}]
    assert str(row["name"]) in "".join(page.words)
    told = page.all("meta", name="description")[0]["content"]
    assert f"{row['area_m2']:,.0f} 平方米" in str(told)
    address = f"http://land.example/land/{one}"
    assert [one["href"] for one in page.all("link", rel="canonical")] == [address]
    linked = {one["hreflang"]: one["href"] for one in page.all("link", rel="alternate")}
    assert linked == {
        "zh-CN": address,
        "en": f"{address}?lang=en",
        "x-default": address,
    }
    assert page.all("script") == []
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_english_page_is_english(client: TestClient) -> None:
    page = Page(client.get(f"/land/{parcel()}?lang=en").text)
    assert page.all("html") == [{"lang": "en"}]
    words = "".join(page.words)
    assert "Stock status" in words
    assert "Synthetic data" in words


def test_what_comes_from_data_is_text(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = parcel()
    facts = resources.facts()
    table = facts.table.copy()
    table.loc[one, "name"] = EVIL
    named = replace(facts, table=table)
    monkeypatch.setattr(resources, "facts", lambda: named)
    for path in (f"/land/{one}", f"/land?in={table.loc[one, 'county_code']}"):
        page = Page(client.get(path).text)
        assert page.all("script") == []
        assert EVIL in page.words


@pytest.mark.parametrize("path", ["/land/{}", "/zone/{}", "/land?in={}", "/open/{}"])
def test_what_is_not_published_is_not_found_and_echoes_nothing_but_text(
    client: TestClient, path: str
) -> None:
    answer = client.get(path.format(quote(EVIL.replace("/", ""), safe="")))
    assert answer.status_code == 404
    assert Page(answer.text).all("script") == []
    assert answer.headers["cache-control"] == "no-store"


def test_the_list_turns_page_by_page_and_misses_no_parcel(client: TestClient) -> None:
    found: list[str] = []
    path = "/land"
    while path:
        page = Page(client.get(path).text)
        links = [str(one.get("href")) for one in page.all("a")]
        found += [one for one in links if re.fullmatch(r"/land/[^?]+", one)]
        path = next((str(one["href"]) for one in page.all("a", rel="next")), "")
    assert found == [f"/land/{one}" for one in resources.facts().table.index]


def test_counties_tell_how_many_parcels_they_have(client: TestClient) -> None:
    counted = light_land.counties(resources.facts().table)
    assert sum(number for _, _, number in counted) == len(resources.facts().table)
    code, _, number = counted[0]
    page = Page(client.get(f"/land?in={code}").text)
    rows = [one for one in page.all("a") if str(one.get("href")).startswith("/land/")]
    assert len(rows) == number


def test_a_zone_sums_up_its_land(client: TestClient) -> None:
    table = resources.facts().table
    code = str(table["zone_code"][table["zone_code"] != ""].iloc[0])
    zone = light_land.zone_of(code)
    land = table[table["zone_code"] == code]
    assert zone.count == len(land) == sum(size.count for size in zone.sizes)
    lines = {line.label: line.value for line in zone.lines}
    assert lines["面积合计"] == public_area(float(land["area_m2"].sum()))
    answer = client.get(f"/zone/{code}")
    assert zone.name in answer.text
    assert f'href="/zone/{code}"' in client.get("/zone").text


def test_an_address_the_operator_named_is_the_canonical_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMAP_PUBLIC_URL", "https://land.example.cn/gis/")
    settings.cache_clear()
    told = client.get("/land").text
    assert 'rel="canonical" href="https://land.example.cn/gis/land"' in told


def test_a_host_that_is_none_gets_into_no_address(client: TestClient) -> None:
    told = client.get("/land", headers={"Host": 'x"><script>'}).text
    assert "localhost/land" in told
    assert "<script" not in told


def test_the_site_map_lists_every_parcel_and_zone(client: TestClient) -> None:
    tree = ET.fromstring(client.get("/sitemap.xml").text)  # noqa: S314 - our own
    listed = {str(one.text) for one in tree.iter() if one.tag.endswith("loc")}
    table = resources.facts().table
    assert f"http://land.example/land/{table.index[0]}" in listed
    assert len(listed) == 3 + len(light_land.zone_codes()) + len(table)
    assert "Sitemap: http://land.example/sitemap.xml" in client.get("/robots.txt").text


def test_a_damaged_dataset_is_told_without_our_paths(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise StoreError("The facts file {file} is damaged.", file="/srv/secret/facts")

    monkeypatch.setattr(resources, "facts", damaged)
    answer = client.get("/land")
    assert answer.status_code == 503
    assert "secret" not in answer.text

"""Base maps of other hosts: none unless asked for, never one that is shifted."""

import pytest

from gis.errors import SettingsError
from ui import middleware
from ui.i18n import DEFAULT, speak
from ui.map_layers import online_layers
from ui.middleware import headers_for
from ui.online_base import SHIFTED, online_bases
from ui.settings import Settings, read_settings

KEY = "0123456789abcdef0123456789abcdef"
CUSTOM = "Bureau map|https://maps.example.gov.cn:8443/t/{z}/{x}/{y}.png|© Bureau"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIANDITU_KEY", "OSM", "XYZ"):
        monkeypatch.delenv(f"LANDMAP_{name}", raising=False)


def pictures_from(monkeypatch: pytest.MonkeyPatch, **chosen: object) -> list[str]:
    """Return what the pages' policy lets pictures come from."""
    told = read_settings(**chosen)
    monkeypatch.setattr(middleware, "settings", lambda: told)
    policy = headers_for("localhost:8501")["Content-Security-Policy"]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    foreign = {
        name: said
        for name, said in parts.items()
        if "//" in said and name not in {"img-src", "connect-src"}
    }
    assert foreign == {}
    return parts["img-src"].split()


def test_by_default_no_other_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().online == ()
    assert pictures_from(monkeypatch) == ["'self'", "data:", "blob:"]


def test_a_host_enters_the_policy_only_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = ["'self'", "data:", "blob:"]
    osm = pictures_from(monkeypatch, osm=True)
    sky = pictures_from(monkeypatch, tianditu_key=KEY)
    custom = pictures_from(monkeypatch, xyz=CUSTOM)

    assert osm == [*own, "https://tile.openstreetmap.org"]
    assert sky == [*own, *(f"https://t{n}.tianditu.gov.cn" for n in range(8))]
    assert custom == [*own, "https://maps.example.gov.cn:8443"]


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMAP_OSM", "true")
    monkeypatch.setenv("LANDMAP_TIANDITU_KEY", KEY)
    monkeypatch.setenv("LANDMAP_XYZ", CUSTOM)

    names = [one.name for one in read_settings().online]

    assert names == ["tianditu_vec", "tianditu_img", "osm", "xyz", "tianditu_cva"]


def test_tianditu_is_asked_in_web_mercator_with_the_key() -> None:
    bases = online_bases(tianditu_key=KEY, osm=False, xyz="")

    for base in bases:
        layer = base.name.removeprefix("tianditu_")
        assert f"/{layer}_w/wmts?" in base.url
        assert f"&LAYER={layer}&" in base.url
        assert "&TILEMATRIXSET=w&" in base.url
        assert "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}" in base.url
        assert base.url.endswith(f"&tk={KEY}")
        hosts = {base.url.replace("{s}", s).split("/")[2] for s in base.subdomains}
        assert {f"https://{host}" for host in hosts} == set(base.origins)
    assert [base.over for base in bases] == [False, False, True]


@pytest.mark.parametrize("host", SHIFTED)
@pytest.mark.parametrize("before", ["", "webrd01.is.", "A."])
@pytest.mark.parametrize("after", ["", ":443", "."])
def test_a_shifted_host_is_refused(host: str, before: str, after: str) -> None:
    asked = f"Map|https://{before}{host}{after}/{{z}}/{{x}}/{{y}}.png|©"
    with pytest.raises(SettingsError, match=r"shifted by hundreds|has the template"):
        read_settings(xyz=asked)


def test_a_host_that_only_sounds_alike_is_not_refused() -> None:
    told = "Map|https://notamap.com/{z}/{x}/{y}.png|©"
    assert read_settings(xyz=told).online[0].origins == ("https://notamap.com",)


@pytest.mark.parametrize(
    "told",
    [
        "https://a.example/{z}/{x}/{y}.png",
        "Map||©",
        "Map|https://a.example/{z}/{x}/{y}.png|",
        "Map|https://a.example/{z}/{x}.png|©",
        "Map|https://a.example/{z}/{x}/{y}/{q}.png|©",
        "Map|https://{s}.example/{z}/{x}/{y}.png|©",
        "Map|https://user@a.example/{z}/{x}/{y}.png|©",
        "Map|https://a.example; script-src */{z}/{x}/{y}.png|©",
        "Map|javascript:alert(1)//{z}/{x}/{y}|©",
        "Map|//a.example/{z}/{x}/{y}.png|©",
        "Map|https://[::1/{z}/{x}/{y}.png|©",
    ],
)
def test_a_template_that_cannot_be_used_is_refused(told: str) -> None:
    with pytest.raises(SettingsError, match="LANDMAP_XYZ"):
        read_settings(xyz=told)


def test_a_word_that_is_no_key_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="LANDMAP_TIANDITU_KEY") as caught:
        read_settings(tianditu_key="secret; img-src *")
    assert "secret" not in str(caught.value)


def test_layers_of_other_hosts_are_off_and_name_whom_they_owe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Settings.model_construct(osm=True, xyz=CUSTOM)
    monkeypatch.setattr("ui.map_layers.settings", lambda: told)
    speak(DEFAULT)

    osm, custom = online_layers()

    assert osm["attribution"] == "© OpenStreetMap contributors"
    assert (custom["title"], custom["url"]) == (
        "Bureau map",
        "https://maps.example.gov.cn:8443/t/{z}/{x}/{y}.png",
    )
    assert [one["on"] for one in (osm, custom)] == [False, False]
    assert {one["group"] for one in (osm, custom)} == {"其他网站底图（需联网）"}

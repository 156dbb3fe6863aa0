"""Base maps of other hosts: none, unless the operator asks for one.

LandMap works without internet, and the browser asks no host but ours. An operator with
internet may add Tianditu, OpenStreetMap or a template; only then do their hosts enter
the policy of the pages. Maps shifted as GCJ-02 is are never laid under parcels.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from gis.errors import SettingsError
from gis.words import Title

SIDE_PX: Final = 256
# Gaode, Tencent, Baidu, Google's Chinese host, GeoQ, Sogou: all GCJ-02 or BD-09.
SHIFTED: Final = (
    "autonavi.com",
    "amap.com",
    "gaode.com",
    "qq.com",
    "gtimg.com",
    "baidu.com",
    "bdimg.com",
    "bdstatic.com",
    "google.cn",
    "googleapis.cn",
    "gstatic.cn",
    "geoq.cn",
    "sogou.com",
    "gogoucdn.com",
)
TIANDITU: Final = {
    "vec": Title("Tianditu: streets"),
    "img": Title("Tianditu: imagery"),
    "cva": Title("Tianditu: names"),
}
TIANDITU_HOSTS: Final = tuple(f"t{number}.tianditu.gov.cn" for number in range(8))
OSM_HOST: Final = "tile.openstreetmap.org"
PARTS: Final = 3  # title|template|attribution
_KEY: Final = re.compile(r"[0-9A-Za-z]{8,64}")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
_HOLES: Final = ("{z}", "{x}", "{y}")


@dataclass(frozen=True)
class OnlineBase:
    """A base map that another host serves.

    Attributes:
        name: Name in the page.
        title: What people read: a msgid, or the operator's own words.
        url: Template in Web Mercator with {z}, {x}, {y}, and {s} where there are
            several hosts.
        origins: Origins the browser is sent to, for the policy.
        attribution: Whom the map has to name.
        subdomains: What {s} stands for.
        most_zoom: Zoom of its finest tiles.
        over: Names to lie above others, not ground of their own.
    """

    name: str
    title: str
    url: str
    origins: tuple[str, ...]
    attribution: str
    subdomains: str = ""
    most_zoom: int = 18
    over: bool = False


def online_bases(*, tianditu_key: str, osm: bool, xyz: str) -> tuple[OnlineBase, ...]:
    """List the base maps of other hosts that an operator asks for.

    Args:
        tianditu_key: The operator's key for Tianditu; "" for none.
        osm: Whether OpenStreetMap is asked for.
        xyz: Another as `title|template|attribution`; "" for none.

    Returns:
        The base maps, ground first; empty without any of them.

    Raises:
        SettingsError: A key is none, or a template cannot be used or is shifted.
    """
    found: list[OnlineBase] = []
    if tianditu_key:
        found += _tianditu(tianditu_key)
    if osm:
        found.append(
            OnlineBase(
                name="osm",
                title="OpenStreetMap",
                url=f"https://{OSM_HOST}/{{z}}/{{x}}/{{y}}.png",
                origins=(f"https://{OSM_HOST}",),
                attribution="© OpenStreetMap contributors",
                most_zoom=19,
            )
        )
    if xyz:
        found.append(_custom(xyz))
    return tuple(sorted(found, key=lambda one: one.over))


def _tianditu(key: str) -> list[OnlineBase]:
    """List Tianditu's maps in Web Mercator (`_w`); its `_c` set does not line up."""
    if not _KEY.fullmatch(key):
        raise SettingsError(
            "LANDMAP_TIANDITU_KEY is no key: Tianditu gives 32 letters and digits."
        )
    return [
        OnlineBase(
            name=f"tianditu_{layer}",
            title=title,
            url=f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS"
            f"&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
            "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
            f"&tk={key}",
            origins=tuple(f"https://{host}" for host in TIANDITU_HOSTS),
            attribution="© 天地图",
            subdomains="01234567",
            over=layer == "cva",
        )
        for layer, title in TIANDITU.items()
    ]


def _custom(told: str) -> OnlineBase:
    """Read a template and refuse what would lie beside the parcels."""
    title, template, attribution = _parts(told)
    origin, host = _origin(template)
    bare = host.casefold().rstrip(".").partition(":")[0]
    if any(bare == one or bare.endswith(f".{one}") for one in SHIFTED):
        raise SettingsError(
            "LANDMAP_XYZ names {host}, whose maps are in GCJ-02 or BD-09: shifted by"
            " hundreds of metres, not to be laid under parcels. Tianditu's are not"
            " shifted: set LANDMAP_TIANDITU_KEY.",
            host=host,
        )
    return OnlineBase(
        name="xyz",
        title=title,
        url=template,
        origins=(origin,),
        attribution=attribution,
    )


def _parts(told: str) -> tuple[str, str, str]:
    parts = [part.strip() for part in told.split("|")]
    if len(parts) != PARTS or not all(parts):
        raise SettingsError(
            "LANDMAP_XYZ is {got}; write it as title|template|attribution.",
            got=repr(told),
        )
    return parts[0], parts[1], parts[2]


def _origin(template: str) -> tuple[str, str]:
    """Return the origin and the host of a template; only a plain host may enter."""
    try:
        read = urlsplit(template)
    except ValueError:
        read = urlsplit("")
    plain = _HOST.fullmatch(read.netloc) and not re.search(r"[\s;,\"'<>\\]", template)
    rest = template
    for hole in _HOLES:
        rest = rest.replace(hole, "", 1)
    whole = all(hole in template for hole in _HOLES) and not set("{}") & set(rest)
    if read.scheme not in {"http", "https"} or not plain or not whole:
        raise SettingsError(
            "LANDMAP_XYZ has the template {got}; it must be an address as"
            " https://host/{{z}}/{{x}}/{{y}}.png, with {{z}}, {{x}} and {{y}} once.",
            got=repr(template),
        )
    return f"{read.scheme}://{read.netloc}", read.netloc

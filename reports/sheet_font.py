"""Fonts that a sheet is set in: Chinese must be readable or nothing is printed."""

from functools import cache
from typing import Final

from matplotlib import font_manager

from gis.errors import SettingsError

# Simplified Chinese first; other Han fonts still read well.
CHINESE: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Serif CJK SC",
    "Songti SC",
    "SimSun",
    "Noto Sans CJK TC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "AR PL UMing CN",
    "Droid Sans Fallback",
)
BESIDE: Final = "DejaVu Sans"  # comes with matplotlib: signs that a Chinese font lacks
UNKNOWN: Final = "〓"  # what Chinese printers set for a sign they do not have


@cache
def families() -> tuple[str, ...]:
    """Name the fonts to set a sheet in, the first for all it can show.

    Returns:
        Names that matplotlib knows.

    Raises:
        SettingsError: No font with Chinese characters is installed.
    """
    there = {font.name for font in font_manager.fontManager.ttflist}
    found = [name for name in CHINESE if name in there]
    if not found:
        raise SettingsError(
            "Sheets cannot be printed: no font with Chinese characters is installed on"
            " the server. Install Noto Sans CJK (Debian: fonts-noto-cjk)."
        )
    return found[0], BESIDE


def printable(text: str) -> str:
    """Return a text that the fonts can set: other signs become 〓, never boxes."""
    known = _signs()
    plain = "".join(" " if sign.isspace() else sign for sign in text)
    return "".join(
        sign if ord(sign) in known or not sign.isprintable() else UNKNOWN
        for sign in plain
        if sign.isprintable()
    )


@cache
def _signs() -> frozenset[int]:
    """List the characters of the fonts."""
    signs: set[int] = set()
    for name in families():
        found = font_manager.findfont(name, fallback_to_default=False)
        signs |= set(font_manager.get_font(found).get_charmap())
    return frozenset(signs)

"""Chinese names in pinyin, the ways people may type them."""

import re
import unicodedata
from itertools import islice, product
from typing import Final

from pypinyin import Style, lazy_pinyin, pinyin

MOST_READINGS: Final = 8
PEOPLES: Final = (
    "布依族|土家族|仡佬族|蒙古族|哈尼族|傈僳族|纳西族|景颇族|拉祜族|维吾尔族|哈萨克族"
    "|朝鲜族|达斡尔族|锡伯族|裕固族|保安族|东乡族|撒拉族|毛南族|仫佬族|布朗族|普米族"
    "|独龙族|德昂族|基诺族|塔吉克族|苗族|侗族|水族|彝族|回族|瑶族|壮族|藏族|白族|满族"
    "|羌族|畲族|黎族|傣族|佤族|怒族|土族|各族"
)
_OFFICE: Final = re.compile(
    rf"(?:(?:{PEOPLES})*自治[区州县旗]|特别行政区|特区|林区|新区|地区|省|市|州|县|区|盟|旗)$"
)
_HAN: Final = re.compile(r"[㐀-鿿豈-﫿]")
_LEAST: Final = 2  # 县 is taken from 桐梓县, not from 关县


def folded(text: str) -> str:
    """Return a text as it is compared: no case, no width, no accents, no spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (sign for sign in plain if sign.isalnum())
    return unicodedata.normalize("NFC", "".join(kept)).replace("v", "u")


def is_chinese(text: str) -> bool:
    """Tell whether a text holds a Chinese character."""
    return bool(_HAN.search(text))


def short_name(name: str) -> str:
    """Leave out what says which kind of place a name is of: 遵义 for 遵义市."""
    short = _OFFICE.sub("", name)
    return short if len(short) >= _LEAST else name


def readings(name: str) -> list[tuple[str, ...]]:
    """Spell a name.

    Args:
        name: A name, Chinese or not.

    Returns:
        Syllables, folded, the likeliest reading first; at most `MOST_READINGS`.
    """
    likely = tuple(map(folded, lazy_pinyin(name)))
    office = len(name) - len(short_name(name))
    heard = pinyin(name, style=Style.NORMAL, heteronym=True)
    ways = [
        # 市 is read shi and nothing else where it says that a place is a city.
        (likely[at],) if at >= len(heard) - office else tuple(map(folded, ways[:2]))
        for at, ways in enumerate(heard)
    ]
    others = islice(product(*ways), MOST_READINGS)
    return list(dict.fromkeys([likely, *others]))[:MOST_READINGS]


def initials(syllables: tuple[str, ...]) -> str:
    """Return the first letter of each syllable."""
    return "".join(syllable[:1] for syllable in syllables)

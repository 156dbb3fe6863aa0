"""Chinese names of places and zones written for readers of English.

What a name ends in says what kind of thing it names and is translated; names that are
known in English are taken; whatever is left is spelled in pinyin, as maps do.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from pypinyin import lazy_pinyin

from layers.spelling import is_chinese, short_name

KINDS: Final[Mapping[str, str]] = {
    "经济技术开发区": "Economic and Technological Development Zone",
    "高新技术产业开发区": "High-tech Industrial Development Zone",
    "高新技术产业园区": "High-tech Industrial Park",
    "经济开发区": "Economic Development Zone",
    "综合保税区": "Comprehensive Bonded Zone",
    "产业园区": "Industrial Park",
    "工业园区": "Industrial Park",
    "产业园": "Industrial Park",
    "工业园": "Industrial Park",
    "开发区": "Development Zone",
    "新区": "New Area",
    "园区": "Park",
    "城区": "urban area",
    "号地块": "",
    "地块": "plot",
    "号": "",
}
"""What a part of a name says, the longer before the shorter."""

_PARTS: Final = re.compile(
    "|".join(map(re.escape, sorted(KINDS, key=len, reverse=True)))
)
_RUNS: Final = re.compile(r"[㐀-鿿]+|[^㐀-鿿]+")


def known_names(names: Mapping[str, str]) -> dict[str, str]:
    """Add to names the short form that other names begin with.

    Args:
        names: English name by Chinese name: 遵义市 is Zunyi.

    Returns:
        The same, and 遵义 is Zunyi too.
    """
    return {short_name(name): english for name, english in names.items()} | dict(names)


def english_name(name: str, known: Mapping[str, str]) -> str:
    """Write a name in English.

    Args:
        name: A Chinese name, or one that is none and stays as it is.
        known: English names by Chinese ones, as `known_names` returns them.

    Returns:
        "Guiyang Economic and Technological Development Zone".
    """
    if not is_chinese(name):
        return name
    words: list[str] = []
    at = 0
    for found in _PARTS.finditer(name):
        words += _spelled(name[at : found.start()], known)
        words.append(KINDS[found.group()])
        at = found.end()
    words += _spelled(name[at:], known)
    return " ".join(filter(None, words))


def pinyin_word(name: str) -> str:
    """Spell a name as one word: 正安 is Zheng'an."""
    syllables = lazy_pinyin(name)
    joined = "".join(
        f"'{second}" if second[:1] in "aoe" and first else second
        for first, second in pairwise(["", *syllables])
    )
    return joined[:1].upper() + joined[1:]


def _spelled(part: str, known: Mapping[str, str]) -> list[str]:
    """Write what no kind is: known names, else pinyin, other signs as they are."""
    words: list[str] = []
    for run in _RUNS.findall(part):
        if not is_chinese(run):
            words.append(run.strip())
            continue
        rest, spelled = run, ""
        while rest:
            held = next(
                (rest[:end] for end in range(len(rest), 1, -1) if rest[:end] in known),
                "",
            )
            if held:
                words += [pinyin_word(spelled)] if spelled else []
                words.append(known[held])
                rest, spelled = rest[len(held) :], ""
            else:
                rest, spelled = rest[1:], spelled + rest[0]
        words += [pinyin_word(spelled)] if spelled else []
    return words

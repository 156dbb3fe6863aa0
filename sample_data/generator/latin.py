"""Names in Latin letters: pinyin, without the word for the kind of place."""

from typing import Final

from pypinyin import Style, lazy_pinyin

from sample_data.generator.settlements import KINDS

KIND_WORDS: Final = {"river": ("河", " River"), "place": ("", "")}
VOWELS: Final = "aeo"  # before these a syllable is set apart: Xi'an


def in_latin(name: str, kind: str = "place") -> str:
    """Write a Chinese name of a place in Latin letters.

    Args:
        name: The name; "" stays "".
        kind: "river" keeps the word for it, in English; "place" drops its kind.

    Returns:
        Pinyin without tones, the first letter great.
    """
    if not name:
        return ""
    ending, word = KIND_WORDS[kind]
    bare = name.removesuffix(ending)
    if kind == "place":
        bare = next(
            (
                bare[: -len(k)]
                for k in KINDS
                if bare.endswith(k) and len(bare) > len(k) + 1
            ),
            bare,
        )
    syllables = lazy_pinyin(bare, style=Style.NORMAL)
    joined = syllables[0] + "".join(
        f"'{one}" if one[:1] in VOWELS else one for one in syllables[1:]
    )
    return joined.capitalize() + word

"""Find documents by their words: every piece of a text is found, however short.

Texts are folded and put in one row behind one another, so that one pass of the
interpreter's own search finds a piece of any length; words of two characters, which
full-text engines miss, are found like all others. Titles are also found by the initials
of their pinyin.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from pypinyin import Style, lazy_pinyin

END: Final = "\n"
"""Between the texts: no folded text has it, and so no piece runs into the next."""

_LATIN: Final = re.compile(r"[a-z]{2,}")
_HAN: Final = re.compile(r"[㐀-鿿豈-﫿]")


@dataclass(frozen=True)
class Words:
    """What a document is found by.

    Attributes:
        title: Its title: what is found here comes first.
        head: Number, issuer and what else names it.
        body: Abstract and text.
    """

    title: str
    head: str = ""
    body: str = ""


class Row:
    """Texts behind one another, searched in one pass."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = END.join((*texts, ""))
        self._starts = list(accumulate((len(one) + 1 for one in texts), initial=0))

    def holding(self, piece: str) -> Iterator[int]:
        """List the texts that hold a piece.

        Args:
            piece: Folded, not empty.

        Yields:
            Their places, ascending, each once.
        """
        at = self._text.find(piece)
        while at >= 0:
            place = bisect_right(self._starts, at) - 1
            yield place
            at = self._text.find(piece, self._starts[place + 1])


class Index:
    """Documents that can be searched.

    Args:
        documents: What each is found by.
    """

    def __init__(self, documents: Sequence[Words]) -> None:
        self.count = len(documents)
        self._rows = (
            Row([folded(one.title) for one in documents]),
            Row([folded(one.head) for one in documents]),
            Row([folded(one.body) for one in documents]),
        )
        self._initials = Row([initials(one.title) for one in documents])

    def find(self, text: str) -> list[int]:
        """Find the documents that hold all words of a text.

        Args:
            text: Words between spaces: pieces of title, number, issuer or text, or
                the initials of the title in pinyin.

        Returns:
            Places of the documents: where titles hold the words first, then where
            heads do, then the others; each in the order they were given. All of them
            where the text says nothing.
        """
        words = [word for word in map(folded, text.split()) if word]
        if not words:
            return list(range(self.count))
        ranks = [self._ranked(word) for word in words]
        both = set.intersection(*map(set, ranks))
        return sorted(both, key=lambda at: (max(rank[at] for rank in ranks), at))

    def _ranked(self, word: str) -> dict[int, int]:
        """Rank the documents that hold a word: 0 in the title, 3 by initials."""
        found: dict[int, int] = {}
        rows = [*enumerate(self._rows)]
        if _LATIN.fullmatch(word):
            rows.append((len(rows), self._initials))
        for rank, row in rows:
            for at in row.holding(word):
                found.setdefault(at, rank)
        return found


def folded(text: str) -> str:
    """Return a text as it is compared: no case, no width, no spaces, no quotes.

    Args:
        text: As it is written.

    Returns:
        One line: 〔2022〕, [2022] and (2022) are the same.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(plain.translate(_FOLDS).split())


@lru_cache(maxsize=65_536)
def initials(title: str) -> str:
    """Return the initials of a title's pinyin: "gzzsyz" for 贵州招商引资.

    Args:
        title: As it is written.

    Returns:
        A letter for each Chinese character, other letters and digits as they are.
    """
    read = lazy_pinyin("".join(_HAN.findall(title)), style=Style.FIRST_LETTER)
    return "".join(read).casefold()


_FOLDS: Final = str.maketrans(
    dict.fromkeys("〔[【［", "(")
    | dict.fromkeys("〕]】］", ")")
    | dict.fromkeys("“”\"'‘’《》〈〉·", "")
)

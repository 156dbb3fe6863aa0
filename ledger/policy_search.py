"""Find documents by their words: every piece of a text is found, however short.

Texts are folded, and for each pair of characters that stands in them it is kept in
which: words of two characters, which full-text engines miss, are looked up, longer ones
are where all their pairs are and are then looked at. Titles are also found by the
initials of their pinyin.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

_NOWHERE: Final = 127
END: Final = "\n"
"""Between the texts: no folded text has it, and so no piece runs into the next."""

Places = NDArray[np.uint32]

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
    """In which texts each pair of characters stands; the end of a text is one, too.

    Args:
        texts: Folded texts.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        whole = END.join((*texts, ""))
        signs = np.frombuffer(whole.encode("utf-32-le"), dtype="<u4")
        lengths = [len(one) + 1 for one in texts]
        places = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)[:-1]
        # A pair and the text it stands in, as one number: sorted, each once.
        told = np.sort(_pair(signs[:-1], signs[1:]) << _PLACE_BITS | places)
        told = told[_changes(told)]
        pairs = told >> _PLACE_BITS
        first = np.flatnonzero(_changes(pairs))
        self._pairs, self._ends = pairs[first], np.append(first, len(told))
        self._places = (told & _PLACE_MASK).astype(np.uint32)

    def holding(self, piece: str) -> Places:
        """List the texts that hold a piece.

        Args:
            piece: Folded, not empty.

        Returns:
            Their places, ascending, each once.
        """
        signs = np.frombuffer(piece.encode("utf-32-le"), dtype="<u4")
        if len(piece) == 1:
            return self._beginning(int(signs[0]))
        found = [self._standing(one) for one in _pair(signs[:-1], signs[1:])]
        found.sort(key=len)
        both = found[0]
        for one in found[1:]:
            both = np.intersect1d(both, one, assume_unique=True)
        if len(piece) == 2:  # noqa: PLR2004 - the pair itself
            return both
        holds = [piece in self._texts[at] for at in both.tolist()]
        looked: Places = both[np.array(holds, dtype=bool)]
        return looked

    def _standing(self, pair: np.uint64) -> Places:
        """Return the places of the texts that hold a pair, ascending."""
        at = int(np.searchsorted(self._pairs, pair))
        if at == len(self._pairs) or self._pairs[at] != pair:
            return self._places[:0]
        return self._places[self._ends[at] : self._ends[at + 1]]

    def _beginning(self, sign: int) -> Places:
        """Return the places where a character begins a pair: wherever it stands."""
        bounds = np.array([sign, sign + 1], dtype=np.uint64) << _SIGN_BITS
        first, last = self._ends[np.searchsorted(self._pairs, bounds)]
        there = np.zeros(len(self._texts), dtype=bool)
        there[self._places[first:last]] = True
        return np.flatnonzero(there).astype(np.uint32)


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
        ranks = np.max([self._ranked(word) for word in words], axis=0)
        found = np.flatnonzero(ranks < _NOWHERE)
        order: list[int] = found[np.argsort(ranks[found], kind="stable")].tolist()
        return order

    def _ranked(self, word: str) -> NDArray[np.int8]:
        """Rank all documents by where a word stands: 0 in the title, 3 by initials."""
        ranks = np.full(self.count, _NOWHERE, dtype=np.int8)
        if _LATIN.fullmatch(word):
            ranks[self._initials.holding(word)] = len(self._rows)
        for rank, row in reversed([*enumerate(self._rows)]):
            ranks[row.holding(word)] = rank
        return ranks


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

_SIGN_BITS: Final = np.uint64(21)  # of Unicode
_PLACE_BITS: Final = np.uint64(20)
_PLACE_MASK: Final = np.uint64((1 << 20) - 1)


def _pair(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint64]:
    return first.astype(np.uint64) << _SIGN_BITS | second


def _changes(ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell where a sorted row holds another number than before."""
    return np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]

"""Find a place by its name: Chinese, pinyin, initials or English."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate
from typing import Final

from gis.crs import Box
from layers.spelling import folded, initials, is_chinese, readings, short_name

# The greater before the smaller, where names fit equally well.
KINDS: Final = (
    "province",
    "prefecture",
    "county",
    "zone",
    "settlement",
    "interchange",
    "freight_yard",
)
LONGEST: Final = 64
EXACT, BEGINS, INSIDE, FAINT = range(4)
_END: Final = "\n"


@dataclass(frozen=True, slots=True)
class Place:
    """A place with a name.

    Attributes:
        kind: One of `KINDS`.
        name: Its name in Chinese.
        name_en: Its name in English, "" where there is none.
        box: West, south, east, north, EPSG:4490.
        within: Chinese and English name of what it lies in, the greater first.
    """

    kind: str
    name: str
    name_en: str
    box: Box
    within: tuple[tuple[str, str], ...] = ()


class Gazetteer:
    """Places, ready to be found as somebody types.

    Args:
        places: All places that may be found.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = tuple(places)
        self._written, self._typed = _Lines(), _Lines()
        for number, place in enumerate(self._places):
            self._add(number, place)
        for lines in (self._written, self._typed):
            lines.close()

    def __len__(self) -> int:
        return len(self._places)

    def listed(self, kinds: Sequence[str], within: tuple[str, ...] = ()) -> list[Place]:
        """List places without a name asked for.

        Args:
            kinds: What they are.
            within: Chinese names of what they lie in, the greater first: a county's
                alone may stand in two prefectures. Empty for anywhere.

        Returns:
            The greater kinds first, each in the order it was given.
        """
        return [
            place
            for kind in kinds
            for place in self._places
            if place.kind == kind
            and tuple(name for name, _ in place.within[: len(within)]) == within
        ]

    def search(self, text: str, most: int) -> list[tuple[int, Place]]:
        """Find places.

        Args:
            text: A name or a part of it, in Chinese; or from the beginning of a
                syllable or a word on, in pinyin, its initials, or English.
            most: At most this many.

        Returns:
            How well each fits (`EXACT`, `BEGINS`, `INSIDE`, `FAINT`) and the place,
            the best first.
        """
        asked = folded(text[:LONGEST])
        if not asked:
            return []
        chinese = is_chinese(asked)
        lines = self._written if chinese else self._typed
        best: dict[int, int] = {}
        for number, fit in lines.hits(asked, anywhere=chinese):
            best[number] = min(fit, best.get(number, FAINT))
        found = nsmallest(most, best, key=lambda number: self._order(number, best))
        return [(best[number], self._places[number]) for number in found]

    def _order(self, number: int, best: dict[int, int]) -> tuple[int, int, int, str]:
        place = self._places[number]
        at = KINDS.index(place.kind)
        return best[number], at, len(place.name), place.name

    def _add(self, number: int, place: Place) -> None:
        """Note the ways a place may be written and typed."""
        short = short_name(place.name)
        for written in {place.name, short}:
            self._written.add(folded(written), number, first=True)
        if not is_chinese(place.name):
            self._spell(number, tuple(map(folded, place.name.split())), 0)
        self._spell(number, tuple(map(folded, place.name_en.split())), 0)
        if not is_chinese(place.name):
            return
        office = len(place.name) - len(short)
        for rank, syllables in enumerate(readings(place.name)):
            likely = rank == 0
            self._spell(number, syllables, office, likely=likely)
            letters = initials(syllables)
            for at in range(len(letters) - 1):
                first = likely and at == 0
                self._typed.add(letters[at:], number, first=first, faint=True)

    def _spell(
        self,
        number: int,
        syllables: tuple[str, ...],
        office: int,
        *,
        likely: bool = True,
    ) -> None:
        """Note a name from each of its syllables on, and without its office."""
        for at in range(len(syllables)):
            first = likely and at == 0
            self._typed.add("".join(syllables[at:]), number, first=first)
        if office:
            self._typed.add("".join(syllables[:-office]), number, first=likely)


class _Lines:
    """Lines of text, all searched at once."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._owner: list[tuple[int, bool, bool]] = []
        self._starts: list[int] = []
        self._text = ""

    def add(self, line: str, number: int, *, first: bool, faint: bool = False) -> None:
        """Add a line that tells a place, from its beginning (`first`) or later on."""
        self._lines.append(line)
        self._owner.append((number, first, faint))

    def close(self) -> None:
        """Join the lines."""
        self._text = _END + _END.join(self._lines) + _END
        self._starts = list(accumulate((len(s) + 1 for s in self._lines), initial=1))
        self._lines.clear()

    def hits(self, asked: str, *, anywhere: bool) -> Iterator[tuple[int, int]]:
        """Yield the places whose lines hold a text, and how well."""
        sought = asked if anywhere else _END + asked
        at = self._text.find(sought)
        while at >= 0:
            begin = at if anywhere else at + 1
            line = bisect_right(self._starts, begin) - 1
            number, first, faint = self._owner[line]
            yield number, self._fit(begin, line, asked, first=first, faint=faint)
            at = self._text.find(sought, self._starts[line + 1] - 1)

    def _fit(
        self, begin: int, line: int, asked: str, *, first: bool, faint: bool
    ) -> int:
        if not first or begin != self._starts[line]:
            return FAINT if faint else INSIDE
        whole = begin + len(asked) == self._starts[line + 1] - 1
        return EXACT if whole and not faint else BEGINS

"""Which rows to show where there are too many for a page: the gravest, the chosen."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Places = NDArray[np.intp]


def foremost(ranks: ArrayLike, chosen: ArrayLike, most: int) -> Places:
    """Choose rows to show.

    Args:
        ranks: How grave each row is, 0 the gravest, shape (n,).
        chosen: Whether somebody chose the row, shape (n,).
        most: How many may be shown.

    Returns:
        Places of the rows: what is chosen first, then the gravest, ties as they came;
        all of them where they are not too many.
    """
    return np.lexsort((np.asarray(ranks), ~np.asarray(chosen, dtype=bool)))[:most]


def ranked(words: Iterable[str], order: Iterable[str]) -> NDArray[np.int64]:
    """Rank words by an order that begins with the gravest.

    Args:
        words: The words, n of them.
        order: Every word there is, the gravest first.

    Returns:
        Place of each word in the order; what the order does not name comes last.
    """
    places = {word: place for place, word in enumerate(order)}
    last = len(places)
    return np.array([places.get(word, last) for word in words], dtype=np.int64)

"""What a process keeps for all its readers, found by plain keys.

Streamlit's own cache hashes its whole key at each look, 1 to 2 ms; a page looks dozens
of times. What is kept here is named by a version, so it is never out of date.
"""

from collections.abc import Callable, Hashable
from threading import Condition
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

P = ParamSpec("P")
R = TypeVar("R")


def shared(
    most: int, *, key: Callable[..., Hashable] = hashkey
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what a function returned last, shared by all and never to be changed.

    Args:
        most: How many answers are kept; the one asked for longest ago goes first.
        key: Makes the key of the arguments; all of them where it is not given.

    Returns:
        A decorator. Who asks for what is just being made waits for it.
    """

    def keep(make: Callable[P, R]) -> Callable[P, R]:
        answers: LRUCache[Hashable, Any] = LRUCache(most)
        return cached(answers, key=key, condition=Condition())(make)

    return keep

"""Measure ours and the peers in one run, check that all agree, print a table."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

ENOUGH_S = 20.0
PLAIN, BEST = "plain", "best"
Run = Callable[[], Any]


class Contestant(Protocol):
    """Prepares a run of a peer: what it opens is closed by the stack."""

    def __call__(self, stack: ExitStack) -> Run: ...  # noqa: D102


@dataclass
class Entry:
    """One peer in one configuration.

    Attributes:
        peer: Its name.
        way: `plain`, as one writes it first, or `best`.
        contestant: Prepares it; None where it was not asked for.
        why_not: Why it is not run.
    """

    peer: str
    way: str
    contestant: Contestant | None
    why_not: str = ""


@dataclass
class Result:
    """What was measured of an entry.

    Attributes:
        entry: The entry.
        prepare_s: Seconds to load, cut, index; not part of the race.
        p50_ms: Median of its runs; NaN where it did not run.
        ours_ms: Median of ours, timed beside it.
        off: Largest disagreement, as `compare` tells.
        note: Why it did not run.
    """

    entry: Entry
    prepare_s: float = np.nan
    p50_ms: float = np.nan
    ours_ms: float = np.nan
    off: str = ""
    note: str = ""

    @property
    def ratio(self) -> float:
        """Its time over ours."""
        return self.p50_ms / self.ours_ms


@dataclass
class Race:
    """One job on one data set.

    Attributes:
        title: What is done.
        ours: Our run.
        compare: Tells how far another's answer is off; raises where they disagree.
        repeats: Most runs of each.
        details: What else to say in JSON.
    """

    title: str
    ours: Run
    compare: Callable[[Any, Any], str]
    repeats: int = 5
    details: dict[str, Any] = field(default_factory=dict)

    def run(self, entries: Sequence[Entry]) -> dict[str, Any]:
        """Race all entries against ours, print the table and return the figures."""
        truth = self.ours()
        times = timed(self.ours, self.repeats)
        results = []
        for entry in entries:
            result = self._raced(entry, truth, times)
            results.append(result)
            print(_line(result), flush=True)
        ours = {"p50_ms": statistics.median(times), **self.details}
        print(f"  {'ours':<12}{'':<7}{ours['p50_ms']:>12,.1f} ms   ({self.title})")
        return {"ours": ours, **_figures(results)}

    def _raced(self, entry: Entry, truth: Any, times: list[float]) -> Result:  # noqa: ANN401
        result = Result(entry, note=entry.why_not)
        if entry.contestant is None:
            return result
        with ExitStack() as stack:
            start = time.perf_counter()
            try:
                run = entry.contestant(stack)
            except NotHereError as error:
                result.note = str(error)
                return result
            result.prepare_s = time.perf_counter() - start
            theirs: list[float] = []
            result.off = self.compare(truth, timed_answer(run, theirs))
            if theirs[0] < ENOUGH_S * 1000:
                theirs[:] = timed(run, self.repeats)
            beside = timed(self.ours, self.repeats)
        times += beside
        result.p50_ms = statistics.median(theirs)
        result.ours_ms = statistics.median(beside)
        return result


class NotHereError(Exception):
    """A peer or a part of it is not installed."""


class DisagreementError(Exception):
    """Two engines answer differently: that is a bug, not tolerance."""


def timed_answer(run: Run, times: list[float]) -> Any:  # noqa: ANN401
    """Run once, note the milliseconds, return the answer."""
    start = time.perf_counter()
    answer = run()
    times.append((time.perf_counter() - start) * 1000)
    return answer


def timed(run: Run, repeats: int) -> list[float]:
    """Time a run several times, fewer where it takes long: milliseconds."""
    times: list[float] = []
    while len(times) < repeats and sum(times) < ENOUGH_S * 1000:
        timed_answer(run, times)
    return times


def same_areas(ours: Any, theirs: Any) -> str:  # noqa: ANN401
    """Compare areas: each within 1e-6 relative or 0.01 m2.

    Args:
        ours: Square metres, any shape.
        theirs: The same by a peer.

    Returns:
        The largest difference in words.

    Raises:
        DisagreementError: Some area differs by more.
    """
    off = np.abs(ours - theirs)
    wrong = ~((off <= 0.01) | (off <= 1e-6 * np.abs(ours)))  # noqa: PLR2004
    if wrong.any():
        at = np.argwhere(wrong)[0]
        message = f"{wrong.sum()} areas differ, first at {at}"
        msg = f"{message}: {ours[tuple(at)]!r} {theirs[tuple(at)]!r}"
        raise DisagreementError(msg)
    return f"{off.max(initial=0.0):.1e} m2"


def last_line(figures: dict[str, Any]) -> str:
    """Write figures as one line of JSON."""
    return json.dumps(figures, default=float)


def _line(result: Result) -> str:
    name = f"  {result.entry.peer:<12}{result.entry.way:<7}"
    if result.note:
        return f"{name}{'not run':>12}      {result.note}"
    return (
        f"{name}{result.p50_ms:>12,.1f} ms {result.ratio:>9,.1f} x ours"
        f"   prepared in {result.prepare_s:7.1f} s   off by {result.off}"
    )


def _figures(results: Sequence[Result]) -> dict[str, Any]:
    """Sort results: `ratios` are those of the best configuration that ran."""
    peers: dict[str, dict[str, Any]] = {}
    ratios: dict[str, float] = {}
    plain: dict[str, float] = {}
    for one in results:
        own = peers.setdefault(one.entry.peer, {})
        if one.note:
            own[one.entry.way] = {"not_run": one.note}
            continue
        own[one.entry.way] = {"p50_ms": one.p50_ms, "prepare_s": one.prepare_s}
        of = ratios if one.entry.way == BEST else plain
        of[one.entry.peer] = one.ratio
    return {"peers": peers, "ratios": plain | ratios, "plain_ratios": plain}

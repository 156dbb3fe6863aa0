"""Screen all parcels against a need: who is in, who is out, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import Series

from gis.errors import LayerMissingError
from gis.units import Numbers
from siting.answer import Answer
from siting.asked import Asked, AskedConstraint, AskedFactor
from siting.board import Board, MeasuredFacts, prepare
from siting.columns import Coded, Codes
from siting.compare import Mask
from siting.contenders import Questions, contenders, score_of
from siting.need import Need
from siting.rank import best_of, hundredths_behind
from siting.replay import result_hash
from siting.tally import Tally, loops_at_hand, tally, warm

__all__ = ["Answer", "Board", "Screening", "prepare", "screen", "warm"]


@dataclass(frozen=True)
class Screening:
    """The answer to a need.

    Attributes:
        need: The need.
        board: The facts it was asked of.
        claims: Who holds which parcel; None where no snapshot was handed in.
        project_id: The project that asks.
        constraints: What each constraint answered, in the order of the need.
        factors: What each factor answered.
    """

    need: Need
    board: Board = field(repr=False)
    claims: Coded | None = field(repr=False)
    project_id: str
    constraints: tuple[Answer, ...] = field(repr=False)
    factors: tuple[Answer, ...] = field(repr=False)

    @cached_property
    def tally(self) -> Tally:
        """The answers of all criteria, put together."""
        return tally(self._asked, loops=loops_at_hand(len(self.board)))

    @cached_property
    def score(self) -> Numbers:
        """0 to 100 to 0.01, shape (n,); NaN where the need has no factors."""
        return score_of(self._asked, slice(None))

    @property
    def data(self) -> dict[str, str]:
        """Version of each layer measured, by name."""
        return dict(self.board.layers)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Constraints, then factors."""
        return (*self.constraints, *self.factors)

    @property
    def parcel_ids(self) -> NDArray[np.object_]:
        """Parcel ids in the order of the facts, shape (n,)."""
        return self.board.parcel_ids

    @cached_property
    def blocked(self) -> NDArray[np.int16]:
        """How many constraints exclude each parcel, shape (n,)."""
        return self.tally.blocked.astype(np.int16, copy=False)

    @cached_property
    def eligible(self) -> Mask:
        """Parcels that no constraint excludes, shape (n,)."""
        return np.asarray(self.tally.blocked == 0)

    @cached_property
    def flagged(self) -> Mask:
        """Eligible parcels of which something was not checked, shape (n,)."""
        flagged = np.zeros(len(self.board), dtype=np.bool_)
        flagged[self.tally.places] = self.tally.flagged
        return flagged

    @cached_property
    def order(self) -> Codes:
        """Places of the eligible parcels, best first, ties by id."""
        return self.best()

    def best(self, top: int | None = None) -> Codes:
        """Return the places of the best eligible parcels.

        Args:
            top: At most this many; None returns all.

        Returns:
            Best first, ties by id: the beginning of `order`.
        """
        if top is None:
            return best_of(self.tally.places, self._points, self.board.ranks)
        loops = loops_at_hand(len(self.board))
        places = contenders(self._asked, self.tally.places, top, loops)
        return best_of(places, self.scores(places), self.board.ranks, top)

    def rank(self, place: int) -> int:
        """Return the rank of an eligible parcel, from 1, without ranking the others."""
        found = self.tally
        behind = hundredths_behind(self._points)
        ours = behind[np.searchsorted(found.places, place)]
        tied = found.places[behind == ours]
        ranks = self.board.ranks(tied)
        earlier = ranks < ranks[np.searchsorted(tied, place)]
        return 1 + int((behind < ours).sum()) + int(earlier.sum())

    def scores(self, places: Codes) -> Numbers:
        """Return the scores of some parcels, as `score`; shape (m,)."""
        return score_of(self._asked, places)

    def alone(self, name: str) -> Codes:
        """Return the places of the parcels that only one constraint excludes.

        Args:
            name: The constraint.

        Returns:
            Places, ascending.
        """
        number = [one.name for one in self.constraints].index(name)
        found = self.tally
        return np.flatnonzero((found.blocked == 1) & (found.last == number))

    @cached_property
    def counts(self) -> dict[str, int]:
        """All parcels, split in three.

        `eligible` passes everything and everything was checked; `eligible_not_checked`
        is excluded by nothing, but something was not checked; the rest is `excluded`.
        The three add up to `parcels`.
        """
        eligible, flagged = len(self.tally.places), int(self.tally.flagged.sum())
        return {
            "parcels": len(self.board),
            "eligible": eligible - flagged,
            "eligible_not_checked": flagged,
            "excluded": len(self.board) - eligible,
        }

    @cached_property
    def excluded_by(self) -> dict[str, int]:
        """How many parcels each constraint excludes, whatever the others say."""
        names = [one.name for one in self.constraints]
        return dict(zip(names, self.tally.excluded.tolist(), strict=True))

    @cached_property
    def excluded_only_by(self) -> dict[str, int]:
        """How many parcels each constraint excludes that no other does."""
        names = [one.name for one in self.constraints]
        return dict(zip(names, self.tally.alone.tolist(), strict=True))

    @cached_property
    def result_hash(self) -> str:
        """Hash of need, layer versions, claims, code and results: replayable."""
        return result_hash(self)

    def answer(self, name: str) -> Answer:
        """Return the answer of that name.

        Raises:
            KeyError: The need has no such criterion.
        """
        return {one.name: one for one in self.answers}[name]

    def place(self, parcel_id: str) -> int:
        """Find a parcel.

        Args:
            parcel_id: Its id.

        Returns:
            Its place in all arrays of the screening.

        Raises:
            LayerMissingError: There is no such parcel.
        """
        place = self.board.place(parcel_id)
        if place is None:
            raise LayerMissingError(
                "There is no parcel {parcel_id}.", parcel_id=parcel_id
            )
        return place

    @cached_property
    def _points(self) -> Numbers:
        """Scores of the eligible parcels."""
        return self.scores(self.tally.places)

    @cached_property
    def _asked(self) -> Questions:
        return Questions(
            self.constraints, self.factors, self.need.method, len(self.board)
        )


def screen(
    need: Need,
    facts: MeasuredFacts | Board,
    *,
    claims: Series | None = None,
    project_id: str | None = None,
) -> Screening:
    """Answer every parcel.

    Args:
        need: What is looked for.
        facts: What is known; a board (see `prepare`) where many needs are screened.
        claims: Who holds a parcel, by parcel_id; "" or absent is free. None: nothing
            is known of claims.
        project_id: The project that asks, as `claims` writes it.

    Returns:
        The answer. A parcel's part of it depends on that parcel alone.
    """
    board = facts if isinstance(facts, Board) else prepare(facts)
    held = board.held(claims)
    told = context(need, board, held, project_id or "")
    names = unique_names([*need.constraints, *need.factors])
    constraints = tuple(
        answer_constraint(one, board, told, name=name)
        for one, name in zip(need.constraints, names, strict=False)
    )
    factors = tuple(
        _answer_factor(one, board, told, name=name)
        for one, name in zip(need.factors, names[len(constraints) :], strict=True)
    )
    return Screening(
        need=need,
        board=board,
        claims=held,
        project_id=project_id or "",
        constraints=constraints,
        factors=factors,
    )


def context(
    need: Need, board: Board, held: Coded | None, project_id: str
) -> dict[str, Any]:
    """Gather what the need says once for all criteria."""
    return {
        "area_column": need.area_column,
        "industry": need.industry,
        "accept_unconfirmed": need.accept_unconfirmed,
        "not_checked": need.not_checked,
        "holder": held,
        "project_id": project_id,
        "parcels": len(board),
    }


def answer_constraint(
    asked: AskedConstraint, board: Board, told: Mapping[str, Any], *, name: str
) -> Answer:
    """Answer one constraint.

    Args:
        asked: The constraint.
        board: The facts.
        told: From `context`.
        name: What to call it.

    Returns:
        Its answer.
    """
    policy = asked.not_checked or told["not_checked"]
    return Answer(
        name=name,
        asked=asked,
        verdict=asked.criterion.answer(board, asked.values, told),
        keeps_unknown=policy == "keep",
    )


def _answer_factor(
    asked: AskedFactor, board: Board, told: Mapping[str, Any], *, name: str
) -> Answer:
    verdict = asked.criterion.answer(board, asked.values, told)
    return Answer(name=name, asked=asked, verdict=verdict, weight=asked.weight)


def unique_names(asked: list[Asked]) -> list[str]:
    """Name each criterion of a need: by use, by layer, and by number if need be."""
    seen: dict[str, int] = {}
    names = []
    for one in asked:
        name = f"{one.use}:{one.layer}" if one.layer else one.use
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names

"""Projects, parcels and zones as columns, for documents to be asked about."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np
from pandas import DataFrame

from ledger.applicability import About
from ledger.model import Project
from siting.columns import Coded, Figures, coded, numbers

Made = TypeVar("Made")


class _OnDemand(Mapping[str, Made]):
    """Columns that are made when one is asked for: of hundreds, a few are."""

    def __init__(self, names: Iterable[str], make: Callable[[str], Made]) -> None:
        self._make = {name: partial(make, name) for name in names}
        self._made: dict[str, Made] = {}

    def __getitem__(self, name: str) -> Made:
        make = self._make[name]  # which refuses a name that is not there
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)


@dataclass(frozen=True)
class Subjects:
    """Projects, parcels or zones, as columns.

    Attributes:
        about: What they are; land with a project is both.
        count: How many there are.
        words: Columns of words, shape (n,) each. `industry`, `region`, `managed_by`,
            `stage`, and of the land `land_use_code`, `land_use_system`,
            `stock_status` and every other column of the facts; one that is not there
            is not known.
        figures: Columns of figures, shape (n,) each: `investment_wan_cny` and facts.
        reaches: Management regions that reach into a county, by its code: whether land
            there lies in them is not known.
    """

    about: tuple[About, ...]
    count: int
    words: Mapping[str, Coded] = field(default_factory=dict)
    figures: Mapping[str, Figures] = field(default_factory=dict)
    reaches: Mapping[str, Sequence[str]] = field(default_factory=dict)


def of_projects(projects: Sequence[Project]) -> Subjects:
    """Read projects as columns.

    Args:
        projects: The projects.

    Returns:
        What documents ask of them; nothing is known of their land.
    """
    frame = {
        "industry": [one.industry for one in projects],
        "region": [one.region for one in projects],
        "managed_by": [one.managed_by for one in projects],
        "stage": [one.stage.value for one in projects],
    }
    money = np.array([one.investment_wan_cny for one in projects], dtype=np.float64)
    return Subjects(
        about=(About.PROJECT,),
        count=len(projects),
        words={name: _coded(said) for name, said in frame.items()},
        figures={"investment_wan_cny": Figures(money)},
    )


def of_parcels(
    facts: DataFrame, reaches: Mapping[str, Sequence[str]] | None = None
) -> Subjects:
    """Read parcels as columns, by the names that screening reads.

    Args:
        facts: The table of facts, or rows of it.
        reaches: Management regions that reach into a county, by its code.

    Returns:
        What documents ask of them; nothing is known of a project.
    """
    kinds = {str(name): kind.kind for name, kind in facts.dtypes.items()}
    figured = {name for name, kind in kinds.items() if kind in "iufb"}
    named = {name: name for name in kinds if name not in figured}
    if "county_code" in named:
        named["region"] = "county_code"
    return Subjects(
        about=(About.PARCEL,),
        count=len(facts),
        words=_OnDemand(named, lambda name: coded(facts[named[name]])),
        figures=_OnDemand(figured, lambda name: numbers(facts[name])),
        reaches=reaches or {},
    )


def on_land(parcels: Subjects, project: Project) -> Subjects:
    """Look at parcels for a project: both are asked about.

    Args:
        parcels: The parcels; where they lie is where they are asked for.
        project: The project.

    Returns:
        The parcels, with what is known of the project.
    """
    one = of_projects([project])
    again = np.zeros(parcels.count, dtype=np.intp)
    words = {
        name: Coded(column.codes.take(again), column.words)
        for name, column in one.words.items()
        if name != "region"
    }
    figures = {
        name: Figures(said.raw.take(again)) for name, said in one.figures.items()
    }
    return Subjects(
        about=(*parcels.about, About.PROJECT),
        count=parcels.count,
        words=ChainMap(words, parcels.words),  # type: ignore[arg-type]
        figures=ChainMap(figures, parcels.figures),  # type: ignore[arg-type]
        reaches=parcels.reaches,
    )


def one_subject(
    about: About | tuple[About, ...],
    words: Mapping[str, str],
    figures: Mapping[str, float] | None = None,
    reaches: Mapping[str, Sequence[str]] | None = None,
) -> Subjects:
    """Make a single subject out of what is known of it.

    Args:
        about: What it is, or all that it is.
        words: Its words by column; what is not known is left out.
        figures: Its figures by column.
        reaches: Management regions that reach into a county, by its code.

    Returns:
        One subject.
    """
    return Subjects(
        about=(about,) if isinstance(about, About) else about,
        count=1,
        words={name: _coded([said]) for name, said in words.items()},
        figures={
            name: Figures(np.array([value], dtype=np.float64))
            for name, value in (figures or {}).items()
        },
        reaches=reaches or {},
    )


def _coded(said: Sequence[str]) -> Coded:
    """Keep words as numbers; for a few, without a frame's detour."""
    places = {word: place for place, word in enumerate(dict.fromkeys(said))}
    codes = np.array([places[word] for word in said], dtype=np.intp)
    return Coded(codes=codes, words=tuple(places))

"""A need answered in the terminal: screened, explained, printed or written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from geopandas import GeoSeries
from pandas import Series
from rich.console import Console, Group

from gis.box_index import BoxIndex
from gis.units import shown
from gis.words import Title
from layers.catalog import Catalog
from layers.facts import Facts
from layers.facts_store import FactStore
from layers.store import LayerStore
from ledger import holdings
from ledger.unit_of_work import CHINA
from reports.candidates import SYNTHETIC, About
from siting import explain
from siting.explain import Reason
from siting.need import Need, check_need, read_need
from siting.partitions import Partition
from siting.screen import Screening, screen
from ui import reasons, start, terminal
from ui.export_files import Export, about
from ui.i18n import language, t
from ui.settings import Settings
from ui.terminal import Format, Told, written_json

if TYPE_CHECKING:
    from layers.cluster import Cluster

PARTITIONS: Final = 16  # more than most clusters have workers, so that none waits long


@dataclass(frozen=True)
class Answer:
    """A screening with the data it was made on.

    Attributes:
        screening: The answer.
        facts: What it was screened on.
        store: Where the parcels' shapes are.
        catalog: The declared layers.
        holders: What people call the projects that hold land, by code.
        whole: What all parcels answered, where only candidates are kept.
    """

    screening: Screening
    facts: Facts
    store: LayerStore
    catalog: Catalog
    holders: Mapping[str, str]
    whole: Partition | None = None

    @classmethod
    def of(cls, chosen: Settings, file: Path, *, accept_unconfirmed: bool) -> Self:
        """Answer a need; the claims of the ledger count.

        Args:
            chosen: Settings of the app.
            file: The need.
            accept_unconfirmed: Use land-use classes that no source confirms.

        Returns:
            The answer.

        Raises:
            NeedError: The need is malformed or asks for what is not here.
        """
        asked = _Asked.of(chosen, file, accept_unconfirmed=accept_unconfirmed)
        screening = screen(asked.need, asked.facts, claims=asked.claims)
        return cls(screening, asked.facts, asked.store, asked.catalog, asked.holders)

    @classmethod
    def in_partitions(
        cls,
        chosen: Settings,
        file: Path,
        cluster: "Cluster",
        *,
        top: int,
        accept_unconfirmed: bool,
    ) -> Self:
        """Answer a need on a cluster, a partition of the parcels a task.

        Args:
            chosen: Settings of the app.
            file: The need.
            cluster: Where.
            top: How many candidates.
            accept_unconfirmed: Use land-use classes that no source confirms.

        Returns:
            The same answer, but that only candidates are kept: counts are of all
            parcels, and the hash of the whole result is not made.

        Raises:
            NeedError: The need is malformed or asks for what is not here.
            SettingsError: There is no cluster at the address, or Dask is not installed.
        """
        from ui.screen_cluster import Job, screened_on  # noqa: PLC0415 - only clusters

        asked = _Asked.of(chosen, file, accept_unconfirmed=accept_unconfirmed)
        facts = asked.facts
        job = Job(
            facts=chosen.home / "facts",
            version=facts.version,
            need=asked.need.to_json(),
            claims={str(one): str(who) for one, who in asked.claims.items()},
            top=top,
        )
        whole = screened_on(
            cluster, job, parcels=len(facts.table), partitions=PARTITIONS
        )
        # A parcel's answer depends on its own facts: the best explain themselves.
        best = facts.table.loc[[one.parcel_id for one in whole.best]]
        facts = replace(facts, table=best)
        screening = screen(asked.need, facts, claims=asked.claims)
        return cls(
            screening, facts, asked.store, asked.catalog, asked.holders, whole=whole
        )

    def written(self, kind: Format, *, top: int) -> bytes:
        """Write the best candidates.

        Args:
            kind: How.
            top: At most this many.

        Returns:
            The content of the file, or of the terminal.
        """
        if kind is Format.TABLE:
            return self._people(top).encode()
        if kind is Format.JSON:
            return written_json(self._told(top)).encode()
        return self._file(kind, top)

    def why(self, parcel_id: str) -> Told:
        """Tell why a parcel is in or out, by the stable keys."""
        return explain.why(self.screening, parcel_id).to_json()

    def why_table(self, parcel_id: str) -> Group:
        """Tell why a parcel is in or out, for people."""
        why, criteria = reasons.told(
            self.screening, parcel_id, layers=self.catalog, names=self._names
        )
        head = (
            t("{parcel} is eligible, rank {rank}.", parcel=parcel_id, rank=why.rank)
            if why.eligible
            else t("{parcel} is not eligible.", parcel=parcel_id)
        )
        heads = (t("Criterion"), t("State"), t("Value"), t("Asked"), t("Gap"))
        rows = [
            (
                one.title,
                _state(one),
                one.value or "—",
                one.asked,
                "; ".join([one.gap, *one.notes]),
            )
            for one in criteria
        ]
        return Group(head, terminal.table(heads, rows))

    def _told(self, top: int) -> Told:
        """Tell the answer by the stable keys."""
        told = explain.to_json(self.screening, top)
        if self.whole is not None:
            told["counts"] = self.whole.counts
            told["excluded_by"] = self.whole.excluded_by
            told["result_hash"] = None
        return told

    @cached_property
    def synthetic(self) -> bool:
        """Whether any layer behind the answer is made up."""
        known = [self.store.manifest(name) for name in self.facts.layers]
        return any(one.layer.synthetic for one in known)

    def _people(self, top: int) -> str:
        """Lay out counts and candidates."""
        counts = (self.whole or self.screening).counts
        best = explain.candidates(self.screening, top)
        areas = self.facts.table["area_m2"].astype(float)
        rows = [
            (
                one.rank or 0,
                one.parcel_id,
                "—" if one.score is None else f"{one.score:.2f}",
                f"{shown(areas[one.parcel_id], 'mu'):.2f}",
                "; ".join(
                    self._title(said)
                    for said in one.criteria
                    if said.state == "not_checked"
                ),
            )
            for one in best
        ]
        heads = (t("Rank"), t("Parcel"), t("Score"), t("Area (mu)"), t("not checked"))
        out = t(
            "{eligible} of {parcels} parcels are eligible, {flagged} of them with"
            " something not checked.",
            eligible=f"{counts['eligible'] + counts['eligible_not_checked']:,}",
            parcels=f"{counts['parcels']:,}",
            flagged=f"{counts['eligible_not_checked']:,}",
        )
        console = Console(highlight=False)
        with console.capture() as captured:
            console.print(out, markup=False)
            console.print(terminal.table(heads, rows))
            if self.synthetic:
                console.print(t(SYNTHETIC), markup=False)
        return captured.get()

    def _file(self, kind: Format, top: int) -> bytes:
        """Write the candidates as a file that says what it rests on."""
        export = Export(
            actor=terminal.OPERATOR,
            screening=self.screening,
            about=self._about(),
            spoken=language(),
        )
        if kind is Format.XLSX:
            return export.xlsx(top=top)
        ids = [
            str(one) for one in self.screening.parcel_ids[self.screening.order[:top]]
        ]
        if kind is Format.GPKG:
            return export.gpkg(self._shapes(ids))
        return export.geojson(self._shapes(ids)).encode()

    def _about(self) -> About:
        """Say what an export rests on."""
        known = {name: self.store.manifest(name) for name in self.facts.layers}
        return about(
            self.screening,
            catalog=self.catalog,
            manifests=known,
            names=self._names,
            made_on=datetime.now(tz=CHINA).date().isoformat(),
        )

    def _shapes(self, ids: Sequence[str]) -> GeoSeries:
        """Read the candidates' shapes, in their order."""
        frame = self.store.read("parcels", columns=[], ids=list(ids))
        return GeoSeries(frame.geometry.loc[list(ids)])

    def _names(self, source: str) -> Mapping[str, str]:
        """Name what a need chooses from: counties and zones as their layers do."""
        if source == "project":
            return self.holders
        layer = {"region": "county", "zone": "development_zone"}.get(source)
        if layer is None or layer not in self.store.versions():
            return {}
        names = self.store.read(layer, columns=["name"])["name"]
        return {str(key): str(name) for key, name in names.items()}

    def _title(self, one: Reason) -> str:
        """Name a criterion, with the layer it is about."""
        if one.layer not in self.catalog:
            return t(Title(one.title))
        return f"{t(Title(one.title))} · {t(Title(self.catalog[one.layer].title))}"


@dataclass(frozen=True)
class _Asked:
    """A need, and all that it is asked of."""

    need: Need
    facts: Facts
    claims: Series
    store: LayerStore
    catalog: Catalog
    holders: Mapping[str, str]

    @classmethod
    def of(cls, chosen: Settings, file: Path, *, accept_unconfirmed: bool) -> Self:
        """Read and check a need; read facts and claims."""
        need = read_need(file)
        if accept_unconfirmed:
            need = need.model_copy(update={"accept_unconfirmed": True})
        store, catalog = start.layers_of(chosen), start.catalog_of(chosen)
        check_need(
            need,
            catalog,
            regions=_keys(store, "county"),
            zones=_keys(store, "development_zone"),
        )
        facts = FactStore(chosen.home / "facts").read()
        claims, holders = _claims(facts, store, chosen)
        return cls(need, facts, claims, store, catalog, holders)


def _claims(
    facts: Facts, store: LayerStore, chosen: Settings
) -> tuple[Series, dict[str, str]]:
    """Read who holds which parcel today, and what people call the holders."""

    def ground(ids: Sequence[str]) -> GeoSeries:
        return store.read("parcels", columns=[], ids=ids).geometry

    with start.open_ledger(chosen).read(terminal.OPERATOR) as work:
        claims = holdings.claimed_by_box(work, BoxIndex(facts.table), ground)
        return claims, holdings.holder_names(work)


def _keys(store: LayerStore, name: str) -> list[str] | None:
    """List the keys of a layer, None where it is not loaded."""
    if name not in store.versions():
        return None
    return [str(key) for key in store.read(name, columns=[]).index]


def _state(one: reasons.Told) -> str:
    """Say how a criterion went; a factor only counts, it decides nothing."""
    if one.factor and one.state != "not_checked":
        return t("factor")
    return t(reasons.WORDS[one.state])

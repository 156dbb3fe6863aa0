"""Make one published version in a folder aside: layers, facts, pictures."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray

from gis.crs import CGCS2000
from gis.generalise import Grid, generalised, grid_clear_of
from gis.measure import ellipsoidal_area
from layers.facts_store import FactStore
from layers.facts_table import Facts
from layers.layer import Layer
from layers.load import Say
from layers.manifest import Manifest
from layers.publishing_facts import FactRules, public_table, told
from layers.publishing_rules import LayerRule, PublishingRules
from layers.publishing_source import (
    CODE,
    PARCELS,
    PUBLIC,
    Private,
    hash_of,
    leaving,
    pictures_leaving,
)
from layers.raster_store import FOLDER as RASTERS
from layers.shelf import CURRENT
from layers.store import LayerStore
from layers.tiles import build_tiles


class Making:
    """Makes one version.

    Args:
        aside: Folder it is made in.
        private: What there is.
        rules: How it leaves.
        version: Its name.
    """

    def __init__(
        self, aside: Path, private: Private, rules: PublishingRules, version: str
    ) -> None:
        self._aside, self._version = aside, version
        self._private, self._rules = private, rules
        self._plane = private.region.equal_area_crs
        self._store = LayerStore(aside / "layers")
        self._true = np.concatenate([
            shapely.get_coordinates(self._flat(name).to_numpy())
            for name in self._guarded()
        ])

    def all(self, say: Say) -> int:
        """Write layers, facts and pictures, and lay the tiles out.

        Args:
            say: Takes progress.

        Returns:
            How many parcels there are.
        """
        facts = self._parcels(self._private.facts.read())
        for name, _version in leaving(self._private, self._rules):
            if name != PARCELS:
                self._layer(name)
        seen = self._store.versions()
        measured = {name: seen[name] for name in facts.layers if name in seen}
        FactStore(self._aside / "facts").write(
            replace(facts, layers=measured, seen=seen)
        )
        for name, version in pictures_leaving(self._private, self._rules):
            self._picture(name, version)
        build_tiles(self._store, say)
        return len(facts.table)

    def _parcels(self, facts: Facts) -> Facts:
        """Write the parcels that leave; return their facts."""
        rule = self._rules.rule_of(PARCELS)
        public = dict(leaving(self._private, self._rules))
        columns = self._private.layers.manifest(PARCELS).columns
        if rule is None or PARCELS not in public or "publish" not in columns:
            rule, ids = LayerRule(outline="generalised"), facts.table.index[:0]
        else:
            ids = facts.table.index[facts.table["publish"] == PUBLIC]
        read = self._private.layers.read(PARCELS, columns=[])
        outlines = self._outlines(GeoSeries(read.geometry.loc[ids]), rule)
        fact_rules = FactRules(
            parcels=rule,
            measured=self._rules.measured,
            layers=frozenset(facts.layers),
            public=frozenset(public) - {PARCELS},
            inside=frozenset(name for name in public if self._is_inside(name)),
        )
        table = public_table(facts.table.loc[ids], outlines, fact_rules)
        kept = [name for name in columns if name in table.columns]
        frame = GeoDataFrame(table[kept], geometry=outlines, crs=CGCS2000)
        self._swap(PARCELS, frame, rule)
        return Facts(
            table=table,
            version=self._version,
            layers=facts.layers,
            built_at=facts.built_at,
        )

    def _guarded(self) -> list[str]:
        """List the layers whose true vertices no outline may show, parcels first."""
        public = [name for name, _version in leaving(self._private, self._rules)]
        moved = [
            name
            for name in public
            if self._rules.layers[name].outline == "generalised" and name != PARCELS
        ]
        return [PARCELS, *moved]

    def _is_inside(self, name: str) -> bool:
        return "inside" in self._private.layers.manifest(name).layer.measured

    def _layer(self, name: str) -> None:
        """Write another layer: the columns that leave, outlines as its rule says."""
        rule = self._rules.layers[name]
        manifest = self._private.layers.manifest(name)
        own = [one for one in manifest.columns if one != manifest.layer.key_column]
        kept = [column for column in own if column in rule.columns]
        frame = self._private.layers.read(name, columns=kept)
        for column in kept:
            frame[column] = told(frame[column], rule.columns[column])
        outlines = self._outlines(frame.geometry, rule)
        self._swap(name, frame.set_geometry(outlines), rule)

    def _swap(self, name: str, frame: GeoDataFrame, rule: LayerRule) -> None:
        manifest = self._private.layers.manifest(name)
        coverage = self._private.layers.coverage(name)
        if rule.outline == "generalised":
            flat = GeoSeries([coverage], crs=CGCS2000)
            coverage = self._outlines(flat, rule).iloc[0]
        key = manifest.layer.key_column  # which names a row, and leaves with it
        columns = (key, *(str(one) for one in frame.columns if one != "geometry"))
        covered = ellipsoidal_area(GeoSeries([coverage], crs=CGCS2000)).iloc[0]
        avoided = [self._private.layers.version(one) for one in self._guarded()]
        region = self._private.region.digest()
        version = hash_of(CODE, rule.digest(), region, manifest.version, *avoided)
        made = Manifest(
            name=name,
            version=self._version if name == PARCELS else version,
            source_name="",
            source_sha256="",
            loaded_at=manifest.loaded_at,
            read_count=len(frame),
            count=len(frame),
            coverage_area_m2=float(covered),
            columns=columns,
            layer=_as_public(manifest.layer, columns),
        )
        whole = frame.rename_axis(index=key).reset_index()
        self._store.swap(name, whole, coverage, made)

    def _outlines(self, exact: GeoSeries, rule: LayerRule) -> GeoSeries:
        """Draw outlines as a rule says, EPSG:4490."""
        if rule.outline == "exact" or not len(exact):
            return exact
        flat = exact.to_crs(self._plane)
        own = shapely.get_coordinates(flat.to_numpy())
        grid = _grid(np.concatenate([self._true, own]), rule)
        return generalised(flat, grid, tolerance_m=rule.tolerance_m).to_crs(CGCS2000)

    def _picture(self, name: str, version: str) -> None:
        """Take a picture over as it is."""
        source = self._private.rasters.home / name / version
        goal = self._aside / RASTERS / name
        shutil.copytree(source, goal / version, copy_function=_linked)
        (goal / CURRENT).write_text(version, "ascii")

    def _flat(self, name: str) -> GeoSeries:
        return self._private.layers.read(name, columns=[]).geometry.to_crs(self._plane)


def _grid(vertices: NDArray[np.float64], rule: LayerRule) -> Grid:
    return grid_clear_of(vertices, side_m=rule.grid_m, clear_m=rule.clear_m)


def _as_public(layer: Layer, columns: tuple[str, ...]) -> Layer:
    """Leave out of a declaration where the data came from and what it holds inside."""
    silent_about: dict[str, Any] = {"source": "", "value": None, "lookup": {}}
    return layer.model_copy(
        update={
            "path": None,
            "coverage": "",
            "table": "",
            "columns": {
                name: column.model_copy(update=silent_about)
                for name, column in layer.columns.items()
                if name in columns
            },
            "carry": {
                fact: name for fact, name in layer.carry.items() if name in columns
            },
        }
    )


def _linked(source: str, goal: str) -> None:
    """Give a file a second name; copy it where the disk cannot."""
    try:
        os.link(source, goal)
    except OSError:
        shutil.copy2(source, goal)

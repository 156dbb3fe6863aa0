"""The published dataset: what leaves the house, derived by declared rules.

`<home>/published/<version>/` is a small home of its own, laid out as the great one is:
`layers/`, `facts/`, `rasters/`, and `open/` for downloads. It holds the published
layers, columns and parcels and nothing else, so that whoever reads from it alone cannot
tell more. It is made aside and moved in whole; a pointer names the version in force.
"""

import os
import shutil
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gis.errors import StoreError
from gis.words import Title
from layers.disk import telling_when_full
from layers.load import Say, silent
from layers.open_data import write_open_data
from layers.published import (
    CURRENT,
    FOLDER,
    TOLD,
    Published,
    published_home,
    read_published,
)
from layers.publishing_make import Making
from layers.publishing_rules import PublishingRules
from layers.publishing_source import (
    CODE,
    PARCELS,
    Private,
    hash_of,
    leaving,
    pictures_leaving,
)

KEPT: Final = 3
A_DAY_S: Final = 86_400


def version_of(private: Private, rules: PublishingRules) -> str:
    """Name what these rules make of the data as it is now.

    Args:
        private: What there is.
        rules: How it leaves.

    Returns:
        A hash of 16 digits.

    Raises:
        StoreError: A pointer of a store is damaged.
    """
    parts = [*leaving(private, rules), *pictures_leaving(private, rules)]
    facts = private.facts.version() or ""
    region = private.region.digest()
    return hash_of(CODE, rules.digest(), facts, region, *map(str, parts))


def is_published(home: Path, private: Private, rules: PublishingRules) -> bool:
    """Tell whether what is published is what rules and data of today make.

    Args:
        home: Folder of the state.
        private: What there is.
        rules: How it leaves.

    Returns:
        False where anything changed, or nothing is published.
    """
    try:
        return published_home(home).name == version_of(private, rules)
    except StoreError:
        return False


def publish(
    home: Path, private: Private, rules: PublishingRules, say: Say | None = None
) -> Published:
    """Make the published dataset, unless it is there, and put it in force.

    Args:
        home: Folder of the state.
        private: What there is.
        rules: How it leaves.
        say: Takes progress.

    Returns:
        What is told of it.

    Raises:
        LayerMissingError: No parcels are loaded.
        StoreError: The data is damaged, or the disk is full; what was published
            before stays in force.
    """
    say = say or silent
    if is_published(home, private, rules):
        return read_published(published_home(home))
    version, shelf = version_of(private, rules), home / FOLDER
    aside = shelf / f".{version}.{uuid.uuid4().hex}"
    say(Title("Publishing what the rules let out"), {})
    with telling_when_full(shelf):
        aside.mkdir(parents=True)
        try:
            count = Making(aside, private, rules, version).all(say)
            made = _told(private, rules, version, count)
            (aside / TOLD).write_text(made.model_dump_json(indent=1), "utf-8")
            write_open_data(aside)
            _move_in(aside, shelf / version)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _point(shelf, version)
    _forget_old(shelf)
    say(Title("Published: {count} parcels"), {"count": made.count})
    return made


def _told(
    private: Private, rules: PublishingRules, version: str, count: int
) -> Published:
    parcels = private.layers.manifest(PARCELS).layer
    return Published(
        version=version,
        edition=rules.edition,
        licence=rules.licence,
        claims=rules.claims,
        data_date=parcels.data_date,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        count=count,
        synthetic=parcels.synthetic,
        rules=rules,
    )


def _move_in(aside: Path, folder: Path) -> None:
    """Move a finished version into place, over a damaged one if need be."""
    if folder.exists():
        shutil.rmtree(folder)
    aside.rename(folder)


def _point(shelf: Path, version: str) -> None:
    """Move the pointer in one step."""
    aside = shelf / f".{uuid.uuid4().hex}"
    aside.write_text(version, "ascii")
    os.utime(shelf / version)
    aside.replace(shelf / CURRENT)


def _forget_old(shelf: Path) -> None:
    """Delete all but the versions in force last, and what a killed run left."""
    folders = [one for one in shelf.iterdir() if one.is_dir()]
    whole = [one for one in folders if not one.name.startswith(".")]
    whole.sort(key=lambda one: one.stat().st_mtime, reverse=True)
    dead = [
        one
        for one in folders
        if one.name.startswith(".") and one.stat().st_mtime < time.time() - A_DAY_S
    ]
    for one in [*whole[KEPT:], *dead]:
        shutil.rmtree(one, ignore_errors=True)

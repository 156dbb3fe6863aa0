"""A stamp that says "all is built", so that a start need not look at the data again.

The real check imports pandas and reads every declaration, which is most of a start. The
stamp holds a hash of what that check depends on: which versions are current, the
declarations, and the code that measures. Where it differs the real check is made.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from ui.settings import ROOT, Settings

CURRENT = "current"
CODE = ("gis/*.py", "layers/*.py", "layers/readers/*.py", "layers/stores/*.py")
DECLARED = (
    "layers/catalog/*.toml",
    "layers/catalog/rasters/*.toml",
    "layers/publishing/*.toml",
    "layers/regions/*.toml",
    "ledger/policies_shipped/*.toml",
)


def is_stamped(chosen: Settings) -> bool:
    """Tell whether everything is as it was when all was found ready.

    Args:
        chosen: Settings of the app.

    Returns:
        False where anything changed, is gone, or was never looked at.
    """
    if chosen.layers_url.get_secret_value():
        return False  # other machines load layers into it: each start looks
    try:
        told = _file(chosen).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return False
    # Whether a database is there its readers tell: asking would hold up each start.
    there = chosen.database_url.get_secret_value() or chosen.ledger_file.exists()
    return bool(there) and told == _fingerprint(chosen)


def stamp(chosen: Settings) -> None:
    """Say that all was found ready as it is now; in one step, only where it is news."""
    if is_stamped(chosen):
        return
    aside = chosen.home / "ready.new"
    aside.write_text(_fingerprint(chosen), "ascii")
    aside.replace(_file(chosen))


def _file(chosen: Settings) -> Path:
    return chosen.home / "ready"


def _fingerprint(chosen: Settings) -> str:
    """Hash all that readiness depends on."""
    digest = hashlib.sha256()
    for part in (*_settings(chosen), *_versions(chosen), *_sources(chosen)):
        digest.update(f"{part}\n".encode())
    return digest.hexdigest()


def _settings(chosen: Settings) -> Iterator[str]:
    yield f"{chosen.region} {chosen.sample} {chosen.catalog}"
    yield chosen.database_url.get_secret_value()  # of which a hash is kept
    for kind in ("layers/*.parquet", "rasters/*.*"):
        yield " ".join(sorted(file.name for file in chosen.sample.glob(kind)))


def _versions(chosen: Settings) -> Iterator[str]:
    """Name each current version, and whether it is there."""
    kept = (chosen.home / kind for kind in ("layers", "rasters"))
    for pointer in sorted(file for home in kept for file in home.glob(f"*/{CURRENT}")):
        version = pointer.read_text("utf-8").strip()
        there = (pointer.parent / version / "manifest.json").exists()
        yield f"{pointer.parent.name} {version} {there}"
    pointer = chosen.home / "facts" / CURRENT
    if pointer.exists():
        version = pointer.read_text("utf-8").strip()
        yield f"facts {version} {(pointer.parent / f'{version}.parquet').exists()}"
    pointer = chosen.home / "published" / CURRENT
    if pointer.exists():
        version = pointer.read_text("utf-8").strip()
        yield f"published {version} {(pointer.parent / version).is_dir()}"


def _sources(chosen: Settings) -> Iterator[str]:
    """Hash the declarations and the code that measures."""
    for pattern in (*CODE, *DECLARED):
        yield from map(_hash, sorted(ROOT.glob(pattern)))
    own = [Path(chosen.region), *chosen.catalog]
    own += [chosen.publishing] if chosen.publishing else []
    for folder in own:
        files = [folder] if folder.is_file() else _toml_in(folder)
        yield from map(_hash, files)


def _toml_in(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.toml"), *folder.glob("rasters/*.toml")])


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

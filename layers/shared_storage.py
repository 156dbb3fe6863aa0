"""Layers and parts on storage that workers share: a folder, or S3 by its URL.

Versions of layers never change, so a worker fetches each once and keeps it; parts are
named by what they came from, so whoever writes one twice writes the same bytes.
"""

import shutil
import tempfile
import uuid
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from layers.facts_parts import SHORT, SUFFIX
from layers.facts_plan import Plan, measure_chunk
from layers.shapes_at import SHAPES

LAYERS: Final = "layers"
PARTS: Final = "parts"
CACHE: Final = Path(tempfile.gettempdir()) / "landmap-worker"


@dataclass(frozen=True)
class Share:
    """Storage that all workers reach.

    Attributes:
        url: As fsspec writes it: "file:///mnt/landmap", "s3://bucket/landmap". Keys and
            endpoints come from fsspec's own settings, never from here.
        cache: Where this machine keeps what it fetched.
    """

    url: str
    cache: Path = CACHE

    def opened(self) -> tuple[Any, str]:
        """Return the file system behind the URL, and the path in it."""
        import fsspec  # noqa: PLC0415 - comes with the extra `cluster`

        system, path = fsspec.core.url_to_fs(self.url)
        return system, str(path)


def send_layers(plan: Plan, share: Share) -> None:
    """Put the versions that a plan needs on the share, those that are not there yet.

    Args:
        plan: What is to be measured.
        share: Where to.
    """
    system, root = share.opened()
    for folder in (plan.parcels, *plan.covers):
        goal = _on_share(root, folder)
        for file in _sent(folder):
            name = str(PurePosixPath(goal, file.relative_to(folder).as_posix()))
            if not _is_there(system, name, file.stat().st_size):
                system.makedirs(str(PurePosixPath(name).parent), exist_ok=True)
                system.put_file(str(file), name)


def _sent(folder: Path) -> list[Path]:
    """List the files of a version that others need."""
    files = (one for one in folder.rglob("*") if one.is_file())
    # Shapes are unpacked where they are needed: they are larger than their source.
    # What begins with a dot somebody is writing, or left behind.
    return sorted(
        one
        for one in files
        if one.name != SHAPES
        and not any(part.startswith(".") for part in one.relative_to(folder).parts)
    )


def measure_shared(plan: Plan, share: Share, number: int) -> int:
    """Measure one chunk of a plan whose layers lie on a share.

    Args:
        plan: As the one who planned it sees the folders.
        share: Where they are for everybody.
        number: Which chunk.

    Returns:
        How many parcels it holds; its parts are on the share.
    """
    local = _brought(plan, share)
    count = measure_chunk(local, number)
    system, root = share.opened()
    for file in local.parts.glob(f"*/{plan.chunks[number].digest[:SHORT]}{SUFFIX}"):
        name = str(PurePosixPath(root, PARTS, file.parent.name, file.name))
        if not _is_there(system, name, file.stat().st_size):
            system.makedirs(str(PurePosixPath(name).parent), exist_ok=True)
            # Aside first: nobody may fetch half a part.
            aside = f"{name}.{uuid.uuid4().hex}"
            system.put_file(str(file), aside)
            system.mv(aside, name)
    return count


def fetched(plan: Plan, share: Share) -> None:
    """Bring the parts of a plan from the share into its own folder.

    Args:
        plan: What was measured.
        share: Where the parts are.
    """
    system, root = share.opened()
    wanted = {f"{chunk.digest[:SHORT]}{SUFFIX}" for chunk in plan.chunks}
    for name in system.find(str(PurePosixPath(root, PARTS))):
        path = PurePosixPath(name)
        if path.name in wanted:
            _fetch(system, name, plan.parts / path.parent.name / path.name)


def _brought(plan: Plan, share: Share) -> Plan:
    """Fetch the versions of a plan to this machine; name them as they lie here."""
    system, root = share.opened()
    cache = share.cache / uuid.uuid5(uuid.NAMESPACE_URL, share.url).hex

    def here(folder: Path) -> Path:
        goal = cache / LAYERS / folder.parent.name / folder.name
        source = _on_share(root, folder)
        for name in system.find(source):
            _fetch(system, name, goal / PurePosixPath(name).relative_to(source))
        return goal

    return replace(
        plan,
        parcels=here(plan.parcels),
        covers=tuple(here(folder) for folder in plan.covers),
        parts=cache / PARTS,
    )


def _on_share(root: str, folder: Path) -> str:
    """Name the place of a layer's version on the share."""
    return str(PurePosixPath(root, LAYERS, folder.parent.name, folder.name))


def _fetch(system: Any, name: str, file: Path) -> None:  # noqa: ANN401 - any file system
    """Bring a file here, unless it is here; nobody sees half of it."""
    if file.is_file():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{uuid.uuid4().hex}")
    try:
        system.get_file(name, str(aside))
        shutil.move(aside, file)
    finally:
        aside.unlink(missing_ok=True)


def _is_there(system: Any, name: str, size: int) -> bool:  # noqa: ANN401 - any file system
    """Say whether a file of that size is on the share."""
    return bool(system.exists(name)) and system.size(name) == size

"""A folder of versions: written aside, moved in whole, and only then pointed at."""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gis.errors import LayerMissingError, StoreError

MANIFEST: Final = "manifest.json"
CURRENT: Final = "current"
KEPT: Final = 5
A_DAY_S: Final = 86_400


class Shelf:
    """Versions on disk: `<home>/<name>/<version>/` and a pointer to the current one.

    Readers never see half a version: files are written aside, moved into place
    whole, and only then does the pointer move.

    Args:
        home: Folder of the shelf; made when first written.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def versions(self) -> dict[str, str]:
        """Tell the current version of every layer.

        Returns:
            Versions by layer name.

        Raises:
            StoreError: A pointer names a version that is not there.
        """
        # Each page asks more than once; a glob takes five times as long.
        try:
            with os.scandir(self.home) as entries:
                names = sorted(entry.name for entry in entries if entry.is_dir())
        except FileNotFoundError:
            return {}
        found = {}
        for name in names:
            with suppress(LayerMissingError):
                found[name] = self.version(name)
        return found

    def version(self, name: str) -> str:
        """Tell the current version of a layer.

        Returns:
            The version.

        Raises:
            LayerMissingError: Nothing is loaded under that name.
            StoreError: The pointer names a version that is not there.
        """
        pointer = f"{self.home}/{name}/{CURRENT}"  # asked so often that a Path costs
        try:
            with open(pointer, encoding="ascii") as file:  # noqa: PTH123 - as above
                version = file.read().strip()
        except FileNotFoundError:
            raise self.missing(name) from None
        except (OSError, UnicodeDecodeError) as error:
            raise self.damaged(name, Path(pointer), error) from error
        if not version or not os.path.isdir(f"{self.home}/{name}/{version}"):  # noqa: PTH112
            raise self.damaged(name, Path(pointer), None)
        return version

    def folder(self, name: str) -> Path:
        """Return the folder of a layer's current version."""
        return self.folder_of(name, self.version(name))

    def folder_of(self, name: str, version: str) -> Path:
        """Return the folder of a version, whether it is there or not.

        Args:
            name: The layer.
            version: The version.

        Returns:
            Where its files are on this machine's disk.
        """
        return self.home / name / version

    @contextmanager
    def aside(self, name: str, version: str) -> Iterator[Path]:
        """Give a folder to write a version in; `bring_in` makes it the current one.

        Args:
            name: The layer.
            version: The version to be written.

        Yields:
            An empty folder on the disk of the store; gone after the block.
        """
        folder = self.home / name / f".{version}.{uuid.uuid4().hex}"
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def use(self, name: str, version: str) -> None:
        """Make a version that is already there the current one."""
        self._point(self.home / name, version)

    def remove(self, name: str) -> None:
        """Forget a layer and all its versions."""
        shutil.rmtree(self.home / name, ignore_errors=True)

    @staticmethod
    def _point(home: Path, version: str) -> None:
        """Move the pointer in one step."""
        aside = home / f".{CURRENT}.{uuid.uuid4().hex}"
        aside.write_text(version, "ascii")
        os.utime(home / version)
        aside.replace(home / CURRENT)

    @staticmethod
    def _forget_old(home: Path) -> None:
        """Delete all but the versions used last."""
        entries = [entry for entry in home.iterdir() if entry.is_dir()]
        # Another process may be writing aside right now; only a dead one is a day old.
        whole = [entry for entry in entries if not entry.name.startswith(".")]
        dead = [entry for entry in entries if _used(entry) < time.time() - A_DAY_S]
        whole.sort(key=_used, reverse=True)
        for entry in {*whole[KEPT:], *dead} - set(whole[:KEPT]):
            shutil.rmtree(entry, ignore_errors=True)

    @staticmethod
    def missing(name: str) -> LayerMissingError:
        """Say that nothing is loaded under a name, and what to do.

        Args:
            name: The layer.

        Returns:
            The error, to be raised.
        """
        return LayerMissingError(
            "The layer `{layer}` is not loaded: run `landmap ingest {layer}`.",
            layer=name,
        )

    @staticmethod
    def damaged(name: str, file: Path, error: Exception | None) -> StoreError:
        """Say that a file of the store is damaged, and what to do.

        Args:
            name: The layer.
            file: The file.
            error: What reading it raised, if anything.

        Returns:
            The error, to be raised.
        """
        return StoreError(
            "The store file {file} is damaged ({why}); rebuild it with "
            "`landmap ingest {layer}`. The ledger is not affected.",
            file=file,
            layer=name,
            why="" if error is None else f"{type(error).__name__}: {error}",
        )


def _used(folder: Path) -> float:
    """Tell when a version was last made current, in seconds."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:  # another process was faster
        return 0.0

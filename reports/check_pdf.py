"""The report of a land check as PDF, set by Typst; words reach it as data."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typst
from matplotlib import font_manager

from layers.check import Check
from reports.candidates import Say
from reports.check_code import code_svg
from reports.check_maps import Maps
from reports.check_told import as_data, told_of
from reports.sheet_font import BESIDE, families

TEMPLATE: Final = Path(__file__).parent / "templates" / "check.typ"


def check_pdf(
    check: Check, *, number: str, dossier: str, say: Say, maps: Maps
) -> bytes:
    """Write a check as PDF.

    Args:
        check: The check.
        number: Number of the report.
        dossier: Number of the check.
        say: Translates an English msgid.
        maps: Its maps.

    Returns:
        The file's bytes.

    Raises:
        SettingsError: No font with Chinese characters is installed.
    """
    told = as_data(told_of(check, number=number, dossier=dossier, say=say))
    told["insets"] = [
        {"title": one.title, "file": f"inset-{at}.png"}
        for at, one in enumerate(maps.insets)
    ]
    told["not_drawn"] = list(maps.not_drawn)
    names = list(families())
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "check.typ").write_bytes(TEMPLATE.read_bytes())
        (root / "whole.png").write_bytes(maps.whole)
        for at, one in enumerate(maps.insets):
            (root / f"inset-{at}.png").write_bytes(one.png)
        made: bytes = typst.compile(
            str(root / "check.typ"),
            root=str(root),
            font_paths=font_folders(names),
            ignore_system_fonts=True,
            sys_inputs={
                "told": json.dumps(told, ensure_ascii=False),
                "fonts": "|".join(names),
                "qr": code_svg(dossier),
                "lang": "zh",
            },
        )
    return made


def font_folders(names: list[str]) -> list[str]:
    """Name the folders of the fonts that sheets are set in; only they are read.

    Args:
        names: Names of the fonts, as `sheet_font.families` tells them.

    Returns:
        Folders, for Typst.
    """
    wanted = [name for name in names if name != BESIDE] + [BESIDE]
    files = [font_manager.findfont(name, fallback_to_default=False) for name in wanted]
    return sorted({str(Path(file).parent) for file in files})

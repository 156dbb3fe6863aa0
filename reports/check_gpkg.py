"""A land check as a GeoPackage: parcels, ground in conflict, styles for QGIS."""

import sqlite3
from collections.abc import Hashable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyogrio
from geopandas import GeoDataFrame
from pandas import DataFrame

from gis.crs import CGCS2000
from gis.words import Title
from layers.check import Check
from layers.check_titles import CLASS_TITLES, EFFECT_TITLES, VERDICT_TITLES
from reports.candidates import SYNTHETIC, Say
from reports.check_conflicts import said_against, state_cell
from reports.check_evidence import is_state
from reports.crs_words import crs_words

# Colour, style of the line, whether filled, by the value of a column.
LOOKS: Final = {
    "conflicts": (
        "class",
        {
            "certain": ("185,28,28", "solid", CLASS_TITLES["certain"]),
            "to_verify": ("180,83,9", "dash", CLASS_TITLES["to_verify"]),
            "within_precision": (
                "107,114,128",
                "dot",
                CLASS_TITLES["within_precision"],
            ),
        },
    ),
    "parcels": (
        "verdict",
        {
            "conflict": ("185,28,28", "solid", VERDICT_TITLES["conflict"]),
            "to_verify": ("180,83,9", "dash", VERDICT_TITLES["to_verify"]),
            "not_fully_checked": (
                "180,83,9",
                "dot",
                VERDICT_TITLES["not_fully_checked"],
            ),
            "clear": ("15,110,140", "solid", VERDICT_TITLES["clear"]),
        },
    ),
}


def check_gpkg(check: Check, *, say: Say) -> bytes:
    """Write a check as a GeoPackage.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        The file's bytes: layers `parcels` and `conflicts` (EPSG:4490), tables
        `findings` and `about`, and `layer_styles`, which QGIS draws them by.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "check.gpkg"
        pyogrio.write_dataframe(
            _parcels(check, say), file, layer="parcels", driver="GPKG"
        )
        findings = _findings(check, say)
        drawn = findings[~findings.geometry.isna()]
        pyogrio.write_dataframe(
            drawn,
            file,
            layer="conflicts",
            driver="GPKG",
            append=True,
            geometry_type="MultiPolygon",
            promote_to_multi=True,
        )
        plain = DataFrame(findings.drop(columns="geometry"))
        for name, table in (("findings", plain), ("about", _about(check, say))):
            pyogrio.write_dataframe(table, file, layer=name, driver="GPKG", append=True)
        _add_styles(file, check, say)
        return file.read_bytes()


def _parcels(check: Check, say: Say) -> GeoDataFrame:
    frame = check.parcels.reset_index()
    words = [say(VERDICT_TITLES[one]) for one in frame["verdict"]]
    unknown = {
        name: _layers_in(check, name, say) for name in ("not_checked", "partly_covered")
    }
    told = {name: frame["parcel_id"].map(by).fillna("") for name, by in unknown.items()}
    return frame.assign(verdict_text=words, **told, synthetic=_synthetic(check, say))


def _layers_in(check: Check, name: str, say: Say) -> dict[Hashable, str]:
    """Name, by parcel, the layers that say nothing of it, or of a part of it only."""
    some = check.findings[is_state(check.findings, name)]
    titles = {one.layer.name: say(Title(one.layer.title)) for one in check.layers}
    named: dict[Hashable, str] = (
        some["layer"].map(titles).groupby(some["parcel_id"]).agg(say(", ").join)
    ).to_dict()
    return named


def _findings(check: Check, say: Say) -> GeoDataFrame:
    """Lay the findings out, codes and words beside each other."""
    told = check.findings
    layers = {one.layer.name: one.layer for one in check.layers}
    rows = told.drop(columns="geometry").to_dict("records")
    frame = told.assign(
        layer_text=[say(Title(layers[name].title)) for name in told["layer"]],
        state_text=[state_cell(check, one, say).text for one in rows],
        class_text=[say(CLASS_TITLES[one]) if one else "" for one in told["class"]],
        effect_text=[say(EFFECT_TITLES[layers[name].effect]) for name in told["layer"]],
        clause=[
            say(Title(layers[name].clause)) if layers[name].clause else ""
            for name in told["layer"]
        ],
        overruled=[said_against(check, one, say, reason=True) for one in rows],
        synthetic=_synthetic(check, say),
    )
    return GeoDataFrame(frame, geometry="geometry", crs=CGCS2000)


def _synthetic(check: Check, say: Say) -> str:
    return say(SYNTHETIC) if check.synthetic else ""


def _about(check: Check, say: Say) -> DataFrame:
    given = check.submission
    lines = {
        say(Title("File")): given.name,
        say(Title("SHA-256")): given.sha256,
        say(Title("Coordinates in")): crs_words(given.crs_names, say),
        say(Title("Checked on")): check.made_at,
        say(Title("Software")): f"LandMap {check.software}",
        say(Title("Result hash")): check.result_hash,
        **{
            say(Title(one.layer.title)): f"{one.layer.data_date} · {one.version}"
            for one in check.layers
        },
    }
    if check.synthetic:
        lines = {say(Title("Synthetic data")): say(SYNTHETIC), **lines}
    return DataFrame({"item": list(lines), "content": list(lines.values())})


def _add_styles(file: Path, check: Check, say: Say) -> None:
    """Write the table that QGIS takes its styles from."""
    made = datetime.fromisoformat(check.made_at).astimezone(UTC)
    at = f"{made:%Y-%m-%dT%H:%M:%S}.000Z"  # as GeoPackage wants moments
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,"
            " f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,"
            " useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT,"
            " update_time DATETIME)"
        )
        for name, (column, looks) in LOOKS.items():
            words = {value: (*look[:2], say(look[2])) for value, look in looks.items()}
            connection.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema,"
                " f_table_name, f_geometry_column, styleName, styleQML, useAsDefault,"
                " description, owner, update_time)"
                " VALUES ('', '', ?, 'geom', ?, ?, 1, '', '', ?)",
                (name, name, _qml(column, words), at),
            )
        # Only what stands among the contents is seen by GDAL, and so by QGIS.
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
        connection.commit()


def _qml(column: str, looks: dict[str, tuple[str, str, str]]) -> str:
    """Write a style in QGIS's own words; all of them are ours, none come from data."""
    categories = "".join(
        f'<category symbol="{at}" value="{value}" label="{label}" render="true"/>'
        for at, (value, (_, _, label)) in enumerate(looks.items())
    )
    symbols = "".join(
        f'<symbol type="fill" name="{at}" alpha="1"><layer class="SimpleFill">'
        f'<Option type="Map"><Option name="color" type="QString" value="{rgb},90"/>'
        f'<Option name="outline_color" type="QString" value="{rgb},255"/>'
        f'<Option name="outline_style" type="QString" value="{line}"/>'
        '<Option name="outline_width" type="QString" value="0.5"/></Option>'
        "</layer></symbol>"
        for at, (rgb, line, _) in enumerate(looks.values())
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.28" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr="{column}">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols>"
        "</renderer-v2></qgis>"
    )

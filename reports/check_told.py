"""What the report of a land check says, whatever its format: heads, tables, words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gis.words import Title
from layers.check import Check
from layers.check_titles import FORMAT_TITLES, VERDICT_TITLES
from reports.candidates import SYNTHETIC, Say
from reports.check_cells import NOTHING, Cell, figure, mu
from reports.check_sections import sections_of
from reports.crs_words import crs_words

SHORT_EMS: Final = 7.0
BOLD: Final = 1.15  # times as wide as plain letters
_UNPRINTABLE: Final = re.compile(r"[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LEAST_EMS: Final = 3.4
# As `templates/check.typ` sets tables.
MANY_COLUMNS: Final = 9
SMALL_PT, PLAIN_PT, EDGE_PT = 6.6, 8.0, 7.0
PAGE_PT: Final = 493.0
MOST_FIXED: Final = 0.82
SIGN_EMS: Final = 2.0
NARROW_EMS: Final = 14.0
WIDE_EMS: Final = 30.0
REPORT: Final = Title("Land-use compliance check report")


@dataclass(frozen=True)
class Section:
    """A table of the report.

    Attributes:
        title: Its heading.
        heads: Titles of its columns.
        rows: Its cells.
        note: What must be said of it, above the table.
        figures: Places of the columns that hold figures.
        wide: Places of the columns that need room.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    figures: Sequence[int] = ()
    wide: Sequence[int] = ()


@dataclass(frozen=True)
class Told:
    """A report in words.

    Attributes:
        title: Its heading.
        number: Its number.
        dossier: Number of the check, for the QR code.
        warning: What nobody may overlook; "" for nothing.
        facts: What was handed in and how it was understood, pairs of name and words.
        verdicts: How many parcels came to what, in a sentence.
        sections: Its tables.
        labels: Words of the page itself, by name.
        result_hash: Hash of all that was found.
    """

    title: str
    number: str
    dossier: str
    warning: str
    facts: Sequence[tuple[str, str]]
    verdicts: str
    sections: Sequence[Section]
    labels: dict[str, str]
    result_hash: str


def told_of(check: Check, *, number: str, dossier: str, say: Say) -> Told:
    """Put a check into words.

    Args:
        check: The check.
        number: Number of the report.
        dossier: Number of the check.
        say: Translates an English msgid.

    Returns:
        What every format says.
    """
    return Told(
        title=say(REPORT),
        number=number,
        dossier=dossier,
        warning=_warning(check, say),
        facts=list(_facts(check, say)),
        verdicts=_verdicts(check, say),
        sections=[
            Section(**section) for section in sections_of(check, say) if section["rows"]
        ],
        labels=_labels(say),
        result_hash=check.result_hash,
    )


def _warning(check: Check, say: Say) -> str:
    """Say that data are made up, and which."""
    if not check.synthetic:
        return ""
    named = say(", ").join(say(Title(layer.title)) for layer in check.synthetic)
    return f"{say(SYNTHETIC)} {say(Title('Synthetic layers'))}{say(': ')}{named}"


def _facts(check: Check, say: Say) -> Iterator[tuple[str, str]]:
    """Tell what was handed in, a line each."""
    given = check.submission
    kind = say(FORMAT_TITLES.get(given.kind, Title(given.kind)))
    area = float(check.parcels["area_m2"].sum())
    yield say(Title("File")), given.name
    yield say(Title("SHA-256")), given.sha256
    yield say(Title("Size")), f"{given.size:,} B"
    yield say(Title("Format")), " · ".join(filter(None, (kind, given.encoding.upper())))
    crs = crs_words(given.crs_names, say)
    yield say(Title("Coordinates in")), f"{crs} · {say(Title(given.crs_from))}"
    exact = NOTHING if check.precision_m is None else f"± {check.precision_m:g} m"
    yield say(Title("Precision")), exact
    yield say(Title("Parcels")), f"{len(check.parcels):,}"
    yield (
        say(Title("Total area")),
        f"{figure(area).text} m² · {mu(area).text} {say('mu')}",
    )
    yield say(Title("Checked on")), check.made_at.replace("T", " ")
    yield say(Title("Software")), f"LandMap {check.software}"


def _verdicts(check: Check, say: Say) -> str:
    """Count parcels by verdict."""
    counts = check.parcels["verdict"].value_counts()
    return say("; ").join(
        f"{say(title)} {counts[name]}"
        for name, title in VERDICT_TITLES.items()
        if name in counts
    )


def _labels(say: Say) -> dict[str, str]:
    """Return the words of the page itself."""
    return {
        "number": say(Title("Number")),
        "submitted": say(Title("What was submitted")),
        "verdict": say(Title("Verdict")),
        "map": say(Title("Map of the whole")),
        "insets": say(Title("Conflicts one by one")),
        "not_drawn": say(Title("Not drawn singly")),
        "hash": say(Title("Result hash")),
        "dossier": say(Title("Dossier")),
        "signature": say(Title("Checked by")),
        "reviewed": say(Title("Reviewed by")),
        "seal": say(Title("Seal")),
        "date": say(Title("Date")),
        "page": say(Title("Page")),
    }


def _widths(section: Section) -> list[float]:
    """Weigh columns by what they hold, so that none is squeezed or empty."""
    widths = []
    for column, head in enumerate(section.heads):
        longest = max(_longest(row[column]) for row in section.rows)
        most = WIDE_EMS if column in section.wide else NARROW_EMS
        if column in section.figures:
            most = longest  # figures are never broken
        whole = _ems(head) * BOLD
        short = whole if whole <= SHORT_EMS else _ems(head) / 4
        least = max(LEAST_EMS, _longest_word(head), short)
        widths.append(max(min(longest, most), least))
    return widths


def _fixed(section: Section, widths: Sequence[float]) -> list[int]:
    """Choose columns that are as wide as they need; words share what is left."""
    fixed = [
        at
        for at, width in enumerate(widths)
        if at in section.figures or (width <= SHORT_EMS and at not in section.wide)
    ]
    many = len(widths) > MANY_COLUMNS
    point = SMALL_PT if many else PLAIN_PT
    taken = sum(widths[at] * point + EDGE_PT for at in fixed)
    # What is left must hold the words: else all columns share, by what they hold.
    return fixed if taken <= MOST_FIXED * PAGE_PT else []


def _longest(cell: Cell) -> float:
    """Estimate how wide a cell is on one line."""
    return _ems(cell.text) + (SIGN_EMS if cell.mark else 0.0)


def _longest_word(head: str) -> float:
    """Estimate how wide a head must be to break between words only."""
    latin = re.findall(r"[A-Za-z()–-]+", head)
    return max((_ems(word) * BOLD for word in latin), default=0.0)


def _ems(text: str) -> float:
    """Estimate how wide a text is: a Chinese character takes twice a letter."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.55 for sign in text)  # noqa: PLR2004


def printable(text: str) -> str:
    """Leave out signs that no document can hold: control signs, half characters."""
    return "".join(
        sign
        for sign in text
        if sign in "\n\t" or (sign >= " " and not _UNPRINTABLE.match(sign))
    )


def _section(one: Section) -> dict[str, Any]:
    """Return a table as plain values, with the widths of its columns in ems."""
    widths = _widths(one)
    return {
        "title": one.title,
        "note": one.note,
        "heads": list(one.heads),
        "rows": [
            [{"text": printable(cell.text), "mark": cell.mark} for cell in row]
            for row in one.rows
        ],
        "figures": list(one.figures),
        "widths": widths,
        "fixed": _fixed(one, widths),
    }


def as_data(told: Told) -> dict[str, Any]:
    """Return a report as plain values, for templates.

    Args:
        told: The report.

    Returns:
        Ready for JSON.
    """
    return {
        "title": told.title,
        "number": printable(told.number),
        "dossier": printable(told.dossier),
        "warning": told.warning,
        "facts": [[printable(part) for part in pair] for pair in told.facts],
        "verdicts": told.verdicts,
        "sections": [_section(one) for one in told.sections],
        "labels": told.labels,
        "result_hash": told.result_hash,
    }

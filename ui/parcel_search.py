"""Find a parcel by id or by part of its name."""

from pandas import DataFrame, Series

SHOWN = 6


def found_parcels(
    text: str, facts: DataFrame, *, shown: int = SHOWN
) -> tuple[list[tuple[str, str]], int]:
    """Find parcels.

    Args:
        text: An id or part of one, or part of a name.
        facts: Facts by `parcel_id`, with `name` where the parcels have names.
        shown: At most this many.

    Returns:
        Id and name of the first found, and how many there are; one where the text is
        exactly an id.
    """
    asked = text.strip()
    if not asked:
        return [], 0
    names = names_of(facts)
    exact = asked.upper() if asked.upper() in facts.index else asked
    if exact in facts.index:
        return [(exact, str(names[exact]))], 1
    hits = facts.index.str.contains(asked, case=False, regex=False)
    hits |= names.str.contains(asked, case=False, regex=False).to_numpy(dtype=bool)
    found = names[hits]
    first = found.iloc[:shown]
    return list(zip(map(str, first.index), map(str, first), strict=True)), len(found)


def names_of(facts: DataFrame) -> Series:
    """Return the parcels' names, "" where the data has none; by `parcel_id`."""
    if "name" not in facts:
        return Series("", index=facts.index, dtype="str")
    return facts["name"].astype("str")

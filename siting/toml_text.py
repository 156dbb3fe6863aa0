"""Write the plain tables of a need as TOML."""

import json
from collections.abc import Mapping, Sequence


def toml_text(told: Mapping[str, object]) -> str:
    """Write a table of plain values and of lists of tables.

    Args:
        told: Texts, numbers, booleans, lists of texts, small tables, and lists of
            tables.

    Returns:
        TOML that `tomllib` reads back as the same.
    """
    plain = [f"{name} = {_value(one)}" for name, one in told.items() if not _rows(one)]
    blocks = [
        "\n".join([f"[[{name}]]", *(f"{key} = {_value(row[key])}" for key in row)])
        for name, one in told.items()
        for row in _rows(one)
    ]
    return "\n\n".join(["\n".join(plain), *blocks]) + "\n"


def _rows(value: object) -> Sequence[Mapping[str, object]]:
    """Return the tables of a list of tables, nothing for anything else."""
    if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        return value
    return ()


def _value(value: object) -> str:
    """Write one value on one line."""
    if isinstance(value, Mapping):
        return (
            f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.items())} }}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    # JSON's texts, numbers and booleans are TOML's, but for the control character DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

"""What is wrong with a need: pydantic's errors told as faults with field and remedy."""

from collections.abc import Collection
from typing import Any, Final

from pydantic_core import PydanticCustomError

from gis.errors import NeedError

FAULTS: Final = "need_faults"
PLAIN: Final = {
    "string": '"..."',
    "bool": "true, false",
    "float": "0.0",
    "finite_number": "0.0",
    "tuple": "[[...]]",
    "model": "use = ...",
    "dict": "{ ... }",
}


def carried(faults: Collection[Exception]) -> PydanticCustomError:
    """Carry our own faults through pydantic."""
    text = "; ".join(str(fault) for fault in faults).replace("{", "{{")
    return PydanticCustomError(FAULTS, text.replace("}", "}}"), {"faults": faults})


def faults_of(error: Any, fields: Collection[str]) -> list[NeedError]:  # noqa: ANN401
    """Tell one of pydantic's errors as faults of ours.

    Args:
        error: One of `ValidationError.errors()`.
        fields: Fields that a need has.

    Returns:
        A fault for everything that it stands for.
    """
    field = _field(error["loc"])
    if error["type"] == FAULTS:
        return [_placed(fault, field) for fault in error["ctx"]["faults"]]
    if error["type"] == "extra_forbidden":
        return [
            NeedError(
                "{field}: there is no such field; allowed: {allowed}.",
                field=field,
                allowed=", ".join(fields),
            )
        ]
    if error["type"] == "missing":
        return [NeedError("{field} is missing.", field=field)]
    read = error["input"]
    return [
        NeedError(
            "{field}: {read} cannot be read; allowed: {allowed}.",
            field=field,
            read=repr(read) if isinstance(read, str | int | float) else "...",
            allowed=_allowed(error),
        )
    ]


def _allowed(error: Any) -> str:  # noqa: ANN401 - pydantic's error details
    """Tell what pydantic would have taken, in words that need no translation."""
    told = error.get("ctx", {})
    if "expected" in told:
        return str(told["expected"]).replace(" or ", ", ")
    if "gt" in told:
        return f"> {told['gt']:g}"
    kind = str(error["type"]).removesuffix("_type").removesuffix("_parsing")
    return PLAIN.get(kind, kind)


def _field(place: tuple[int | str, ...]) -> str:
    """Write a place in a need as `constraints[2].minimum`."""
    told = ""
    for step in place:
        told += f"[{step}]" if isinstance(step, int) else f".{step}"
    return told.removeprefix(".")


def _placed(fault: NeedError, place: str) -> NeedError:
    """Put the place of a criterion before the field of its fault."""
    inner = str(fault.values.get("field", ""))
    whole = place if place.endswith(inner) else f"{place}.{inner}"
    values = {name: one for name, one in fault.values.items() if name != "field"}
    return NeedError(fault.msgid, faults=(), field=whole, **values)

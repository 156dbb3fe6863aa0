"""Turn what pydantic found wrong in a declaration into sentences of our own."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from gis.errors import LayerError
from gis.words import Title

SENTENCES: Mapping[str, str] = {
    "missing": Title("{file}: `{field}` is required."),
    "extra_forbidden": Title("{file}: `{field}` is unknown; known here: {known}."),
    "literal_error": Title("{file}: `{field}` is {got}; allowed: {expected}."),
    "string_type": Title("{file}: `{field}` is {got}; it must be text."),
    "string_too_short": Title("{file}: `{field}` must not be empty."),
    "string_pattern_mismatch": Title(
        "{file}: `{field}` is {got}; it must match {pattern}."
    ),
    "bool_type": Title("{file}: `{field}` is {got}; it must be true or false."),
    "bool_parsing": Title("{file}: `{field}` is {got}; it must be true or false."),
    "float_type": Title("{file}: `{field}` is {got}; it must be a number."),
    "float_parsing": Title("{file}: `{field}` is {got}; it must be a number."),
    "int_type": Title("{file}: `{field}` is {got}; it must be a whole number."),
    "int_parsing": Title("{file}: `{field}` is {got}; it must be a whole number."),
    "greater_than_equal": Title("{file}: `{field}` is {got}; it must be {ge} or more."),
    "less_than_equal": Title("{file}: `{field}` is {got}; it must be {le} or less."),
    "tuple_type": Title("{file}: `{field}` is {got}; it must be a list."),
    "dict_type": Title("{file}: `{field}` is {got}; it must be a table."),
    "model_type": Title("{file}: `{field}` is {got}; it must be a table."),
}
OTHER = Title("{file}: `{field}` is {got}: {why}.")


def _known(model: type[BaseModel], where: tuple[int | str, ...]) -> str:
    """Name the fields allowed at the place of an unknown one."""
    for step in where[:-1]:
        field = model.model_fields.get(str(step))
        nested = [] if field is None else _models_in(field.annotation)
        model = nested[0] if nested else model
    return ", ".join(sorted(model.model_fields))


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - a type form
    """Find the models inside a type such as `dict[str, Column]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    inner = getattr(annotation, "__args__", ())
    return [model for part in inner for model in _models_in(part)]


def faults_of(
    error: ValidationError, *, model: type[BaseModel], file: str
) -> Iterator[LayerError]:
    """Tell every fault of a declaration as a sentence with field and allowed values.

    Args:
        error: What pydantic raised.
        model: The model that was validated.
        file: Name of the TOML.

    Yields:
        One error for each fault.
    """
    for fault in error.errors():
        context = fault.get("ctx", {})
        yield LayerError(
            SENTENCES.get(fault["type"], OTHER),
            file=file,
            field=".".join(str(step) for step in fault["loc"]) or "*",
            got=repr(fault["input"]),
            known=_known(model, fault["loc"]),
            expected=context.get("expected", ""),
            pattern=context.get("pattern", ""),
            ge=context.get("ge", ""),
            le=context.get("le", ""),
            why=str(context.get("error", fault["msg"])),
        )

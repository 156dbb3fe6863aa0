"""The one encoder for text that comes from data and goes to a Folium map.

Folium renders strings through Jinja templates, JavaScript template literals and HTML.
A character that means something to any of the three leaves here as a numeric
character reference, which means the same to all: the character itself, shown.
"""

from collections.abc import Mapping
from typing import Any

from branca.element import Element, Figure, MacroElement
from folium import Popup

_SPECIAL = "&<>\"'`${}\\"
_ENCODED = str.maketrans({sign: f"&#{ord(sign)};" for sign in _SPECIAL})


def map_text(text: object) -> str:
    """Encode text for every sink of a map: popup, tooltip, label, layer name.

    Args:
        text: What is to be read; `None` is read as nothing.

    Returns:
        The same text with every special character as `&#NN;`.
    """
    return "" if text is None else str(text).translate(_ENCODED)


def map_properties(value: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Encode every string and every key of a JSON value, however deep.

    Args:
        value: GeoJSON properties or any part of them.

    Returns:
        The same shape; numbers, booleans and nulls are left as they are.
    """
    if isinstance(value, str):
        return map_text(value)
    if isinstance(value, Mapping):
        return {map_text(key): map_properties(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [map_properties(part) for part in value]
    return value


class Rendered(Element):
    """Text that is rendered already and is never read as a template again.

    Args:
        text: What stands in the page as it is.
    """

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__()
        self._text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self._text


def harden() -> None:
    """Keep Folium from reading rendered text as a template a second time.

    As shipped, `MacroElement.render` and `Popup.render` hand what they rendered,
    data and all, to a new `Element`, which parses it as a Jinja template: a name that
    holds an expression would run on the server. Call it once before any map is made.
    """
    setattr(MacroElement, "render", _render_macros)  # noqa: B010 - mypy minds
    setattr(Popup, "render", _render_popup)  # noqa: B010 - mypy minds


def _render_macros(self: MacroElement, **kwargs: object) -> None:
    """Stand in for `MacroElement.render`: the same output, parsed once."""
    figure = _figure_of(self)
    macros = self._template.module.__dict__
    for name in ("header", "html", "script"):
        macro = macros.get(name)
        if macro is not None:
            part = Rendered(macro(self, kwargs))
            getattr(figure, name).add_child(part, name=self.get_name())
    for child in self._children.values():
        child.render(**kwargs)


def _render_popup(self: Popup, **kwargs: object) -> None:
    """Stand in for `Popup.render`: the same output, parsed once."""
    for child in self._children.values():
        child.render(**kwargs)
    script = Rendered(self._template.render(this=self, kwargs=kwargs))
    _figure_of(self).script.add_child(script, name=self.get_name())


def _figure_of(element: MacroElement) -> Figure:
    """Return the page an element is drawn in."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        message = "An element is rendered in a Figure only."
        raise TypeError(message)
    return figure

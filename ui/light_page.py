"""Pages as plain HTML: for who links to land, for search engines, without scripts.

Everything that comes from data is text: the templates escape all they are given, and
none is ever read as a template.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from layers.published import Published
from ui.base_path import base_path
from ui.i18n import DEFAULT, LANGUAGES, language, t
from ui.settings import ROOT, settings

FOLDER: Final = ROOT / "ui" / "light_pages"
HTML_CODES: Final = {"zh_CN": "zh-CN", "en": "en"}
# No script, no other host, nothing but our own style sheet and pictures.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'"
)
_HOST: Final = re.compile(
    r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:]{2,45}\](:\d{1,5})?"
)


@dataclass(frozen=True)
class Page:
    """What the frame around a page tells.

    Attributes:
        heading: What the page is about.
        description: The same in a sentence, for lists of search results.
        path: Its address below ours, without the language.
        published: What the data on it was published as.
        root: Our address, as visitors see it.
        query: Further words of its address.
    """

    heading: str
    description: str
    path: str
    published: Published
    root: str
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What stands in the tab."""
        return f"{self.heading} · LandMap 招商用地地图"

    @property
    def base(self) -> str:
        """Path that all our addresses begin with."""
        return base_path()

    @property
    def language(self) -> str:
        """Code of the language the page speaks."""
        return language()

    @property
    def html_lang(self) -> str:
        """The same as HTML writes it."""
        return HTML_CODES[language()]

    @property
    def query(self) -> str:
        """What keeps the language in a link."""
        return "" if language() == DEFAULT else f"?lang={language()}"

    @property
    def languages(self) -> dict[str, str]:
        """The address of the page in each language."""
        told = {HTML_CODES[code]: self._in(code) for code in LANGUAGES}
        return told | {"x-default": self._in(DEFAULT)}

    @property
    def others(self) -> dict[str, str]:
        """Names of the languages that it does not speak."""
        return {
            HTML_CODES[code]: name
            for code, name in LANGUAGES.items()
            if code != language()
        }

    @property
    def address(self) -> str:
        """The one address of the page in its language."""
        return self._in(language())

    @property
    def synthetic(self) -> bool:
        """Whether its data is made up."""
        return self.published.synthetic

    @property
    def data_date(self) -> str:
        """Day the parcels describe."""
        return t(self.published.data_date)

    @property
    def licence(self) -> str:
        """Under what terms the data may be used."""
        return t(self.published.licence)

    @property
    def edition(self) -> str:
        """Edition of the publishing rules."""
        return self.published.edition

    def _in(self, code: str) -> str:
        asked = dict(self.extra) | ({} if code == DEFAULT else {"lang": code})
        words = f"?{urlencode(asked)}" if asked else ""
        return f"{self.root}{self.path}{words}"


def root_of(request: Request) -> str:
    """Return our address as visitors see it, without a slash at its end.

    Args:
        request: Its Host header is believed where it is a plain host and the operator
            named no address (`LANDMAP_PUBLIC_URL`).

    Returns:
        Scheme, host and base path.
    """
    if told := settings().public_url:
        return told.rstrip("/")
    host = request.headers.get("host", "")
    known = host if _HOST.fullmatch(host) else "localhost"
    return f"{request.url.scheme}://{known}{base_path()}"


def written(template: str, page: Page, **told: Any) -> str:  # noqa: ANN401 - templates take anything
    """Write a page.

    Args:
        template: Name of a file of `ui/light_pages/`.
        page: The frame around it.
        **told: What the template tells.

    Returns:
        HTML in which whatever came from data is escaped.
    """
    return _templates().get_template(template).render(page=page, t=t, **told)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )

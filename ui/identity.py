"""Who signed in: what the provider's cookie proves, the same for pages and routes.

`st.login` keeps the provider's claims in a cookie that Streamlit signs. Routes beside
the pages have no `st.user`, so both read the cookie itself, through the functions that
Streamlit reads it with: this is the only place that knows them.
"""

import json
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gis.errors import SettingsError
from ui.settings import Settings

NEEDED: Final = (
    "redirect_uri",
    "client_id",
    "client_secret",
    "server_metadata_url",
    "cookie_secret",
)
LEAST_SECRET: Final = 32
CALLBACK: Final = "/oauth2callback"
_COOKIE: Final = "_streamlit_user"
_HOUR_S: Final = 3600


@dataclass(frozen=True)
class Identity:
    """A person as their provider knows them.

    Attributes:
        issuer: The provider.
        subject: The person, to the provider.
        email: Their address, only where the provider has verified it; else "".
        name: What the provider calls them.
    """

    issuer: str
    subject: str
    email: str
    name: str


def identity_of(cookies: Mapping[str, str], chosen: Settings) -> Identity | None:
    """Read who signed in from the cookies of a page or a request.

    Args:
        cookies: Cookies of the request or of the page's connection.
        chosen: Settings of the app.

    Returns:
        The person; None where nobody did, the cookie is forged, of another address
        than ours, or older than `login_hours`.
    """
    if chosen.oidc_file is None:
        return None
    claims = _claims(cookies)
    if not claims.get("is_logged_in") or claims.get("origin") != _origin():
        return None
    issued = claims.get("iat")
    if not isinstance(issued, int | float):
        return None
    if time.time() - issued > chosen.login_hours * _HOUR_S:
        return None
    issuer, subject = str(claims.get("iss") or ""), str(claims.get("sub") or "")
    if not issuer or not subject:
        return None
    verified = claims.get("email_verified") is True
    return Identity(
        issuer=issuer,
        subject=subject,
        email=str(claims.get("email") or "") if verified else "",
        name=str(claims.get("name") or claims.get("email") or subject),
    )


def require_provider(file: Path) -> None:
    """Check the file of the provider before anybody depends on it.

    Args:
        file: TOML with the section `[auth]`, as Streamlit's secrets have it.

    Raises:
        SettingsError: It cannot be read, or something is missing in it.
    """
    try:
        auth = tomllib.loads(file.read_text("utf-8")).get("auth") or {}
    except (OSError, ValueError) as error:
        raise SettingsError(
            "LANDMAP_OIDC_FILE is {file}, which cannot be read ({why}).",
            file=file,
            why=str(error),
        ) from error
    missing = [name for name in NEEDED if not auth.get(name)]
    if missing:
        raise SettingsError(
            "LANDMAP_OIDC_FILE: the section [auth] of {file} does not tell {missing}.",
            file=file,
            missing=", ".join(missing),
        )
    if not str(auth["redirect_uri"]).endswith(CALLBACK):
        raise SettingsError(
            "LANDMAP_OIDC_FILE: redirect_uri must be LandMap's address and end with"
            " {end}; got {got}.",
            end=CALLBACK,
            got=str(auth["redirect_uri"]),
        )

    if len(str(auth["cookie_secret"])) < LEAST_SECRET:
        raise SettingsError(
            "LANDMAP_OIDC_FILE: cookie_secret signs who is signed in: give at least"
            " {least} random characters.",
            least=LEAST_SECRET,
        )


def streamlit_options(chosen: Settings) -> dict[str, Any]:
    """Return what Streamlit must know to sign people in.

    Args:
        chosen: Settings of the app.

    Returns:
        Options; none where nobody signs in.
    """
    if chosen.oidc_file is None or chosen.public:
        return {}
    return {"secrets.files": [str(chosen.oidc_file.absolute())]}


def _claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    from streamlit.web.server.starlette import (  # noqa: PLC0415 - the terminal needs none
        starlette_websocket,
    )

    raw = starlette_websocket._get_signed_cookie_with_chunks(  # noqa: SLF001
        dict(cookies), _COOKIE
    )
    if raw is None:
        return {}
    found = json.loads(raw)
    return found if isinstance(found, dict) else {}


def _origin() -> str | None:
    from streamlit.auth_util import (  # noqa: PLC0415 - the terminal needs none
        get_origin_from_redirect_uri,
    )

    return get_origin_from_redirect_uri()

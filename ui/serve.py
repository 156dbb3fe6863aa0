"""Start the server from a terminal: prepare, print the address, serve.

It is served by uvicorn itself. `streamlit run` binds the socket beforehand, in a way
that leaves Nagle's algorithm on, and each answer after the first waits 40 ms for it.
"""

import argparse
import socket
import sys
from collections.abc import Sequence
from typing import Any, Final

import uvicorn
from streamlit import config as streamlit_config
from streamlit.runtime.caching.global_cache_budget import (
    reconfigure_global_cache_budget_from_config,
)
from streamlit.web import bootstrap
from streamlit.web.server.starlette import starlette_server
from streamlit.web.server.starlette.starlette_app import App

from gis.errors import LandMapError, SettingsError
from ui import i18n, start
from ui.base_path import OPTION, base_path
from ui.identity import require_provider, streamlit_options
from ui.progress import Progress
from ui.settings import ROOT, Settings, read_settings, serve_the_public

KEEP_ALIVE_S: Final = 75  # longer than a proxy keeps an idle connection
LEAVE_AFTER_S: Final = 5


def main(app: App, arguments: Sequence[str] | None = None) -> None:
    """Run the app until it is stopped.

    Args:
        app: The application.
        arguments: Words of the command line; without them those of the process.
    """
    chosen = _chosen(arguments)
    i18n.speak(i18n.terminal_language(chosen))
    try:
        require_free(chosen)
        if chosen.oidc_file is not None and not chosen.public:
            require_provider(chosen.oidc_file)
        with Progress() as progress:
            start.prepare(chosen, say=progress.say)
    except LandMapError as error:
        sys.exit(i18n.tell(error))
    print(i18n.t("LandMap is at {address}", address=address_of(chosen)))  # noqa: T201
    tell_streamlit(chosen)
    uvicorn.run(app, **uvicorn_options(chosen))


def tell_streamlit(chosen: Settings) -> None:
    """Give Streamlit our settings and its file beside `app.py`, as `App.run` does.

    Args:
        chosen: Settings of the app.
    """
    ours = {
        "server.port": chosen.port,
        "server.address": chosen.address,
        OPTION: base_path().strip("/"),
        "logger.hideWelcomeMessage": True,
        **streamlit_options(chosen),
    }
    for name, value in ours.items():
        # Streamlit read its file when it was imported, and calls a difference a change
        # that needs a restart, though the server has not begun.
        streamlit_config.set_option(name, value)
    # Its file is sought beside the launcher too: we may be started from any folder.
    streamlit_config._main_script_path = str(ROOT / "app.py")  # noqa: SLF001
    bootstrap.load_config_options(ours)
    reconfigure_global_cache_budget_from_config()


def uvicorn_options(chosen: Settings) -> dict[str, Any]:
    """Return how uvicorn serves: Streamlit's choices for its socket, and our own.

    Args:
        chosen: Settings of the app.

    Returns:
        Arguments of `uvicorn.run`. Streamlit's are those of its options: certificate,
        protocol, size, pings and packing of its websocket.
    """
    streamlits = starlette_server._get_uvicorn_config_kwargs()  # noqa: SLF001
    return {
        **streamlits,
        "host": chosen.address,
        "port": chosen.port,
        "log_level": "warning",
        "access_log": False,
        "proxy_headers": bool(chosen.trusted_proxies),
        "forwarded_allow_ips": [str(proxy) for proxy in chosen.trusted_proxies],
        "timeout_keep_alive": KEEP_ALIVE_S,
        "timeout_graceful_shutdown": LEAVE_AFTER_S,
    }


def require_free(chosen: Settings) -> None:
    """Check that nothing else listens where the app will.

    Args:
        chosen: Settings of the app.

    Raises:
        SettingsError: The port is taken, or may not be used.
    """
    family = socket.AF_INET6 if ":" in chosen.address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.address, chosen.port))
        except OSError as error:
            raise SettingsError(
                "Port {port} cannot be used ({why}): choose another with --port or"
                " LANDMAP_PORT.",
                port=chosen.port,
                why=error.strerror,
            ) from error


def address_of(chosen: Settings) -> str:
    """Return the address people type: the public one, or this machine's."""
    host = f"[{chosen.address}]" if ":" in chosen.address else chosen.address
    return chosen.public_url or f"http://{host}:{chosen.port}{base_path()}"


def _chosen(arguments: Sequence[str] | None) -> Settings:
    """Read the settings, the port of the command line before the environment's."""
    parser = argparse.ArgumentParser(prog="app.py", description=__doc__)
    parser.add_argument("--port", type=int, help="TCP port, instead of LANDMAP_PORT")
    parser.add_argument(
        "--public", action="store_true", help="serve visitors: what is published only"
    )
    told = parser.parse_args(arguments)
    port = told.port
    if told.public:
        serve_the_public()
    try:
        return read_settings() if port is None else read_settings(port=port)
    except SettingsError as error:
        sys.exit(i18n.tell(error))

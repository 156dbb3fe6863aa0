"""`/assets/...`: scripts, styles and images for the browser, from our own disk."""

import os
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS = Path(__file__).parents[1] / "assets"
VENDOR = ASSETS / "vendor"
TYPES = {  # said here, because a machine's own table may say something else
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # asked for each time, answered 304 while unchanged


class Assets(StaticFiles):
    """The files of `ui/assets/`; vendored ones never change under their name."""

    def __init__(self) -> None:
        """Serve the one folder, following no link out of it."""
        super().__init__(directory=ASSETS)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Send a file, or 304 where the browser has it.

        Args:
            full_path: The file.
            stat_result: Its size and date.
            scope: The request.
            status_code: What to answer with.

        Returns:
            The answer, with its type and how long it may be kept.
        """
        answer = super().file_response(full_path, stat_result, scope, status_code)
        path = Path(full_path)
        kept = FOR_EVER if path.is_relative_to(VENDOR) else ASK_AGAIN
        answer.headers["Cache-Control"] = kept
        answer.headers["X-Content-Type-Options"] = "nosniff"
        if path.suffix in TYPES:
            answer.headers["Content-Type"] = TYPES[path.suffix]
        return answer

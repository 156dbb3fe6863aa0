"""Whether a request comes from one of our own pages."""

from urllib.parse import urlsplit

from starlette.requests import Request


def from_our_page(request: Request) -> bool:
    """Tell whether something was sent from this site, by the browser's own word."""
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc == request.headers.get("host", "")

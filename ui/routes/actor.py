"""`/actor`: the demo's switch between roles, kept in a signed cookie of our own."""

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from ui import access
from ui.routes.origin import from_our_page
from ui.settings import settings


async def switch_actor(request: Request) -> RedirectResponse:
    """Take the role of one of the demo's actors.

    Args:
        request: A form from one of our pages with the actor's name in `actor`.

    Returns:
        A redirection to the page the form stood on, with the cookie.

    Raises:
        HTTPException: 404 outside the demo, 403 from another site, 400 for a name
            that is no actor.
    """
    chosen = settings()
    if not chosen.demo:
        raise HTTPException(404)
    if not from_our_page(request):
        raise HTTPException(403, "The switch is pressed on our own pages only.")
    name = str((await request.form()).get("actor", ""))
    if name not in access.DEMO_ACTORS:
        raise HTTPException(400, "There is no such actor.")
    answer = RedirectResponse(_back(request), status_code=303)
    answer.set_cookie(
        access.COOKIE,
        access.sign(name, chosen),
        max_age=access.LASTS_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _back(request: Request) -> str:
    """Return the path of the page the form stood on, never another site's."""
    page = urlsplit(request.headers.get("referer", ""))
    path = "/" + page.path.lstrip("/")
    return f"{path}?{page.query}" if page.query else path

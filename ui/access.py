"""Who is asking: the actor of a page or of an HTTP request.

The demo offers one actor for each role; the choice travels in a cookie of our own,
signed, because routes beside the pages cannot see Streamlit's session. Outside the demo
people sign in with a provider (`ui/identity.py`), and the ledger's table of accounts
tells what they work as; whoever has none is the public. What an actor may do is decided
in the ledger's verbs and in the routes, never here.
"""

from collections.abc import Mapping

from itsdangerous import BadSignature, URLSafeTimedSerializer

from gis.words import Title
from ledger.model import Actor, Role
from ui.identity import identity_of
from ui.secret_key import read_key
from ui.settings import Settings, settings

COOKIE = "landmap_actor"
LASTS_S = 30 * 24 * 3600

PUBLIC = Actor(name=Title("Public visitor"), role=Role.PUBLIC, region="")
DEMO_ACTORS: dict[str, Actor] = {
    "province": Actor(
        name=Title("Provincial investment office"), role=Role.PROVINCE, region="520000"
    ),
    "city": Actor(
        name=Title("Zunyi investment bureau"), role=Role.CITY, region="520300"
    ),
    "county": Actor(
        name=Title("Tongzi investment bureau"), role=Role.COUNTY, region="520322"
    ),
    "management": Actor(
        name=Title("Gui'an New Area administration"),
        role=Role.COUNTY,
        region="52M001",
    ),
    "planner": Actor(
        name=Title("Natural resources planner"), role=Role.PLANNER, region="520000"
    ),
    "department": Actor(
        name=Title("Provincial energy bureau"),
        role=Role.DEPARTMENT,
        region="520000",
        office="energy",
    ),
    "factor": Actor(
        name=Title("Provincial department of natural resources"),
        role=Role.FACTOR,
        region="520000",
        office="land",
    ),
    "conference": Actor(
        name=Title("Provincial joint-conference office"),
        role=Role.CONFERENCE,
        region="520000",
        office="conference",
    ),
    "leader": Actor(name=Title("Leader in charge"), role=Role.LEADER, region="520000"),
    "administrator": Actor(
        name=Title("Administrator"), role=Role.ADMINISTRATOR, region="520000"
    ),
    "investor": Actor(name=Title("Investor"), role=Role.INVESTOR, region=""),
    "public": PUBLIC,
}
FIRST = "province"


def current_actor() -> Actor:
    """Return who looks at the page."""
    import streamlit as st  # noqa: PLC0415 - the terminal needs no Streamlit

    return actor_of(st.context.cookies, settings())


def actor_of(cookies: Mapping[str, str], chosen: Settings) -> Actor:
    """Return who sent a request.

    Args:
        cookies: Cookies of the request or of the page's connection.
        chosen: Settings of the app.

    Returns:
        The actor of a genuine cookie; else the demo's first actor, or the public. A
        public process knows nobody, whatever cookie is sent.
    """
    if chosen.public:
        return PUBLIC
    if not chosen.demo:
        return _signed_in(cookies, chosen) or PUBLIC
    return DEMO_ACTORS[actor_name(cookies, chosen)]


def _signed_in(cookies: Mapping[str, str], chosen: Settings) -> Actor | None:
    who = identity_of(cookies, chosen)
    if who is None:
        return None
    from ui import resources  # noqa: PLC0415 - the terminal needs no Streamlit

    return resources.account_actor(who)


def sees_internal(actor: Actor) -> bool:
    """Tell whether an actor sees what is marked internal: offices do, guests do not."""
    return actor.role not in {Role.INVESTOR, Role.PUBLIC}


def actor_name(cookies: Mapping[str, str], chosen: Settings) -> str:
    """Return the name in `DEMO_ACTORS` that a request's cookie proves.

    Args:
        cookies: Cookies of the request.
        chosen: Settings of the app.

    Returns:
        The name; the demo's first where the cookie is absent, forged or too old.
    """
    try:
        name = _signer(chosen).loads(cookies.get(COOKIE, ""), max_age=LASTS_S)
    except BadSignature:
        return FIRST
    return name if name in DEMO_ACTORS else FIRST


def sign(name: str, chosen: Settings) -> str:
    """Return the value of the cookie that proves a choice of actor."""
    return str(_signer(chosen).dumps(name))


def _signer(chosen: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(read_key(chosen.secret_file), salt=COOKIE)

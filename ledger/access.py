"""Who may do what, and where: one matrix, everything else is denied."""

from collections.abc import Mapping
from enum import StrEnum, auto

from gis.errors import AccessError
from gis.words import Place, Title
from ledger.model import Actor, Role, Word


class Verb(Word):
    """What can be done with the ledger; the label completes "may not ..."."""

    PROJECT_READ = "project.read", Title("see this project")
    PROJECT_CREATE = "project.create", Title("add a project")
    PROJECT_EDIT = "project.edit", Title("change a project")
    PROJECT_MOVE = "project.move", Title("move a project to another stage")
    SHORTLIST_EDIT = "shortlist.edit", Title("change a shortlist")
    CLAIM_READ = "claim.read", Title("see land claims")
    CLAIM_MAKE = "claim.make", Title("claim land")
    CLAIM_RELEASE = "claim.release", Title("release land")
    PROBLEM_EDIT = "problem.edit", Title("open or change a problem")
    PROBLEM_CLOSE = "problem.close", Title("close or reopen a problem")
    CHECK_MAKE = "check.make", Title("check land for conflicts")
    CHECK_KEEP = "check.keep", Title("keep a land check with a project")
    CHECK_OVERRULE = "check.overrule", Title("overrule a finding")
    INDICATOR_READ = "indicator.read", Title("see the ledger's figures")
    AUDIT_READ = "audit.read", Title("read the history")
    AUDIT_VERIFY = "audit.verify", Title("verify the history")


class Reach(StrEnum):
    """How far a role's right goes."""

    NO = auto()
    OWN = auto()
    ANY = auto()


_ROLES = (
    Role.PROVINCE,
    Role.CITY,
    Role.COUNTY,
    Role.PLANNER,
    Role.INVESTOR,
    Role.PUBLIC,
)


def _row(*cells: Reach) -> dict[Role, Reach]:
    return dict(zip(_ROLES, cells, strict=True))


_NO, _OWN, _ANY = Reach.NO, Reach.OWN, Reach.ANY

# Claims are read by every office, wherever the claim lies: land that another place
# holds must be seen as held.
MATRIX: Mapping[Verb, Mapping[Role, Reach]] = {
    # ...................... province city county planner investor public
    Verb.PROJECT_READ: _row(_OWN, _OWN, _OWN, _OWN, _NO, _NO),
    Verb.PROJECT_CREATE: _row(_OWN, _OWN, _OWN, _NO, _NO, _NO),
    Verb.PROJECT_EDIT: _row(_OWN, _OWN, _OWN, _NO, _NO, _NO),
    Verb.PROJECT_MOVE: _row(_OWN, _OWN, _OWN, _NO, _NO, _NO),
    Verb.SHORTLIST_EDIT: _row(_OWN, _OWN, _OWN, _OWN, _NO, _NO),
    Verb.CLAIM_READ: _row(_ANY, _ANY, _ANY, _ANY, _NO, _NO),
    Verb.CLAIM_MAKE: _row(_OWN, _OWN, _OWN, _NO, _NO, _NO),
    Verb.CLAIM_RELEASE: _row(_OWN, _OWN, _OWN, _NO, _NO, _NO),
    Verb.PROBLEM_EDIT: _row(_OWN, _OWN, _OWN, _NO, _NO, _NO),
    Verb.PROBLEM_CLOSE: _row(_OWN, _OWN, _OWN, _NO, _NO, _NO),
    # Land is checked wherever it lies; a finding is overruled where one answers for it.
    Verb.CHECK_MAKE: _row(_ANY, _ANY, _ANY, _ANY, _NO, _NO),
    Verb.CHECK_KEEP: _row(_OWN, _OWN, _OWN, _OWN, _NO, _NO),
    Verb.CHECK_OVERRULE: _row(_OWN, _OWN, _OWN, _OWN, _NO, _NO),
    Verb.INDICATOR_READ: _row(_OWN, _OWN, _OWN, _OWN, _NO, _NO),
    Verb.AUDIT_READ: _row(_OWN, _OWN, _OWN, _OWN, _NO, _NO),
    Verb.AUDIT_VERIFY: _row(_ANY, _NO, _NO, _NO, _NO, _NO),
}

CODE_LENGTH = 6


def own_prefix(actor: Actor) -> str | None:
    """Return what the codes of an actor's own places begin with.

    A county office owns its county, a prefecture office its prefecture, the
    provincial office its province; a planner owns what their region's code names.

    Returns:
        The prefix, or None when the actor has no place of their own.
    """
    code = actor.region
    if not is_code(code):
        return None
    if actor.role is Role.PLANNER:
        return prefix_of(code)
    return {Role.PROVINCE: code[:2], Role.CITY: code[:4], Role.COUNTY: code}.get(
        actor.role
    )


def is_code(text: str) -> bool:
    """Tell whether a text is a six-digit region code."""
    return len(text) == CODE_LENGTH and text.isascii() and text.isdigit()


def prefix_of(code: str) -> str:
    """Return what the codes of the counties of a place begin with."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def may(actor: Actor, verb: Verb, region: str | None = None) -> bool:
    """Tell whether an actor may do something, in a region where one is given.

    Args:
        actor: Who asks.
        verb: What they want to do.
        region: Six-digit code of the place concerned; None asks whether they may
            do it anywhere at all.

    Returns:
        False for whatever the matrix does not grant.
    """
    reach = MATRIX.get(verb, {}).get(actor.role, Reach.NO)
    if reach is Reach.ANY:
        return True
    own = own_prefix(actor)
    if reach is Reach.NO or own is None:
        return False
    return region is None or region.startswith(own)


def require(actor: Actor, verb: Verb, region: str | None = None) -> None:
    """Refuse what an actor may not do.

    Args:
        actor: Who asks.
        verb: What they want to do.
        region: Six-digit code of the place concerned, None for no place.

    Raises:
        AccessError: The matrix does not grant it to the role, or not there.
    """
    if may(actor, verb, region):
        return
    if region is not None and may(actor, verb):
        raise AccessError(
            "{who} works for {own} and may not {verb} in {region}: ask an office "
            "of that place, or of the level above it.",
            who=actor.name,
            own=Place(actor.region),
            verb=verb.label,
            region=Place(region),
        )
    raise AccessError(
        refusal(actor),
        who=actor.name or Title("Nobody"),
        role=actor.role.label,
        verb=verb.label,
    )


def refusal(actor: Actor) -> Title:
    """Choose the sentence of a refusal: who is called by their role is named once.

    Args:
        actor: Who asks.

    Returns:
        The English sentence, with holes for who, role and verb.
    """
    if actor.name == actor.role.label:
        return Title("{who} may not {verb}.")
    return Title("{who} ({role}) may not {verb}.")

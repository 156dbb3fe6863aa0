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
    CLAIM_STATE = "claim.state", Title("see which parcels are held")
    CLAIM_MAKE = "claim.make", Title("claim land")
    CLAIM_RELEASE = "claim.release", Title("release land")
    CLAIM_QUEUE = "claim.queue", Title("queue for land")
    CLAIM_HAND_OVER = "claim.hand_over", Title("hand land over")
    DEMAND_EDIT = "demand.edit", Title("add or change a land demand")
    DEMAND_CLOSE = "demand.close", Title("strike a land demand off the list")
    PROBLEM_EDIT = "problem.edit", Title("open or change a problem")
    PROBLEM_ROUTE = "problem.route", Title("route a problem or hand it up")
    PROBLEM_ANSWER = "problem.answer", Title("answer a problem")
    PROBLEM_CLOSE = "problem.close", Title("close or reopen a problem")
    REQUEST_EDIT = "request.edit", Title("write down a request of a firm")
    REQUEST_ANSWER = "request.answer", Title("answer a request of a firm")
    REQUEST_CLOSE = "request.close", Title("confirm or close a request of a firm")
    APPROVAL_EDIT = "approval.edit", Title("apply for land")
    APPROVAL_ADVANCE = "approval.advance", Title("take an application a step on")
    APPRAISAL_EDIT = "appraisal.edit", Title("prepare an appraisal")
    APPRAISAL_SAY = "appraisal.say", Title("give an opinion to an appraisal")
    APPRAISAL_DECIDE = "appraisal.decide", Title("decide an appraisal")
    PROMISE_EDIT = "promise.edit", Title("write down a promise")
    PROMISE_SETTLE = "promise.settle", Title("pay, change or refuse a promise")
    FACILITY_EDIT = "facility.edit", Title("change infrastructure and its money")
    ZONE_EDIT = "zone.edit", Title("enter figures of a development zone")
    INQUIRY_MAKE = "inquiry.make", Title("ask about land")
    INQUIRY_ANSWER = "inquiry.answer", Title("answer an inquiry")
    SEARCH_SAVE = "search.save", Title("save a search for land")
    CHECK_MAKE = "check.make", Title("check land for conflicts")
    CHECK_KEEP = "check.keep", Title("keep a land check with a project")
    CHECK_OVERRULE = "check.overrule", Title("overrule a finding")
    INDICATOR_READ = "indicator.read", Title("see the ledger's figures")
    POLICY_READ = "policy.read", Title("read the policy desk")
    POLICY_EDIT = "policy.edit", Title("write on the policy desk")
    POLICY_PUBLISH = "policy.publish", Title("publish, withdraw or repeal a policy")
    RULE_READ = "rule.read", Title("see the rule tables")
    RULE_EDIT = "rule.edit", Title("put a rule table in force")
    ACCOUNT_EDIT = "account.edit", Title("see or change accounts")
    PREFERENCE_EDIT = "preference.edit", Title("save a setting of their own")
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
    Role.DEPARTMENT,
    Role.FACTOR,
    Role.CONFERENCE,
    Role.LEADER,
    Role.ADMINISTRATOR,
    Role.INVESTOR,
    Role.PUBLIC,
)

_REACH = {"-": Reach.NO, "o": Reach.OWN, "a": Reach.ANY}


def _row(cells: str) -> dict[Role, Reach]:
    """Read a row of the matrix: o own places, a anywhere, - nowhere."""
    reaches = [_REACH[cell] for cell in cells.split()]
    return dict(zip(_ROLES, reaches, strict=True))


# Claims are read by every office, wherever the claim lies: land that another place
# holds must be seen as held. Land is checked wherever it lies; a finding is overruled
# where one answers for it. Departments answer what is routed to them, which the verb
# itself looks at. A county's policy is published by its leader or by the level above:
# who writes one does not release it. The order of the columns: province, city, county,
# planner, department, factor-guarantee department, joint conference, leader,
# administrator, investor, public.
MATRIX: Mapping[Verb, Mapping[Role, Reach]] = {
    Verb.PROJECT_READ: _row("o o o o o o o o - - -"),
    Verb.PROJECT_CREATE: _row("o o o - - - - - - - -"),
    Verb.PROJECT_EDIT: _row("o o o - - - - - - - -"),
    Verb.PROJECT_MOVE: _row("o o o - - - - - - - -"),
    Verb.SHORTLIST_EDIT: _row("o o o o - - - - - - -"),
    Verb.CLAIM_READ: _row("a a a a a a a a - - -"),
    Verb.CLAIM_STATE: _row("a a a a a a a a a a a"),
    Verb.CLAIM_MAKE: _row("o o o - - - - - - - -"),
    Verb.CLAIM_RELEASE: _row("o o o - - - - - - - -"),
    Verb.CLAIM_QUEUE: _row("o o o - - - - - - - -"),
    Verb.CLAIM_HAND_OVER: _row("o o o - - - - - - - -"),
    Verb.DEMAND_EDIT: _row("o o o - - - - - - - -"),
    Verb.DEMAND_CLOSE: _row("o o o - - - - - - - -"),
    Verb.PROBLEM_EDIT: _row("o o o - - - - - - - -"),
    Verb.PROBLEM_ROUTE: _row("o o o - - - o - - - -"),
    Verb.PROBLEM_ANSWER: _row("o o o - o o o - - - -"),
    Verb.PROBLEM_CLOSE: _row("o o o - - - - - - - -"),
    Verb.REQUEST_EDIT: _row("o o o - - - - - - - -"),
    Verb.REQUEST_ANSWER: _row("o o o - o o o - - - -"),
    Verb.REQUEST_CLOSE: _row("o o o - - - - - - - -"),
    Verb.APPROVAL_EDIT: _row("o o o - - - - - - - -"),
    Verb.APPROVAL_ADVANCE: _row("o o o o - - - - - - -"),
    Verb.APPRAISAL_EDIT: _row("o o o - - - - - - - -"),
    Verb.APPRAISAL_SAY: _row("o o o o o o o o - - -"),
    Verb.APPRAISAL_DECIDE: _row("- - - - - - - o - - -"),
    Verb.PROMISE_EDIT: _row("o o o - - - - - - - -"),
    Verb.PROMISE_SETTLE: _row("o o o - - - - - - - -"),
    Verb.FACILITY_EDIT: _row("o o o - - - - - - - -"),
    Verb.ZONE_EDIT: _row("o o - - - - - - - - -"),
    Verb.INQUIRY_MAKE: _row("a a a a - - - - - a a"),
    Verb.INQUIRY_ANSWER: _row("o o o - - - - - - - -"),
    Verb.SEARCH_SAVE: _row("a a a a a a a a a a a"),
    Verb.CHECK_MAKE: _row("a a a a - - - - - - -"),
    Verb.CHECK_KEEP: _row("o o o o - - - - - - -"),
    Verb.CHECK_OVERRULE: _row("o o o o - - - - - - -"),
    Verb.INDICATOR_READ: _row("o o o o o o o o - - -"),
    Verb.POLICY_READ: _row("a a a a a a a a a a a"),
    Verb.POLICY_EDIT: _row("o o o - - - - - - - -"),
    Verb.POLICY_PUBLISH: _row("o o - - - - - o - - -"),
    Verb.RULE_READ: _row("a a a a a a a a a - -"),
    Verb.RULE_EDIT: _row("- - - - - - - - a - -"),
    Verb.ACCOUNT_EDIT: _row("- - - - - - - - a - -"),
    Verb.PREFERENCE_EDIT: _row("a a a a a a a a a - -"),
    Verb.AUDIT_READ: _row("o o o o - - - o a - -"),
    Verb.AUDIT_VERIFY: _row("a - - - - - - - a - -"),
}

CODE_LENGTH = 6
MANAGED = 3
DIGITS_OR_M = "0123456789M"


def own_prefix(actor: Actor) -> str | None:
    """Return what the codes of an actor's own places begin with.

    A county office owns its county or management region, a prefecture office its
    prefecture, the provincial office its province; everybody else owns what their
    region's code names.

    Returns:
        The prefix, or None when the actor has no place of their own.
    """
    code = actor.region
    if not is_code(code):
        return None
    if actor.role in {Role.INVESTOR, Role.PUBLIC}:
        return None
    own = {Role.PROVINCE: code[:2], Role.CITY: code[:4], Role.COUNTY: code}
    return own.get(actor.role) or prefix_of(code)


def is_code(text: str) -> bool:
    """Tell whether a text is a six-digit region code, or a management region's.

    A management region has no code of its own in GB/T 2260: ours begins with its
    province's two digits, then M, then three digits, so that the province reaches it
    and no prefecture does.

    Args:
        text: What may be a code.

    Returns:
        Whether it is one.
    """
    if len(text) != CODE_LENGTH or not text.isascii():
        return False
    return (text[:2] + text[MANAGED:]).isdigit() and text[2] in DIGITS_OR_M


def is_managed(code: str) -> bool:
    """Tell whether a code is that of a management region."""
    return is_code(code) and code[MANAGED - 1] == "M"


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

"""What offices work through for a project, as plain values: demand to inquiry.

Money is in 10,000 yuan (`_wan_cny`), land in mu, days are China's. Every value with a
`version` changes only through `ledger.rows.change`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from gis.words import Title
from ledger.model import ClaimKind, Level, Role, Stage, Word


class Urgency(Word):
    """How soon something is needed."""

    NORMAL = "normal", Title("Normal")
    URGENT = "urgent", Title("Urgent")


class DemandState(Word):
    """How far a demand for land has come."""

    OPEN = "open", Title("Waiting for land")
    MATCHED = "matched", Title("Land matched")
    APPROVAL = "approval", Title("In land approval")
    MET = "met", Title("Demand met")
    WITHDRAWN = "withdrawn", Title("Withdrawn")


@dataclass(frozen=True)
class Demand:
    """Land that a project wants, struck off the list only with evidence."""

    id: int
    project_id: int
    title: str
    need: str
    area_mu: float
    urgency: Urgency
    state: DemandState
    raised_on: date
    wanted_by: date | None
    follower: str
    parcel_id: str
    closed_on: date | None
    evidence: str
    note: str
    version: int
    updated_at: datetime
    updated_by: str


class QueueState(Word):
    """What became of a place in the queue for land."""

    WAITING = "waiting", Title("Waiting in the queue")
    TAKEN = "taken", Title("Took the land over")
    LEFT = "left", Title("Left the queue")


@dataclass(frozen=True)
class QueueEntry:
    """A project's place in the queue for ground that another one holds.

    `geometry` is WKB in EPSG:4490; the order is that of `id`.
    """

    id: int
    project_id: int
    parcel_id: str
    kind: ClaimKind
    geometry: bytes
    area_m2: float
    minx: float
    miny: float
    maxx: float
    maxy: float
    part: bool
    region: str
    state: QueueState
    note: str
    queued_at: datetime
    queued_by: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class ClaimAttempt:
    """A claim that was refused because somebody held the ground; never changed."""

    id: int
    project_id: int
    parcel_id: str
    held_claim_id: int
    overlap_m2: float
    at: datetime
    who: str


class Channel(Word):
    """The way a firm's request came in."""

    HOTLINE = "hotline", Title("12345 hotline")
    PORTAL = "portal", Title("Guishangyi platform")
    VISIT = "visit", Title("Visit to the firm")
    AGENCY = "agency", Title("Agency service")
    OTHER = "other", Title("Other way")


@dataclass(frozen=True)
class FirmRequest:
    """What a firm asks for after it has landed: answered, confirmed by it, closed."""

    id: int
    project_id: int
    title: str
    channel: Channel
    category: str
    level: Level
    office: str
    raised_on: date
    due_on: date | None
    answer: str
    answered_on: date | None
    answered_by: str
    confirmed_on: date | None
    confirmation: str
    closed_on: date | None
    evidence: str
    escalations: int
    escalated_on: date | None
    version: int
    updated_at: datetime
    updated_by: str


class ApprovalState(Word):
    """What became of an application for land."""

    OPEN = "open", Title("Under review")
    APPROVED = "approved", Title("Approved")
    REFUSED = "refused", Title("Approval refused")
    WITHDRAWN = "withdrawn", Title("Withdrawn")


@dataclass(frozen=True)
class Approval:
    """An application for land on its way through the steps of a path.

    `case_code`, `path` and `edition` name what the steps were taken from, `path_reason`
    why another path than the proposed one was taken; `batch` is the ISO week it goes
    up with, such as "2026-W48", "" where it is in none; `place` is that of the step it
    is in, or was in when it was decided.
    """

    id: int
    project_id: int
    demand_id: int | None
    title: str
    case_code: str
    path: str
    path_reason: str
    edition: str
    urgency: Urgency
    batch: str
    area_mu: float | None
    state: ApprovalState
    place: int
    begun_on: date
    decided_on: date | None
    document_no: str
    note: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class ApprovalStep:
    """One step of an application.

    `documents` is JSON: a list of `{"code", "title", "english", "required", "got_on"}`.
    `by_batch` tells that it is left with a weekly batch unless urgent.
    `limit_days` decides lateness only where `limit_confirmed`; `earlier_days` are those
    it lay in the step before it was sent back.
    """

    id: int
    approval_id: int
    place: int
    code: str
    title: str
    english: str
    office: str
    by_batch: bool
    limit_days: int | None
    limit_confirmed: bool
    earlier_days: int
    entered_on: date | None
    done_on: date | None
    documents: str
    waits_for: str
    note: str
    version: int
    updated_at: datetime
    updated_by: str


class AppraisalState(Word):
    """How far an appraisal before signing has come; a decided one is frozen."""

    DRAFT = "draft", Title("Draft")
    SUBMITTED = "submitted", Title("Waiting for a decision")
    DECIDED = "decided", Title("Decided")


class Decision(Word):
    """What an appraisal came to."""

    BRING_IN = "bring_in", Title("Bring in")
    WITH_CONDITIONS = "with_conditions", Title("Bring in with conditions")
    DO_NOT = "do_not", Title("Do not bring in")


@dataclass(frozen=True)
class Appraisal:
    """What a project was weighed by before it was signed.

    `answers` is JSON by item of the checklist; `site` is JSON of the screening it
    rests on; `frozen` is JSON of all of it as decided, with opinions, data and code
    versions.
    """

    id: int
    project_id: int
    state: AppraisalState
    edition: str
    answers: str
    site: str
    summary: str
    submitted_on: date | None
    decision: Decision | None
    decided_on: date | None
    decided_by: str
    reason: str
    frozen: str
    version: int
    updated_at: datetime
    updated_by: str


class View(Word):
    """What somebody thinks of a project."""

    FOR = "for", Title("In favour")
    CONDITIONS = "conditions", Title("In favour with conditions")
    AGAINST = "against", Title("Against")


@dataclass(frozen=True)
class Opinion:
    """What one role said to an appraisal; never changed."""

    id: int
    appraisal_id: int
    role: Role
    office: str
    view: View
    text: str
    said_at: datetime
    said_by: str


class PromiseState(Word):
    """What became of a promise."""

    OPEN = "open", Title("Due")
    KEPT = "kept", Title("Kept")
    CHANGED = "changed", Title("Changed by law")
    REFUSED = "refused", Title("Refused by law")


@dataclass(frozen=True)
class Promise:
    """A policy that was promised to a project, and whether it was kept.

    A promise that is changed or refused tells the lawful ground, the procedure that
    was followed, and the compensation.
    """

    id: int
    project_id: int
    title: str
    basis: str
    condition: str
    amount_wan_cny: float | None
    due_on: date | None
    state: PromiseState
    paid_wan_cny: float
    settled_on: date | None
    evidence: str
    ground: str
    procedure: str
    compensation: str
    office: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class Payment:
    """One payment on a promise, never changed; one taken back is below zero."""

    id: int
    promise_id: int
    amount_wan_cny: float
    paid_on: date
    evidence: str
    at: datetime
    who: str


class FacilityKind(Word):
    """What kind of infrastructure."""

    ROAD = "road", Title("Road")
    POWER = "power", Title("Power")
    WATER = "water", Title("Water supply")
    DRAINAGE = "drainage", Title("Drainage and sewage")
    GAS = "gas", Title("Gas")
    TELECOM = "telecom", Title("Telecommunications")
    HEAT = "heat", Title("Heat")
    LEVELLING = "levelling", Title("Levelling")
    BUILDING = "building", Title("Standard factory buildings")
    OTHER = "other", Title("Other infrastructure")


class FacilityState(Word):
    """How far infrastructure has come."""

    MISSING = "missing", Title("Missing")
    PLANNED = "planned", Title("Planned")
    BUILDING = "building", Title("Under construction")
    DONE = "done", Title("Finished")


@dataclass(frozen=True)
class Facility:
    """Infrastructure of a zone or of one project; `share` of it is built, 0 to 1."""

    id: int
    project_id: int | None
    zone: str
    region: str
    kind: FacilityKind
    title: str
    state: FacilityState
    builder: str
    share: float
    planned_on: date | None
    done_on: date | None
    note: str
    version: int
    updated_at: datetime
    updated_by: str


class FundSource(Word):
    """Where money for infrastructure comes from."""

    FISCAL = "fiscal", Title("Budget funds")
    BOND = "bond", Title("Special bonds")
    SUBSIDY = "subsidy", Title("Interest subsidy")
    LOAN = "loan", Title("Bank loan")
    COMPANY = "company", Title("Zone company's own money")
    SOCIAL = "social", Title("Private capital")
    OTHER = "other", Title("Other source")


@dataclass(frozen=True)
class Fund:
    """Money for infrastructure, by source: planned and arrived."""

    id: int
    facility_id: int
    source: FundSource
    title: str
    planned_wan_cny: float
    arrived_wan_cny: float
    note: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class ZoneFigure:
    """One figure of a development zone's yearly evaluation, with its source."""

    id: int
    zone: str
    region: str
    year: int
    code: str
    value: float
    source: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class ZoneTitle:
    """A recognition of a zone, from when to when.

    `title` is the code of a recognition in the table of zone evaluation ("key"), or
    the words themselves where the table has none.
    """

    id: int
    zone: str
    region: str
    title: str
    basis: str
    since: date
    until: date | None
    version: int
    updated_at: datetime
    updated_by: str


class InquiryState(Word):
    """What became of an investor's inquiry."""

    NEW = "new", Title("New inquiry")
    ANSWERED = "answered", Title("Answered")
    LEAD = "lead", Title("Became a lead")
    CLOSED = "closed", Title("Closed inquiry")


@dataclass(frozen=True)
class Inquiry:
    """A question of an investor about land; `number` is what they follow it by.

    `reason` tells why it was closed without becoming a lead.
    """

    id: int
    number: str
    parcel_id: str
    region: str
    firm: str
    person: str
    contact: str
    text: str
    need: str
    language: str
    consented_at: datetime
    state: InquiryState
    answer: str
    reason: str
    project_id: int | None
    received_at: datetime
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class SavedSearch:
    """A search for land that somebody without an account comes back to.

    What they come back by is a secret of which the ledger keeps a hash alone.
    `parcel_ids` are the parcels that fitted when they last looked, of the published
    data of `data_version`.
    """

    id: int
    token_hash: str
    need: str
    data_version: str
    parcel_ids: tuple[str, ...]
    made_at: datetime
    seen_at: datetime
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class StagePlan:
    """The day a project plans to reach a stage."""

    id: int
    project_id: int
    stage: Stage
    planned_on: date
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class ServiceItem:
    """One line of a project's service checklist ("five ones"): who, since when."""

    id: int
    project_id: int
    code: str
    text: str
    settled_on: date | None
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class Account:
    """A person who may sign in, and what they may do from then on."""

    id: int
    issuer: str
    subject: str
    name: str
    email: str
    role: Role
    region: str
    office: str
    disabled: bool
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class RuleTable:
    """An edition of a rule table that an office put in force; its text is TOML."""

    id: int
    name: str
    edition: str
    text: str
    effective_on: date
    source: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class Preference:
    """Something a person wants to find again: a filter, a mapping of columns; JSON."""

    id: int
    owner: str
    kind: str
    title: str
    value: str
    version: int
    updated_at: datetime
    updated_by: str

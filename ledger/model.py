"""What the ledger holds, as plain values; no database, no file, no clock."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from gis.words import Title


class Word(StrEnum):
    """A stored word with the label a person reads."""

    label: Title

    def __new__(cls, value: str, label: str = "") -> Self:
        """Keep the stored word as the value, the label beside it."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = Title(label)
        return word


class Role(Word):
    """Who a person works for; decides with `Actor.region` what they may do."""

    PROVINCE = "province", Title("Provincial office")
    CITY = "city", Title("Prefecture office")
    COUNTY = "county", Title("County office")
    PLANNER = "planner", Title("Planner")
    DEPARTMENT = "department", Title("Department")
    FACTOR = "factor", Title("Factor-guarantee department")
    CONFERENCE = "conference", Title("Joint-conference office")
    LEADER = "leader", Title("Leader")
    ADMINISTRATOR = "administrator", Title("Administrator")
    INVESTOR = "investor", Title("Investor")
    PUBLIC = "public", Title("Public")


class Level(Word):
    """The level of government that answers for a project."""

    PROVINCE = "province", Title("Province level")
    CITY = "city", Title("Prefecture level")
    COUNTY = "county", Title("County level")


class Stage(Word):
    """How far a project has come."""

    LEAD = "lead", Title("Lead")
    NEGOTIATION = "negotiation", Title("Negotiation")
    SIGNED = "signed", Title("Signed")
    SITING = "siting", Title("Siting")
    APPROVAL = "approval", Title("Land approval")
    STARTED = "started", Title("Construction started")
    PRODUCTION = "production", Title("In production")
    FULL_CAPACITY = "full_capacity", Title("Full capacity")
    ENDED = "ended", Title("Ended")


class ClaimKind(Word):
    """How firmly land is held; a released claim holds nothing."""

    INTENT = "intent", Title("Intent")
    RESERVED = "reserved", Title("Reserved")
    LOCKED = "locked", Title("Locked")
    GRANTED = "granted", Title("Granted")
    RELEASED = "released", Title("Released")


HOLDING = (
    ClaimKind.INTENT,
    ClaimKind.RESERVED,
    ClaimKind.LOCKED,
    ClaimKind.GRANTED,
)
"""Kinds of claim that hold land, from the weakest to the firmest."""


class ProblemKind(Word):
    """Where a problem is routed: one department, a factor office, all together."""

    SINGLE = "single", Title("Single-department problem")
    FACTOR = "factor", Title("Production-factor problem")
    COMPREHENSIVE = "comprehensive", Title("Comprehensive problem")


@dataclass(frozen=True)
class Actor:
    """Who is asking: every verb checks it.

    Args:
        name: The person, as the history shows them.
        role: What they work as.
        region: Six-digit code (GB/T 2260) of the place they work for, or a management
            region's; "" is nowhere.
        office: Code of the department they sit in (`rules/offices.toml`); "" is none.
        account_id: Number of their account, where they have signed in: looked up
            again inside every write.
    """

    name: str
    role: Role
    region: str = ""
    office: str = ""
    account_id: int | None = None


@dataclass(frozen=True)
class Project:
    """One investment project; money in 10,000 yuan, land in mu.

    `managed_by` is the code of the management region that runs it, such as a new
    district that straddles counties; "" where the county alone does.
    """

    id: int
    code: str
    title: str
    investor: str
    industry: str
    level: Level
    region: str
    stage: Stage
    signed_on: date | None
    started_on: date | None
    production_on: date | None
    investment_wan_cny: float | None
    output_wan_cny: float | None
    tax_wan_cny: float | None
    jobs: int | None
    owner: str
    leader: str
    need: str
    land_demand_mu: float | None
    demand_met: bool
    note: str
    synthetic: bool
    managed_by: str
    version: int
    created_at: datetime
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class StageMove:
    """One step of a project's life: when it entered a stage, who said so, why.

    `entered_on` is None where a project was added that was further on by then.
    """

    id: int
    project_id: int
    stage: Stage
    entered_on: date | None
    why: str
    moved_by: str
    moved_at: datetime


@dataclass(frozen=True)
class Milestone:
    """A key date of a project's construction plan, planned and kept."""

    id: int
    project_id: int
    title: str
    planned_on: date | None
    done_on: date | None


@dataclass(frozen=True)
class ShortlistItem:
    """A parcel that a project considers, and the screening that proposed it."""

    id: int
    project_id: int
    parcel_id: str
    note: str
    score: float | None
    result_hash: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class Claim:
    """Ground held for a project: a geometry, so that changed parcel ids hide nothing.

    `geometry` is WKB in EPSG:4490, `area_m2` the area as claimed; `part` tells that
    it is less than the parcel it names. The claim holds while `kind` is not released
    and `expires_on`, if any, is not past.
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
    region: str
    note: str
    claimed_at: datetime
    claimed_by: str
    expires_on: date | None
    released_at: datetime | None
    released_by: str
    release_reason: str
    part: bool
    version: int
    updated_at: datetime
    updated_by: str

    def holds(self, today: date) -> bool:
        """Tell whether the claim blocks others on that day."""
        return self.kind is not ClaimKind.RELEASED and not self.expired(today)

    def expired(self, today: date) -> bool:
        """Tell whether its last day is past; the last day itself still holds."""
        return self.expires_on is not None and self.expires_on < today


@dataclass(frozen=True)
class Problem:
    """Something that keeps a project from going on, closed only with evidence.

    `level` is the level of government that has it now, `office` the code of who must
    answer; `escalations` counts how often it was handed up, `escalated_on` the last
    time.
    """

    id: int
    project_id: int
    kind: ProblemKind
    category: str
    title: str
    opened_on: date
    due_on: date | None
    closed_on: date | None
    evidence: str
    level: Level
    office: str
    answer: str
    answered_on: date | None
    answered_by: str
    escalations: int
    escalated_on: date | None
    version: int
    updated_at: datetime
    updated_by: str


class Says(Word):
    """What a person holds against a finding."""

    CONFLICT = "conflict", Title("It is a conflict")
    NO_CONFLICT = "no_conflict", Title("It is no conflict")


@dataclass(frozen=True)
class LandCheck:
    """A check of land that was kept: what was checked, and what it came to.

    `dossier` names it for ever; `sha256` is the file's, `result_hash` that of all
    that was found. `verdicts` tells how many parcels came to what, as JSON.
    """

    id: int
    dossier: str
    project_id: int | None
    file_name: str
    sha256: str
    result_hash: str
    parcels: int
    area_m2: float
    verdicts: str
    region: str
    made_at: datetime
    made_by: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class CheckOverrule:
    """A person's word against a finding; neither is ever taken back."""

    id: int
    check_id: int
    parcel_id: str
    layer: str
    says: Says
    reason: str
    said_at: datetime
    said_by: str


@dataclass(frozen=True)
class AuditRow:
    """One write: who did what to which row, as it was and as it became (JSON)."""

    seq: int
    at: datetime
    who: str
    role: Role
    region: str
    verb: str
    entity: str
    entity_id: int
    project_id: int | None
    before: str
    after: str
    hash: str

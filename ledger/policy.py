"""Policies as plain values: documents, their editions, and when they hold."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self

from gis.words import Title
from ledger.model import Word


class PolicyLevel(Word):
    """Which level of government issued a document."""

    NATIONAL = "national", Title("National level")
    PROVINCE = "province", Title("Province level")
    CITY = "city", Title("Prefecture level")
    COUNTY = "county", Title("County level")


class Topic(Word):
    """What a document is about."""

    PLANNING = "planning", Title("Spatial planning")
    CONTROL = "control", Title("Control lines and protection")
    APPROVAL = "approval", Title("Land approval")
    SUPPLY = "supply", Title("Supply and price of land")
    SAVING = "saving", Title("Saving land, idle land")
    ZONES = "zones", Title("Development zones")
    PROMOTION = "promotion", Title("Investment promotion")
    SERVICE = "service", Title("Service and coordination")
    OTHER = "other", Title("Other matters")


class Confidence(Word):
    """Whether what is told of a document rests on a source that says so."""

    SOURCE = "source", Title("Confirmed by a source")
    UNCONFIRMED = "unconfirmed", Title("Not confirmed")


class Origin(Word):
    """Whether a document is only written down here, or made here.

    What is made here passes the checklist before it is published.
    """

    RECORDED = "recorded", Title("Document of another issuer")
    MADE = "made", Title("Made by this office")


class PolicyState(Word):
    """How far a policy has come on the desk."""

    DRAFT = "draft", Title("Draft")
    PUBLISHED = "published", Title("Published")
    WITHDRAWN = "withdrawn", Title("Taken off the desk")
    REPEALED = "repealed", Title("Repealed")


class EditionState(Word):
    """How far an edition has come; a published one stays as it is."""

    DRAFT = "draft", Title("Draft")
    PUBLISHED = "published", Title("Published")
    DROPPED = "dropped", Title("Dropped")


class Standing(Word):
    """How a document stands on a day."""

    NOT_YET = "not_yet", Title("Not yet in force")
    IN_FORCE = "in_force", Title("In force")
    UNDATED = "undated", Title("First day not known")
    ENDED = "ended", Title("No longer in force")


@dataclass(frozen=True)
class Terms:
    """All that is written of a document; what is not known stays empty.

    Attributes:
        title: As it is issued.
        document_number: Its number, such as "国发〔2022〕2号".
        issuer: Who issued it.
        level: Of which level.
        topic: What it is about.
        issued_on: The day it was issued.
        effective_on: The first day it holds.
        until_on: The last day it holds; None where no end is told.
        dates_note: What is known of the days beside these.
        abstract: What it says, in short.
        text: The whole text, where it is at hand.
        to_do: What a firm or an office does to use it.
        ask: Code of the department to ask (`rules_shipped/offices.toml`).
        source: Where what stands here was read.
        confidence: Whether the source says so.
        applies: To whom it applies, as JSON (`applicability.py`); "" where nobody has
            written it down.
    """

    title: str = ""
    document_number: str = ""
    issuer: str = ""
    level: PolicyLevel = PolicyLevel.COUNTY
    topic: Topic = Topic.OTHER
    issued_on: date | None = None
    effective_on: date | None = None
    until_on: date | None = None
    dates_note: str = ""
    abstract: str = ""
    text: str = ""
    to_do: str = ""
    ask: str = ""
    source: str = ""
    confidence: Confidence = Confidence.UNCONFIRMED
    applies: str = ""


@dataclass(frozen=True)
class Policy:
    """A document on the desk, whatever its edition.

    Attributes:
        id: Its number.
        code: Its name for ever, such as "520304-0001".
        keeper: Code of the place whose offices keep the entry.
        origin: Whether it is made here.
        state: How far it has come.
        edition: Number of the newest published edition, 0 for none.
        ended_on: The first day it holds no more, where it was repealed.
        end_reason: Why it was repealed or taken off the desk.
        shipped: Hash of LandMap's entry that it was made of; "" for an office's own.
        version: How often it was written.
        updated_at: When it was written last.
        updated_by: Who wrote it last.
    """

    id: int
    code: str
    keeper: str
    origin: Origin
    state: PolicyState
    edition: int
    ended_on: date | None
    end_reason: str
    shipped: str
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class Edition:
    """One edition of a document: its terms, why they changed, who published it.

    `checklist` holds the answers to the points of making a policy, as JSON.
    """

    id: int
    policy_id: int
    number: int
    state: EditionState
    title: str
    document_number: str
    issuer: str
    level: PolicyLevel
    topic: Topic
    issued_on: date | None
    effective_on: date | None
    until_on: date | None
    dates_note: str
    abstract: str
    text: str
    to_do: str
    ask: str
    source: str
    confidence: Confidence
    applies: str
    checklist: str
    why: str
    published_on: date | None
    published_by: str
    version: int
    updated_at: datetime
    updated_by: str

    @property
    def terms(self) -> Terms:
        """What is written of the document in this edition."""
        return Terms(**{one.name: getattr(self, one.name) for one in fields(Terms)})


@dataclass(frozen=True)
class PolicyFile:
    """A file that belongs to a document; its bytes lie beside the database."""

    id: int
    policy_id: int
    name: str
    kind: str
    size: int
    sha256: str
    removed: bool
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class PromisePolicy:
    """Which policy a promise was made under, and which edition of it was seen."""

    id: int
    promise_id: int
    policy_id: int | None
    edition: int
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True)
class Held:
    """A document as it is read on a day: the edition that counts, and how it stands."""

    policy: Policy
    edition: Edition
    standing: Standing

    @classmethod
    def on(cls, policy: Policy, editions: Sequence[Edition], day: date) -> Self | None:
        """Read a document on a day.

        Args:
            policy: The document.
            editions: Its editions, in any order.
            day: The day.

        Returns:
            The newest published edition that has begun by then, else the first to
            begin; None where none is published.
        """
        published = sorted(
            (one for one in editions if one.state is EditionState.PUBLISHED),
            key=lambda one: one.number,
        )
        if not published:
            return None
        begun = [one for one in published if not _later(one.effective_on, day)]
        edition = begun[-1] if begun else published[0]
        return cls(policy, edition, standing(policy, edition, day))


def standing(policy: Policy, edition: Edition, day: date) -> Standing:
    """Tell how an edition stands on a day; its last day itself still holds.

    Args:
        policy: The document.
        edition: The edition.
        day: The day.

    Returns:
        `UNDATED` where nobody knows the day it began: such a document may hold.
    """
    repealed = policy.ended_on is not None and policy.ended_on <= day
    if repealed or (edition.until_on is not None and edition.until_on < day):
        return Standing.ENDED
    if edition.effective_on is None:
        return Standing.UNDATED
    return Standing.IN_FORCE if edition.effective_on <= day else Standing.NOT_YET


def ends_on(held: Held) -> date | None:
    """Return the last day a document holds; None where no end is told."""
    ended = held.policy.ended_on
    last = date.fromordinal(ended.toordinal() - 1) if ended else None
    days = [day for day in (held.edition.until_on, last) if day is not None]
    return min(days, default=None)


def _later(day: date | None, than: date) -> bool:
    return day is not None and day > than

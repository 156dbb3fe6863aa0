"""What the policy desk asks today: what to publish, what ends, whom that warns."""

from datetime import timedelta
from typing import Final

from ledger import policies, policy_uses
from ledger.access import Verb, may, own_prefix
from ledger.agenda_tables import Entry, Found
from ledger.policy import ends_on
from ledger.policy_uses import Caution
from ledger.unit_of_work import CHINA, Work

CHANGED: Final = "changed"
ENDS: Final = "ends"
GONE: Final = "gone"


def ending(work: Work, most: int) -> Found:
    """Read the documents kept in the actor's place that end soon."""
    own = own_prefix(work.actor)
    if own is None or not may(work.actor, Verb.POLICY_EDIT):
        return 0, ()
    found = policy_uses.ending(work, own)
    return len(found), tuple(
        Entry(
            entity="policy",
            id=one.policy.id,
            title=one.edition.title,
            day=(end := ends_on(one)),
            left=None if end is None else (end - work.today()) // timedelta(days=1),
            code=one.policy.code,
            region=one.policy.keeper,
            about=one.edition.document_number,
        )
        for one in found[:most]
    )


def ready(work: Work, most: int) -> Found:
    """Read the drafts that wait for the actor to publish them, the oldest first."""
    found = sorted(policies.ready(work), key=lambda pair: pair[1].updated_at)
    return len(found), tuple(
        Entry(
            entity="policy_edition",
            id=edition.id,
            title=edition.title,
            day=(since := edition.updated_at.astimezone(CHINA).date()),
            left=(since - work.today()) // timedelta(days=1),
            code=policy.code,
            region=policy.keeper,
            about=edition.document_number,
        )
        for policy, edition in found[:most]
    )


def warned(work: Work, most: int) -> Found:
    """Read the promises still due whose policy changed, ends soon or is gone."""
    found = policy_uses.to_look_at(work)
    return len(found), tuple(
        Entry(
            entity="promise",
            id=one.promise.id,
            title=one.promise.title,
            day=(end := one.caution.ends if one.caution else None),
            left=None if end is None else (end - work.today()) // timedelta(days=1),
            code=one.project.code,
            project=one.project.title,
            region=one.project.region,
            about=_why(one.caution),
        )
        for one in found[:most]
    )


def _why(caution: Caution | None) -> str:
    if caution is None or caution.gone:
        return GONE
    return CHANGED if caution.changed else ENDS

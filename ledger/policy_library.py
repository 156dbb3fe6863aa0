"""The published documents of a day, ready to be searched and filtered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger import policies
from ledger.applicability import read as read_applies
from ledger.policy import Held, PolicyLevel, Standing, Topic
from ledger.policy_conditions import Answer
from ledger.policy_match import Reason, matched
from ledger.policy_search import Index, Words
from ledger.policy_subjects import Subjects
from ledger.unit_of_work import Work
from siting.words import lies_in, region_prefix


@dataclass(frozen=True)
class Wanted:
    """What a list of documents is filtered by; nothing of it keeps everything.

    Attributes:
        text: Words of title, number, issuer or text; initials of the title's pinyin.
        level: Of which level.
        topic: What it is about.
        standing: How it stands on the day.
        region: Code of a place: documents whose conditions reach it, or name none.
    """

    text: str = ""
    level: PolicyLevel | None = None
    topic: Topic | None = None
    standing: Standing | None = None
    region: str = ""


class Library:
    """Documents as they stand on a day; made once and searched often.

    Args:
        held: The documents.
    """

    def __init__(self, held: Iterable[Held]) -> None:
        self.held = tuple(held)
        self._index = Index([words_of(one) for one in self.held])

    def find(self, wanted: Wanted) -> list[Held]:
        """List the documents that a filter asks for.

        Args:
            wanted: What is asked for.

        Returns:
            The documents: what the words name in the title first.
        """
        found = (self.held[at] for at in self._index.find(wanted.text))
        return [one for one in found if _fits(one, wanted)]


def library(work: Work, day: date | None = None) -> Library:
    """Read the published documents of a day.

    Args:
        work: The unit of work.
        day: The day; today when not given.

    Returns:
        The documents, ready to be searched.
    """
    return Library(policies.on_day(work, day))


def published_for(
    work: Work, subjects: Subjects, day: date | None = None, place: int = 0
) -> list[tuple[Held, Answer, list[Reason]]]:
    """List the published documents that apply to one subject on a day, or may.

    Args:
        work: The unit of work.
        subjects: Among whom it is; for the public, of published facts alone.
        day: The day; today when not given.
        place: Its place among them.

    Returns:
        The documents with their answers and why, the sure ones first.
    """
    return list(matched(policies.on_day(work, day), subjects, place))


def words_of(held: Held) -> Words:
    """Tell what a document is found by."""
    one = held.edition
    return Words(
        title=one.title,
        head=f"{one.document_number} {one.issuer} {held.policy.code}",
        body=f"{one.abstract} {one.to_do} {one.text}",
    )


def _fits(held: Held, wanted: Wanted) -> bool:
    one = held.edition
    return (
        wanted.level in {None, one.level}
        and wanted.topic in {None, one.topic}
        and wanted.standing in {None, held.standing}
        and (not wanted.region or _reaches(held, wanted.region))
    )


def _reaches(held: Held, region: str) -> bool:
    applies = read_applies(held.edition.applies)
    if applies is None or not applies.regions:
        return True
    wide = region_prefix(region)
    return lies_in(region, applies.regions) or any(
        one.startswith(wide) for one in applies.regions
    )

"""Which documents apply to which projects, parcels and zones: pure, over columns.

A condition answers yes, no or unknown, and a document is as sure as its least sure
condition: what nobody knows may apply and is never told to apply.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ledger.applicability import Applicability, Kind, read
from ledger.policy import Confidence, Held, Standing
from ledger.policy_conditions import (
    NO_WORD,
    Answer,
    Answers,
    Asked,
    ask,
    asked_of,
    single_words,
)
from ledger.policy_subjects import Subjects


@dataclass(frozen=True)
class Reason:
    """Why a document applies to one subject, or may: a condition and its answer.

    Attributes:
        asked: The condition.
        answer: Its answer.
        found: What the subject has; "" where that is not known.
    """

    asked: Asked
    answer: Answer
    found: str


class Matcher:
    """Answers which documents apply to some subjects; each condition is asked once.

    Args:
        subjects: Whom it is asked for.
    """

    def __init__(self, subjects: Subjects) -> None:
        self.subjects = subjects
        self._known: dict[Asked, Answers] = {}
        self._read: dict[str, Applicability | None] = {}

    def answers(self, held: Held) -> Answers:
        """Tell to which subjects a document applies.

        Args:
            held: The document as it stands on the day that is asked for.

        Returns:
            An `Answer` each, shape (n,), int8; not to be changed. What has ended or
            not begun answers no, and so does what nobody wrote conditions of.
        """
        applies = self.applies(held)
        sure = sureness(held)
        if applies is None or sure is Answer.NO:
            return self._all(Answer.NO)
        if not set(self.subjects.about) & set(applies.about):
            return self._all(Answer.NO)
        found = self._all(sure)
        for one in asked_of(applies):
            found = np.minimum(found, self.asked(one))
        return found

    def asked(self, asked: Asked) -> Answers:
        """Ask one condition of all subjects.

        Args:
            asked: The condition.

        Returns:
            An `Answer` each, shape (n,), int8; not to be changed.
        """
        if len(asked.wanted) > 1 and asked.kind is not Kind.TOLD:
            # Any word is enough: thousands of documents share a few words.
            each = (self.asked(one) for one in single_words(asked))
            return reduce(np.maximum, each)
        if asked not in self._known:
            self._known[asked] = ask(self.subjects, asked)
        return self._known[asked]

    def reasons(self, held: Held, place: int = 0) -> list[Reason]:
        """Tell why a document applies to one subject, or may.

        Args:
            held: The document.
            place: Place of the subject.

        Returns:
            Each condition with its answer and what the subject has.
        """
        applies = self.applies(held)
        if applies is None:
            return []
        return [
            Reason(
                asked=one,
                answer=Answer(int(self.asked(one)[place])),
                found=self._found(one.column, place),
            )
            for one in asked_of(applies)
        ]

    def applies(self, held: Held) -> Applicability | None:
        """Read to whom a document applies; the same text is read once.

        Args:
            held: The document.

        Returns:
            The conditions; None where nobody wrote them down.
        """
        text = held.edition.applies
        if text not in self._read:
            self._read[text] = read(text)
        return self._read[text]

    def _all(self, answer: Answer) -> Answers:
        return np.full(self.subjects.count, answer, dtype=np.int8)

    def _found(self, column: str, place: int) -> str:
        if column in self.subjects.figures:
            value = self.subjects.figures[column][place]
            return "" if np.isnan(value) else f"{value:,.10g}"
        if column in self.subjects.words:
            word = self.subjects.words[column][place] or ""
            return "" if word in NO_WORD else word
        return ""


def sureness(held: Held) -> Answer:
    """Tell how sure a document can be at most, whoever it is asked for.

    Args:
        held: The document as it stands on a day.

    Returns:
        No where it does not hold; unknown where the day it began or the whole of what
        stands here is not confirmed.
    """
    if held.standing in {Standing.ENDED, Standing.NOT_YET}:
        return Answer.NO
    sure = held.edition.confidence is Confidence.SOURCE
    if held.standing is Standing.UNDATED or not sure:
        return Answer.UNKNOWN
    return Answer.YES


def match(documents: Iterable[Held], subjects: Subjects) -> NDArray[np.int8]:
    """Ask all documents about all subjects.

    Args:
        documents: The documents as they stand on a day, m of them.
        subjects: Whom they are asked for, n of them.

    Returns:
        An `Answer` each, shape (m, n), int8.
    """
    matcher = Matcher(subjects)
    found = [matcher.answers(one) for one in documents]
    empty = np.empty((0, subjects.count), dtype=np.int8)
    return np.stack(found) if found else empty


def matched(
    documents: Sequence[Held], subjects: Subjects, place: int = 0
) -> Iterator[tuple[Held, Answer, list[Reason]]]:
    """List the documents that apply to one subject, or may: the sure ones first.

    Args:
        documents: The documents as they stand on a day.
        subjects: Among whom it is.
        place: Its place.

    Yields:
        The document, its answer, and why.
    """
    matcher = Matcher(subjects)
    found = [(one, Answer(int(matcher.answers(one)[place]))) for one in documents]
    for sure in (Answer.YES, Answer.UNKNOWN):
        for one, answer in found:
            if answer is sure:
                yield one, answer, matcher.reasons(one, place)

"""The casework of a whole province as rows, written straight into the tables."""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from shapely import box, to_wkb

from ledger import appraisals, approvals, audit, tables
from ledger.appraisal_checklist import Answer, Found, write_answers
from ledger.approval_batches import week_of
from ledger.approval_paths import PathTable
from ledger.casework import (
    AppraisalState,
    ApprovalState,
    Channel,
    Decision,
    DemandState,
    InquiryState,
    PromiseState,
    QueueState,
    Urgency,
    View,
)
from ledger.model import Actor, ClaimKind, Level, ProblemKind, Role, Stage
from ledger.stages import ROAD, dates_asked
from ledger.unit_of_work import Ledger, Work

COUNTS: Final[Mapping[str, int]] = {
    "project": 10_000,
    "problem": 50_000,
    "claim": 5_000,
    "claim_queue": 300,
    "demand": 6_000,
    "approval": 3_000,
    "promise": 5_000,
    "payment": 3_000,
    "firm_request": 5_000,
    "appraisal": 3_000,
    "opinion": 6_000,
    "inquiry": 2_000,
    "milestone": 5_000,
    "stage_plan": 4_000,
    "shortlist_item": 5_000,
}
"""What is written of each table; an application also gets the steps of its path."""

PROVINCE: Final = Actor("Benchmark", Role.PROVINCE, "520000")
OPEN_SHARE: Final = 0.3
SIDE: Final = 0.002  # degrees: some 200 m, 60 mu
CATEGORIES: Final = ("land", "power", "water", "road", "planning", "policy", "other")
OFFICES: Final = ("", "land", "energy", "water", "transport", "conference")
Row = dict[str, Any]


def fill(ledger: Ledger, places: Mapping[str, str]) -> int:
    """Write a province's casework, each row with its row of the audit.

    Args:
        ledger: An empty ledger.
        places: Names of counties and prefectures by code.

    Returns:
        How many rows were written; their chain is verified.
    """
    with ledger.begin(PROVINCE) as work:
        making = _Making(work, [code for code in places if not code.endswith("00")])
        for name in COUNTS:
            _insert(work, name, list(making.rows(name)))
            if name == "approval":
                _insert(work, "approval_step", making.steps)
        work.commit()
    with ledger.read(PROVINCE) as work:
        verified = audit.verify(work)
    assert verified.broken is None, verified
    assert verified.rows == sum(COUNTS.values()) + len(making.steps)
    return verified.rows


def _insert(work: Work, name: str, rows: list[Row]) -> None:
    table = tables.metadata.tables[name]
    work.connection.execute(table.insert(), rows)
    for row in rows:
        audit.record(
            work,
            f"{name}.benchmark",
            name,
            row["id"],
            project_id=row["id"] if name == "project" else row.get("project_id"),
            after=row,
        )


FROZEN: Final = json.dumps({
    "decided_on": "2026-05-01",
    "decided_by": PROVINCE.name,
    "reason": "同意",
    "summary": "符合产业方向，要素有保障。" * 200,
    "figures": [],
    "items": [],
    "gates": [],
    "opinions": [],
    "checklist": {"edition": "1"},
    "software": "1",
    "data": {},
})
"""What a decision rested on, as long as one is."""


class _Making:
    """Makes rows, the same ones each time.

    Args:
        work: The unit of work, which tells the day.
        codes: Counties that projects lie in.
    """

    def __init__(self, work: Work, codes: list[str]) -> None:
        self.draw = random.Random(1)
        self.today = work.today()
        self.now = work.now()
        self.codes = codes
        self.paths: PathTable = approvals.table(work)
        self.checklist = appraisals.checklist(work)
        self.steps: list[Row] = []

    def rows(self, name: str) -> Iterator[Row]:
        """Make all rows of a table."""
        kept = {
            "version": 1,
            "updated_at": self.now,
            "updated_by": PROVINCE.name,
        }
        table = tables.metadata.tables[name]
        make = getattr(self, f"_{name}")
        for number in range(COUNTS[name]):
            row = {"id": number + 1} | make(number)
            if "project_id" in table.c and "project_id" not in row:
                row["project_id"] = self.draw.randrange(COUNTS["project"]) + 1
            yield row | kept if "version" in table.c else row

    def _ago(self, least: int, most: int) -> date:
        return self.today - timedelta(days=self.draw.randrange(least, most))

    def _ahead(self, least: int, most: int) -> date:
        return self.today + timedelta(days=self.draw.randrange(least, most))

    def _project(self, number: int) -> Row:
        stage = self.draw.choice(ROAD)
        day = self._ago(400, 900)
        dates = {
            name: day + timedelta(days=100 * place)
            for place, name in enumerate(("signed_on", "started_on", "production_on"))
        }
        asked = dates_asked(stage)
        done = stage in {Stage.STARTED, Stage.PRODUCTION, Stage.FULL_CAPACITY}
        return {
            "code": f"BM-{number:05d}",
            "title": f"新能源材料项目{number}期",
            "investor": f"示例企业{self.draw.randrange(3_000)}",
            "industry": self.draw.choice(("C3985", "C1512", "C2614", "I6450")),
            "level": self.draw.choice(list(Level)),
            "region": self.draw.choice(self.codes),
            "stage": stage,
            **{name: day if name in asked else None for name, day in dates.items()},
            "land_demand_mu": round(self.draw.uniform(20, 600), 2),
            "demand_met": done,
            "synthetic": True,
            "created_at": self.now,
        }

    def _problem(self, number: int) -> Row:
        return {"kind": self.draw.choice(list(ProblemKind))} | self._case(
            f"要素保障问题{number}", "opened_on"
        )

    def _firm_request(self, number: int) -> Row:
        return {"channel": self.draw.choice(list(Channel))} | self._case(
            f"企业诉求{number}", "raised_on"
        )

    def _case(self, title: str, since: str) -> Row:
        opened = self._ago(1, 400)
        is_open = self.draw.random() < OPEN_SHARE
        closed = None if is_open else self._between(opened, self.today)
        office = self.draw.choice(OFFICES)
        answered = bool(office) and self.draw.random() < OPEN_SHARE
        return {
            "category": self.draw.choice(CATEGORIES),
            "title": title,
            since: opened,
            "due_on": opened + timedelta(days=self.draw.randrange(10, 420)),
            "closed_on": closed,
            "evidence": "" if is_open else "销号单",
            "level": self.draw.choice(list(Level)),
            "office": office,
            "answer": "已列入调度清单" if answered else "",
            "answered_on": opened if answered else None,
            "answered_by": "对口部门" if answered else "",
            "escalations": self.draw.choice((0, 0, 0, 1, 2)),
        }

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.draw.randrange((last - first).days + 1))

    def _claim(self, number: int) -> Row:
        kind = self.draw.choice((
            ClaimKind.INTENT,
            ClaimKind.RESERVED,
            ClaimKind.LOCKED,
        ))
        return self._ground(number) | {
            "kind": kind,
            "claimed_at": self.now,
            "claimed_by": PROVINCE.name,
            "expires_on": self._ahead(-20, 90),
            "released_at": None,
        }

    def _claim_queue(self, number: int) -> Row:
        return self._ground(7 * number) | {
            "kind": ClaimKind.INTENT,
            "state": QueueState.WAITING,
            "queued_at": self.now,
            "queued_by": PROVINCE.name,
        }

    def _ground(self, number: int) -> Row:
        """Make a square that touches no other: a chessboard over the province."""
        west, south = 104.5 + 0.05 * (number % 90), 25.2 + 0.05 * (number // 90)
        shape = box(west, south, west + SIDE, south + SIDE)
        return {
            "parcel_id": f"BM-{number:05d}",
            "geometry": to_wkb(shape),
            "area_m2": 40_000.0,
            **dict(zip(("minx", "miny", "maxx", "maxy"), shape.bounds, strict=True)),
            "part": False,
        }

    def _demand(self, number: int) -> Row:
        state = self.draw.choice(list(DemandState))
        closed = state in {DemandState.MET, DemandState.WITHDRAWN}
        matched = state in {DemandState.MATCHED, DemandState.APPROVAL}
        return {
            # Two of three projects that want land have it written down.
            "project_id": number % (2 * COUNTS["project"] // 3) + 1,
            "title": f"用地需求{number}",
            "area_mu": round(self.draw.uniform(20, 600), 2),
            "urgency": self.draw.choice(list(Urgency)),
            "state": state,
            "raised_on": self._ago(100, 300),
            "wanted_by": self._ahead(-60, 200),
            "follower": f"联络员{self.draw.randrange(200)}",
            "parcel_id": f"BM-{number % COUNTS['claim']:05d}" if matched else "",
            "closed_on": self._ago(1, 90) if closed else None,
            "evidence": "出让合同" if state is DemandState.MET else "",
        }

    def _approval(self, number: int) -> Row:
        path = self.paths.paths[number % len(self.paths.paths)]
        state = self.draw.choice((
            ApprovalState.OPEN,
            ApprovalState.OPEN,
            ApprovalState.APPROVED,
            ApprovalState.REFUSED,
        ))
        begun, place = self._ago(60, 300), self.draw.randrange(len(path.steps))
        self.steps += [
            {
                "id": len(self.steps) + at + 1,
                "approval_id": number + 1,
                "place": at,
                "code": step.code,
                "title": step.title,
                "english": step.english,
                "office": step.office,
                "by_batch": step.by_batch,
                "limit_days": step.limit_days,
                "limit_confirmed": step.limit_confirmed,
                "entered_on": begun + timedelta(days=5 * at) if at <= place else None,
                "done_on": begun + timedelta(days=5 * at + 5) if at < place else None,
                "documents": json.dumps([
                    vars(one) | {"got_on": None} for one in step.documents
                ]),
                "version": 1,
                "updated_at": self.now,
                "updated_by": PROVINCE.name,
            }
            for at, step in enumerate(path.steps)
        ]
        is_open = state is ApprovalState.OPEN
        return {
            "title": f"农用地转用{number}",
            "case_code": (path.cases or (self.paths.cases[0].code,))[0],
            "path": path.code,
            "edition": self.paths.edition,
            "urgency": self.draw.choice((Urgency.NORMAL,) * 9 + (Urgency.URGENT,)),
            "batch": week_of(self.today) if is_open and number % 30 == 0 else "",
            "area_mu": round(self.draw.uniform(20, 600), 2),
            "state": state,
            "place": place,
            "begun_on": begun,
            "decided_on": None if is_open else self._ago(1, 59),
        }

    def _promise(self, number: int) -> Row:
        state = self.draw.choice((PromiseState.OPEN, PromiseState.KEPT))
        amount = round(self.draw.uniform(10, 900), 2)
        kept = state is PromiseState.KEPT
        return {
            "title": f"标准厂房租金补贴{number}",
            "basis": "投资协议第六条",
            "amount_wan_cny": amount,
            "due_on": self._ahead(-200, 300),
            "state": state,
            "paid_wan_cny": amount if kept else 0.0,
            "settled_on": self._ago(1, 200) if kept else None,
            "evidence": "拨付凭证" if kept else "",
            "office": self.draw.choice(OFFICES),
        }

    def _payment(self, number: int) -> Row:
        return {
            "promise_id": number + 1,
            "amount_wan_cny": 10.0,
            "paid_on": self._ago(1, 200),
            "evidence": "拨付凭证",
            "at": self.now,
            "who": PROVINCE.name,
        }

    def _appraisal(self, number: int) -> Row:
        state = list(AppraisalState)[number % 3]
        decided = state is AppraisalState.DECIDED
        told = write_answers({
            code: Answer(Found.FINE, "已核实") for code in self.checklist.codes
        })
        return {
            "project_id": number + 1,
            "state": state,
            "edition": self.checklist.edition,
            "answers": told,
            "summary": "符合产业方向",
            "submitted_on": None if number % 3 == 0 else self._ago(1, 300),
            "decision": self.draw.choice(list(Decision)) if decided else None,
            "decided_on": self._ago(1, 200) if decided else None,
            "decided_by": PROVINCE.name if decided else "",
            "frozen": FROZEN if decided else "",
        }

    def _opinion(self, number: int) -> Row:
        return {
            "appraisal_id": number % COUNTS["appraisal"] + 1,
            "role": self.draw.choice((Role.PLANNER, Role.DEPARTMENT, Role.FACTOR)),
            "office": self.draw.choice(OFFICES),
            "view": self.draw.choice(list(View)),
            "text": "同意引进",
            "said_at": self.now,
            "said_by": "对口部门",
        }

    def _inquiry(self, number: int) -> Row:
        state = self.draw.choice((InquiryState.NEW, InquiryState.ANSWERED))
        return {
            "project_id": None,
            "number": f"ZX-{number:06d}",
            "region": self.draw.choice(self.codes),
            "firm": f"示例企业{number}",
            "person": "王女士",
            "contact": "0851-1234567",
            "text": "拟投资建设生产线，希望了解可供工业用地的情况。" * 3,
            "consented_at": self.now,
            "state": state,
            "received_at": self.now - timedelta(days=self.draw.randrange(200)),
        }

    def _milestone(self, number: int) -> Row:
        return {
            "title": f"主体封顶{number}",
            "planned_on": self._ahead(-100, 200),
            "done_on": None if number % 2 else self._ago(1, 99),
        }

    def _stage_plan(self, number: int) -> Row:
        return {
            "project_id": number + 1,
            "stage": self.draw.choice(ROAD[1:]),
            "planned_on": self._ahead(-100, 200),
        }

    def _shortlist_item(self, number: int) -> Row:
        return {
            "project_id": number % COUNTS["project"] + 1,
            "parcel_id": f"BM-{(3 * number) % COUNTS['claim']:05d}",
            "score": 80.0,
            "result_hash": "0" * 64,
            "added_at": self.now,
            "added_by": PROVINCE.name,
        }

"""Search of the policy desk, and whom its documents apply to.

    python -m benchmarks policies [--json]

20,000 documents with texts of some 1,000 characters are put into the ledger of each
kind of database, read and searched by pieces of two characters, longer ones, numbers
and pinyin initials, rare and everywhere; a plain scan of all texts must agree. Then
40, 1,000 and 20,000 of them are matched to 10,000 projects, against a loop that asks
project by project. Aims: a search under 50 ms, a match of all under 2 s.
"""

import random
import statistics
import time
from contextlib import ExitStack
from datetime import date
from typing import Any, Final

import numpy as np

from benchmarks.claims import CLERK, KEY, KINDS, database
from ledger import policies, policy_library
from ledger.applicability import About, Applicability, Limits, written
from ledger.model import Stage
from ledger.policy import Confidence, Held, Origin, PolicyState
from ledger.policy_conditions import Answer
from ledger.policy_library import Library, Wanted, words_of
from ledger.policy_match import Matcher
from ledger.policy_search import folded, initials
from ledger.policy_subjects import Subjects, one_subject
from ledger.policy_tables import policy as _policy
from ledger.policy_tables import policy_edition as _edition
from ledger.unit_of_work import Ledger
from siting.columns import Coded, Figures

DOCUMENTS: Final = 20_000
PROJECTS: Final = 10_000
LENGTH: Final = 1_000
FEW: Final = 40
MANY: Final = 1_000
CHECKED: Final = 200
SEARCH_AIM_MS: Final = 50
MATCH_AIM_S: Final = 2
WORDS: Final = [
    "土地",
    "用地",
    "工业",
    "园区",
    "规划",
    "审批",
    "供应",
    "价格",
    "标准",
    "指标",
    "闲置",
    "耕地",
    "保护",
    "红线",
    "招商",
    "引资",
    "项目",
    "企业",
    "补贴",
    "兑现",
    "承诺",
    "开发",
    "建设",
    "许可",
    "评估",
    "地质",
    "灾害",
    "矿产",
    "水源",
    "环境",
    "节能",
    "安全",
    "供电",
    "供水",
    "排水",
    "燃气",
    "道路",
    "铁路",
    "物流",
    "电池",
    "白酒",
    "铝业",
    "磷化",
    "数据",
    "中心",
    "新能",
    "源材",
    "料和",
    "服务",
    "协调",
    "调度",
    "机制",
    "办法",
    "意见",
    "通知",
    "方案",
    "计划",
    "管理",
    "制度",
    "改革",
    "高质",
    "量发",
    "展的",
    "实施",
    "试行",
    "关于",
    "推进",
    "支持",
]
SECTORS: Final = ("C", "C13", "C15", "C26", "C30", "C32", "C38", "C39", "I65", "G59")
COUNTIES: Final = tuple(
    f"52{city:02d}{county:02d}" for city in range(1, 5) for county in range(1, 23)
)


def race() -> dict[str, Any]:
    """Search and match.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them, in milliseconds.
    """
    ours: dict[str, Any] = {}
    for kind in KINDS:
        with ExitStack() as stack:
            ledger = Ledger(database(stack, kind), KEY)
            stack.callback(ledger.close)
            fill(ledger, DOCUMENTS)
            library, read_s, index_s = opened(ledger)
        ours[kind] = told = searched(library)
        print(
            f"{kind:<11} {DOCUMENTS:,} documents read in {read_s:.1f} s, indexed in"
            f" {index_s:.1f} s; a search takes {told['p50_ms']:.1f} ms"
            f" (p95 {told['p95_ms']:.1f}, longest {told['longest_ms']:.1f};"
            f" aim {SEARCH_AIM_MS})",
            flush=True,
        )
    subjects = projects(PROJECTS)
    for count in (FEW, MANY, DOCUMENTS):
        ours[f"match_{count}"] = told = matched(library.held[:count], subjects)
        print(
            f"{count:,} documents to {PROJECTS:,} projects: {told['s']:.2f} s"
            f" (aim {MATCH_AIM_S}), {told['pairs']:,} pairs apply or may",
            flush=True,
        )
    ours["p50_ms"] = max(ours[kind]["p50_ms"] for kind in KINDS)
    return {"ours": ours, "peers": {}, "ratios": {}}


def fill(ledger: Ledger, count: int) -> None:
    """Put published documents into a ledger, as its verbs would, in one go."""
    dice = random.Random(1)
    with ledger.begin(CLERK) as work:
        stamp = {"version": 1, "updated_at": work.now(), "updated_by": CLERK.name}
        head = {
            "keeper": CLERK.region,
            "origin": Origin.RECORDED,
            "state": PolicyState.PUBLISHED,
            "edition": 1,
        }
        work.connection.execute(
            _policy.insert(),
            [{"id": n, "code": f"P{n}"} | head | stamp for n in range(1, count + 1)],
        )
        edition = {
            "number": 1,
            "state": "published",
            "level": "county",
            "topic": "other",
            "effective_on": date(2020, 1, 1),
            "confidence": Confidence.SOURCE,
            "source": "made up",
            "published_on": date(2020, 1, 1),
        }
        work.connection.execute(
            _edition.insert(),
            [
                {
                    "policy_id": n,
                    "title": "".join(dice.choices(WORDS, k=9)),
                    "document_number": f"黔府发〔{dice.randint(2000, 2026)}〕{n}号",
                    "text": "".join(dice.choices(WORDS, k=LENGTH // 2)),
                    "applies": written(conditions(dice)),
                }
                | edition
                | stamp
                for n in range(1, count + 1)
            ],
        )
        work.commit()


def conditions(dice: random.Random) -> Applicability:
    """Make conditions up: some industries, counties, stages, an investment."""
    return Applicability(
        about=(About.PROJECT,),
        industries=tuple(dice.sample(SECTORS, k=dice.randint(0, 3))),
        regions=tuple(dice.sample(COUNTIES, k=dice.randint(0, 4))),
        stages=tuple(dice.sample(list(Stage), k=dice.randint(0, 4))),
        investment=Limits(float(dice.randint(0, 50) * 1_000))
        if dice.random() < 0.5  # noqa: PLR2004 - half of them
        else Limits(),
    )


def opened(ledger: Ledger) -> tuple[Library, float, float]:
    """Read the documents and make them ready, as the first page of a day does.

    Returns:
        The library, seconds to read, seconds to index.
    """
    initials.cache_clear()
    with ledger.read(CLERK) as work:
        begun = time.perf_counter()
        held = policies.on_day(work)
        read = time.perf_counter()
    library = policy_library.Library(held)
    return library, read - begun, time.perf_counter() - read


def searched(library: Library) -> dict[str, float]:
    """Search, and hold each answer to a plain scan of all texts."""
    dice = random.Random(2)
    texts = [
        folded(f"{said.title}\n{said.head}\n{said.body}")
        for said in map(words_of, library.held)
    ]
    asked = [
        *dice.sample(WORDS, 20),
        *("地地", "没有", "〔2026〕", "19999号", "工业用地", "招商 引资", "标准地"),
        *(initials(one.edition.title)[:4] for one in dice.sample(library.held, 5)),
        *("土地 供应 价格", "gy", "a", "用"),
    ]
    took = []
    for text in asked:
        begun = time.perf_counter()
        found = library.find(Wanted(text=text))
        took.append(1_000 * (time.perf_counter() - begun))
        words = [folded(word) for word in text.split()]
        plain = {
            at for at, said in enumerate(texts) if all(word in said for word in words)
        }
        places = {one.policy.id - 1 for one in found}
        assert plain <= places, text
        if not text.isascii():
            assert plain == places, text
    return {
        "p50_ms": statistics.median(took),
        "p95_ms": float(np.quantile(took, 0.95)),
        "longest_ms": max(took),
        "searches": len(took),
    }


def projects(count: int) -> Subjects:
    """Make projects up as columns; every tenth has no industry, no investment."""
    dice = np.random.default_rng(3)
    industries = tuple(f"{one}{n}" for one in SECTORS if len(one) > 1 for n in range(5))
    stages = tuple(stage.value for stage in Stage)
    money = dice.uniform(0, 100_000, count)
    money[::10] = np.nan
    codes = dice.integers(0, len(industries), count)
    codes[::10] = -1
    return Subjects(
        about=(About.PROJECT,),
        count=count,
        words={
            "industry": Coded(codes, industries),
            "region": Coded(dice.integers(0, len(COUNTIES), count), COUNTIES),
            "managed_by": Coded(np.zeros(count, dtype=np.intp), ("",)),
            "stage": Coded(dice.integers(0, len(stages), count), stages),
        },
        figures={"investment_wan_cny": Figures(money)},
    )


def matched(documents: tuple[Held, ...], subjects: Subjects) -> dict[str, float]:
    """Match, and hold some answers to one project asked by itself."""
    begun = time.perf_counter()
    matcher, pairs = Matcher(subjects), 0
    for one in documents:
        pairs += int(np.count_nonzero(matcher.answers(one)))
    took = time.perf_counter() - begun
    dice = random.Random(4)
    for _ in range(CHECKED):
        held, place = dice.choice(documents), dice.randrange(subjects.count)
        words = {name: one[place] or "" for name, one in subjects.words.items()}
        figures = {name: one[place] for name, one in subjects.figures.items()}
        alone = Matcher(one_subject(About.PROJECT, words, figures)).answers(held)
        assert Answer(int(alone[0])) == Answer(int(matcher.answers(held)[place]))
    return {"s": took, "pairs": pairs}

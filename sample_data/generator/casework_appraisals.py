"""The sample's appraisals before signing: drafts, some waiting, most decided."""

from collections.abc import Mapping, Sequence
from typing import Final

from numpy.random import Generator

from sample_data.generator.casework import Row
from sample_data.generator.draw import stream

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "strength": ("近三年营收稳定，有同类在产基地", "成立时间较短，资产规模偏小"),
    "credit": ("未见失信、欠税记录", "有一起未结合同诉讼，标的较小"),
    "technology": ("工艺成熟，产品有订单", "中试完成，量产待验证"),
    "funds": ("自有资金占四成，其余为贷款", "股权融资为主，尚未到位"),
    "balance": ("要素投入与税收、就业回报平衡", "前期配套投入大，五年难平衡"),
    "overall": ("带动上下游配套，综合效益较好", "对本地配套带动有限"),
    "long_term": ("符合主导产业方向，可持续", "技术路线变化较快，需跟踪"),
    "site": ("候选地块符合控制线和规划", "候选地块局部坡度较大"),
    "infrastructure": ("水、电、路已到红线", "污水处理能力不足，需先行建设"),
}
"""What is written to each item: where it is in order, and where it is not."""

OPINIONS: Final = (
    ("planner", "", "for", "用地符合规划，建议引进（示例）"),
    ("factor", "land", "for", "用地指标可保障（示例）"),
    ("department", "energy", "conditions", "用能需落实能耗指标后引进（示例）"),
)


def draw_appraisals(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Draw an appraisal for each project in negotiation and for some signed ones.

    Args:
        projects: The sample's projects.
        seed: Seed of the province.

    Returns:
        Appraisals, with answers, opinions and decision.
    """
    rng = stream(seed, "appraisals")
    talks = [one for one in projects if one["stage"] == "negotiation"]
    signed = [one for one in projects if one["stage"] == "signed"]
    ended = [one for one in projects if one["stage"] == "ended"][:1]
    entries = [_in_talks(rng, number, one) for number, one in enumerate(talks)]
    entries += [
        _decided(rng, "with_conditions" if number % 4 == 1 else "bring_in", one)
        for number, one in enumerate(signed)
    ]
    return entries + [_decided(rng, "do_not", one) for one in ended]


def _in_talks(rng: Generator, number: int, project: Row) -> Row:
    """Draw a draft, or an appraisal that waits for a decision."""
    codes = list(TEXTS)
    waits = number % 2 == 0
    entry = _answered(rng, project, codes if waits else codes[: 2 + number])
    if waits:
        entry["submit"] = True
        entry["opinions"] = _said(OPINIONS[: 1 + number % 3])
    return entry


def _decided(rng: Generator, decision: str, project: Row) -> Row:
    entry = _answered(rng, project, list(TEXTS))
    reasons = {
        "bring_in": "四个不招具体内容待办公室填写，经逐项会商后同意引进（示例）",
        "with_conditions": "落实能耗指标和污水处理后引进（示例）",
        "do_not": "资金来源不落实，暂不引进（示例）",
    }
    entry |= {
        "submit": True,
        "opinions": _said(OPINIONS),
        "decision": decision,
        "reason": reasons[decision],
    }
    return entry


def _answered(rng: Generator, project: Row, codes: Sequence[str]) -> Row:
    answers = {}
    for code in codes:
        concern = bool(rng.uniform() < 0.25)  # noqa: PLR2004 - a quarter raises a concern
        answers[code] = {
            "found": "concern" if concern else "fine",
            "text": f"{TEXTS[code][concern]}（示例）",
        }
    return {
        "project": project["code"],
        "answers": answers,
        "summary": f"{project['title']}事前评估（示例）",
    }


def _said(opinions: Sequence[tuple[str, str, str, str]]) -> list[Row]:
    names = ("role", "office", "view", "text")
    return [dict(zip(names, one, strict=True)) for one in opinions]

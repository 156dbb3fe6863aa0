"""The sample's promises: most are kept, some overdue, a few settled by law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from numpy.random import Generator

from sample_data.generator.casework import Row
from sample_data.generator.draw import stream
from sample_data.generator.projects import AS_OF, SIGNED


@dataclass(frozen=True)
class Policy:
    """A policy that is often promised: what, where it stands, for what, how much.

    Attributes:
        title: What is promised.
        basis: Where it stands.
        condition: What the firm does for it.
        share: Part of the investment that it comes to, 0 for no money.
        office: Code of the office that keeps it.
    """

    title: str
    basis: str
    condition: str
    share: float
    office: str


POLICIES: Final = (
    Policy(
        "固定资产投资补助",
        "投资协议（示例）第六条",
        "固定资产投资到位并经专项审计",
        0.012,
        "finance",
    ),
    Policy(
        "设备购置补助",
        "投资协议（示例）第七条",
        "设备到厂并安装调试完毕",
        0.008,
        "industry",
    ),
    Policy(
        "项目贷款贴息",
        "投资协议（示例）第八条",
        "贷款用于本项目建设，按年申报",
        0.005,
        "finance",
    ),
    Policy(
        "标准厂房租金减免三年",
        "投资协议补充条款（示例）第二条",
        "当年产值达到约定数额",
        0.003,
        "investment",
    ),
    Policy(
        "物流费用补贴",
        "县政府专题会议纪要（示例）〔2025〕12号",
        "投产后按运量申报",
        0.002,
        "transport",
    ),
    Policy(
        "红线外供水管网接入",
        "投资协议（示例）第九条",
        "项目开工前完成接入申请",
        0.0,
        "water",
    ),
    Policy(
        "红线外10千伏供电线路接入",
        "投资协议（示例）第九条",
        "报装容量与协议一致",
        0.0,
        "energy",
    ),
    Policy(
        "员工公租房保障",
        "招商引资优惠政策（示例）第十一条",
        "用工名册备案",
        0.0,
        "housing",
    ),
)
GROUND: Final = (
    "《优化营商环境条例》第三十一条：因公共利益需要改变政策承诺（示例）",
    "《公平竞争审查条例》：原条款属违法给予特定经营者优惠（示例）",
)
PROCEDURE: Final = "征求企业意见、合法性审查后经县政府常务会议审定（示例）"
COMPENSATION: Final = "据实补偿企业已发生投入，签订补偿协议（示例）"
KEPT, LATE, PART, BY_LAW = 0.52, 0.64, 0.78, 0.83
MANY: Final = 3


def draw_promises(projects: Sequence[Row], *, seed: int) -> list[Row]:
    """Draw the promises of the signed projects.

    Args:
        projects: The sample's projects.
        seed: Seed of the province.

    Returns:
        One entry a promise.
    """
    entries: list[Row] = []
    for project in projects:
        if project["stage"] not in SIGNED:
            continue
        rng = stream(seed, "promises", project["code"])
        many = int(rng.integers(0, MANY + 1))
        for at in sorted(rng.choice(len(POLICIES), many, replace=False)):
            entries.append(_promise(rng, project, POLICIES[at], len(entries) + 1))
    return entries


def _promise(rng: Generator, project: Row, policy: Policy, number: int) -> Row:
    signed = date.fromisoformat(project["signed_on"])
    amount = round(project["investment_wan_cny"] * policy.share, 0) or None
    luck = float(rng.uniform())
    entry: Row = {
        "project": project["code"],
        "title": policy.title,
        "basis": policy.basis,
        "condition": policy.condition,
        "amount_wan_cny": amount,
        "office": policy.office,
        "due_on": _day(AS_OF + timedelta(days=int(rng.integers(40, 420)))),
    }
    past = min(
        signed + timedelta(days=int(rng.integers(60, 320))), AS_OF - timedelta(days=8)
    )
    proof = f"拨付凭证（示例）第{number:03d}号"
    if luck < KEPT:
        entry["due_on"] = _day(past)
        entry |= _kept(amount, past, proof)
    elif luck < LATE:
        entry["due_on"] = _day(past)
    elif luck < PART and amount:
        entry["payments"] = [_paid(round(amount * 0.4, 0), past, proof)]
    elif PART <= luck < BY_LAW:
        entry["by_law"] = {
            "to": "changed" if number % 2 else "refused",
            "ground": GROUND[number % 2],
            "procedure": PROCEDURE,
            "compensation": COMPENSATION,
            "on": _day(past),
        }
    return entry


def _kept(amount: float | None, day: date, proof: str) -> Row:
    if amount is None:
        return {"kept": {"on": _day(day), "evidence": f"验收单（示例），{proof}"}}
    first = round(amount * 0.6, 0)
    parts = [first, amount - first] if first < amount else [amount]
    days = [day - timedelta(days=45), day][-len(parts) :]
    return {
        "payments": [
            _paid(part, on, proof) for part, on in zip(parts, days, strict=True)
        ]
    }


def _paid(amount: float, day: date, proof: str) -> Row:
    return {"amount_wan_cny": amount, "on": _day(day), "evidence": proof}


def _day(day: date) -> str:
    return day.isoformat()

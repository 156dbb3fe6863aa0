"""The sample's inquiries: what investors ask about land, all invented."""

from typing import Final

from sample_data.generator.casework import Row
from sample_data.generator.draw import stream
from sample_data.generator.facts import read_facts
from sample_data.generator.projects import FIRMS

TEXTS: Final = (
    "拟建年产2万吨新能源电池材料生产线，需工业用地约120亩，请问是否有净地可供？",
    "想了解该地块供电容量与通水时间，计划明年一季度开工。",
    "计划投资冷链物流中心，要求距高速出入口10公里以内，用地60亩左右。",
    "请问该开发区标准厂房租金和最低起租面积是多少？",
    "我司从事铝精深加工，需120亩工业用地，是否可用直供电？",
    "拟建数据中心，关注双回路供电和地质灾害情况，请提供地块资料。",
    "想咨询酱酒包装项目的环保准入要求和可供地块。",
    "食品加工项目，用地30亩，希望靠近污水处理厂。",
)
WORDS: Final = ("新能源", "物流", "铝业", "数据", "包装", "食品", "装备", "建材")
STATES: Final = ("new",) * 7 + ("answered",) * 5 + ("closed",) * 2
ANSWER: Final = "已与贵司电话联系，备选地块清单及供水供电条件已发至所留邮箱（示例）。"
REASON: Final = "来询人表示暂无投资计划（示例）"


def draw_inquiries(*, seed: int) -> list[Row]:
    """Draw the inquiries.

    Args:
        seed: Seed of the province.

    Returns:
        One entry an inquiry, the oldest first.
    """
    rng = stream(seed, "inquiries")
    zones = list(read_facts("zones").itertuples(index=False))
    entries = []
    for number, state in enumerate(rng.permutation(STATES), start=1):
        zone = zones[int(rng.integers(len(zones)))]
        at = int(rng.integers(len(TEXTS)))
        firm = FIRMS[int(rng.integers(len(FIRMS)))]
        entry: Row = {
            "region": zone.county_code,
            "firm": f"{firm}{WORDS[at]}（示例）有限公司",
            "person": f"示例联系人{number:02d}",
            "contact": f"contact{number:02d}@example.com",
            "text": TEXTS[at],
            "state": str(state),
        }
        if state == "answered":
            entry["answer"] = ANSWER
        if state == "closed":
            entry["reason"] = REASON
        entries.append(entry)
    return entries

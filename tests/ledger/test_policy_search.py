"""Search of the desk: every piece of a text is found, however short."""

import random
from datetime import date
from typing import Any

import pytest

from ledger import policies, policy_library
from ledger.model import Actor
from ledger.policy import Confidence, Origin, PolicyLevel, Standing, Terms, Topic
from ledger.policy_library import Wanted
from ledger.policy_search import Index, Words, folded, initials
from ledger.unit_of_work import Ledger

DOCUMENTS = [
    Words("闲置土地处置办法", "部令第53号", "满一年的征缴闲置费，满两年的收回。"),
    Words("全国工业用地出让最低价标准", "国土资发〔2006〕307号", "按等别执行。"),
    Words("地质灾害防治条例", "国务院令第394号", "易发区的土地须作评估。"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("土地", [0, 2]),  # in a title before in a text
        ("闲置", [0]),
        ("等别", [1]),
        ("〔2006〕", [1]),
        ("[2006] 307", [1]),
        ("国 务 院 令", [2]),
        ("土地 评估", [2]),
        ("xztd", [0]),
        ("GYYD", [1]),
        ("没有的词", []),
        ("", [0, 1, 2]),
        ("  ", [0, 1, 2]),
        ("法部", []),  # a piece never runs from one text into the next
    ],
)
def test_a_piece_is_found(text: str, found: list[int]) -> None:
    assert Index(DOCUMENTS).find(text) == found


def test_every_piece_of_every_text_is_found_and_nothing_else() -> None:
    dice = random.Random(7)  # noqa: S311 - the same each time
    letters = "用地工业园区规划审批土地12ab"
    texts = ["".join(dice.choices(letters, k=dice.randint(0, 30))) for _ in range(200)]
    index = Index([Words("题", "", one) for one in texts])
    for _ in range(200):
        piece = "".join(dice.choices(letters, k=dice.randint(1, 3)))
        asked = [at for at, one in enumerate(texts) if piece in one]
        assert index.find(piece) == asked


def test_width_case_brackets_and_quotes_make_no_difference() -> None:
    assert folded("“重点开发区”〔２０２４〕ＡＢ 号") == "重点开发区(2024)ab号"
    assert initials("贵州省“重点”2024年") == "gzszdn"


@pytest.fixture
def library(ledger: Ledger, province: Actor) -> Any:
    """Return the desk with three documents on it, read on the clock's day."""
    told = (
        Terms(
            title="贵州省促进办法",
            level=PolicyLevel.PROVINCE,
            topic=Topic.PROMOTION,
            source="x",
            effective_on=date(2026, 1, 1),
            confidence=Confidence.SOURCE,
        ),
        Terms(
            title="播州区用地办法",
            topic=Topic.SUPPLY,
            source="x",
            text="全文：标准地",
            until_on=date(2025, 1, 1),
            applies='{"about": ["parcel"], "regions": ["520304"]}',
        ),
        Terms(title="遵义市办法", level=PolicyLevel.CITY, source="x"),
    )
    with ledger.begin(province) as work:
        for terms in told:
            made = policies.draft(work, terms, keeper="520304", origin=Origin.RECORDED)
            (draft,) = policies.editions(work, made.id)
            policies.publish(work, draft.id, version=1)
        return policy_library.library(work)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Wanted(), "贵播遵"),
        (Wanted(text="办法 gzs"), "贵"),
        (Wanted(text="标准地"), "播"),
        (Wanted(text="520304-0003"), "遵"),
        (Wanted(level=PolicyLevel.CITY), "遵"),
        (Wanted(topic=Topic.SUPPLY), "播"),
        (Wanted(standing=Standing.IN_FORCE), "贵"),
        (Wanted(standing=Standing.ENDED), "播"),
        (Wanted(region="520300"), "贵播遵"),
        (Wanted(region="520115"), "贵遵"),
    ],
)
def test_the_library_is_filtered(library: Any, wanted: Wanted, titles: str) -> None:
    assert "".join(one.edition.title[0] for one in library.find(wanted)) == titles

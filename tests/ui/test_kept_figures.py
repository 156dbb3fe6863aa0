"""What was counted is counted again when something of it is written, not before."""

from dataclasses import replace
from typing import Any

import altair as alt
import pytest

from ledger import problems, projects, sight
from ledger.model import Actor, ProblemKind, Role
from ledger.unit_of_work import Ledger, Work
from ui.chart_table import drawn
from ui.i18n import speaking, t
from ui.kept_figures import kept

PROVINCE = Actor("省投资促进局", Role.PROVINCE, "520000")


class Counting:
    """Counts the projects, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, work: Work) -> int:
        self.asked += 1
        return len(projects.find(work))


@pytest.fixture
def project(ledger: Ledger) -> Any:
    with ledger.begin(PROVINCE) as work:
        made = projects.create(work, title="电池材料", region="520304")
        work.commit()
    return made


def count(
    ledger: Ledger, counting: Counting, who: Actor = PROVINCE, within: str = ""
) -> int:
    with ledger.read(who) as work:
        return kept(sight.narrowed(work, within), "projects", counting, "project")


def test_what_was_counted_is_taken_until_it_is_written_to(
    ledger: Ledger, project: Any
) -> None:
    counting = Counting()
    assert [count(ledger, counting) for _ in range(3)] == [1, 1, 1]
    assert counting.asked == 1
    with ledger.begin(PROVINCE) as work:
        problems.open(
            work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺电"
        )
        work.commit()
    assert count(ledger, counting) == 1
    assert counting.asked == 1
    with ledger.begin(PROVINCE) as work:
        projects.create(work, title="铝精深加工", region="520303")
        work.commit()
    assert count(ledger, counting) == 2
    assert counting.asked == 2


@pytest.mark.usefixtures("project")
def test_nobody_is_told_what_was_counted_for_another(ledger: Ledger) -> None:
    counting = Counting()
    assert count(ledger, counting) == 1
    assert count(ledger, counting, replace(PROVINCE, region="520300")) == 1
    assert count(ledger, counting, replace(PROVINCE, role=Role.LEADER)) == 1
    assert count(ledger, counting, within="520303") == 0
    assert counting.asked == 4


DRAWN: list[list[int]] = []


def bars(values: list[int]) -> alt.Chart:
    """Draw some bars, and tell that they were drawn."""
    DRAWN.append(values)
    data = alt.Data(values=[{"x": value} for value in values])
    return alt.Chart(data).mark_bar().encode(x=alt.X("x:Q", title=t("Region")))


def test_a_chart_is_drawn_once_of_the_same_figures_and_anew_in_another_language() -> (
    None
):
    DRAWN.clear()
    titles = []
    for spoken, figures in (("en", 2), ("en", 2), ("zh_CN", 2), ("en", 3), ("en", 2)):
        with speaking(spoken):
            chart = drawn(bars, [1, figures])
        titles.append(chart["encoding"]["x"]["title"])
    assert DRAWN == [[1, 2], [1, 2], [1, 3]]
    assert titles == ["Region", "Region", "所在地区", "Region", "Region"]

"""Whoever is killed in the midst of writing: what was said to be saved is there."""

import pytest

from benchmarks.kills import survive


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_acknowledged_row_is_lost_when_writers_or_servers_are_killed(
    kind: str,
) -> None:
    told = survive(kind, 9)
    assert told["kills"] == 9
    assert told["acknowledged"] >= 9
    assert told["lost"] == 0

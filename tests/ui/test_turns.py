"""Pages are drawn a few at a time, and nobody waits for ever."""

from threading import Event, Thread

import pytest

from ui import turns
from ui.turns import AT_ONCE, turn


class Crowd:
    """Threads that take a turn each and hold it until they are let go."""

    def __init__(self, size: int) -> None:
        self.drawing: list[int] = []
        self.go = Event()
        self.threads = [Thread(target=self._draw, args=(one,)) for one in range(size)]
        for one in self.threads:
            one.start()

    def _draw(self, one: int) -> None:
        with turn():
            self.drawing.append(one)
            self.go.wait(timeout=30)

    def wait_for(self, count: int) -> None:
        """Wait until so many draw, 30 s at most."""
        for _ in range(3_000):
            if len(self.drawing) >= count:
                return
            Event().wait(0.01)
        pytest.fail(f"{len(self.drawing)} draw, not {count}")

    def settle(self) -> int:
        """Wait until all who have a turn draw, and a little more; tell how many do."""
        self.wait_for(AT_ONCE)
        Event().wait(0.1)
        return len(self.drawing)

    def end(self) -> None:
        self.go.set()
        for one in self.threads:
            one.join(timeout=30)


def test_no_more_draw_at_once_than_have_a_turn_and_all_come_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 30.0)
    crowd = Crowd(AT_ONCE + 3)
    assert crowd.settle() == AT_ONCE
    crowd.end()
    assert sorted(crowd.drawing) == list(range(AT_ONCE + 3))


def test_who_has_waited_long_draws_beside_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.05)
    crowd = Crowd(AT_ONCE + 2)
    crowd.wait_for(AT_ONCE + 2)
    crowd.end()
    # Who drew without a turn gave none back: the next crowd finds as many as before.
    monkeypatch.setattr(turns, "PATIENCE_S", 30.0)
    next_crowd = Crowd(AT_ONCE + 1)
    assert next_crowd.settle() == AT_ONCE
    next_crowd.end()


def test_a_page_that_fails_gives_its_turn_back() -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ValueError, match="no page"), turn():
            raise ValueError("no page")
    with turn():
        pass

"""What a process keeps: made once, found by its key, waited for while it is made."""

from threading import Event, Thread

import pytest

from ui.shared_cache import shared


def test_the_same_is_made_once_and_the_oldest_goes_first() -> None:
    made: list[int] = []

    @shared(2)
    def double(number: int) -> int:
        made.append(number)
        return 2 * number

    assert [double(one) for one in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]
    assert made == [1, 2, 3, 2]


def test_a_key_of_its_own_leaves_out_what_tells_nothing() -> None:
    @shared(2, key=lambda version, *_: (version,))
    def read(version: str, file: list[str]) -> str:
        return f"{version} {file[0]}"

    assert read("1", ["first"]) == "1 first"
    assert read("1", ["second"]) == "1 first"
    assert read("2", ["second"]) == "2 second"


def test_who_asks_for_what_is_being_made_waits_for_it() -> None:
    begun, go = Event(), Event()
    made: list[str] = []

    @shared(2)
    def read(name: str) -> str:
        made.append(name)
        begun.set()
        assert go.wait(timeout=30)
        return name

    found: list[str] = []
    threads = [Thread(target=lambda: found.append(read("facts"))) for _ in range(4)]
    for one in threads:
        one.start()
    assert begun.wait(timeout=30)
    go.set()
    for one in threads:
        one.join(timeout=30)
    assert found == ["facts"] * 4
    assert made == ["facts"]


def test_a_failure_is_not_kept() -> None:
    tries: list[int] = []

    @shared(2)
    def read() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("torn")
        return "whole"

    with pytest.raises(OSError, match="torn"):
        read()
    assert read() == "whole"

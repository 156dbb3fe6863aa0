"""Who is asking: proved by a signed cookie, the least one where nothing is proved."""

from pathlib import Path

import pytest

from ledger.model import Role
from ui import access, start
from ui.settings import Settings, read_settings


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    settings = read_settings(home=tmp_path)
    start.make_home(settings)
    return settings


def test_there_is_a_demo_actor_for_each_role() -> None:
    assert {actor.role for actor in access.DEMO_ACTORS.values()} == set(Role)


def test_a_signed_choice_is_believed(chosen: Settings) -> None:
    cookie = access.sign("planner", chosen)
    actor = access.actor_of({access.COOKIE: cookie}, chosen)
    assert actor.role is Role.PLANNER


def test_without_a_cookie_the_demo_begins_with_the_province(chosen: Settings) -> None:
    assert access.actor_of({}, chosen).role is Role.PROVINCE


def test_a_tampered_cookie_proves_nothing(chosen: Settings) -> None:
    cookie = access.sign("public", chosen)
    name, rest = cookie.split(".", 1)
    for forged in (
        f"{access.sign('county', chosen).split('.')[0]}.{rest}",
        cookie[:-2] + ("AA" if not cookie.endswith("AA") else "BB"),
        name,
        "county",
        "",
    ):
        assert access.actor_name({access.COOKIE: forged}, chosen) == access.FIRST


def test_a_cookie_of_another_installation_proves_nothing(
    chosen: Settings, tmp_path: Path
) -> None:
    other = read_settings(home=tmp_path / "other")
    start.make_home(other)
    cookie = access.sign("county", other)
    assert access.actor_name({access.COOKIE: cookie}, chosen) == access.FIRST


def test_a_name_that_is_no_actor_proves_nothing_though_signed(chosen: Settings) -> None:
    cookie = access.sign("emperor", chosen)
    assert access.actor_name({access.COOKIE: cookie}, chosen) == access.FIRST


def test_an_old_cookie_proves_nothing(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = access.sign("county", chosen)
    monkeypatch.setattr(access, "LASTS_S", -1)
    assert access.actor_name({access.COOKIE: cookie}, chosen) == access.FIRST


def test_outside_the_demo_everybody_is_the_public(chosen: Settings) -> None:
    served = chosen.model_copy(update={"demo": False})
    cookie = access.sign("county", chosen)
    assert access.actor_of({access.COOKIE: cookie}, served).role is Role.PUBLIC


def test_guests_see_nothing_internal() -> None:
    seeing = {
        name for name, who in access.DEMO_ACTORS.items() if access.sees_internal(who)
    }
    assert seeing == set(access.DEMO_ACTORS) - {"investor", "public"}

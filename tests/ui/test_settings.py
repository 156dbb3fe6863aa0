"""Settings: read from the environment once, wrong ones told by the variable's name."""

import os
from pathlib import Path

import pytest

from gis.errors import SettingsError
from ui.settings import ROOT, is_loopback, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LANDMAP_")]:
        monkeypatch.delenv(name)


def test_without_any_variable_the_demo_runs_beside_the_app() -> None:
    chosen = read_settings()
    assert chosen.home == ROOT / "var"
    assert chosen.port == 8501
    assert chosen.address == "127.0.0.1"
    assert chosen.demo


def test_a_variable_is_read_and_a_given_setting_goes_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANDMAP_PORT", "9000")
    assert read_settings().port == 9000
    assert read_settings(port=9001).port == 9001


def test_folders_of_the_catalogue_are_separated_as_in_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANDMAP_CATALOG", os.pathsep.join(["/a", "/b"]))
    assert read_settings().catalog == (Path("/a"), Path("/b"))


def test_a_relative_home_does_not_move_with_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANDMAP_HOME", "state")
    assert read_settings().home == tmp_path / "state"


def test_every_wrong_variable_is_named_with_what_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANDMAP_PORT", "70000")
    monkeypatch.setenv("LANDMAP_LANGUAGE", "fr")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    told = str(caught.value)
    assert "LANDMAP_PORT is '70000'; a port is 1 to 65535." in told
    assert "LANDMAP_LANGUAGE is 'fr'; allowed: '', 'zh_CN' or 'en'." in told


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMAP_TRUSTED_PROXIES", "127.0.0.1, ::1,10.1.0.0/16")
    assert [str(one) for one in read_settings().trusted_proxies] == [
        "127.0.0.1/32",
        "::1/128",
        "10.1.0.0/16",
    ]


@pytest.mark.parametrize("wrong", ["*", "proxy.example", "10.1.0.1/16"])
def test_whoever_says_so_is_no_proxy(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("LANDMAP_TRUSTED_PROXIES", f"127.0.0.1,{wrong}")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert f"LANDMAP_TRUSTED_PROXIES is '{wrong}'; it must be" in str(caught.value)


def test_the_demo_is_not_shown_to_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMAP_ADDRESS", "0.0.0.0")  # noqa: S104 - it is refused
    with pytest.raises(SettingsError, match="LANDMAP_DEMO=false"):
        read_settings()
    monkeypatch.setenv("LANDMAP_DEMO", "false")
    assert read_settings().address == "0.0.0.0"  # noqa: S104 - nothing is bound


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound
        ("192.168.1.4", False),
        ("example.org", False),
    ],
)
def test_only_this_machine_is_loopback(address: str, *, local: bool) -> None:
    assert is_loopback(address) is local

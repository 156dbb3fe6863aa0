"""Signing in with a real OpenID provider: who may do what, and until when."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ledger import accounts, audit, projects
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger
from ui import start
from ui.settings import ROOT, Settings

pytestmark = pytest.mark.browser
PEOPLE = (
    {"sub": "u-li", "name": "李科长", "email": "li@tongzi.cn", "email_verified": True},
    {"sub": "u-nobody", "name": "路人甲"},
)
PROVINCE = Actor("省投促局", Role.PROVINCE, "520000")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own
    except (OSError, urllib.error.URLError):
        return False
    return True


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Start a real OpenID provider that knows two people."""
    port = free_port()
    people = [f"--user-claims={json.dumps(one)}" for one in PEOPLE]
    with subprocess.Popen(
        [
            str(Path(sys.executable).parent / "oidc-provider-mock"),
            f"--port={port}",
            *people,
        ],
        stderr=subprocess.DEVNULL,
    ) as process:
        address = f"http://127.0.0.1:{port}"
        while not answers(f"{address}/.well-known/openid-configuration"):
            assert process.poll() is None, "the provider did not start"
        yield address
        process.terminate()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("signed-in")


@pytest.fixture(scope="module")
def ledger(home: Path, provider: str) -> Ledger:
    """Return the ledger of the app: two projects, an account that waits."""
    chosen = Settings(home=home, demo=False)
    start.make_home(chosen)
    ledger = start.open_ledger(chosen)
    with ledger.begin(accounts.OPERATOR) as work:
        accounts.add(
            work,
            issuer=provider,
            name="桐梓 李",
            role=Role.COUNTY,
            email="li@tongzi.cn",
            region="520322",
        )
        accounts.add(
            work,
            issuer=provider,
            name="管理员",
            role=Role.ADMINISTRATOR,
            subject="u-admin",
        )
        work.commit()
    with ledger.begin(PROVINCE) as work:
        projects.create(work, code="DL-1", title="登录试验项目", region="520322")
        projects.create(work, code="DL-2", title="别县项目", region="520304")
        work.commit()
    return ledger


@pytest.fixture(scope="module")
def app(
    home: Path,
    provider: str,
    ledger: Ledger,
    running: Callable[..., AbstractContextManager[str]],
) -> Iterator[str]:
    """Start the app where people sign in."""
    del ledger
    told = home / "oidc.toml"
    told.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"\n'
        'client_id = "landmap"\nclient_secret = "a secret of a test"\n'
        f'cookie_secret = "{"s" * 32}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n',
        "utf-8",
    )
    with running(home, LANDMAP_DEMO="false", LANDMAP_OIDC_FILE=str(told)) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    profile = browser.new_context(
        locale="zh-CN", viewport={"width": 1366, "height": 768}
    )
    profile.set_default_timeout(30_000)
    yield profile
    profile.close()


def sign_in(page: Page, app: str, subject: str) -> None:
    page.goto(app)
    page.locator(".st-key-lm_login button").click()
    page.get_by_role("button", name=subject, exact=True).click()
    page.wait_for_url(re.compile(re.escape(app)))
    expect(page.locator(".st-key-lm_actor")).to_be_visible()


def office_tile(visitor: BrowserContext, app: str) -> int:
    """Ask for a tile that only an office may have; told by HTTP, beside the pages."""
    address = f"{app}/tiles/parcels/none/12/3260/1736.mvt?for=staff"
    return visitor.request.get(address).status


def test_who_does_not_sign_in_is_the_public(visitor: BrowserContext, app: str) -> None:
    page = visitor.new_page()
    page.goto(f"{app}/ledger")
    expect(page.get_by_text("台账").first).to_be_visible()
    expect(page.get_by_text("登录试验项目")).to_have_count(0)
    expect(page.locator(".st-key-lm_login button")).to_be_visible()
    assert office_tile(visitor, app) == 403


def test_an_account_decides_what_one_may_do_and_until_when(  # noqa: PLR0915 - a visit
    visitor: BrowserContext, app: str, ledger: Ledger
) -> None:
    page = visitor.new_page()
    sign_in(page, app, "u-li")
    expect(page.locator(".st-key-lm_actor")).to_contain_text("桐梓 李")
    page.goto(f"{app}/ledger")
    expect(page.get_by_text("登录试验项目").first).to_be_visible()
    expect(page.get_by_text("别县项目")).to_have_count(0)
    assert office_tile(visitor, app) != 403

    with ledger.read(accounts.OPERATOR) as work:
        mine = next(one for one in accounts.find(work) if one.role is Role.COUNTY)
    assert mine.subject == "u-li"

    page.get_by_role("button", name="修改", exact=True).click()
    note = page.get_by_label("备注")
    note.fill("登录后写入")
    note.blur()
    with ledger.begin(accounts.OPERATOR) as work:
        accounts.disable(work, mine.id)
        work.commit()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-testid=stAlert], .lm-error").first).to_be_visible()
    with ledger.read(PROVINCE) as work:
        project = projects.by_code(work, "DL-1")
        assert project is not None
        assert (project.note, project.version) == ("", 1)
        assert audit.verify(work).broken is None
    page.wait_for_timeout(1_100)  # pages look an account up at most a second late
    assert office_tile(visitor, app) == 403
    page.reload()
    expect(page.locator(".st-key-lm_actor")).to_contain_text("李科长")


def test_who_has_no_account_is_told_what_to_tell_an_administrator(
    visitor: BrowserContext, app: str, provider: str
) -> None:
    page = visitor.new_page()
    sign_in(page, app, "u-nobody")
    page.locator(".st-key-lm_actor button").first.click()
    expect(page.get_by_text("u-nobody")).to_be_visible()
    expect(page.get_by_text(provider)).to_be_visible()
    page.goto(f"{app}/ledger")
    expect(page.get_by_text("登录试验项目")).to_have_count(0)
    assert office_tile(visitor, app) == 403


def test_a_forged_cookie_is_nobody(visitor: BrowserContext, app: str) -> None:
    page = visitor.new_page()
    sign_in(page, app, "u-nobody")
    cookies = visitor.cookies()
    (mine,) = (one for one in cookies if one["name"] == "_streamlit_user")
    assert mine["httpOnly"]
    visitor.add_cookies([{**mine, "value": mine["value"][:-4] + "AAAA"}])
    page.goto(app)
    expect(page.locator(".st-key-lm_login button")).to_be_visible()


def test_the_demo_and_signing_in_do_not_go_together(tmp_path: Path) -> None:
    ours = {name: value for name, value in os.environ.items() if "LANDMAP" not in name}
    told = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=ours
        | {"LANDMAP_HOME": str(tmp_path), "LANDMAP_OIDC_FILE": "x.toml", "LANG": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "LANDMAP_DEMO=false" in told.stderr

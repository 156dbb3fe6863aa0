"""Saved searches: opened by a secret alone, told what is new and gone, forgotten."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, saved_searches
from ledger.model import Actor, Role
from ledger.saved_searches import News
from ledger.unit_of_work import Ledger

PUBLIC = Actor("公众", Role.PUBLIC)
NEED = json.dumps({"constraints": [{"use": "area_between", "minimum": "60 mu"}]})


@pytest.fixture
def secret(ledger: Ledger) -> str:
    with ledger.begin(PUBLIC) as work:
        made = saved_searches.save(
            work, need=NEED, data_version="v1", parcel_ids=["A", "B", "C"]
        )
        work.commit()
    return made


def test_a_month_later_it_tells_what_is_new_and_what_is_gone(
    ledger: Ledger, secret: str, now: Any
) -> None:
    now.pass_days(30)
    with ledger.begin(PUBLIC) as work:
        search = saved_searches.opened(work, secret)
        assert (search.need, search.data_version) == (NEED, "v1")
        fits = ["D", "C", "E", "A"]
        news = saved_searches.news(search, fits)
        assert news == News(new=("D", "E"), gone=("B",), kept=("C", "A"))
        # Looking changes nothing: who loads the page anew still sees the news.
        assert saved_searches.opened(work, secret) == search
        seen = saved_searches.mark_seen(
            work, secret, data_version="v2", parcel_ids=fits, version=search.version
        )
        assert seen.seen_at == work.now() != seen.made_at
        assert saved_searches.news(seen, fits) == News((), (), tuple(fits))


def test_the_secret_is_not_in_the_ledger(ledger: Ledger, secret: str, raw: Any) -> None:
    with raw() as connection:
        rows = connection.execute(sa.select(casework_tables.saved_search)).all()
        audit = connection.exec_driver_sql("SELECT * FROM audit").all()
    assert len(secret) >= 32
    assert secret not in repr(rows) + repr(audit)
    with ledger.begin(PUBLIC) as work:
        other = saved_searches.save(
            work, need=NEED, data_version="v1", parcel_ids=["A", "B", "C"]
        )
    assert other != secret


@pytest.mark.parametrize("wrong", ["", "x", "a" * 32, "好" * 20, "x" * 10_000])
@pytest.mark.usefixtures("secret")
def test_no_other_secret_opens_it(ledger: Ledger, wrong: str) -> None:
    with ledger.read(PUBLIC) as work, pytest.raises(LedgerError, match="no saved"):
        saved_searches.opened(work, wrong)


def test_it_is_forgotten_when_asked_and_after_a_long_time(
    ledger: Ledger, secret: str, now: Any
) -> None:
    with ledger.begin(PUBLIC) as work:
        saved_searches.forget(work, secret)
        with pytest.raises(LedgerError):
            saved_searches.opened(work, secret)
    now.pass_days(saved_searches.KEPT_DAYS)
    with ledger.begin(PUBLIC) as work:
        assert saved_searches.opened(work, secret)
    now.pass_days(1)
    with ledger.begin(PUBLIC) as work:
        with pytest.raises(LedgerError):
            saved_searches.opened(work, secret)
        saved_searches.save(work, need=NEED, data_version="v1", parcel_ids=[])
        count = sa.select(sa.func.count()).select_from(casework_tables.saved_search)
        assert work.connection.scalar(count) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"need": " "}, "Answer the questions first"),
        ({"need": "{}" + " " * 20_000}, "Answer the questions first"),
        ({"need": "["}, "not a need in JSON"),
        ({"need": '{"industry": "Z99"}'}, "cannot be screened"),
        ({"parcel_ids": ["A"] * 501}, "501 parcels fit: a search of up to 500"),
    ],
)
def test_what_cannot_be_searched_again_is_refused(
    ledger: Ledger, wrong: Any, said: str
) -> None:
    told = {"need": NEED, "data_version": "v1", "parcel_ids": ["A"]} | wrong
    with ledger.begin(PUBLIC) as work:
        with pytest.raises(LedgerError) as refused:
            saved_searches.save(work, **told)
        faults = [refused.value, *refused.value.faults]
        assert any(said in str(one) for one in faults)

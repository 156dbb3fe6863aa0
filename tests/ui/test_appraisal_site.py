"""The site evidence of an appraisal is what a screening says, with its hash."""

import dataclasses
import re

import numpy as np
import pytest

from gis.errors import LandMapError
from ledger import projects
from ledger.model import Project
from siting.need import read_need
from ui import access, need_draft, resources, site_ledger
from ui.appraisal_site import screened, site_html
from ui.settings import Settings


@pytest.fixture
def project(at_home: Settings, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project of the demo that has a need."""
    clerk = access.DEMO_ACTORS["province"]
    monkeypatch.setattr(resources, "settings", lambda: at_home)
    monkeypatch.setattr(access, "current_actor", lambda: clerk)
    with resources.ledger().read(clerk) as work:
        return next(one for one in projects.find(work) if one.need)


def test_it_says_what_the_screening_says(project: Project) -> None:
    need = read_need(need_draft.read(project.need) or {})
    held = site_ledger.held_parcels(project)
    screening = resources.screening(need, claims=held, project=project.code)
    out = np.flatnonzero(~screening.eligible)[:20]
    ids = screening.board.ids(np.concatenate([screening.order[:20], out]))
    told = {str(one): screened(project, str(one), "") for one in ids}
    assert {one.result_hash for one in told.values()} == {screening.result_hash}
    for parcel_id, site in told.items():
        place = screening.place(parcel_id)
        if not screening.eligible[place]:
            assert site.state == "fail"
        else:
            assert site.state == ("not_checked" if screening.flagged[place] else "pass")
    assert next(iter(told.values())).layers == screening.data
    assert {one.state for one in told.values()} >= {"fail"}
    assert {one.state for one in told.values()} & {"pass", "not_checked"}


def test_a_parcel_that_is_gone_is_refused(project: Project) -> None:
    with pytest.raises(LandMapError):
        screened(project, "no such parcel", "")


def test_an_earlier_screening_is_told_apart(project: Project) -> None:
    parcel = str(resources.board().ids(np.asarray([0]))[0])
    site = screened(project, parcel, "f" * 64)
    assert "ffffffffffffffff" in site_html(site)
    same = dataclasses.replace(site, earlier_hash=site.result_hash)
    assert re.search("earlier|较早", site_html(same)) is None
    assert "amber" in site_html(None)

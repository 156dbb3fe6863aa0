"""Files of documents: few kinds, told by their bytes, read with the document."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StoreError
from ledger import policies, policy_files
from ledger.model import Actor, Role
from ledger.policy import Origin, Policy, Terms
from ledger.policy_files import PolicyFiles, kind_of
from ledger.unit_of_work import Ledger

PDF = b"%PDF-1.7 text"
PUBLIC = Actor("访客", Role.PUBLIC)


def packed(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n1", "png"),
        (b"\xff\xd8\xff1", "jpg"),
        (packed("word/document.xml"), "docx"),
        (packed("xl/workbook.xml"), "xlsx"),
        (packed("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (packed("word/document.xml", "word/vbaProject.bin"), ""),
        (packed("a.exe"), ""),
        (b"PK\x03\x04 no archive", ""),
        (b"<html>", ""),
        (b"MZ", ""),
        (b"", ""),
    ],
)
def test_a_file_is_told_by_its_bytes(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.fixture
def files(tmp_path: Path) -> PolicyFiles:
    return PolicyFiles(tmp_path / "policies")


@pytest.fixture
def policy(ledger: Ledger, county: Actor) -> Policy:
    with ledger.begin(county) as work:
        made = policies.draft(
            work, Terms(title="办法", source="x"), keeper="520304", origin=Origin.MADE
        )
        work.commit()
    return made


def attach(ledger: Ledger, who: Actor, policy: Policy, **told: Any) -> Any:
    with ledger.begin(who) as work:
        made = policy_files.attach(work, policy.id, **told)
        work.commit()
    return made


def test_a_draft_s_file_is_read_by_its_offices_alone(
    ledger: Ledger, county: Actor, policy: Policy, files: PolicyFiles
) -> None:
    made = attach(
        ledger, county, policy, name="C:\\a/会议\x00纪要.doc", data=PDF, files=files
    )
    assert (made.name, made.kind, made.size) == ("会议纪要.pdf", "pdf", len(PDF))
    with ledger.read(county) as work:
        assert policy_files.read(work, made.id, files) == (made, PDF)
    with ledger.read(PUBLIC) as work, pytest.raises(LedgerError, match="no policy"):
        policy_files.read(work, made.id, files)
    with ledger.begin(PUBLIC) as work, pytest.raises(LedgerError):
        policy_files.attach(work, policy.id, name="a", data=PDF, files=files)


def test_a_published_document_s_file_is_read_by_all_and_added_by_its_offices(
    ledger: Ledger, county: Actor, province: Actor, files: PolicyFiles
) -> None:
    with ledger.begin(province) as work:
        policy = policies.draft(
            work,
            Terms(title="办法", source="x"),
            keeper="520304",
            origin=Origin.RECORDED,
        )
        (draft,) = policies.editions(work, policy.id)
        policies.publish(work, draft.id, version=1)
        work.commit()
    made = attach(ledger, county, policy, name="全文.pdf", data=PDF, files=files)
    with ledger.read(PUBLIC) as work:
        assert policy_files.read(work, made.id, files)[1] == PDF
    with ledger.begin(PUBLIC) as work, pytest.raises(AccessError):
        policy_files.remove(work, made.id, version=1)


def test_a_file_that_was_taken_off_is_read_no_more_and_can_be_added_again(
    ledger: Ledger, county: Actor, policy: Policy, files: PolicyFiles
) -> None:
    told = {"name": "全文.pdf", "data": PDF, "files": files}
    made = attach(ledger, county, policy, **told)
    with pytest.raises(LedgerError, match="already"):
        attach(ledger, county, policy, **told)
    with ledger.begin(county) as work:
        policy_files.remove(work, made.id, version=1)
        assert policy_files.of(work, policy.id) == []
        with pytest.raises(LedgerError, match="taken off"):
            policy_files.read(work, made.id, files)
        work.commit()
    assert attach(ledger, county, policy, **told).id != made.id


def test_other_kinds_great_files_and_too_many_are_refused_and_leave_nothing(
    ledger: Ledger,
    county: Actor,
    policy: Policy,
    files: PolicyFiles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(policy_files, "MOST_BYTES", 20)
    monkeypatch.setattr(policy_files, "MOST_FILES", 1)
    for data, match in ((b"<html>", "none of"), (PDF + b"x" * 20, "at most")):
        with pytest.raises(LedgerError, match=match):
            attach(ledger, county, policy, name="a.pdf", data=data, files=files)
    assert not files.home.exists()
    attach(ledger, county, policy, name=".pdf", data=PDF, files=files)
    with pytest.raises(LedgerError, match="remove one"):
        attach(ledger, county, policy, name="b", data=PDF + b"2", files=files)


def test_bytes_that_are_gone_damaged_or_cannot_be_written_are_told(
    tmp_path: Path, files: PolicyFiles
) -> None:
    digest = files.keep(PDF)
    assert files.keep(PDF) == digest
    (files.home / digest).write_bytes(b"other")
    with pytest.raises(StoreError, match="damaged"):
        files.read(digest)
    with pytest.raises(StoreError, match="gone"):
        files.read("0" * 64)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match="Make room"):
        PolicyFiles(tmp_path / "taken").keep(PDF)

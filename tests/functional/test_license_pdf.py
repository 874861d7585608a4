"""A signed copy of a license: what readers, scanners and signature checkers get is what was meant."""

import asyncio
import hashlib
import json
import re
import stat
import subprocess
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
import zxingcpp
from asn1crypto.x509 import Certificate as Asn1Certificate
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from sqlalchemy import select

from hub.access.matrix import MATRIX, Audience
from hub.cli.context import HubContext
from hub.cli.license import license_group
from hub.codes.plates.queries import plates_of
from hub.config import Settings
from hub.documents import service
from hub.documents.service import DocumentOffice
from hub.documents.signing.signer import PdfSigning, PdfSource
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.trust.record.models import Event
from tests.conftest import CHEAP, PASSPHRASE
from tests.support.browser import Browser
from tests.support.plates import (
    NOW,
    OFFICER,
    OTHER_USCC,
    OWNER,
    USCC,
    add_enterprise,
    add_license,
    add_premises,
    lay_plate,
    press_of,
)
from tests.support.reference import TABLES

NUMBER = "JY13308020000001"
print_license = partial(service.print_license, clearance=MATRIX.clearance(Audience.ENTERPRISE))


@pytest.fixture
def shop(settings: Settings, tmp_path: Path) -> DocumentOffice:
    source = PdfSource(tmp_path / "ca", PASSPHRASE, settings.host, cost=CHEAP)
    return DocumentOffice(PdfSigning(source), settings.base_url, TABLES, settings.timezone, demo=True)


@pytest.fixture
def license_id(db: Database, settings: Settings) -> UUID:
    add_enterprise(db)
    place = add_premises(db)
    lay_plate(place, press=press_of(settings), now=NOW, db=db)
    return add_license(db, premises_id=place)


@pytest.fixture
def signed(shop: DocumentOffice, license_id: UUID, db: Database, tmp_path: Path) -> Path:
    path = tmp_path / "license.pdf"
    path.write_bytes(print_license(license_id, uscc=USCC, shop=shop, by=OWNER, now=NOW, db=db).body)
    return path


def pdfsig(path: Path) -> str:
    return subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout


def seen(path: Path, folder: Path) -> Image.Image:
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", path, folder / "page"], check=True)
    return Image.open(folder / "page.png")


def events(db: Database) -> list[tuple[str, dict[str, object]]]:
    """Subject and data of each printing on record."""
    with db.read() as session:
        rows = session.execute(select(Event.subject, Event.data).where(Event.kind == "license.printed"))
        return [(subject, data) for subject, data in rows]


def test_pdfsig_finds_one_signature_over_the_whole_document(signed: Path) -> None:
    told = pdfsig(signed)

    assert told.count("Signature #") == 1
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert "平台签名 Platform signature" in told


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.999])
def test_a_changed_byte_is_caught(signed: Path, share: float) -> None:
    content = bytearray(signed.read_bytes())
    start, end = signature_gap(content)
    place = int(len(content) * share)
    assert not start <= place < end
    content[place] ^= 1
    signed.write_bytes(content)

    assert "Signature is Valid." not in pdfsig(signed)


def test_something_added_behind_the_signature_is_seen(signed: Path) -> None:
    with signed.open("ab") as file:
        file.write(b"% more\n")

    assert "Total document signed" not in pdfsig(signed)


def signature_gap(content: bytearray) -> tuple[int, int]:
    """Where the signature itself lies, which the digest leaves out."""
    found = re.search(rb"/ByteRange ?\[ ?0 (\d+) (\d+) \d+", bytes(content))
    assert found is not None
    return int(found[1]), int(found[2])


def test_an_independent_validator_trusts_it_by_the_root_alone(signed: Path, shop: DocumentOffice) -> None:
    root = shop.signing.identity(now=NOW).chain[-1]
    trusted = Asn1Certificate.load(root.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[trusted], moment=NOW, allow_fetching=False)
    other = ValidationContext(trust_roots=[], moment=NOW, allow_fetching=False)
    with signed.open("rb") as file:
        found = PdfFileReader(file).embedded_signatures[0]
        good = asyncio.run(async_validate_pdf_signature(found, context))
        bad = asyncio.run(async_validate_pdf_signature(found, other))

    assert good.bottom_line
    assert good.coverage.name == "ENTIRE_FILE"
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert not bad.trusted


def test_openssl_builds_the_chain_from_the_files_of_the_authority(
    signed: Path, shop: DocumentOffice, tmp_path: Path
) -> None:
    assert signed.exists()
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(shop.signing.identity(now=NOW).certificate.public_bytes(Encoding.PEM))
    moment = str(int(NOW.timestamp()))
    command = ["openssl", "verify", "-x509_strict", "-purpose", "smimesign"]

    told = subprocess.run(
        [*command, "-attime", moment, "-CAfile", str(tmp_path / "ca" / "ca.pem"), str(leaf)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.stdout.strip().endswith("OK"), told.stderr


def test_the_code_on_the_page_is_read_and_is_the_plate(signed: Path, db: Database, tmp_path: Path) -> None:
    with seen(signed, tmp_path) as page:
        found = zxingcpp.read_barcodes(page)
    text = PdfReader(signed).pages[0].extract_text()

    assert len(found) == 1
    assert found[0].text.startswith("http://127.0.0.1:8000/c/P1.")
    plate_id = found[0].text.split(".")[-2]
    assert f"{plate_id[:5]} {plate_id[5:]}" in text
    assert found[0].text == plates_of(USCC, db=db)[0].plate.text


def test_the_words_of_the_page_can_be_read_and_copied(signed: Path) -> None:
    reader = PdfReader(signed)
    text = reader.pages[0].extract_text()

    assert len(reader.pages) == 1
    for said in (NUMBER, "衢州示例餐饮有限公司", USCC, "柯城区市场监督管理局", "2028年12月31日", "荷花店"):
        assert said in text
    for said in ("平台签名", "Platform signature", "不是发证机关的印章", "not the seal", "DEMONSTRATION"):
        assert said in text
    assert "2026-11-21 16:00" in text  # the state is that of this moment, in Beijing


def test_the_font_is_a_small_part_of_it_and_all_of_it_is_inside(signed: Path) -> None:
    listed = subprocess.run(["pdffonts", signed], capture_output=True, text=True, check=True).stdout
    rows = [row.split() for row in listed.splitlines()[2:]]

    assert rows
    assert all(row[-5] == "yes" and row[-4] == "yes" for row in rows if "NotoSansSC" in row[0])
    assert signed.stat().st_size < 200_000


def test_a_copy_outside_a_demonstration_does_not_say_so(
    shop: DocumentOffice, license_id: UUID, db: Database
) -> None:
    body = print_license(license_id, uscc=USCC, shop=replace(shop, demo=False), by=OWNER, now=NOW, db=db).body

    assert "DEMONSTRATION" not in PdfReader(BytesIO(body)).pages[0].extract_text()


def test_without_a_plate_the_symbol_leads_to_the_hub_itself(
    shop: DocumentOffice, db: Database, tmp_path: Path
) -> None:
    add_enterprise(db)
    path = tmp_path / "license.pdf"
    path.write_bytes(print_license(add_license(db), uscc=USCC, shop=shop, by=OWNER, now=NOW, db=db).body)

    with seen(path, tmp_path) as page:
        assert [each.text for each in zxingcpp.read_barcodes(page)] == ["http://127.0.0.1:8000/"]


def test_each_copy_is_on_record_with_its_digest(shop: DocumentOffice, license_id: UUID, db: Database) -> None:
    first = print_license(license_id, uscc=USCC, shop=shop, by=OWNER, now=NOW, db=db)
    second = print_license(license_id, uscc=USCC, shop=shop, by=OWNER, now=NOW, db=db)
    expected = [
        (str(license_id), {"document": str(each.document), "sha256": hashlib.sha256(each.body).hexdigest()})
        for each in (first, second)
    ]

    assert first.document != second.document
    assert sorted(events(db), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("by", [OFFICER, Actor(UUID(int=8), "别家", Role.OWNER, uscc=OTHER_USCC)])
def test_nobody_else_gets_a_copy_and_nothing_is_put_on_record(
    shop: DocumentOffice, license_id: UUID, db: Database, by: Actor
) -> None:
    with pytest.raises((NotFoundError, NotAllowedError)):
        print_license(license_id, uscc=USCC, shop=shop, by=by, now=NOW, db=db)
    assert events(db) == []


def test_the_license_of_another_enterprise_is_not_found(
    shop: DocumentOffice, license_id: UUID, db: Database
) -> None:
    add_enterprise(db, uscc=OTHER_USCC, name="别家")
    other = Actor(UUID(int=8), "别家", Role.OWNER, uscc=OTHER_USCC)

    with pytest.raises(NotFoundError):
        print_license(license_id, uscc=OTHER_USCC, shop=shop, by=other, now=NOW, db=db)


def test_the_owner_gets_it_from_the_page_of_the_license(app: Flask, license_id: UUID, db: Database) -> None:
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    page = browser.get(f"/enterprise/licenses/{license_id}?lang=zh").get_data(as_text=True)

    answer = browser.post(f"/enterprise/licenses/{license_id}/signed.pdf")

    assert "签名 PDF" in page
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="license-food-operation-[0-9a-f-]{36}\.pdf"',
        answer.headers["Content-Disposition"],
    )
    assert answer.data.startswith(b"%PDF-")
    assert len(events(db)) == 1
    assert browser.post(f"/enterprise/licenses/{UUID(int=5)}/signed.pdf").status_code == 404


def test_the_operator_writes_one_to_a_file(
    settings: Settings, license_id: UUID, db: Database, tmp_path: Path
) -> None:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=db)
    out = tmp_path / "out.pdf"

    told = CliRunner(catch_exceptions=False).invoke(
        license_group, ["pdf", str(license_id), "--out", str(out), "--json"], obj=context
    )

    assert json.loads(told.output)["out"] == str(out)
    assert "Signature is Valid." in pdfsig(out)
    assert stat.S_IMODE((settings.home / "ca").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (settings.home / "ca").iterdir()} == {0o600}


def test_a_copy_made_a_year_later_is_signed_by_the_same_root(
    shop: DocumentOffice, license_id: UUID, db: Database
) -> None:
    before = shop.signing.identity(now=NOW)
    later = NOW + timedelta(days=900)
    print_license(license_id, uscc=USCC, shop=shop, by=OWNER, now=later, db=db)
    after = shop.signing.identity(now=later)

    assert after.certificate != before.certificate
    assert after.chain[-1] == before.chain[-1]

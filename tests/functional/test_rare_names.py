"""Names with rare characters on signed documents, from the page that hands them out to what a reader copies."""

import subprocess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.record.models import Event
from tests.support.browser import Browser
from tests.support.plates import (
    NOW,
    OTHER_USCC,
    USCC,
    add_enterprise,
    add_license,
    add_premises,
    lay_plate,
    press_of,
)


@pytest.fixture
def owner(app: Flask, db: Database) -> Browser:
    add_enterprise(db)
    browser = Browser(app)
    browser.login(Role.OWNER, uscc=USCC)
    return browser


def printed_by(*command: object) -> str:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    return done.stdout


def test_rare_characters_are_drawn_and_copied_out_and_the_signature_holds(
    owner: Browser, db: Database, tmp_path: Path
) -> None:
    """𠮷: extension B, of the second font; 𬭎𫖯: planes of the main one; 鿰: the end of the first block."""
    holder = "𠮷野家鿰𬭎𫖯（衢州）Yoshinoya餐饮有限公司"
    license_id = add_license(db, holder_name=holder, address="𡌅埠𠮷路1号")
    path = tmp_path / "rare.pdf"
    path.write_bytes(owner.post(f"/enterprise/licenses/{license_id}/signed.pdf").data)

    copied = printed_by("pdftotext", "-layout", path, "-")

    assert holder in copied
    assert "𡌅埠𠮷路1号" in copied
    assert "YizhaoRareHan" in printed_by("pdffonts", path)
    assert "Signature is Valid." in printed_by("pdfsig", path)
    assert path.stat().st_size < 200_000


@pytest.mark.parametrize(("language", "said"), [("zh", "字库缺少的字"), ("en", "no font of the hub has")])
def test_a_page_names_the_character_that_no_font_has_and_nothing_is_printed(
    owner: Browser, db: Database, language: str, said: str
) -> None:
    license_id = add_license(db, holder_name="衢州\ue863商行")

    answer = owner.post(
        f"/enterprise/licenses/{license_id}/signed.pdf", headers={"Accept-Language": language}
    )

    assert answer.status_code == 400
    assert "(U+E863)" in answer.text
    assert said in answer.text
    with db.read() as session:
        assert session.scalar(select(func.count()).where(Event.kind == "license.printed")) == 0


@pytest.mark.parametrize(("language", "said"), [("zh", "字库缺"), ("en", "no font")])
def test_the_sheets_of_an_area_name_the_plates_left_out_with_their_characters(
    app: Flask, db: Database, settings: Settings, language: str, said: str
) -> None:
    """Told on the next page where others were printed, and at once where none was."""
    add_enterprise(db, name="衢州\ue863商行")
    bad = lay_plate(add_premises(db), press=press_of(settings), now=NOW, db=db)
    official = Browser(app)
    official.login(Role.OFFICIAL)
    spoken = {"Accept-Language": language}
    sheets = "/government/plates/area/sheets.pdf?name=南湖商圈"

    none = official.get(sheets, headers=spoken)
    add_enterprise(db, uscc=OTHER_USCC, name="𠮷野家")
    good = add_premises(db, uscc=OTHER_USCC, area="南湖商圈")
    lay_plate(good, press=press_of(settings), now=NOW, db=db)
    some = official.get(sheets, headers=spoken)
    told = official.get("/government/plates", headers=spoken)

    assert none.status_code == 400
    assert some.mimetype == "application/pdf"
    assert bad.plate_id in told.text
    for page in (none.text, told.text):
        assert said in page
        assert "(U+E863)" in page

"""The visibility matrix: a value planted in each category comes out where the matrix says, and nowhere else."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete

from hub.access.matrix import MATRIX, Audience, Category, DetailLevel
from hub.config import Settings
from hub.credit.models import Penalty
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.licenses.models import Waiver
from hub.registry.models import EnterpriseVersion, Premises
from hub.supervision.models import PublicReport
from signing.bundle import read_bundle
from tests.support.answers import ANSWERS, NOT_STORED
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.plates import NOW, USCC, add_license, lay_plate, press_of
from tests.support.spaces import add_look, add_penalty, add_space

LONG_AGO, LATELY = date(2015, 1, 1), date(2026, 10, 1)
PLANTED = {  # a value of each category; "…masked" and the like: what only who sees the whole of it may read
    "BUSINESS_LICENSE": "金丝雀甲餐饮有限公司",
    "PERMITS": "JY13308021234567",
    "TIERS": "金丝雀乙不涉及",
    "CHANGES": "金丝雀丙旧名",
    "PREMISES": "金丝雀丁店",
    "PREMISES masked": "金丝雀丁幢101室",
    "PENALTIES published": "金丝雀戊处罚",
    "PENALTIES expired": "金丝雀己处罚",
    "COMPLAINTS": "金丝雀庚举报",
    "COMPLAINTS contact": "13957001234",
    "USE_LOG": "金丝雀辛事由",
}
PUBLIC = {"BUSINESS_LICENSE", "PERMITS", "PREMISES", "PENALTIES published"}
TOLD = {  # by audience: what its answers hold, all of it and nothing else
    Audience.PUBLIC: PUBLIC,
    Audience.ENTERPRISE: PLANTED.keys() - {"COMPLAINTS", "COMPLAINTS contact"},
    Audience.ENFORCEMENT: PLANTED.keys() - {"CHANGES", "COMPLAINTS contact", "USE_LOG"},
    Audience.GOVERNMENT: PLANTED.keys() - {"CHANGES", "USE_LOG"},
}


@pytest.fixture
def code(db: Database, settings: Settings) -> str:
    """The code of an enterprise with a value planted in every category that is stored."""
    main, _ = add_space(db, name=PLANTED["BUSINESS_LICENSE"])
    with beside(db) as session:  # a page lists the newest few: what may not be told must be one of them
        session.execute(delete(Penalty))
    with db.write() as session:
        place = session.get_one(Premises, (USCC, main))
        place.name, place.is_residence = PLANTED["PREMISES"], True
        place.address = f"浙江省衢州市柯城区荷花一路12号{PLANTED['PREMISES masked']}"
        told = {"uscc": USCC, "premises_id": main}
        session.add(
            PublicReport(
                **told,
                id=UUID(int=5),
                plate_id="0000000000",
                kind="other",
                text=PLANTED["COMPLAINTS"],
                contact=PLANTED["COMPLAINTS contact"],
                state="received",
                created_at=NOW,
            )
        )
        session.add(
            Waiver(
                uscc=USCC,
                id=UUID(int=6),
                type_code="tobacco-retail",
                premises_id=None,
                reason=PLANTED["TIERS"],
                declared_by="负责人",
                declared_at=NOW,
                revoked_at=None,
            )
        )
        session.add(
            EnterpriseVersion(
                uscc=USCC,
                version=90,
                content={"name": PLANTED["CHANGES"]},
                source="registry",
                batch_id=None,
                recorded_at=NOW,
            )
        )
    add_license(db, premises_id=main, number=PLANTED["PERMITS"], valid_to=date(2020, 1, 1))
    add_penalty(db, decision_no="甲", act=PLANTED["PENALTIES published"], decided_on=LATELY)
    add_penalty(db, decision_no="乙", act=PLANTED["PENALTIES expired"], decided_on=LONG_AGO)
    add_look(db, reason=PLANTED["USE_LOG"])
    plate = lay_plate(main, press=press_of(settings), now=NOW, db=db)
    return plate.text.rpartition("/")[2]


def answers(app: Flask, code: str, audience: Audience) -> list[str]:
    """Everything that this audience reads of the enterprise: pages, exports, answers of the API, bundles."""
    browser = Browser(app)
    as_json = {"Accept": "application/json"}
    api = [f"/api/v1/enterprises/{USCC}", f"/api/v1/enterprises/{USCC}/licenses"]
    match audience:
        case Audience.PUBLIC:
            verdict = browser.json("/api/v1/verifications", {"code": f"{browser.base}/c/{code}"})
            paths = [f"/c/{code}?all=1", f"/c/{code}?all=1&lang=en", "/api/v1/bundle", "/log/", "/metrics"]
            return [verdict.text, *(browser.get(path).text for path in paths)]
        case Audience.ENTERPRISE:
            browser.login(Role.OWNER, uscc=USCC)
            pages = ("", "licenses", "permits", "premises", "credit", "business-license", "looks", "log")
            paths = [*(f"/enterprise/{page}" for page in pages), "/enterprise/log/export"]
            return [browser.get(path).text for path in (*paths, *api)]
        case Audience.ENFORCEMENT:
            browser.login(Role.OFFICER)
            browser.post(f"/enforcement/enterprises/{USCC}/look", {"purpose": "routine"})
            browser.json("/api/v1/carryings", {"region": "330802", "purpose": "routine"})
            carried = browser.get("/api/v1/bundle?region=330802", headers=as_json).get_json()
            district = read_bundle(carried).enterprise(USCC)
            paths = [f"/enforcement/enterprises/{USCC}", f"/enforcement/code/{code}", "/enforcement/", *api]
            return [str(district), *(browser.get(path).text for path in paths)]
        case Audience.GOVERNMENT:
            browser.login(Role.OFFICIAL)
            browser.post(f"/government/enterprises/{USCC}/look", {"purpose": "routine"})
            report = f"/government/reports/{USCC}/{UUID(int=5)}"
            paths = [f"/government/enterprises/{USCC}", f"/government/enterprises?q={USCC}", report, *api]
            return [browser.get(path).text for path in paths]


@pytest.mark.parametrize("audience", list(Audience))
def test_a_planted_value_comes_out_where_the_matrix_says_and_nowhere_else(
    app: Flask, code: str, audience: Audience
) -> None:
    said = answers(app, code, audience)
    read = "\n".join(said)

    found = {name for name, value in PLANTED.items() if value in read}

    assert found == TOLD[audience]
    for name in found:
        assert MATRIX.level(Category[name.partition(" ")[0]], audience) is not DetailLevel.NONE
    summaries = {
        name
        for name in PLANTED
        if MATRIX.level(Category[name.partition(" ")[0]], audience) is DetailLevel.SUMMARY
    }
    assert not {"PENALTIES expired", "COMPLAINTS contact"} & summaries & found


def test_every_kind_of_answer_names_only_what_its_audience_may_see() -> None:
    for name, answer in ANSWERS.items():
        hidden = {one for one in answer.categories if MATRIX.level(one, answer.audience) is DetailLevel.NONE}
        assert hidden == set(), name
        assert not answer.categories & NOT_STORED, name


def test_every_category_is_in_some_answer_or_said_not_to_be_stored() -> None:
    told = frozenset[Category]().union(*(answer.categories for answer in ANSWERS.values()))

    assert told | NOT_STORED == set(Category)
    assert not told & NOT_STORED


def test_an_officer_reads_why_a_license_is_not_blue(app: Flask, code: str) -> None:
    page, *_ = (
        text for text in answers(app, code, Audience.ENFORCEMENT) if "企业" in text and 'class="why"' in text
    )

    assert '<p class="why">' in page
    assert "已过有效期" in page or "过期" in page


def test_the_official_who_handles_a_report_reads_how_to_reach_who_made_it(app: Flask, code: str) -> None:
    browser = Browser(app)
    browser.login(Role.OFFICIAL)
    page = browser.get(f"/government/reports/{USCC}/{UUID(int=5)}").text

    assert PLANTED["COMPLAINTS contact"] in page
    assert code

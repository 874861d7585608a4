"""An enterprise with a text of its own in every category that the hub stores, brought in the ways data comes in.

Departments' files are loaded, a passer-by reports, an official looks, the license holder declares: only the lists of abnormal
operations, which no department delivers yet, are written into the table.
"""

import csv
import io
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from hub import config
from hub.codes.plates.service import issue_plate
from hub.config import Settings
from hub.feeds.models import Batch
from hub.feeds.service import LoadRequest, load_file, settle
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.licenses.models import License
from hub.registry.models import Enterprise, Premises
from hub.supervision.models import PublicReport
from hub.trust.record.models import Event
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.copies import suspect
from tests.support.exceptions import an_exception
from tests.support.feed_shapes import (
    FOOD_HEADER,
    MARKET_HEADER,
    PENALTY_HEADER,
    PREMISES_HEADER,
    credit_code,
    food_number,
)
from tests.support.plates import OPERATOR, OWNER, press_of
from tests.support.reference import REFERENCE

USCC = credit_code(77)
REGION = "330802"
NUMBER = food_number(777)
AREA = "金丝雀商圈"
MARKS: dict[
    str, tuple[str, ...]
] = {  # by category: texts that say something of it, whatever the page's language
    "BUSINESS_LICENSE": ("金丝雀甲商行", "欧阳金丝雀", "金丝雀蘑菇研究"),
    "LICENSE_COLOUR": ("营业期限将", "BL_TERM_DUE", "term of business ends", "its term ends", "金丝雀在业"),
    "PERMITS": (NUMBER, "金丝雀许可局"),
    "PERMIT_COLOUR": ("PM_EXPIRED", "证照已过有效期", "已过有效期。", "was not renewed", "Expired."),
    "TIERS": ("金丝雀不涉及",),
    "CHANGES": ("金丝雀旧登记局",),
    "PREMISES": ("金丝雀丁店", "金丝雀路九号"),
    "PENALTIES": ("金丝雀戊处罚", "金丝雀己处罚"),
    "LISTS": ("年报未报", "Annual report not filed"),
    "COMPLAINTS": ("金丝雀庚举报",),
    "USE_LOG": ("金丝雀辛事由", "欧阳查看员"),
}
EXPIRED_PENALTY = "金丝雀己处罚"
CONTACT = "13957004321"  # of whoever reported: for officials who handle reports alone
CITIZEN, CITIZEN_OF_REFUSED = "330802199003077731", "330802198808080018"
PHONE = "13957008888"  # of the place: nobody published it
NOBODYS = (CITIZEN, CITIZEN_OF_REFUSED)  # shown to nobody at all


@dataclass(frozen=True)
class Planted:
    """What addresses are filled in with."""

    uscc: str
    code: str
    plate_id: str
    premises_id: UUID
    license_id: UUID
    report_id: UUID
    suspicion_id: UUID
    exception_id: UUID
    batch_id: UUID
    event_id: UUID


def plant(app: Flask, settings: Settings, db: Database, folder: Path) -> Planted:
    """Store everything and return where it is."""
    now = config.now()
    _load(db, settings, folder, now)
    with beside(db) as session:
        row = session.get_one(Enterprise, USCC)
        row.overlays = [{"kind": "年报未报", "since": None, "source": "registry"}]
        premises = session.scalars(
            select(Premises.id).where(Premises.uscc == USCC, Premises.area == AREA)
        ).one()
        license_id = session.scalars(select(License.id).where(License.uscc == USCC)).one()
    settle(db, today=settings.today(now), reference=REFERENCE)
    plate = issue_plate(premises, press=press_of(settings), by=replace(OWNER, uscc=USCC), now=now, db=db)
    code = plate.text.rpartition("/")[2]
    _act(app, code)
    suspicion = suspect(USCC, plate.plate_id, premises, now=now, db=db)
    listed = an_exception(now=now, db=db)
    with db.read() as session:
        return Planted(
            USCC,
            code,
            plate.plate_id,
            premises,
            license_id,
            session.scalars(select(PublicReport.id)).one(),
            suspicion,
            listed.id,
            session.scalars(select(Batch.id).order_by(Batch.id)).first() or UUID(int=0),
            session.scalars(select(Event.id).where(Event.uscc == USCC, Event.batch_id.is_not(None))).first()
            or session.scalars(select(func.max(Event.id))).one(),
        )


def _act(app: Flask, code: str) -> None:
    """What people do: one reports, one looks, the license holder declares."""
    passer, official, owner = Browser(app), Browser(app), Browser(app)
    passer.get(f"/c/{code}")
    told = {"kind": "other", "text": "金丝雀庚举报", "contact": CONTACT}
    assert passer.post(f"/c/{code}/report", told).status_code == 303
    official.login(Role.OFFICIAL, name="欧阳查看员")
    look = {"purpose": "other", "reason": "金丝雀辛事由"}
    assert official.post(f"/government/enterprises/{USCC}/look", look).status_code == 303
    owner.login(Role.OWNER, uscc=USCC)
    waiver = {"confirmed": "yes", "reason": "金丝雀不涉及：从不销售卷烟"}
    assert owner.post("/enterprise/permits/tobacco-retail/waive", waiver).status_code == 303


def _load(db: Database, settings: Settings, folder: Path, now: datetime) -> None:
    today = settings.today(now)
    files = (
        (
            "1.csv",
            [*MARKET_HEADER, "经营者身份证号"],
            [_market(today, authority="金丝雀旧登记局"), _refused(today)],
        ),
        ("2.csv", [*MARKET_HEADER, "经营者身份证号"], [_market(today)]),
        ("3.csv", PENALTY_HEADER, [_penalty("金丝雀戊处罚", today - timedelta(days=30)), _old_penalty()]),
        ("4.csv", PREMISES_HEADER, [_place()]),
        ("5.csv", FOOD_HEADER, [_food(today)]),
    )
    for name, header, rows in files:
        path = folder / name
        out = io.StringIO()
        csv.writer(out).writerows([header, *rows])
        path.write_text(out.getvalue(), encoding="utf-8")
        load_file(
            LoadRequest(path, source=None, by=OPERATOR, now=now, today=today, reference=REFERENCE), db=db
        )


def _market(today: date, *, authority: str = "柯城区市场监督管理局") -> list[str]:
    return [
        USCC,
        "金丝雀甲商行",
        "有限责任公司",
        "欧阳金丝雀",
        "50",
        "2020-01-01",
        (today + timedelta(days=60)).isoformat(),
        authority,
        "存续",
        "浙江省衢州市柯城区荷花一路12号",
        REGION,
        "F5299",
        "一般项目：金丝雀蘑菇研究。许可项目：餐饮服务；烟草制品零售。",
        "2020-01-01",
        CITIZEN,
    ]


def _refused(today: date) -> list[str]:
    row = _market(today)
    row[0], row[3], row[14] = USCC[:17], CITIZEN_OF_REFUSED, CITIZEN_OF_REFUSED
    return row


def _food(today: date) -> list[str]:
    ended = (today - timedelta(days=40)).isoformat()
    place = "浙江省衢州市柯城区金丝雀路九号"
    return [
        NUMBER,
        "食品经营许可证",
        "持证商行",
        USCC,
        place,
        "2021-01-01",
        ended,
        "金丝雀许可局",
        "有效",
        "1",
    ]


def _place() -> list[str]:
    return [USCC, "金丝雀丁店", "浙江省衢州市柯城区金丝雀路九号", REGION, AREA, "28.936", "118.874", PHONE]


def _penalty(act: str, on: date) -> list[str]:
    return [
        f"处罚〔{on:%Y%m%d}〕1号",
        USCC,
        act,
        "罚款",
        "5000",
        "一般",
        on.isoformat(),
        "柯城区市场监督管理局",
    ]


def _old_penalty() -> list[str]:
    return _penalty(EXPIRED_PENALTY, date(2015, 1, 1))

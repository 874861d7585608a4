"""Enterprises, premises, permits and plates for tests: builders with defaults, stored in the tables as they are."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hub.access.matrix import MATRIX
from hub.codes.models import PlateIndex
from hub.codes.plates import service
from hub.codes.plates.queries import PlateView
from hub.codes.plates.service import PlateOffice
from hub.codes.rules import PlateEnd
from hub.codes.verification.scans import ScanRecorder
from hub.codes.verification.service import Verification
from hub.config import Settings
from hub.kernel.actor import Actor, Operator, Role
from hub.kernel.bulk import insert_rows, table_of
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.licenses.models import License, LicenseIndex
from hub.registry.models import Enterprise, Premises, PremisesIndex
from hub.trust.keys.issuer import Issuer
from keys import KeyRing
from tests.support.beside import beside, recount
from tests.support.reference import TABLES

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
USCC = "91330802MA2TEXT162"
OTHER_USCC = "91330802MA2TEXT263"
OPERATOR = Operator("tests")
OFFICER = Actor(UUID(int=1), "执法员", Role.OFFICER, department="市场监管局")
OFFICIAL = Actor(UUID(int=2), "政务员", Role.OFFICIAL, department="政务办")
OWNER = Actor(UUID(int=3), "领照人", Role.OWNER, uscc=USCC)


def owner_of(uscc: str | None) -> Actor:
    """Who may make and replace an enterprise's plates alone."""
    return Actor(UUID(int=3), "领照人", Role.OWNER, uscc=uscc)


def lay_plate(
    premises_id: UUID, *, press: PlateOffice, now: datetime, db: Database, **terms: Any
) -> PlateView:
    """Make the plate of these premises, as their owner does."""
    with db.read() as session:
        row = session.get(PremisesIndex, premises_id)
        by = owner_of(None if row is None else row.uscc)
    return service.issue_plate(premises_id, press=press, by=by, now=now, db=db, **terms)


def replace_plate(
    plate_id: str, *, reason: PlateEnd, press: PlateOffice, now: datetime, db: Database
) -> PlateView:
    """Make a new plate for the same premises, as their owner does."""
    with db.read() as session:
        row = session.get(PlateIndex, plate_id)
        by = owner_of(None if row is None else row.uscc)
    return service.reissue_plate(plate_id, reason=reason, press=press, by=by, now=now, db=db)


def issuer_of(settings: Settings) -> Issuer:
    folder = settings.home / "keys"
    return Issuer(KeyRing.open(folder, settings.keys_passphrase))


def press_of(settings: Settings) -> PlateOffice:
    return PlateOffice(issuer_of(settings), settings.base_url)


def enterprise_columns(uscc: str, **changes: object) -> dict[str, object]:
    columns: dict[str, object] = {
        "uscc": uscc,
        "name": "衢州示例餐饮有限公司",
        "entity_type": "公司",
        "type_text": "有限责任公司",
        "person": "张三",
        "capital": "100",
        "established_on": date(2020, 1, 1),
        "term_to": None,
        "authority": "衢州市市场监督管理局",
        "approved_on": date(2020, 1, 1),
        "state": "存续",
        "state_text": "存续",
        "overlays": [],
        "address": "浙江省衢州市柯城区荷花一路12号",
        "region": "330802",
        "industry": "H62",
        "scope_text": "餐饮服务",
        "quality": [],
        "version": 1,
        "source": "registry",
        "received_at": NOW,
        "content_hash": "0" * 64,
    }
    return {**columns, **changes}


def add_enterprise(db: Database, *, uscc: str = USCC, **changes: object) -> str:
    with beside(db) as session:
        session.add(Enterprise(**enterprise_columns(uscc, **changes)))
    return uscc


def add_enterprises(db: Database, count: int) -> None:
    """So many of one county."""
    with beside(db) as session:
        insert_rows(
            session,
            table_of(Enterprise),
            [enterprise_columns(f"91330802MA{number:08X}") for number in range(count)],
        )


def add_premises(db: Database, *, uscc: str = USCC, **changes: object) -> UUID:
    columns: dict[str, object] = {
        "uscc": uscc,
        "id": new_id(NOW),
        "name": "荷花店",
        "address": "浙江省衢州市柯城区荷花一路12号",
        "region": "330802",
        "area": "南湖商圈",
        "latitude": None,
        "longitude": None,
        "phone": None,
        "is_main": True,
        "is_residence": False,
        "version": 1,
        "source": "registry",
        "received_at": NOW,
        "content_hash": "0" * 64,
    }
    premises = Premises(**{**columns, **changes})
    with beside(db) as session:
        session.add_all((premises, PremisesIndex(premises_id=premises.id, uscc=uscc)))
    recount(db)
    return premises.id


def add_license(db: Database, *, uscc: str = USCC, **changes: object) -> UUID:
    columns: dict[str, object] = {
        "uscc": uscc,
        "id": new_id(NOW),
        "type_code": "food-operation",
        "number": "JY13308020000001",
        "holder_name": "衢州示例餐饮有限公司",
        "issuer": "柯城区市场监督管理局",
        "address": "",
        "issued_on": date(2024, 1, 1),
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2028, 12, 31),
        "state": "有效",
        "premises_id": None,
        "extra": {},
        "quality": [],
        "source_version": 1,
        "version": 1,
        "source": "market",
        "received_at": NOW,
        "content_hash": "0" * 64,
        "colour": "blue",
        "colour_reason": "PM_OK",
        "colour_until": None,
    }
    row = License(**{**columns, **changes})
    with beside(db) as session:
        session.add_all((row, LicenseIndex(license_id=row.id, uscc=row.uscc)))
    recount(db)
    return row.id


def add_plate(db: Database, settings: Settings, *, uscc: str = USCC, **premises: object) -> PlateView:
    """An enterprise with one plated place of business."""
    add_enterprise(db, uscc=uscc)
    premises_id = add_premises(db, uscc=uscc, **premises)
    return lay_plate(premises_id, press=press_of(settings), now=NOW, db=db)


def verification_of(db: Database, settings: Settings) -> Verification:
    return Verification(
        db,
        issuer=issuer_of(settings),
        origins=(settings.base_url,),
        today=settings.today,
        scans=ScanRecorder(db, day_of=settings.today),
        matrix=MATRIX,
        tables=TABLES,
    )

"""Records of one enterprise and one license with everything in order, and short ways to store some."""

from dataclasses import replace
from datetime import date

from hub.kernel.database import Database
from hub.licenses.premises_links import relink
from hub.licenses.rules import LicenseState
from hub.licenses.store import LicenseRecord, store_licenses
from hub.registry.records import Provenance
from hub.registry.rules import EntityState, EntityType
from hub.registry.store import (
    EnterpriseRecord,
    PremisesRecord,
    StoreOutcome,
    store_enterprises,
    store_premises,
)
from tests.support.beside import beside
from tests.support.feed_shapes import SCOPES, credit_code
from tests.support.loading import NOW, TODAY
from tests.support.reference import REFERENCE

CODE = credit_code(1)


def shop(code: str = CODE, **changes: object) -> EnterpriseRecord:
    record = EnterpriseRecord(
        uscc=code,
        name="柯城试验商行",
        entity_type=EntityType.COMPANY,
        type_text="有限责任公司",
        person="张三",
        capital=None,
        established_on=date(2020, 1, 1),
        term_to=None,
        authority="局",
        approved_on=date(2020, 1, 1),
        state=EntityState.ACTIVE,
        state_text="存续",
        address="浙江省衢州市柯城区试验路1号",
        region="330802",
        industry="",
        scope_text=SCOPES[0],
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def permit(code: str = CODE, **changes: object) -> LicenseRecord:
    record = LicenseRecord(
        uscc=code,
        type_code="food-operation",
        number="JY23308020000018",
        holder_name="柯城试验商行",
        issuer="局",
        state=LicenseState.VALID,
        valid_from=date(2024, 1, 1),
        valid_to=date(2028, 12, 31),
        issued_on=date(2024, 1, 1),
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def enterprises(db: Database, *records: EnterpriseRecord, replay: bool = False) -> list[StoreOutcome]:
    with beside(db) as session:
        return store_enterprises(
            session,
            records,
            provenance=Provenance(source="test", now=NOW),
            replay=replay,
            items=REFERENCE.items,
        )


def places(db: Database, *records: PremisesRecord) -> list[StoreOutcome]:
    with beside(db) as session:
        out = store_premises(session, records, provenance=Provenance(source="test", now=NOW))
        relink(session, {record.uscc for record in records}, now=NOW)
        return out


def licenses(db: Database, *records: LicenseRecord, replay: bool = False) -> list[StoreOutcome]:
    with beside(db) as session:
        return store_licenses(
            session,
            records,
            provenance=Provenance(source="test", now=NOW),
            today=TODAY,
            replay=replay,
            reference=REFERENCE,
        )

"""Whole spaces for tests: one restaurant company with two places, permits in every colour, penalties, looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from threading import get_ident
from typing import Any
from uuid import UUID

from sqlalchemy import event

from hub.access.models import Look
from hub.credit.models import Penalty
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.registry.models import EnterpriseVersion, ScopeLine
from hub.registry.scope.loader import load_catalogue
from hub.registry.scope.rules import parse_scope
from tests.support.beside import beside, counted_once, recount
from tests.support.plates import NOW, USCC, add_enterprise, add_license, add_premises

SCOPE = (
    "一般项目：食品销售（仅销售预包装食品）；外卖递送服务；剧本娱乐活动策划与蘑菇风味研究"
    "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）。"
    "许可项目：餐饮服务；烟草制品零售（依法须经批准的项目，经相关部门批准后方可开展经营活动）。"
)


def add_scope(db: Database, text: str = SCOPE, *, uscc: str = USCC) -> None:
    lines = parse_scope(text, load_catalogue()).lines
    with beside(db) as session:
        session.add_all(
            ScopeLine(
                uscc=uscc,
                position=position,
                text=line.text,
                start=line.start,
                end=line.end,
                section=line.section,
                item_code=line.item_code,
                match=line.match,
                confidence=line.confidence,
                branch_only=line.branch_only,
            )
            for position, line in enumerate(lines)
        )
    recount(db)


def add_penalty(db: Database, *, uscc: str = USCC, **changes: object) -> UUID:
    columns: dict[str, object] = {
        "uscc": uscc,
        "id": new_id(NOW),
        "decision_no": "衢市监处〔2026〕118号",
        "act": "未按规定对生产经营场所进行定期维护",
        "kind": "罚款",
        "fine_yuan": Decimal("5000.00"),
        "level": "一般",
        "decided_on": date(2026, 7, 1),
        "authority": "衢州市市场监督管理局",
        "source": "food-permits",
        "received_at": NOW,
        "content_hash": "0" * 64,
    }
    row = Penalty(**{**columns, **changes})
    with beside(db) as session:
        session.add(row)
    return row.id


def add_look(db: Database, *, uscc: str = USCC, hours_ago: int = 1, **changes: object) -> UUID:
    at = NOW - timedelta(hours=hours_ago)
    columns: dict[str, object] = {
        "uscc": uscc,
        "id": new_id(at),
        "person_id": UUID(int=9),
        "viewer": "王检查",
        "role": "officer",
        "department": "柯城区市场监督管理局",
        "purpose": "routine",
        "reason": "",
        "seen": "enterprise",
        "at": at,
    }
    row = Look(**{**columns, **changes})
    with beside(db) as session:
        session.add(row)
    return row.id


def add_face_versions(db: Database, *, uscc: str = USCC) -> None:
    """The enterprise was renamed once."""
    contents = (
        {"name": "衢州旧名餐饮有限公司", "capital": "50"},
        {"name": "衢州示例餐饮有限公司", "capital": "100"},
    )
    with beside(db) as session:
        session.add_all(
            EnterpriseVersion(
                uscc=uscc,
                version=number,
                content=content,
                source="registry",
                batch_id=None,
                recorded_at=NOW - timedelta(days=400 - 100 * number),
            )
            for number, content in enumerate(contents, start=1)
        )


def add_space(
    db: Database,
    *,
    uscc: str = USCC,
    extra_licenses: int = 0,
    renewed_by: date = date(2026, 12, 20),
    **changes: object,
) -> tuple[UUID, UUID]:
    """The two places of a restaurant with licenses in all four colours, two duties missing; dates fit NOW.

    `renewed_by`: the last day of the license that may be renewed; a test on the real clock counts it from today.
    """
    with counted_once(db):
        return _add_space(db, uscc=uscc, extra_licenses=extra_licenses, renewed_by=renewed_by, **changes)


def _add_space(
    db: Database, *, uscc: str, extra_licenses: int, renewed_by: date, **changes: object
) -> tuple[UUID, UUID]:
    add_enterprise(db, uscc=uscc, scope_text=SCOPE, **changes)
    add_scope(db, uscc=uscc)
    main = add_premises(db, uscc=uscc)
    second = add_premises(
        db,
        uscc=uscc,
        name="水亭门店",
        address="浙江省衢州市柯城区水亭街88号",
        area="水亭门商圈",
        is_main=False,
    )
    own = {"uscc": uscc, "source": "food-permits"}
    food = {**own, "type_code": "food-operation"}
    add_license(db, **food, number="JY23308020000011", premises_id=main, valid_to=renewed_by)
    add_license(db, **food, number="JY23308020000022", premises_id=second, valid_to=date(2030, 3, 1))
    add_license(db, **own, type_code="tobacco-retail", number="330802100001", premises_id=main)
    add_license(db, **own, type_code="drainage", number="浙衢排2020001", valid_to=date(2026, 11, 1))
    add_license(db, **own, type_code="public-hygiene", number="衢卫公证2019001", state="注销")
    for number in range(extra_licenses):
        add_license(db, **own, type_code="food-operation", number=f"JY9{number:013}", premises_id=second)
    add_penalty(db, uscc=uscc)
    add_penalty(db, uscc=uscc, decision_no="衢市监处〔2024〕7号", level="一般", decided_on=date(2024, 5, 1))
    add_look(db, uscc=uscc)
    add_face_versions(db, uscc=uscc)
    return main, second


CONTROL = ("BEGIN", "COMMIT", "ROLLBACK")


@contextmanager
def counted_statements(db: Database) -> Iterator[list[str]]:
    """The statements of this thread that reach the database meanwhile, transaction control left out.

    On SQLite the library itself is asked, so that statements below the toolkit count as well.
    """
    seen: list[str] = []
    here = get_ident()

    def note(statement: str) -> None:
        if get_ident() == here and not statement.startswith(CONTROL):
            seen.append(statement)

    def trace(connection: Any, *_rest: object) -> None:
        connection.set_trace_callback(note)

    def executed(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        note(statement)

    target, name, listener = (
        (db.engine.pool, "checkout", trace)
        if db.is_sqlite
        else (db.engine, "before_cursor_execute", executed)
    )
    event.listen(target, name, listener)
    try:
        yield seen
    finally:
        event.remove(target, name, listener)
        if db.is_sqlite:
            db.engine.pool.dispose()  # connections that still trace

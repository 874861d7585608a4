"""A plain enterprise for tests that need one to exist."""

from datetime import UTC, datetime

from hub.kernel.database import Database
from hub.registry.models import Enterprise
from tests.support.beside import beside

USCC = "91330800MA28F00G7T"


def add_enterprise(db: Database, *, uscc: str = USCC, name: str = "测试小吃店", person: str = "张三") -> None:
    with beside(db) as session:
        session.add(
            Enterprise(
                uscc=uscc,
                name=name,
                entity_type="个体工商户",
                type_text="个体工商户",
                person=person,
                authority="测试市市场监督管理局",
                state="存续",
                state_text="存续",
                overlays=[],
                address="测试路 1 号",
                region="330802",
                industry="6210",
                scope_text="餐饮服务",
                quality=[],
                version=1,
                source="test",
                received_at=datetime(2026, 11, 21, tzinfo=UTC),
                content_hash="0" * 64,
            )
        )

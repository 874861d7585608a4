"""Workbooks of licenses with one thing odd about them, loaded for an enterprise that is there."""

from datetime import date
from pathlib import Path

from sqlalchemy import Row, select

from hub.feeds.batches import Loading
from hub.kernel.database import Database
from hub.licenses.models import License
from tests.support.feed_shapes import SHEET_HEADER, SHOP
from tests.support.loading import load, write
from tests.support.workbooks import Raw, book, sheet

STYLES = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>'
    '<numFmt numFmtId="165" formatCode="000000000000"/></numFmts>'
    '<fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="31"/>'
    '<xf numFmtId="0" fontId="1"/><xf numFmtId="0" fontId="2"/><xf numFmtId="165"/></cellXfs>'
)
DAY, LONG_DAY, CHINESE_DAY, STRUCK, NOT_STRUCK, TWELVE_DIGITS = range(1, 7)
HEADER: list[object] = [*SHEET_HEADER]
PLAIN: dict[str, object] = {
    "证照类型名称": "烟草专卖零售许可证",
    "证照编号": "330802000001",
    "持证主体": "柯城试验商行",
    "持证主体代码": SHOP,
    "起始": "2024-01-01",
    "截止": "2028-12-31",
    "颁发机构": "局",
    "证照状态代码": "01",
}


def row(**changes: object) -> list[object]:
    return list((PLAIN | changes).values())


def number(value: object, style: int = 0) -> Raw:
    return Raw(f'<c {{r}} s="{style}"><v>{value}</v></c>')


def of_kind(kind: str, value: str) -> Raw:
    return Raw(f'<c {{r}} t="{kind}"><v>{value}</v></c>')


class Loader:
    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.folder = folder

    def __call__(self, content: bytes) -> Loading:
        loading = load(self.db, write(self.folder, "book.xlsx", content))
        stored = loading.accepted + loading.duplicate + loading.superseded
        assert loading.position == stored + loading.blank + sum(loading.reasons.values())
        return loading

    def rows(self, *rows: list[object], **told: object) -> Loading:
        return self(book({"数据": sheet([HEADER, *rows], **told)}, styles=STYLES))  # type: ignore[arg-type]

    @property
    def license(self) -> Row[str, str, date | None]:
        """Number, issuer and last day of the only license."""
        with self.db.read() as session:
            return session.execute(select(License.number, License.issuer, License.valid_to)).one()

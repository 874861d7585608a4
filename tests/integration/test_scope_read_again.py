"""What a scope calls for reaches the counts only when it is certain, and what an older reader stored is read again."""

from pathlib import Path

from sqlalchemy import select, update

from hub.access.matrix import MATRIX, Audience
from hub.kernel.bulk import table_of
from hub.kernel.database import Database
from hub.licenses import rereading
from hub.licenses.models import Summary
from hub.licenses.queries import space
from hub.licenses.rereading import read_scopes_again
from hub.licenses.summaries import refresh_stale
from hub.registry.audit import differing_scopes
from hub.registry.models import ScopeLine, ScopeReading
from hub.registry.scope.review import unmatched_page
from tests.support.feed_shapes import MARKET_HEADER, credit_code, csv_bytes
from tests.support.loading import TODAY, load, write
from tests.support.reference import REFERENCE

_LINE, _READING = table_of(ScopeLine), table_of(ScopeReading)


def holder(number: int, scope: str) -> list[str]:
    row = dict(zip(MARKET_HEADER, [""] * len(MARKET_HEADER), strict=True))
    row |= {
        "统一社会信用代码": credit_code(number),
        "市场主体名称": f"柯城试验{number}号商行",
        "成立日期": "2020-01-02",
        "登记状态": "存续",
        "住所(经营场所)": f"浙江省衢州市柯城区试验路{number}号",
        "行政区划": "330802",
        "经营范围": scope,
    }
    return list(row.values())


def load_scopes(db: Database, folder: Path, *scopes: str) -> list[str]:
    rows = [holder(number, scope) for number, scope in enumerate(scopes, 1)]
    load(db, write(folder, "m.csv", csv_bytes(MARKET_HEADER, rows)))
    return [row[0] for row in rows]


def counted(db: Database, uscc: str) -> tuple[int, int]:
    with db.read() as session:
        row = session.get_one(Summary, uscc)
        return row.required, row.missing


def test_a_scope_that_names_what_is_not_dangerous_owes_nothing(any_db: Database, tmp_path: Path) -> None:
    scope = "一般经营项目：生产非危险化学品类混配涂料及稀释剂；销售本公司所生产的产品。"
    [uscc] = load_scopes(any_db, tmp_path, scope)

    assert counted(any_db, uscc) == (0, 0)
    with any_db.read() as session:
        found = space(
            session, uscc, on=TODAY, clearance=MATRIX.clearance(Audience.ENTERPRISE), reference=REFERENCE
        )
        assert (found.tier_rows, found.unconfirmed) == ((), ())


def test_a_guess_is_shown_to_be_confirmed_and_counted_nowhere(any_db: Database, tmp_path: Path) -> None:
    guessed, certain, branch = load_scopes(
        any_db, tmp_path, "中式快餐", "餐饮服务", "软件开发；餐饮服务（仅限分支机构经营）"
    )

    assert [counted(any_db, uscc) for uscc in (guessed, certain, branch)] == [(0, 0), (1, 1), (0, 0)]
    with any_db.read() as session:
        spaces = [
            space(
                session, uscc, on=TODAY, clearance=MATRIX.clearance(Audience.ENTERPRISE), reference=REFERENCE
            )
            for uscc in (guessed, certain, branch)
        ]
        thought = unmatched_page(session, guessed=True, items=REFERENCE.items).rows
    assert [len(one.unconfirmed) for one in spaces] == [1, 0, 0]
    assert [len(one.missing) for one in spaces] == [0, 1, 0]
    assert not any(todo for one in (spaces[0], spaces[2]) for todo in one.todos if "许可" in todo.title.zh)
    assert [segment.tone for segment in spaces[2].segments if segment.line is not None] == ["", "branch"]
    assert [(row.uscc, row.text, row.item) for row in thought] == [(guessed, "中式快餐", "餐饮服务")]


def test_lines_of_an_earlier_reader_are_read_again_and_counted_again(
    any_db: Database, tmp_path: Path
) -> None:
    usccs = load_scopes(any_db, tmp_path, "软件开发；餐饮服务（仅限分支机构经营）", "典当业务", "快餐")
    with any_db.write() as session:  # as an earlier version left them
        session.execute(update(_LINE).values(branch_only=False, confidence=1.0))
        session.execute(_READING.delete())
        session.execute(_READING.insert().values(id=1, version="1/items", done_to=None))
        assert list(differing_scopes(session, items=REFERENCE.items)) == []  # not yet read again is no fault

    rereading.complete(any_db, on=TODAY, items=REFERENCE.items)
    refresh_stale(any_db, on=TODAY, limit=100, reference=REFERENCE)

    assert [counted(any_db, uscc) for uscc in usccs] == [(0, 0), (1, 1), (0, 0)]
    assert not read_scopes_again(any_db, on=TODAY, items=REFERENCE.items)
    with any_db.read() as session:
        assert list(differing_scopes(session, items=REFERENCE.items)) == []


def test_reading_again_goes_on_where_it_was_stopped(any_db: Database, tmp_path: Path) -> None:
    usccs = sorted(load_scopes(any_db, tmp_path, *["快餐"] * 5))
    with any_db.write() as session:
        session.execute(update(_LINE).values(match="exact"))
        session.execute(_READING.delete())
    assert read_scopes_again(any_db, on=TODAY, items=REFERENCE.items)
    with any_db.write() as session:
        session.execute(update(_LINE).values(match="exact"))
        session.execute(update(_READING).values(done_to=usccs[2]))

    rereading.complete(any_db, on=TODAY, items=REFERENCE.items)

    with any_db.read() as session:
        rows = session.execute(select(ScopeLine.uscc, ScopeLine.match)).all()
    kept = {uscc: match for uscc, match in rows}  # noqa: C416  # a row is no pair to dict()
    assert [kept[uscc] for uscc in usccs] == ["exact", "exact", "exact", "keyword", "keyword"]

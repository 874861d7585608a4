"""Seven departments' files: exactly the counts they were made with, twice, tried, and on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub.feeds.errors import UnknownSourceError
from hub.feeds.models import Batch
from hub.feeds.queries import batch, batches, refusals
from hub.feeds.service import LoadRequest, trial, try_file
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.licenses.models import License, LicenseVersion, Summary
from hub.registry.models import Enterprise, EnterpriseVersion, Premises, ScopeLine
from hub.registry.search import search
from hub.trust.record.models import Event
from tests.support.feeds import Feeds
from tests.support.loading import BY, NOW, TODAY, contents, counts, load, load_all, refused
from tests.support.reference import REFERENCE


@pytest.fixture
def feeds() -> Feeds:
    return Feeds(enterprises=60, seed=7)


def expected(feeds: Feeds) -> dict[str, dict[str, object]]:
    return {name: one.as_dict() for name, one in feeds.expected.items()}


def test_seven_files_load_with_exactly_their_counts(any_db: Database, feeds: Feeds, tmp_path: Path) -> None:
    assert load_all(any_db, feeds.write(tmp_path)) == expected(feeds)

    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(Enterprise)) == 60
        licenses = sum(
            feeds.expected[f"{name}"].accepted
            for name in feeds.expected
            if name[:2] in {"02", "03", "04", "05"}
        )
        assert session.scalar(select(func.count()).select_from(License)) == licenses
        assert session.scalar(select(func.count()).select_from(Summary)) == 60
        assert session.scalar(select(func.count()).select_from(ScopeLine)) > 60
        assert (
            session.scalar(select(func.count()).select_from(Event).where(Event.kind == "feeds.loaded")) == 7
        )


def test_loading_everything_twice_changes_nothing(any_db: Database, feeds: Feeds, tmp_path: Path) -> None:
    paths = feeds.write(tmp_path)
    load_all(any_db, paths)
    before = contents(any_db)

    again = load_all(any_db, paths)

    after = contents(any_db)
    for table in set(before) - {"feeds_batch", "feeds_refusal", "trust_event", "trust_leaf_batch"}:
        assert after[table] == before[table], table
    for name, one in feeds.expected.items():
        assert again[name]["accepted"] == 0
        assert again[name]["duplicate"] == one.accepted + one.duplicate
        assert again[name]["superseded"] == one.superseded
        assert again[name]["refused"] == dict(sorted(one.refused.items()))


def test_a_trial_gives_the_same_answers_and_stores_nothing(
    any_db: Database, feeds: Feeds, tmp_path: Path
) -> None:
    empty = contents(any_db)

    with trial(any_db) as run:
        tried = {
            path.name: counts(try_file(LoadRequest(path, None, BY, NOW, TODAY, reference=REFERENCE), run=run))
            for path in feeds.write(tmp_path)
        }

    assert tried == expected(feeds)
    assert contents(any_db) == empty


def test_every_refused_row_is_named_with_line_column_value_and_both_sentences(
    db: Database, feeds: Feeds, tmp_path: Path
) -> None:
    for path in feeds.write(tmp_path):
        loading = load(db, path)
        rows = refused(db, loading)
        assert len(rows) == sum(feeds.expected[path.name].refused.values())
        for row in rows:
            assert row.line > 0
            assert row.column
            assert row.message.zh
            assert row.message.en
            assert len(row.value) <= 200
            assert row.value.isprintable()


def test_the_line_named_is_the_line_of_the_file(db: Database, feeds: Feeds, tmp_path: Path) -> None:
    path = feeds.write(tmp_path)[0]
    lines = path.read_bytes().decode("gb18030").split("\r\n")

    rows = refused(db, load(db, path))

    bad_date = next(row for row in rows if row.reason == "DATE")
    assert "2025-02-30" in lines[bad_date.line - 1]
    assert (bad_date.column, bad_date.value) == ("成立日期", "2025-02-30")


def test_a_department_version_that_comes_late_never_overwrites_a_newer_one(
    any_db: Database, feeds: Feeds, tmp_path: Path
) -> None:
    load_all(any_db, feeds.write(tmp_path)[:2])

    with any_db.read() as session:
        licenses = session.scalars(select(License).where(License.source_version == 2)).all()
        versions = session.scalars(
            select(LicenseVersion.version).where(LicenseVersion.license_id == licenses[0].id)
        ).all()
    assert len(licenses) == 1
    assert versions == [1]


def test_the_registered_address_is_one_place_whoever_reports_it(
    any_db: Database, feeds: Feeds, tmp_path: Path
) -> None:
    load_all(any_db, feeds.write(tmp_path))

    with any_db.read() as session:
        mains = session.scalars(select(Premises).where(Premises.is_main)).all()
        total = session.scalar(select(func.count()).select_from(Premises))
        unlinked = session.scalars(
            select(License.id).where(License.address != "", License.premises_id.is_(None))
        ).all()
        assert len(mains) == 60
        assert total == 60 + 15
        assert all(place.area == "南孔古城" and place.version == 2 for place in mains)
        assert unlinked == []


def test_enterprises_are_found_by_name_pinyin_initials_and_code_tail(
    any_db: Database, feeds: Feeds, tmp_path: Path
) -> None:
    load(any_db, feeds.write(tmp_path)[0])
    shop = feeds.shops[17]

    with any_db.read() as session:
        for text in (
            shop.name,
            "试验17号",
            shop.uscc,
            shop.uscc.lower(),
            shop.uscc[-6:],
            "shiyan17",
            "sy 17",
        ):
            assert shop.uscc in search(session, text, limit=100), text
        assert search(session, "没有的名字", limit=10) == []
        assert search(session, '"; DROP TABLE registry_enterprise; --', limit=10) == []
        assert search(session, "' | *", limit=10) == []


def test_batches_and_refusals_are_paged_by_cursor(any_db: Database, feeds: Feeds, tmp_path: Path) -> None:
    load_all(any_db, feeds.write(tmp_path))

    with any_db.read() as session:
        first = batches(session, limit=4)
        rest = batches(session, limit=4, before=first[-1].cursor)
        market = next(one for one in (*first, *rest) if one.source == "market-entities")
        page = refusals(session, market.id, limit=5)
        more = refusals(session, market.id, limit=50, after=page[-1].cursor)
        assert batch(session, market.id) == market
        with pytest.raises(NotFoundError):
            batches(session, before="nonsense")
        with pytest.raises(NotFoundError):
            refusals(session, market.id, after="nonsense")
    assert len(first) == 4
    assert len(rest) == 3
    assert market.refused_rows == 7 == len(page) + len(more)
    assert market.by == "operator:tester"
    lines = [row.line for row in (*page, *more)]
    assert lines == sorted(set(lines))


def test_an_unreadable_file_is_remembered_as_failed(any_db: Database, tmp_path: Path) -> None:
    path = tmp_path / "what.csv"
    path.write_text("a,b\n1,2\n")

    with pytest.raises(UnknownSourceError):
        load(any_db, path)

    with any_db.read() as session:
        row = session.scalars(select(Batch)).one()
        assert (row.state, row.source, row.position) == ("failed", "", 0)
        assert row.failure


def test_every_change_of_an_enterprise_is_kept_as_a_version(
    any_db: Database, feeds: Feeds, tmp_path: Path
) -> None:
    path = feeds.write(tmp_path)[0]
    load(any_db, path)
    text = path.read_bytes().decode("gb18030")
    shop = feeds.shops[5]
    newer = tmp_path / "newer.csv"
    newer.write_bytes(text.replace(shop.name, f"{shop.name}(更名)").encode("gb18030"))

    loading = load(any_db, newer)

    with any_db.read() as session:
        names = session.scalars(
            select(EnterpriseVersion.content)
            .where(EnterpriseVersion.uscc == shop.uscc)
            .order_by(EnterpriseVersion.version)
        ).all()
        place = session.scalars(select(Premises).where(Premises.uscc == shop.uscc)).one()
        assert shop.uscc in search(session, "更名", limit=5)
        assert place.name == f"{shop.name}(更名)"
    assert loading.accepted == 1
    assert [content["name"] for content in names] == [shop.name, f"{shop.name}(更名)"]


def test_two_loads_of_the_same_enterprises_at_once_end_with_each_of_them_once(
    any_db: Database, tmp_path: Path
) -> None:
    feeds = Feeds(enterprises=600, seed=5)
    first = feeds.write(tmp_path)[0]
    header, *rows = first.read_bytes().split(b"\r\n")
    second = tmp_path / "same rows.csv"
    second.write_bytes(b"\r\n".join([header, *reversed(rows)]))

    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda path: load(any_db, path), (first, second)))

    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(Enterprise)) == 600
        assert session.scalar(select(func.count()).select_from(Premises)) == 600
    assert sum(one.accepted for one in done) == 600
    assert sum(one.duplicate for one in done) == 602

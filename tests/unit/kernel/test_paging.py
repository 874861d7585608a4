"""Pages of long lists: how many rows, and what comes next."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Uuid, create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hub.kernel.paging import MAX_PAGE, cut_page, newest_page, page_size


class _Base(DeclarativeBase):
    pass


class _Line(_Base):
    __tablename__ = "line"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


@dataclass(frozen=True)
class _Shown:
    id: UUID


@pytest.mark.parametrize(
    ("asked", "most", "size"),
    [
        pytest.param(-1, 9, 1, id="less than none"),
        pytest.param(0, 9, 1, id="none"),
        pytest.param(1, 9, 1, id="one"),
        pytest.param(9, 9, 9, id="as many as there may be"),
        pytest.param(10, 9, 9, id="one too many"),
        pytest.param(MAX_PAGE + 1, MAX_PAGE, MAX_PAGE, id="more than a page holds"),
    ],
)
def test_a_page_has_at_least_one_row_and_no_more_than_it_may(asked: int, most: int, size: int) -> None:
    assert page_size(asked, most) == size


def test_a_page_holds_no_more_than_the_usual_when_nothing_else_is_said() -> None:
    assert page_size(10**9) == MAX_PAGE


@pytest.mark.parametrize(
    ("rows", "page", "last"),
    [
        pytest.param("", (), None, id="nothing at all"),
        pytest.param("ab", ("a", "b"), None, id="fewer than a page"),
        pytest.param("abc", ("a", "b", "c"), None, id="exactly a page is the last one"),
        pytest.param(
            "abcd", ("a", "b", "c"), "c", id="one more, and the next page begins after the last that is shown"
        ),
    ],
)
def test_a_page_says_where_the_next_one_begins(rows: str, page: tuple[str, ...], last: str | None) -> None:
    assert cut_page(rows, 3) == (page, last)


@given(st.sets(st.integers(1, 10_000), max_size=40), st.integers(1, 12))
def test_pages_one_after_another_show_every_row_once_and_newest_first(numbers: set[int], size: int) -> None:
    engine = create_engine("sqlite://")
    _Base.metadata.create_all(engine)
    seen: list[int] = []
    before = None
    with Session(engine) as session:
        if numbers:
            session.execute(insert(_Line), [{"id": UUID(int=number)} for number in numbers])
        while True:
            page = newest_page(
                session, select(_Line), _Line.id, lambda row: _Shown(row[0].id), before=before, limit=size
            )
            assert len(page.rows) <= size
            seen += [row.id.int for row in page.rows]
            before = page.older
            if before is None:
                break
            assert len(page.rows) == size
    engine.dispose()

    assert seen == sorted(numbers, reverse=True)

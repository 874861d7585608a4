"""The visibility matrix at work: every address that each audience can open, before and after a cell of it is changed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from hub import config
from hub.access.matrix import MATRIX, Audience, Category, DetailLevel, Matrix
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.answers import NOT_STORED
from tests.support.applications import create_app, stop
from tests.support.categories import CONTACT, EXPIRED_PENALTY, MARKS, NOBODYS, PHONE, Planted, plant
from tests.support.issued import sequence_all
from tests.support.walking import ROLES, visitor, walk

Walked = Mapping[tuple[Role | None, str], str]  # what was read, by who asked and where
FACE = {"BUSINESS_LICENSE", "LICENSE_COLOUR", "LISTS", "PERMITS", "PERMIT_COLOUR", "PREMISES"}
TOLD = {  # by audience: of what its answers say something, and of nothing else
    Audience.PUBLIC: FACE | {"PENALTIES"},
    Audience.ENTERPRISE: FACE | {"PENALTIES", "TIERS", "CHANGES", "USE_LOG"},
    Audience.ENFORCEMENT: FACE | {"PENALTIES", "TIERS", "COMPLAINTS"},
    Audience.GOVERNMENT: FACE | {"PENALTIES", "TIERS", "COMPLAINTS", "USE_LOG"},
}
TOGETHER = {  # what goes with a row that is gone
    "PERMITS": {"PERMIT_COLOUR", "PREMISES"},
    "PREMISES": {"BUSINESS_LICENSE"},  # the registered place bears the enterprise's name
    "TIERS": {"BUSINESS_LICENSE", "PREMISES"},
    "COMPLAINTS": {"PREMISES", "BUSINESS_LICENSE"},
}


LEADING = {**ROLES, Audience.ENTERPRISE: (Role.OWNER,)}  # who sees all that the others of the audience see


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, rate_factor=100_000)  # hundreds of addresses in a minute


@pytest.fixture
def planted(app: Flask, settings: Settings, db: Database, tmp_path: Path) -> Planted:
    where = plant(app, settings, db, tmp_path)
    sequence_all(db, settings, now=config.now())
    return where


@contextmanager
def hub_with(settings: Settings, matrix: Matrix) -> Iterator[Flask]:
    """The same hub under another matrix, which is handed in."""
    app = create_app(settings, matrix=matrix)
    try:
        yield app
    finally:
        stop(app)


def walked(app: Flask, audience: Audience, planted: Planted, *, only: set[str] | None = None) -> Walked:
    found: dict[tuple[Role | None, str], str] = {}
    for role in ROLES[audience] if only is None else LEADING[audience]:
        said = walk(app, visitor(app, role, planted), role, planted, only=only)
        found |= {(role, path): text for path, text in said.items()}
    return found


def is_public(path: str) -> bool:
    """Whether this is answered as to anyone, whoever asks."""
    return path.startswith("/c/") or path in {"verification", "batch"}


def categories_in(text: str) -> set[str]:
    return {name for name, marks in MARKS.items() if any(mark in text for mark in marks)}


@pytest.mark.parametrize("audience", list(Audience))
def test_every_answer_holds_what_its_audience_is_told_and_nothing_else(
    app: Flask, planted: Planted, audience: Audience
) -> None:
    said = walked(app, audience, planted)
    everything = "\n".join(said.values())

    assert len(said) > 20
    assert categories_in(everything) == TOLD[audience]
    assert [where for where, text in said.items() if any(one in text for one in NOBODYS)] == []
    assert (EXPIRED_PENALTY in everything) is (audience is not Audience.PUBLIC)
    if audience is not Audience.ENTERPRISE:  # it knows its own number
        assert PHONE not in everything
    contacts = {path for (_, path), text in said.items() if CONTACT in text}
    report = f"/government/reports/{planted.uscc}/{planted.report_id}"
    assert contacts == ({report} if audience is Audience.GOVERNMENT else set())


def with_cell(matrix: Matrix, category: Category, audience: Audience, level: DetailLevel) -> Matrix:
    """The same table with one cell changed."""
    row = (level if column is audience else matrix.level(category, column) for column in Audience)
    public, enterprise, enforcement, government = row
    return Matrix({**matrix.rows, category: (public, enterprise, enforcement, government)})


@pytest.mark.parametrize("audience", list(Audience))
def test_a_cell_taken_away_takes_its_category_from_every_answer(
    app: Flask, settings: Settings, planted: Planted, audience: Audience
) -> None:
    before = {
        where: categories_in(text)
        for where, text in walked(app, audience, planted).items()
        if audience is Audience.PUBLIC or not is_public(where[1])
    }
    for category in sorted(TOLD[audience]):
        held = {where for where, names in before.items() if category in names}
        matrix = with_cell(MATRIX, Category[category], audience, DetailLevel.NONE)
        with hub_with(settings, matrix) as other:
            said = walked(other, audience, planted, only={path for _, path in held})
            after = {where: text for where, text in said.items() if where in before}
        left = {where for where, text in after.items() if category in categories_in(text)}

        assert held
        assert left == set(), category
        for where in held & after.keys():  # and no more than that
            lost = before[where] - categories_in(after[where]) - {category} - TOGETHER.get(category, set())
            assert lost == set(), (category, where)


def test_a_cell_given_is_told_where_there_is_a_place_for_it(settings: Settings, planted: Planted) -> None:
    every = with_cell(MATRIX, Category.PENALTIES, Audience.PUBLIC, DetailLevel.FULL)
    with hub_with(settings, every) as other:
        assert EXPIRED_PENALTY in "".join(walked(other, Audience.PUBLIC, planted).values())

    used = with_cell(MATRIX, Category.USE_LOG, Audience.ENFORCEMENT, DetailLevel.SUMMARY)
    path = f"/enforcement/enterprises/{planted.uscc}"
    for matrix, is_told in ((MATRIX, False), (used, True)):
        with hub_with(settings, matrix) as other:
            page = walked(other, Audience.ENFORCEMENT, planted, only={path})[Role.OFFICER, path]
        assert ("近期扫码" in page) is is_told


@pytest.mark.parametrize(
    ("audience", "role", "doors"),
    [
        (Audience.ENTERPRISE, Role.OWNER, ("log", "log/export", "log/receipts/{}")),
        (Audience.GOVERNMENT, Role.AUDITOR, ("audit", "audit/looks", "audit/receipts/{}")),
    ],
)
def test_whoever_is_told_nothing_of_the_use_log_finds_no_door_to_it(
    settings: Settings, planted: Planted, audience: Audience, role: Role, doors: tuple[str, ...]
) -> None:
    paths = [f"/{audience}/{door.format(planted.event_id)}" for door in doors]
    for level, status in ((MATRIX.level(Category.USE_LOG, audience), 200), (DetailLevel.NONE, 404)):
        with hub_with(settings, with_cell(MATRIX, Category.USE_LOG, audience, level)) as other:
            asked = visitor(other, role, planted)
            assert [asked.get(path).status_code for path in paths] == [status] * len(paths)


def test_a_summary_is_less_than_the_whole(settings: Settings, planted: Planted) -> None:
    masked = with_cell(MATRIX, Category.PREMISES, Audience.PUBLIC, DetailLevel.SUMMARY)
    limited = with_cell(masked, Category.PENALTIES, Audience.ENFORCEMENT, DetailLevel.SUMMARY)
    counted = with_cell(limited, Category.COMPLAINTS, Audience.GOVERNMENT, DetailLevel.SUMMARY)
    with hub_with(settings, counted) as other:
        public = "".join(walked(other, Audience.PUBLIC, planted).values())
        officers = "".join(walked(other, Audience.ENFORCEMENT, planted).values())
        officials = walked(other, Audience.GOVERNMENT, planted)

    assert "金丝雀路" in public
    assert "金丝雀路九号" not in public
    assert "金丝雀戊处罚" in officers
    assert EXPIRED_PENALTY not in officers
    report = f"/government/reports/{planted.uscc}/{planted.report_id}"
    assert (Role.OFFICIAL, report) in officials
    assert "COMPLAINTS" not in categories_in("".join(officials.values()))
    assert CONTACT not in "".join(officials.values())


def test_every_category_is_planted_or_said_not_to_be_stored() -> None:
    assert {Category[name] for name in MARKS} | NOT_STORED == set(Category)

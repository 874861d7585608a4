"""The two tables: who may do what, who sees which category."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hub.access.checks import require
from hub.access.matrix import MATRIX, Audience, Category, DetailLevel
from hub.access.rules import (
    PERMISSIONS,
    PURPOSES,
    ROLE_NAMES,
    Action,
    PermissionReach,
    knows_of,
    may,
    session_is_alive,
)
from hub.kernel.actor import ENTERPRISE_ROLES, Actor, Operator, Role
from hub.kernel.errors import NotAllowedError, NotFoundError

OWN, OTHER = "91330800MA28F00G7T", "91330110MA2B0XYZ1K"
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def actor(role: Role) -> Actor:
    inside = role in ENTERPRISE_ROLES
    return Actor(
        UUID(int=1), "测试员", role, uscc=OWN if inside else None, department=None if inside else "局"
    )


def test_every_action_has_exactly_one_row() -> None:
    assert set(PERMISSIONS) == set(Action)
    assert all(row.roles for row in PERMISSIONS.values())


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_nobody_reaches_another_enterprise_through_an_own_right(role: Role, action: Action) -> None:
    if PERMISSIONS[action].reach is PermissionReach.OWN:
        assert not may(actor(role), action, OTHER)
        assert not may(actor(role), action)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_an_own_right_reaches_the_own_enterprise(role: Role, action: Action) -> None:
    has_row = role in PERMISSIONS[action].roles

    if PERMISSIONS[action].reach is PermissionReach.OWN:
        assert may(actor(role), action, OWN) == (has_row and role in ENTERPRISE_ROLES)
    else:
        assert may(actor(role), action) == may(actor(role), action, OTHER) == has_row


@pytest.mark.parametrize("role", list(Role))
def test_an_enterprise_knows_of_its_own_and_of_what_is_nobodys(role: Role) -> None:
    assert knows_of(actor(role), OWN)
    assert knows_of(actor(role), None)
    assert knows_of(actor(role), OTHER) == (role not in ENTERPRISE_ROLES)


@pytest.mark.parametrize("role", sorted(ENTERPRISE_ROLES))
def test_an_enterprise_role_has_no_right_over_all_enterprises(role: Role) -> None:
    assert not [a for a in Action if PERMISSIONS[a].reach is PermissionReach.ANY and may(actor(role), a, OWN)]


def test_the_auditor_reads_and_changes_nothing() -> None:
    allowed = {action for action in Action if may(actor(Role.AUDITOR), action, OWN)}

    assert allowed == {
        Action.SEARCH,
        Action.SEE_SOURCES,
        Action.SEE_FIGURES,
        Action.SEE_PROPOSALS,
        Action.AUDIT,
    }


def test_officials_do_not_inspect_and_officers_do_not_govern() -> None:
    assert not may(actor(Role.OFFICIAL), Action.INSPECT)
    assert not may(actor(Role.OFFICER), Action.DECIDE_BATCH)


def test_another_enterprise_looks_absent_while_a_missing_right_is_said() -> None:
    with pytest.raises(NotFoundError):
        require(actor(Role.OWNER), Action.MANAGE_PLATES, OTHER)
    with pytest.raises(NotAllowedError):
        require(actor(Role.AGENT), Action.MANAGE_PLATES, OWN)


def test_the_operator_at_the_command_line_passes() -> None:
    require(Operator("root"), Action.AUDIT)


def test_the_matrix_has_22_categories_and_answers_for_each_audience() -> None:
    assert len(Category) == 22
    assert all(MATRIX.level(c, a) in DetailLevel for c in Category for a in Audience)


def test_what_the_public_never_sees() -> None:
    hidden = {c for c in Category if MATRIX.level(c, Audience.PUBLIC) is DetailLevel.NONE}

    assert hidden == {
        Category.TIERS,
        Category.FILINGS,
        Category.ARCHIVES,
        Category.CREDIT_REPAIR,
        Category.CREDIT_GRADE,
        Category.RISK_CLASS,
        Category.CORRECTIONS,
        Category.USE_LOG,
    }


def test_the_risk_class_is_kept_from_the_enterprise() -> None:
    assert MATRIX.level(Category.RISK_CLASS, Audience.ENTERPRISE) is DetailLevel.NONE


def test_every_purpose_and_role_is_said_in_both_languages() -> None:
    assert all(purpose.name.zh and purpose.name.en for purpose in PURPOSES.values())
    assert set(ROLE_NAMES) == set(Role)
    assert [code for code, purpose in PURPOSES.items() if purpose.needs_reason] == ["other"]


@pytest.mark.parametrize(
    ("role", "idle", "age", "alive"),
    [
        (Role.OFFICER, 29, 29, True),
        (Role.OFFICER, 30, 30, False),
        (Role.OFFICIAL, 31, 31, False),
        (Role.AUDITOR, 31, 31, False),
        (Role.OWNER, 300, 300, True),
        (Role.OWNER, 0, 8 * 60, False),
        (Role.OFFICER, 0, 8 * 60, False),
    ],
)
def test_a_session_ends_unused_or_after_a_working_day(role: Role, idle: int, age: int, alive: bool) -> None:  # noqa: FBT001  # a column of the table
    begun = NOW - timedelta(minutes=age)
    seen = NOW - timedelta(minutes=idle)

    assert session_is_alive(role, seen_at=seen, expires_at=begun + timedelta(hours=8), now=NOW) is alive

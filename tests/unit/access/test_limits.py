"""Where the rules of access begin and end: remits, reasons, fresh proofs, sessions, the audience of a role."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access import errors
from hub.access.checks import is_fresh, require, require_fresh
from hub.access.district_looks import digest_of
from hub.access.looks import checked_purpose
from hub.access.matrix import Audience
from hub.access.names import clean_name
from hub.access.remits import WHOLE_CITY, RemitInput
from hub.access.rules import (
    FRESH,
    OFFICE_IDLE,
    PURPOSES,
    Action,
    passkey_name,
    session_is_alive,
)
from hub.access.visibility import audience_of
from hub.kernel.actor import ENTERPRISE_ROLES, MAX_MARK_CHARS, Actor, Operator, Role
from hub.kernel.errors import NotAllowedError

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)
OWNER = Actor(UUID(int=1), "测试员", Role.OWNER, uscc="91330800MA28F00G7T")


@pytest.mark.parametrize("district", ["33", "3308", "330802", "00"])
def test_a_district_is_a_province_a_city_or_a_county(district: str) -> None:
    assert RemitInput(district).district == district


@pytest.mark.parametrize(
    "district",
    ["", "3", "330", "33080", "3308021", "33080211", "３３", "33\n", " 33", "3a", "33-8", "-3"],
    ids=ascii,
)
def test_a_district_of_another_form_is_refused_by_its_field(district: str) -> None:
    with pytest.raises(errors.DistrictFormError, match=r"\Adistrict: DISTRICT\Z"):
        RemitInput(district)


@pytest.mark.parametrize("purposes", [(), ("",), ("nap",), ("routine", "nap"), ("Routine",)])
def test_a_remit_names_known_purposes_and_at_least_one(purposes: tuple[str, ...]) -> None:
    with pytest.raises(errors.PurposeMissingError, match=r"\Apurpose: PURPOSE\Z"):
        RemitInput("33", purposes)


def test_the_form_of_the_district_is_looked_at_before_the_purposes() -> None:
    with pytest.raises(errors.DistrictFormError):
        RemitInput("x", ())


def test_where_nothing_narrower_is_said_a_remit_is_the_city_with_every_purpose() -> None:
    assert RemitInput() == WHOLE_CITY == RemitInput("3308", tuple(PURPOSES))


@pytest.mark.parametrize("code", [code for code in PURPOSES if code != "other"])
def test_a_purpose_of_the_table_needs_no_words(code: str) -> None:
    assert checked_purpose(code, "") == (PURPOSES[code], "")


@pytest.mark.parametrize("code", ["", "nap", "ROUTINE", "routine "])
def test_a_purpose_that_is_none_is_refused_whatever_the_words(code: str) -> None:
    with pytest.raises(errors.PurposeMissingError, match="purpose: PURPOSE"):
        checked_purpose(code, "字" * 201)


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\u3000"], ids=ascii)
def test_the_purpose_other_is_refused_without_words(reason: str) -> None:
    with pytest.raises(errors.LookReasonError, match="reason: REASON"):
        checked_purpose("other", reason)


@pytest.mark.parametrize("code", ["routine", "other"])
def test_a_reason_has_two_hundred_characters_at_most(code: str) -> None:
    assert checked_purpose(code, "字" * 200)[1] == "字" * 200
    with pytest.raises(errors.LookReasonError):
        checked_purpose(code, "字" * 201)


def test_the_length_of_a_reason_is_counted_after_its_spaces_are_joined() -> None:
    spaced = "  字" + " " * 300 + "\n字  "

    assert checked_purpose("routine", spaced)[1] == "字 字"


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x00", "\ud800"], ids=ascii)
def test_a_reason_with_something_unseen_is_refused_under_every_purpose(hidden: str) -> None:
    for code in PURPOSES:
        with pytest.raises(errors.LookReasonError):
            checked_purpose(code, f"投诉{hidden}核查")


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(0), True),
        (FRESH - TICK, True),
        (FRESH, False),
        (FRESH + TICK, False),
        (None, False),
    ],
    ids=["now", "a-moment-before-five-minutes", "five-minutes", "later", "never"],
)
def test_a_passkey_proves_for_less_than_five_minutes_who_sits_there(
    age: timedelta | None,
    fresh: bool,  # noqa: FBT001  # a column of the table
) -> None:
    actor = replace(OWNER, proved_at=None if age is None else NOW - age)

    assert is_fresh(actor, now=NOW) is fresh
    if fresh:
        require_fresh(actor, now=NOW)
    else:
        with pytest.raises(errors.StepUpNeededError):
            require_fresh(actor, now=NOW)


def test_the_operator_is_never_asked_for_a_passkey() -> None:
    require_fresh(Operator("root"), now=NOW)


def test_a_right_over_all_that_is_missing_is_said_and_not_hidden() -> None:
    with pytest.raises(NotAllowedError):
        require(OWNER, Action.AUDIT)
    with pytest.raises(NotAllowedError):
        require(OWNER, Action.AUDIT, OWNER.uscc)


@pytest.mark.parametrize("role", list(Role))
def test_a_session_lives_until_its_last_moment_and_not_at_it(role: Role) -> None:
    def alive(*, idle: timedelta, left: timedelta) -> bool:
        return session_is_alive(role, seen_at=NOW - idle, expires_at=NOW + left, now=NOW)

    none, inside = timedelta(0), role in ENTERPRISE_ROLES
    assert alive(idle=none, left=TICK)
    assert not alive(idle=none, left=none)
    assert not alive(idle=none, left=-TICK)
    assert alive(idle=OFFICE_IDLE - TICK, left=TICK)
    assert alive(idle=OFFICE_IDLE, left=TICK) is inside
    assert alive(idle=OFFICE_IDLE + TICK, left=TICK) is inside


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        (Role.OWNER, Audience.ENTERPRISE),
        (Role.MANAGER, Audience.ENTERPRISE),
        (Role.AGENT, Audience.ENTERPRISE),
        (Role.OFFICER, Audience.ENFORCEMENT),
        (Role.OFFICIAL, Audience.GOVERNMENT),
        (Role.AUDITOR, Audience.GOVERNMENT),
    ],
)
def test_every_role_reads_one_column_of_the_matrix(role: Role, audience: Audience) -> None:
    assert audience_of(role) is audience


def test_a_name_of_a_hundred_characters_is_the_longest() -> None:
    assert clean_name(f" {'字' * 100} ") == "字" * 100
    with pytest.raises(errors.NameRefusedError):
        clean_name("字" * 101)


def test_the_mark_of_an_account_fits_the_column_of_a_passkey() -> None:
    assert Operator("root").mark == "account:root"
    assert Operator("a" * 56).mark == "account:" + "a" * 56
    assert Operator("a" * 57).mark == Operator("a" * 56).mark
    assert len(passkey_name(b"id")) == MAX_MARK_CHARS


@given(st.binary(max_size=40))
def test_a_passkey_is_called_by_the_hex_of_its_digest_which_no_account_is(identifier: bytes) -> None:
    name = passkey_name(identifier)

    assert name == sha256(identifier).hexdigest()
    assert ":" not in name


def test_the_digest_of_members_is_that_of_lines_without_a_last_break() -> None:
    assert digest_of([]) == sha256(b"").hexdigest()
    assert digest_of(["A"]) == sha256(b"A").hexdigest()
    assert digest_of(["A", "B"]) == sha256(b"A\nB").hexdigest()
    assert digest_of(["B", "A"]) != digest_of(["A", "B"])  # the caller sorts

"""What a page says beside a license: the reason of its colour, its last day, how far its renewal has come."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from hub.codes.verification.verdicts import LicenseFace
from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import RenewalPhase, Window
from hub.licenses.colours.rules import Colour, ColourVerdict
from hub.licenses.rules import LicenseState
from hub.licenses.space import LicenseView, ScopeSegment

FACE = LicenseFace(
    "food-operation", Message("食品", "Food"), "JY1", date(2027, 1, 31), Colour.YELLOW, "PM_DUE"
)
VIEW = LicenseView(
    id=UUID(int=1),
    type_code="food-operation",
    kind=None,
    number="JY1",
    holder_name="示范企业",
    issuer="示范局",
    address="",
    issued_on=None,
    valid_from=None,
    valid_to=date(2027, 1, 31),
    inspection_due=None,
    state=LicenseState.VALID,
    premises_id=None,
    quality=(),
    source_version=1,
    version=1,
    source="demo",
    received_at=datetime(2026, 11, 21, tzinfo=UTC),
    verdict=ColourVerdict(Colour.YELLOW, "PM_DUE"),
    window=Window(date(2026, 12, 1), date(2026, 12, 31), opens_is_advice=False),
)


@pytest.mark.parametrize(
    ("colour", "explained", "counted"),
    [
        (Colour.BLUE, False, True),
        (Colour.YELLOW, True, True),
        (Colour.RED, True, True),
        (Colour.GREY, True, False),
        (None, True, True),
    ],
)
def test_what_is_in_order_needs_no_reason_and_what_has_ended_no_last_day(
    colour: Colour | None, *, explained: bool, counted: bool
) -> None:
    face = replace(FACE, colour=colour)
    view = replace(VIEW, verdict=None if colour is None else ColourVerdict(colour, "PM_DUE"))

    assert (face.is_explained, face.counts_down) == (explained, counted)
    assert (view.is_explained, view.counts_down) == (explained, counted)


def test_a_license_whose_reason_is_not_told_explains_nothing() -> None:
    assert not replace(FACE, reason="").is_explained


@pytest.mark.parametrize(
    ("reason", "is_over", "is_dated"),
    [
        ("PM_ENDED", True, False),
        ("PM_EXPIRED", False, True),
        ("PM_RENEWING", False, True),
        ("PM_DUE", False, True),
        ("PM_REVOKED", False, False),
    ],
)
def test_a_passer_by_is_told_the_days_of_what_ends_by_a_day(
    reason: str, *, is_over: bool, is_dated: bool
) -> None:
    face = replace(FACE, reason=reason)

    assert (face.is_over, face.is_dated) == (is_over, is_dated)


@pytest.mark.parametrize(
    ("on", "phase"),
    [
        (date(2026, 11, 30), RenewalPhase.AHEAD),
        (date(2026, 12, 1), RenewalPhase.OPEN),
        (date(2026, 12, 31), RenewalPhase.OPEN),
        (date(2027, 1, 1), RenewalPhase.PAST),
        (date(2027, 1, 31), RenewalPhase.PAST),
        (date(2027, 2, 1), None),
    ],
)
def test_a_renewal_is_ahead_then_open_on_both_days_then_past_until_the_license_ends(
    on: date, phase: RenewalPhase | None
) -> None:
    assert VIEW.renewal(on) is phase


def test_nothing_is_renewed_without_a_window_an_end_or_life() -> None:
    on = date(2026, 12, 1)
    ended = replace(VIEW, verdict=ColourVerdict(Colour.GREY, "PM_ENDED"))

    assert [replace(VIEW, window=None).renewal(on), replace(VIEW, valid_to=None).renewal(on)] == [None, None]
    assert ended.renewal(on) is None


@pytest.mark.parametrize(
    ("tone", "said"),
    [
        ("", ()),
        ("missing", ("is_missing",)),
        ("done", ("is_done",)),
        ("branch", ("is_left_to_branches",)),
        ("unread", ("is_being_checked",)),
        ("unsure", ("is_being_checked",)),
    ],
)
def test_a_piece_of_a_scope_is_marked_in_one_way_only(tone: str, said: tuple[str, ...]) -> None:
    piece = ScopeSegment("餐饮服务", None, tone)
    marks = ("is_missing", "is_done", "is_left_to_branches", "is_being_checked")

    assert tuple(mark for mark in marks if getattr(piece, mark)) == said

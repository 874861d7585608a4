"""Small decisions that pages show, asked of the values that make them."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from webauthn.helpers import bytes_to_base64url

from hub.access.queries import PasskeyView
from hub.access.rules import passkey_name
from hub.codes.plates.areas import AreaState
from hub.codes.plates.queries import AreaCoverage
from hub.feeds.reasons import QUALITY, REASONS, quality_name, reason_name
from hub.kernel.messages import Message
from hub.steward.act_names import ACT_NAMES, act_name
from hub.web.context import LANGUAGES
from hub.web.i18n import TONGUES
from hub.web.problems import Problem

WRONG = Message("有误。", "Wrong.")
SHORT = Message("太短。", "Too short.")


def problem(*, status: int = 422, **fields: list[Message]) -> Problem:
    return Problem(status, "WRONG", WRONG, fields)


def test_a_problem_lists_its_fields_only_where_they_say_more_than_itself() -> None:
    assert problem(text=[WRONG]).findings == {}
    assert problem(text=[SHORT]).findings == {"text": [SHORT]}
    assert problem(text=[WRONG], name=[WRONG]).findings == {"text": [WRONG], "name": [WRONG]}
    assert problem().findings == {}


@pytest.mark.parametrize("status", [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND])
def test_only_somebody_who_is_not_logged_in_is_led_to_the_login(status: HTTPStatus) -> None:
    assert problem(status=status).asks_for_login is (status is HTTPStatus.UNAUTHORIZED)


def test_every_language_names_itself_and_the_other() -> None:
    assert set(TONGUES) == set(LANGUAGES)
    assert {tongue.code: tongue.other for tongue in TONGUES.values()} == {"zh": "en", "en": "zh"}


def test_a_passkey_stands_in_addresses_as_browsers_write_it() -> None:
    identifier = bytes(range(250, 256)) + b"\x00key"
    passkey = PasskeyView(identifier, "手机", datetime(2026, 11, 21, tzinfo=UTC), None, is_backed_up=False)

    assert passkey.text == bytes_to_base64url(identifier)
    assert passkey.name == passkey_name(identifier)


def test_coverage_is_said_in_whole_hundredths() -> None:
    assert [AreaCoverage("区", 3, 3, placed).percent for placed in (0, 1, 2, 3)] == [0, 33, 67, 100]


def test_the_plates_that_an_area_wants_are_those_made_and_those_waited_for() -> None:
    assert AreaState("区", premises=9, plates=4, placed=1, waiting=3).wanted == 7


@pytest.mark.parametrize(
    ("named", "table"), [(act_name, ACT_NAMES), (quality_name, QUALITY), (reason_name, REASONS)]
)
def test_a_code_that_nobody_named_says_itself(named: object, table: dict[str, Message]) -> None:
    assert callable(named)
    known = next(iter(table))

    assert named(known) == table[known]
    assert named("NEVER_NAMED") == Message("NEVER_NAMED", "NEVER_NAMED")

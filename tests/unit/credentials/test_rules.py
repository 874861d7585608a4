"""Of which licenses a credential is issued, until when it lives, and when it is replaced."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.credentials import rules
from hub.credentials.basis import RecordSource
from hub.credentials.rules import LicenseTerms, expiry, is_due, require_in_force
from hub.credentials.types import (
    BUSINESS_FIELDS,
    BUSINESS_LICENSE,
    BUSINESS_LICENSE_NAME,
    CredentialType,
    type_metadata,
)
from hub.licenses.rules import EFFECTIVE, LicenseState
from hub.registry.rules import EntityState

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
TODAY, DAY = date(2026, 11, 21), timedelta(days=1)
GOOD = LicenseTerms(EntityState.ACTIVE, LicenseState.VALID, TODAY, TODAY, TODAY)
LAWFUL = {EntityState.ACTIVE, EntityState.DORMANT, EntityState.LIQUIDATING}


def refusal(terms: LicenseTerms) -> type[Exception] | None:
    try:
        require_in_force(terms)
    except rules.CredentialRefusedError as error:
        return type(error)
    return None


@pytest.mark.parametrize("entity", list(EntityState))
def test_only_enterprises_that_exist_lawfully_get_credentials(entity: EntityState) -> None:
    expected = None if entity in LAWFUL else rules.EnterpriseNotInForceError
    assert refusal(replace(GOOD, entity=entity)) is expected


@pytest.mark.parametrize("state", list(LicenseState))
def test_each_state_of_a_license_has_its_own_refusal(state: LicenseState) -> None:
    expected = {
        LicenseState.SUSPENDED: rules.LicenseSuspendedError,
        LicenseState.EXPIRED: rules.LicenseExpiredError,
    }.get(state, None if state in EFFECTIVE else rules.LicenseEndedError)
    assert refusal(replace(GOOD, state=state)) is expected


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "expected"),
    [
        (TODAY, TODAY, None),
        (None, None, None),
        (TODAY - DAY, TODAY - DAY, rules.LicenseExpiredError),
        (TODAY + DAY, TODAY + DAY, rules.LicenseNotYetError),
        (TODAY + DAY, TODAY - DAY, rules.LicenseExpiredError),
    ],
    ids=["its only day", "for ever", "over", "not begun", "both"],
)
def test_first_and_last_day_of_a_license_belong_to_it(
    valid_from: date | None, valid_to: date | None, expected: type[Exception] | None
) -> None:
    assert refusal(replace(GOOD, valid_from=valid_from, valid_to=valid_to)) is expected


def test_an_ended_enterprise_is_named_before_what_is_wrong_with_its_license() -> None:
    terms = replace(GOOD, entity=EntityState.DEREGISTERED, state=LicenseState.SUSPENDED, valid_to=TODAY - DAY)
    assert refusal(terms) is rules.EnterpriseNotInForceError


@pytest.mark.parametrize(
    ("valid_to", "expected"),
    [
        (None, NOW + timedelta(days=365)),
        (date.max, NOW + timedelta(days=365)),
        (date(2030, 1, 1), NOW + timedelta(days=365)),
        (TODAY, datetime(2026, 11, 21, 16, tzinfo=UTC)),
        (date(2027, 11, 20), datetime(2027, 11, 20, 16, tzinfo=UTC)),
        (date(2027, 11, 21), NOW + timedelta(days=365)),
    ],
    ids=["no end", "last date", "later", "today", "within the year", "beyond it"],
)
def test_a_credential_ends_with_its_license_in_legal_time_or_after_a_year(
    valid_to: date | None, expected: datetime
) -> None:
    ends = expiry(NOW, valid_to, SHANGHAI)
    assert ends == expected
    assert ends.tzinfo is UTC


@pytest.mark.parametrize(
    ("left", "more", "expected"),
    [
        (timedelta(days=30), timedelta(days=300), False),
        (timedelta(days=30, seconds=-1), timedelta(days=1), True),
        (timedelta(days=3), timedelta(hours=23), False),
        (timedelta(0), timedelta(0), True),
        (timedelta(seconds=1), timedelta(0), False),
    ],
    ids=["a month left", "its last month", "a day's gain is needed", "over", "a second left"],
)
def test_a_credential_is_due_in_its_last_month_where_a_new_one_lives_a_day_longer(
    left: timedelta, more: timedelta, *, expected: bool
) -> None:
    assert is_due(NOW + left, could_last_until=NOW + left + more, now=NOW) is expected


def test_a_source_says_that_no_department_signed_and_marks_a_demonstration_alone() -> None:
    source = RecordSource("局", "feed-1", NOW)
    plain = {
        "department": "局",
        "feed": "feed-1",
        "received_at": "2026-11-21T08:00:00Z",
        "signed_by_department": False,
    }

    assert source.claim(demo=False) == plain
    assert source.claim(demo=True) == {**plain, "demonstration": True}


def test_the_document_of_a_type_names_every_claim_in_both_languages_and_which_are_hidden() -> None:
    kind = CredentialType(BUSINESS_LICENSE, BUSINESS_LICENSE_NAME, BUSINESS_FIELDS)
    document = dict(type_metadata(kind, "https://hub.example"))
    claims: list[dict[str, object]] = document["claims"]  # type: ignore[assignment]  # as it is written

    assert document["vct"] == "https://hub.example/vct/business-license"
    assert [(claim["path"], claim["sd"]) for claim in claims] == [
        (["source"], "never"),
        *(([field.name], "always") for field in BUSINESS_FIELDS),
    ]
    assert claims[1]["display"] == [
        {"locale": "zh-CN", "label": "统一社会信用代码"},
        {"locale": "en", "label": "Unified social credit code"},
    ]
    assert [claim.get("gbt36903", "") for claim in claims[1:]] == [field.element for field in BUSINESS_FIELDS]

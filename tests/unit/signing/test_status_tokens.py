"""Status list tokens: ours are believed about their own address, everything else is refused with its reason."""

from datetime import timedelta
from typing import Any

import pytest

from keys import Purpose
from signing import Reason, SigningError, TokenKind, WrongSignerError, sign_token
from signing.status import (
    LIST_ENTRIES,
    Status,
    StatusList,
    StatusReason,
    VerifiedStatusList,
    sign_status_list,
    verify_status_list,
)
from tests.support.forger import NOW, Workshop

URI = "https://yizhao.example.cn/status/1"
LIST = StatusList.of([(7, Status.REVOKED), (8, Status.SUSPENDED), (9, Status.CHANGED)])
R = StatusReason


def believed(workshop: Workshop, token: object, *, uri: str = URI) -> VerifiedStatusList:
    return verify_status_list(token, uri=uri, verifier=workshop.verifier(), now=NOW)


def genuine(workshop: Workshop) -> str:
    return sign_status_list(LIST, uri=URI, signer=workshop.signer(Purpose.STATUS), now=NOW)


def twisted(workshop: Workshop, **changed: object) -> str:
    claims: dict[str, object] = {
        "sub": URI,
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 86_400,
        "ttl": 900,
        "status_list": {"bits": 2, "lst": LIST.encode()},
    }
    kept = {name: value for name, value in {**claims, **changed}.items() if value is not ...}
    return sign_token(kept, kind=TokenKind.STATUS_LIST, signer=workshop.signer(Purpose.STATUS))


def test_a_genuine_list_says_what_was_put_in(workshop: Workshop) -> None:
    found = believed(workshop, genuine(workshop))

    assert [found.status(index) for index in (6, 7, 8, 9, LIST_ENTRIES - 1)] == [0, 1, 2, 3, 0]
    assert found.keep_until - found.issued_at == timedelta(seconds=900)
    assert found.expires_at - found.issued_at == timedelta(hours=24)


def test_the_claims_are_those_of_the_specification(workshop: Workshop) -> None:
    claims = believed(workshop, genuine(workshop)).token.claims

    assert set(claims) == {"sub", "iat", "exp", "ttl", "status_list"}
    assert claims["status_list"] == {"bits": 2, "lst": LIST.encode()}


def test_only_the_status_key_signs_a_list(workshop: Workshop) -> None:
    for purpose in Purpose:
        if purpose is not Purpose.STATUS:
            with pytest.raises(WrongSignerError):
                sign_status_list(LIST, uri=URI, signer=workshop.signer(purpose), now=NOW)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"sub": "https://yizhao.example.cn/status/2"}, R.STATUS_SUBJECT),
        ({"sub": URI + "/"}, R.STATUS_SUBJECT),
        ({"sub": ...}, R.STATUS_SUBJECT),
        ({"sub": [URI]}, R.STATUS_SUBJECT),
        ({"exp": ...}, R.STATUS_CLAIM),
        ({"ttl": ...}, R.STATUS_CLAIM),
        ({"ttl": 0}, R.STATUS_CLAIM),
        ({"ttl": -900}, R.STATUS_CLAIM),
        ({"ttl": "900"}, R.STATUS_CLAIM),
        ({"ttl": True}, R.STATUS_CLAIM),
        ({"status_list": ...}, R.STATUS_CLAIM),
        ({"status_list": LIST.encode()}, R.STATUS_CLAIM),
        ({"status_list": {"bits": 2}}, R.STATUS_ENCODING),
        ({"status_list": {"lst": LIST.encode()}}, R.STATUS_BITS),
        ({"status_list": {"bits": 3, "lst": LIST.encode()}}, R.STATUS_BITS),
        ({"status_list": {"bits": 2, "lst": LIST.encode()[:-4]}}, R.STATUS_ENCODING),
        ({"exp": int(NOW.timestamp()) - 60}, Reason.TOKEN_EXPIRED),
        ({"iat": int(NOW.timestamp()) + 60}, Reason.TOKEN_NOT_YET),
        ({"aud": "https://partner.example"}, Reason.TOKEN_AUDIENCE),
    ],
)
def test_a_twisted_list_is_refused_with_its_reason(
    workshop: Workshop, changed: dict[str, object], reason: object
) -> None:
    with pytest.raises(SigningError) as refusal:
        believed(workshop, twisted(workshop, **changed))
    assert refusal.value.reason is reason


@pytest.mark.parametrize("index", [-1, LIST_ENTRIES, True, "7", None, 7.0])
def test_an_index_that_is_none_has_no_status(workshop: Workshop, index: Any) -> None:
    found = believed(workshop, genuine(workshop))

    with pytest.raises(SigningError) as refusal:
        found.status(index)
    assert refusal.value.reason is R.STATUS_INDEX


def test_a_list_kept_beyond_its_day_is_refused(workshop: Workshop) -> None:
    token = genuine(workshop)

    with pytest.raises(SigningError) as refusal:
        verify_status_list(
            token, uri=URI, verifier=workshop.verifier(), now=NOW + timedelta(hours=24, seconds=6)
        )
    assert refusal.value.reason is Reason.TOKEN_EXPIRED

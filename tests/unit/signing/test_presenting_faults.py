"""What is no credential is not presented; a claim that it does not hold is not promised."""

import pytest

from signing import SigningError
from signing.sdjwt import disclosable_names, unverified_claims
from signing.sdjwt.presenting import _own


@pytest.mark.parametrize("text", ["a.b~", "a.b.c~d.e.f", "a.!!.c~", "a.W10.c~", "a.bnVsbA.c~"])
def test_what_is_no_credential_is_refused(text: str) -> None:
    with pytest.raises(SigningError):
        disclosable_names(text)
    with pytest.raises(SigningError):
        unverified_claims(text)


def test_digests_that_are_no_list_are_none() -> None:
    assert list(_own({"_sd": "text"})) == []

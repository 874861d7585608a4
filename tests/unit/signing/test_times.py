"""Times in what is signed are whole seconds from 1970 to the year 9892, at every door."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from signing.bundle import loading
from signing.bundle.errors import BundleClaimError
from signing.errors import SigningError
from signing.jws import _instant
from signing.sdjwt.binding import instant_in
from signing.sdjwt.errors import BindingClaimError
from signing.token_errors import TokenClaimError

Read = Callable[[object], datetime]
LAST = 250_000_000_000
DOORS: tuple[tuple[Read, type[SigningError]], ...] = (
    (lambda value: _instant({"exp": value}, "exp"), TokenClaimError),
    (lambda value: instant_in({"iat": value}), BindingClaimError),
    (loading._moment, BundleClaimError),
)


@pytest.mark.parametrize(("read", "_refusal"), DOORS)
@pytest.mark.parametrize("seconds", [0, 1, LAST])
def test_the_first_and_the_last_second_are_read(
    read: Read, _refusal: type[SigningError], seconds: int
) -> None:
    assert read(seconds) == datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("read", "refusal"), DOORS)
@pytest.mark.parametrize("value", [-1, LAST + 1, True, 1.0, "1", None])
def test_what_is_no_time_is_refused(read: Read, refusal: type[SigningError], value: object) -> None:
    with pytest.raises(refusal):
        read(value)

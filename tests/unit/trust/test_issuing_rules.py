"""Requests of intents: compared by one text, bounded, frozen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.trust.issuing.rules import MAX_REQUEST_CHARS, digest_of, frozen

VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=5), max_size=3)
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=6))
def test_a_digest_does_not_depend_on_the_order_of_members(request: dict[str, object]) -> None:
    assert digest_of(request) == digest_of(dict(reversed(request.items())))


def test_requests_that_differ_have_different_digests() -> None:
    requests: tuple[dict[str, object], ...] = ({}, {"a": 1}, {"a": "1"}, {"a": None}, {"b": 1})

    assert len({digest_of(request) for request in requests}) == len(requests)


def test_a_request_larger_than_any_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="characters"):
        digest_of({"places": "x" * MAX_REQUEST_CHARS})


def test_a_request_is_changed_by_nobody_later() -> None:
    request: dict[str, object] = {"a": 1}
    kept = frozen(request)
    request["a"] = 2

    assert kept["a"] == 1
    with pytest.raises(TypeError):
        kept["a"] = 3  # type: ignore[index]  # what is tried

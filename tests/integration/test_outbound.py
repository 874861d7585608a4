"""What is sent to an address that somebody typed, and what is told where none is fit or nobody answers."""

import pytest

from hub.kernel.outbound import AddressRefusedError, NoAnswerError, OutboundRequest, ask


@pytest.mark.parametrize(
    "url", ["ftp://hub.example/log", "http://hub.example/log", "https://", "https://hub.example/" + "a" * 200]
)
def test_an_address_that_nothing_is_sent_to_is_refused(url: str) -> None:
    with pytest.raises(AddressRefusedError) as refused:
        ask(OutboundRequest("GET", url))

    assert (refused.value.field, refused.value.reason) == ("url", "OUTBOUND_ADDRESS")


def test_nobody_at_the_address_is_no_answer() -> None:
    with pytest.raises(NoAnswerError) as told:
        ask(OutboundRequest("GET", "http://127.0.0.1:1/key"))

    assert told.value.reason == "OUTBOUND_NO_ANSWER"

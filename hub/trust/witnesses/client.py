"""Ask a witness at the address that an operator typed."""

from hub.kernel import outbound
from hub.kernel.outbound import DEADLINE_SECONDS, AddressRefusedError, NoAnswerError, OutboundRequest, Reply
from hub.trust.witnesses.errors import WitnessAddressError, WitnessAwayError

PREFIX = "/log/witness"  # where a hub answers as a witness


def address_of(typed: str) -> str:
    """Return the submission prefix that was meant; a hub's bare address gets the path where hubs witness.

    Raises: WitnessAddressError.
    """
    text = typed.rstrip("/")
    try:
        parts = outbound.split(text)
    except AddressRefusedError as error:
        raise WitnessAddressError from error
    return text if parts.path else text + PREFIX


def ask(request: OutboundRequest, *, seconds: float = DEADLINE_SECONDS) -> Reply:
    """Return what the witness answers, complete within `seconds` of the connection.

    Raises: WitnessAddressError, WitnessAwayError.
    """
    try:
        return outbound.ask(request, seconds=seconds)
    except AddressRefusedError as error:
        raise WitnessAddressError from error
    except NoAnswerError as error:
        raise WitnessAwayError(str(error)) from error

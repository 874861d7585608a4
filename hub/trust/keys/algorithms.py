"""Which algorithms the hub signs with and believes: what its policy accepts, and what its keys can do."""

from hub.kernel.errors import ConflictError
from keys import Algorithm, KeySet, KeyState, Purpose


class AlgorithmNotOfferedError(ConflictError):
    """The hub's profile has no active key of the algorithm asked for; another one is never put in its place."""

    reason = "ALGORITHM_NOT_OFFERED"
    zh = "本系统未启用该签名算法。"
    en = "This hub does not sign with that algorithm."


def accepted(
    asked: frozenset[Algorithm] | None, *, policy: frozenset[Algorithm] | None
) -> frozenset[Algorithm] | None:
    """Return what both a caller and the hub accept of a signature: a caller may ask for less, never for more.

    None: whatever the keys have, as for either of the two. The empty set accepts nothing.
    """
    if asked is None or policy is None:
        return policy if asked is None else asked
    return asked & policy


def require_offered(keys: KeySet, purpose: Purpose, algorithm: Algorithm | None) -> None:
    """Require an algorithm of a purpose. Raises: AlgorithmNotOfferedError when no active key of the purpose has the algorithm asked for."""
    if algorithm is not None and not any(
        (each.info.purpose, each.info.algorithm, each.info.state) == (purpose, algorithm, KeyState.ACTIVE)
        for each in keys
    ):
        raise AlgorithmNotOfferedError

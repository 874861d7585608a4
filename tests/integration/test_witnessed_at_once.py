"""Logs that this hub witnesses, while several say so at once."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.trust.witnesses.cosigning import WitnessedView, trust_log, witnessed
from signing.log import NoteKey, SignatureType
from tests.support.threads import at_once

ORIGIN, MANY = "other.example/log", 6


def test_a_log_that_many_operators_trust_at_once_is_trusted(any_db: Database, now: datetime) -> None:
    keys = [Ed25519PrivateKey.generate().public_key().public_bytes_raw() for _ in range(MANY)]
    vkeys = [NoteKey(ORIGIN, SignatureType.ED25519, key).vkey() for key in keys]

    def trust(number: int) -> WitnessedView:
        chosen = (vkeys[number],)
        return trust_log(ORIGIN, chosen, start_over=False, by=Operator("test"), now=now, db=any_db)

    trust(0)
    results = at_once(MANY, trust)

    assert [each.vkeys for each in results if isinstance(each, WitnessedView)] == [(key,) for key in vkeys]
    (kept,) = witnessed(any_db)
    assert kept.vkeys[0] in vkeys

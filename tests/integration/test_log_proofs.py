"""Proofs from the database: for one act and for many."""

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.log import queries
from hub.trust.record import events
from hub.trust.record.leaf import Act
from signing.log import leaf_hash, open_checkpoint, verify_inclusion
from tests.support.plates import NOW, USCC, issuer_of
from tests.support.spaces import counted_statements
from tests.support.tampering import extend


def note_in(db: Database, *numbers: int) -> list[Act]:
    with db.write() as session:
        return [
            events.record(
                session, kind="test.done", uscc=USCC, subject=str(number), by="tests", data={}, now=NOW
            )
            for number in numbers
        ]


def test_an_act_is_provable_once_it_is_sequenced(any_db: Database, settings: Settings) -> None:
    acts = note_in(any_db, *range(300))
    assert queries.proof_for(any_db, acts[7].id) is None

    assert extend(any_db, settings, now=NOW) == len(acts)

    for place in (0, 7, 255, 256, 299):
        found = queries.proof_for(any_db, acts[place].id)
        assert found is not None
        leaf, index, size, proof, checkpoint = found
        opened = open_checkpoint(checkpoint, keys=issuer_of(settings).key_set, origin=settings.log_origin)
        assert (index, size) == (place, opened.size) == (place, len(acts))
        verify_inclusion(leaf_hash(leaf.encode()), index, size, proof, opened.root)


def test_many_proofs_are_of_one_size_and_cost_no_more_statements_than_one(
    any_db: Database, settings: Settings
) -> None:
    acts = note_in(any_db, *range(300))
    extend(any_db, settings, now=NOW)
    (waiting,) = note_in(any_db, 300)

    with counted_statements(any_db) as for_one:
        queries.proof_for(any_db, acts[0].id)
    with counted_statements(any_db) as for_many:
        found = queries.proofs_for(any_db, [waiting.id, *(act.id for act in acts[::7])])

    assert len(for_many) == len(for_one) == 2
    assert set(found) == {act.id for act in acts[::7]}
    assert all(found[act.id] == queries.proof_for(any_db, act.id) for act in acts[::7])

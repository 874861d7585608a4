"""A department's batch that would change too much waits for a person: thirty bad ones apply nothing and are explained."""

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.access.proposals.models import Proposal
from hub.access.proposals.rules import Decision, ProposalView
from hub.access.proposals.service import decide, view_of
from hub.cli.context import HubContext
from hub.cli.imports import import_command
from hub.config import Settings
from hub.feeds import waiting_batches
from hub.feeds.batches import Loading
from hub.feeds.errors import BatchRefusedError, FileRefusedError
from hub.feeds.models import Batch
from hub.feeds.service import LEGAL_ZONE, LoadRequest, load_approved_files, load_file
from hub.feeds.waiting_batches import BATCH, NotHeldError
from hub.kernel.database import Database
from hub.kernel.sandbox import ParserBusyError, Sandbox
from hub.licenses.models import License
from hub.registry.models import Enterprise
from tests.support.bad_batches import BAD, FOOD, HOLDERS, MARKET, each, food, food_row, market
from tests.support.feed_shapes import food_number
from tests.support.loading import BY, NOW, TODAY, refused, write
from tests.support.proposals import official
from tests.support.reference import REFERENCE
from tests.support.remits import serve
from tests.support.tampering import behind_its_back
from tests.support.workbooks import workbook_of

KINDS = {BATCH.code: BATCH}


@pytest.fixture
def city(any_db: Database, tmp_path: Path) -> Database:
    load_one(any_db, write(tmp_path, "base-market.csv", market(MARKET)))
    load_one(any_db, write(tmp_path, "base-food.csv", food(FOOD)))
    return any_db


def load_one(db: Database, path: Path, *, keep: Path | None = None) -> Loading:
    return load_file(LoadRequest(path, None, BY, NOW, TODAY, keep=keep, reference=REFERENCE), db=db)


def standing(db: Database) -> list[object]:
    with db.read() as session:
        licenses = select(License.uscc, License.number, License.content_hash, License.state).order_by(
            License.uscc, License.number
        )
        enterprises = select(Enterprise.uscc, Enterprise.content_hash).order_by(Enterprise.uscc)
        return [*session.execute(licenses), *session.execute(enterprises)]


def explained(db: Database, path: Path) -> bool:
    """Whether a file of which nothing is applied says why: refused whole, row by row, or held with its difference."""
    try:
        loading = load_one(db, path)
    except FileRefusedError as error:
        return bool(error.message.zh)
    if loading.is_held:
        return bool(loading.difference and loading.difference["counts"])
    told = refused(db, loading)
    known = loading.duplicate + loading.superseded  # told by their own counts
    return loading.accepted == 0 and len(told) + known == loading.position


@pytest.mark.parametrize("case", BAD)
def test_of_a_bad_batch_nothing_is_applied_and_it_is_explained(
    city: Database, tmp_path: Path, case: str
) -> None:
    before = standing(city)

    assert explained(city, write(tmp_path, "bad.csv", BAD[case]))
    assert standing(city) == before


def test_a_replayed_older_file_changes_nothing(city: Database, tmp_path: Path) -> None:
    load_one(city, write(tmp_path, "news.csv", food(each(FOOD[:3], c8="吊销", c9="2"))))
    before = standing(city)

    again = load_one(city, write(tmp_path, "base-food.csv", food(FOOD)))

    assert (again.accepted, standing(city)) == (0, before)


def test_a_few_changes_and_any_number_of_new_licenses_need_nobody(city: Database, tmp_path: Path) -> None:
    fresh = [[food_number(1_000 + number), *food_row(number)[1:]] for number in range(HOLDERS)]
    loading = load_one(city, write(tmp_path, "news.csv", food(each(FOOD[:5], c8="吊销") + FOOD[5:] + fresh)))

    assert (loading.accepted, loading.duplicate, loading.is_held) == (45, 35, False)


def test_another_spelling_of_every_name_needs_nobody(city: Database, tmp_path: Path) -> None:
    spelt = food(each(FOOD, c2=lambda row: f"{row[2][:2]} {row[2][2:]}", c9="2"))

    loading = load_one(city, write(tmp_path, "spelt.csv", spelt))

    assert (loading.accepted, loading.is_held) == (len(FOOD), False)


@dataclass
class Held:
    db: Database
    path: Path
    keep: Path
    loading: Loading

    @property
    def proposal(self) -> ProposalView:
        with self.db.read() as session:
            return view_of(session.scalars(select(Proposal).where(Proposal.kind == BATCH.code)).one())

    @property
    def state(self) -> str:
        with self.db.read() as session:
            return session.get_one(Batch, self.loading.batch_id).state

    def decide(self, decision: Decision) -> None:
        proposal_id: UUID = self.proposal.id
        second = official("乙")
        serve(second, db=self.db)
        decide(
            proposal_id,
            decision=decision,
            words="已与部门核实",
            kinds=KINDS,
            by=second,
            now=NOW,
            db=self.db,
        )

    def work(self) -> int:
        with closing(Sandbox()) as sandbox:
            return self.work_in(sandbox)

    def work_in(self, sandbox: Sandbox) -> int:
        return load_approved_files(
            self.db,
            keep=self.keep,
            by=BY,
            now=NOW,
            today=TODAY,
            zone=LEGAL_ZONE,
            sandbox=sandbox,
            reference=REFERENCE,
        )

    def states(self) -> set[str]:
        with self.db.read() as session:
            return set(session.scalars(select(License.state)))


@pytest.fixture
def held(city: Database, tmp_path: Path) -> Held:
    path = write(tmp_path, "revoked.csv", BAD["mass revocation"])
    keep = tmp_path / waiting_batches.FOLDER
    return Held(city, path, keep, load_one(city, path, keep=keep))


def test_who_decides_sees_what_would_change(held: Held) -> None:
    data = held.proposal.data
    difference = held.loading.difference or {}

    assert (data["changed"], data["population"], data["allowed"]) == (HOLDERS, HOLDERS, 5)
    assert data["changes"] == [["state 有效 → 吊销", HOLDERS]]
    assert difference["examples"][0] == {
        "line": 2,
        "uscc": FOOD[0][3],
        "of": FOOD[0][0],
        "what": "state",
        "before": "有效",
        "after": "吊销",
    }


def test_an_approved_batch_is_applied_exactly_once_from_the_copy(held: Held) -> None:
    assert held.work() == 0
    assert held.states() == {"有效"}
    held.decide(Decision.APPROVE)
    assert held.states() == {"有效"}

    assert held.work() == 1
    assert (held.states(), held.state) == ({"吊销"}, "done")
    assert (held.work(), list(held.keep.iterdir())) == (0, [])
    again = load_one(held.db, held.path)
    assert (again.accepted, again.duplicate) == (0, HOLDERS)


def test_a_kept_workbook_is_parsed_apart_when_it_is_approved(city: Database, tmp_path: Path) -> None:
    """While no parser may start, nothing of the workbook is read, in the worker's own process neither."""
    path = workbook_of(tmp_path, "revoked.xlsx", BAD["mass revocation"])
    keep = tmp_path / waiting_batches.FOLDER
    held = Held(city, path, keep, load_one(city, path, keep=keep))
    held.decide(Decision.APPROVE)

    with pytest.raises(ParserBusyError):
        held.work_in(Sandbox(at_once=0, patience=0.0))
    assert held.states() == {"有效"}

    assert held.work() == 1
    assert (held.states(), held.state) == ({"吊销"}, "done")


def test_an_approved_batch_may_also_be_loaded_by_its_file(held: Held) -> None:
    held.decide(Decision.APPROVE)

    loading = load_one(held.db, held.path)

    assert (loading.accepted, loading.batch_id, held.state) == (HOLDERS, held.loading.batch_id, "done")
    assert held.work() == 0


def test_an_approved_load_that_was_killed_at_its_beginning_is_not_asked_about_again(held: Held) -> None:
    held.decide(Decision.APPROVE)
    with held.db.write() as session:  # where a kill behind the first transaction leaves it
        session.get_one(Batch, held.loading.batch_id).state = "loading"

    assert held.work() == 1
    assert (held.states(), held.state) == ({"吊销"}, "done")


def test_a_file_that_waits_goes_on_waiting_however_often_it_is_loaded(held: Held) -> None:
    for _ in range(3):
        assert load_one(held.db, held.path).is_held
    assert held.proposal.state == "open"
    assert held.states() == {"有效"}


def test_a_refused_batch_stays_refused_and_its_copy_goes(held: Held) -> None:
    held.decide(Decision.REFUSE)

    with pytest.raises(BatchRefusedError):
        load_one(held.db, held.path)
    assert (held.work(), list(held.keep.iterdir()), held.states()) == (0, [], {"有效"})


def test_approval_of_one_file_allows_no_other(held: Held, tmp_path: Path) -> None:
    held.decide(Decision.APPROVE)
    other = write(tmp_path, "other.csv", BAD["mass expiry"])

    assert load_one(held.db, other).is_held


def test_the_command_says_so_with_its_own_exit_code(
    settings: Settings, city: Database, tmp_path: Path
) -> None:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=city)
    path = str(write(tmp_path, "revoked.csv", BAD["mass revocation"]))

    trial = CliRunner().invoke(import_command, [path, "--dry-run"], obj=context)
    told = CliRunner().invoke(import_command, [path, "--json"], obj=context)
    document = json.loads(told.stdout)

    assert (trial.exit_code, told.exit_code) == (4, 4)
    assert "40 / 40" in trial.stdout
    assert document["accepted"] == 0
    assert document["held"]["changed"] == HOLDERS
    assert [path.stat().st_mode & 0o777 for path in (settings.home / waiting_batches.FOLDER).iterdir()] == [
        0o600
    ]


def test_a_batch_that_no_longer_waits_is_not_approved(held: Held) -> None:
    behind_its_back(held.db, "UPDATE feeds_batch SET state = 'failed' WHERE state = 'held'")

    with pytest.raises(NotHeldError):
        held.decide(Decision.APPROVE)
    assert held.state == "failed"

"""Acts by hand at the command line: one asks, and a second person decides; each is named in the public log."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hub import config
from hub.access.proposals.errors import ProposalClosedError, SecondPersonError, SecondPersonNeededError
from hub.access.service import Post, end_appointment, invite
from hub.cli.context import HubContext
from hub.cli.plate import plate
from hub.cli.proposals import proposals_group
from hub.codes.plates import service
from hub.codes.plates.queries import plates_of
from hub.codes.rules import PlateAction, PlateEnd, PlateExistsError, PlateState
from hub.config import Settings
from hub.kernel.actor import Operator, Role
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError
from hub.trust.record.database import open_database
from hub.trust.record.models import Event
from tests.functional.test_operator_commands import hub as command
from tests.support.plates import (
    NOW,
    OPERATOR,
    USCC,
    add_enterprise,
    add_plate,
    add_premises,
    lay_plate,
    press_of,
)
from tests.support.proposals import DEPARTMENT, approve, official

ISSUE = ("issue", "--uscc", USCC, "--json")


@dataclass
class Shell(HubContext):
    """A command line under a named account of the operating system."""

    account: str = "root"

    @property
    def by(self) -> Operator:
        return Operator(self.account)


@pytest.fixture
def shell(settings: Settings, db: Database) -> Shell:
    context = Shell(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=db)  # what it would open by itself from the environment
    add_enterprise(db)
    first = lay_plate(add_premises(db), press=press_of(settings), now=NOW - timedelta(days=2), db=db)
    service.end_plate(
        first.plate_id, reason=PlateEnd.DAMAGED, by=OPERATOR, now=NOW - timedelta(days=1), db=db
    )
    return context


def standing(shell: Shell) -> list[PlateState]:
    """The states of what was made after the plate that ended."""
    states = [row.plate.state for row in plates_of(USCC, db=shell.db)]
    return [state for state in states if state is not PlateState.VOID]


def other(shell: Shell, account: str) -> Shell:
    context = replace(shell, account=account)
    context.__dict__.update(settings=shell.settings, db=shell.db)
    return context


def run(hub: HubContext, group: click.Command, *arguments: object) -> Result:
    return CliRunner().invoke(group, [str(each) for each in arguments], obj=hub)


def appointed(shell: Shell, name: str, *, role: Role = Role.OFFICIAL, department: str = DEPARTMENT) -> UUID:
    place = Post(role, department=department)
    made = invite(
        place,
        name=name,
        by=OPERATOR,
        base_url="https://hub.example",
        now=NOW - timedelta(days=1),
        db=shell.db,
    )
    return made.appointment_id


def asked_for(shell: Shell, *arguments: object) -> str:
    result = run(shell, plate, *ISSUE, *arguments)
    assert result.exit_code == 4, result.output
    return str(json.loads(result.stdout)["proposal"])


def acts(db: Database, kind: str) -> list[tuple[str, dict[str, object]]]:
    """By whom and with what, oldest first."""
    with db.read() as session:
        rows = session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id))
        return [(row.by, row.data) for row in rows]


def test_the_operator_alone_makes_replaces_and_brings_back_no_plate(db: Database, settings: Settings) -> None:
    made, press = add_plate(db, settings), press_of(settings)
    another = add_premises(db, name="二店", is_main=False)
    service.change_plate(made.plate_id, action=PlateAction.SUSPEND, by=OPERATOR, now=NOW, db=db)

    with pytest.raises(SecondPersonNeededError):
        service.issue_plate(another, press=press, by=OPERATOR, now=NOW, db=db)
    with pytest.raises(SecondPersonNeededError):
        service.change_plate(made.plate_id, action=PlateAction.RESUME, by=OPERATOR, now=NOW, db=db)
    with pytest.raises(SecondPersonNeededError):
        service.reissue_plate(
            made.plate_id, reason=PlateEnd.DAMAGED, press=press, by=OPERATOR, now=NOW, db=db
        )

    assert [row.plate.state for row in plates_of(USCC, db=db)] == [PlateState.SUSPENDED]


def test_the_first_plate_of_a_registered_place_is_a_roll_out_of_one(shell: Shell) -> None:
    place = add_premises(shell.db, name="二店", is_main=False)

    made = run(shell, plate, "issue", "--premises", place, "--json")
    again = run(shell, plate, "issue", "--premises", place, "--json")

    assert made.exit_code == 0
    assert json.loads(made.stdout)["premises_id"] == str(place)
    assert isinstance(again.exception, PlateExistsError)
    assert [by for by, _ in acts(shell.db, "plate.made")][-1] == "operator:root"


def test_two_accounts_and_two_officials_make_a_plate_at_the_shell(shell: Shell) -> None:
    ming, yu = appointed(shell, "李明"), appointed(shell, "陈予")
    proposal = asked_for(shell, "--as", ming, "--reason", "新开门店")
    second = other(shell, "yu")

    decided = run(second, proposals_group, "approve", proposal, "--as", yu)
    made = run(shell, plate, *ISSUE)

    assert (decided.exit_code, made.exit_code) == (0, 0)
    assert json.loads(made.stdout)["uscc"] == USCC
    assert standing(shell) == [PlateState.MADE]


@pytest.mark.parametrize("is_named", [True, False], ids=["in an official's name", "in the operator's own"])
def test_one_account_does_not_decide_what_it_asked_for_whoever_it_names(
    shell: Shell, *, is_named: bool
) -> None:
    ming, yu = appointed(shell, "李明"), appointed(shell, "陈予")
    proposal = asked_for(shell, *(("--as", ming) if is_named else ()))

    result = run(shell, proposals_group, "approve", proposal, "--as", yu)

    assert isinstance(result.exception, SecondPersonError)
    assert standing(shell) == []


def test_one_official_does_not_decide_what_was_asked_in_his_name_from_whatever_account(shell: Shell) -> None:
    ming = appointed(shell, "李明")
    proposal = asked_for(shell, "--as", ming)

    result = run(other(shell, "yu"), proposals_group, "approve", proposal, "--as", ming)

    assert isinstance(result.exception, SecondPersonError)
    assert standing(shell) == []


def test_only_an_official_who_serves_is_named(shell: Shell) -> None:
    auditor, gone = appointed(shell, "审计", role=Role.AUDITOR), appointed(shell, "离任")
    end_appointment(gone, by=OPERATOR, now=NOW - timedelta(hours=1), db=shell.db)

    for nobody in (auditor, gone, UUID(int=7)):
        result = run(shell, plate, *ISSUE, "--as", nobody)
        assert isinstance(result.exception, InvalidInputError)
        assert result.exception.reason == "NO_OFFICIAL"

    assert acts(shell.db, "proposal.made") == []


def test_what_the_operator_asks_for_an_official_decides_at_the_web(shell: Shell) -> None:
    proposal = asked_for(shell)

    approve(proposal, by=official("陈予"), settings=shell.settings, now=NOW, db=shell.db)

    assert run(shell, plate, *ISSUE).exit_code == 0


def test_every_step_names_person_and_account_in_the_public_log(shell: Shell) -> None:
    ming, yu = appointed(shell, "李明"), appointed(shell, "陈予")
    run(other(shell, "yu"), proposals_group, "refuse", asked_for(shell), "--as", yu, "--words", "材料不全")
    asked_for(shell, "--as", ming)

    (own, _), (named, asked) = acts(shell.db, "proposal.made")
    ((decider, refused),) = acts(shell.db, "proposal.refused")

    assert own == "operator:root"
    assert (named.partition(":")[0], asked["account"]) == ("official", "root")
    assert (decider.partition(":")[0], refused["account"]) == ("official", "yu")


def test_a_refused_request_can_be_made_again_and_a_settled_one_is_not_decided_twice(shell: Shell) -> None:
    yu, second = appointed(shell, "陈予"), other(shell, "yu")
    first = asked_for(shell)
    run(second, proposals_group, "refuse", first, "--as", yu, "--words", "材料不全")

    again = asked_for(shell)
    late = run(second, proposals_group, "approve", first, "--as", yu)

    assert again != first
    assert isinstance(late.exception, ProposalClosedError)


def test_what_waits_is_listed_and_shown_with_what_who_decides_must_know(shell: Shell) -> None:
    proposal = asked_for(shell)

    listed = [json.loads(line) for line in run(shell, proposals_group, "list", "--json").stdout.splitlines()]
    shown = run(shell, proposals_group, "show", proposal).stdout

    assert [row["proposal"] for row in listed] == [proposal]
    assert listed[0]["by"] == "operator:root"
    assert "荷花店" in shown
    assert "浙江省衢州市柯城区荷花一路12号" in shown
    assert run(shell, proposals_group, "list", "--settled", "--json").stdout == ""


def test_an_approved_plate_that_ended_is_asked_for_anew(shell: Shell) -> None:
    approve(asked_for(shell), by=official("陈予"), settings=shell.settings, now=NOW, db=shell.db)
    made = json.loads(run(shell, plate, *ISSUE).stdout)["plate_id"]

    ended = run(shell, plate, "end", made, "--reason", "damaged")

    assert ended.exit_code == 0  # out of use at once, by one: that needs no second person
    assert asked_for(shell)


def test_the_account_is_the_processs_own_and_not_what_the_environment_says(tmp_path: object) -> None:
    environ = {"HUB_HOME": f"{tmp_path}/var", "LOGNAME": "somebody", "USER": "somebody"}
    command("init", environ=environ, code=0)

    assert config.operator_name() != "somebody"
    db = open_database(f"sqlite:///{tmp_path}/var/hub.sqlite3")
    with db.read() as session:
        who = set(session.scalars(select(Event.by)))
    db.close()
    assert f"operator:{config.operator_name()}" in who
    assert "operator:somebody" not in who

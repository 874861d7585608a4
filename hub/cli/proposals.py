"""`hub proposals`: what waits for a second person, decided at the command line under another account of the system."""

import json
from collections.abc import Iterator
from typing import NoReturn
from uuid import UUID

import click

from hub import two_person_acts
from hub.access.proposals.queries import proposal_of, proposals_page
from hub.access.proposals.rules import MAX_WORDS_CHARS, STATE_NAMES, Decision, ProposalView
from hub.access.proposals.service import TwoPersonAct, decide
from hub.access.represented_officials import official_at
from hub.cli.context import HubContext
from hub.codes.plates.maker import PlateOffice
from hub.credentials.maker import CredentialOffice
from hub.kernel.actor import Actor, Doer
from hub.kernel.paging import MAX_PAGE

EXIT_WAITING = 4  # asked for; nothing is done before a second person has decided
speaking = click.option(
    "--as",
    "speaks_for",
    type=click.UUID,
    help="The official in whose name: id of the appointment, see hub account list. 以哪位政务人员名义，任职编号。",
)
reasoned = click.option(
    "--reason",
    default=two_person_acts.UNSAID.zh,
    help=f"Why, for who decides, up to {MAX_WORDS_CHARS} characters. 理由。",
)


@click.group("proposals")
def proposals_group() -> None:
    """What waits for a second person: list, show, approve, refuse. 双人事项。"""


@proposals_group.command("list", epilog="Example: hub proposals list --json")
@click.option("--settled", is_flag=True, help="Those that are settled. 已有结果的。")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_proposals(hub: HubContext, *, settled: bool, as_json: bool) -> None:
    """List proposals, newest first. 列出申请。"""
    known = _kinds(hub)
    for row in _rows(hub, is_open=not settled):
        click.echo(json.dumps(_facts(row), ensure_ascii=False) if as_json else _line(row, known, hub))


@proposals_group.command("show", epilog="Example: hub proposals show 01a1fd1e-8c00-749b-b1c8-2b70e5c5b01e")
@click.argument("proposal_id", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(hub: HubContext, *, proposal_id: UUID, as_json: bool) -> None:
    """Show what is asked for, by whom and why. 查看申请内容。"""
    found = proposal_of(proposal_id, by=hub.by, db=hub.db)
    if as_json:
        click.echo(json.dumps(_facts(found), ensure_ascii=False))
        return
    known = _kinds(hub)
    click.echo(_line(found, known, hub))
    kind = known.get(found.kind)
    for label, text in () if kind is None else kind.lines(found):
        value = text if isinstance(text, str) else f"{text.en} {text.zh}"
        click.echo(f"  {label.en} {label.zh}: {value}")
    said = two_person_acts.UNSAID
    reason = f"{said.en} {said.zh}" if found.reason == said.zh else found.reason
    click.echo(f"  Reason 理由: {reason}")


@proposals_group.command(
    epilog="Example: hub proposals approve 01a1fd1e-8c00-749b-b1c8-2b70e5c5b01e --as 01920000-0000-7000-8000-000000000000"
)
@click.argument("proposal_id", type=click.UUID)
@click.option(
    "--as", "speaks_for", type=click.UUID, required=True, help="The official who decides. 决定人任职编号。"
)
@click.option("--words", default="", help="What the official says to it. 意见。")
@click.pass_obj
def approve(hub: HubContext, *, proposal_id: UUID, speaks_for: UUID, words: str) -> None:
    """Approve: it is done at once. From another account of the system than it was asked from. 同意并执行。"""
    _decide(hub, proposal_id, Decision.APPROVE, speaks_for=speaks_for, words=words)


@proposals_group.command(
    epilog="Example: hub proposals refuse 01a1fd1e-8c00-749b-b1c8-2b70e5c5b01e --as 01920000-0000-7000-8000-000000000000 --words 材料不全"
)
@click.argument("proposal_id", type=click.UUID)
@click.option(
    "--as", "speaks_for", type=click.UUID, required=True, help="The official who decides. 决定人任职编号。"
)
@click.option("--words", required=True, help="What speaks against it. 驳回理由。")
@click.pass_obj
def refuse(hub: HubContext, *, proposal_id: UUID, speaks_for: UUID, words: str) -> None:
    """Refuse: nothing is done. 驳回。"""
    _decide(hub, proposal_id, Decision.REFUSE, speaks_for=speaks_for, words=words)


def asking(hub: HubContext, speaks_for: UUID | None) -> Doer:
    """Return who asks at the command line: the official named, else the operator. Raises: InvalidInputError."""
    return hub.by if speaks_for is None else official(hub, speaks_for)


def official(hub: HubContext, appointment_id: UUID) -> Actor:
    """Return the official in whose name the operator asks or decides. Raises: InvalidInputError."""
    with hub.db.read() as session:
        return official_at(session, appointment_id, through=hub.by, now=hub.now())


def tell_waiting(hub: HubContext, proposal_id: UUID, *, as_json: bool) -> NoReturn:
    """Say what waits and where it is decided, and end the command with the code that says so.

    Raises: click.exceptions.Exit.
    """
    page = f"{hub.settings.base_url}/government/proposals/{proposal_id}"
    if as_json:
        click.echo(json.dumps({"proposal": str(proposal_id), "state": "open", "decide_at": page}))
    else:
        click.echo(
            f"Waits for a second person: proposal {proposal_id}. 待第二人决定，申请编号 {proposal_id}。"
        )
        click.echo(f"An official decides at {page} 由政务人员在此决定。", err=True)
        click.echo("Then run the same command again. 决定后请再次运行同一命令。", err=True)
    raise click.exceptions.Exit(EXIT_WAITING)


def _decide(hub: HubContext, proposal_id: UUID, decision: Decision, *, speaks_for: UUID, words: str) -> None:
    decide(
        proposal_id,
        decision=decision,
        words=words,
        kinds=_kinds(hub),
        by=official(hub, speaks_for),
        now=hub.now(),
        db=hub.db,
    )
    click.echo(f"{two_person_acts.DONE[decision].en} {two_person_acts.DONE[decision].zh}")


def _kinds(hub: HubContext) -> dict[str, TwoPersonAct]:
    issuer = hub.issuer()
    return two_person_acts.kinds(
        PlateOffice(issuer, hub.settings.base_url), CredentialOffice.of(issuer, hub.settings, hub.tables)
    )


def _rows(hub: HubContext, *, is_open: bool) -> Iterator[ProposalView]:
    before: UUID | None = None
    while True:
        page = proposals_page(
            by=hub.by, is_open=is_open, now=hub.now(), before=before, limit=MAX_PAGE, db=hub.db
        )
        yield from page.rows
        before = page.older
        if before is None:
            return


def _facts(row: ProposalView) -> dict[str, object]:
    words = ("kind", "uscc", "subject", "reason", "department", "by", "state", "decided_by", "words")
    return {
        "proposal": str(row.id),
        **{name: getattr(row, name) for name in words},
        "data": dict(row.data),
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "decided_at": row.decided_at and row.decided_at.isoformat(),
    }


def _line(row: ProposalView, known: dict[str, TwoPersonAct], hub: HubContext) -> str:
    kind, state = known.get(row.kind), STATE_NAMES[row.state_at(hub.now())]
    name = row.kind if kind is None else f"{kind.name.zh} {kind.name.en}"
    return f"{row.id}  {name}  {row.uscc or ''}  {row.by}  {row.created_at:%Y-%m-%d}  {state.zh} {state.en}"

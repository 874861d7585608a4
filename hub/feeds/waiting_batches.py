"""A batch that would change too much waits for a person; nothing of it is stored before.

The decision is a proposal (hub.access.proposals) about the batch. Approved, the very same bytes are loaded: by the
worker from the copy that was kept, or by whoever loads the file again, exactly once whoever comes first.
"""

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.proposals.errors import ProposalPendingError
from hub.access.proposals.models import Proposal
from hub.access.proposals.rules import ProposalState, ProposalView
from hub.access.proposals.service import TwoPersonAct, propose
from hub.access.rules import Action
from hub.feeds import batches
from hub.feeds.batches import APPROVED, HELD, LOADING, Loading
from hub.feeds.changes import counted
from hub.feeds.differences import Difference
from hub.feeds.errors import BatchRefusedError
from hub.feeds.models import Batch
from hub.feeds.sources import shipped_sources
from hub.kernel.actor import Actor, Doer
from hub.kernel.errors import ConflictError
from hub.kernel.messages import Message

KIND = "feeds.batch"
FOLDER = "held"  # under the hub's home
MAX_LINES = 20  # kinds of change that a decision shows, the commonest first
REASON = Message(
    "本批数据将改变的证照或登记状态超过规定比例",
    "It would change more licenses or registrations than a batch may by itself",
)


class NotHeldError(ConflictError):
    """The batch does not wait any more."""

    reason = "BATCH_NOT_HELD"
    zh = "该批数据已不在等待确认。"
    en = "This batch does not wait for a decision any more."


def hold(session: Session, loading: Loading, found: Difference, *, by: Doer, now: datetime) -> None:
    """Let a batch wait, on record, and ask for a decision. Raises: AlreadyLoadingError."""
    document = found.document()
    batches.hold(session, loading, document, by=by, now=now)
    _ask(session, loading, document, by=by, now=now)


def still_waits(session: Session, loading: Loading, *, by: Doer, now: datetime) -> None:
    """Called when the file of a held batch is loaded again: asks anew when nobody decided in time.

    Raises: BatchRefusedError when it was decided against.
    """
    statement = select(Proposal.state).where(Proposal.kind == KIND, Proposal.subject == str(loading.batch_id))
    last = session.scalars(statement.order_by(Proposal.id.desc()).limit(1)).first()
    if last == ProposalState.REFUSED:
        raise BatchRefusedError(loading.file.name)
    try:
        _ask(session, loading, loading.difference or {}, by=by, now=now)
    except ProposalPendingError:
        return


def _ask(session: Session, loading: Loading, document: dict[str, Any], *, by: Doer, now: datetime) -> None:
    data = {name: document[name] for name in ("changed", "population", "allowed")}
    data |= {"changes": [[what, count] for what, count in document["counts"].items()][:MAX_LINES]}
    data |= {"file": loading.file.name, "source": loading.file.source, "sha256": loading.file.sha256}
    propose(session, BATCH, subject=str(loading.batch_id), data=data, reason=REASON.zh, by=by, now=now)


def _approve(session: Session, proposal: ProposalView, by: Actor, now: datetime) -> None:
    """Raises: NotHeldError."""
    row = session.get(Batch, UUID(proposal.subject), with_for_update=True)
    if row is None or row.state != HELD:
        raise NotHeldError
    batches.approve(session, row, by=by, now=now)


def _lines(proposal: ProposalView) -> list[tuple[Message, str | Message]]:
    data = proposal.data
    source = shipped_sources().get(data["source"])
    share = 100 * data["changed"] / max(data["population"], 1)
    counts = [(counted(what), str(count)) for what, count in data["changes"]]
    return [
        (Message("文件", "File"), data["file"]),
        (Message("数据源", "Source"), source.title if source else data["source"]),
        (
            Message("将改变的现有状态", "Statuses that would change"),
            f"{data['changed']} / {data['population']} ({share:.1f} %)",
        ),
        (Message("无需确认的上限", "Allowed without a decision"), str(data["allowed"])),
        *counts,
    ]


BATCH = TwoPersonAct(
    code=KIND,
    name=Message("部门数据批次变更过多", "A department's batch that would change too much"),
    decides=Action.DECIDE_PROPOSAL,
    effect=_approve,
    lines=_lines,
)


def keep_copy(folder: Path, path: Path, batch_id: UUID) -> None:
    """A copy of the file for the worker, readable by the owner only; whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f".{batch_id}"
    shutil.copyfile(path, beside)
    beside.chmod(0o600)
    beside.rename(folder / f"{batch_id}{path.suffix}")


def copies(folder: Path) -> dict[UUID, Path]:
    """Copies that were kept, by batch."""
    found = {}
    for path in folder.glob("*-*") if folder.is_dir() else ():
        try:
            found[UUID(path.name.split(".")[0])] = path
        except ValueError:  # not ours
            continue
    return found


def to_apply(session: Session, batch_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return which of these batches are approved and not yet loaded, with their source. One statement."""
    rows = session.execute(
        select(Batch.id, Batch.source).where(
            Batch.id.in_(list(batch_ids)), Batch.state.in_((APPROVED, LOADING))
        )
    )
    return {batch_id: source for batch_id, source in rows}  # noqa: C416  # a row is no pair to dict()


def settled(session: Session, batch_ids: Iterable[UUID]) -> set[UUID]:
    """Batches whose copy is needed no more: loaded, failed, or decided against."""
    ids = list(batch_ids)
    ended = session.scalars(
        select(Batch.id).where(Batch.id.in_(ids), Batch.state.in_((batches.DONE, batches.FAILED)))
    )
    return set(ended) | refused(session, ids)


def refused(session: Session, batch_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these batches a person decided against: they go on being held, for good. One statement."""
    subjects = {str(batch_id): batch_id for batch_id in batch_ids}
    found = session.scalars(
        select(Proposal.subject).where(
            Proposal.kind == KIND,
            Proposal.subject.in_(list(subjects)),
            Proposal.state == ProposalState.REFUSED,
        )
    )
    return {subjects[subject] for subject in found}

"""`hub log`: the public log checked, proven and witnessed."""

import json
import sys
from base64 import b64encode
from dataclasses import asdict
from pathlib import Path

import click
from tqdm import tqdm

from hub.cli.clock import accept_clock
from hub.cli.context import HubContext
from hub.cli.log_checks import checks_of
from hub.cli.private_files import write_private
from hub.cli.witness import witness
from hub.kernel.errors import NotFoundError
from hub.trust import receipts
from hub.trust.log.audit import AuditReport, audit
from hub.trust.receipts import ActView, ReceiptReader
from hub.trust.record.errors import KeyRecordUnreadableError
from hub.trust.witnesses import tree
from hub.trust.witnesses.queries import log_view
from hub.trust.witnesses.record import WitnessRecord
from keys import KeySet
from signing.log import (
    Checkpoint,
    LoggedEntry,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from signing.log.note import parse_note

EXIT_FOUND = 1
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@click.group()
def log() -> None:
    """The public log of what the hub did. 公开日志。"""


@log.command(epilog="Example: hub log verify --json")
@_JSON
@click.pass_obj
def verify(hub: HubContext, *, as_json: bool) -> None:
    """Recompute the log and compare every row on record with its entry. 核对日志与数据库。

    Exit code: 0 nothing differs, 1 what differs is named, 3 it could not be compared, or nobody could be told.
    """
    now, keys = hub.now(), _keys(hub)
    record, today = WitnessRecord(hub.settings.home), hub.settings.today(now)
    checks = checks_of(hub.db, record=record, keys=keys, now=now, today=today, reference=hub.tables.on(today))
    with tqdm(unit=" acts", disable=None, leave=False) as bar:
        report = audit(
            hub.db, keys=keys, origin=hub.settings.log_origin, now=now, progress=bar.update, checks=checks
        )
    _tell_report(report, as_json=as_json)
    if not report.is_clean:
        sys.exit(EXIT_FOUND)


def _keys(hub: HubContext) -> KeySet:
    """The published keys, also where an act on keys cannot be read any more: naming it is what the command is for."""
    try:
        return hub.issuer().key_set
    except KeyRecordUnreadableError:
        return hub.key_ring().verification_keys()


@log.command(epilog="Example: hub log checkpoint > checkpoint.txt")
@click.pass_obj
def checkpoint(hub: HubContext) -> None:
    """The newest checkpoint with its cosignatures, as a signed note. 最新检查点。"""
    click.echo(_note(hub), nl=False)


@log.command(epilog="Example: hub log prove 7K2M9QXT4K")
@click.argument("name", metavar="ID")
@_JSON
@click.pass_obj
def prove(hub: HubContext, *, name: str, as_json: bool) -> None:
    """Show that an act is in the log: its id, or that of a plate, license or credential. 证明某事项已在公开日志中。

    Every proof shown has been checked against the root of its checkpoint.
    """
    acts = receipts.acts_about(name, db=hub.db)
    if as_json:
        click.echo(json.dumps({"id": name, "entries": [_written(act) for act in acts]}, ensure_ascii=False))
    for act in acts if not as_json else ():
        place = "waits for its place" if act.proof is None else f"entry {act.proof.index} of {act.proof.size}"
        late = "" if act.happened_at is None else f"  happened 发生于 {act.happened_at:%Y-%m-%d %H:%M:%S}Z"
        click.echo(f"{act.at:%Y-%m-%d %H:%M:%S}Z  {act.kind:22} {act.id}  {place}{late}")
        if act.proof is not None:
            click.echo(f"  leaf {leaf_hash(act.proof.leaf.encode()).hex()}")
            for node in act.proof.proof:
                click.echo(f"  path {node.hex()}")


@log.command(epilog="Example: hub log receipt 019382f0-… --out receipt.txt")
@click.argument("name", metavar="ID")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write. 写入文件。")
@click.option("--open", "opened", is_flag=True, help="With what the entry commits to. 附明细。")
@click.pass_obj
def receipt(hub: HubContext, *, name: str, out: Path | None, opened: bool) -> None:
    """A receipt of the newest entry that an id names; it proves the entry offline. 出具回执。"""
    act = receipts.acts_about(name, db=hub.db)[-1]
    made = receipts.make_receipt(
        act.id,
        issuer=hub.issuer(),
        base_url=hub.settings.base_url,
        now=hub.now(),
        db=hub.db,
        opened_for=ReceiptReader() if opened else None,
    )
    if out is None:
        click.echo(made)
        return
    write_private(out, f"{made}\n".encode("ascii"))
    click.echo(f"{out}: {act.kind} {act.id}. 已写入回执。")


@log.command(epilog="Example: hub log consistency 1000 2000")
@click.argument("old", type=click.IntRange(min=1))
@click.argument("new", type=click.IntRange(min=1))
@_JSON
@click.pass_obj
def consistency(hub: HubContext, *, old: int, new: int, as_json: bool) -> None:
    """Show that the log of OLD entries is the beginning of the log of NEW entries. 证明日志只增未改。"""
    with hub.db.read() as session:
        if not old <= new <= tree.size_of(session):
            size = tree.size_of(session)
            raise click.UsageError(
                f"the log has {size} entries; OLD is at most NEW. 日志共 {size} 条，OLD 不得大于 NEW。"
            )
        roots = [tree.root_at(session, size) or b"" for size in (old, new)]
        proof = tree.consistency(session, old, new)
    verify_consistency(old, new, proof, roots[0], roots[1])
    if as_json:
        told = {
            "old": {"size": old, "root": _text(roots[0])},
            "new": {"size": new, "root": _text(roots[1])},
            "proof": [_text(node) for node in proof],
        }
        click.echo(json.dumps(told))
        return
    click.echo(f"{old} {_text(roots[0])}\n{new} {_text(roots[1])}")
    for node in proof:
        click.echo(f"  {_text(node)}")
    click.echo("The proof holds. 证明成立。")


log.add_command(witness)
log.add_command(accept_clock)


def _tell_report(report: AuditReport, *, as_json: bool) -> None:
    if as_json:
        found = [asdict(each) | {"reason": each.reason.value} for each in report.findings]
        told = {"size": report.size, "leaves": report.leaves, "rows": report.rows, "found": report.found}
        click.echo(json.dumps(told | {"findings": found}, ensure_ascii=False, indent=1))
        return
    for each in report.findings:
        click.echo(f"{each.reason}  {each.table}  {each.key}  {each.detail}".rstrip())
        click.echo(f"  {each.message.zh} {each.message.en}")
    click.echo(
        f"{report.size} entries in the log, {report.leaves} leaves and {report.rows} rows compared, "
        f"{report.found} findings. 日志{report.size}条，核对{report.rows}行，发现{report.found}处问题。"
    )


def _note(hub: HubContext) -> str:
    found = log_view(hub.db)
    if not found.note:
        raise NotFoundError("the log is empty: hub worker sequences what is on record.")
    return found.note


def _written(act: ActView) -> dict[str, object]:
    told: dict[str, object] = {
        "id": str(act.id),
        "kind": act.kind,
        "subject": act.subject,
        "at": act.at.isoformat(),
    }
    if act.happened_at is not None:
        told["happened_at"] = act.happened_at.isoformat()
    return told | {"proof": None if act.proof is None else _proof(act.proof)}


def _proof(entry: LoggedEntry) -> dict[str, object]:
    """Raises: ProofError leaves for a proof that does not hold."""
    signed = Checkpoint.read(parse_note(entry.checkpoint).text)
    verify_inclusion(leaf_hash(entry.leaf.encode()), entry.index, entry.size, entry.proof, signed.root)
    return {
        "leaf": entry.leaf,
        "index": entry.index,
        "size": entry.size,
        "path": [_text(node) for node in entry.proof],
        "checkpoint": entry.checkpoint,
    }


def _text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")

"""`hub keys`: the life of the hub's signing keys (docs/operations/keys.md)."""

import json
from collections.abc import Iterable
from datetime import datetime

import click
from sqlalchemy.exc import DatabaseError

from hub.cli.context import HubContext
from hub.kernel.errors import SettingsError
from hub.kernel.messages import Message
from hub.trust import personal_fields
from hub.trust.keys.issuer import ring_folder
from hub.trust.keys.management import KeyManagement, acts_the_ring_lacks
from hub.trust.record import events
from keys import Algorithm, KeyInfo, KeyState, Purpose, RingContents, profile_algorithms
from keys.data_keys import cipher_for

STATE_NAMES: dict[KeyState, Message] = {
    KeyState.PENDING: Message("待启用", "waiting"),
    KeyState.ACTIVE: Message("在用", "signing"),
    KeyState.VERIFY_ONLY: Message("仅验证", "verifying"),
    KeyState.RETIRED: Message("已退役", "retired"),
    KeyState.COMPROMISED: Message("已泄露", "compromised"),
}

_PURPOSE = click.argument("purpose", type=click.Choice([purpose.value for purpose in Purpose]))
_ALGORITHM = click.option(
    "--algorithm",
    type=click.Choice([algorithm.value for algorithm in Algorithm]),
    help="Needed where the profile has several. 签名算法。",
)
_AT_ONCE = click.option(
    "--at-once", is_flag=True, help="Without waiting; only where no key is active. 无在用密钥时立即启用。"
)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document (public parts only).")
_YES = click.option("--yes", is_flag=True, help="Do not ask. 不再询问。")


@click.group()
def keys() -> None:
    """The hub's signing keys. 签名密钥。"""


@keys.command("list", epilog="Example: hub keys list --json")
@_JSON
@click.pass_obj
def list_keys(hub: HubContext, *, as_json: bool) -> None:
    """Every key: what it is for, its state, its dates. 列出全部密钥。"""
    ring = hub.key_ring()
    if ring.is_checked:
        _reconcile(hub, ring.book)
    else:
        click.echo(
            "hub: the key device is away; this list is unchecked. 密钥设备不在，列表未经核对。", err=True
        )
    _tell(ring.infos, as_json=as_json)


@keys.command(epilog="Example: hub keys generate code-plate")
@_PURPOSE
@_ALGORITHM
@_AT_ONCE
@_JSON
@click.pass_obj
def generate(hub: HubContext, *, purpose: str, algorithm: str | None, at_once: bool, as_json: bool) -> None:
    """Make a key that waits, published, until it may take over. 生成密钥并公布，等待启用。"""
    wanted = Purpose(purpose)
    made = _management(hub).generate(
        wanted, _algorithm(hub, wanted, algorithm), now=hub.now(), at_once=at_once
    )
    _tell([made], as_json=as_json)


@keys.command(epilog="Example: hub keys rotate code-plate")
@_PURPOSE
@_ALGORITHM
@_AT_ONCE
@_JSON
@click.pass_obj
def rotate(hub: HubContext, *, purpose: str, algorithm: str | None, at_once: bool, as_json: bool) -> None:
    """Let the waiting key take over; what the old one signed stays valid. 启用新密钥，旧签名继续有效。"""
    wanted = Purpose(purpose)
    started = _management(hub).rotate(
        wanted, _algorithm(hub, wanted, algorithm), now=hub.now(), at_once=at_once
    )
    _tell([started], as_json=as_json)


@keys.command(epilog='Example: hub keys retire D1   or: hub keys retire P1 --force "all plates replaced"')
@click.argument("kid")
@click.option(
    "--force", "reason", help="Though something it signed may still be in use: why. 强制退役的原因。"
)
@_YES
@_JSON
@click.pass_obj
def retire(hub: HubContext, *, kid: str, reason: str | None, yes: bool, as_json: bool) -> None:
    """Believe nothing of a key that stopped signing. Final. 密钥退役，其签名不再有效，不可撤销。"""
    _confirm(
        f"Nothing that {kid} signed will verify any more. 由 {kid} 签名的内容将全部失效，继续？", yes=yes
    )
    retired = _management(hub).retire(kid, now=hub.now(), force_reason=reason)
    _tell([retired], as_json=as_json)


@keys.command(epilog='Example: hub keys compromise P1 --reason "token stolen" --successor')
@click.argument("kid")
@click.option("--reason", required=True, help="Published with the key. 原因，将予公布。")
@click.option("--successor", is_flag=True, help="Start another key in its place at once. 同时启用后继密钥。")
@_YES
@_JSON
@click.pass_obj
def compromise(  # click hands every option over by its name
    hub: HubContext, *, kid: str, reason: str, successor: bool, yes: bool, as_json: bool
) -> None:
    """Believe nothing of a key from now on, in any state. Final. 密钥泄露，立即停用，不可撤销。"""
    _confirm(f"{kid} leaves the key set at once and for ever. 密钥 {kid} 将立即永久停用，继续？", yes=yes)
    management, now = _management(hub), hub.now()
    was_active = any(
        info.kid == kid and info.state is KeyState.ACTIVE for info in management.ring.read().infos
    )
    changed = [management.compromise(kid, reason=reason, now=now)]
    if successor and was_active:
        changed.append(management.start_successor(changed[0], now=now))
    _tell(changed, as_json=as_json)


@keys.command(epilog="Example: hub keys reseal")
@_YES
@_JSON
@click.pass_obj
def reseal(hub: HubContext, *, yes: bool, as_json: bool) -> None:
    """Put the ring under a new device after the old one was lost. 原设备丢失后，以新设备重新封存密钥环。"""
    _confirm(
        "Only after the device was lost for good; its keys must then be compromised. 仅在设备丢失时使用，继续？",
        yes=yes,
    )
    _tell(_management(hub).reseal(now=hub.now()).infos, as_json=as_json)


@keys.command("renew-data", epilog="Example: hub keys renew-data")
@_YES
@click.pass_obj
def renew_data(hub: HubContext, *, yes: bool) -> None:
    """Make a new data key for personal fields and seal all of them anew. 更换个人信息数据密钥并重新加密。"""
    _confirm("Back up first: later backups need the new key. 请先备份，继续？", yes=yes)
    hub.require_apart()
    hub.db.require_writable()
    made = hub.key_ring().data_keys.add(cipher_for(profile_algorithms(hub.settings.profile)))
    with hub.db.write() as session:
        data = {"kid": made.current.kid}
        events.record(
            session,
            kind="key.data_renewed",
            uscc="",
            subject="data-keys",
            by=hub.by,
            data=data,
            now=hub.now(),
        )
    count = personal_fields.complete(hub.db, made)
    click.echo(
        f"{made.current.kid} {made.current.cipher}: {count} values sealed anew. 已重新加密 {count} 项。"
    )


def _management(hub: HubContext) -> KeyManagement:
    return KeyManagement(hub.db, ring_folder(hub.settings), hub.by)


def _reconcile(hub: HubContext, book: RingContents) -> None:
    """Mend the record where a run ended early; the list is worth having without a database too."""
    try:
        missing = _management(hub).reconcile(book, now=hub.now())
        lacking = acts_the_ring_lacks(hub.db, book)
    except (SettingsError, DatabaseError):
        click.echo(
            "hub: not compared with the record of acts: no database. 无数据库，未与留痕核对。", err=True
        )
        return
    if missing:
        click.echo(f"hub: {missing} acts put on record that were missing. 补记 {missing} 项操作。", err=True)
    if lacking:
        click.echo(
            f"hub: the ring is an old copy: on record and not in it: {', '.join(lacking)}; restore a newer one. "
            "密钥环是旧副本，缺少已留痕的变更，请恢复较新的备份。",
            err=True,
        )


def _algorithm(hub: HubContext, purpose: Purpose, named: str | None) -> Algorithm:
    known = profile_algorithms(hub.settings.profile)[purpose]
    if named is None and len(known) > 1:
        raise click.UsageError(
            f"say --algorithm: {', '.join(known)} are in use for {purpose}. 请指定 --algorithm。"
        )
    return known[0] if named is None else Algorithm(named)


def _confirm(question: str, *, yes: bool) -> None:
    """Ask unless told not to. A no ends with 1 and changes nothing; Ctrl-C is something else."""
    if not yes and not click.confirm(question, err=True):
        click.echo("hub: nothing was changed. 未作任何更改。", err=True)
        raise SystemExit(1)


def _tell(infos: Iterable[KeyInfo], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_document(info) for info in infos], ensure_ascii=False, indent=1))
        return
    for info in infos:
        name = STATE_NAMES[info.state]
        click.echo(
            f"{info.kid:28} {info.purpose:13} {info.algorithm:6} {name.en:12} {name.zh:4} "
            f"{_day(info.activated_at)} – {_day(info.ended_at)}" + (f"  {info.reason}" if info.reason else "")
        )


def _document(info: KeyInfo) -> dict[str, object]:
    revoked = None if info.revoked_at is None else int(info.revoked_at.timestamp())
    extra = {"revoked_at": revoked, "reason": info.reason}
    return {**info.jwk(), **{name: value for name, value in extra.items() if value is not None}}


def _day(moment: datetime | None) -> str:
    return "…" if moment is None else f"{moment:%Y-%m-%d %H:%M}Z"

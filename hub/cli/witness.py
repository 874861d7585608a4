"""`hub log witness`: who cosigns our log, whose logs we cosign, and the way out of a database that is behind."""

import json
from dataclasses import replace

import click

from hub.cli.context import HubContext
from hub.trust.record import events
from hub.trust.statuses.indices import abandon_list
from hub.trust.witnesses import cosigning, read_only
from hub.trust.witnesses.client import address_of
from hub.trust.witnesses.errors import WitnessKeyError
from hub.trust.witnesses.exchange import WitnessExchange, exchange, first_key
from hub.trust.witnesses.record import Witness, WitnessRecord
from keys import Purpose
from signing.log import NoteKey, SignatureType
from signing.log.errors import NoteKeyError

MIN_REASON_CHARS = 5


class _AddressesOrCommand(click.Group):
    """`hub log witness URL…` beside `hub log witness COMMAND`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in context.help_option_names):
            args = ["ask", *args]
        return super().parse_args(context, args)


@click.group(
    cls=_AddressesOrCommand,
    epilog="Example: hub log witness https://other-hub.example   hub log witness trust other-hub.example/log VKEY",
)
def witness() -> None:
    """Exchange cosignatures: `hub log witness [URL…]` shows our log to witnesses. 见证。"""


@witness.command(epilog="Example: hub log witness https://other-hub.example --vkey VKEY")
@click.argument("urls", nargs=-1, metavar="[URL]…")
@click.option("--vkey", help="The witness's key, for a first exchange with one witness. 见证方公钥。")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def ask(hub: HubContext, *, urls: tuple[str, ...], vkey: str | None, as_json: bool) -> None:
    """Show the newest checkpoint to these witnesses (none named: to all on record) and keep their cosignatures."""
    record = WitnessRecord(hub.settings.home)
    known = record.witnesses()
    chosen = [_witness(url, record, vkey=vkey) for url in urls] or list(known)
    if not chosen:
        raise click.UsageError("there is no witness on record; name an address. 尚无见证方，请给出地址。")
    keys = hub.issuer().key_set
    for each in chosen:
        sent = exchange(hub.db, each, keys=keys, record=record, now=hub.now(), only_known=each in known)
        click.echo(json.dumps(_written(sent)) if as_json else _said(sent))


@witness.command(epilog="Example: hub log witness trust other-hub.example/log VKEY")
@click.argument("origin")
@click.argument("vkeys", nargs=-1, required=True, metavar="VKEY…")
@click.option(
    "--start-over", is_flag=True, help="Forget what was cosigned for it before. 忘记此前见证的内容。"
)
@click.pass_obj
def trust(hub: HubContext, *, origin: str, vkeys: tuple[str, ...], start_over: bool) -> None:
    """Witness the log ORIGIN when it is signed by one of these keys. 见证另一个日志。"""
    found = cosigning.trust_log(origin, vkeys, start_over=start_over, by=hub.by, now=hub.now(), db=hub.db)
    click.echo(f"{found.origin}: witnessed from {found.size} entries on. 已设为见证对象。")


@witness.command(name="list", epilog="Example: hub log witness list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(hub: HubContext, *, as_json: bool) -> None:
    """Our keys, our witnesses, and the logs that we witness. 列出见证关系。"""
    signer, name = hub.issuer().signer(Purpose.LOG), hub.settings.log_origin
    own = {
        "log": replace(cosigning.own_key(signer, name=name), type=SignatureType.ED25519).vkey(),
        "witness": cosigning.own_key(signer, name=name).vkey(),
    }
    witnesses, logs = WitnessRecord(hub.settings.home).witnesses(), cosigning.witnessed(hub.db)
    if as_json:
        told = {
            "keys": own,
            "witnesses": [
                {"url": each.url, "vkey": each.vkey, "size": each.size, "trouble": each.trouble}
                for each in witnesses
            ],
            "logs": [{"origin": each.origin, "vkeys": each.vkeys, "size": each.size} for each in logs],
        }
        click.echo(json.dumps(told))
        return
    click.echo(f"log      {own['log']}\nwitness  {own['witness']}")
    for each in witnesses:
        click.echo(f"witnessed by  {each.url}  {each.key.name}  {each.size}  {each.trouble}".rstrip())
    for seen in logs:
        click.echo(f"witnesses     {seen.origin}  {seen.size}")


@witness.command(epilog="Example: hub log witness forget https://other-hub.example")
@click.argument("url")
@click.pass_obj
def forget(hub: HubContext, *, url: str) -> None:
    """Ask this witness no more. 不再请其见证。"""
    if not WitnessRecord(hub.settings.home).remove(address_of(url)):
        raise click.UsageError("that witness is not on record. 没有这个见证方。")
    click.echo("Forgotten. 已移除。")


@witness.command(
    "accept-loss", epilog="Example: hub log witness accept-loss --reason 'no newer backup exists'"
)
@click.option(
    "--reason", required=True, help="Why there is no newer copy; it is put on record. 原因，将留痕。"
)
@click.pass_obj
def accept_loss(hub: HubContext, *, reason: str) -> None:
    """Write to a database that is behind what witnesses have cosigned: what came after is given up. 接受数据丢失。

    The acts that are lost stay lost, and the witnesses will not cosign this log again before their operators say so.
    """
    if len(reason.strip()) < MIN_REASON_CHARS:
        raise click.UsageError("give a reason. 请说明原因。")
    record = WitnessRecord(hub.settings.home)
    found = read_only.standing(hub.db, record)
    if found is None:
        raise click.UsageError("this database is not behind anything. 数据库并未落后。")
    data = read_only.evidence(hub.db, record) | {"reason": reason.strip()}
    hub.db.doubt = hub.db.read_only = None
    with hub.db.write() as session:
        events.record(
            session,
            kind="log.loss-accepted",
            uscc="",
            subject=hub.settings.log_origin[:80],
            by=hub.by,
            data=data,
            now=hub.now(),
        )
        abandon_list(
            session, now=hub.now()
        )  # its later indices are on credentials that this database has forgotten
    for path in record.forget():
        click.echo(f"{path}")
    click.echo(
        "On record. Restart the hub; add witnesses again once their operators have run "
        "hub log witness trust … --start-over. 已留痕，请重启服务；见证方需重新登记本日志。"
    )


def _witness(typed: str, record: WitnessRecord, *, vkey: str | None) -> Witness:
    """The witness on record at an address, or a new one whose key is pinned now."""
    url = address_of(typed)
    known = next((each for each in record.witnesses() if each.url == url), None)
    if known is not None:
        if vkey is not None and vkey != known.vkey:
            raise WitnessKeyError(
                "another key is on record for this witness; hub log witness forget URL first."
            )
        return known
    key = first_key(url) if vkey is None else NoteKey.read(vkey)
    if key.type is not SignatureType.COSIGNATURE:
        raise NoteKeyError("that is a log's key, not a witness's")
    if vkey is None:
        click.echo(
            f"{url} shows the key {key.vkey()}\nIt is believed from now on; compare it with what the witness's "
            "operator tells you. 已记下该公钥，请与对方核对。",
            err=True,
        )
    return Witness(url, key.vkey())


def _written(sent: WitnessExchange) -> dict[str, object]:
    at = None if sent.at is None else sent.at.isoformat()
    return {"url": sent.witness.url, "witness": sent.witness.key.name, "size": sent.size, "at": at}


def _said(sent: WitnessExchange) -> str:
    if sent.at is None:
        return f"{sent.witness.url}: the log is empty. 日志尚无条目。"
    return f"{sent.witness.url}: {sent.witness.key.name} cosigned {sent.size} entries. 已见证{sent.size}条。"

"""`hub bundle`: write an offline bundle to a file (docs/offline.md)."""

import json
import os
from pathlib import Path

import click

from hub.access.carrying import members_of, record_carried
from hub.cli.context import HubContext
from hub.licenses.carrying import district
from hub.trust.bundles.building import build
from signing.bundle import read_bundle

OWNER_ONLY = 0o600  # a district's records are for the officer who carries them
FOR_ALL = 0o644


@click.command(
    epilog="Example: hub bundle --out bundle.json   hub bundle --region 330802 --reason 下乡检查 --out kecheng.json"
)
@click.option("--region", help="With the records of this county: 6 digits, with --reason. 区县代码。")
@click.option("--reason", default="", help="Why a county's records are taken along. 携带事由。")
@click.option("--out", "path", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on what was written.")
@click.pass_obj
def bundle(hub: HubContext, *, region: str | None, reason: str, path: Path, as_json: bool) -> None:
    """Write a signed bundle with which codes are verified offline for a day. 生成离线包。"""
    now, carried = hub.now(), None
    if region is not None:
        taken = record_carried(by=hub.by, region=region, purpose="other", reason=reason, now=now, db=hub.db)
        with hub.db.read() as session:
            members = members_of(taken)
            carried = district(session, region, members=members, on=hub.settings.today(now))
    document = build(
        hub.db,
        issuer=hub.issuer(),
        base_url=hub.settings.base_url,
        log_origin=hub.settings.log_origin,
        now=now,
        district=carried,
    ).document
    made = read_bundle(document, now=now)  # nothing leaves that would be refused
    _write(path, json.dumps(document), mode=FOR_ALL if carried is None else OWNER_ONLY)
    told = {
        "file": str(path),
        "bytes": path.stat().st_size,
        "version": made.version,
        "root": made.root,
        "expires_at": made.expires_at.isoformat().replace("+00:00", "Z"),
        "plates": sum(len(table) for table in made.plates.values()),
        "region": region,
        "enterprises": 0 if carried is None else len(carried.enterprises),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(
        f"{told['file']}: {told['bytes']} bytes, {told['plates']} plates, {told['enterprises']} enterprises; "
        f"good until {told['expires_at']}. 离线包已生成。"
    )
    click.echo(f"Root key to pin: {told['root']} 请固定此根公钥指纹：hub verify … --root {told['root']}")


def _write(path: Path, text: str, *, mode: int) -> None:
    """Whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.touch(mode=mode, exist_ok=False)
    beside.write_text(text, encoding="utf-8")
    beside.chmod(mode)  # the command's umask keeps from others what is for all
    beside.replace(path)

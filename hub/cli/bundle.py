"""`hub bundle`: write an offline bundle to a file or a folder, from the hub's own database or from a hub at an address."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from hub.access.district_looks import members_of, record_carried
from hub.access.matrix import MATRIX, Audience
from hub.cli.bundle_download import Fetcher
from hub.cli.bundle_folder import OWNER_ONLY, write_file, write_folder
from hub.cli.context import HubContext
from hub.kernel.errors import ConflictError
from hub.licenses.offline import district
from hub.trust.bundles.builder import County, build
from hub.trust.bundles.table import read_shard, rows_taken, take_in_all
from signing.bundle import Bundle, read_bundle


class FolderNeededError(ConflictError):
    """A table of many shards is no single file."""

    reason = "BUNDLE_FOLDER_NEEDED"
    zh = "码牌索引分片较多，请用 --out 指定文件夹（以 / 结尾）。"
    en = "The table of plates has many shards: name a folder with --out (with / at its end)."


@dataclass(frozen=True, slots=True)
class PreparedBundle:
    """A bundle that is to be written, and where its shards come from."""

    document: Mapping[str, object]
    read: Bundle
    shard: Callable[[str], bytes]
    plates: int | None = None  # as far as known: the shards of another hub do not tell


@click.command(
    epilog="Example: hub bundle --out bundle.json   hub bundle --out city/   hub bundle --from https://hub.example --out city/   "
    "hub bundle --region 330802 --reason 下乡检查 --out kecheng.json"
)
@click.option("--region", help="With the records of this county: 6 digits, with --reason. 区县代码。")
@click.option("--reason", default="", help="Why a county's records are taken along. 携带事由。")
@click.option("--from", "address", help="From the hub at this address; no database is opened. 从该网址获取。")
@click.option("--root", help="With --from: the thumbprint that is pinned. 根公钥指纹。")
@click.option(
    "--out",
    "path",
    required=True,
    type=click.Path(path_type=str),
    help="A file, or a folder (with / at its end, or one that is there). 文件或文件夹。",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on what was written.")
@click.pass_obj
def bundle(  # one per option, as click hands them over
    hub: HubContext,
    *,
    region: str | None,
    reason: str,
    address: str | None,
    root: str | None,
    path: str,
    as_json: bool,
) -> None:
    """Write a signed bundle with which codes are verified offline for a day. 生成离线包。

    Into a folder go the bundle and the shards of its table of plates; run again, it brings only those that changed.
    """
    if (address is not None and region is not None) or (root is not None and address is None):
        raise click.UsageError("--from goes without --region, and --root with --from.")
    if address is None:
        made = _own(hub, region, reason)
        told = _write(path, made)
    else:
        with Fetcher(address) as fetcher:
            document = fetcher.bundle()
            made = PreparedBundle(document, read_bundle(document, root, now=hub.now()), fetcher.shard)
            told = _write(path, made)
    _tell({**told, "region": region}, as_json=as_json)


def _own(hub: HubContext, region: str | None, reason: str) -> PreparedBundle:
    now, carried = hub.now(), None
    if region is None:
        take_in_all(hub.db, now=now)
    else:
        taken = record_carried(by=hub.by, region=region, purpose="other", reason=reason, now=now, db=hub.db)
        members, today = members_of(taken), hub.settings.today(now)
        with hub.db.read() as session:
            found = district(
                session,
                region,
                members=members,
                on=today,
                reference=hub.tables.on(today),
                clearance=MATRIX.clearance(Audience.ENFORCEMENT),
            )
        carried = County(found, members)
    document = build(
        hub.db,
        issuer=hub.issuer(),
        base_url=hub.settings.base_url,
        log_origin=hub.settings.log_origin,
        now=now,
        carried=carried,
    ).document
    made = read_bundle(document, now=now)  # nothing leaves that would be refused
    whole = made.plates.whole
    plates = rows_taken(hub.db) if whole is None else len(whole)
    return PreparedBundle(document, made, lambda name: read_shard(hub.db, bytes.fromhex(name)), plates)


def _write(place: str, made: PreparedBundle) -> dict[str, object]:
    """Write the bundle, and say what was written. Raises: FolderNeededError, OSError."""
    path, names = Path(place), made.read.plates.shard_names()
    brought = None
    if place.endswith("/") or path.is_dir():
        brought = write_folder(path, made.document, names, made.shard)
    elif names and not made.document.get("shards"):
        raise FolderNeededError
    else:
        mode = {} if made.read.district is None else {"mode": OWNER_ONLY}
        write_file(path, json.dumps(made.document).encode(), **mode)
    carried = made.read.district
    return {
        "file": str(path),
        "bytes": sum(each.stat().st_size for each in (path, *path.rglob("*")) if each.is_file()),
        "version": made.read.version,
        "root": made.read.root,
        "expires_at": made.read.expires_at.isoformat().replace("+00:00", "Z"),
        "plates": made.plates,
        "shards": len(names),
        "shards_brought": brought,
        "enterprises": 0 if carried is None else len(carried.enterprises),
    }


def _tell(told: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(
        f"{told['file']}: {told['bytes']} bytes, {told['shards']} shards of plates, {told['enterprises']} enterprises; "
        f"good until {told['expires_at']}. 离线包已生成。"
    )
    click.echo(f"Root key to pin: {told['root']} 请固定此根公钥指纹：hub verify … --root {told['root']}")
